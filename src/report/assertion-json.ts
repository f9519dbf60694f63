import type { AssertionRun } from "../analysis/assertions/result.ts";
import { partJson } from "./query-json.ts";
import type { Json } from "./trace-json.ts";

/** Version of the JSON that `test --json` prints. */
export const ASSERTION_JSON_VERSION = 1;

/** A run as JSON (docs/json.md). */
export function assertionJson({ file, results, assumptions }: AssertionRun): Json {
  return {
    ferrule: "test",
    version: ASSERTION_JSON_VERSION,
    file,
    assumed: assumptions,
    held: results.filter(({ outcome }) => outcome === "holds").length,
    results: results.map(({ name, kind, at, outcome, message, details, counterexamples, depends }) => ({
      name: name.trim(),
      kind,
      file: at.file,
      line: at.line,
      column: at.column,
      outcome,
      message,
      details,
      depends,
      counterexamples: counterexamples.map(partJson),
    })),
  };
}
