/** What the analyses make of one ruleset, and whether they keep their promises on it. */
import { compareFirewalls, isEqual } from "../../src/analysis/diff/index.ts";
import { lint } from "../../src/analysis/lint/index.ts";
import { policyOf } from "../../src/analysis/policy/index.ts";
import { memberText } from "../../src/predicate/index.ts";
import type { Rule, Ruleset } from "../../src/ruleset/index.ts";
import { eachTest, predicatesOf } from "./borders.ts";

/** The figures of one ruleset. */
export interface Analysed {
  readonly name: string;
  readonly rules: number;
  /** Share of the classes of sessions answered exactly, 0 to 1: the mean of the paths. */
  readonly exact: number;
  readonly usable: number;
  readonly halfOpen: number;
  readonly strays: number;
  readonly findings: number;
  /** Conditions that answers depend on. */
  readonly depends: readonly string[];
  readonly milliseconds: Readonly<Record<"policy" | "lint" | "diff", number>>;
  /** Promises that were broken. */
  readonly troubles: readonly string[];
}

/** Analyses one ruleset without a host. */
export function analysed({ name, ruleset, text }: { readonly name: string; readonly ruleset: Ruleset; readonly text: string }): Analysed {
  const troubles: string[] = [];
  const timed = <T>(what: string, run: () => T): readonly [T | undefined, number] => {
    const start = performance.now();
    try {
      return [run(), performance.now() - start];
    } catch (fault) {
      troubles.push(`${what}: ${String(fault)}`);
      return [undefined, performance.now() - start];
    }
  };
  const { family } = ruleset;
  const firewall = family === 4 ? { v4: ruleset } : { v6: ruleset };
  const [policy, policyTime] = timed("policy", () =>
    policyOf(firewall, {
      rows: 1000,
      witnesses: { usable: 50, halfOpen: 50, other: 50 },
      unproven(witness, why) {
        // What the server's packets are like, such as how long, nobody can tell the engine.
        if (witness.depends.some(({ key, answers }) => answers === true && key?.startsWith("field ") === true)) return;
        troubles.push(`witness not shown: ${JSON.stringify(witness)}: ${JSON.stringify(why)}`);
      },
    }),
  );
  const texts = new Map([[rulesFile(ruleset), text.split("\n")]]);
  const [report, lintTime] = timed("lint", () =>
    lint([{ family, ruleset, other: undefined, beside: undefined, host: undefined, sets: undefined, texts }]),
  );
  const [same, diffTime] = timed("diff", () => compareFirewalls(firewall, firewall, { names: [name, name] }));
  if (same && !isEqual(same)) troubles.push(`diff with itself: ${same.rows.length} rows`);
  const sections = policy?.sections ?? [];
  const rows = sections.flatMap(section => [...section.usable, ...section.halfOpen, ...section.strays]);
  const depends = [...new Set(rows.flatMap(({ certainty }) => (certainty.sure ? [] : certainty.depends)))];
  const known = conditionsIn(ruleset);
  for (const condition of depends)
    if (![...known].some(each => condition.includes(each))) troubles.push(`depends on what no rule says: ${condition}`);
  return {
    name,
    rules: [...rulesOf(ruleset)].length,
    exact: sections.length === 0 ? 0 : sections.reduce((sum, { exact }) => sum + exact, 0) / sections.length,
    usable: sections.reduce((sum, section) => sum + section.usable.length, 0),
    halfOpen: sections.reduce((sum, section) => sum + section.halfOpen.length, 0),
    strays: sections.reduce((sum, section) => sum + section.strays.length, 0),
    findings: report?.findings.length ?? 0,
    depends,
    milliseconds: { policy: policyTime, lint: lintTime, diff: diffTime },
    troubles,
  };
}

/** The sum in a few lines. */
export function totals(all: readonly Analysed[]): string[] {
  const exact = all.filter(each => each.exact === 1).length;
  const mean = all.reduce((sum, each) => sum + each.exact, 0) / Math.max(1, all.length);
  const slowest = all.toSorted((a, b) => b.milliseconds.policy - a.milliseconds.policy)[0];
  return [
    `${all.length} rulesets, ${all.reduce((sum, { rules }) => sum + rules, 0)} rules: ${exact} answered exactly in full; on average ${(mean * 100).toFixed(2)}% of the classes of sessions`,
    `${all.reduce((sum, { troubles }) => sum + troubles.length, 0)} troubles in ${all.filter(({ troubles }) => troubles.length > 0).length} rulesets`,
    ...(slowest ? [`slowest policy: ${slowest.name}, ${Math.round(slowest.milliseconds.policy)} ms`] : []),
  ];
}

/** Words for every condition that stands in the rules and that no field decides. */
function conditionsIn(ruleset: Ruleset): ReadonlySet<string> {
  const words = new Set<string>();
  for (const table of ruleset.tables.keys())
    for (const predicate of predicatesOf(ruleset, table))
      eachTest(predicate, test => {
        if (test.is === "opaque") words.add(test.opaque.about);
        if (test.is === "member") words.add(memberText(test.test)).add(test.test.set);
        if (!("field" in test)) return;
        words.add(test.field);
        // Of addresses and ways back the surroundings speak in words of their own.
        if (/^[sd]addrtype/.test(test.field)) words.add("is an address of this machine");
        if (test.field === "rpf") words.add("the way back to the source");
      });
  for (const rule of rulesOf(ruleset)) {
    const action = rule.target?.action;
    if (action?.do === "unknown") words.add(action.name);
    if (action?.do === "queue") words.add("queue");
    if (action?.do === "nat") words.add("NAT").add("interface has");
  }
  return words;
}

function* rulesOf(ruleset: Ruleset): Generator<Rule> {
  for (const table of ruleset.tables.values()) for (const chain of table.chains.values()) yield* chain.rules;
}

const rulesFile = (ruleset: Ruleset): string => [...rulesOf(ruleset)][0]?.at.file ?? "";
