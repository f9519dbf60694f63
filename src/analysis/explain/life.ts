import type { Host } from "../../host/index.ts";
import type { Ruleset, Sets } from "../../ruleset/index.ts";
import type { Finding } from "../finding.ts";
import { coveredRules } from "../lint/covered.ts";
import { Matter, withinBudget } from "../lint/matter.ts";
import { redundantRules } from "../lint/redundant.ts";

/** What is known of some rules besides their text. */
export interface Around {
  readonly host: Host | undefined;
  readonly sets: Sets | undefined;
}

/** Rules that never act, and rules without which nothing would change, by all rules around them. */
export interface Lives {
  readonly matter: Matter;
  /** By `placeKey`; the first is the gravest. Empty where the rules are too many to look at all of their packets. */
  readonly findings: ReadonlyMap<string, readonly Finding[]>;
  readonly looked: boolean;
}

/** The finding of the first rule behind one that lets no packet go on; it is about all rules from there on. */
export const BEHIND = "F26";

/** The name of a rule, or of a chain without a number. */
export const placeKey = (table: string, chain: string, number?: number): string => `${table} ${chain} ${number ?? ""}`;

/** What lint says of each rule and chain about its being alive. */
export function livesOf(ruleset: Ruleset, { host, sets }: Around): Lives {
  const matter = new Matter({ family: ruleset.family, ruleset, other: undefined, beside: undefined, host, sets, texts: new Map() });
  const findings = new Map<string, Finding[]>();
  let looked = true;
  for (const check of [coveredRules, redundantRules]) {
    const found = withinBudget(() => check(matter));
    looked &&= found !== undefined;
    for (const finding of found ?? []) {
      const { table, chain, number } = finding.at;
      const key = placeKey(table, chain, number);
      const known = findings.get(key);
      if (known) known.push(finding);
      else findings.set(key, [finding]);
    }
  }
  return { matter, findings, looked };
}
