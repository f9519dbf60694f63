import { computed, effect, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { goTo, step, traced, type TraceStep } from "../state/traced.ts";
import { nearest } from "./nearest.ts";

/** How fast a trace plays, in steps per second of the ordinary pace. */
export const SPEEDS = [0.5, 1, 2, 5, 20] as const;

/** Does the trace walk on by itself? */
export const playing: Signal<boolean> = signal(false);

/** How many steps a second. */
export const speed: Signal<number> = signal(1);

/** Are rules that did not match passed over? */
export const skipping: Signal<boolean> = signal(true);

/** Is this a step that is told even where rules that did not match are passed over? */
function isTold(each: TraceStep): boolean {
  return each.matched !== false;
}

/** The steps that Back and Next go to, as indices into the trace, in order. */
export const told: ReadonlySignal<readonly number[]> = computed(() => {
  const steps = traced.value?.steps ?? [];
  const all = skipping.value ? steps.flatMap((each, index) => (isTold(each) ? [index] : [])) : steps.map((_, index) => index);
  return all.length > 0 ? all : steps.map((_, index) => index);
});

/** Where the trace stands among the steps that are told; 0 without a trace. */
export const position: ReadonlySignal<number> = computed(() => nearest(told.value, step.value));

/** Goes to a step that is told, counted from 0; beyond the ends it stays at the end. */
export function goToTold(at: number): void {
  const index = told.value[Math.max(0, Math.min(at, told.value.length - 1))];
  if (index !== undefined) goTo(index);
}

/** Starts or stops the walk; at the end it starts again from the first step. */
export function togglePlaying(): void {
  if (!playing.value && position.value >= told.value.length - 1) goToTold(0);
  playing.value = !playing.value && told.value.length > 1;
}

/** What a key does to the trace; false when it does nothing. */
export function stepByKey(key: string): boolean {
  const at = { ArrowLeft: position.value - 1, ArrowRight: position.value + 1, Home: 0, End: told.value.length - 1 }[key];
  if (at === undefined || told.value.length === 0) return false;
  playing.value = false;
  goToTold(at);
  return true;
}

effect(() => {
  if (!playing.value) return undefined;
  const at = position.value;
  if (at >= told.value.length - 1) {
    playing.value = false;
    return undefined;
  }
  const timer = setTimeout(() => goToTold(at + 1), 1000 / speed.value);
  return () => clearTimeout(timer);
});

effect(() => {
  void traced.value;
  playing.value = false;
});
