import { useEffect } from "preact/hooks";
import type { JSX } from "preact";
import { printable } from "../../report/index.ts";
import { documents, origin } from "../state/documents.ts";
import { Drawing } from "./drawing.tsx";
import { Import } from "./import.tsx";
import { Interfaces } from "./interfaces.tsx";
import { Listeners } from "./listeners.tsx";
import { change, changeFault, machine, machineFault, watchMachine } from "./machine.ts";
import { Routes } from "./routes.tsx";
import { Settings } from "./settings.tsx";
import { HostFaults, HostText } from "./text.tsx";
import "./host.css";

/** The machine that the rules stand on: a drawing, a form, a way to take it from the real one, and its text. */
export function Panel(): JSX.Element {
  useEffect(watchMachine, []);
  const page = machine.value;
  const failed =
    machineFault.value === "" ? null : (
      <p class="notice fault from-rules" role="alert">
        The machine could not be read: {printable(machineFault.value)}
      </p>
    );
  if (!page) return failed ?? <p class="soft">Reading …</p>;
  const readOnly = origin.value.readOnly !== undefined;
  const faulty = page.assumed && documents.value.host.trim() !== "";
  const fixed = readOnly || page.assumed;
  return (
    <div class="host stack large">
      {failed}
      <HostFaults />
      {page.assumed && !faulty ? (
        <div class="notice stack">
          <p>
            <strong>Nobody has described the machine.</strong> Below, greyed, is what the rules let assume. Answers say what they took for
            granted.
          </p>
          <div class="row">
            <button type="button" class="button primary" disabled={readOnly} onClick={() => void change({ do: "adopt" })}>
              Make it mine
            </button>
            <span class="soft">and then change what is different, or take it from the machine itself, below.</span>
          </div>
        </div>
      ) : null}
      <Drawing page={page} />
      {page.sentences.length === 0 ? null : (
        <details>
          <summary>Taken for granted ({page.sentences.length})</summary>
          <ul class="host-list">
            {page.sentences.map(sentence => (
              <li key={sentence} class="from-rules">
                {printable(sentence)}
              </li>
            ))}
          </ul>
        </details>
      )}
      {changeFault.value === "" ? null : (
        <p class="notice fault from-rules" role="alert">
          {printable(changeFault.value)}
        </p>
      )}
      <div class={page.assumed ? "host-form assumed stack large" : "host-form stack large"}>
        <Interfaces page={page} fixed={fixed} />
        <Routes page={page} fixed={fixed} />
        <Settings page={page} fixed={fixed} />
        <Listeners page={page} fixed={fixed} />
      </div>
      {readOnly ? null : <Import />}
      <HostText fixed={readOnly} text={page.text} />
    </div>
  );
}
