import { Compartment, EditorState, type Extension } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  lineNumbers,
  placeholder,
} from "@codemirror/view";
import type { DocumentKind } from "../state/documents.ts";
import { rulesColours } from "./highlight.ts";
import { lineMarks } from "./line-marks.ts";
import { pageLook } from "./mount.ts";
import { rulesTheme } from "./theme.ts";
import { ruleNumbers } from "./rule-marks.ts";

/** What changes while the editor stands. */
export const spaces: Readonly<Record<"readOnly" | "wrapping" | "lineNumbers" | "assistance", Compartment>> = {
  readOnly: new Compartment(),
  wrapping: new Compartment(),
  lineNumbers: new Compartment(),
  /** Undoing, keys, completion, search, hover help and squiggles, which are loaded after the first view. */
  assistance: new Compartment(),
};

const NAMES: Readonly<Record<DocumentKind, string>> = {
  rules4: "IPv4 rules, as iptables-save writes them",
  rules6: "IPv6 rules, as ip6tables-save writes them",
  sets: "Sets, as ipset save writes them",
  host: "The machine, as a host file",
};

/** What stands in a text that is empty. */
const EMPTY: Readonly<Record<DocumentKind, string>> = {
  rules4: "Paste what iptables-save prints, or open a file or an example.",
  rules6: "Paste what ip6tables-save prints, if there are rules for IPv6.",
  sets: "Paste what ipset save prints, if rules ask sets.",
  host: "Paste what ferrule host prints.",
};

/** How the editor is to be, where it depends on the page. */
export interface Circumstances {
  readonly readOnly: boolean;
  readonly narrow: boolean;
  /** Long lines go on below. */
  readonly wrapped: boolean;
  readonly assistance: Extension;
}

/** The start of a text's editing: no history before it. Lines end at LF alone, as for the reader of rules, so that both count the same lines. */
export function editorState(kind: DocumentKind, text: string, { readOnly, narrow, wrapped, assistance }: Circumstances): EditorState {
  return EditorState.create({
    doc: text,
    extensions: [
      pageLook,
      rulesTheme,
      EditorState.lineSeparator.of("\n"),
      EditorView.clipboardInputFilter.of(pasted => pasted.replaceAll("\r\n", "\n")),
      EditorView.contentAttributes.of({
        "aria-label": NAMES[kind],
        spellcheck: "false",
        tabindex: "0",
        autocapitalize: "off",
        autocorrect: "off",
      }),
      spaces.readOnly.of(readOnlyState(readOnly)),
      spaces.wrapping.of(wrapping(wrapped)),
      spaces.lineNumbers.of(lineCounting(narrow)),
      spaces.assistance.of(assistance),
      ...(kind === "host" ? [] : [rulesColours(kind === "sets" ? "sets" : "rules")]),
      ...(kind === "rules4" || kind === "rules6" ? [ruleNumbers(), lineMarks()] : []),
      placeholder(EMPTY[kind]),
      drawSelection(),
      highlightSpecialChars(),
      highlightActiveLine(),
      highlightActiveLineGutter(),
    ],
  });
}

/** A text that nobody may change can still be walked through by cursor. */
export const readOnlyState = (readOnly: boolean): Extension => EditorState.readOnly.of(readOnly);

/** Long lines go on below, or to the right. */
export const wrapping = (wrapped: boolean): Extension => (wrapped ? EditorView.lineWrapping : []);

/** Where there is little room, rule numbers stand alone. */
export const lineCounting = (narrow: boolean): Extension => (narrow ? [] : lineNumbers());
