import type { JSX } from "preact";
import { printable, witnessText } from "../../report/index.ts";
import { findings } from "../state/findings.ts";
import { question } from "../state/traced.ts";
import { advice, adviceFault } from "./advice.ts";
import type { Suggestion } from "./suggestions.ts";

/** Packets that show what lint found, the first few. */
function found(): readonly Suggestion[] {
  const shown: Suggestion[] = [];
  for (const { code, witness, at, suppressed } of findings.value ?? []) {
    if (witness === undefined || suppressed !== undefined || shown.length >= FOUND_MAX) continue;
    const text = witnessText(witness);
    if (!shown.some(each => each.text === text))
      shown.push({ title: at.line > 0 ? `what ${code} found, line ${at.line}` : `what ${code} found`, text });
  }
  return shown;
}

const FOUND_MAX = 4;

/** Questions that these rules suggest; a click asks, and says that it was chosen. */
export function Suggestions({ chosen }: { readonly chosen: () => void }): JSX.Element | null {
  const suggestions = [...(advice.value?.suggestions ?? []), ...found()];
  if (suggestions.length === 0)
    return (
      <p class="soft small from-rules">
        {adviceFault.value === "" ? "These rules suggest none." : `They could not be made: ${printable(adviceFault.value)}`}
      </p>
    );
  return (
    <div>
      <ul class="trace-suggestions" aria-label="Questions that these rules suggest">
        {suggestions.map(({ title, text }) => (
          <li key={text}>
            <button
              type="button"
              class="button from-rules"
              title={printable(text)}
              aria-pressed={question.value.trim() === text}
              onClick={() => {
                question.value = text;
                chosen();
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
