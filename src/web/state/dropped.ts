import { signal, type Signal } from "@preact/signals";

/** A capture file that was dropped on the page and that nobody has taken yet: Replay takes it and sets this to undefined. */
export const droppedCapture: Signal<File | undefined> = signal(undefined);
