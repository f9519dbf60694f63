import type { JSX } from "preact";
import { printable } from "../../report/index.ts";
import { RuleLink } from "../controls/rule-link.tsx";
import { traceThis } from "../state/actions.ts";
import type { Counterexample } from "./run.ts";

const BADGE: ReadonlyMap<string, string> = new Map([
  ["usable", "accept"],
  ["accepted", "accept"],
  ["half-open", "warn"],
  ["rejected", "reject"],
  ["dropped", "drop"],
]);

/** Sessions or packets that contradict an assertion: which, what becomes of them, one to trace, and the rules that decide. */
export function CounterexampleView({ counterexample }: { readonly counterexample: Counterexample }): JSX.Element {
  const { fate, which, depends, witness, doubt, where, decidedBy } = counterexample;
  return (
    <div class="tests-counterexample stack">
      <p>
        <span class={`badge ${BADGE.get(fate) ?? ""}`}>{fate}</span> <span class="from-rules">{printable(which)}</span>
      </p>
      {depends.length > 0 && <p class="small soft from-rules">Depends on {printable(depends.join("; "))}</p>}
      {witness !== undefined && (
        <p>
          <button type="button" class="act rule-text" title="Show it in Trace" onClick={() => traceThis(witness)}>
            {printable(witness)}
          </button>{" "}
          <span class="small soft from-rules">{doubt === "" ? "confirmed by the engine" : `not confirmed: ${printable(doubt)}`}</span>
        </p>
      )}
      {where.map(condition => (
        <p key={condition} class="small soft from-rules">
          where {printable(condition)}
        </p>
      ))}
      {decidedBy.map((rule, index) => (
        <p key={index} class="small">
          {index === 0 ? "by" : "its answer by"} <RuleLink rule={rule} />
        </p>
      ))}
    </div>
  );
}
