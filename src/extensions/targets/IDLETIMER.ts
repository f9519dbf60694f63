import type { Effect } from "../../predicate/index.ts";
import { bounded, cutBytes, bareText, someOf, type TargetType, type Value } from "../../xtables/index.ts";

/** Bytes of the label without its final NUL. Kernel: MAX_IDLETIMER_LABEL_SIZE. */
const LABEL_BYTES = 27;
const U32_MAX = 0xffffffff;
/** From here on the milliseconds do not fit into an int. Kernel: INT_MAX / 1000. */
const TIMEOUT_TOO_LONG = 2_147_483;
/** Names that the folder of a device has in sysfs already. Kernel: idletimer_check_sysfs_name. */
const TAKEN = ["power", "subsystem", "uevent"];

const label: Value<string> = { shape: "name", parse: text => cutBytes(text, LABEL_BYTES), print: text => text };
const grammar = someOf({
  timeout: { value: bounded(0, U32_MAX), required: true, help: "Seconds without a packet before the idle time is told." },
  label: { value: label, required: true, help: "Name of the timer; rules with the same name share it." },
  alarm: { help: "Let the time run on while the machine sleeps." },
});

/** Kernel: struct idletimer_tg_info_v1. */
interface IdleTimer {
  readonly timeout: number;
  readonly label: string;
  readonly alarm: boolean;
}

/** When the timer runs out next, in microseconds. */
interface Timer {
  expires: number;
}

/** xt_IDLETIMER.c, idletimer_tg_checkentry_v1. */
function check(info: IdleTimer): string | undefined {
  if (info.timeout === 0) return "IDLETIMER target: the timeout is zero";
  if (info.timeout >= TIMEOUT_TOO_LONG) return `IDLETIMER target: a timeout of ${info.timeout} seconds is too long`;
  if (info.label === "") return "IDLETIMER target: the label is empty";
  if (info.label.includes("/") || TAKEN.includes(info.label.replace(/\n$/, "")))
    return `IDLETIMER target: "${info.label}" cannot be the name of a file in sysfs`;
  return undefined;
}

/** `-j IDLETIMER`: starts a timer anew that tells user space when no packet has come for so long; the packet goes on. Kernel: xt_IDLETIMER.c, idletimer_tg_target_v1. */
export const IDLETIMER: TargetType<IdleTimer> = {
  name: "IDLETIMER",
  help: "Start a timer anew that tells when nothing has come for so long.",
  options: {
    options: grammar.options,
    parse(given, context) {
      const found = grammar.parse(given, context);
      return { timeout: found.timeout?.value ?? 0, label: found.label?.value ?? "", alarm: Boolean(found.alarm) };
    },
    save: info => `--timeout ${info.timeout} --label ${bareText(info.label)}${info.alarm ? " --alarm" : ""}`,
  },
  check,
  lower(info): Effect<Timer> {
    const again = (now: number): number => now + info.timeout * 1e6;
    return {
      do: "effect",
      name: `IDLETIMER:${info.label}`,
      about: `idle timer ${info.label} starts again: ${info.timeout} s`,
      share: `IDLETIMER:${info.label}`,
      start: ({ now }) => ({ expires: again(now) }),
      step(timer, _, { now }) {
        timer.expires = again(now);
        return undefined;
      },
    };
  },
  list: info => `timeout:${info.timeout} label:${info.label}${info.alarm ? " alarm" : ""}`,
};
