import { effect, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { asking } from "./answer.ts";

/** An answer that outlives the panel that shows it, and is kept up to date only while that does. */
export interface Lasting<Value> {
  /** The last good answer; undefined before the first. */
  readonly value: ReadonlySignal<Value | undefined>;
  /** Why there is no newer one; empty when nothing went wrong. */
  readonly fault: ReadonlySignal<string>;
  /** Keeps it up to date until the returned function is called. */
  watch(): () => void;
}

/** The answer to a question that is asked again whenever it changes, `pause` ms after the last change, as `asking` does. */
export function lasting<Question, Value>(
  question: () => Question | undefined,
  ask: (question: Question) => Promise<Value>,
  pause: number,
): Lasting<Value> {
  const value: Signal<Value | undefined> = signal(undefined);
  const fault = signal("");
  return {
    value,
    fault,
    watch: () => {
      const { answer, stop } = asking(question, ask, pause);
      const end = effect(() => {
        const { state, value: found, fault: why } = answer.value;
        if (state === "done") value.value = found;
        fault.value = why;
      });
      return () => {
        end();
        stop();
      };
    },
  };
}
