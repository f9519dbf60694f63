import type { JSX } from "preact";
import { printable } from "../../report/index.ts";
import { traceThis } from "../state/actions.ts";

/** A packet or session that shows it, which Trace takes. */
export function WitnessLink({ witness }: { readonly witness: string }): JSX.Element {
  return (
    <span>
      <code class="rule-text">{printable(witness)}</code>{" "}
      <button type="button" class="button small" onClick={() => traceThis(witness)} aria-label={`Trace ${printable(witness)}`}>
        Trace
      </button>
    </span>
  );
}
