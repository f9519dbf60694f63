/** How far a search may jump: by the byte of the text that differs, and by how many bytes of the pattern's end have been found. Kernel: ts_bm.c, struct ts_bm. */
export interface Jumps {
  readonly byByte: Uint16Array;
  readonly byFound: Uint16Array;
}

/**
 * The jumps for a pattern in capitals. For a byte of the text the kernel knows the small letter of each capital, which is not the same as every
 * byte that has this capital: of Latin-1's 0xdf and 0xff it knows too little, and may jump over a place where they stand. Kernel: ts_bm.c,
 * compute_prefix_tbl.
 */
export function jumpsOf(pattern: Uint8Array, smallOf: (byte: number) => number): Jumps {
  const { length } = pattern;
  const byByte = new Uint16Array(256).fill(length);
  for (let i = 0; i < length - 1; i++) {
    const byte = pattern[i] ?? 0;
    byByte[byte] = length - 1 - i;
    byByte[smallOf(byte)] = length - 1 - i;
  }
  const byFound = Uint16Array.from({ length }, (_, found) => (found === 0 ? 1 : jumpAfter(pattern, found)));
  return { byByte, byFound };
}

/** The least shift that brings the pattern's last `found` bytes onto the same bytes, behind another one than before, or onto its beginning. */
function jumpAfter(pattern: Uint8Array, found: number): number {
  const { length } = pattern;
  const start = length - found;
  for (let shift = 1; shift < length; shift++) {
    let i = length - 1;
    while (i >= start && i >= shift && pattern[i] === pattern[i - shift]) i--;
    if (i < shift || (i < start && pattern[start - 1] !== pattern[start - 1 - shift])) return shift;
  }
  return length;
}

/** Where a search with these jumps first finds the pattern from `from` on, up to `end`. Kernel: ts_bm.c, bm_find. */
export function findByJumps(
  pattern: Uint8Array,
  { byByte, byFound }: Jumps,
  capitals: Uint8Array,
  bytes: Uint8Array,
  from: number,
  end: number,
): number | undefined {
  const { length } = pattern;
  for (let last = from + length - 1; last < end;) {
    let found = 0;
    while (found < length && capitals[bytes[last - found] ?? 0] === pattern[length - 1 - found]) found++;
    if (found === length) return last - length + 1;
    last = Math.max(last - found + (byByte[bytes[last - found] ?? 0] ?? 0), last + (byFound[found] ?? 0));
  }
  return undefined;
}
