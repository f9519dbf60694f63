import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { PanelLink } from "../controls/panel-link.tsx";
import { printable } from "../../report/index.ts";
import { documents, origin } from "../state/documents.ts";
import { question, traced, type Traced, type TracedQuestion } from "../state/traced.ts";
import { skipping } from "../map/stepping.ts";
import { rulesWork } from "../work/workers.ts";
import { traceCommand } from "./shell.ts";

/** What became of one line of the question, in plain words. */
export function Outcome({ asked }: { readonly asked: TracedQuestion }): JSX.Element {
  const { good, summary, clientSees, clientSeesText, hints } = asked;
  return (
    <div class={`trace-outcome ${good ? "good" : "bad"}`}>
      <p>
        <strong class={`badge ${good ? "accept" : "drop"}`}>{good ? "✓" : "✕"}</strong>{" "}
        <strong class="from-rules">{printable(summary)}</strong>
      </p>
      {clientSees === "" ? null : (
        <p>
          <span class="soft">The client sees: </span>
          <Seen word={clientSees} text={clientSeesText} />
        </p>
      )}
      {hints.map(hint => (
        <p key={hint} class="notice warn from-rules">
          {printable(hint)}
        </p>
      ))}
    </div>
  );
}

/** How much of what was taken for granted is always seen: where the packet goes comes first. */
const FIRST = 2;

/** What was taken for granted, and what gives certainty. */
export function Assumed({ answer }: { readonly answer: Traced }): JSX.Element | null {
  const { assumed } = answer;
  if (assumed.length === 0) return null;
  const more = assumed.length - FIRST;
  return (
    <details class="trace-assumed">
      <summary>
        Taken for granted: <span class="from-rules">{printable(assumed.slice(0, FIRST).join("; "))}</span>
        {more > 0 ? `; and ${more} more` : ""}
      </summary>
      <ul>
        {assumed.map(sentence => (
          <li key={sentence} class="from-rules">
            {printable(sentence)}
          </li>
        ))}
      </ul>
      {documents.value.host.trim() === "" ? (
        <PanelLink to="host" class="button">
          Describe the machine
        </PanelLink>
      ) : null}
    </details>
  );
}

/** The answer for elsewhere: as text, and as the command that gives the same. */
export function CopyButtons(): JSX.Element {
  const said = useSignal("");
  const copy = async (what: string, text: Promise<string> | string): Promise<void> => {
    try {
      await navigator.clipboard.writeText(await text);
      said.value = `${what} copied`;
    } catch {
      said.value = "the browser does not let this page copy";
    }
  };
  return (
    <span class="row">
      <button
        type="button"
        class="button"
        onClick={() => void copy("text", rulesWork().traceReport(documents.value, question.value, !skipping.value))}
        title="As `ferrule trace` prints it"
      >
        Copy as text
      </button>
      <button
        type="button"
        class="button"
        onClick={() => void copy("command", traceCommand(traced.value?.question ?? question.value, documents.value, origin.value))}
        title="The `ferrule trace` command that asks the same"
      >
        Copy as command
      </button>
      <span class="soft small" role="status">
        {said.value}
      </span>
    </span>
  );
}

/** What a client sees: a word and the sentence for it; an errno's own sentence says both: `Connection refused (ECONNREFUSED), at once`. */
function Seen({ word, text }: { readonly word: string; readonly text: string }): JSX.Element {
  const [, said, rest] = /^([\w ]+)(.*\(E[A-Z]+\).*)$/.exec(text) ?? [];
  if (said !== undefined)
    return (
      <>
        <strong>{said.trimEnd()}</strong>
        <span class="soft">{said.endsWith(" ") ? ` ${rest}` : rest}</span>
      </>
    );
  return (
    <>
      <strong>{word}</strong>
      {text === "" ? null : <span class="soft"> – {text}</span>}
    </>
  );
}
