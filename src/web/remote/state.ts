import { computed, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import type { FileEntry, Workspace } from "../../report/serve/index.ts";
import { origin, type Origin } from "../state/documents.ts";
import type { RemoteServer } from "./remote.ts";

/** How the page stands to the server that sent it. */
export type Link =
  /** There is none: a page of files. */
  | { readonly state: "none" }
  | { readonly state: "open"; readonly server: RemoteServer; readonly workspace: Workspace }
  /** It no longer answers; what is edited stays here. */
  | { readonly state: "lost"; readonly server: RemoteServer; readonly workspace: Workspace };

export const link: Signal<Link> = signal({ state: "none" });

/** What of the server is open in the page: a document of its command line by its id, and the hashes that saves expect to find. */
export const standing: ReadonlySignal<NonNullable<Origin["served"]>> = computed(() => origin.value.served ?? NOTHING);

const NOTHING: NonNullable<Origin["served"]> = { id: undefined, hashes: {} };

/** The files of the root, as listed last; undefined before they were. */
export const files: Signal<{ readonly files: readonly FileEntry[]; readonly truncated: boolean } | undefined> = signal(undefined);

/** Something to tell, with what can be done about it. */
export interface Message {
  readonly tone: "note" | "warn" | "fault";
  readonly text: string;
  readonly actions: readonly { readonly label: string; readonly act: () => void }[];
  /** Goes away by itself. */
  readonly isBrief?: boolean;
}

export const message: Signal<Message | undefined> = signal(undefined);

/** Tells what the person has just done, for a while. */
export function tellBriefly(text: string): void {
  message.value = { tone: "note", text, actions: [], isBrief: true };
}

/** Tells something without a choice. */
export function tell(tone: Message["tone"], text: string): void {
  message.value = { tone, text, actions: [] };
}
