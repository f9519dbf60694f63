import type { Family, Range } from "../predicate/index.ts";

/** Addresses that are this machine's whatever it is. */
export const LOOPBACK_NETWORK: Readonly<Record<Family, Range>> = { 4: [0x7f000000, 0x7fffffff], 6: [1n, 1n] };
