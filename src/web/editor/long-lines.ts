import { computed, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { isNarrow } from "../state/actions.ts";

/** What somebody chose for long lines; undefined before that. */
export const chosenWrapping: Signal<boolean | undefined> = signal(undefined);

/** Do long lines go on below? Where there is little room they do, unless somebody chose. */
export const isWrapped: ReadonlySignal<boolean> = computed(() => chosenWrapping.value ?? isNarrow.value);
