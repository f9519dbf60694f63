import type { JSX } from "preact";
import { readable, stopTesting, testing } from "./state.ts";

/** How many assertions hold, and whether they are being tested again. */
export function Summary(): JSX.Element {
  const { state, value } = testing.answer.value;
  const results = readable.value?.results ?? [];
  const held = results.filter(({ outcome }) => outcome === "holds").length;
  const failed = results.filter(({ outcome }) => outcome === "fails").length;
  const open = results.length - held - failed;
  return (
    <div class="row" role="status">
      {results.length > 0 && (
        <>
          <strong>
            {held} of {results.length} hold
          </strong>
          {failed > 0 && (
            <span class="badge drop">
              ✗ {failed} {failed === 1 ? "fails" : "fail"}
            </span>
          )}
          {open > 0 && <span class="badge warn">? {open} undecided</span>}
          {failed + open === 0 && <span class="badge accept">✓ all proven</span>}
        </>
      )}
      {value !== undefined && value.faults.length > 0 && (
        <span class="badge drop">{results.length > 0 ? "as it was before it could not be read" : "it cannot be read"}</span>
      )}
      {state === "stopped" && (
        <>
          <span class="badge warn">you stopped it</span>
          <button type="button" class="act small" onClick={testing.again}>
            Test again
          </button>
        </>
      )}
      {state === "asking" && (
        <>
          <span class="busy" aria-hidden="true" />
          <span class="small soft">testing…</span>
          <button type="button" class="act small" onClick={stopTesting}>
            Give up
          </button>
        </>
      )}
    </div>
  );
}
