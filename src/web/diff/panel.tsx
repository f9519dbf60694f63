import "./diff.css";
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { MoreButton } from "../controls/more-button.tsx";
import { printable } from "../../report/index.ts";
import { documents, isEdited } from "../state/documents.ts";
import { ChangeCard } from "./change-card.tsx";
import { Chooser } from "./chooser.tsx";
import { MergePane } from "./merge-pane.tsx";
import { Outcome } from "./outcome.tsx";
import { comparing, compared, everything, isCurrent, otherRules, sides, stopComparing, type Comparison } from "./state.ts";
import { takeFiles } from "./taking.ts";
import type { ChangeSection } from "./view.ts";

/** What two rulesets treat differently: the differences in what they do, and below the texts beside each other. */
export function Panel(): JSX.Element {
  const { answer, again } = comparing();
  const { state, value, fault } = answer.value;
  const { rules4, rules6 } = documents.value;
  const empty = rules4.trim() === "" && rules6.trim() === "";
  const [before, after] = sides.value.names;
  return (
    <div
      class="stack large"
      data-takes-files
      onDragOver={event => event.preventDefault()}
      onDrop={event => {
        event.preventDefault();
        void takeFiles([...(event.dataTransfer?.files ?? [])]);
      }}
    >
      <Chooser />
      {empty ? (
        <p class="notice">Open a ruleset, or write rules; then choose what to compare them with, or drop a file here.</p>
      ) : (
        <>
          <h2 class="from-rules">{compared.value === "families" ? "IPv4 → IPv6" : `${printable(before)} → ${printable(after)}`}</h2>
          {compared.value === "rulesets" && otherRules.value === undefined && !isEdited.value ? (
            <p class="notice">
              The rules are as they were opened. Change them and see here what the change opens and closes, or compare them with others: a
              file, which you may also drop here, pasted rules, or an example.
            </p>
          ) : null}
          <div role="status" class="status">
            {state === "asking" ? (
              <p class="row notice">
                <span class="busy" aria-hidden="true" />
                {value && !isCurrent(value)
                  ? "The rules have changed: what is shown is from before …"
                  : "Comparing for all sessions and packets …"}
                <button type="button" class="button small" onClick={stopComparing}>
                  Stop
                </button>
              </p>
            ) : state === "failed" || state === "stopped" ? (
              <p class="row notice warn">
                {state === "stopped" ? "You stopped the comparison." : `The comparison failed: ${printable(fault)}.`}
                <button type="button" class="button small" onClick={again}>
                  Compare again
                </button>
              </p>
            ) : null}
          </div>
          {value ? <Found of={value} /> : null}
          <MergePane />
        </>
      )}
    </div>
  );
}

/** Changes that are drawn at once. */
const PAGE = 20;

function Found({ of }: { readonly of: Comparison }): JSX.Element {
  const { found } = of;
  return (
    <section class="stack large" aria-label="What differs">
      <Outcome found={found} />
      {found.sections.length > 0 ? (
        <p>
          <button type="button" class="act small" onClick={() => document.querySelector("#diff-texts")?.scrollIntoView()}>
            Go to the texts
          </button>
        </p>
      ) : null}
      {found.sections.map(section => (
        <Section key={section.title} section={section} of={of} />
      ))}
      {found.left > 0 && !found.wish.all ? (
        <p>
          <button
            type="button"
            class="button"
            onClick={() => {
              everything.value = true;
            }}
          >
            List every class
          </button>
        </p>
      ) : null}
    </section>
  );
}

function Section({ section, of }: { readonly section: ChangeSection; readonly of: Comparison }): JSX.Element {
  const shown = useSignal(PAGE);
  const main = section.changes.filter(({ aside }) => !aside);
  const asides = section.changes.filter(({ aside }) => aside);
  const rest = main.length - shown.value;
  return (
    <section class="stack" aria-label={section.title}>
      <h3>{section.title}</h3>
      <ul class="plain-list stack">
        {main.slice(0, shown.value).map((change, index) => (
          <ChangeCard key={`${of.round} ${index}`} change={change} of={of} />
        ))}
      </ul>
      <MoreButton rest={rest} shown={shown} page={PAGE} />
      {asides.length > 0 ? (
        <details>
          <summary>
            {asides.length} {asides.length === 1 ? "class" : "classes"} of packets aside from sessions: errors, expected connections,
            INVALID packets
          </summary>
          <ul class="plain-list stack">
            {asides.slice(0, 100).map((change, index) => (
              <ChangeCard key={`${of.round} ${index}`} change={change} of={of} />
            ))}
          </ul>
        </details>
      ) : null}
    </section>
  );
}
