import { signal, type Signal } from "@preact/signals";
import type { Reading } from "../work/outline.ts";

/** What the texts say, as read last; undefined before the first reading. One place alone makes readings: app/rereading.ts. */
export const reading: Signal<Reading | undefined> = signal(undefined);
