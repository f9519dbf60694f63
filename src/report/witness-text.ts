import type { Witness } from "../analysis/index.ts";

/** A witness in the packet notation, with the word `session` where it is one. Not escaped. */
export const witnessText = ({ about, packet }: Pick<Witness, "about" | "packet">): string =>
  `${about === "session" ? "session " : ""}${packet}`;
