import type { Chain, Rule } from "../../ruleset/index.ts";
import type { Finding } from "../finding.ts";
import { opaquesAsked } from "./asked.ts";
import { found } from "./found.ts";
import { rulePointer, type Subject } from "./subject.ts";

/** F06: rules with one verdict that differ in a single test, with nothing but rules of that verdict between them. */
export function mergeableRules({ family, ruleset }: Subject): Finding[] {
  const findings: Finding[] = [];
  for (const { name: table, chains } of ruleset.tables.values()) {
    for (const chain of chains.values()) {
      for (const run of runsOf(chain)) {
        for (const { indices, differing } of groupsOf(chain, run)) {
          const pointers = indices.map(index => rulePointer(family, { table, chain, number: index + 1, rule: chain.rules[index] as Rule }));
          const [first, ...others] = pointers;
          if (first === undefined || others.length === 0) continue;
          const numbers = indices.map(index => index + 1);
          const shown =
            numbers.length > MOST_NAMED ? `${numbers.slice(0, MOST_NAMED).join(", ")} … (${numbers.length} rules)` : numbers.join(", ");
          findings.push(
            found(
              "F06",
              first,
              `rules ${shown} differ in one test only (${differing.slice(0, 3).join(" / ")}${differing.length > 3 ? " / …" : ""}): one rule can say the same`,
              { related: others.slice(0, MOST_NAMED) },
            ),
          );
        }
      }
    }
  }
  return findings;
}

const MOST_NAMED = 8;

/** Stretches (from, to; to not included) of rules that all accept, all drop, or all reject alike. */
function* runsOf({ rules }: Chain): Generator<readonly [from: number, to: number]> {
  let from = 0;
  for (let at = 1; at <= rules.length; at++) {
    if (at < rules.length && verdictOf(rules[at]) === verdictOf(rules[from])) continue;
    if (verdictOf(rules[from]) !== undefined && at - from > 1) yield [from, at];
    from = at;
  }
}

function verdictOf(rule: Rule | undefined): string | undefined {
  const action = rule?.target?.action.do;
  return action === "accept" || action === "drop" || action === "reject" ? rule?.target?.save : undefined;
}

/** Rules of a stretch that are the same but for the test at one place; each rule is in one group at most. */
function groupsOf(
  { rules }: Chain,
  [from, to]: readonly [number, number],
): { readonly indices: readonly number[]; readonly differing: readonly string[] }[] {
  const groups = new Map<string, { place: number; indices: number[] }>();
  for (let index = from; index < to; index++) {
    const rule = rules[index] as Rule;
    // Each rule of a limit has a bucket of its own.
    if (opaquesAsked(rule).length > 0 || rule.conditions.length > MOST_TESTS) continue;
    for (const place of rule.conditions.keys()) {
      const key = rule.conditions.map(({ text }, at) => (at === place ? optionOf(text) : text)).join("\n");
      const group = groups.get(key);
      if (group) group.indices.push(index);
      else groups.set(key, { place, indices: [index] });
    }
  }
  const taken = new Set<number>();
  const found: { indices: number[]; differing: string[] }[] = [];
  for (const { place, indices } of [...groups.values()].toSorted((a, b) => b.indices.length - a.indices.length)) {
    const free = indices.filter(index => !taken.has(index));
    const differing = new Set(free.map(index => rules[index]?.conditions[place]?.text ?? ""));
    if (
      free.length < 2 ||
      differing.size < 2 ||
      (differing.size === 2 && free.length === 2 && [...differing].some(text => text.startsWith("!")))
    )
      continue;
    for (const index of free) taken.add(index);
    found.push({ indices: free, differing: [...differing] });
  }
  return found.toSorted((a, b) => (a.indices[0] ?? 0) - (b.indices[0] ?? 0));
}

const MOST_TESTS = 16;

/** `-m tcp --dport 80` → `-m tcp --dport`: what is asked, without the value. */
const optionOf = (text: string): string => text.slice(0, Math.max(0, text.lastIndexOf(" ")));
