import { findByJumps, jumpsOf, type Jumps } from "./boyer-moore.ts";

/** A pattern made ready for being searched for, any number of times. */
export interface TextSearch {
  readonly pattern: Uint8Array;
  readonly ignoreCase: boolean;
  /** For each length of what has matched so far, how much of it is kept when the next byte differs. */
  readonly kept: Uint16Array;
  /** Where the kernel's way of searching misses something. */
  readonly jumps: Jumps | undefined;
}

/** Capital letters for small ones of Latin-1, as the kernel has them. Kernel: lib/ctype.c. */
const CAPITALS: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) => (isSmall(byte) ? byte - 0x20 : byte));

/** Capitals, as the kernel sees it, of bytes that are not 0x20 above a capital letter. */
const MISSED: readonly number[] = [0xbf, 0xdf];

function isSmall(byte: number): boolean {
  return (byte >= 0x61 && byte <= 0x7a) || (byte >= 0xdf && byte !== 0xf7);
}

/** Small letters for capital ones. */
const smallOf = (byte: number): number => byte + (isCapital(byte) ? 0x20 : 0);

const isCapital = (byte: number): boolean => (byte >= 0x41 && byte <= 0x5a) || (byte >= 0xc0 && byte <= 0xde && byte !== 0xd7);

/**
 * Makes a pattern ready. Kernel: ts_kmp.c, kmp_init. The algorithm `bm` (ts_bm.c) finds the same, so that one search does for both; only where it
 * would miss a place are its own jumps made.
 */
export function prepareSearch(pattern: Uint8Array, ignoreCase: boolean, algorithm = "kmp"): TextSearch {
  const shown = ignoreCase ? pattern.map(byte => CAPITALS[byte] ?? byte) : pattern;
  const kept = new Uint16Array(shown.length + 1);
  for (let i = 1, length = 0; i < shown.length; i++) {
    while (length > 0 && shown[i] !== shown[length]) length = kept[length] ?? 0;
    if (shown[i] === shown[length]) length++;
    kept[i + 1] = length;
  }
  const misses = algorithm === "bm" && ignoreCase && shown.some(byte => MISSED.includes(byte));
  return { pattern: shown, ignoreCase, kept, jumps: misses ? jumpsOf(shown, smallOf) : undefined };
}

/** Where the pattern first stands from `from` on, up to `end`; undefined if nowhere. Looks at every byte once, or jumps. */
export function findText(
  { pattern, ignoreCase, kept, jumps }: TextSearch,
  bytes: Uint8Array,
  from: number,
  end: number,
): number | undefined {
  if (jumps) return findByJumps(pattern, jumps, CAPITALS, bytes, from, end);
  let length = 0;
  for (let at = from; at < end; at++) {
    const byte = bytes[at] ?? 0;
    const found = ignoreCase ? (CAPITALS[byte] ?? byte) : byte;
    while (length > 0 && pattern[length] !== found) length = kept[length] ?? 0;
    if (pattern[length] === found) length++;
    if (length === pattern.length) return at + 1 - length;
  }
  return undefined;
}
