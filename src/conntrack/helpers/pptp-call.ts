import type { Connection } from "../connection.ts";
import type { Tracking } from "../tracking.ts";
import type { Tuple } from "../tuple.ts";

/** What is known of a control connection; call ids are 16-bit numbers (struct nf_ct_pptp_master, struct nf_nat_pptp). */
export interface PptpCall {
  session: "none" | "error" | "stopping" | "requested" | "confirmed";
  state: "none" | "out requested" | "out confirmed" | "in requested" | "in replied" | "in confirmed" | "clearing";
  /** The client's call id, as the server knows it, and the server's (PNS, PAC). */
  client: number;
  server: number;
  /** The same as they were before NAT. */
  clientBefore: number;
  serverBefore: number;
}

/** One of the two expectations is fulfilled: the other direction is its answer, and no longer expected. */
export function forgetOther(tracker: Tracking, { zone }: Connection, tuple: Tuple | undefined): void {
  const other = tuple && tracker.expectations.find(tuple, zone, tracker.now);
  if (other !== undefined) tracker.expectations.remove(other);
}
