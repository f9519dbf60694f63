import type { Family } from "../../predicate/index.ts";
import type { Hook } from "../../xtables/index.ts";
import { chainKey, type Hits } from "../state/hits.ts";
import type { OutlineChain, OutlineTable } from "../work/outline.ts";

/** A chain with what the map says of it. */
export interface ChainFigures {
  readonly chain: OutlineChain;
  /** Times that its rules matched, and that its policy was reached; undefined where nothing was counted. */
  readonly hits: number | undefined;
  /** Of these, packets that its policy decided. */
  readonly policyHits: number | undefined;
  /** Chains that it can reach by jumps, without itself. */
  readonly below: number;
}

/** The chains of one table. */
export type TableFigures = ReadonlyMap<string, ChainFigures>;

/** All tables of a family, by name. */
export type Census = ReadonlyMap<string, TableFigures>;

/** What the map says of each chain of a family. */
export function census(tables: readonly OutlineTable[], family: Family, hits: Hits | undefined): Census {
  return new Map(tables.filter(table => table.family === family).map(table => [table.name, tableFigures(table, hits)]));
}

function tableFigures({ family, name, chains }: OutlineTable, hits: Hits | undefined): TableFigures {
  const byName = new Map(chains.map(chain => [chain.name, chain]));
  const uncounted = hits?.uncountedPolicies?.has(family) === true;
  return new Map(
    chains.map(chain => {
      const policyHits =
        hits && chain.policy !== undefined && !uncounted ? packetsOf(hits.policies.get(chainKey(family, name, chain.name))) : undefined;
      const matched = hits && chain.rules.reduce((sum, { line }) => sum + packetsOf(hits.lines[family].get(line)), 0);
      return [
        chain.name,
        {
          chain,
          hits:
            matched === undefined || (matched === 0 && uncounted && chain.policy !== undefined) ? undefined : matched + (policyHits ?? 0),
          policyHits,
          below: reachable(byName, chain.name).length,
        },
      ];
    }),
  );
}

const packetsOf = (amount: { readonly packets: number } | undefined): number => amount?.packets ?? 0;

/** Names of the chains that jumps from a chain lead to, nearest first, without itself. */
export function reachable(chains: ReadonlyMap<string, OutlineChain>, from: string): readonly string[] {
  const seen = new Set([from]);
  for (const name of seen) {
    for (const { jump } of chains.get(name)?.rules ?? []) if (jump !== undefined && chains.has(jump)) seen.add(jump);
  }
  seen.delete(from);
  return [...seen];
}

/** The chain of a table at a hook; undefined where the family has no such table or the table no such chain. */
export function chainAt(figures: Census, hook: Hook, table: string): ChainFigures | undefined {
  const found = figures.get(table)?.get(hook);
  return found?.chain.policy === undefined ? undefined : found;
}

/** A count in few characters: `7`, `4,814`, `12k`, `3.4M`. */
export function shortCount(count: number): string {
  if (count < 10_000) return count.toLocaleString("en-US");
  if (count < 1_000_000) return `${Math.floor(count / 1000)}k`;
  if (count < 10_000_000) return `${(Math.floor(count / 100_000) / 10).toFixed(1)}M`;
  return `${Math.floor(count / 1_000_000)}M`;
}

/** `1 rule`, `4,814 rules`. */
export function counted(count: number, noun: string): string {
  return `${shortCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}
