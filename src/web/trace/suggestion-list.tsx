import type { Signal } from "@preact/signals";
import type { JSX } from "preact";
import { printable } from "../../report/index.ts";
import { findings } from "../state/findings.ts";
import { question } from "../state/traced.ts";
import { advice } from "./advice.ts";
import type { Suggestion } from "./suggestions.ts";

/** Packets that show what lint found, the first few. */
function found(): readonly Suggestion[] {
  const shown: Suggestion[] = [];
  for (const { code, witness, at, suppressed } of findings.value ?? []) {
    if (witness === undefined || suppressed !== undefined || shown.length >= FOUND_MAX) continue;
    const text = witness.about === "session" ? `session ${witness.packet}` : witness.packet;
    if (!shown.some(each => each.text === text))
      shown.push({ title: at.line > 0 ? `what ${code} found, line ${at.line}` : `what ${code} found`, text });
  }
  return shown;
}

const FOUND_MAX = 4;

/** Questions that these rules suggest; a click asks. */
export function Suggestions({ line }: { readonly line: Signal<number> }): JSX.Element | null {
  const suggestions = [...(advice.value?.suggestions ?? []), ...found()];
  if (suggestions.length === 0) return null;
  return (
    <div class="stack">
      <h2 class="label" id="trace-suggestions">
        Questions that these rules suggest
      </h2>
      <ul class="trace-suggestions" aria-labelledby="trace-suggestions">
        {suggestions.map(({ title, text }) => (
          <li key={text}>
            <button
              type="button"
              class="button from-rules"
              title={printable(text)}
              aria-pressed={question.value.trim() === text}
              onClick={() => {
                question.value = text;
                line.value = 0;
              }}
            >
              {printable(title)}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
