import type { Diagnostic } from "@codemirror/lint";
import type { Text } from "@codemirror/state";
import type { EditorView } from "@codemirror/view";
import type { Finding } from "../../../analysis/index.ts";
import { printable } from "../../../report/index.ts";
import { chosen, fixing } from "../../state/findings.ts";
import { origin, rulesOf, type DocumentKind } from "../../state/documents.ts";
import { view as panel } from "../../state/view.ts";
import type { PlacedFault } from "../../work/outline.ts";
import { guessEdit } from "./guess-edit.ts";

/** More marks than these are not made in one text: nobody looks at them, and each costs a little. */
const MOST = 1000;

/** Findings, and what each kind is called. */
export interface Told {
  readonly list: readonly Finding[];
  titleOf(code: string): string;
}

/** Marks for what the reader of a text said and for what lint found in it, with what can be done about each. */
export function diagnosticsOf(kind: DocumentKind, doc: Text, faults: readonly PlacedFault[], findings: Told): Diagnostic[] {
  const list: Diagnostic[] = [];
  for (const fault of faults) if (fault.document === kind && list.length < MOST) list.push(faultMark(fault, doc));
  for (const finding of findings.list) {
    const { suppressed, at, family } = finding;
    if (suppressed !== undefined || rulesOf(family) !== kind || at.line < 1 || at.line > doc.lines || list.length >= MOST) continue;
    list.push(findingMark(finding, findings.titleOf(finding.code), doc));
  }
  return list.toSorted((a, b) => a.from - b.from);
}

function faultMark(fault: PlacedFault, doc: Text): Diagnostic {
  const line = doc.line(Math.min(Math.max(1, fault.line), doc.lines));
  const edit = guessEdit(line.text, fault);
  const from = Math.min(line.from + Math.max(0, fault.column - 1), line.to);
  return {
    from,
    to: Math.max(from, Math.min(line.from + Math.max(0, fault.endColumn - 1), line.to)),
    severity: fault.severity,
    message: printable(fault.message) + (fault.guess === undefined ? "" : `. Did you mean ${printable(fault.guess)}?`),
    ...(edit && {
      actions: [
        {
          name: `Change it to ${printable(edit.insert)}`,
          apply: (view: EditorView) => {
            // The line may have moved since: the change is made only where it still says what was read.
            const now = view.state.doc.lineAt(Math.min(from, view.state.doc.length));
            if (now.text === line.text && !view.state.readOnly)
              view.dispatch({ changes: { from: now.from + edit.from, to: now.from + edit.to, insert: edit.insert } });
          },
        },
      ],
    }),
  };
}

function findingMark(finding: Finding, title: string, doc: Text): Diagnostic {
  const { code, severity, at, message, fix } = finding;
  const line = doc.line(at.line);
  const start = line.from + (line.text.length - line.text.trimStart().length);
  return {
    from: start,
    to: line.to,
    severity,
    source: code,
    message: printable(title === "" ? message : `${title}: ${message}`),
    actions: [
      {
        name: "Explain",
        apply: () => {
          chosen.value = finding;
          panel.value = "findings";
        },
      },
      ...(fix && origin.peek().readOnly === undefined
        ? [
            {
              name: `Fix: ${printable(fix.about)} …`,
              apply: () => {
                fixing.value = [finding];
              },
            },
          ]
        : []),
    ],
  };
}
