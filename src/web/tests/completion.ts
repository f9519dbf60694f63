import { autocompletion, completionKeymap, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import { Prec, type Extension } from "@codemirror/state";
import { keymap } from "@codemirror/view";
import { printable } from "../../report/index.ts";
import { documents } from "../state/documents.ts";
import { reading } from "../state/reading.ts";
import { interfacesIn, setNames } from "../editor/known-names.ts";
import { suggestionsAt, type KnownNames } from "./suggestions.ts";

/** Completion of keys, words of questions, variables, sets and interfaces, while one types and at Control-Space. */
export function completion(): Extension {
  return [autocompletion({ override: [suggest], icons: false }), Prec.high(keymap.of(completionKeymap))];
}

function suggest({ state, pos, explicit }: CompletionContext): CompletionResult | null {
  const line = state.doc.lineAt(pos);
  const before = line.text.slice(0, pos - line.from);
  const found = suggestionsAt(before, state.doc.toString(), knownNames());
  if (found === undefined || found.options.length === 0) return null;
  if (!explicit && found.from === before.length && !before.endsWith("- ")) return null;
  return {
    from: line.from + found.from,
    options: found.options.map(({ label, detail, text }) => ({
      label,
      // What is shown must not turn the direction of reading.
      ...(printable(label) !== label && { displayLabel: printable(label) }),
      detail: printable(detail),
      ...(text !== undefined && { apply: text }),
    })),
    validFor: WORD,
  };
}

const WORD = /^[\w$@.-]*$/;

/** Names of the page's firewall that questions may use. */
const knownNames = (): KnownNames => ({
  interfaces: interfacesIn(reading.peek()).slice(0, NAMES_MAX),
  sets: setNames(documents.peek().sets).slice(0, NAMES_MAX),
});

/** Names that are suggested, at most. */
const NAMES_MAX = 200;
