import { StateEffect, StateField, type Extension } from "@codemirror/state";
import { keymap, showTooltip, type EditorView, type Tooltip } from "@codemirror/view";
import { helpAt, helpElement } from "./hover.ts";
import type { Grammar } from "./grammar.ts";

const setHelp = StateEffect.define<Tooltip | null>();

const helpShown = StateField.define<Tooltip | null>({
  create: () => null,
  update: (value, transaction) => {
    for (const effect of transaction.effects) if (effect.is(setHelp)) return effect.value;
    return transaction.docChanged || transaction.selection ? null : value;
  },
  provide: field => showTooltip.from(field),
});

/** Shows what there is to say of the word at the cursor. */
export async function explainAtCursor(view: EditorView, grammar: Grammar): Promise<void> {
  const { head } = view.state.selection.main;
  const column = head - view.state.doc.lineAt(head).from;
  const found = (await helpAt(view, head, grammar)) ?? { ...NOTHING, from: column, to: column };
  if (view.state.selection.main.head !== head) return;
  const { from } = view.state.doc.lineAt(head);
  const dom = helpElement(found);
  dom.setAttribute("role", "status");
  view.dispatch({ effects: setHelp.of({ pos: from + found.from, above: true, create: () => ({ dom }) }) });
}

const NOTHING = {
  title: "Nothing to explain here",
  lines: ["Put the cursor on an option, a match, a target, a chain, a port or an address."],
};

/** F1 shows the help that a pointer would get for the word at the cursor; Escape puts it away. */
export function helpAtCursor(grammar: Grammar): Extension {
  return [
    helpShown,
    keymap.of([
      {
        key: "F1",
        run: view => {
          void explainAtCursor(view, grammar);
          return true;
        },
      },
      {
        key: "Escape",
        run: view => {
          if (view.state.field(helpShown) === null) return false;
          view.dispatch({ effects: setHelp.of(null) });
          return true;
        },
      },
    ]),
  ];
}
