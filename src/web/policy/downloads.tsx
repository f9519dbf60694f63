import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { save } from "../work/save-file.ts";
import { documents, origin } from "../state/documents.ts";
import { makePolicyFile } from "./state.ts";
import type { PolicyFile } from "./work.ts";

const KINDS: readonly { readonly kind: PolicyFile; readonly title: string; readonly type: string }[] = [
  { kind: "csv", title: "CSV", type: "text/csv" },
  { kind: "json", title: "JSON", type: "application/json" },
  { kind: "svg", title: "SVG", type: "image/svg+xml" },
  { kind: "html", title: "HTML", type: "text/html" },
];

/** The policy as files, as `ferrule policy` writes them. */
export function Downloads({ disabled }: { readonly disabled: boolean }): JSX.Element {
  const busy = useSignal("");
  const fault = useSignal("");
  const make = async (kind: PolicyFile, type: string): Promise<void> => {
    busy.value = kind;
    fault.value = "";
    try {
      save(new Blob([await makePolicyFile(documents.value, kind, origin.value.name)], { type }), `policy.${kind}`);
    } catch {
      fault.value = "The file was not made: the rules have changed. Try again.";
    }
    busy.value = "";
  };
  return (
    <div class="row policy-bar" role="group" aria-label="Download the policy">
      <span class="label">Download:</span>
      {KINDS.map(({ kind, title, type }) => (
        <button
          key={kind}
          type="button"
          class="button policy-small"
          disabled={disabled || busy.value !== ""}
          onClick={() => void make(kind, type)}
        >
          {busy.value === kind ? <span class="busy" aria-hidden="true" /> : null}
          {title}
        </button>
      ))}
      <span role="status" class="soft small">
        {fault.value}
      </span>
    </div>
  );
}
