import type { Chain, Rule } from "./rule.ts";

/** The chains of a table, as far as the way from one to another goes. */
export type Chains = ReadonlyMap<string, Pick<Chain, "name" | "hook" | "rules">>;

/**
 * Which backend's idea of reachability counts: the legacy kernel does not look behind a rule that takes every packet away
 * (ip_tables.c, mark_source_chains); nf_tables looks at every rule (nf_tables_api.c, nft_chain_validate).
 */
export type Reach = "legacy" | "nft";

/**
 * The jumps and gotos between the chains of a table, by number: chains in the table's order, the edges of chain `n` from `starts[n]` up to
 * `starts[n + 1]`. Of several jumps to one chain the first counts.
 */
export interface ChainGraph {
  readonly chains: readonly Pick<Chain, "name" | "hook" | "rules">[];
  readonly starts: Int32Array;
  /** The chain that each edge leads to. */
  readonly to: Int32Array;
  /** The place of each edge's rule in its chain, from 0. */
  readonly rule: Int32Array;
}

/** Tables are values, so each one's graph is made once, and asked by who looks for loops, for hooks and for places. */
const made = new WeakMap<Chains, Map<Reach, ChainGraph>>();

/** The graph of a table's chains. Linear in the number of rules. */
export function graphOf(chains: Chains, reach: Reach): ChainGraph {
  let known = made.get(chains);
  if (!known) made.set(chains, (known = new Map()));
  let graph = known.get(reach);
  if (!graph) known.set(reach, (graph = build(chains, reach)));
  return graph;
}

function build(table: Chains, reach: Reach): ChainGraph {
  const chains = [...table.values()];
  const numbers = new Map<string, number>();
  for (const [n, { name }] of chains.entries()) numbers.set(name, n);
  const starts = new Int32Array(chains.length + 1);
  const to: number[] = [];
  const rule: number[] = [];
  // The chain whose edges were last found to lead there.
  const seenFrom = new Int32Array(chains.length).fill(-1);
  for (let n = 0; n < chains.length; n++) {
    starts[n] = to.length;
    const rules = chains[n]?.rules ?? [];
    for (let i = 0; i < rules.length; i++) {
      const each = rules[i] as Rule;
      const action = each.target?.action;
      if (action?.do === "jump" || action?.do === "goto") {
        const next = numbers.get(action.chain);
        // A jump to a built-in chain is refused by itself (checkPlaces).
        if (next === undefined || seenFrom[next] === n || chains[next]?.hook !== undefined) continue;
        seenFrom[next] = n;
        to.push(next);
        rule.push(i);
      } else if (reach === "legacy" && takesAll(each)) break;
    }
  }
  starts[chains.length] = to.length;
  return { chains, starts, to: Int32Array.from(to), rule: Int32Array.from(rule) };
}

/** A bare `-j ACCEPT`, DROP, RETURN or QUEUE: no packet gets past it. */
function takesAll({ conditions, matches, target }: Rule): boolean {
  if (conditions.length || matches.length || !target) return false;
  const { do: does } = target.action;
  return does === "accept" || does === "drop" || does === "return" || (does === "queue" && target.save === "-j QUEUE");
}
