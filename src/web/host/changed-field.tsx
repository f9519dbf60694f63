import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { change } from "./machine.ts";
import type { HostChange } from "./page.ts";

/** A field of the form: a change is made when the field is left or Enter is pressed, and what cannot be is kept and marked until it is mended. */
export function ChangedField(props: {
  readonly label: string;
  readonly value: string;
  readonly made: (value: string) => HostChange;
  readonly placeholder?: string;
  readonly disabled: boolean;
}): JSX.Element {
  const { label, value, made, placeholder, disabled } = props;
  const typed = useSignal<string | undefined>(undefined);
  const wrong = useSignal(false);
  const take = async (text: string): Promise<void> => {
    if (text === value) {
      typed.value = undefined;
      wrong.value = false;
      return;
    }
    wrong.value = !(await change(made(text)));
    if (!wrong.value) typed.value = undefined;
  };
  return (
    <input
      class="input mono"
      aria-label={label}
      value={typed.value ?? value}
      placeholder={placeholder}
      disabled={disabled}
      spellcheck={false}
      autocomplete="off"
      autocapitalize="off"
      aria-invalid={wrong.value}
      onInput={event => {
        typed.value = event.currentTarget.value;
      }}
      onChange={event => void take(event.currentTarget.value)}
      onKeyDown={event => {
        if (event.key !== "Escape") return;
        typed.value = undefined;
        wrong.value = false;
      }}
    />
  );
}
