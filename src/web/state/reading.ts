import { signal, type ReadonlySignal, type Signal } from "@preact/signals";
import type { Reading } from "../work/outline.ts";

/** What the texts say, as read last; undefined before the first reading. */
export const reading: Signal<Reading | undefined> = signal(undefined);

/** Readings are made by one place only (app/rereading.ts); everybody else looks at them. */
export type CurrentReading = ReadonlySignal<Reading | undefined>;
