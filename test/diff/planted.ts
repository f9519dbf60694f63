/** The law that `diff` finds every change that the engine can show, and that its witnesses show what it says. */
import { compareFirewalls, type DiffReport } from "../../src/analysis/diff/index.ts";
import { supposeConditions } from "../../src/analysis/confirm/index.ts";
import { createFirewall, ordinaryOpener, runPacket, runSession } from "../../src/engine/index.ts";
import { hostFromFlags, type Host } from "../../src/host/index.ts";
import { isNotationFault, parseNotation } from "../../src/packet/index.ts";
import type { Ruleset } from "../../src/ruleset/index.ts";
import { readSave } from "../../src/syntax/index.ts";
import { PACKETS } from "./small-rules.ts";

/** 2026-01-01 in µs. */
const START = 1_767_225_600_000_000;

/** The router of the small rulesets. */
export const ROUTER: Host = router();

function router(): Host {
  const { value, faults } = hostFromFlags({
    interfaces: ["wan0=198.51.100.2/24", "lan0=192.168.1.1/24"],
    routes: ["default via 198.51.100.1 dev wan0"],
    sysctls: ["net.ipv4.ip_forward=1"],
  });
  if (value === undefined) throw new Error(faults.map(({ message }) => message).join("; "));
  return value;
}

/** Reads the lines of a ruleset. */
export function rulesFrom(lines: readonly string[]): Ruleset {
  const { ruleset, faults } = readSave(`${lines.join("\n")}\n`, "rules", { family: 4 });
  if (ruleset === undefined || faults.length > 0) throw new Error(faults.map(({ message }) => message).join("; "));
  return ruleset;
}

/** Both rulesets side by side, on the router or on a machine that nobody knows. */
export const compared = (before: Ruleset, after: Ruleset, host: Host | undefined): DiffReport =>
  compareFirewalls({ v4: before, host }, { v4: after, host }, { names: ["before", "after"], now: START });

/** The first packet or session that the engine treats differently; limits hold or do not hold for both. */
export function shownDifference(before: Ruleset, after: Ruleset, packets: readonly string[] = PACKETS): string | undefined {
  for (const holds of [true, false]) {
    const depends = [{ about: "limit: avg 5/min burst 5", holds }];
    const [one, other] = [supposeConditions(before, depends), supposeConditions(after, depends)];
    for (const text of packets) {
      const [a, b] = [fate(one, text), fate(other, text)];
      if (a !== b) return `${text} (limit ${holds ? "holds" : "does not hold"}): ${a} before, ${b} after`;
    }
  }
  return undefined;
}

/** What becomes of a packet or session on the router, as `diff` tells it apart. */
function fate(ruleset: Ruleset, text: string): string {
  const spec = parseNotation(text);
  if (isNotationFault(spec)) throw new Error(`${text}: ${spec.message}`);
  const firewall = createFirewall({ v4: ruleset, host: ROUTER, start: START, random: () => 7 });
  if (!spec.session) return accepted(runPacket(firewall, spec, START, { stack: false }).verdict);
  const { complete, died, steps } = runSession(firewall, ordinaryOpener(spec), START, undefined, { again: true });
  if (complete) return "usable";
  return `${died?.packet === 1 ? "refused" : died?.packet === 2 ? "no answer" : "later"} ${steps.at(-1)?.outcome.verdict ?? ""}`;
}

const accepted = (verdict: string): string => (["delivered", "forwarded", "sent"].includes(verdict) ? "let through" : verdict);

/** Claims of witnesses that the engine does not show. */
export function doubts({ rows }: DiffReport): string[] {
  return rows.flatMap(({ before, after, services }) =>
    [before, after].flatMap(({ confirmation, witness, text }) =>
      confirmation !== undefined && !confirmation.confirmed
        ? [`${services.map(({ name }) => name).join(", ")}: ${text}: ${witness?.about} ${witness?.packet}: ${confirmation.reason}`]
        : [],
    ),
  );
}
