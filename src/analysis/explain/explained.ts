import type { Family } from "../../predicate/index.ts";
import type { Chain, Ruleset } from "../../ruleset/index.ts";
import type { TableName } from "../../xtables/index.ts";
import { callersOf, inReadingOrder, reachableChains, type Caller } from "./callers.ts";
import { decidingChains } from "./effect.ts";

/** A chain and what stands around it. */
export interface ExplainedChain {
  readonly family: Family;
  readonly table: TableName;
  readonly chain: Chain;
  /** All chains of the table, by name. */
  readonly chains: ReadonlyMap<string, Chain>;
  readonly callers: readonly Caller[];
  /** Does a built-in chain lead here, over however many rules? */
  readonly reachable: boolean;
  /** Does no packet come back undecided, by what stands in the rules? */
  readonly decides: boolean;
}

/** The chains of a ruleset in reading order, table by table; those of one table or of one name alone where these are given. */
export function explainedChains(ruleset: Ruleset, table?: TableName, name?: string): readonly ExplainedChain[] {
  const explained: ExplainedChain[] = [];
  for (const each of ruleset.tables.values()) {
    if (table !== undefined && each.name !== table) continue;
    const callers = callersOf(each);
    const reachable = reachableChains(each);
    const deciding = decidingChains(each);
    for (const chain of inReadingOrder(each)) {
      if (name !== undefined && chain.name !== name) continue;
      explained.push({
        family: ruleset.family,
        table: each.name,
        chain,
        chains: each.chains,
        callers: callers.get(chain.name) ?? [],
        reachable: reachable.has(chain.name),
        decides: deciding.has(chain.name),
      });
    }
  }
  return explained;
}
