import { batch, signal, type Signal } from "@preact/signals";
import type { Family } from "../../predicate/index.ts";
import { rulesOf, shown, type DocumentKind } from "./documents.ts";
import { question } from "./traced.ts";
import { view } from "./view.ts";

/** A place of a text that the editor is to show. Each request is a new object, so that the same place can be asked for twice. */
export interface Showing {
  readonly document: DocumentKind;
  /** From 1. */
  readonly line: number;
}

/** What the editor was last asked to show. */
export const showing: Signal<Showing | undefined> = signal(undefined);

/** True where the page has room for one panel only. */
export const isNarrow: Signal<boolean> = signal(false);

/** Shows a line of a text in the editor. */
export function showLine(document: DocumentKind, line: number): void {
  batch(() => {
    shown.value = document;
    showing.value = { document, line };
    if (isNarrow.value) view.value = "rules";
  });
}

/** Shows a rule's line in the editor. */
export function showRule({ family, line }: { readonly family: Family; readonly line: number }): void {
  if (line > 0) showLine(rulesOf(family), line);
}

/** Asks Trace about a packet or session in the packet notation, and goes there. */
export function traceThis(text: string): void {
  batch(() => {
    question.value = text;
    view.value = "trace";
  });
}
