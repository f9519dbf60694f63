/** What the editor gets after the first view: undoing, keys, completion, help, search, squiggles, and the looking for findings. */
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { diagnosticCount, forEachDiagnostic, lintKeymap, openLintPanel, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import type { EditorState, StateEffect, TransactionSpec } from "@codemirror/state";
import { keymap } from "@codemirror/view";
import { shown } from "../../state/documents.ts";
import { report } from "../../state/findings.ts";
import { reading } from "../../state/reading.ts";
import { placedFindings } from "../../findings/placed.ts";
import { startLinting } from "../../findings/linting.ts";
import { rulesWork } from "../../work/workers.ts";
import { tools } from "../tools.ts";
import type { BoundEditor, MoreMarks } from "../binding.ts";
import { completion } from "./completion.ts";
import { diagnosticsOf } from "./diagnostics.ts";
import { hover } from "./hover.ts";
import { explainAtCursor, helpAtCursor } from "./key-help.ts";

/** Adds all of it to an editor. Rejects when the worker cannot be asked for the grammar. */
export async function startAssistance(editor: BoundEditor): Promise<void> {
  startLinting();
  const grammar = await rulesWork().grammar();
  editor.assist(
    [
      history(),
      completion(grammar),
      hover(grammar),
      helpAtCursor(grammar),
      search({ top: true }),
      highlightSelectionMatches(),
      keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap, ...lintKeymap]),
    ],
    squiggles,
  );
  const { view } = editor;
  tools.value = {
    explain: () => {
      view.focus();
      void explainAtCursor(view, grammar);
    },
    problems: () => void openLintPanel(view),
  };
}

const squiggles: MoreMarks = state => {
  const list = diagnosticsOf(shown.peek(), state.doc, reading.peek()?.faults ?? [], {
    list: placedFindings(),
    titleOf: code => report.peek()?.kinds.get(code)?.title ?? "",
  });
  // Marks that are the same already stay: to make them anew would close the help that somebody reads.
  return sameMarks(state, list) ? [] : listed(setDiagnostics(state, list).effects);
};

const listed = (effects: TransactionSpec["effects"]): readonly StateEffect<unknown>[] =>
  effects === undefined ? [] : "is" in effects ? [effects] : effects;

function sameMarks(state: EditorState, list: readonly Diagnostic[]): boolean {
  if (diagnosticCount(state) !== list.length) return false;
  let at = 0;
  let same = true;
  forEachDiagnostic(state, ({ message, severity }, from, to) => {
    const wanted = list[at++];
    same &&= wanted !== undefined && wanted.from === from && wanted.to === to && wanted.message === message && wanted.severity === severity;
  });
  return same;
}
