import type { PolicyRow, ServiceClass } from "../../analysis/index.ts";
import type { GridAxis, GridColumn } from "../../report/index.ts";

/** How far one gets with a service: nowhere, half a session, with a part of it, to some ends or through some interfaces, everywhere. In the order of their codes. */
const REACHES = ["none", "half-open", "some", "all"] as const;

/** One of them. */
export type Reach = (typeof REACHES)[number];

/** Added to the code of a cell where it depends on conditions. */
export const DEPENDS = 4;

/** A cell by its code. */
export const cellOf = (code: number): { readonly reach: Reach; readonly depends: boolean } => ({
  reach: REACHES[code % DEPENDS] ?? "none",
  depends: code >= DEPENDS,
});

/** A service, and the rows that are about all of it, its own and those of wider services, and about a part of it. */
export interface GridLine {
  readonly name: string;
  readonly service: ServiceClass;
  readonly rows: readonly PolicyRow[];
  readonly parts: readonly PolicyRow[];
}

/** Services by name, in the order in which rows name them. */
export function gridLines(rows: readonly PolicyRow[]): GridLine[] {
  const services = new Map<string, ServiceClass>();
  for (const row of rows) for (const each of row.services) if (!services.has(each.name)) services.set(each.name, each);
  const lines = new Map(
    [...services].map(([name, service]) => [name, { name, service, rows: [] as PolicyRow[], parts: [] as PolicyRow[] }]),
  );
  const related = new Map([...services.keys()].map(name => [name, relationsOf(services.get(name) as ServiceClass, services)]));
  for (const row of rows) {
    const whole = new Set<string>();
    const parts = new Set<string>();
    for (const { name } of row.services) {
      for (const each of related.get(name)?.within ?? []) whole.add(each);
      for (const each of related.get(name)?.touching ?? []) parts.add(each);
    }
    for (const name of whole) lines.get(name)?.rows.push(row);
    for (const name of parts) if (!whole.has(name)) lines.get(name)?.parts.push(row);
  }
  return [...lines.values()];
}

/** The services that are all within one, and those that have something in common with it. */
function relationsOf(
  one: ServiceClass,
  services: ReadonlyMap<string, ServiceClass>,
): { readonly within: readonly string[]; readonly touching: readonly string[] } {
  const touching = [...services].filter(([, each]) => SAID.every(key => meet(one[key], each[key])));
  return {
    touching: touching.map(([name]) => name),
    within: touching.filter(([, each]) => SAID.every(key => isWithin(each[key], one[key]))).map(([name]) => name),
  };
}

/** What a service says. */
const SAID = ["protocols", "ports", "sourcePorts", "icmpTypes"] as const;

/** Is every number of one in the other? Undefined stands for all. */
function isWithin(narrow: ServiceClass["ports"], wide: ServiceClass["ports"]): boolean {
  if (wide === undefined) return true;
  return narrow?.every(([low, high]) => wide.some(range => range[0] <= low && high <= range[1])) ?? false;
}

/** Is some number in both? Undefined stands for all. */
const meet = (one: ServiceClass["ports"], other: ServiceClass["ports"]): boolean =>
  one === undefined || other === undefined || one.some(([low, high]) => other.some(range => range[0] <= high && low <= range[1]));

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
  { rows, parts }: GridLine,
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
  for (const [row, isPart] of [...rows.map(row => [row, false] as const), ...parts.map(row => [row, true] as const)]) {
    const reach = row.kind === "half-open" ? 1 : !isPart && isWhole(row, axis) ? 3 : 2;
    const others = reach === 2 && !isPart && isUnlimited(row) ? bitsOf(row[OTHER[axis]], places, words) : undefined;
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

const OTHER = { clients: "servers", servers: "clients" } as const;

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
