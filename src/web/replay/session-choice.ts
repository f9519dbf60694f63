import { computed, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import type { SessionOrder, SessionView } from "./session-view.ts";

/** The stretch of time that is marked, in ns since 1970; undefined for all. */
export const during: Signal<SessionView["during"]> = signal(undefined);
/** What the table of sessions is ordered by. */
export const order: Signal<{ readonly by: SessionOrder; readonly descending: boolean }> = signal({ by: "lost", descending: true });
/** What is searched for. */
export const search: Signal<string> = signal("");
/** Which sessions are shown. */
export const fate: Signal<SessionView["fate"]> = signal("any");

/** All of it. */
export const sessionView: ReadonlySignal<SessionView> = computed(() => ({
  order: order.value.by,
  descending: order.value.descending,
  search: search.value,
  fate: fate.value,
  during: during.value,
}));
