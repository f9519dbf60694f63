import { ruleText } from "../../ruleset/index.ts";
import type { TableName } from "../../xtables/index.ts";
import type { RulePointer } from "../witness.ts";
import type { Change } from "./optimized.ts";
import type { Piece } from "./pieces.ts";
import type { Split } from "./split.ts";

/** What was done to a chain: `before` as it was, `list` merged and reordered, `tree` split. */
export function chainChanges(
  table: TableName,
  chain: string,
  before: readonly Piece[],
  list: readonly Piece[],
  tree: Split,
): readonly Change[] {
  const kept = new Set(list.flatMap(({ from }) => from));
  const removed = before.flatMap(({ from }) => from).filter(pointer => !kept.has(pointer));
  const moved = movedUp(list);
  const changes: Change[] = [
    ...removed.map((rule): Change => ({ kind: "removed", table, chain, rules: [rule], now: [] })),
    ...list
      .filter(({ from }) => from.length > 1)
      .map(({ from, rule }): Change => ({ kind: "merged", table, chain, rules: from, now: [ruleText(rule)] })),
    ...(moved.length === 0 ? [] : [{ kind: "moved" as const, table, chain, rules: moved, now: [] }]),
  ];
  if (tree.chains.length === 0) return changes;
  const inside = tree.chains.flatMap(({ pieces }) => pieces.flatMap(({ from }) => from));
  return [...changes, { kind: "split", table, chain, rules: inside, now: tree.chains.map(({ name }) => name) }];
}

/** The fewest rules that must be lifted out of the old order to give the new one: those outside a longest run that kept its order. */
function movedUp(list: readonly Piece[]): readonly RulePointer[] {
  const numbers = list.map(({ from: [first] }) => first?.number ?? 0);
  const ends: number[] = [];
  const before = numbers.map(() => -1);
  for (const [at, number] of numbers.entries()) {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((numbers[ends[middle] ?? 0] ?? 0) <= number) low = middle + 1;
      else high = middle;
    }
    before[at] = low > 0 ? (ends[low - 1] ?? -1) : -1;
    ends[low] = at;
  }
  const stayed = new Set<number>();
  for (let at = ends.at(-1) ?? -1; at >= 0; at = before[at] ?? -1) stayed.add(at);
  return list.flatMap(({ from }, at) => (stayed.has(at) ? [] : from));
}
