import type { JSX } from "preact";
import { origin } from "../state/documents.ts";
import { analysisDesk } from "../work/workers.ts";
import { report } from "./linting.ts";

const desk = analysisDesk();

/** Findings as files for other programs. */
export function Downloads(): JSX.Element {
  const save = (form: "json" | "sarif"): void => {
    const found = report.value;
    if (!found) return;
    void desk
      .ask(work => work.findingsFile(found, form))
      .then(text => download(text, `${fileName(origin.value.name)}.${form === "sarif" ? "sarif" : "findings.json"}`));
  };
  return (
    <span class="row">
      <button type="button" class="button" title="SARIF 2.1.0, for code-scanning tools" onClick={() => save("sarif")}>
        SARIF
      </button>
      <button type="button" class="button" title="As ferrule lint --json prints it" onClick={() => save("json")}>
        JSON
      </button>
    </span>
  );
}

const fileName = (name: string): string => name.replaceAll(/[^\p{L}\p{N}._-]+/gu, "-").slice(0, 80) || "rules";

function download(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
