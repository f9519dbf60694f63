import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Finding, RulePointer } from "../../analysis/index.ts";
import type { FindingKind } from "../../analysis/lint/index.ts";
import { printable, witnessText } from "../../report/index.ts";
import { isNarrow, showRule, traceThis } from "../state/actions.ts";
import { areStale, chosen, fixing, report } from "../state/findings.ts";
import { origin } from "../state/documents.ts";
import { Allow } from "./allow.tsx";
import { pointerText } from "./pointer-text.ts";
import { SeverityBadge } from "./severity.tsx";

const MOST_RELATED = 8;

/** One finding: its sentence, and when it is chosen what it means, which rules it is about, a witness and its fix. */
export function FindingItem({ finding, kind }: { readonly finding: Finding; readonly kind: FindingKind | undefined }): JSX.Element {
  const isOpen = chosen.value === finding;
  const element = useRef<HTMLLIElement>(null);
  useEffect(() => {
    // Chosen in the editor, it may be far down.
    if (isOpen) element.current?.scrollIntoView({ block: "nearest" });
  }, [isOpen]);
  const { code, severity, at, message, suppressed } = finding;
  return (
    <li ref={element} class={isOpen ? "finding open" : "finding"}>
      <button
        type="button"
        class="finding-head"
        aria-expanded={isOpen}
        onClick={() => {
          chosen.value = isOpen ? undefined : finding;
          // Where there is room for one of both, the list stays.
          if (!isOpen && !isNarrow.value) showRule({ family: at.family, line: at.line });
        }}
      >
        <SeverityBadge severity={severity} />
        <span class="mono finding-code">{code}</span>
        <span class="finding-words from-rules">
          <strong>{kind?.title ?? code}</strong>: {printable(message)}
          <span class="soft small finding-place">{pointerText(at)}</span>
        </span>
      </button>
      {isOpen ? <Detail finding={finding} kind={kind} /> : null}
      {isOpen && suppressed !== undefined ? (
        <p class="finding-body soft from-rules">Allowed by a comment: {suppressed === "" ? "no reason given" : printable(suppressed)}</p>
      ) : null}
    </li>
  );
}

function Detail({ finding, kind }: { readonly finding: Finding; readonly kind: FindingKind | undefined }): JSX.Element {
  const { at, related, witness, fix, suppressed } = finding;
  const readOnly = origin.value.readOnly;
  return (
    <div class="finding-body stack">
      <RuleLine pointer={at} />
      {kind ? <p>{kind.why}</p> : null}
      {related.length > 0 ? (
        <div class="stack">
          <h4 class="label">Other rules that it is about</h4>
          <ul class="finding-related">
            {related.slice(0, MOST_RELATED).map((pointer, index) => (
              <li key={index}>
                <RuleLine pointer={pointer} />
              </li>
            ))}
          </ul>
          {related.length > MOST_RELATED ? <p class="soft small">and {related.length - MOST_RELATED} more</p> : null}
        </div>
      ) : null}
      {witness ? (
        <div class="row">
          <span class="label">Shown by</span>
          <code class="rule-text">{printable(witnessText(witness))}</code>
          {witness.depends.length > 0 ? (
            <span class="soft small from-rules">
              {witness.depends.map(({ about, holds }) => `${holds ? "when" : "unless"} ${printable(inWords(about))}`).join(" and ")}
            </span>
          ) : null}
          <button type="button" class="button" onClick={() => traceThis(witnessText(witness))}>
            Trace it
          </button>
        </div>
      ) : null}
      {kind ? (
        <details>
          <summary>How it is mended, and an example</summary>
          <div class="stack">
            <p>{kind.mend}</p>
            <pre class="rule-text finding-example">{kind.example.join("\n")}</pre>
          </div>
        </details>
      ) : null}
      {fix && suppressed === undefined ? (
        <div class="row">
          <button
            type="button"
            class="button primary"
            disabled={areStale.value || readOnly !== undefined}
            onClick={() => {
              fixing.value = [finding];
            }}
          >
            Look at the fix: {printable(fix.about)} …
          </button>
          {readOnly === undefined ? null : <span class="soft small">The rules are read-only: {printable(readOnly)}</span>}
          {areStale.value && readOnly === undefined ? (
            <span class="soft small">as soon as the changed rules have been looked at</span>
          ) : null}
        </div>
      ) : null}
      {suppressed === undefined && at.line > 0 && readOnly === undefined ? <Allow finding={finding} /> : null}
    </div>
  );
}

const inWords = (about: string): string => report.value?.words.get(about) ?? about;

/** A rule that a finding points at; a click shows it in the editor. */
function RuleLine({ pointer }: { readonly pointer: RulePointer }): JSX.Element {
  const text = printable(pointer.text);
  if (pointer.line === 0) return <code class="rule-text">{text}</code>;
  return (
    <button type="button" class="act finding-rule" onClick={() => showRule({ family: pointer.family, line: pointer.line })}>
      <span class="small">{pointerText(pointer)}</span> <code class="rule-text">{text}</code>
    </button>
  );
}
