import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { printable } from "../../report/index.ts";
import { message } from "./state.ts";

/** ms that a brief message is shown. */
const BRIEFLY = 6000;

/** What the server, or what happened to its files, has to tell, until it is put away. */
export function MessageStrip(): JSX.Element {
  const told = message.value;
  const putAway = (): void => {
    message.value = undefined;
  };
  useEffect(() => {
    if (told?.isBrief !== true) return undefined;
    const timer = setTimeout(putAway, BRIEFLY);
    return () => clearTimeout(timer);
  }, [told]);
  return (
    <div role="status">
      {told === undefined ? null : (
        <div class={`notice remote-message ${told.tone === "note" ? "" : told.tone}`}>
          <p class="from-rules">{printable(told.text)}</p>
          <div class="row">
            {told.actions.map(({ label, act }) => (
              <button type="button" key={label} class="button" onClick={act}>
                {label}
              </button>
            ))}
            <button type="button" class="button plain" onClick={putAway}>
              {told.actions.length > 0 ? "Keep mine" : "Close"}
            </button>
          </div>
        </div>
      )}
    </div>
  );
}
