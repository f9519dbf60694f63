import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { Checkbox } from "../controls/checkbox.tsx";
import { MoreButton } from "../controls/more-button.tsx";
import { printable } from "../../report/index.ts";
import { CounterexampleView } from "./counterexample.tsx";
import type { TestResult } from "./run.ts";
import { shownLine } from "./state.ts";

const BADGE = { holds: "accept", fails: "drop", undecided: "warn" } as const;
const SIGN = { holds: "✓ holds", fails: "✗ fails", undecided: "? open" } as const;

/** Results that are drawn at first: a page of thousands would be slow. */
const FIRST = 100;

/** What became of each assertion; those that fail say why, with packets that show it. */
export function Results({ results }: { readonly results: readonly TestResult[] }): JSX.Element | null {
  const failing = useSignal(false);
  const many = useSignal(FIRST);
  if (results.length === 0) return null;
  const chosen = failing.value ? results.filter(({ outcome }) => outcome !== "holds") : results;
  const shown = chosen.slice(0, many.value);
  return (
    <section class="stack" aria-label="Results">
      <Checkbox checked={failing} class="row small">
        only what does not hold
      </Checkbox>
      {chosen.length === 0 && <p class="soft">Everything holds.</p>}
      <ol class="tests-results">
        {shown.map((result, index) => (
          <li key={`${result.line} ${index}`} class={result.outcome === "holds" ? "" : "card"}>
            <Result result={result} />
          </li>
        ))}
      </ol>
      <MoreButton rest={chosen.length - shown.length} shown={many} page={FIRST} />
    </section>
  );
}

function Result({ result }: { readonly result: TestResult }): JSX.Element {
  const { name, line, outcome, message, details, depends, counterexamples } = result;
  const title = printable(name.split("\n").join(" "));
  const head = (
    <div class="tests-head">
      <span class={`badge ${BADGE[outcome]}`}>{SIGN[outcome]}</span>
      <button
        type="button"
        class="act from-rules tests-name"
        title={`line ${line}`}
        onClick={() => {
          shownLine.value = { line };
        }}
      >
        {title}
      </button>
    </div>
  );
  if (outcome === "holds") return head;
  return (
    <div class="stack">
      {head}
      <p class="from-rules">{printable(message)}</p>
      {depends.map(condition => (
        <p key={condition} class="from-rules">
          It depends on: {printable(condition)}
        </p>
      ))}
      {details.length > 0 && (
        <ul class="tests-details">
          {details.map(detail => (
            <li key={detail} class="from-rules">
              {printable(detail)}
            </li>
          ))}
        </ul>
      )}
      {counterexamples.map((counterexample, index) => (
        <CounterexampleView key={index} counterexample={counterexample} />
      ))}
    </div>
  );
}
