import { effect, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { documents } from "../state/documents.ts";
import { asking } from "../work/answer.ts";
import { rulesWork } from "../work/workers.ts";
import type { Advice } from "./suggestions.ts";

const known: Signal<Advice | undefined> = signal(undefined);

/** What the rules suggest to ask; undefined before the first answer. */
export const advice: ReadonlySignal<Advice | undefined> = known;

/** Why nothing is suggested; empty when nothing went wrong. */
export const adviceFault: Signal<string> = signal("");

/** Keeps `advice` up to date until the returned function is called. */
export function startAdvice(): () => void {
  const { answer, stop } = asking(
    () => documents.value,
    texts => rulesWork().traceAdvice(texts),
    300,
  );
  const end = effect(() => {
    const { state, value, fault } = answer.value;
    if (state === "done") known.value = value;
    adviceFault.value = state === "failed" ? fault : "";
  });
  return () => {
    end();
    stop();
  };
}
