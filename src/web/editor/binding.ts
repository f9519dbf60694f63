import { effect } from "@preact/signals";
import type { EditorState, Extension, StateEffect } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { isNarrow, showing } from "../state/actions.ts";
import { DOCUMENT_KINDS, documents, edit, familyOf, opened, origin, shown, type DocumentKind } from "../state/documents.ts";
import { findings } from "../state/findings.ts";
import { placedFindings } from "../findings/placed.ts";
import { hits } from "../state/hits.ts";
import { reading } from "../state/reading.ts";
import { currentStep, traced } from "../state/traced.ts";
import { changedPart, type TextChange } from "./changed-part.ts";
import { cursorLine } from "./cursor.ts";
import { deadLinesOf } from "./dead-lines.ts";
import { openingLine } from "./first-table.ts";
import { atStep, deadLines } from "./line-marks.ts";
import { isWrapped } from "./long-lines.ts";
import { mountEditor } from "./mount.ts";
import { hitsOf, numbersOf } from "./rule-marks.ts";
import { editorState, lineCounting, readOnlyState, spaces, wrapping } from "./setup.ts";

/** The editor and what joins it to the page's state. */
export interface BoundEditor {
  readonly view: EditorView;
  /** Completion and the rest, once they are loaded; for every text. `marks` gives what more is to be marked whenever what the texts say is known anew. */
  assist(extension: Extension, marks: MoreMarks): void;
  stop(): void;
}

/** Marks of a state beside the editor's own. */
export type MoreMarks = (state: EditorState) => readonly StateEffect<unknown>[];

/** Puts an editor into an element. Texts live in state/documents.ts; the editor's copies follow them, and they follow what is typed. */
export function bindEditor(parent: HTMLElement): BoundEditor {
  let assistance: Extension = [];
  let more: MoreMarks = () => [];
  let current: DocumentKind = shown.peek();
  /** The texts as the editor's states hold them. */
  let held = documents.peek();
  let from = opened.peek();
  const states = new Map<DocumentKind, EditorState>();
  const fresh = (kind: DocumentKind): EditorState =>
    editorState(kind, held[kind], {
      readOnly: origin.peek().readOnly !== undefined,
      narrow: isNarrow.peek(),
      wrapped: isWrapped.peek(),
      assistance,
    });
  const view = mountEditor(parent, {
    state: fresh(current),
    dispatchTransactions: (transactions, target) => {
      target.update(transactions);
      if (transactions.some(({ docChanged }) => docChanged)) {
        const text = target.state.doc.toString();
        held = { ...held, [current]: text };
        edit(current, text);
      }
      cursorLine.value = target.state.doc.lineAt(target.state.selection.main.head).number;
    },
  });
  const show = (effects: readonly StateEffect<unknown>[]): void => view.dispatch({ effects: [...effects] });
  /** What is known of the text, as marks; all at once, since each transaction makes the browser lay the page out. */
  const marks = (): StateEffect<unknown>[] => {
    const family = familyOf(current);
    if (family === undefined) return [...more(view.state)];
    const tables = reading.peek()?.tables.filter(table => table.family === family) ?? [];
    return [
      numbersOf(tables, view.state.doc),
      deadLines(deadLinesOf(placedFindings(), tables, family), view.state.doc),
      ...more(view.state),
    ];
  };
  const traces = (): StateEffect<unknown>[] => {
    const family = familyOf(current);
    if (family === undefined) return [];
    return [hitsOf(hits.peek(), family), atStep(traced.peek()?.family === family ? currentStep.peek()?.line : undefined)];
  };
  /** Goes past what stands before the first table of a text that is shown for the first time. */
  const begin = (): void => {
    const line = familyOf(current) === undefined ? 1 : openingLine(held[current]);
    if (line > 1) select(view, line, "start");
  };
  const swap = (kind: DocumentKind): void => {
    states.set(current, view.state);
    current = kind;
    const before = states.get(kind);
    view.setState(before ?? fresh(kind));
    if (before === undefined) begin();
    show([
      spaces.readOnly.reconfigure(readOnlyState(origin.peek().readOnly !== undefined)),
      spaces.wrapping.reconfigure(wrapping(isWrapped.peek())),
      spaces.lineNumbers.reconfigure(lineCounting(isNarrow.peek())),
      spaces.assistance.reconfigure(assistance),
    ]);
    show([...marks(), ...traces()]);
  };
  const follow = (): void => {
    const texts = documents.value;
    if (opened.value !== from && opened.value === texts) {
      from = opened.value;
      held = texts;
      states.clear();
      current = shown.peek();
      view.setState(fresh(current));
      begin();
      show([...marks(), ...traces()]);
      return;
    }
    from = opened.value;
    for (const kind of DOCUMENT_KINDS) {
      if (held[kind] === texts[kind]) continue;
      held = { ...held, [kind]: texts[kind] };
      if (kind === current) view.dispatch({ changes: changeTo(view.state, texts[kind]) });
      else {
        const state = states.get(kind);
        if (state) states.set(kind, state.update({ changes: changeTo(state, texts[kind]) }).state);
      }
    }
  };
  const stops = [
    effect(() => {
      const kind = shown.value;
      if (kind !== current) swap(kind);
    }),
    effect(follow),
    effect(() => {
      const readOnly = origin.value.readOnly !== undefined;
      show([spaces.readOnly.reconfigure(readOnlyState(readOnly))]);
    }),
    effect(() => {
      show([spaces.wrapping.reconfigure(wrapping(isWrapped.value)), spaces.lineNumbers.reconfigure(lineCounting(isNarrow.value))]);
    }),
    effect(() => {
      void [reading.value, findings.value];
      show(marks());
    }),
    effect(() => {
      const seen = hits.value;
      const family = familyOf(shown.peek());
      if (family !== undefined) show([hitsOf(seen, family)]);
    }),
    effect(() => {
      const family = familyOf(shown.value);
      const line = traced.value?.family === family ? currentStep.value?.line : undefined;
      if (family === undefined) return;
      show([atStep(line)]);
      if (line !== undefined && line > 0) reveal(view, line, "nearest");
    }),
    effect(() => {
      const wanted = showing.value;
      if (!wanted || wanted.document !== shown.peek()) return;
      // A pane that was hidden has no size before the next frame.
      requestAnimationFrame(() => {
        select(view, wanted.line);
        if (isNarrow.peek()) view.focus();
      });
    }),
  ];
  return {
    view,
    assist: (extension, moreMarks) => {
      assistance = extension;
      more = moreMarks;
      show([spaces.assistance.reconfigure(extension)]);
      show(marks());
    },
    stop: () => {
      for (const stop of stops) stop();
      view.destroy();
    },
  };
}

const changeTo = ({ doc }: EditorState, text: string): TextChange => changedPart(doc.toString(), text);

function reveal(view: EditorView, line: number, y: "nearest" | "center"): void {
  if (line < 1 || line > view.state.doc.lines) return;
  view.dispatch({ effects: EditorView.scrollIntoView(view.state.doc.line(line).from, { y, yMargin: 40 }) });
}

function select(view: EditorView, line: number, y: "start" | "center" = "center"): void {
  if (line < 1 || line > view.state.doc.lines) return;
  const { from } = view.state.doc.line(line);
  view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y }) });
}
