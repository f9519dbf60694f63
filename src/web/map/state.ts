import { computed, effect, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import type { Family } from "../../predicate/index.ts";
import { hits } from "../state/hits.ts";
import { reading } from "../state/reading.ts";
import { step, traced, type Traced } from "../state/traced.ts";
import type { OutlineChain } from "../work/outline.ts";
import { census, type Census } from "./census.ts";
import type { ChainPlace } from "./scene.ts";
import { walkTo, type Walk } from "./walk.ts";

const chosen: Signal<Family | undefined> = signal(undefined);

/** Families that have rules, 4 first. */
export const families: ReadonlySignal<readonly Family[]> = computed(() =>
  ([4, 6] as const).filter(family => reading.value?.tables.some(table => table.family === family)),
);

/** The family that the map shows. */
export const shownFamily: ReadonlySignal<Family> = computed(() => {
  const { value } = chosen;
  return value !== undefined && families.value.includes(value) ? value : (families.value[0] ?? 4);
});

/** The chains of the shown family, by table and name. */
const chains: ReadonlySignal<ReadonlyMap<string, ReadonlyMap<string, OutlineChain>>> = computed(
  () =>
    new Map(
      (reading.value?.tables ?? [])
        .filter(({ family }) => family === shownFamily.value)
        .map(table => [table.name, new Map(table.chains.map(chain => [chain.name, chain]))]),
    ),
);

/** What the map says of the shown family. */
export const figures: ReadonlySignal<Census> = computed(() => census(reading.value?.tables ?? [], shownFamily.value, hits.value));

/** The chains that were zoomed into, one after the other; empty for the overview. */
const trail: Signal<readonly ChainPlace[]> = signal([]);

/** The same without chains that the rules have no more. */
export const shownTrail: ReadonlySignal<readonly ChainPlace[]> = computed(() =>
  trail.value.filter(({ family, table, chain }) => family === shownFamily.value && chains.value.get(table)?.has(chain)),
);

/** The chain that the map shows; undefined for the overview. */
export const shownChain: ReadonlySignal<ChainPlace | undefined> = computed(() => shownTrail.value.at(-1));

/** Has the map been zoomed by a person? Then what is shown takes the focus that the last drawing had. */
export const hasZoomed: Signal<boolean> = signal(false);

/** Shows the diagram as a list of words? */
export const asList: Signal<boolean> = signal(false);

/** Does the map zoom to where the trace is? */
export const following: Signal<boolean> = signal(false);

/** The trace, where it is of the shown family. */
export const shownTrace: ReadonlySignal<Traced | undefined> = computed(() =>
  traced.value?.family === shownFamily.value && traced.value.steps.length > 0 ? traced.value : undefined,
);

/** The way of the traced packet so far. */
export const walk: ReadonlySignal<Walk | undefined> = computed(() => shownTrace.value && walkTo(shownTrace.value, step.value));

/** Shows the other family. */
export function chooseFamily(family: Family): void {
  chosen.value = family;
}

/** Zooms into a chain; from one that was zoomed into before, back to it. */
export function zoomInto(place: ChainPlace): void {
  hasZoomed.value = true;
  const at = trail.value.findIndex(each => isSame(each, place));
  trail.value = at === -1 ? [...shownTrail.value, place] : trail.value.slice(0, at + 1);
}

/** Zooms into a chain by a way of its own: from the built-in chain where its packet came in. */
function zoomAlong(way: readonly ChainPlace[]): void {
  const same = way.length === trail.value.length && way.every((place, index) => isSame(place, trail.value[index]));
  if (!same) trail.value = way;
}

/** Back by so many chains; further than there are shows the overview. */
export function zoomOut(by = 1): void {
  hasZoomed.value = true;
  trail.value = shownTrail.value.slice(0, Math.max(0, shownTrail.value.length - by));
}

/** The chains of a table of the shown family, by name. */
export function chainsOf(table: string): ReadonlyMap<string, OutlineChain> {
  return chains.value.get(table) ?? new Map();
}

function isSame(one: ChainPlace, other: ChainPlace | undefined): boolean {
  return one.family === other?.family && one.table === other.table && one.chain === other.chain;
}

/** Another trace shows its own family. */
effect(() => {
  if (traced.value) chosen.value = traced.value.family;
});

/** While the map follows the trace, it shows the chain that the packet is in, and the overview between chains. */
effect(() => {
  const trace = shownTrace.value;
  if (!following.value || !trace) return;
  const current = trace.steps[step.value];
  if (current?.table === undefined || current.chain === undefined) {
    zoomAlong([]);
    return;
  }
  const { table, chain, hook } = current;
  const way = hook === undefined || hook === chain ? [chain] : [hook, chain];
  zoomAlong(way.map(each => ({ family: trace.family, table, chain: each })));
});
