import { signal, type Signal } from "@preact/signals";

/** The line of the editor's cursor, from 1. */
export const cursorLine: Signal<number> = signal(1);
