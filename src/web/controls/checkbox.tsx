import type { Signal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";

/** A box that turns a signal on and off, with its words behind it. */
export function Checkbox(props: {
  readonly checked: Signal<boolean>;
  readonly class: string;
  readonly title?: string;
  readonly children: ComponentChildren;
}): JSX.Element {
  const { checked, class: look, title, children } = props;
  return (
    <label class={look} title={title}>
      <input
        type="checkbox"
        checked={checked.value}
        onChange={event => {
          checked.value = event.currentTarget.checked;
        }}
      />
      {children}
    </label>
  );
}
