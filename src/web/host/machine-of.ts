import { assumeHost, type Host } from "../../host/index.ts";
import type { Documents } from "../state/documents.ts";
import { readFirewall } from "../work/firewall.ts";

/** The machine that the texts describe, or the one that their rules let assume. `now` in µs since the epoch. */
export function machineOf(texts: Documents, now: number): { readonly host: Host; readonly described: boolean } {
  const { v4, v6, host } = readFirewall(texts, now);
  return host ? { host, described: true } : { host: assumeHost([v4, v6], []), described: false };
}
