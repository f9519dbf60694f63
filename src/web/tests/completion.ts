import { autocompletion, completionKeymap, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import { Prec, type Extension } from "@codemirror/state";
import { keymap } from "@codemirror/view";
import { printable } from "../../report/index.ts";
import { documents } from "../state/documents.ts";
import { reading } from "../state/reading.ts";
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
    validFor: isWord,
  };
}

const isWord = /^[\w$@.-]*$/;

/** Interfaces of the machine and those that the rules name; sets that the page has. */
function knownNames(): KnownNames {
  const found = new Set(reading.peek()?.interfaces ?? []);
  for (const { chains } of reading.peek()?.tables ?? [])
    for (const { rules } of chains)
      for (const { text } of rules) {
        const words = text.split(" ");
        for (const [index, word] of words.entries())
          if ((word === "-i" || word === "-o") && words[index + 1]) found.add(words[index + 1] as string);
        if (found.size > NAMES_MAX) break;
      }
  const sets = documents
    .peek()
    .sets.split("\n", 5000)
    .flatMap(line => (line.startsWith("create ") ? [line.split(" ", 2)[1] ?? ""] : []));
  return { interfaces: [...found].slice(0, NAMES_MAX), sets: sets.slice(0, NAMES_MAX) };
}

/** Names that are suggested, at most. */
const NAMES_MAX = 200;
