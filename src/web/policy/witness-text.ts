import type { Witness } from "../../analysis/index.ts";

/** A witness in the packet notation, as Trace takes it. */
export const witnessText = ({ about, packet }: Witness): string => `${about === "session" ? "session " : ""}${packet}`;
