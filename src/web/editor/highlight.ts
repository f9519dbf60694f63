import { RangeSetBuilder, type Extension } from "@codemirror/state";
import { Decoration, ViewPlugin, type DecorationSet, type EditorView, type ViewUpdate } from "@codemirror/view";
import { tokensOf, type LineGrammar, type TokenKind } from "./tokens.ts";

const marks = new Map<TokenKind, Decoration>();

function markOf(kind: TokenKind): Decoration {
  let mark = marks.get(kind);
  if (!mark) marks.set(kind, (mark = Decoration.mark({ class: `token-${kind}` })));
  return mark;
}

/** Colours for the lines that are in sight; all other lines cost nothing. */
export function highlight(grammar: LineGrammar): Extension {
  const decorate = (view: EditorView): DecorationSet => {
    const builder = new RangeSetBuilder<Decoration>();
    let done = -1;
    for (const { from, to } of view.visibleRanges) {
      for (let at = Math.max(from, done + 1); at <= to;) {
        const line = view.state.doc.lineAt(at);
        for (const token of tokensOf(line.text, grammar)) builder.add(line.from + token.from, line.from + token.to, markOf(token.kind));
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
