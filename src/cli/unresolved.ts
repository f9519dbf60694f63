import type { Rule, Ruleset } from "../ruleset/index.ts";

/** One sentence for each host name in rules that nobody looked up, at most a few of them. Such a rule is taken not to match. */
export function unresolvedNames(rulesets: readonly (Ruleset | undefined)[]): readonly string[] {
  const rules = new Map<string, Rule>();
  for (const ruleset of rulesets)
    for (const table of ruleset?.tables.values() ?? [])
      for (const chain of table.chains.values())
        for (const rule of chain.rules) for (const name of namesOf(rule)) if (!rules.has(name)) rules.set(name, rule);
  const sentences = [...rules].map(
    ([name, { at }]) => `${at.file}:${at.line}: ${name} was not looked up and is taken to be no address of these packets (--resolve)`,
  );
  return sentences.length <= MOST_TOLD
    ? sentences
    : [...sentences.slice(0, MOST_TOLD), `so it is with ${sentences.length - MOST_TOLD} more names`];
}

const MOST_TOLD = 5;

const namesOf = ({ header: { source, destination } }: Rule): readonly string[] =>
  [source?.name, destination?.name].filter(name => name !== undefined);
