import type { JSX } from "preact";
import { useSignal } from "@preact/signals";
import { FileButtons } from "../controls/file-buttons.tsx";
import example from "./example.yaml?raw";
import { assertions, FILE_NAME, startFromPolicy, starting, stopStarting, testing } from "./state.ts";

/** Ways to begin a file of assertions, and to take it and its results away. */
export function Toolbar(): JSX.Element {
  const asked = useSignal<"policy" | "example" | undefined>(undefined);
  const begin = (how: "policy" | "example"): void => {
    asked.value = undefined;
    if (how === "example") assertions.value = example;
    else void startFromPolicy();
  };
  const ask = (how: "policy" | "example"): void => {
    if (assertions.peek().trim() === "") begin(how);
    else asked.value = how;
  };
  const { value, state } = testing.answer.value;
  const ready = state === "done" && value !== undefined && value.tap !== "";
  return (
    <div class="stack">
      <div class="row">
        <button type="button" class="button" disabled={starting.value.busy} onClick={() => ask("policy")}>
          Write what is allowed now
        </button>
        <button type="button" class="button" onClick={() => ask("example")}>
          Example
        </button>
        <span class="spacer" />
        <FileButtons
          files={[
            {
              title: "Save YAML",
              about: "The file itself: ferrule test takes it",
              name: FILE_NAME,
              type: "application/yaml",
              disabled: assertions.value.trim() === "",
              make: () => assertions.peek(),
            },
            {
              title: "TAP",
              about: "The results in the Test Anything Protocol",
              name: "firewall.tap",
              type: "text/plain",
              disabled: !ready,
              make: () => value?.tap ?? "",
            },
            {
              title: "JUnit",
              about: "The results as JUnit XML",
              name: "firewall.xml",
              type: "application/xml",
              disabled: !ready,
              make: () => value?.junit ?? "",
            },
          ]}
        />
      </div>
      {asked.value && (
        <div class="notice row" role="alert">
          <span>The file below goes when another takes its place.</span>
          <button type="button" class="button primary" onClick={() => begin(asked.peek() ?? "example")}>
            Replace it
          </button>
          <button
            type="button"
            class="button"
            onClick={() => {
              asked.value = undefined;
            }}
          >
            Keep it
          </button>
        </div>
      )}
      {starting.value.busy && (
        <div class="row" role="status">
          <span class="busy" aria-hidden="true" />
          <span class="soft">Finding out what is allowed, and proving each assertion …</span>
          <button type="button" class="act" onClick={stopStarting}>
            Give up
          </button>
        </div>
      )}
    </div>
  );
}
