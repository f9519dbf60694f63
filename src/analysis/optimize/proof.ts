import { ruleText, type Rule, type Ruleset, type Sets } from "../../ruleset/index.ts";
import {
  arriving,
  clientView,
  HookDiagrams,
  NO,
  Reach,
  Results,
  sample,
  SpentBudget,
  surveyed,
  TABLES_AT,
  YES,
  type Diagram,
  type Sample,
  type Space,
} from "../../symbolic/index.ts";
import { HOOKS, type Hook, type Need, type TableName } from "../../xtables/index.ts";
import { NO_CUT_CONNECTION } from "./cut-packets.ts";
import { withMarks } from "./marker.ts";
import { asked, isStateful } from "./traits.ts";

/** What is known besides the rules. */
export interface ProofScene {
  /** Ipsets that rules ask, those that the optimizer made among them. */
  readonly sets?: Sets | undefined;
  /** Most nodes of diagrams. */
  readonly budget?: number;
  /** Only packets that are no fragments and whose headers are whole count. */
  readonly whole?: boolean;
}

/** Where two rulesets differ. */
export interface Disagreement {
  readonly table: TableName;
  readonly hook: Hook;
  /** A packet that they treat differently, for who looks for the bug. */
  readonly sample: Sample | undefined;
}

/** What comparing two rulesets came to. */
export type Proof =
  /** `stages`: tables at hooks that were compared; `rules`: those that remember something or leave a trace, and meet the same packets. */
  | { readonly equal: true; readonly stages: number; readonly rules: number }
  | { readonly equal: false; readonly disagreement: Disagreement | undefined; readonly reason: string };

/**
 * Do two rulesets do the same at every hook in every table, to every packet, fragments and cut ones included: verdict, NAT, fields set, log lines
 * and their order? And do the same packets come to every rule that remembers something or leaves a trace of another kind?
 */
export function proven(before: Ruleset, after: Ruleset, { sets, budget, whole = false }: ProofScene): Proof {
  const lost = [...needsOf(before)].find(need => !needsOf(after).has(need));
  if (lost !== undefined)
    return { equal: false, disagreement: undefined, reason: `no rule would make the kernel switch on any more: ${lost}` };
  try {
    const space = surveyed({
      family: before.family,
      rulesets: [before, after],
      sets,
      observeFields: true,
      questions: [NO_CUT_CONNECTION],
      ...(budget !== undefined && { budget }),
    });
    return compared(before, after, space, whole);
  } catch (fault) {
    if (fault instanceof SpentBudget) return { equal: false, disagreement: undefined, reason: fault.message };
    if (fault instanceof RangeError) return { equal: false, disagreement: undefined, reason: `the analysis cannot say: ${fault.message}` };
    throw fault;
  }
}

/** What rules make the kernel switch on, whether packets come to them or not: connection tracking puts fragments together, and so on. */
function needsOf({ tables }: Ruleset): ReadonlySet<Need> {
  const needs = new Set<Need>();
  for (const { chains } of tables.values())
    for (const { rules } of chains.values())
      for (const { matches, target } of rules)
        for (const part of [...matches, target]) for (const need of part?.needs ?? []) needs.add(need);
  return needs;
}

function compared(before: Ruleset, after: Ruleset, space: Space, whole: boolean): Proof {
  const results = new Results(space);
  const view = clientView(space, whole);
  const [old, fresh] = [before, after].map(ruleset => new HookDiagrams(ruleset, results, view, { effects: true })) as [
    HookDiagrams,
    HookDiagrams,
  ];
  let stages = 0;
  for (const hook of HOOKS) {
    for (const table of TABLES_AT[hook]) {
      if (before.tables.get(table) === after.tables.get(table)) continue;
      const [one, other] = [hookOf(old, table, hook), hookOf(fresh, table, hook)];
      stages++;
      if (one === other) continue;
      const difference = one === undefined || other === undefined ? NO : differing(space, one, other);
      const found = difference === NO ? undefined : sample(space, difference, new Map());
      return {
        equal: false,
        disagreement: { table, hook, sample: found },
        reason: `${table} ${hook} would treat some packets differently`,
      };
    }
  }
  let rules = 0;
  for (const name of before.tables.keys()) {
    if (before.tables.get(name) === after.tables.get(name)) continue;
    const [left, right] = [marked(before, name, results), marked(after, name, results)];
    for (const [key, set] of left) {
      rules++;
      // Reach forgets marks between chains; where it sees a difference, a log line in the rule's place says for sure.
      if ((right.get(key) ?? NO) === set || sameMarks(old, fresh, name, rule => traceOf(rule) === key)) continue;
      const reason = `other packets would come to this rule of ${name}: ${typeof key === "string" ? key : ruleText(key)}`;
      return { equal: false, disagreement: undefined, reason };
    }
  }
  return { equal: true, stages, rules };
}

/** What a table does at a hook to packets with interfaces as they have them there. */
function hookOf(firewall: HookDiagrams, table: TableName, hook: Hook): Diagram | undefined {
  const diagrams = firewall.table(table, hook);
  if (diagrams === undefined) return undefined;
  const { space, accept } = firewall.results;
  const { lowering } = diagrams;
  const there = space.diagrams.and(lowering.set(arriving(table, hook)), lowering.set(NO_CUT_CONNECTION));
  return space.diagrams.choose(there, diagrams.hook(hook), accept);
}

/** Do the same packets come to the wanted rules of a table at every hook? */
function sameMarks(old: HookDiagrams, fresh: HookDiagrams, name: TableName, wanted: (rule: Rule) => boolean): boolean {
  const [one, other] = [old, fresh].map(
    ({ ruleset, results, view }) => new HookDiagrams(withMarks(ruleset, name, wanted), results, view, { effects: true }),
  );
  return HOOKS.filter(hook => TABLES_AT[hook].includes(name)).every(
    hook => one && other && hookOf(one, name, hook) === hookOf(other, name, hook),
  );
}

/** The packets that two diagrams give different leaves. */
function differing({ diagrams }: Space, one: Diagram, other: Diagram): Diagram {
  let set: Diagram = NO;
  for (const leaf of diagrams.leavesOf(one)) {
    const here = diagrams.mapLeaves(one, each => (each === leaf ? YES : NO));
    const there = diagrams.mapLeaves(other, each => (each === leaf ? YES : NO));
    set = diagrams.or(set, diagrams.minus(here, there));
  }
  return set;
}

/** Packets that come to what leaves do not show, by the rule, which the optimizer keeps as it is, or by the target, whose rules it may merge. */
function marked(ruleset: Ruleset, table: TableName, results: Results): ReadonlyMap<Rule | string, Diagram> {
  const found = new Map<Rule | string, Diagram>();
  const { diagrams } = results.space;
  let reach: Reach | undefined;
  for (const chain of ruleset.tables.get(table)?.chains.values() ?? []) {
    for (const [index, rule] of chain.rules.entries()) {
      const key = traceOf(rule);
      if (key === undefined) continue;
      reach ??= Reach.of(ruleset, table, results);
      if (!reach) break;
      const { reaching, effective } = reach.rule(chain, index);
      const set = key === rule ? diagrams.and(reaching, reach.diagrams.lowering.set(asked(rule))) : effective;
      found.set(key, diagrams.or(found.get(key) ?? NO, set));
    }
  }
  return found;
}

/** What the packets of a rule must be compared by, beside what becomes of them; undefined where that says everything. */
function traceOf(rule: Rule): Rule | string | undefined {
  const { conditions, target } = rule;
  if (target === undefined || conditions.some(({ predicate }) => isStateful(predicate))) return rule;
  switch (target.action.do) {
    case "effect":
      return rule;
    case "continue":
    case "tee":
    case "sets":
    case "trace":
    case "strip":
    case "checksum":
      return target.save;
    default:
      return undefined;
  }
}
