import type { Family, Scalar } from "../predicate/index.ts";

/** Addresses of documentation that stand for this machine's own where no host is known. */
export const UNNAMED: Readonly<Record<Family, Scalar>> = { 4: 0xc6336402, 6: (0x20010db8n << 96n) | (0xfn << 64n) | 2n };
