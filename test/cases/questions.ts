/** All questions, in the order of the collection. */
import type { Question } from "./question.ts";
import { FILTER_QUESTIONS } from "./questions-filter.ts";
import { NAT_QUESTIONS } from "./questions-nat.ts";
import { STATE_QUESTIONS } from "./questions-state.ts";
import { TOOL_QUESTIONS } from "./questions-tools.ts";

export const QUESTIONS: readonly Question[] = [...FILTER_QUESTIONS, ...NAT_QUESTIONS, ...STATE_QUESTIONS, ...TOOL_QUESTIONS].toSorted(
  (a, b) => (a.id < b.id ? -1 : 1),
);
