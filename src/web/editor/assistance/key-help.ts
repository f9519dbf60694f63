import { StateEffect, StateField, type Extension } from "@codemirror/state";
import { keymap, showTooltip, type Tooltip } from "@codemirror/view";
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

/** F1 shows the help that a pointer would get for the word at the cursor; Escape puts it away. */
export function helpAtCursor(grammar: Grammar): Extension {
  return [
    helpShown,
    keymap.of([
      {
        key: "F1",
        run: view => {
          const { head } = view.state.selection.main;
          void helpAt(view, head, grammar).then(found => {
            if (found === undefined) return;
            const { from } = view.state.doc.lineAt(head);
            const dom = helpElement(found);
            dom.setAttribute("role", "status");
            view.dispatch({ effects: setHelp.of({ pos: from + found.from, above: true, create: () => ({ dom }) }) });
          });
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
