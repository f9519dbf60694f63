import type { JSX } from "preact";
import { printable } from "../../report/index.ts";
import { RuleLink } from "../controls/rule-link.tsx";
import type { RowView } from "./view.ts";
import { WitnessLink } from "./witness-link.tsx";

/** Rules that one row names. */
const RULES_SHOWN = 8;

/** All that is known of one row: who, whom, how, on what conditions, by which rules, and a witness. */
export function RowCard({ row }: { readonly row: RowView }): JSX.Element {
  const { kind, services, from, to, through, with: only, becomes, depends, fails, witness, decidedBy } = row;
  return (
    <li class="card policy-row">
      <p>
        {kind === "usable" ? <span class="badge accept">● usable</span> : <span class="badge reject">◌ half-open</span>}{" "}
        {depends.length > 0 ? <span class="badge warn">? depends</span> : null} <strong class="from-rules">{printable(services)}</strong>
      </p>
      <dl class="policy-facts">
        <Fact name="from" value={from} />
        <Fact name="to" value={to} />
        <Fact name="through" value={through} />
        <Fact name="only with" value={only.join(", ")} />
        <Fact name="NAT" value={becomes.join(", ")} />
        <Fact name="depends on" value={depends.join("; ")} />
        {fails ? (
          <>
            <dt>fails</dt>
            <dd>
              {fails.text} {fails.by ? <RuleLink rule={fails.by} /> : null}
            </dd>
          </>
        ) : null}
        {decidedBy.length > 0 ? (
          <>
            <dt>decided by</dt>
            <dd>
              <ul class="plain-list">
                {decidedBy.slice(0, RULES_SHOWN).map((rule, index) => (
                  <li key={index}>
                    <RuleLink rule={rule} />
                  </li>
                ))}
              </ul>
              {decidedBy.length > RULES_SHOWN ? <p class="soft">and {decidedBy.length - RULES_SHOWN} more rules</p> : null}
            </dd>
          </>
        ) : null}
        {witness === undefined ? null : (
          <>
            <dt>witness</dt>
            <dd>
              <WitnessLink witness={witness} />
            </dd>
          </>
        )}
      </dl>
    </li>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }): JSX.Element | null {
  if (value === "") return null;
  return (
    <>
      <dt>{name}</dt>
      <dd class="from-rules">{printable(value)}</dd>
    </>
  );
}
