import type { JSX } from "preact";

export function Panel(): JSX.Element {
  return <p class="soft">…</p>;
}
