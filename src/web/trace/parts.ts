import type { Documents } from "../state/documents.ts";
import type { Hits } from "../state/hits.ts";
import type { QuestionFault, Traced, TraceStep } from "../state/traced.ts";
import type { Chance } from "./stage.ts";
import { traceText } from "./work.ts";

/** Steps that cross to the page at once: more would keep it from drawing. */
const PART = 1500;

/** An answer whose steps come in parts: the first part, and how many there are. */
export type TracingParts =
  | { readonly traced: Traced; readonly hits: Hits; readonly id: number; readonly count: number }
  | { readonly faults: readonly QuestionFault[] };

let last: { readonly id: number; readonly steps: readonly TraceStep[] } = { id: 0, steps: [] };

/** As traceText; the steps beyond the first part are asked for by `moreSteps`. */
export function traceInParts(texts: Documents, question: string, chance: Chance): TracingParts {
  const answer = traceText(texts, question, chance);
  if ("faults" in answer) return answer;
  const { traced, hits } = answer;
  last = { id: last.id + 1, steps: traced.steps };
  return { traced: { ...traced, steps: traced.steps.slice(0, PART) }, hits, id: last.id, count: traced.steps.length };
}

/** The next part of an answer's steps; empty when another question was asked since. */
export function moreSteps(id: number, from: number): readonly TraceStep[] {
  return id === last.id ? last.steps.slice(from, from + PART) : [];
}
