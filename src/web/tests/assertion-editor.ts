import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { EditorState, type Text } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, highlightSpecialChars, keymap, lineNumbers, placeholder } from "@codemirror/view";
import { effect } from "@preact/signals";
import { mountEditor, pageLook } from "../editor/mount.ts";
import { assertionColours, outcomeGutter, setOutcomes, type LineOutcome } from "./assertion-marks.ts";
import { completion } from "./completion.ts";
import type { TestFault } from "./run.ts";
import { assertions, shownLine, testing } from "./state.ts";

/** Puts the editor of assertions into an element and joins it to the page's state; answers how to take it away. */
export function openAssertionEditor(host: HTMLElement): () => void {
  const view = mountEditor(host, {
    state: EditorState.create({
      doc: assertions.peek(),
      extensions: [
        pageLook,
        EditorState.lineSeparator.of("\n"),
        EditorView.clipboardInputFilter.of(pasted => pasted.replaceAll("\r\n", "\n")),
        EditorView.contentAttributes.of({
          "aria-label": "Assertions, in YAML",
          tabindex: "0",
          spellcheck: "false",
          autocapitalize: "off",
          autocorrect: "off",
        }),
        EditorView.lineWrapping,
        lineNumbers(),
        outcomeGutter(),
        assertionColours(),
        completion(),
        history(),
        drawSelection(),
        highlightSpecialChars(),
        highlightActiveLine(),
        placeholder("assert:\n  - allow: from 192.0.2.0/24 to self tcp 22\n  - no strays"),
        keymap.of([...defaultKeymap, ...historyKeymap]),
        EditorView.updateListener.of(({ docChanged, state }) => {
          if (docChanged) assertions.value = state.doc.toString();
        }),
      ],
    }),
  });
  const stops = [
    effect(() => {
      const text = assertions.value;
      if (text !== view.state.doc.toString()) view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    }),
    effect(() => {
      const { state, value } = testing.answer.value;
      if (state === "idle") mark(view, [], new Map());
      // Of a file that cannot be read the marks of before stay, and move with the text.
      else if (state === "done" && value) mark(view, value.faults, value.faults.length > 0 ? undefined : worstByLine(value.results));
    }),
    effect(() => {
      const line = shownLine.value?.line;
      if (line === undefined || line < 1 || line > view.state.doc.lines) return;
      const { from } = view.state.doc.line(line);
      view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: "center" }) });
      view.focus();
    }),
  ];
  return () => {
    for (const stop of stops) stop();
    view.destroy();
  };
}

function mark(view: EditorView, faults: readonly TestFault[], outcomes: ReadonlyMap<number, LineOutcome> | undefined): void {
  const { doc } = view.state;
  const diagnostics = faults.map(fault => diagnosticOf(fault, doc));
  view.dispatch(setDiagnostics(view.state, diagnostics));
  if (outcomes) view.dispatch({ effects: setOutcomes.of(outcomes) });
}

function diagnosticOf({ line, column, endColumn, message, guess }: TestFault, doc: Text): Diagnostic {
  const at = doc.line(Math.max(1, Math.min(line, doc.lines)));
  const from = Math.min(at.to, at.from + column - 1);
  const to = Math.max(from, Math.min(at.to, at.from + endColumn - 1));
  return { from, to, severity: "error", message: guess === undefined ? message : `${message}: did you mean ${guess}?` };
}

const RANK: Readonly<Record<LineOutcome, number>> = { holds: 0, undecided: 1, fails: 2 };

function worstByLine(results: readonly { readonly line: number; readonly outcome: LineOutcome }[]): ReadonlyMap<number, LineOutcome> {
  const worst = new Map<number, LineOutcome>();
  for (const { line, outcome } of results) {
    const known = worst.get(line);
    if (known === undefined || RANK[outcome] > RANK[known]) worst.set(line, outcome);
  }
  return worst;
}
