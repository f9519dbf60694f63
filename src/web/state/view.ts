import { signal, type Signal } from "@preact/signals";

/** The panels beside the editor, in the order of their tabs; `rules` is the editor itself where there is room for one panel only. */
export const VIEWS = ["rules", "map", "trace", "policy", "diff", "replay", "findings", "tests", "host"] as const;

/** One of the panels. */
export type View = (typeof VIEWS)[number];

/** The panel that is shown. */
export const view: Signal<View> = signal("map");

/** Is this the name of a panel? */
export function isView(text: string | undefined): text is View {
  return VIEWS.some(each => each === text);
}
