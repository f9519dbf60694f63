import { RangeSetBuilder, type Extension } from "@codemirror/state";
import { Decoration, ViewPlugin, type DecorationSet, type EditorView, type ViewUpdate } from "@codemirror/view";

import { tokensOf, type LineGrammar } from "./tokens.ts";

/** Letters of a line, from 0, that look alike. */
export interface Coloured {
  readonly from: number;
  readonly to: number;
  readonly kind: string;
}

/** Colours for the lines that are in sight, by classes that begin with a prefix; all other lines cost nothing. */
export function highlight(tokensOf: (line: string) => Iterable<Coloured>, prefix: string): Extension {
  const marks = new Map<string, Decoration>();
  const markOf = (kind: string): Decoration => {
    let mark = marks.get(kind);
    if (!mark) marks.set(kind, (mark = Decoration.mark({ class: prefix + kind })));
    return mark;
  };
  const decorate = (view: EditorView): DecorationSet => {
    const builder = new RangeSetBuilder<Decoration>();
    let done = -1;
    for (const { from, to } of view.visibleRanges) {
      for (let at = Math.max(from, done + 1); at <= to;) {
        const line = view.state.doc.lineAt(at);
        for (const token of tokensOf(line.text)) builder.add(line.from + token.from, line.from + token.to, markOf(token.kind));
        done = line.to;
        at = line.to + 1;
      }
    }
    return builder.finish();
  };
  return ViewPlugin.fromClass(
    class {
      decorations: DecorationSet;
      constructor(view: EditorView) {
        this.decorations = decorate(view);
      }
      update(update: ViewUpdate): void {
        if (update.docChanged || update.viewportChanged) this.decorations = decorate(update.view);
      }
    },
    { decorations: plugin => plugin.decorations },
  );
}

/** Colours of rules or of sets. */
export function rulesColours(grammar: LineGrammar): Extension {
  return highlight(line => tokensOf(line, grammar), "token-");
}
