import type { PolicyRow, ServiceClass } from "../../analysis/index.ts";
import type { GridAxis, GridColumn } from "../../report/index.ts";

/** How far one gets with a service: nowhere, half a session, to some ends or through some interfaces, everywhere. In the order of their codes. */
export const REACHES = ["none", "half-open", "some", "all"] as const;

/** One of them. */
export type Reach = (typeof REACHES)[number];

/** Added to the code of a cell where it depends on conditions. */
export const DEPENDS = 4;

/** A cell by its code. */
export const cellOf = (code: number): { readonly reach: Reach; readonly depends: boolean } => ({
  reach: REACHES[code % DEPENDS] ?? "none",
  depends: code >= DEPENDS,
});

/** A service, and the rows that are about all of it: its own and those of wider services. */
export interface GridLine {
  readonly name: string;
  readonly service: ServiceClass;
  readonly rows: readonly PolicyRow[];
}

/** Services by name, in the order in which rows name them. */
export function gridLines(rows: readonly PolicyRow[]): GridLine[] {
  const services = new Map<string, ServiceClass>();
  for (const row of rows) for (const each of row.services) if (!services.has(each.name)) services.set(each.name, each);
  const within = new Map<ServiceClass, Set<string>>();
  const names = (wide: ServiceClass): Set<string> => {
    let found = within.get(wide);
    if (!found) within.set(wide, (found = new Set([...services].filter(([, each]) => covers(wide, each)).map(([name]) => name))));
    return found;
  };
  const lines = new Map<string, PolicyRow[]>([...services.keys()].map(name => [name, []]));
  for (const row of rows) {
    const covered = new Set(row.services.flatMap(each => [...names(services.get(each.name) ?? each)]));
    for (const name of covered) lines.get(name)?.push(row);
  }
  return [...services].map(([name, service]) => ({ name, service, rows: lines.get(name) ?? [] }));
}

/** Is all of a service part of another? */
function covers(wide: ServiceClass, narrow: ServiceClass): boolean {
  return (
    isWithin(narrow.protocols, wide.protocols) &&
    isWithin(narrow.ports, wide.ports) &&
    isWithin(narrow.sourcePorts, wide.sourcePorts) &&
    isWithin(narrow.icmpTypes, wide.icmpTypes)
  );
}

/** Is every number of one in the other? Undefined stands for all. */
function isWithin(narrow: ServiceClass["ports"], wide: ServiceClass["ports"]): boolean {
  if (wide === undefined) return true;
  return narrow?.every(([low, high]) => wide.some(range => range[0] <= low && high <= range[1])) ?? false;
}

/** The columns that the classes of a row's end stand in, ascending. */
export function columnsOfRow(row: PolicyRow, axis: GridAxis, places: ReadonlyMap<string, number>): Uint16Array {
  const found = new Set<number>();
  for (const id of row[axis]) {
    const at = places.get(id);
    if (at !== undefined) found.add(at);
  }
  return Uint16Array.from(found).toSorted();
}

/** The column of each class. */
export const placesOf = (columns: readonly GridColumn[]): ReadonlyMap<string, number> =>
  new Map(columns.flatMap(({ classes }, index) => classes.map(({ id }) => [id, index] as const)));

/** The codes of one line's cells. `columnsOf` gives the columns of a row; `ends` are the ids of the classes that the other end can be in. */
export function lineCells(
  { rows }: GridLine,
  axis: GridAxis,
  width: number,
  columnsOf: (row: PolicyRow) => Uint16Array,
  ends: readonly string[],
): Uint8Array {
  const best = new Uint8Array(width);
  const sure = new Uint8Array(width);
  const places = new Map(ends.map((id, index) => [id, index]));
  const words = Math.ceil(ends.length / 32);
  const reached = [new Uint32Array(width * words), new Uint32Array(width * words)] as const;
  for (const row of rows) {
    const reach = row.kind === "half-open" ? 1 : isWhole(row, axis) ? 3 : 2;
    const others = reach === 2 && isUnlimited(row) ? bitsOf(row[axis === "clients" ? "servers" : "clients"], places, words) : undefined;
    for (const column of columnsOf(row)) {
      best[column] = Math.max(best[column] as number, reach);
      if (row.certainty.sure) sure[column] = Math.max(sure[column] as number, reach);
      if (others === undefined) continue;
      take(reached[0], column, others);
      if (row.certainty.sure) take(reached[1], column, others);
    }
  }
  return best.map((reach, column) => {
    const whole = isFull(reached[1], column, words, ends.length);
    const certain = whole ? 3 : (sure[column] as number);
    const most = isFull(reached[0], column, words, ends.length) ? 3 : reach;
    // What works for sure counts, and what half works never hides it; conditions are told where nothing works without.
    return certain >= 2 ? certain : most >= 2 ? most + DEPENDS : certain > 0 ? certain : most > 0 ? most + DEPENDS : 0;
  });
}

/** No interface and no further field narrows the row. */
const isUnlimited = ({ through, with: only = [] }: PolicyRow): boolean => through === "" && only.length === 0;

/** Nobody asks for less than this. */
function isWhole(row: PolicyRow, axis: GridAxis): boolean {
  const end = axis === "clients" ? row.to : row.from;
  return isUnlimited(row) && (end === "anywhere" || end === "self");
}

function bitsOf(ids: readonly string[], places: ReadonlyMap<string, number>, words: number): Uint32Array {
  const bits = new Uint32Array(words);
  for (const id of ids) {
    const at = places.get(id);
    if (at === undefined) continue;
    bits[at >>> 5] = (bits[at >>> 5] as number) | (1 << (at & 31));
  }
  return bits;
}

function take(into: Uint32Array, column: number, bits: Uint32Array): void {
  for (let word = 0; word < bits.length; word++) {
    const at = column * bits.length + word;
    into[at] = (into[at] as number) | (bits[word] as number);
  }
}

function isFull(bits: Uint32Array, column: number, words: number, count: number): boolean {
  for (let index = 0; index < count; index++)
    if ((((bits[column * words + (index >>> 5)] as number) >>> (index & 31)) & 1) === 0) return false;
  return true;
}
