import type { JSX } from "preact";

/** Saves the texts to the server's files; nothing where there is no server. */
export function SaveButton(): JSX.Element {
  return <></>;
}
