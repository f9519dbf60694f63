import { batch, computed, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import type { Family } from "../../predicate/index.ts";

/** The texts that make a firewall: the rules of each family, its ipsets (`ipset save`) and its machine (a host file); empty where there is none. */
export interface Documents {
  readonly rules4: string;
  readonly rules6: string;
  readonly sets: string;
  readonly host: string;
}

/** One of the texts. */
export type DocumentKind = keyof Documents;

/** All of them. */
export const DOCUMENT_KINDS: readonly DocumentKind[] = ["rules4", "rules6", "sets", "host"];

/** Where the texts came from. */
export interface Origin {
  /** What people call it: a file's name, `NAT gateway`. */
  readonly name: string;
  /** Why the texts must not be edited; undefined when they may be. */
  readonly readOnly: string | undefined;
  /** For files of the server's root: their paths there. */
  readonly paths?: Partial<Record<DocumentKind, string>>;
  /** For what the server opened: which document of its command line it is, and the hash of each text as it was read or saved last. */
  readonly served?: { readonly id: string | undefined; readonly hashes: Partial<Record<DocumentKind, string>> };
}

export const NO_DOCUMENTS: Documents = { rules4: "", rules6: "", sets: "", host: "" };

/** The texts as they are edited now. */
export const documents: Signal<Documents> = signal(NO_DOCUMENTS);

/** As they were opened or saved last: what differs is unsaved. */
export const opened: Signal<Documents> = signal(NO_DOCUMENTS);

export const origin: Signal<Origin> = signal({ name: "untitled", readOnly: undefined });

/** Counts how often another firewall was opened: what was said of the one before means nothing then. */
export const openings: Signal<number> = signal(0);

/** Which text the editor shows. */
export const shown: Signal<DocumentKind> = signal("rules4");

export const isEdited: ReadonlySignal<boolean> = computed(() => !sameDocuments(documents.value, opened.value));

/** Replaces all texts. The editor shows the first that there is. */
export function openDocuments(texts: Partial<Documents>, from: Origin): void {
  batch(() => {
    documents.value = { ...NO_DOCUMENTS, ...texts };
    opened.value = documents.value;
    origin.value = from;
    openings.value++;
    shown.value = firstOf(texts);
  });
}

/** Opens texts as they were once, with what has been changed in them since. */
export function openEdited(before: Documents, now: Documents, from: Origin): void {
  openDocuments(before, from);
  batch(() => {
    documents.value = now;
    shown.value = firstOf(now);
  });
}

const firstOf = ({ rules4, rules6 }: Partial<Documents>): DocumentKind => (rules4 ? "rules4" : rules6 ? "rules6" : "rules4");

/** Changes one text, as typing does; texts that are read-only stay. */
export function edit(kind: DocumentKind, text: string): void {
  if (origin.value.readOnly !== undefined || documents.value[kind] === text) return;
  documents.value = { ...documents.value, [kind]: text };
}

/** The family whose rules a text holds; undefined for one that holds none. */
export function familyOf(kind: DocumentKind): Family | undefined {
  return kind === "rules4" ? 4 : kind === "rules6" ? 6 : undefined;
}

/** The text that holds the rules of a family. */
export function rulesOf(family: Family): "rules4" | "rules6" {
  return family === 4 ? "rules4" : "rules6";
}

/** Do they say the same? */
export function sameDocuments(one: Documents, other: Documents): boolean {
  return one === other || DOCUMENT_KINDS.every(kind => one[kind] === other[kind]);
}
