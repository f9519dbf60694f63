import type { Documents } from "../state/documents.ts";

/** What became of a text that was pasted, dropped or picked: texts of a firewall, with sentences about it, or why it is none. */
export type TakenText =
  | { readonly texts: Partial<Documents>; readonly notes: readonly string[] }
  | { readonly refused: string; readonly script?: true };
