import { NO, type Diagram, type Reach, UNCHANGED } from "../../symbolic/index.ts";
import { CT_STATE, isVerdict } from "../../predicate/index.ts";
import { hooksOf, type Chain, type Rule } from "../../ruleset/index.ts";
import type { TableName } from "../../xtables/index.ts";
import type { Finding, Fix } from "../finding.ts";
import type { RulePointer } from "../witness.ts";
import { behindCatchAll } from "./catch-all.ts";
import { endText } from "./after-rule.ts";
import { deletion, found } from "./found.ts";
import { goingOn } from "./going-on.ts";
import type { Matter } from "./matter.ts";
import { chainPointer, rulePointer } from "./subject.ts";

/**
 * F01, F02, F13 and F24: rules that never act, by what all rules before them take together, and chains that no packet enters although rules lead
 * to them.
 */
export function coveredRules(matter: Matter): Finding[] {
  const findings: Finding[] = [];
  for (const name of matter.subject.ruleset.tables.keys()) {
    const sets = matter.table(name);
    if (sets === undefined) continue;
    for (const chain of sets.diagrams.table.chains.values()) {
      if (sets.entering(chain.name) === NO) findings.push(...deadChain(matter, name, sets, chain));
      else findings.push(...inChain(matter, name, sets, chain));
    }
  }
  return findings;
}

function deadChain({ subject: { family } }: Matter, table: TableName, { diagrams }: Reach, chain: Chain): Finding[] {
  if (chain.rules.length === 0) return [];
  const leading = callersOf(diagrams.table.chains.values(), chain);
  const [first] = leading;
  // Where no way leads there at all, the graph tells.
  if (first === undefined || chain.hook !== undefined || hooksOf(diagrams.table.chains, "nft").get(chain.name)?.size === 0) return [];
  const pointers = leading.map(({ from, index, rule }) => rulePointer(family, { table, chain: from, number: index + 1, rule }));
  return [
    found("F24", chainPointer(family, table, chain), `no packet enters the chain ${chain.name}: the rules that lead to it never match`, {
      related: pointers,
    }),
  ];
}

function callersOf(chains: Iterable<Chain>, { name }: Chain): { readonly from: Chain; readonly index: number; readonly rule: Rule }[] {
  const found: { readonly from: Chain; readonly index: number; readonly rule: Rule }[] = [];
  for (const from of chains)
    for (const [index, rule] of from.rules.entries()) {
      const action = rule.target?.action;
      if ((action?.do === "jump" || action?.do === "goto") && action.chain === name) found.push({ from, index, rule });
    }
  return found;
}

function inChain(matter: Matter, table: TableName, sets: Reach, chain: Chain): Finding[] {
  const { family } = matter.subject;
  const findings: Finding[] = [];
  const closing = closingRule(sets, chain);
  for (const [index, rule] of chain.rules.entries()) {
    // What stands behind where nothing goes on is told once, for all of it.
    if (index > closing) break;
    if (sets.rule(chain, index).effective !== NO) continue;
    const pointer = (at: number): RulePointer => rulePointer(family, { table, chain, number: at + 1, rule: chain.rules[at] as Rule });
    const here = matter.space.diagrams.and(sets.diagrams.matches(rule), sets.entering(chain.name));
    if (here === NO) findings.push(nothingFound(matter, sets, table, chain, index, pointer(index)));
    else findings.push(coveredFinding(matter, sets, chain, index, here, pointer));
  }
  return closing < chain.rules.length - 1 ? [...findings, behindCatchAll(family, table, chain, closing)] : findings;
}

/** The first rule (from 0) behind which no packet goes on in the chain; the chain's length where some do. */
function closingRule(sets: Reach, chain: Chain): number {
  const entry = sets.entering(chain.name);
  const goesOn = (index: number): boolean =>
    index < chain.rules.length
      ? sets.rule(chain, index).reaching !== NO
      : goingOn(sets, sets.diagrams.range(chain, 0, index), entry) !== NO;
  if (goesOn(chain.rules.length)) return chain.rules.length;
  let low = 0;
  let high = chain.rules.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (goesOn(middle + 1)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** F02: the rule's own tests, or its place, leave no packet. */
function nothingFound(matter: Matter, sets: Reach, table: TableName, chain: Chain, index: number, at: RulePointer): Finding {
  const rule = chain.rules[index] as Rule;
  const { diagrams } = matter.space;
  if (sets.diagrams.matches(rule) === NO) {
    const tests = rule.conditions.map(({ predicate, text }) => ({ text, set: sets.diagrams.lowering.set(predicate) }));
    const alone = tests.find(({ set }) => set === NO);
    if (alone) return found("F02", at, `${alone.text} matches nothing`, { fix: deletion(at) });
    for (const [i, a] of tests.entries())
      for (const b of tests.slice(i + 1))
        if (diagrams.and(a.set, b.set) === NO)
          return found("F02", at, `${a.text} and ${b.text} contradict each other: no packet is both`, { fix: deletion(at) });
    return found("F02", at, "its tests contradict each other: no packet satisfies all of them", { fix: deletion(at) });
  }
  const raw = table === "raw" && asksState(rule) ? ": tracking has not seen the packets yet that come to the raw table" : "";
  const calls = (sets.callers.get(chain.name) ?? []).map(({ chain: from, index: number }) =>
    rulePointer(at.family, { table, chain: from, number: number + 1, rule: from.rules[number] as Rule }),
  );
  const why =
    chain.hook === undefined
      ? `no packet that is led to ${chain.name} matches it`
      : `no packet that comes to ${chain.name} matches it${raw}`;
  // Programs that write rules make such rules by the dozen: they may come to match.
  return found("F02", at, why, { severity: chain.hook === undefined ? "info" : "warning", related: calls, fix: deletion(at) });
}

const asksState = ({ conditions }: Rule): boolean =>
  conditions.some(
    ({ predicate }) => predicate.is === "in" && predicate.field === "ctstate" && predicate.ranges.some(([low]) => low !== CT_STATE.INVALID),
  );

/** F01, or F13 for a rule that logs: what there is to match is taken by earlier rules. */
function coveredFinding(
  matter: Matter,
  sets: Reach,
  chain: Chain,
  index: number,
  here: Diagram,
  pointer: (index: number) => RulePointer,
): Finding {
  const rule = chain.rules[index] as Rule;
  const action = rule.target?.action;
  const by = covering(sets, chain, index, here);
  const related = by.map(pointer);
  const others = by.length === 1 ? `rule ${(by[0] as number) + 1} takes` : `rules ${listOf(by)} take`;
  const take = `${others} all packets that it would match`;
  const at = pointer(index);
  if (action?.do === "log" || action?.do === "nflog")
    return found("F13", at, `it logs nothing: ${take}`, { related, fix: moved(chain, at, Math.min(...by)) });
  const conflict = action !== undefined && isVerdict(action) && endsOtherwise(matter, sets, chain, index, here);
  const message = conflict ? `it never acts: ${take}, and it would have ended some of them otherwise` : `it never acts: ${take}`;
  return found("F01", at, message, {
    severity: conflict ? "error" : "warning",
    related,
    fix: conflict ? moved(chain, at, Math.min(...by)) : deletion(at),
  });
}

const listOf = (indices: readonly number[]): string => {
  const numbers = indices.map(index => `${index + 1}`);
  if (numbers.length > MOST_LISTED) return `${numbers.slice(0, MOST_LISTED).join(", ")} and ${numbers.length - MOST_LISTED} more`;
  return `${numbers.slice(0, -1).join(", ")} and ${numbers.at(-1)}`;
};

const MOST_LISTED = 6;

function moved({ rules }: Chain, at: RulePointer, before: number): Fix {
  const { table, chain, number = 0 } = at;
  const prefix = `-A ${chain} `;
  const rule = rules[number - 1] === undefined ? "" : at.text.slice(prefix.length);
  return {
    about: `move it before rule ${before + 1}`,
    edits: [
      { do: "delete", table, chain, number },
      { do: "insert", table, chain, number: before + 1, rule },
    ],
  };
}

/** Do any of the packets end otherwise, before they come to a rule, than the rule would end them? */
function endsOtherwise({ space: { diagrams }, results }: Matter, sets: Reach, chain: Chain, index: number, here: Diagram): boolean {
  const rule = chain.rules[index] as Rule;
  const own = diagrams
    .leavesOf(sets.diagrams.rule(rule))
    .map(leaf => results.of(leaf))
    .filter(({ ending }) => ending !== "continue")
    .map(endText);
  const outside = results.leaf("unknown", UNCHANGED, "elsewhere");
  let left = here;
  for (const stretch of sets.stretches(chain, 0, index)) {
    const ends = diagrams.leavesOf(diagrams.choose(left, stretch, outside)).filter(leaf => leaf !== outside);
    if (ends.some(leaf => results.of(leaf).ending !== "continue" && !own.includes(endText(results.of(leaf))))) return true;
    left = goingOn(sets, stretch, left);
  }
  return false;
}

/** The earlier rules (from 0) that take the packets: one alone where one suffices, else those that meet them first. */
function covering(sets: Reach, chain: Chain, index: number, here: Diagram): number[] {
  const first: number[] = [];
  // Stretches that take nothing are not looked into.
  const visit = (low: number, high: number, set: Diagram): Diagram => {
    if (set === NO || low >= index) return set;
    if (high <= index) {
      const after = goingOn(sets, sets.diagrams.range(chain, low, high), set);
      if (after === set) return set;
      if (high - low === 1) {
        first.push(low);
        return after;
      }
    }
    const middle = (low + high) >> 1;
    return visit(middle, high, visit(low, middle, set));
  };
  visit(0, chain.rules.length, here);
  if (first.length === 1) return first;
  const alone = first.findLast(i => goingOn(sets, sets.diagrams.rule(chain.rules[i] as Rule), here) === NO);
  return alone === undefined ? first : [alone];
}
