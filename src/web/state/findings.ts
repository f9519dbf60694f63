import { computed, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import type { Finding } from "../../analysis/index.ts";
import { documents, type Documents } from "./documents.ts";

/** What lint found in the texts; undefined before it has looked. Older findings stay while it looks again. */
export const findings: Signal<readonly Finding[] | undefined> = signal(undefined);

/** The texts that the findings are about. */
export const foundIn: Signal<Documents | undefined> = signal(undefined);

/** What lint is at; `fault` says why it failed, where it did. */
export const looking: Signal<{ readonly state: "idle" | "asking" | "done" | "failed"; readonly fault: string }> = signal({
  state: "idle",
  fault: "",
});

/** The texts have changed since, so that lines may have moved and fixes may no longer fit. */
export const areStale: ReadonlySignal<boolean> = computed(() => foundIn.value !== documents.value);

/** The finding that the list shows in full; undefined for none. */
export const chosen: Signal<Finding | undefined> = signal(undefined);

/** The findings whose fixes are looked at before they are carried out, together; undefined for none. */
export const fixing: Signal<readonly Finding[] | undefined> = signal(undefined);

/** Findings that no comment allows. */
export const openFindings: ReadonlySignal<readonly Finding[]> = computed(
  () => findings.value?.filter(({ suppressed }) => suppressed === undefined) ?? [],
);
