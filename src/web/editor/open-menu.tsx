import type { JSX } from "preact";

export function OpenMenu(): JSX.Element {
  return <></>;
}
