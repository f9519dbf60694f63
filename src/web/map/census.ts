import type { Family } from "../../predicate/index.ts";
import type { Hook } from "../../xtables/index.ts";
import { chainKey, type Hits } from "../state/hits.ts";
import type { OutlineChain, OutlineRule, OutlineTable } from "../work/outline.ts";

/** A chain with what the map says of it. */
export interface ChainFigures {
  readonly chain: OutlineChain;
  /** Packets that came into it: 0 where none did, undefined where nothing was counted. */
  readonly packets: number | undefined;
  /** There may have been more: chains that others call too do not tell whose packets ended there. */
  readonly atLeast: boolean;
  /** Chains that a built-in chain can reach by jumps; 0 for others. */
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

function tableFigures(table: OutlineTable, hits: Hits | undefined): TableFigures {
  const { family, name, chains } = table;
  const byName = new Map(chains.map(chain => [chain.name, chain]));
  const tally = hits && tallied(table, hits);
  // Chains that packets were sent into from each built-in chain, and from how many of these.
  const wasTaken = ({ line }: OutlineRule): boolean => packetsOf(hits?.lines[family].get(line)) > 0;
  const builtIn = chains.filter(({ policy }) => policy !== undefined);
  const ways = new Map(tally ? builtIn.map(chain => [chain.name, reachable(byName, chain.name, wasTaken)]) : []);
  const users = new Map<string, number>();
  for (const names of ways.values()) for (const each of names) add(users, each, 1);
  return new Map(
    chains.map((chain): [string, ChainFigures] => {
      const below = chain.policy === undefined ? 0 : reachable(byName, chain.name).length;
      const figures = { chain, packets: undefined, atLeast: false, below };
      const reached = ways.get(chain.name);
      if (!tally) return [chain.name, figures];
      if (!reached) return [chain.name, { ...figures, packets: tally.sent.get(chain.name) ?? 0 }];
      // A packet that came in either ended at a rule, here or in a chain below, or reached the policy.
      const own = reached.filter(each => users.get(each) === 1);
      const policy = packetsOf(hits?.policies.get(chainKey(family, name, chain.name)));
      const ended = [chain.name, ...own].reduce((sum, each) => sum + (tally.ended.get(each) ?? 0), policy);
      const packets = Math.max(ended, tally.most.get(chain.name) ?? 0);
      const shared = reached.some(each => users.get(each) !== 1 && tally.ended.has(each));
      return [chain.name, { ...figures, packets, atLeast: shared && packets > 0 }];
    }),
  );
}

/** What was counted in each chain of a table. */
interface Tally {
  /** Packets that ended at its rules. */
  readonly ended: ReadonlyMap<string, number>;
  /** Packets that rules elsewhere sent into it. */
  readonly sent: ReadonlyMap<string, number>;
  /** What the rule saw that matched most often. */
  readonly most: ReadonlyMap<string, number>;
}

function tallied({ family, chains }: OutlineTable, { lines }: Hits): Tally {
  const ended = new Map<string, number>();
  const sent = new Map<string, number>();
  const most = new Map<string, number>();
  for (const { name, rules } of chains) {
    for (const { line, jump, ends } of rules) {
      const packets = packetsOf(lines[family].get(line));
      if (packets === 0) continue;
      if (ends) add(ended, name, packets);
      if (jump !== undefined) add(sent, jump, packets);
      most.set(name, Math.max(packets, most.get(name) ?? 0));
    }
  }
  return { ended, sent, most };
}

function add(sums: Map<string, number>, name: string, packets: number): void {
  sums.set(name, (sums.get(name) ?? 0) + packets);
}

const packetsOf = (amount: { readonly packets: number } | undefined): number => amount?.packets ?? 0;

/** Names of the chains that jumps from a chain lead to, nearest first, without itself; of some rules' jumps only, where `taken` says so. */
export function reachable(
  chains: ReadonlyMap<string, OutlineChain>,
  from: string,
  taken: (rule: OutlineRule) => boolean = () => true,
): readonly string[] {
  const seen = new Set([from]);
  for (const name of seen) {
    for (const rule of chains.get(name)?.rules ?? []) {
      const { jump } = rule;
      if (jump !== undefined && chains.has(jump) && taken(rule)) seen.add(jump);
    }
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

/** `12 packets`, `12+ packets` for at least 12, `not reached`; empty where nothing was counted. */
export function packetsText({ packets, atLeast }: Pick<ChainFigures, "packets" | "atLeast">): string {
  if (packets === undefined) return "";
  if (packets === 0) return "not reached";
  return atLeast ? `${shortCount(packets)}+ packets` : counted(packets, "packet");
}
