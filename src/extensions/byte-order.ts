/** A 32-bit number with its bytes the other way round: what a little-endian kernel makes of four bytes of a packet. */
export function swapped(word: number): number {
  return ((word >>> 24) | ((word >>> 8) & 0xff00) | ((word << 8) & 0xff0000) | (word << 24)) >>> 0;
}
