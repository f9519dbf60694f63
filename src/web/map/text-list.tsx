import type { JSX } from "preact";
import { printable } from "../../report/index.ts";
import { hits } from "../state/hits.ts";
import { chainAt, counted, packetsText, type ChainFigures } from "./census.ts";
import { plan } from "./arrangement.ts";
import type { PlannedHook } from "./plan.ts";
import { figures, shownFamily, zoomInto } from "./state.ts";
import { KERNEL_WORDS } from "./words.ts";

/** Chains of a table that are listed at most. */
const LISTED = 500;

/** The map in words: what runs at each hook in order, then the chains of each table. */
export function TextList(): JSX.Element {
  const family = shownFamily.value;
  return (
    <div class="map-list stack large">
      <p class="soft">
        A packet from outside meets PREROUTING, then, after the routing decision, INPUT if it is for this machine, or FORWARD and
        POSTROUTING if it is for another. A packet of a local process meets OUTPUT and POSTROUTING.
      </p>
      {plan("narrow").hooks.map(planned => (
        <HookInWords key={planned.hook} planned={planned} />
      ))}
      {[...figures.value].map(([table, chains]) => {
        const own = [...chains.values()].filter(({ chain }) => chain.policy === undefined);
        if (own.length === 0) return null;
        return (
          <section key={table}>
            <h3>
              Chains of table {printable(table)} ({own.length})
            </h3>
            <ul>
              {own.slice(0, LISTED).map(found => (
                <li key={found.chain.name}>
                  <ChainInWords name={found.chain.name} found={found} enter={() => zoomInto({ family, table, chain: found.chain.name })} />
                </li>
              ))}
            </ul>
            {own.length > LISTED && <p class="soft">and {own.length - LISTED} more</p>}
          </section>
        );
      })}
      {hits.value && <p class="soft">Hits are of {printable(hits.value.of)}.</p>}
    </div>
  );
}

function HookInWords({ planned }: { readonly planned: PlannedHook }): JSX.Element {
  const { hook, rows } = planned;
  const family = shownFamily.value;
  return (
    <section>
      <h3>{hook}</h3>
      <ol>
        {rows.map(({ kind, name }) => {
          const found = kind === "table" ? chainAt(figures.value, hook, name) : undefined;
          return (
            <li key={name}>
              {kind === "kernel" ? (
                <span class="soft">{KERNEL_WORDS[name]}</span>
              ) : found ? (
                <ChainInWords name={name} found={found} enter={() => zoomInto({ family, table: name, chain: hook })} />
              ) : (
                <span class="soft">{name}: no table</span>
              )}
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function ChainInWords({
  name,
  found,
  enter,
}: {
  readonly name: string;
  readonly found: ChainFigures;
  readonly enter: () => void;
}): JSX.Element {
  const { chain, below } = found;
  const parts = [
    counted(chain.rules.length, "rule"),
    ...(chain.policy === undefined ? [] : [`policy ${chain.policy}`]),
    ...(below > 0 ? [`reaches ${counted(below, "chain")}`] : []),
    packetsText(found),
  ].filter(part => part !== "");
  return (
    <>
      <button type="button" class="act from-rules" onClick={enter}>
        {printable(name)}
      </button>
      : {parts.join(", ")}
    </>
  );
}
