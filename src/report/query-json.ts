import type { AnswerPart, QueryAnswer } from "../analysis/query/answer.ts";
import { pointerJson, witnessJson } from "./policy-json.ts";
import type { Json } from "./trace-json.ts";

/** Version of the JSON that `query --json` prints. */
export const QUERY_JSON_VERSION = 1;

/** An answer as JSON (docs/json.md). */
export function queryJson({ question, about, verdict, because, parts, complete, depends, assumptions, lacksForwards }: QueryAnswer): Json {
  return {
    ferrule: "query",
    version: QUERY_JSON_VERSION,
    question,
    about,
    answer: verdict,
    because,
    depends,
    assumed: assumptions,
    lacksForwards,
    parts: parts.map(partJson),
    complete,
  };
}

/** A part of an answer, or a counterexample, as JSON. */
export function partJson({ fate, family, path, which, certainty, role, witness, confirmation, decidedBy }: AnswerPart): Json {
  return {
    fate,
    family,
    path,
    which,
    sure: certainty.sure,
    depends: certainty.sure ? [] : certainty.depends,
    fails: role ?? null,
    witness: witness ? witnessJson(witness) : null,
    confirmed: confirmation ? confirmation.confirmed : null,
    reason: confirmation?.reason ?? "",
    decidedBy: decidedBy.map(pointerJson),
  };
}
