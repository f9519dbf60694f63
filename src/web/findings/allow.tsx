import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { typedInto } from "../controls/typed-into.ts";
import type { Finding } from "../../analysis/index.ts";
import { showLine } from "../state/actions.ts";
import { documents, edit, rulesOf } from "../state/documents.ts";
import { areStale } from "../state/findings.ts";
import { allowed } from "./allowance-line.ts";

/** Writes a comment above the rule that allows the finding there, with the reason that somebody gives. */
export function Allow({ finding }: { readonly finding: Finding }): JSX.Element {
  const reason = useSignal("");
  const { code, at, family } = finding;
  const kind = rulesOf(family);
  const write = (): void => {
    edit(kind, allowed(documents.value[kind], at.line, code, reason.value));
    showLine(kind, at.line);
  };
  return (
    <details>
      <summary>It is meant so: allow it</summary>
      <form
        class="row"
        onSubmit={event => {
          event.preventDefault();
          write();
        }}
      >
        <input class="input finding-reason" aria-label="Why it is meant so" placeholder="why it is meant so" {...typedInto(reason)} />
        <button type="submit" class="button" disabled={areStale.value || reason.value.trim() === ""}>
          Write the comment
        </button>
      </form>
      <p class="soft small">A comment above line {at.line} says so, to everybody who reads the rules, and to lint.</p>
    </details>
  );
}
