import { CT_STATE, equal } from "../../predicate/index.ts";
import type { Chain, Rule } from "../../ruleset/index.ts";
import { NO, type Reach } from "../../symbolic/index.ts";
import type { Finding } from "../finding.ts";
import { fieldsAsked, ruleLeaves } from "./asked.ts";
import { found } from "./found.ts";
import { goingOn } from "./going-on.ts";
import type { Matter } from "./matter.ts";
import { rulePointer } from "./subject.ts";

/** Fewer rules before the one that accepts open sessions are nothing to speak of. */
const FEW_RULES = 8;

/** F31: packets of open sessions, which most packets are, meet many rules before the one that accepts them. */
export function lateEstablished(matter: Matter): Finding[] {
  const sets = matter.table("filter");
  if (sets === undefined) return [];
  const { family } = matter.subject;
  return ["INPUT", "FORWARD", "OUTPUT"].flatMap(hook => {
    const chain = sets.diagrams.table.chains.get(hook);
    const index = chain?.rules.findIndex(acceptsOpenSessions) ?? -1;
    const rule = chain?.rules[index];
    if (chain === undefined || rule === undefined || index < FEW_RULES) return [];
    const safe = keepsMeaning(matter, sets, chain, index);
    const at = rulePointer(family, { table: "filter", chain, number: index + 1, rule });
    const how = safe ? "first of all it would say the same" : "before them it would also accept what some of them refuse in open sessions";
    return [
      found("F31", at, `each packet of an open session is tested by the ${index} rules before it; ${how}`, {
        fix: safe
          ? {
              about: "accept open sessions first",
              edits: [
                { do: "delete", table: "filter", chain: hook, number: index + 1 },
                { do: "insert", table: "filter", chain: hook, number: 1, rule: at.text.slice(`-A ${hook} `.length) },
              ],
            }
          : undefined,
      }),
    ];
  });
}

/** Does a rule accept open sessions, whoever has them? */
function acceptsOpenSessions(rule: Rule): boolean {
  if (rule.target?.action.do !== "accept") return false;
  const fields = [...fieldsAsked(rule)];
  if (fields.length !== 1 || fields[0] !== "ctstate") return false;
  return [...ruleLeaves(rule)].some(
    ({ leaf, inverted }) =>
      leaf.is === "in" && !inverted && leaf.ranges.some(([low, high]) => low <= CT_STATE.ESTABLISHED && CT_STATE.ESTABLISHED <= high),
  );
}

/** Are packets that the rule would accept first accepted anyway, and nothing else done with them on their way to it? */
function keepsMeaning({ space, results }: Matter, sets: Reach, chain: Chain, index: number): boolean {
  const { diagrams } = space;
  const rule = chain.rules[index] as Rule;
  const packets = diagrams.and(sets.diagrams.matches(rule), sets.entering(chain.name));
  if (packets === NO || diagrams.and(packets, sets.diagrams.lowering.set(equal("ctstate", CT_STATE.ESTABLISHED))) === NO) return false;
  const plain = chain.rules
    .slice(0, index)
    .every(({ target }) => target?.action.do === "accept" || target?.action.do === "drop" || target?.action.do === "reject");
  if (!plain) return false;
  const outside = results.leaf("unknown", undefined, "elsewhere");
  let left = packets;
  for (const stretch of sets.stretches(chain, 0, index)) {
    const ends = diagrams.leavesOf(diagrams.choose(left, stretch, outside)).filter(leaf => leaf !== outside);
    if (ends.some(leaf => !["accept", "continue"].includes(results.of(leaf).ending))) return false;
    left = goingOn(sets, stretch, left);
  }
  return true;
}
