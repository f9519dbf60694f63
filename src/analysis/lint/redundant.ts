import { NO, YES, tracks, type Diagram, type Level, type Reach, type Shape } from "../../symbolic/index.ts";
import { CT_STATE, type Field } from "../../predicate/index.ts";
import type { Chain, Rule } from "../../ruleset/index.ts";
import type { TableName } from "../../xtables/index.ts";
import type { Finding } from "../finding.ts";
import { AfterRule, endText, KeptRules } from "./after-rule.ts";
import { bounds, fieldsAsked, isRate, opaquesAsked } from "./asked.ts";
import { deletion, found } from "./found.ts";
import type { Matter } from "./matter.ts";
import { MID_STREAM, OPENER, where, WHOLE } from "./outlook.ts";
import { chainPointer, rulePointer } from "./subject.ts";

/** F03 and F30: rules without which every packet would end the same, and limits that packets over them do not feel. */
export function redundantRules(matter: Matter): Finding[] {
  const findings: Finding[] = [];
  for (const name of matter.subject.ruleset.tables.keys()) {
    const sets = matter.table(name);
    if (sets === undefined) continue;
    const after = new AfterRule(matter, sets);
    for (const chain of sets.diagrams.table.chains.values())
      if (sets.entering(chain.name) !== NO) findings.push(...inChain(matter, name, sets, after, chain));
  }
  return findings;
}

/** From the last rule to the first, so that all that are found may go together. */
function inChain(matter: Matter, table: TableName, sets: Reach, after: AfterRule, chain: Chain): Finding[] {
  const { family } = matter.subject;
  const needless: Finding[] = [];
  const rates: Finding[] = [];
  const intact = intactPackets(matter);
  let acting = 0;
  // Rules are needless only if their packets end the same with and without the others that do nothing: then all of those may go.
  const live = new KeptRules(sets, chain);
  const idle = new KeptRules(sets, chain);
  for (let index = chain.rules.length - 1; index >= 0; index--) {
    const rule = chain.rules[index] as Rule;
    const effect = sets.rule(chain, index).effective;
    if (effect === NO) {
      idle.keep(index);
      continue;
    }
    acting++;
    const own = ownEnd(matter, sets, rule);
    const opaques = opaquesAsked(rule);
    const limited = opaques.some(bounds);
    const meant = matter.space.diagrams.and(limited ? withoutConditions(matter, effect) : effect, intact);
    const ends = (stretches: readonly Diagram[]): boolean =>
      own !== undefined && meant !== NO && after.allEnd(chain, stretches, meant, own);
    const same = ends(sets.stretches(chain, index + 1, chain.rules.length));
    const at = rulePointer(family, { table, chain, number: index + 1, rule });
    if (same && limited && opaques.every(isRate) && rule.target?.action.do === "accept")
      rates.push(found("F30", at, "packets over the limit are accepted all the same, by what comes after"));
    else if (limited && opaques.every(isRate) && countsSessions(matter, rule, effect))
      rates.push(
        found("F30", at, "it counts every packet of open sessions too, not only the packets that open them", { severity: "info" }),
      );
    else if (same && !limited && ends(live.stretches()) && ends(idle.stretches())) {
      needless.push(
        found("F03", at, `every packet that it ${verbOf(rule)} would be ${doneOf(rule)} without it, too`, { fix: deletion(at) }),
      );
      continue;
    }
    live.keep(index);
    idle.keep(index);
  }
  const open = chain.hook !== undefined && chain.policy === "ACCEPT" && needless.length > 0 && needless.length === acting;
  if (!open) return [...needless, ...rates];
  const count = needless.length === 1 ? "its one rule has no effect" : `none of its ${needless.length} rules has any effect`;
  return [
    found("F03", chainPointer(family, table, chain), `the policy of ${chain.name} is ACCEPT, and ${count}: it restricts nothing`, {
      severity: chain.rules.some(isChoice) ? "warning" : "info",
      related: needless.toReversed().map(({ at }) => at),
    }),
    ...rates,
  ];
}

/** Does a limit on what a rule accepts or drops meet TCP segments of open sessions beside those that open them? */
function countsSessions(matter: Matter, rule: Rule, effect: Diagram): boolean {
  if (rule.target?.action.do !== "accept" && rule.target?.action.do !== "drop") return false;
  const has = (shape: Shape, state: number): boolean => where(matter, effect, [...WHOLE, ...shape, ["ctstate", state]]) !== NO;
  return tracks(matter.subject.ruleset) && has(OPENER, CT_STATE.NEW) && has(MID_STREAM, CT_STATE.ESTABLISHED);
}

/** How packets that match a rule end; undefined for rules that do not end a packet's way, or do more than that. */
function ownEnd({ results }: Matter, sets: Reach, rule: Rule): string | undefined {
  switch (rule.target?.action.do) {
    case "accept":
    case "drop":
    case "reject": {
      const leaf = sets.diagrams.results.space.diagrams
        .leavesOf(sets.diagrams.rule(rule))
        .find(each => results.of(each).ending === rule.target?.action.do);
      if (leaf === undefined) return undefined;
      return endText(results.of(leaf));
    }
    default:
      return undefined;
  }
}

/** Does a rule look as if it chose what to allow, and not just as a habit: loopback, ESTABLISHED? */
const isChoice = (rule: Rule): boolean => CHOOSING.some(field => fieldsAsked(rule).has(field));
const CHOOSING: readonly Field[] = ["saddr", "daddr", "sport", "dport", "icmptype", "uid", "gid"];

/**
 * Packets with whole headers, or later parts of such. That tests of ports drop headers that are cut is not what a rule before them is there for.
 * Kernel: xt_tcpudp.c, tcp_mt and udp_mt.
 */
function intactPackets({ space }: Matter): Diagram {
  const { diagrams } = space;
  const only = (field: Field, value: number): Diagram => {
    const [domain, level] = [space.domainOf(field), space.fieldLevel(field)];
    const rank = domain.rankOf(value);
    return diagrams.interval(level, rank, rank, domain.size - 1, YES, NO);
  };
  const whole = space.used.has("l4length") ? only("l4length", WHOLE_BYTES) : YES;
  const domain = space.domainOf("fragoff");
  const [low, high] = domain.rangeOf(domain.rankOf(INSIDE_HEADER));
  return low === high ? diagrams.minus(whole, only("fragoff", INSIDE_HEADER)) : whole;
}

/** More bytes than any header of a transport has. */
const WHOLE_BYTES = 1000;
/** A fragment that would begin inside the header of TCP, in units of 8 bytes. */
const INSIDE_HEADER = 1;

/** The packets whatever conditions say that no analysis decides. */
function withoutConditions({ space }: Matter, set: Diagram): Diagram {
  return space.diagrams.quantify(set, level => (space.levels[level] as Level).is === "condition", true);
}

const verbOf = (rule: Rule): string => ({ accept: "accepts", drop: "drops" })[rule.target?.action.do as "accept"] ?? "rejects";
const doneOf = (rule: Rule): string => ({ accept: "accepted", drop: "dropped" })[rule.target?.action.do as "accept"] ?? "rejected";
