/** Bob Jenkins' lookup3 over 32-bit words, with all arithmetic modulo 2^32 (linux/jhash.h, jhash2). `initial` is the hash's start value. */
export function jhash2(words: readonly number[], initial: number): number {
  let a = (0xdeadbeef + (words.length << 2) + initial) | 0;
  let b = a;
  let c = a;
  let at = 0;
  for (; words.length - at > 3; at += 3) {
    a = (a + word(words, at)) | 0;
    b = (b + word(words, at + 1)) | 0;
    c = (c + word(words, at + 2)) | 0;
    a = ((a - c) | 0) ^ rotate(c, 4);
    c = (c + b) | 0;
    b = ((b - a) | 0) ^ rotate(a, 6);
    a = (a + c) | 0;
    c = ((c - b) | 0) ^ rotate(b, 8);
    b = (b + a) | 0;
    a = ((a - c) | 0) ^ rotate(c, 16);
    c = (c + b) | 0;
    b = ((b - a) | 0) ^ rotate(a, 19);
    a = (a + c) | 0;
    c = ((c - b) | 0) ^ rotate(b, 4);
    b = (b + a) | 0;
  }
  if (at === words.length) return c >>> 0;
  a = (a + word(words, at)) | 0;
  b = (b + word(words, at + 1)) | 0;
  c = (c + word(words, at + 2)) | 0;
  c = ((c ^ b) - rotate(b, 14)) | 0;
  a = ((a ^ c) - rotate(c, 11)) | 0;
  b = ((b ^ a) - rotate(a, 25)) | 0;
  c = ((c ^ b) - rotate(b, 16)) | 0;
  a = ((a ^ c) - rotate(c, 4)) | 0;
  b = ((b ^ a) - rotate(a, 14)) | 0;
  return ((c ^ b) - rotate(b, 24)) >>> 0;
}

/** Maps a 32-bit number onto 0 … `size` − 1 by its upper part (linux/kernel.h, reciprocal_scale). */
export function reciprocalScale(value: number, size: number): number {
  return Number((BigInt(value >>> 0) * BigInt(size >>> 0)) >> 32n);
}

/** Words past the end count as 0. */
const word = (words: readonly number[], at: number): number => words[at] ?? 0;

const rotate = (value: number, by: number): number => (value << by) | (value >>> (32 - by));
