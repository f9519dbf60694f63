import type { JSX } from "preact";
import { FileButtons } from "../controls/file-buttons.tsx";
import { documents, origin } from "../state/documents.ts";
import { makePolicyFile } from "./state.ts";
import type { PolicyFile } from "./work.ts";

const KINDS: readonly (readonly [kind: PolicyFile, title: string, type: string])[] = [
  ["csv", "CSV", "text/csv"],
  ["json", "JSON", "application/json"],
  ["svg", "SVG", "image/svg+xml"],
  ["html", "HTML", "text/html"],
];

/** The policy as files, as `ferrule policy` writes them. */
export function Downloads({ disabled }: { readonly disabled: boolean }): JSX.Element {
  const files = KINDS.map(([kind, title, type]) => ({
    title,
    type,
    disabled,
    name: `policy.${kind}`,
    make: () => makePolicyFile(documents.value, kind, origin.value.name),
  }));
  return (
    <div class="row policy-bar" role="group" aria-label="Download the policy">
      <span class="label">Download:</span>
      <FileButtons files={files} small />
    </div>
  );
}
