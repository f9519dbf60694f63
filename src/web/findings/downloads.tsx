import type { JSX } from "preact";
import { origin } from "../state/documents.ts";
import { save } from "../work/save-file.ts";
import { analysisDesk } from "../work/workers.ts";
import { report } from "./linting.ts";

const desk = analysisDesk();

/** Findings as files for other programs. */
export function Downloads(): JSX.Element {
  const give = (form: "json" | "sarif"): void => {
    const found = report.value;
    if (!found) return;
    void desk
      .ask(work => work.findingsFile(found, form))
      .then(text =>
        save(
          new Blob([text], { type: "application/json" }),
          `${fileName(origin.value.name)}.${form === "sarif" ? "sarif" : "findings.json"}`,
        ),
      );
  };
  return (
    <span class="row">
      <button type="button" class="button" title="SARIF 2.1.0, for code-scanning tools" onClick={() => give("sarif")}>
        SARIF
      </button>
      <button type="button" class="button" title="As ferrule lint --json prints it" onClick={() => give("json")}>
        JSON
      </button>
    </span>
  );
}

const fileName = (name: string): string => name.replaceAll(/[^\p{L}\p{N}._-]+/gu, "-").slice(0, 80) || "rules";
