import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { printable } from "../../report/index.ts";

/** A field of the packet builder: what is typed counts as soon as it can be read; what cannot is marked, and forgotten when the field is left. */
export function SpecInput(props: {
  readonly label: string;
  /** What goes before the label for people who hear it. */
  readonly of?: string;
  readonly value: string;
  /** Takes what was typed; false when it cannot be read. */
  readonly take: (text: string) => boolean;
  readonly kind?: "address" | "number";
  readonly placeholder?: string;
  readonly disabled?: boolean;
}): JSX.Element {
  const { label, of, value, take, kind, placeholder, disabled = false } = props;
  const typed = useSignal<string | undefined>(undefined);
  const wrong = useSignal(false);
  return (
    <label class={`field ${kind ?? ""}`}>
      <span class="label">
        {of === undefined ? null : <span class="visually-hidden">{of} </span>}
        {label}
      </span>
      <input
        class="input mono"
        value={typed.value ?? value}
        disabled={disabled}
        placeholder={placeholder}
        inputMode={kind === "number" ? "numeric" : "text"}
        spellcheck={false}
        autocomplete="off"
        autocapitalize="off"
        aria-invalid={wrong.value}
        onInput={event => {
          typed.value = event.currentTarget.value;
          wrong.value = !take(event.currentTarget.value);
        }}
        onBlur={() => {
          typed.value = undefined;
          wrong.value = false;
        }}
      />
    </label>
  );
}

/** A choice of the packet builder. An empty value stands for a word that is not said. */
export function SpecChoice(props: {
  readonly label: string;
  readonly value: string;
  readonly choices: readonly (string | readonly [value: string, text: string])[];
  readonly take: (value: string) => void;
}): JSX.Element {
  const { label, value, choices, take } = props;
  const pairs = choices.map(each => (typeof each === "string" ? ([each, each] as const) : each));
  const known = pairs.some(([each]) => each === value);
  return (
    <label class="field">
      <span class="label">{label}</span>
      <select class="input from-rules" value={value} onChange={event => take(event.currentTarget.value)}>
        {known ? null : <option value={value}>{printable(value)}</option>}
        {pairs.map(([each, text]) => (
          <option key={each} value={each}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
