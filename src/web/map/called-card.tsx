import type { JSX } from "preact";
import { printable } from "../../report/index.ts";
import type { OutlineChain } from "../work/outline.ts";
import { counted, packetsText, type ChainFigures } from "./census.ts";
import { targetTally } from "./neighbours.ts";
import type { Box } from "./plan.ts";

/** Targets that a card names; the others are left out. */
const TARGETS = 3;

/** The card of a chain that is called: its name, how many rules, what they do. A click zooms into it. */
export function CalledCard(props: {
  readonly chain: OutlineChain;
  readonly box: Box;
  readonly terse: boolean;
  readonly figures: Pick<ChainFigures, "packets" | "atLeast">;
  readonly passed: boolean;
  readonly focusable: boolean;
  readonly enter: () => void;
  readonly choose: () => void;
}): JSX.Element {
  const { chain, box, terse, figures, passed, focusable, enter, choose } = props;
  const name = printable(chain.name);
  const tally = targetTally(chain)
    .slice(0, TARGETS)
    .map(({ target, count }) => (target === "jump" ? counted(count, "jump") : `${count} ${printable(target)}`))
    .join(", ");
  const reached = packetsText(figures);
  return (
    <button
      type="button"
      class={`map-called${terse ? " terse" : ""}${passed ? " passed" : ""}${figures.packets === 0 && !passed ? " unreached" : ""}`}
      data-chain={chain.name}
      tabIndex={focusable ? 0 : -1}
      title={`Zooms into ${name}`}
      style={{ left: `${box.x}px`, top: `${box.y}px`, width: `${box.width}px`, height: `${box.height}px` }}
      onClick={enter}
      onFocus={choose}
    >
      <span class="map-called-name from-rules">{name}</span>
      <span class="map-called-count">{terse && reached !== "" ? reached : counted(chain.rules.length, "rule")}</span>
      {!terse && <span class="map-called-tally">{tally}</span>}
      {!terse && reached !== "" && <span class="map-called-tally">{reached}</span>}
    </button>
  );
}
