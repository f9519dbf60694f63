import { documents } from "../state/documents.ts";
import { reading } from "../state/reading.ts";
import { asking } from "../work/answer.ts";
import { rulesWork } from "../work/workers.ts";
import { effect } from "@preact/signals";

/** Reads the texts, now and whenever they change. */
export function startReading(): void {
  const { answer } = asking(
    () => documents.value,
    texts => rulesWork().read(texts),
    150,
  );
  effect(() => {
    if (answer.value.state === "done") reading.value = answer.value.value;
  });
}
