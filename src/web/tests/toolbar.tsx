import type { JSX } from "preact";
import { useSignal } from "@preact/signals";
import { save } from "../work/save-file.ts";
import example from "./example.yaml?raw";
import { assertions, FILE_NAME, startFromPolicy, starting, stopStarting, tested } from "./state.ts";

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
  const { value, state } = tested.value;
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
        <span class="tests-spacer" />
        <button
          type="button"
          class="button"
          disabled={assertions.value.trim() === ""}
          title="The file itself: ferrule test takes it"
          onClick={() => save(new Blob([assertions.peek()], { type: "application/yaml" }), FILE_NAME)}
        >
          Save YAML
        </button>
        <button
          type="button"
          class="button"
          disabled={!ready}
          title="The results in the Test Anything Protocol"
          onClick={() => save(new Blob([tested.peek().value?.tap ?? ""], { type: "text/plain" }), "firewall.tap")}
        >
          TAP
        </button>
        <button
          type="button"
          class="button"
          disabled={!ready}
          title="The results as JUnit XML"
          onClick={() => save(new Blob([tested.peek().value?.junit ?? ""], { type: "application/xml" }), "firewall.xml")}
        >
          JUnit
        </button>
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
