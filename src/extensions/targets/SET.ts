import type { ChangeSets } from "../../predicate/index.ts";
import { scanUnsigned, someOf, UsageError, type TargetType, type Value } from "../../xtables/index.ts";
import { namedEnds, type NamedEnds } from "../set-name.ts";

/** Kernel: struct xt_set_info_target_v3. */
interface SetChangeInfo {
  readonly add: NamedEnds | undefined;
  readonly exist: boolean;
  readonly timeout: number | undefined;
  readonly remove: NamedEnds | undefined;
  readonly map: NamedEnds | undefined;
  readonly mark: boolean;
  readonly priority: boolean;
  readonly queue: boolean;
}

/** The largest number would mean that there is none. Kernel: IPSET_NO_TIMEOUT. */
const TIMEOUT_MAX = 0xffffffff - 1;

const seconds: Value<number> = {
  shape: "n",
  parse(text) {
    const scanned = scanUnsigned(text, 0, TIMEOUT_MAX);
    if (!scanned || scanned.rest !== "") throw new UsageError(`Invalid value for option --timeout or out of range 0-${TIMEOUT_MAX}`);
    return scanned.value;
  },
  print: String,
};

const flag = (help: string) => ({ invert: true, repeat: true, help });
const ends = (help: string) => ({ value: namedEnds, arity: 2, invert: true, repeat: true, help }) as const;

const grammar = someOf({
  "add-set": ends("Add the packet to the set."),
  exist: flag("An entry that is there gets its timeout anew."),
  timeout: { value: seconds, invert: true, repeat: true, help: "Timeout of the new entry in seconds." },
  "del-set": ends("Take the packet out of the set."),
  "map-set": ends("Find the packet in the set, and take over what its entry carries."),
  "map-mark": flag("The packet's mark."),
  "map-prio": flag("Its queueing class."),
  "map-queue": flag("Its hardware queue."),
});

/** `-j SET`: puts packets into ipsets, takes them out, or takes mark, priority and queue from an entry. Kernel: xt_set.c, set_target_v3. */
export const SET: TargetType<SetChangeInfo> = {
  name: "SET",
  help: "Change ipsets by packets.",
  options: {
    options: grammar.options,
    parse(given, context) {
      for (const name of ["add-set", "del-set", "map-set"]) {
        const again = given.filter(({ option }) => option === name)[1];
        if (!again) continue;
        // The values before it are read first.
        grammar.parse(given.slice(0, given.indexOf(again)), context);
        throw new UsageError(`--${name} can be specified only once`, { span: again.span });
      }
      const found = grammar.parse(given, context);
      return {
        add: found["add-set"]?.value,
        exist: found.exist !== undefined,
        timeout: found.timeout?.value,
        remove: found["del-set"]?.value,
        map: found["map-set"]?.value,
        mark: found["map-mark"] !== undefined,
        priority: found["map-prio"] !== undefined,
        queue: found["map-queue"] !== undefined,
      };
    },
    save: info => words(info, "--"),
  },
  finish(info) {
    const { add, exist, timeout, remove, map, mark, priority, queue } = info;
    if (!add && !remove && !map) throw new UsageError("You must specify either `--add-set' or `--del-set' or `--map-set'");
    if (!add && exist) throw new UsageError("Flag `--exist' can be used with `--add-set' only");
    if (!add && timeout !== undefined) throw new UsageError("Option `--timeout' can be used with `--add-set' only");
    if (!map) {
      const without = mark ? "mark" : priority ? "prio" : queue ? "queue" : undefined;
      if (without !== undefined) throw new UsageError(`Flag \`--map-${without}' can be used with \`--map-set' only`);
    } else if (!mark && !priority && !queue) throw new UsageError("You must specify flags `--map-mark' or '--map-prio` or `--map-queue'");
    return info;
  },
  check({ map, priority, queue }, { table, hooks }) {
    if (!map) return undefined;
    if (table !== "mangle") return "SET target: --map-set is only valid in the mangle table";
    const early = hooks.has("PREROUTING") || hooks.has("INPUT");
    return (priority || queue) && early
      ? "SET target: --map-prio and --map-queue are usable only from FORWARD, OUTPUT and POSTROUTING"
      : undefined;
  },
  lower: ({ add, exist, timeout, remove, map, mark, priority, queue }): ChangeSets => ({
    do: "sets",
    ...(add && { add: { ...add, ...(timeout !== undefined && { timeout }), renew: exist } }),
    ...(remove && { remove }),
    ...(map && { map: { ...map, mark, priority, queue } }),
  }),
  list: info => words(info, ""),
};

function words({ add, exist, timeout, remove, map, mark, priority, queue }: SetChangeInfo, dashes: string): string {
  const parts: string[] = [];
  const named = (name: string, { set, dimensions }: NamedEnds): number => parts.push(`${dashes}${name} ${set} ${dimensions.join(",")}`);
  if (add) {
    named("add-set", add);
    if (exist) parts.push(`${dashes}exist`);
    if (timeout !== undefined) parts.push(`${dashes}timeout ${timeout}`);
  }
  if (remove) named("del-set", remove);
  if (map) {
    named("map-set", map);
    if (mark) parts.push(`${dashes}map-mark`);
    if (priority) parts.push(`${dashes}map-prio`);
    if (queue) parts.push(`${dashes}map-queue`);
  }
  return parts.join(" ");
}
