import { u8 } from "../../packet/index.ts";

/** The byte at an offset; 0 past the end, where the kernel finds what happens to lie there. */
export const byteAt = (bytes: Uint8Array, at: number): number => bytes[at] ?? 0;

/** Text as bytes. */
export const ascii = (text: string): Uint8Array => Uint8Array.from(text, character => character.charCodeAt(0) & 0xff);

export const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;

/** A letter, those of Latin-1 among them (lib/ctype.c). */
export const isAlpha = (byte: number): boolean =>
  (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a) || (byte >= 0xc0 && byte !== 0xd7 && byte !== 0xf7);

const lower = (byte: number): number => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte);

/** Do the bytes at an offset say this, whatever their case? `text` is lower case (lib/string.c, strncasecmp). */
export function says(bytes: Uint8Array, at: number, text: Uint8Array, length: number = text.length): boolean {
  for (let i = 0; i < length; i++) if (lower(byteAt(bytes, at + i)) !== text[i]) return false;
  return true;
}

/** The same where case counts (memcmp). */
export function saysExactly(bytes: Uint8Array, at: number, text: Uint8Array): boolean {
  for (let i = 0; i < text.length; i++) if (byteAt(bytes, at + i) !== text[i]) return false;
  return true;
}

/** A number and where its digits end. */
export interface Parsed {
  readonly value: number;
  readonly end: number;
}

/** The decimal digits at an offset as a number modulo 2^32; no digits are 0 (lib/vsprintf.c, simple_strtoul). */
export function decimal(bytes: Uint8Array, at: number): Parsed {
  let value = 0;
  let end = at;
  for (; isDigit(byteAt(bytes, end)); end++) value = (value * 10 + u8(bytes, end) - 0x30) % 2 ** 32;
  return { value, end };
}

/** The value of a hexadecimal digit; -1 for any other byte. */
export function hexDigit(byte: number): number {
  if (isDigit(byte)) return byte - 0x30;
  const letter = lower(byte);
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
