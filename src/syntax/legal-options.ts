import { UsageError, type Span } from "../xtables/index.ts";
import type { Scan, SpokenCommand } from "./spoken.ts";

/** The options that not every command takes, in the order in which iptables looks at them. iptables: xshared.c, optflags. */
const ORDER = "nsdpjvxio0cf";

/** The options a command does not take. iptables: xshared.c, commands_v_options. */
const ILLEGAL: Readonly<Record<string, string>> = {
  A: "nx0",
  I: "nx0",
  R: "nx0",
  D: "nx0c",
  C: "nx0c",
  L: "sdpjiocf",
  P: "nsdpjxio0f",
};
const NOTHING_BUT_VERBOSE = "nsdpjxio0cf";

/** Refuses what the command does not take; -L with -Z takes what either takes. iptables: xshared.c, generic_opt_check. Throws UsageError. */
export function checkOptions(scan: Scan, { letter, number }: SpokenCommand): void {
  const illegal = letter === "D" && number !== undefined ? NOTHING_BUT_VERBOSE : (ILLEGAL[letter] ?? NOTHING_BUT_VERBOSE);
  for (const option of ORDER) {
    if (!illegal.includes(option)) continue;
    const span = spanOf(scan, option);
    if (span) throw new UsageError(`Illegal option \`-${option}' with this command`, { span });
  }
}

function spanOf(scan: Scan, option: string): Span | undefined {
  switch (option) {
    case "s":
      return scan.source?.span;
    case "d":
      return scan.destination?.span;
    case "p":
      return scan.protocol?.span;
    case "j":
      return scan.jump?.span;
    case "i":
      return scan.inInterface?.span;
    case "o":
      return scan.outInterface?.span;
    case "f":
      return scan.fragment?.span;
    case "c":
      return scan.counters?.span;
    default:
      return scan.flags.get(option);
  }
}
