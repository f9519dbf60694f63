import type { JSX } from "preact";

export function ShareButton(): JSX.Element {
  return <></>;
}
