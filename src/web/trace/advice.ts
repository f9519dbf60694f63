import { effect, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { documents } from "../state/documents.ts";
import { asking } from "../work/answer.ts";
import { rulesWork } from "../work/workers.ts";
import type { Advice } from "./suggestions.ts";

const known: Signal<Advice | undefined> = signal(undefined);

/** What the rules suggest to ask; undefined before the first answer. */
export const advice: ReadonlySignal<Advice | undefined> = known;

/** Keeps `advice` up to date until the returned function is called. */
export function startAdvice(): () => void {
  const { answer, stop } = asking(
    () => documents.value,
    texts => rulesWork().traceAdvice(texts),
    300,
  );
  const end = effect(() => {
    if (answer.value.state === "done") known.value = answer.value.value;
  });
  return () => {
    end();
    stop();
  };
}
