import type { JSX } from "preact";
import { FileButtons } from "../controls/file-buttons.tsx";
import { origin } from "../state/documents.ts";
import { report } from "../state/findings.ts";
import { analysisDesk } from "../work/workers.ts";

const desk = analysisDesk();

const FORMS = [
  { form: "sarif", title: "SARIF", ending: "sarif", about: "SARIF 2.1.0, for code-scanning tools" },
  { form: "json", title: "JSON", ending: "findings.json", about: "As ferrule lint --json prints it" },
] as const;

/** Findings as files for other programs. */
export function Downloads(): JSX.Element | null {
  const found = report.value;
  if (!found) return null;
  const files = FORMS.map(({ form, title, ending, about }) => ({
    title,
    about,
    name: `${fileName(origin.value.name)}.${ending}`,
    type: "application/json",
    make: () => desk.ask(work => work.findingsFile(found, form)),
  }));
  return (
    <span class="row">
      <FileButtons files={files} />
    </span>
  );
}

const fileName = (name: string): string => name.replaceAll(/[^\p{L}\p{N}._-]+/gu, "-").slice(0, 80) || "rules";
