import { computed, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import type { Finding } from "../../analysis/index.ts";
import type { Findings } from "../findings/work.ts";
import type { Answer } from "../work/answer.ts";
import { documents, type Documents } from "./documents.ts";

/** What lint told last, and of which texts; undefined before it has looked. It stays while lint looks again. */
export const looked: Signal<{ readonly texts: Documents; readonly report: Findings } | undefined> = signal(undefined);

/** All that it told. */
export const report: ReadonlySignal<Findings | undefined> = computed(() => looked.value?.report);

/** What it found. */
export const findings: ReadonlySignal<readonly Finding[] | undefined> = computed(() => report.value?.findings);

/** What lint is at; `fault` says why it failed, where it did. */
export const looking: Signal<{ readonly state: Answer<unknown>["state"]; readonly fault: string }> = signal({
  state: "idle",
  fault: "",
});

/** The texts have changed since, so that lines may have moved and fixes may no longer fit. */
export const areStale: ReadonlySignal<boolean> = computed(() => looked.value?.texts !== documents.value);

/** The finding that the list shows in full; undefined for none. */
export const chosen: Signal<Finding | undefined> = signal(undefined);

/** The findings whose fixes are looked at before they are carried out, together; undefined for none. */
export const fixing: Signal<readonly Finding[] | undefined> = signal(undefined);

/** Findings that no comment allows. */
export const openFindings: ReadonlySignal<readonly Finding[]> = computed(
  () => findings.value?.filter(({ suppressed }) => suppressed === undefined) ?? [],
);
