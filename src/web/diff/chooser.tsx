import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Checkbox } from "../controls/checkbox.tsx";
import { typedInto } from "../controls/typed-into.ts";
import { printable } from "../../report/index.ts";
import type { FileEntry } from "../../report/serve/index.ts";
import { EXAMPLES } from "../examples/index.ts";
import { link } from "../remote/state.ts";
import { documents } from "../state/documents.ts";
import { chosenOrder, compared, documentIsAfter, otherRules, strict } from "./state.ts";
import { servedRules, takeExample, takeFiles, takeOpened, takeServed, takeText, takingNote } from "./taking.ts";

/** What the document is compared with, and how. */
export function Chooser(): JSX.Element {
  const picker = useRef<HTMLInputElement>(null);
  const pastes = useSignal(false);
  const pasted = useSignal("");
  const served = useSignal<readonly FileEntry[]>([]);
  const { rules4, rules6 } = documents.value;
  const bothFamilies = rules4.trim() !== "" && rules6.trim() !== "";
  const server = link.value.state;
  useEffect(() => {
    servedRules().then(
      files => {
        served.value = files;
      },
      () => {
        served.value = [];
      },
    );
  }, [server]);
  const paste = (): void => {
    void takeText("pasted rules", pasted.value).then(done => {
      if (done) pastes.value = false;
    });
  };
  return (
    <section class="stack" aria-label="What is compared">
      <div class="row">
        <span class="label">Compare the rules with:</span>
        <button
          type="button"
          class="button"
          aria-pressed={compared.value === "rulesets" && otherRules.value === undefined}
          onClick={takeOpened}
        >
          as they were opened
        </button>
        <button type="button" class="button" onClick={() => picker.current?.click()}>
          a file …
        </button>
        <button
          type="button"
          class="button"
          aria-expanded={pastes.value}
          onClick={() => {
            pastes.value = !pastes.value;
          }}
        >
          pasted rules …
        </button>
        <select
          class="input diff-select"
          aria-label="Compare with an example"
          value=""
          onChange={event => {
            void takeExample(event.currentTarget.value);
            event.currentTarget.value = "";
          }}
        >
          <option value="">an example …</option>
          {EXAMPLES.map(({ id, title }) => (
            <option key={id} value={id}>
              {title}
            </option>
          ))}
        </select>
        {served.value.length > 0 ? (
          <select
            class="input diff-select"
            aria-label="Compare with a file of the server"
            value=""
            onChange={event => {
              void takeServed(event.currentTarget.value);
              event.currentTarget.value = "";
            }}
          >
            <option value="">a file of the server …</option>
            {served.value.map(({ path }) => (
              <option key={path} value={path}>
                {printable(path)}
              </option>
            ))}
          </select>
        ) : null}
        {bothFamilies ? (
          <button
            type="button"
            class="button"
            aria-pressed={compared.value === "families"}
            onClick={() => {
              compared.value = compared.value === "families" ? "rulesets" : "families";
            }}
          >
            IPv4 with IPv6
          </button>
        ) : null}
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          onChange={event => {
            void takeFiles([...(event.currentTarget.files ?? [])]);
            event.currentTarget.value = "";
          }}
        />
      </div>
      {pastes.value ? (
        <div class="field">
          <label for="diff-paste">Rules to compare with (iptables-save, iptables -S, iptables -L -v -n)</label>
          <textarea id="diff-paste" class="input" rows={5} spellcheck={false} placeholder="*filter …" {...typedInto(pasted)} />
          <div>
            <button type="button" class="button primary" disabled={pasted.value.trim() === ""} onClick={paste}>
              Compare
            </button>
          </div>
        </div>
      ) : null}
      {takingNote.value === "" ? null : (
        <p class="notice from-rules" role="status">
          {printable(takingNote.value)}
        </p>
      )}
      {compared.value === "rulesets" ? (
        <div class="row">
          <button
            type="button"
            class="button small"
            title="Turn the direction of the comparison"
            onClick={() => {
              chosenOrder.value = documentIsAfter.value ? "document-first" : "document-last";
            }}
          >
            ⇄ swap before and after
          </button>
          <Checkbox checked={strict} class="row diff-check">
            strict: logging and marks count as well
          </Checkbox>
        </div>
      ) : null}
    </section>
  );
}
