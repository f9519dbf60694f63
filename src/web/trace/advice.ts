import type { ReadonlySignal } from "@preact/signals";
import { documents } from "../state/documents.ts";
import { lasting } from "../work/lasting.ts";
import { rulesWork } from "../work/workers.ts";
import type { Advice } from "./suggestions.ts";

const found = lasting(
  () => documents.value,
  texts => rulesWork().traceAdvice(texts),
  300,
);

/** What the rules suggest to ask; undefined before the first answer. */
export const advice: ReadonlySignal<Advice | undefined> = found.value;

/** Why nothing is suggested; empty when nothing went wrong. */
export const adviceFault: ReadonlySignal<string> = found.fault;

/** Keeps `advice` up to date until the returned function is called. */
export const watchAdvice: () => () => void = found.watch;
