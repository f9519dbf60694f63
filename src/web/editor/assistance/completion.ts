import { autocompletion, completionKeymap, type Completion, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import { type Extension } from "@codemirror/state";
import { keymap } from "@codemirror/view";
import { printable } from "../../../report/index.ts";
import { documents, shown } from "../../state/documents.ts";
import { reading } from "../../state/reading.ts";
import { offersAt, type Offer } from "./complete.ts";
import type { Grammar } from "./grammar.ts";
import { placeAt } from "./place.ts";

const TYPES: Readonly<Record<Offer["sort"], string>> = {
  option: "property",
  match: "class",
  target: "function",
  chain: "namespace",
  value: "constant",
  command: "keyword",
};

/** Completion of rules and sets while somebody types. */
export function completion(grammar: Grammar): Extension {
  const source = (context: CompletionContext): CompletionResult | null => {
    if (shown.peek() === "host") return null;
    const { doc } = context.state;
    const place = placeAt(doc, context.pos, shown.peek(), reading.peek(), documents.peek().sets);
    const found = offersAt(place, grammar);
    if (found === undefined) return null;
    const line = doc.lineAt(context.pos);
    const typed = place.line.slice(found.from, place.column);
    // Nothing pops up between words of a finished line unless it is asked for.
    if (!context.explicit && typed === "" && !/\s$/.test(place.line.slice(0, place.column))) return null;
    return { from: line.from + found.from, options: found.offers.map(optionOf), validFor: /^[^\s,]*$/ };
  };
  return [autocompletion({ override: [source], icons: false, maxRenderedOptions: 60 }), keymap.of(completionKeymap)];
}

const optionOf = ({ label, sort, detail, info, boost }: Offer): Completion => ({
  label,
  // What is put in is the name itself; what is shown must not turn the direction of reading.
  ...(printable(label) !== label && { displayLabel: printable(label) }),
  type: TYPES[sort],
  ...(detail !== undefined && { detail }),
  ...(info !== undefined && info !== "" && { info }),
  ...(boost !== undefined && { boost }),
});
