import { signal, type Signal } from "@preact/signals";

/** What can be asked of the editor from outside, once its assistance is loaded. */
export interface EditorTools {
  /** Explains the word at the cursor. */
  explain(): void;
  /** Lists errors and findings of the text. */
  problems(): void;
}

export const tools: Signal<EditorTools | undefined> = signal(undefined);
