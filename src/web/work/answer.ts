import { effect, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { openings } from "../state/documents.ts";
import { Stopped, Superseded } from "./desk.ts";
import { reasonOf } from "./reason.ts";

/** How far the answer to a question is: `stopped` when somebody gave it up. `value` is the last good one, so that a panel can show it while the next is on its way. */
export interface Answer<Value> {
  readonly state: "idle" | "asking" | "done" | "failed" | "stopped";
  readonly value: Value | undefined;
  /** What went wrong; empty when nothing did. */
  readonly fault: string;
}

/** The answer to a question that is asked again whenever it changes. */
export interface Asking<Value> {
  readonly answer: ReadonlySignal<Answer<Value>>;
  /** Asks once more, though nothing changed. */
  again(): void;
  /** Asks no more. */
  stop(): void;
}

/**
 * Asks whenever `question` gives something new, `pause` ms after the last change; undefined asks nothing. `question` reads signals; `ask`
 * may take long. Answers to questions that are out of date are dropped, and what is known of one firewall when another is opened.
 */
export function asking<Question, Value>(
  question: () => Question | undefined,
  ask: (question: Question) => Promise<Value>,
  pause = 250,
): Asking<Value> {
  const answer: Signal<Answer<Value>> = signal({ state: "idle", value: undefined, fault: "" });
  const round = signal(0);
  let current = 0;
  let opening = openings.peek();
  const stop = effect(() => {
    const asked = question();
    if (openings.value !== opening) {
      opening = openings.value;
      answer.value = { state: "idle", value: undefined, fault: "" };
    }
    const first = round.value === 0 && answer.peek().value === undefined;
    const mine = ++current;
    if (asked === undefined) {
      answer.value = { state: "idle", value: undefined, fault: "" };
      return undefined;
    }
    const timer = setTimeout(
      () => {
        answer.value = { ...answer.peek(), state: "asking", fault: "" };
        ask(asked).then(
          value => {
            if (mine === current) answer.value = { state: "done", value, fault: "" };
          },
          (fault: unknown) => {
            if (mine !== current || fault instanceof Superseded) return;
            const stopped = fault instanceof Stopped;
            answer.value = { ...answer.peek(), state: stopped ? "stopped" : "failed", fault: stopped ? "" : reasonOf(fault) };
          },
        );
      },
      first ? 0 : pause,
    );
    return () => clearTimeout(timer);
  });
  return {
    answer,
    again: () => {
      round.value++;
    },
    stop: () => {
      current++;
      stop();
    },
  };
}
