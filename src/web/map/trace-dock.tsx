import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { PanelLink } from "../controls/panel-link.tsx";
import { Checkbox } from "../controls/checkbox.tsx";
import { printable } from "../../report/index.ts";
import { isNarrow } from "../state/actions.ts";
import { goTo, step, type Traced } from "../state/traced.ts";
import { PacketNow } from "./packet-now.tsx";
import { following } from "./state.ts";
import { StepControls } from "./step-controls.tsx";
import { StepList } from "./step-list.tsx";
import { StepTold } from "./step-told.tsx";
import { stepByKey } from "./stepping.ts";
import "./dock.css";

/** The trace beneath the map: its packets, the steps, and at each what happened, why, and what the packet is like. */
export function TraceDock({ trace }: { readonly trace: Traced }): JSX.Element {
  const listed = useSignal(!isNarrow.value);
  const current = trace.steps[step.value];
  return (
    <section
      class="map-dock"
      aria-label="The trace"
      onKeyDown={event => {
        if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
        if (event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement) return;
        if (stepByKey(event.key)) event.preventDefault();
      }}
    >
      <div class="map-dock-bar">
        {trace.packets.length > 1 && (
          <div class="map-packets" role="group" aria-label="Packets of the trace">
            {trace.packets.map(({ name, first, accepted, from }, index) => (
              <button
                key={index}
                type="button"
                class="button"
                aria-pressed={current?.packet === index}
                ref={current?.packet === index ? broughtIntoView : null}
                title={from === undefined ? "" : `from the ${from}`}
                onClick={() => goTo(first)}
              >
                {printable(name)}
                <span class={accepted ? "map-good" : "map-bad"} aria-hidden="true">
                  {accepted ? "✓" : "✗"}
                </span>
                <span class="visually-hidden">{accepted ? "arrives" : "does not arrive"}</span>
              </button>
            ))}
          </div>
        )}
        <StepControls />
        <Checkbox checked={following} class="map-check small" title="Zooms into the chain that the packet is in">
          follow
        </Checkbox>
        <Checkbox checked={listed} class="map-check small">
          list
        </Checkbox>
        <PanelLink to="trace" class="act small">
          in Trace
        </PanelLink>
      </div>
      <div class={`map-dock-body${listed.value ? " listed" : ""}`}>
        {listed.value && <StepList trace={trace} />}
        {current && (
          <div class="map-dock-step" role="group" aria-label="This step" tabIndex={0}>
            <StepTold trace={trace} index={step.value} />
            <PacketNow current={current} />
          </div>
        )}
      </div>
    </section>
  );
}

function broughtIntoView(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: "nearest", inline: "nearest" });
}
