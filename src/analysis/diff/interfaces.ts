import type { Domain } from "../../symbolic/index.ts";
import type { FamilyModel } from "../model.ts";
import { interfaceNames } from "../policy/interface-names.ts";
import type { Ranks } from "../policy/ranks.ts";

/** Names for interfaces of ranks; undefined where all are meant. */
export function interfacesIn(models: readonly FamilyModel[], domain: Domain, ranks: Ranks): readonly string[] | undefined {
  const host = models[0]?.host;
  const existing = host?.interfaces.filter(({ link }) => link !== "loopback").map(({ name }) => name);
  return interfaceNames(ranks, { domain, existing, wildcards: wildcardsOf(models) });
}

/** Starts of interface names that rules of either side ask for with a plus. */
function wildcardsOf(models: readonly FamilyModel[]): string[] {
  const starts = new Set<string>();
  for (const { tables } of models.flatMap(({ rulesets }) => rulesets))
    for (const { chains } of tables.values())
      for (const { rules } of chains.values())
        for (const { header } of rules)
          for (const test of [header.inInterface, header.outInterface]) if (test?.wildcard && test.name !== "") starts.add(test.name);
  return [...starts];
}
