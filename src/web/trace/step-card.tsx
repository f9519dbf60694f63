import type { JSX } from "preact";
import { PanelLink } from "../controls/panel-link.tsx";
import { connectionText, printable } from "../../report/index.ts";
import { showRule } from "../state/actions.ts";
import { currentStep, traced } from "../state/traced.ts";
import { groupTitle } from "./step-rows.ts";

/** The step that the trace stands at, in full: what happened, by which rule, and the packet's fields after it. */
export function StepCard(): JSX.Element | null {
  const now = currentStep.value;
  if (now === undefined) return null;
  const { number, line, rule, text, failed, matched, fields, chain } = now;
  const family = traced.value?.packets[now.packet]?.family ?? 4;
  return (
    <section class="card trace-step-card" aria-label="The step that is looked at" aria-live="polite">
      <div class="card-title">
        <strong>{groupTitle(now)}</strong>
        {chain === undefined ? null : (
          <span class="from-rules soft">
            {printable(chain)}
            {number === undefined || number === 0 ? "" : ` rule ${number}`}
          </span>
        )}
        <span class="spacer" />
        <PanelLink to="map">on the map</PanelLink>
      </div>
      <div class="card-body stack">
        {rule === "" ? null : line === undefined || line <= 0 ? (
          <code class="rule-text">{printable(rule)}</code>
        ) : (
          <button type="button" class="act rule-text" title={`Show line ${line} in the editor`} onClick={() => showRule({ family, line })}>
            {printable(rule)}
          </button>
        )}
        <p class="from-rules">{matched === false ? `Did not match: ${printable(text)}` : printable(text)}</p>
        {failed === undefined ? null : (
          <p class="soft small">
            the condition that failed: <code class="rule-text">{printable(failed)}</code>
          </p>
        )}
        {now.connection === undefined ? null : <p class="soft small from-rules">tracked as {connectionText(now.connection)}</p>}
        <dl class="trace-fields">
          {fields.map(({ name, value, was }) => (
            <div key={name} class={was === undefined ? undefined : "changed"}>
              <dt>{name}</dt>
              <dd class="rule-text">
                {value}
                {was === undefined ? null : (
                  <>
                    {" "}
                    <span class="badge nat">was {was}</span>
                  </>
                )}
              </dd>
            </div>
          ))}
        </dl>
      </div>
    </section>
  );
}
