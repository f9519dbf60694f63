import { bounded, boundedText, quoteArgument, someOf, u64, type TargetType } from "../../xtables/index.ts";
import { missingModule, warnOfMissingModule } from "../missing-module.ts";

/** Bytes of ipt_ulog_info.prefix without its final NUL. */
const PREFIX_BYTES = 31;
const GROUPS = 32;
const THRESHOLD_MAX = 50;

const grammar = someOf({
  "ulog-prefix": {
    value: boundedText(PREFIX_BYTES, { newlines: "Newlines not allowed in --ulog-prefix" }),
    help: "Text that goes with the packet.",
  },
  "ulog-nlgroup": { value: bounded(1, GROUPS), help: "Netlink group that gets the packet; 1 without it." },
  "ulog-cprange": { value: u64, help: "Bytes of the packet to copy; all of it without this." },
  "ulog-qthreshold": { value: bounded(1, THRESHOLD_MAX), help: "Packets to gather before sending them." },
});

/** Kernel: struct ipt_ulog_info. */
interface Ulog {
  readonly prefix: string;
  readonly group: number;
  readonly range: bigint;
  readonly threshold: number;
}

/** `-j ULOG`: the forerunner of NFLOG, which left the kernel with Linux 3.17. */
export const ULOG: TargetType<Ulog> = {
  name: "ULOG",
  help: "Send a copy of the packet to user space, as NFLOG does.",
  families: [4],
  options: {
    options: grammar.options,
    parse(given, context) {
      warnOfMissingModule(context);
      const found = grammar.parse(given, context);
      return {
        prefix: found["ulog-prefix"]?.value ?? "",
        group: found["ulog-nlgroup"]?.value ?? 1,
        range: found["ulog-cprange"]?.value ?? 0n,
        threshold: found["ulog-qthreshold"]?.value ?? 1,
      };
    },
    save: ({ prefix, group, range, threshold }) =>
      [
        ...(prefix === "" ? [] : [`--ulog-prefix ${quoteArgument(prefix)}`]),
        ...(group === 1 ? [] : [`--ulog-nlgroup ${group}`]),
        ...(range === 0n ? [] : [`--ulog-cprange ${range}`]),
        ...(threshold === 1 ? [] : [`--ulog-qthreshold ${threshold}`]),
      ].join(" "),
  },
  check: () => missingModule("target", "ULOG"),
  lower: () => ({ do: "unknown", name: "ULOG", about: "copy to user space" }),
  list: ({ prefix, group, range, threshold }) =>
    `ULOG copy_range ${range} nlgroup ${group}${prefix === "" ? "" : ` prefix "${prefix}"`} queue_threshold ${threshold}`,
};
