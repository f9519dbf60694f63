import type { JSX } from "preact";
import { printable } from "../../report/index.ts";
import { goTo, type Traced, type TraceStep } from "../state/traced.ts";
import { playing, position, told } from "./stepping.ts";
import { VirtualRows } from "./virtual-rows.tsx";
import { stepPlace } from "./words.ts";

const ROW_HEIGHT = 24;

/** The steps of the trace that Back and Next go to; a click goes to one. */
export function StepList({ trace }: { readonly trace: Traced }): JSX.Element {
  const shown = told.value;
  return (
    <VirtualRows
      label="Steps"
      count={shown.length}
      rowHeight={ROW_HEIGHT}
      class="map-steps"
      shown={position.value}
      row={(at, focusable) => {
        const index = shown[at] ?? 0;
        const each = trace.steps[index];
        const here = at === position.value;
        return (
          each && (
            <button
              type="button"
              class={`map-step${here ? " here" : ""}${each.matched === false ? " failed" : ""}`}
              tabIndex={focusable ? 0 : -1}
              aria-current={here ? "step" : undefined}
              title={printable(each.text)}
              onClick={() => {
                playing.value = false;
                goTo(index);
              }}
            >
              <span class="map-step-place">{within(each)}</span>
              <span class="map-step-text from-rules">{printable(each.text)}</span>
            </button>
          )
        );
      }}
    />
  );
}

function within(each: TraceStep): string {
  const { hook, table, event } = each;
  if (event === "route") return "routing";
  return table === undefined ? (event === "tracking" ? "conntrack" : (hook ?? "")) : stepPlace(each, hook ?? "", table);
}
