/** ipset's language: the command, its restored text, and its listings. */
export { runIpset, type IpsetOutcome, type IpsetSurroundings } from "./run-ipset.ts";
export { readIpsets, type ReadSets } from "./read-ipsets.ts";
export { printSets, type ListMode, type ListOptions } from "./listing.ts";
export type { HostLookup } from "./draft.ts";
