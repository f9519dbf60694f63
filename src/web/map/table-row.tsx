import type { JSX } from "preact";
import type { Hook } from "../../xtables/index.ts";
import type { TraceStep } from "../state/traced.ts";
import { counted, packetsText, type ChainFigures } from "./census.ts";
import type { PlannedRow } from "./plan.ts";
import { KERNEL_WORDS, shortened, stepPlace } from "./words.ts";

/** Characters that fit beside a table's name. */
const WORDS = 27;

/** One row of a hook: a table's chain with its figures, faint where there is none; or what the kernel does itself. */
export function TableRow(props: {
  readonly hook: Hook;
  readonly row: PlannedRow;
  readonly found: ChainFigures | undefined;
  readonly passed: boolean;
  /** The step of the trace, where the packet is in this row now. */
  readonly here: TraceStep | undefined;
  readonly focusable: boolean;
  readonly enter: () => void;
  readonly choose: () => void;
}): JSX.Element {
  const { hook, row, found, passed, here, focusable, enter, choose } = props;
  const { name, x, y, width, height } = row;
  const middle = y + height / 2 + 4;
  const state = `${passed ? " passed" : ""}${here ? " here" : ""}`;
  if (row.kind === "kernel")
    return (
      <g class={`map-kernel${state}`}>
        <rect x={x} y={y} width={width} height={height} rx={4} />
        <text x={x + 10} y={middle}>
          {KERNEL_WORDS[name]}
        </text>
      </g>
    );
  if (!found)
    return (
      <g class={`map-row absent${state}`}>
        <rect x={x} y={y} width={width} height={height} rx={5} />
        <text class="map-row-name" x={x + 10} y={middle}>
          {name}
        </text>
        <text class="map-row-figures" x={x + 76} y={middle}>
          no table
        </text>
      </g>
    );
  const { chain, packets, below } = found;
  const policy = chain.policy ?? "";
  const unreached = packets === 0 && !here && !passed;
  const second = packets === undefined ? (below > 0 ? counted(below, "chain") : "") : packetsText(found);
  const words = here ? stepPlace(here, hook) : [counted(chain.rules.length, "rule"), second].filter(part => part !== "").join(" · ");
  // The name says what is seen first, as speech control needs it.
  const told = [
    `chain ${hook} of table ${name}`,
    ...(here ? ["the packet is here", counted(chain.rules.length, "rule")] : []),
    ...(below > 0 ? [`reaches ${counted(below, "chain")}`] : []),
  ];
  return (
    <g
      class={`map-row${state}${unreached ? " unreached" : ""}`}
      role="button"
      tabindex={focusable ? 0 : -1}
      data-row={`${hook} ${name}`}
      aria-label={`${name} ${shortened(words, WORDS)} ${policy}, ${told.join(", ")}`}
      onClick={enter}
      onFocus={choose}
      onKeyDown={event => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        enter();
      }}
    >
      <rect x={x} y={y} width={width} height={height} rx={5} />
      <text class="map-row-name" x={x + 10} y={middle}>
        {`${name} `}
      </text>
      <text class="map-row-figures" x={x + 76} y={middle}>
        {`${shortened(words, WORDS)} `}
      </text>
      <g class={`map-policy ${policy === "DROP" ? "drop" : "accept"}`}>
        <rect x={x + width - 62} y={y + 6} width={56} height={height - 12} rx={(height - 12) / 2} />
        <text x={x + width - 34} y={middle - 0.5} text-anchor="middle">
          {policy}
        </text>
      </g>
    </g>
  );
}
