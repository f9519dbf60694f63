import type { JSX } from "preact";
import { printable } from "../../report/index.ts";
import type { Answer } from "../work/answer.ts";
import { stopPolicy } from "./state.ts";

/** How far the analysis is, with what can be done about it; nothing when it is done. */
export function Progress(props: {
  readonly state: Answer<unknown>["state"];
  /** What is shown: nothing, the answer for rules before the last change, the first rows, or the whole answer. */
  readonly stage: "none" | "stale" | "first" | "whole";
  readonly fault: string;
  readonly again: () => void;
}): JSX.Element {
  const { state, stage, fault, again } = props;
  return (
    <div role="status" class="status">
      {state === "asking" ? (
        <p class="row notice">
          <span class="busy" aria-hidden="true" />
          {SAID[stage]}
          <button type="button" class="button small" onClick={stopPolicy}>
            Stop
          </button>
        </p>
      ) : state === "failed" || state === "stopped" ? (
        <p class="row notice warn">
          {state === "stopped" ? "You stopped the analysis." : `The analysis failed: ${printable(fault)}.`}
          {stage === "stale" ? " What is shown is for the rules before the last change." : null}
          <button type="button" class="button small" onClick={again}>
            Analyse again
          </button>
        </p>
      ) : state === "done" ? (
        <span class="visually-hidden">The answer is there.</span>
      ) : null}
    </div>
  );
}

const SAID = {
  none: "Working out what the rules allow …",
  stale: "The rules have changed: what is shown is from before, the new answer is on its way …",
  first: "The first rows are here, the others are on their way …",
  whole: "Working it out again …",
} as const;
