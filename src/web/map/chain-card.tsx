import { useComputed, type Signal } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { printable } from "../../report/index.ts";
import { chainKey, hits } from "../state/hits.ts";
import { step } from "../state/traced.ts";
import type { OutlineChain } from "../work/outline.ts";
import { counted } from "./census.ts";
import { traceIn } from "./chain-trace.ts";
import { callersOf } from "./neighbours.ts";
import { RuleRow } from "./rule-row.tsx";
import { CARD, type ChainPlace } from "./scene.ts";
import { chainsOf, shownTrace, zoomInto } from "./state.ts";
import { VirtualRows } from "./virtual-rows.tsx";

/** Callers beyond these are only counted. */
const CALLERS = 6;

/** The card of the chain that was zoomed into: who calls it, its rules, its policy. */
export function ChainCard(props: {
  readonly place: ChainPlace;
  readonly chain: OutlineChain;
  /** How far its list is scrolled, in CSS pixels. */
  readonly scrolled: Signal<number>;
}): JSX.Element {
  const { place, chain, scrolled } = props;
  const { family, table } = place;
  const traced = useComputed(() => shownTrace.value && traceIn(shownTrace.value, step.value, place)).value;
  const counting = hits.value;
  const follow = (name: string): void => zoomInto({ ...place, chain: name });
  const isCounted = counting !== undefined && counting.uncountedPolicies?.has(family) !== true;
  const policyHits = counting?.policies.get(chainKey(family, table, chain.name))?.packets ?? 0;
  const policyTraced = traced?.rules.has(0) ?? false;
  return (
    <>
      <header class="map-card-title">
        <h2 class="from-rules">{printable(chain.name)}</h2>
        <span class="soft small">
          {table} · {counted(chain.rules.length, "rule")}
        </span>
      </header>
      <Callers place={place} chain={chain} />
      {chain.rules.length === 0 ? (
        <p class="map-card-empty soft small">No rules.</p>
      ) : (
        <VirtualRows
          label={`Rules of ${printable(chain.name)}`}
          count={chain.rules.length}
          rowHeight={CARD.rule}
          class="map-card-rules"
          shown={traced?.here !== undefined && traced.here > 0 ? traced.here - 1 : undefined}
          onScrolled={top => {
            scrolled.value = top;
          }}
          row={(index, focusable) => {
            const rule = chain.rules[index];
            return (
              rule && (
                <RuleRow
                  rule={rule}
                  chain={chain.name}
                  family={family}
                  hits={counting && (counting.lines[family].get(rule.line)?.packets ?? 0)}
                  matched={traced?.rules.get(rule.number)}
                  here={traced?.here === rule.number}
                  focusable={focusable}
                  follow={follow}
                />
              )
            );
          }}
        />
      )}
      <footer class={`map-card-policy small${traced?.here === 0 ? " here" : ""}`}>
        {chain.policy === undefined ? (
          <span class="soft">after the last rule: back to the caller</span>
        ) : (
          <>
            <span class="soft">policy</span>
            <span class={`badge ${chain.policy === "DROP" ? "drop" : "accept"}`}>{chain.policy}</span>
            {policyTraced && <span>✓ decided</span>}
            {isCounted && (
              <span class="soft">{policyHits === 0 ? "no packet came to it" : `${counted(policyHits, "packet")} came to it`}</span>
            )}
          </>
        )}
      </footer>
    </>
  );
}

function Callers({ place, chain }: { readonly place: ChainPlace; readonly chain: OutlineChain }): JSX.Element | null {
  const chains = chainsOf(place.table);
  const callers = useMemo(() => callersOf(chains, chain.name), [chains, chain.name]);
  if (chain.policy !== undefined) return null;
  return (
    <p class="map-card-callers small soft">
      {callers.length === 0 ? "No rule calls it." : "called by "}
      {callers.slice(0, CALLERS).map(({ from, rules }, index) => (
        <span key={from}>
          {index > 0 && ", "}
          <button type="button" class="act from-rules" onClick={() => zoomInto({ ...place, chain: from })}>
            {printable(from)}
          </button>{" "}
          {rules.length === 1 ? `rule ${rules[0]}` : counted(rules.length, "rule")}
        </span>
      ))}
      {callers.length > CALLERS && ` and ${callers.length - CALLERS} more`}
    </p>
  );
}
