import type { OutlineChain } from "../work/outline.ts";
import { reachable } from "./census.ts";

/** A chain that calls another, and the rules that do. */
export interface Call {
  readonly from: string;
  readonly to: string;
  /** Numbers of the calling rules, ascending. */
  readonly rules: readonly number[];
  /** All of them go there for good. */
  readonly goto: boolean;
}

/** A chain and what it can reach, as far as it is drawn. */
export interface Neighbourhood {
  /** The chain itself first, then the nearest. */
  readonly chains: readonly OutlineChain[];
  readonly calls: readonly Call[];
  /** Chains that it reaches, and calls between what is drawn, that are not drawn. */
  readonly left: number;
  readonly leftCalls: number;
}

/** Calls that are drawn at most. */
const CALLS_MAX = 600;

/** The nearest chains that a chain reaches, at most `limit` with itself; undefined when there is no such chain. */
export function neighbourhood(chains: ReadonlyMap<string, OutlineChain>, from: string, limit: number): Neighbourhood | undefined {
  const start = chains.get(from);
  if (!start) return undefined;
  const names = reachable(chains, from);
  const drawn = [start, ...names.slice(0, limit - 1).flatMap(name => chains.get(name) ?? [])];
  const known = new Set(drawn.map(({ name }) => name));
  const calls = drawn.flatMap(chain => callsOf(chain).filter(({ to }) => known.has(to)));
  return {
    chains: drawn,
    calls: calls.slice(0, CALLS_MAX),
    left: names.length + 1 - drawn.length,
    leftCalls: Math.max(0, calls.length - CALLS_MAX),
  };
}

/** What a chain calls, in the order of its first calls. */
export function callsOf({ name, rules }: OutlineChain): readonly Call[] {
  const calls = new Map<string, { numbers: number[]; goto: boolean }>();
  for (const { number, jump, does } of rules) {
    if (jump === undefined) continue;
    const call = calls.get(jump) ?? { numbers: [], goto: true };
    call.numbers.push(number);
    call.goto &&= does === "goto";
    calls.set(jump, call);
  }
  return [...calls].map(([to, { numbers, goto }]) => ({ from: name, to, rules: numbers, goto }));
}

/** The chains that call a chain, in the order of the table. */
export function callersOf(chains: ReadonlyMap<string, OutlineChain>, to: string): readonly Pick<Call, "from" | "rules">[] {
  return [...chains.values()].flatMap(({ name, rules }) => {
    const numbers = rules.filter(({ jump }) => jump === to).map(({ number }) => number);
    return numbers.length > 0 ? [{ from: name, rules: numbers }] : [];
  });
}

/** How often a chain uses each target, most often first: `DROP 12`. Rules without a target are left out. */
export function targetTally({ rules }: OutlineChain): readonly { readonly target: string; readonly count: number }[] {
  const tally = new Map<string, number>();
  for (const { target, jump } of rules) {
    const name = jump === undefined ? target : "jump";
    if (name !== undefined && name !== "") tally.set(name, (tally.get(name) ?? 0) + 1);
  }
  return [...tally].map(([target, count]) => ({ target, count })).toSorted((a, b) => b.count - a.count);
}
