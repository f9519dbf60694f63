import { MergeView, unifiedMergeView } from "@codemirror/merge";
import { EditorSelection, EditorState, type Extension } from "@codemirror/state";
import { EditorView, highlightSpecialChars, lineNumbers } from "@codemirror/view";
import { changedPart } from "../editor/changed-part.ts";
import { rulesColours } from "../editor/highlight.ts";
import { editorRoot, mountEditor, pageLook } from "../editor/mount.ts";

/** Two texts beside each other, in the page. */
export interface TextsView {
  /** Shows other texts in the same place; false where that takes a new view. */
  change(before: string, after: string): boolean;
  /** Scrolls to a line, from 1, and selects it. */
  showLine(side: "before" | "after", line: number): void;
  stop(): void;
}

/** Bounds for comparing: beyond them differences are shown coarsely, and the page stays alive. In ms and changed characters. */
const COMPARING = { scanLimit: 200, timeout: 40 };
const COLLAPSED = { margin: 3, minSize: 6 };

/** Shows two texts: beside each other, or as one where it is narrow. */
export function showTexts(
  host: HTMLElement,
  { before, after, narrow }: { readonly before: string; readonly after: string; readonly narrow: boolean },
): TextsView {
  const shared = (label: string): Extension => [
    pageLook,
    look,
    EditorState.readOnly.of(true),
    EditorState.lineSeparator.of("\n"),
    EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
    lineNumbers(),
    highlightSpecialChars(),
    rulesColours("rules"),
  ];
  if (narrow) {
    const view = mountEditor(host, {
      state: EditorState.create({
        doc: after,
        extensions: [
          shared("What is before and after, as one text"),
          EditorView.lineWrapping,
          unifiedMergeView({
            original: before,
            mergeControls: false,
            diffConfig: COMPARING,
            collapseUnchanged: COLLAPSED,
            syntaxHighlightDeletions: false,
          }),
        ],
      }),
    });
    return {
      change: () => false,
      showLine: (side, line) => side === "after" && reveal(view, line),
      stop: () => view.destroy(),
    };
  }
  const root = editorRoot(host);
  const merge = new MergeView({
    a: { doc: before, extensions: shared("The text before") },
    b: { doc: after, extensions: shared("The text after") },
    parent: root,
    root,
    diffConfig: COMPARING,
    collapseUnchanged: COLLAPSED,
    gutter: true,
  });
  return {
    change: (one, other) => {
      const edits = [changedPart(merge.a.state.doc.toString(), one), changedPart(merge.b.state.doc.toString(), other)] as const;
      if (edits.some(({ from, to, insert }) => to - from + insert.length > SMALL)) return false;
      const chunks = merge.chunks.length;
      for (const [index, view] of [merge.a, merge.b].entries()) {
        const edit = edits[index];
        if (edit && (edit.to > edit.from || edit.insert !== "")) view.dispatch({ changes: edit });
      }
      // A difference where lines were hidden unfolds them all: then they are hidden anew.
      return merge.chunks.length === chunks;
    },
    showLine: (side, line) => reveal(side === "before" ? merge.a : merge.b, line),
    stop: () => merge.destroy(),
  };
}

/** Characters of an edit that a view takes over; after a larger one other lines are worth hiding. */
const SMALL = 2000;

function reveal(view: EditorView, line: number): void {
  if (line < 1 || line > view.state.doc.lines) return;
  const { from, to } = view.state.doc.line(line);
  view.dispatch({ selection: EditorSelection.range(from, to), effects: EditorView.scrollIntoView(from, { y: "center" }) });
  view.focus();
}

/** Deleted and inserted lines carry a sign as well as a colour. */
const look: Extension = EditorView.theme({
  ".cm-changedLine, &.cm-merge-b .cm-changedLine": { background: "var(--accept-soft)" },
  "&.cm-merge-a .cm-changedLine, .cm-deletedChunk": { background: "var(--drop-soft)" },
  "&.cm-merge-b .cm-changedText, .cm-insertedLine .cm-changedText": {
    background: "color-mix(in srgb, var(--accept) 22%, transparent)",
  },
  "&.cm-merge-a .cm-changedText, .cm-deletedChunk .cm-deletedText": {
    background: "color-mix(in srgb, var(--drop) 22%, transparent)",
  },
  // Of one text, signs say which lines are gone and which are new; of two, the side does.
  "&:not(.cm-merge-a):not(.cm-merge-b) .cm-insertedLine::before, &:not(.cm-merge-a):not(.cm-merge-b) .cm-changedLine::before": {
    content: "'+ '",
  },
  ".cm-deletedChunk .cm-deletedLine::before": { content: "'− '" },
  ".cm-collapsedLines": { background: "var(--surface-sunken)", color: "var(--ink-soft)", padding: "2px 8px" },
  ".cm-collapsedLines::before, .cm-collapsedLines::after": { content: "'⋯'" },
  ".cm-changeGutter": { width: "4px" },
  ".cm-changedLineGutter": { background: "var(--accept)" },
  "&.cm-merge-a .cm-changedLineGutter, .cm-deletedLineGutter": { background: "var(--drop)" },
});
