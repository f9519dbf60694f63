/** A pattern made ready for being searched for, any number of times. */
export interface TextSearch {
  readonly pattern: Uint8Array;
  readonly ignoreCase: boolean;
  /** For each length of what has matched so far, how much of it is kept when the next byte differs. */
  readonly kept: Uint16Array;
}

/** Capital letters for small ones of Latin-1, as the kernel has them. Kernel: lib/ctype.c. */
const CAPITALS: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) => (isSmall(byte) ? byte - 0x20 : byte));

function isSmall(byte: number): boolean {
  return (byte >= 0x61 && byte <= 0x7a) || (byte >= 0xdf && byte !== 0xf7);
}

/** Makes a pattern ready. Kernel: ts_kmp.c, kmp_init; the outcome is the same as that of ts_bm.c. */
export function prepareSearch(pattern: Uint8Array, ignoreCase: boolean): TextSearch {
  const shown = ignoreCase ? pattern.map(byte => CAPITALS[byte] ?? byte) : pattern;
  const kept = new Uint16Array(shown.length + 1);
  for (let i = 1, length = 0; i < shown.length; i++) {
    while (length > 0 && shown[i] !== shown[length]) length = kept[length] ?? 0;
    if (shown[i] === shown[length]) length++;
    kept[i + 1] = length;
  }
  return { pattern: shown, ignoreCase, kept };
}

/** Where the pattern first stands from `from` on, up to `end`; undefined if nowhere. Looks at every byte once. */
export function findText({ pattern, ignoreCase, kept }: TextSearch, bytes: Uint8Array, from: number, end: number): number | undefined {
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
