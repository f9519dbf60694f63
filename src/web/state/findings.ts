import { signal, type Signal } from "@preact/signals";
import type { Finding } from "../../analysis/index.ts";

/** What lint found in the texts; undefined before it has looked. */
export const findings: Signal<readonly Finding[] | undefined> = signal(undefined);
