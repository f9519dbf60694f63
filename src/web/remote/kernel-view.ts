import { computed, type ReadonlySignal } from "@preact/signals";
import { chosenRules, type KernelChoice, type KernelReading, type ServedEvent } from "../../report/serve/index.ts";
import { hits, type Hits } from "../state/hits.ts";
import { kernelHits } from "./kernel-hits.ts";
import { replace } from "./reload.ts";
import { link, standing } from "./state.ts";

/** Which of the running rules the page shows; null when it shows something else. */
export const kernelShown: ReadonlySignal<KernelChoice | null> = computed(() => {
  const { value: now } = link;
  const found = now.state === "none" ? undefined : now.workspace.documents.find(({ id }) => id === standing.value.id);
  return found?.kernel ?? null;
});

let reading: KernelReading | undefined;
let given: Hits | undefined;

/** Takes new rules and counters of the kernel into the page, where it shows them. */
export function kernelSpoke(event: Extract<ServedEvent, { readonly event: "kernel" | "counts" }>): void {
  const { value: choice } = kernelShown;
  if (event.event === "kernel") reading = event.kernel;
  else if (reading && reading.revision === event.counts.revision) {
    const { at, counts } = event.counts;
    reading = { ...reading, at, rules: reading.rules.map((each, index) => ({ ...each, counts: counts[index] ?? [] })) };
  }
  if (choice === null || !reading) return;
  const { rules, sets, host, at } = reading;
  if (event.event === "kernel") {
    const text = (family: 4 | 6): string => rules[chosenRules(rules, family, choice)]?.text ?? "";
    replace({ rules4: text(4), rules6: text(6), sets, host }, {});
  }
  given = kernelHits(reading, choice, new Date(at).toLocaleTimeString());
  hits.value = given;
}

/** Takes the kernel's counters away when something else is shown. */
export function kernelLeft(): void {
  reading = undefined;
  if (given !== undefined && hits.value === given) hits.value = undefined;
  given = undefined;
}
