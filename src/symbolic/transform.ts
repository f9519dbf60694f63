import type { Diagram } from "./diagrams.ts";
import type { Space } from "./space.ts";

/**
 * What becomes of a level: a rank, or the rank of a source level (itself, another one of the same kind, or a choice) through a table
 * (undefined: the same rank).
 */
export type Assignment =
  | { readonly rank: number }
  | { readonly rank?: undefined; readonly source: number; readonly table: readonly number[] | undefined };

/** What a way through rules does to a packet, and what else it leaves behind (NAT in words, logging where that is observed). */
export interface Transform {
  readonly key: string;
  readonly assignments: ReadonlyMap<number, Assignment>;
  readonly effects: readonly string[];
}

/** Nothing changes. */
export const UNCHANGED: Transform = { key: "", assignments: new Map(), effects: [] };

/** A transform from assignments by level. */
export function transform(assignments: ReadonlyMap<number, Assignment>, effects: readonly string[]): Transform {
  if (assignments.size === 0 && effects.length === 0) return UNCHANGED;
  const parts = [...assignments].toSorted(([a], [b]) => a - b).map(([level, to]) => `${level}=${assignmentKey(to)}`);
  return { key: [...parts, ...effects].join(";"), assignments, effects };
}

const assignmentKey = (to: Assignment): string => (to.rank === undefined ? `l${to.source}(${to.table?.join() ?? ""})` : `r${to.rank}`);

/** First one, then the other. */
export function composed(first: Transform, second: Transform): Transform {
  if (first === UNCHANGED) return second;
  if (second === UNCHANGED) return first;
  const assignments = new Map(first.assignments);
  for (const [level, to] of second.assignments) {
    if (to.rank !== undefined) {
      assignments.set(level, to);
      continue;
    }
    const before = first.assignments.get(to.source);
    const { table } = to;
    if (before === undefined) {
      if (to.source === level && table === undefined) assignments.delete(level);
      else assignments.set(level, to);
    } else if (before.rank !== undefined)
      assignments.set(level, { rank: table === undefined ? before.rank : (table[before.rank] as number) });
    else {
      const { source, table: inner } = before;
      assignments.set(level, {
        source,
        table: inner === undefined ? table : table === undefined ? inner : inner.map(rank => table[rank] as number),
      });
    }
  }
  return transform(assignments, [...first.effects, ...second.effects]);
}

/** What a diagram says of a packet after the transform, asked of the packet before it; leaves stay. */
export function substituted({ diagrams }: Space, g: Diagram, { assignments }: Transform): Diagram {
  if (g < 0 || assignments.size === 0) return g;
  const known = new Map<number, number>();
  const waiting = new Map<number, Extract<Assignment, { source: number }>>();
  for (const [level, to] of assignments) {
    if (to.rank !== undefined) known.set(level, to.rank);
    else if (diagrams.asks(g, level)) waiting.set(level, to);
  }
  let result = diagrams.assume(g, known);
  // A level that is itself changed must be gone before it comes in as the source of another.
  while (waiting.size > 0) {
    const next = [...waiting].find(([level]) => !blocks(waiting, level)) ?? [...waiting][0];
    if (next === undefined) break;
    const [level, { source, table }] = next;
    waiting.delete(level);
    result = moved(diagrams, result, level, source, table);
  }
  return result;
}

/** Is the source of a level one that still waits to be changed? */
function blocks(waiting: ReadonlyMap<number, { readonly source: number }>, level: number): boolean {
  const source = waiting.get(level)?.source;
  return source !== undefined && source !== level && waiting.has(source);
}

/** The diagram with the ranks of one level taken from another. */
function moved(diagrams: Space["diagrams"], g: Diagram, level: number, source: number, table: readonly number[] | undefined): Diagram {
  const memo = new Map<Diagram, Diagram>();
  const visit = (node: Diagram): Diagram => {
    if (node < 0 || diagrams.levelOf(node) > level) return node;
    const known = memo.get(node);
    if (known !== undefined) return known;
    const edges: [number, Diagram][] = [];
    if (diagrams.levelOf(node) === level) {
      if (table === undefined)
        for (let edge = 0, count = diagrams.edgeCount(node); edge < count; edge++)
          edges.push([diagrams.upperOf(node, edge), diagrams.belowOf(node, edge)]);
      else
        for (const [rank, to] of table.entries()) {
          const below = diagrams.child(node, to);
          const before = edges.at(-1);
          if (before?.[1] === below) before[0] = rank;
          else edges.push([rank, below]);
        }
    } else
      for (let edge = 0, count = diagrams.edgeCount(node); edge < count; edge++)
        edges.push([diagrams.upperOf(node, edge), visit(diagrams.belowOf(node, edge))]);
    const result = diagrams.caseOf(diagrams.levelOf(node) === level ? source : diagrams.levelOf(node), edges);
    memo.set(node, result);
    return result;
  };
  return visit(g);
}
