import { setsAsked } from "../predicate/index.ts";
import type { Rule, Ruleset, Sets } from "../ruleset/index.ts";

/**
 * What rules speak of and nobody has told: one sentence for each host name that was not looked up, and for each ipset whose contents are not
 * known, at most a few of them. A rule about such a name, or that asks for such a set, is taken not to match. `remedies` says what the reader can do.
 */
export function unresolvedNames(
  rulesets: readonly (Ruleset | undefined)[],
  sets: Sets | undefined,
  remedies: { readonly names: string; readonly sets: string } = { names: " (--resolve)", sets: " (--ipset)" },
): readonly string[] {
  const told = new Map<string, string>();
  for (const ruleset of rulesets)
    for (const table of ruleset?.tables.values() ?? [])
      for (const chain of table.chains.values())
        for (const rule of chain.rules) {
          const where = `${rule.at.file}:${rule.at.line}`;
          for (const name of namesOf(rule))
            tell(
              told,
              `host ${name}`,
              `${where}: ${name} was not looked up and is taken to be no address of these packets${remedies.names}`,
            );
          for (const name of setsOf(rule))
            if (sets?.has(name) !== true)
              tell(told, `set ${name}`, `${where}: nothing is known of the ipset ${name}, which is taken for empty${remedies.sets}`);
        }
  const sentences = [...told.values()];
  return sentences.length <= MOST_TOLD
    ? sentences
    : [...sentences.slice(0, MOST_TOLD), `so it is with ${sentences.length - MOST_TOLD} more names`];
}

const MOST_TOLD = 5;

function tell(told: Map<string, string>, key: string, sentence: string): void {
  if (!told.has(key)) told.set(key, sentence);
}

const namesOf = ({ header: { source, destination } }: Rule): readonly string[] =>
  [source?.name, destination?.name].filter(name => name !== undefined);

function setsOf({ conditions, target }: Rule): readonly string[] {
  const action = target?.action;
  const changed = action?.do === "sets" ? [action.add, action.remove, action.map].flatMap(change => change?.set ?? []) : [];
  return [...conditions.flatMap(({ predicate }) => setsAsked(predicate)), ...changed];
}
