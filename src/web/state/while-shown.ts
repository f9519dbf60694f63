import { computed, type ReadonlySignal } from "@preact/signals";
import { view, type View } from "./view.ts";

/** What `read` gives while a panel is shown; while another one is, what it gave last, so that nothing is worked out that nobody looks at. */
export function whileShown<Value>(panel: View, read: () => Value): ReadonlySignal<Value | undefined> {
  let last: Value | undefined;
  return computed(() => {
    if (view.value === panel) last = read();
    return last;
  });
}
