import { computed, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import type { DiffReport } from "../../analysis/diff/index.ts";
import type { Family } from "../../predicate/index.ts";
import { documents, opened, origin, rulesOf, sameDocuments, type Documents } from "../state/documents.ts";
import { whileShown } from "../state/while-shown.ts";
import { asking, type Asking } from "../work/answer.ts";
import { analysisDesk } from "../work/workers.ts";
import type { BothTraces } from "./both-traces.ts";
import type { CompareWish, DiffView } from "./view.ts";

/** A ruleset to compare with. */
export interface OtherRules {
  readonly name: string;
  readonly rules4: string;
  readonly rules6: string;
}

/** What the document is compared with: itself as it was opened or saved last, or other rules. */
export const otherRules: Signal<OtherRules | undefined> = signal(undefined);
export const compared: Signal<DiffReport["compared"]> = signal("rulesets");
/** The document is the new state of affairs, and the other rules are the old one. Undefined: as it usually is. */
export const chosenOrder: Signal<"document-first" | "document-last" | undefined> = signal(undefined);
export const strict: Signal<boolean> = signal(false);
export const everything: Signal<boolean> = signal(false);

/** Is the document what comes after? It usually is when it is compared with what it was, and comes before rules that might take its place. */
export const documentIsAfter: ReadonlySignal<boolean> = computed(() =>
  chosenOrder.value === undefined ? otherRules.value === undefined : chosenOrder.value === "document-last",
);

/** The two sides; sets and machine are the document's on both. */
export interface Sides {
  readonly before: Documents;
  readonly after: Documents;
  readonly names: readonly [before: string, after: string];
}

export const sides: ReadonlySignal<Sides> = computed(() => {
  const document = documents.value;
  const other = otherRules.value ?? opened.value;
  const beside: Documents = { ...document, rules4: other.rules4, rules6: other.rules6 };
  const own = origin.value.name;
  const name = otherRules.value?.name ?? `${own} as it was opened`;
  const ownName = otherRules.value === undefined ? `${own} as it is now` : own;
  return documentIsAfter.value
    ? { before: beside, after: document, names: [name, ownName] }
    : { before: document, after: beside, names: [ownName, name] };
});

const isThere = (text: string): boolean => text.trim() !== "";

/** Families that both sides have rules for; those that one lacks count only where it is the document as it was. */
export const families: ReadonlySignal<readonly Family[]> = computed(() => {
  const { before, after } = sides.value;
  return ([4, 6] as const).filter(family => {
    const key = rulesOf(family);
    const [one, other] = [isThere(before[key]), isThere(after[key])];
    return otherRules.value === undefined ? one || other : one && other;
  });
});

/** Families that one side alone has rules for, so that they are not compared. */
export const alone: ReadonlySignal<readonly Family[]> = computed(() => {
  const { before, after } = sides.value;
  return ([4, 6] as const).filter(family => {
    const key = rulesOf(family);
    return (isThere(before[key]) || isThere(after[key])) && !families.value.includes(family);
  });
});

interface Question {
  readonly sides: Sides;
  readonly wish: CompareWish;
}

/** A comparison and what it is of. */
export interface Comparison extends Question {
  /** Counts comparisons. */
  readonly round: number;
  readonly found: DiffView;
}

const desk = analysisDesk();
let round = 0;

/** What can be asked now; undefined where there is nothing to compare. */
const comparable: ReadonlySignal<Question | undefined> = computed(() => {
  const now = sides.value;
  const wish: CompareWish = {
    compared: compared.value,
    names: now.names,
    families: families.value,
    strict: strict.value,
    all: everything.value,
  };
  const { rules4, rules6 } = documents.value;
  const possible = compared.value === "families" ? isThere(rules4) && isThere(rules6) : families.value.length > 0;
  return possible ? { sides: now, wish } : undefined;
});

const question = whileShown("diff", () => comparable.value);

/** Is a comparison of what is there now? */
export const isCurrent = ({ sides: { before, after } }: Comparison): boolean =>
  sameDocuments(before, sides.value.before) && sameDocuments(after, sides.value.after);

let started: Asking<Comparison> | undefined;

/** The comparison; asked once, whichever panels come and go. */
export function comparing(): Asking<Comparison> {
  started ??= asking(() => question.value, compare, 400);
  return started;
}

async function compare({ sides: now, wish }: Question): Promise<Comparison> {
  return { round: ++round, sides: now, wish, found: await desk.ask(work => work.diff(now.before, now.after, wish)) };
}

/** Gives the comparison up. */
export function stopComparing(): void {
  desk.stop();
}

const tracingDesk = analysisDesk();

/** Traces a witness through both sides. Rejects when another is asked for first. */
export async function traceBoth({ before, after }: Sides, questions: readonly [string, string]): Promise<BothTraces> {
  return await tracingDesk.ask(work => work.bothTraces(before, after, questions));
}

/** A line of one side that the texts beside each other are to show. */
export interface ShownLine {
  readonly side: "before" | "after";
  readonly family: Family;
  readonly line: number;
}

export const shownLine: Signal<ShownLine | undefined> = signal(undefined);
/** The family whose texts stand beside each other. */
export const shownFamily: Signal<Family> = signal(4);
