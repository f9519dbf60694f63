import type { JSX } from "preact";
import { printable } from "../../report/index.ts";
import { RuleLink } from "../controls/rule-link.tsx";
import type { StrayView } from "./view.ts";
import { WitnessLink } from "./witness-link.tsx";

/** Packets that pass outside of sessions; those that pass at the same places, by the same rules, stand together. */
export function StrayList({ strays }: { readonly strays: readonly StrayView[] }): JSX.Element {
  return (
    <ul class="plain-list stack">
      {groupsOf(strays).map((group, index) => (
        <Group key={index} group={group} />
      ))}
    </ul>
  );
}

function groupsOf(strays: readonly StrayView[]): readonly (readonly StrayView[])[] {
  const groups = new Map<string, StrayView[]>();
  for (const stray of strays) {
    const { where, depends, decidedBy } = stray;
    const key = JSON.stringify([where, depends, decidedBy.map(({ table, chain, number }) => [table, chain, number ?? 0])]);
    const group = groups.get(key);
    if (group) group.push(stray);
    else groups.set(key, [stray]);
  }
  return [...groups.values()];
}

function Group({ group }: { readonly group: readonly StrayView[] }): JSX.Element | null {
  const [first] = group;
  if (!first) return null;
  const { where, depends, decidedBy } = first;
  return (
    <li class="card policy-row">
      <dl class="policy-facts">
        {where === "" ? null : (
          <>
            <dt>where</dt>
            <dd class="from-rules">{printable(where)}</dd>
          </>
        )}
        {depends.length === 0 ? null : (
          <>
            <dt>depends on</dt>
            <dd class="from-rules">{printable(depends.join("; "))}</dd>
          </>
        )}
        {decidedBy.length === 0 ? null : (
          <>
            <dt>let in by</dt>
            <dd>
              {decidedBy.map((rule, at) => (
                <RuleLink key={at} rule={rule} />
              ))}
            </dd>
          </>
        )}
      </dl>
      <ul class="plain-list policy-strays">
        {group.map(({ kind, about, witness }, index) => (
          <li key={index}>
            <p>
              <span class="badge warn">{kind}</span> <strong class="from-rules">{printable(about)}</strong>
            </p>
            <WitnessLink witness={witness} />
          </li>
        ))}
      </ul>
    </li>
  );
}
