import type { Diagram } from "./diagrams.ts";
import type { Space } from "./space.ts";

/**
 * What becomes of a level: a rank, or the rank of a source level (itself, another one of the same kind, or a choice) through a table
 * (undefined: the same rank).
 */
export type Assignment =
  | { readonly rank: number }
  | { readonly rank?: undefined; readonly source: number; readonly table: readonly number[] | undefined };

/** What becomes of one level, and its text as a key. */
export interface Change {
  readonly level: number;
  readonly to: Assignment;
  readonly key: string;
}

/** What a way through rules does to a packet, and what else it leaves behind (NAT in words, logging where that is observed). */
export interface Transform {
  readonly key: string;
  /** By level, ascending; transforms that follow from one another share them. */
  readonly changes: readonly Change[];
  readonly effects: readonly string[];
}

/** Nothing changes. */
export const UNCHANGED: Transform = { key: "", changes: [], effects: [] };

/** A transform from assignments by level. */
export function transform(assignments: ReadonlyMap<number, Assignment>, effects: readonly string[]): Transform {
  const changes: Change[] = [];
  for (const [level, to] of assignments) changes.push(change(level, to));
  return made(changes.length < 2 ? changes : changes.toSorted((a, b) => a.level - b.level), effects);
}

/** Both at once: each sees the packet as it was; where both change a level, the second does. */
export function together(first: Transform, second: Transform): Transform {
  const assignments = new Map<number, Assignment>();
  for (const { level, to } of [...first.changes, ...second.changes]) assignments.set(level, to);
  return transform(assignments, [...first.effects, ...second.effects]);
}

/** What else a transform does than to some levels, what it leaves behind not counted. */
export function without({ changes }: Transform, levels: readonly number[]): Transform {
  return made(
    changes.filter(each => !levels.includes(each.level)),
    [],
  );
}

/** What a transform makes of a level; undefined where it leaves it alone. */
export function assignmentOf({ changes }: Transform, level: number): Assignment | undefined {
  for (const each of changes) if (each.level === level) return each.to;
  return undefined;
}

const change = (level: number, to: Assignment): Change => ({ level, to, key: `${level}=${assignmentKey(to)};` });

function made(changes: readonly Change[], effects: readonly string[]): Transform {
  if (changes.length === 0 && effects.length === 0) return UNCHANGED;
  let key = "";
  for (const each of changes) key += each.key;
  return { key: effects.length === 0 ? key : key + effects.join(";"), changes, effects };
}

const assignmentKey = (to: Assignment): string => (to.rank === undefined ? `l${to.source}(${to.table?.join() ?? ""})` : `r${to.rank}`);

/** First one, then the other. */
export function composed(first: Transform, second: Transform): Transform {
  if (first === UNCHANGED) return second;
  if (second === UNCHANGED) return first;
  const changes: Change[] = [];
  let i = 0;
  for (const each of second.changes) {
    for (let before = first.changes[i]; before !== undefined && before.level < each.level; before = first.changes[++i])
      changes.push(before);
    if (first.changes[i]?.level === each.level) i++;
    const whole = behind(first, each);
    if (whole !== undefined) changes.push(whole);
  }
  for (let before = first.changes[i]; before !== undefined; before = first.changes[++i]) changes.push(before);
  return made(changes, second.effects.length === 0 ? first.effects : [...first.effects, ...second.effects]);
}

/** A change of what another transform has made; undefined where the level has its own rank again. */
function behind(first: Transform, own: Change): Change | undefined {
  const { level, to } = own;
  if (to.rank !== undefined) return own;
  const before = assignmentOf(first, to.source);
  const { table } = to;
  if (before === undefined) return to.source === level && table === undefined ? undefined : own;
  if (before.rank !== undefined) return change(level, { rank: table === undefined ? before.rank : (table[before.rank] as number) });
  const { source, table: inner } = before;
  return change(level, {
    source,
    table: inner === undefined ? table : table === undefined ? inner : inner.map(rank => table[rank] as number),
  });
}

/** What a diagram says of a packet after the transform, asked of the packet before it; leaves stay. */
export function substituted({ diagrams }: Space, g: Diagram, { changes }: Transform): Diagram {
  if (g < 0 || !changes.some(({ level }) => diagrams.mayAsk(g, level))) return g;
  const known = new Map<number, number>();
  const waiting = new Map<number, Extract<Assignment, { source: number }>>();
  for (const { level, to } of changes) {
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
