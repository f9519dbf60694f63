import { among, named, type Field, type Range } from "../../predicate/index.ts";
import type { Chain, Rule } from "../../ruleset/index.ts";
import { NO, YES, type Diagram, type Domain, type Reach, type Space } from "../../symbolic/index.ts";
import type { TableName } from "../../xtables/index.ts";
import { goingOn } from "../lint/going-on.ts";
import type { Matter } from "../lint/matter.ts";
import { exactName } from "../policy/interface-names.ts";
import { rankCount, ranksWithout, type Ranks } from "../policy/ranks.ts";
import type { Clause } from "./clauses.ts";
import { projection } from "./projection.ts";

/** How much of what a rule matches still comes to it. */
export interface Alive {
  /** Packets that enter its chain and fit the rule. */
  readonly matching: Diagram;
  /** Those of them that no earlier rule of the chain keeps. */
  readonly effective: Diagram;
  /** Does nothing come to it? */
  readonly dead: boolean;
  /** Numbers of the earlier rules that keep some, in their order. */
  readonly takers: readonly number[];
  /** In what single fields the rest is narrower than what the rule matches. */
  readonly narrower: readonly Clause[];
  /** Do those clauses and the rule's own say exactly what is left, and not more than that? */
  readonly exact: boolean;
}

/** What comes to rule `number` (from 1) of a chain; undefined where no packet enters the chain or none fits the rule. */
export function aliveOf(matter: Matter, table: TableName, chain: Chain, number: number): Alive | undefined {
  const sets = matter.table(table);
  const rule = chain.rules[number - 1];
  if (sets === undefined || rule === undefined) return undefined;
  const { diagrams, levels } = matter.space;
  const every = diagrams.and(sets.entering(chain.name), sets.diagrams.matches(rule));
  if (every === NO) return undefined;
  // Fragments and cut headers are kept by rules that nobody means for them; they are left out where the rule is not about them.
  const whole = wholePackets(matter.space);
  const matching = diagrams.and(every, whole) === NO ? every : diagrams.and(every, whole);
  const effective = diagrams.and(sets.rule(chain, number - 1).effective, matching);
  const takers = effective === matching ? [] : takersOf(sets, chain, number, matching);
  if (effective === matching || effective === NO) return { matching, effective, dead: effective === NO, takers, narrower: [], exact: true };
  const narrower: Clause[] = [];
  let box = matching;
  for (const [level, info] of levels.entries()) {
    if (info.is !== "field" || info.instance !== 0 || info.mask !== undefined) continue;
    const last = info.domain.size - 1;
    const left = projection(diagrams, effective, level, last);
    const gone = ranksWithout(projection(diagrams, matching, level, last), left);
    const said = gone.length === 0 ? undefined : clausesFor(info.field, info.domain, left, gone);
    if (said === undefined) continue;
    narrower.push(...said);
    box = diagrams.and(box, diagrams.intervals(level, left, last, YES, NO));
  }
  return { matching, effective, dead: false, takers, narrower, exact: box === effective };
}

/** Fields by which whole packets with whole headers are told from others, with the value of an ordinary packet. */
const WHOLE: ReadonlyMap<Field, number> = new Map([
  ["fragoff", 0],
  ["morefrags", 0],
  ["l4length", 1000],
]);

function wholePackets({ diagrams, levels }: Space): Diagram {
  let set: Diagram = YES;
  for (const [level, info] of levels.entries()) {
    const value = info.is === "field" && info.instance === 0 ? WHOLE.get(info.field) : undefined;
    if (info.is !== "field" || value === undefined) continue;
    const rank = info.domain.rankOf(value);
    set = diagrams.and(set, diagrams.intervals(level, [[rank, rank]], info.domain.size - 1, YES, NO));
  }
  return set;
}

/** Values that are told one by one at most. */
const MOST_VALUES = 16;

/** What is left of a field, or what is gone, whichever is less to say; undefined where neither is little. */
function clausesFor(field: Field, domain: Domain, left: Ranks, gone: Ranks): readonly Clause[] | undefined {
  const names = typeof domain.lowOf(domain.size - 1) === "string";
  if (names) {
    const missing = namesOf(domain, gone);
    return missing?.map(name => ({ of: named(field, name), negated: true }));
  }
  // A packet without the field is neither in a range nor, for a sentence, outside of it.
  if ([...left, ...gone].some(([low]) => domain.isAbsent(low))) return undefined;
  const [fewer, negated] = rangesOf(domain, left).length <= rangesOf(domain, gone).length ? [left, false] : [gone, true];
  const ranges = rangesOf(domain, fewer);
  return ranges.length > MOST_VALUES ? undefined : [{ of: among(field, ...ranges), negated }];
}

const rangesOf = (domain: Domain, ranks: Ranks): Range[] => ranks.map(([low, high]) => [domain.rangeOf(low)[0], domain.rangeOf(high)[1]]);

/** The names that ranks stand for; undefined where some stand for many. */
function namesOf(domain: Domain, ranks: Ranks): readonly string[] | undefined {
  if (rankCount(ranks) > MOST_VALUES) return undefined;
  const names = ranks.flatMap(([low, high]) => Array.from({ length: high - low + 1 }, (_, at) => exactName(domain, low + at)));
  return names.every(name => name !== undefined) ? names.filter(name => name !== "") : undefined;
}

/** Rules before one, one after the other, that keep some of a set of packets. */
function takersOf(sets: Reach, chain: Chain, number: number, matching: Diagram): number[] {
  const takers: number[] = [];
  let left = matching;
  for (let index = 0; index < number - 1 && left !== NO; index++) {
    const after = goingOn(sets, sets.diagrams.rule(chain.rules[index] as Rule), left);
    if (after !== left) takers.push(index + 1);
    left = after;
  }
  return takers;
}
