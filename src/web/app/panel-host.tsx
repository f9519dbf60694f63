import { useSignal, useSignalEffect } from "@preact/signals";
import type { ComponentType, JSX } from "preact";
import { view } from "../state/view.ts";
import { Boundary } from "./boundary.tsx";
import { PANELS, type PanelEntry } from "./panels.ts";

const loaded = new Map<PanelEntry, ComponentType>();

/** The panel that is shown; its code is loaded first. */
export function PanelHost(): JSX.Element {
  const ready = useSignal(0);
  const fault = useSignal("");
  const entry = PANELS.find(each => each.view === view.value) ?? PANELS[0];
  useSignalEffect(() => {
    const wanted = PANELS.find(each => each.view === view.value);
    if (!wanted || loaded.has(wanted)) return;
    fault.value = "";
    wanted.load().then(
      ({ Panel }) => {
        loaded.set(wanted, Panel);
        ready.value++;
      },
      () => {
        fault.value = `The panel ${wanted.title} could not be loaded. Is the page's server still there?`;
      },
    );
  });
  const Panel = ready.value >= 0 && entry ? loaded.get(entry) : undefined;
  return (
    <div class={entry?.full ? "panel full" : "panel"} role="tabpanel" id="panel" aria-labelledby={`tab-${entry?.view}`} tabIndex={-1}>
      {fault.value !== "" ? (
        <p class="notice fault">{fault.value}</p>
      ) : Panel ? (
        <Boundary key={entry?.view}>
          <Panel />
        </Boundary>
      ) : (
        <p class="soft">Loading …</p>
      )}
    </div>
  );
}
