import type { Signal } from "@preact/signals";
import type { TargetedInputEvent } from "preact";

/** What an input or a text area needs to show a signal's text and to change it: `<input {...typedInto(filter)} />`. */
export function typedInto(text: Signal<string>): {
  readonly value: string;
  readonly onInput: (event: TargetedInputEvent<HTMLInputElement | HTMLTextAreaElement>) => void;
} {
  return {
    value: text.value,
    onInput: event => {
      text.value = event.currentTarget.value;
    },
  };
}
