import { computed, type ReadonlySignal } from "@preact/signals";
import { openings } from "./documents.ts";
import { view, type View } from "./view.ts";

/**
 * What `read` gives while a panel is shown; while another one is, what it gave last, so that nothing is worked out that nobody looks at. Undefined
 * before it was shown, and after another firewall was opened.
 */
export function whileShown<Value>(panel: View, read: () => Value): ReadonlySignal<Value | undefined> {
  let last: Value | undefined;
  let opening = openings.peek();
  return computed(() => {
    if (openings.value !== opening) {
      opening = openings.value;
      last = undefined;
    }
    if (view.value === panel) last = read();
    return last;
  });
}
