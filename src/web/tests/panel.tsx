import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { printable } from "../../report/index.ts";
import { openAssertionEditor } from "./assertion-editor.ts";
import { Missing } from "./missing.tsx";
import "./panel.css";
import { Results } from "./results.tsx";
import { assertions, readable, shownLine, starting, testing } from "./state.ts";
import { Summary } from "./summary.tsx";
import { Toolbar } from "./toolbar.tsx";

/** Assertions on the rules of the editor: proven for all sessions and packets while they are typed. */
export function Panel(): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => (host.current ? openAssertionEditor(host.current) : undefined), []);
  const { value, state, fault } = testing.answer.value;
  const run = readable.value;
  return (
    <div class="tests stack">
      <Toolbar />
      {starting.value.fault !== "" && (
        <p class="notice fault" role="alert">
          The assertions could not be written: {printable(starting.value.fault)}
        </p>
      )}
      <div class="tests-editor" ref={host} />
      {assertions.value.trim() === "" ? (
        <Introduction />
      ) : (
        <>
          <Summary />
          {state === "failed" && (
            <p class="notice fault" role="alert">
              The assertions could not be tested: {printable(fault)}
            </p>
          )}
          {value?.faults.map(({ line, column, message, guess }) => (
            <p key={`${line}:${column} ${message}`} class="notice fault">
              <button
                type="button"
                class="act"
                onClick={() => {
                  shownLine.value = { line };
                }}
              >
                Line {line}, column {column}
              </button>
              : <span class="from-rules">{printable(message)}</span>
              {guess === undefined ? "" : `. Did you mean ${printable(guess)}?`}
            </p>
          ))}
          {run?.notes.map(note => (
            <p key={note} class="notice">
              {printable(note)}
            </p>
          ))}
          {run && <Missing names={run.missing} />}
          {run && <Results results={run.results} />}
          {run && run.assumptions.length > 0 && (
            <p class="small soft from-rules">Taken for granted: {printable(run.assumptions.join("; "))}.</p>
          )}
        </>
      )}
    </div>
  );
}

function Introduction(): JSX.Element {
  return (
    <div class="stack tests-introduction">
      <p>
        Say what the firewall must do, and see at once whether it does: each assertion is proven for all sessions and packets, or a packet
        shows where it fails. Begin with what is allowed now, or with an example.
      </p>
      <dl class="tests-claims">
        {CLAIMS.map(([claim, about]) => (
          <div key={claim}>
            <dt>
              <code>{claim}</code>
            </dt>
            <dd>{about}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

const CLAIMS: readonly (readonly [claim: string, about: string])[] = [
  ["allow: from 192.0.2.0/24 to self tcp 22", "every such session works, answers included"],
  ["deny: from any to self udp 161", "none of them does"],
  ["reject: from any to self tcp 113", "each is refused with an answer"],
  ["at most: [from any to self tcp 80,443]", "nothing else may come in"],
  ["no strays", "nothing passes outside sessions"],
  ["invariant: state = INVALID implies drop", "how packets of some kind must end"],
  ["no finding: [F07, F15]", "Findings has none of these"],
  ["equal to: as opened", "the same is allowed as before the edits"],
];
