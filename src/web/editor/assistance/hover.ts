import type { Extension } from "@codemirror/state";
import { hoverTooltip, type EditorView, type Tooltip } from "@codemirror/view";
import { printable } from "../../../report/index.ts";
import { showLine } from "../../state/actions.ts";
import { shown } from "../../state/documents.ts";
import { reading } from "../../state/reading.ts";
import { rulesWork } from "../../work/workers.ts";
import { describeAt, type Description } from "./describe.ts";
import type { Grammar } from "./grammar.ts";
import { placeAt } from "./place.ts";

/** Help for the word under the pointer. */
export function hover(grammar: Grammar): Extension {
  return hoverTooltip(async (view, position): Promise<Tooltip | null> => {
    const { from } = view.state.doc.lineAt(position);
    const found = await helpAt(view, position, grammar);
    if (found === undefined) return null;
    return { pos: from + found.from, end: from + found.to, above: true, create: () => ({ dom: helpElement(found) }) };
  });
}

/** What there is to say of the word at a position; what values mean is asked of the reading worker. */
export async function helpAt(view: EditorView, position: number, grammar: Grammar): Promise<Description | undefined> {
  const kind = shown.peek();
  if (kind !== "rules4" && kind !== "rules6") return undefined;
  const place = placeAt(view.state.doc, position, kind, reading.peek(), "");
  const found = describeAt({ ...place, tables: reading.peek()?.tables ?? [] }, grammar);
  if (found?.value === undefined) return found;
  const more = await rulesWork().describeValue({ ...found.value, family: place.family });
  return { ...found, lines: [...more, ...found.lines] };
}

/** A description as an element. All texts are text nodes. */
export function helpElement({ title, lines, line }: Description): HTMLElement {
  const element = document.createElement("div");
  element.className = "editor-help from-rules";
  const head = element.appendChild(document.createElement("p"));
  head.className = "rule-text editor-help-title";
  head.textContent = printable(title);
  for (const text of lines) element.appendChild(document.createElement("p")).textContent = printable(text);
  if (line !== undefined && line > 0) {
    const go = element.appendChild(document.createElement("button"));
    go.type = "button";
    go.className = "act small";
    go.textContent = `Go to line ${line}`;
    go.addEventListener("click", () => showLine(shown.peek(), line));
  }
  return element;
}
