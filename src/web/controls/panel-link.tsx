import type { ComponentChildren, JSX } from "preact";
import { view, type View } from "../state/view.ts";

/** A button that goes to a panel; as a link among words, unless its class says otherwise. */
export function PanelLink(props: { readonly to: View; readonly class?: string; readonly children: ComponentChildren }): JSX.Element {
  const { to, class: look = "act", children } = props;
  return (
    <button
      type="button"
      class={look}
      onClick={() => {
        view.value = to;
      }}
    >
      {children}
    </button>
  );
}
