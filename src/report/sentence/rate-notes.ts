import { clausesOf } from "../../analysis/explain/index.ts";
import type { Described } from "../../predicate/index.ts";
import type { Rule } from "../../ruleset/index.ts";
import type { Traffic } from "./traffic.ts";
import { count, duration, per } from "./words.ts";

type Limit = Extract<Described, { kind: "limit" }>;
type Rate = Extract<Described, { kind: "rate" }>;

/** How the rates of a rule work, a sentence each: what the bucket holds, when it fills up again, what is counted. */
export function rateNotes(rule: Rule, traffic: Traffic): readonly string[] {
  return rule.conditions.flatMap(({ predicate, text }) =>
    clausesOf([predicate]).flatMap(({ of, negated }) => {
      const described = of.is === "opaque" ? of.opaque.described : undefined;
      if (described?.kind === "limit") return limitNotes(described, text, traffic);
      if (described?.kind === "rate") return perKeyNotes(described, negated);
      return [];
    }),
  );
}

function limitNotes({ packets, seconds, burst }: Limit, text: string, traffic: Traffic): readonly string[] {
  const unsaid = text.includes("burst") ? "" : ` (which is what a rule gets that names no burst)`;
  return [
    `The rule keeps a bucket that holds ${count(burst, "token")} at most${unsaid} and is full when the rules are loaded. Each packet that fits the rule takes one out, and without one the rule does not match. One comes back every ${duration(seconds / packets)}.`,
    `So ${burst} packets match at once, ${burst + packets} in the first ${per(seconds)} at most, and then ${packets} per ${per(seconds)}; after a pause of ${duration((burst * seconds) / packets)} the bucket is full again.`,
    traffic.everything
      ? "There is one bucket for everything that gets to the rule, whoever sends it."
      : `There is one bucket for all ${traffic.text}, whoever sends it. Other packets are not counted, and this rule does not limit them.`,
  ];
}

function perKeyNotes({ unit, amount, seconds, burst, by, table, compares }: Rate, negated: boolean): readonly string[] {
  const each = by.length === 0 ? "There is one bucket for all packets" : "There is a bucket for each of them";
  const shared = `${each}, in the table ${table}; rules that name the same table share it.`;
  if (compares) return [shared];
  const every = unit === "packets" && amount > 0n ? ` One comes back every ${duration(seconds / Number(amount))}.` : "";
  const meaning = negated ? "The rule matches where the bucket is empty." : "Where it is empty the rule does not match.";
  const held = burst === 0n ? `${amount} ${unit}` : `${burst} ${unit}`;
  return [`${shared} It holds ${held} at most and is full for an address that was not seen for a while.${every} ${meaning}`];
}
