import { signal, type Signal } from "@preact/signals";

/** Something that the editor tells above the text until it is put away: what became of a file that was opened, or why it was not. */
export interface Note {
  readonly tone: "note" | "warn" | "fault";
  /** Sentences. */
  readonly lines: readonly string[];
  /** What can be done about it. */
  readonly action?: { readonly label: string; readonly act: () => void };
}

export const note: Signal<Note | undefined> = signal(undefined);
