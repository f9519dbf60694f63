/**
 * Big-endian access to byte arrays. The readers and writers do no bounds check of their own: a view's
 * length check (`Tcp.at`, `dissect` …) comes first. A write outside the array changes nothing.
 */

/** The byte at `offset`. */
export function u8(bytes: Uint8Array, offset: number): number {
  return bytes[offset] as number;
}

/** The unsigned 16-bit number at `offset`. */
export function u16(bytes: Uint8Array, offset: number): number {
  return ((bytes[offset] as number) << 8) | (bytes[offset + 1] as number);
}

/** The unsigned 32-bit number at `offset`. */
export function u32(bytes: Uint8Array, offset: number): number {
  return (
    (((bytes[offset] as number) << 24) |
      ((bytes[offset + 1] as number) << 16) |
      ((bytes[offset + 2] as number) << 8) |
      (bytes[offset + 3] as number)) >>>
    0
  );
}

/** The unsigned 128-bit number at `offset`, as IPv6 addresses are. */
export function u128(bytes: Uint8Array, offset: number): bigint {
  return (
    (BigInt(u32(bytes, offset)) << 96n) |
    (BigInt(u32(bytes, offset + 4)) << 64n) |
    (BigInt(u32(bytes, offset + 8)) << 32n) |
    BigInt(u32(bytes, offset + 12))
  );
}

/** Writes the low 8 bits of `value`. */
export function setU8(bytes: Uint8Array, offset: number, value: number): void {
  bytes[offset] = value;
}

/** Writes the low 16 bits of `value`. */
export function setU16(bytes: Uint8Array, offset: number, value: number): void {
  bytes[offset] = value >>> 8;
  bytes[offset + 1] = value;
}

/** Writes the low 32 bits of `value`. */
export function setU32(bytes: Uint8Array, offset: number, value: number): void {
  bytes[offset] = value >>> 24;
  bytes[offset + 1] = value >>> 16;
  bytes[offset + 2] = value >>> 8;
  bytes[offset + 3] = value;
}

/** Writes the low 128 bits of `value`. */
export function setU128(bytes: Uint8Array, offset: number, value: bigint): void {
  setU32(bytes, offset, Number((value >> 96n) & 0xffffffffn));
  setU32(bytes, offset + 4, Number((value >> 64n) & 0xffffffffn));
  setU32(bytes, offset + 8, Number((value >> 32n) & 0xffffffffn));
  setU32(bytes, offset + 12, Number(value & 0xffffffffn));
}

const HEX = Array.from({ length: 256 }, (_, value) => value.toString(16).padStart(2, "0"));

/** The bytes as lower-case hexadecimal digits without separators. */
export function hex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += HEX[byte] as string;
  return text;
}

/** The bytes that hexadecimal digits spell; white space and colons between bytes are skipped. Throws a RangeError on anything else. */
export function unhex(text: string): Uint8Array {
  const digits = text.replace(/[\s:]+/g, "");
  if (digits.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(digits)) throw new RangeError("not hexadecimal bytes");
  const bytes = new Uint8Array(digits.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

/** One array with the bytes of all parts, in order. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Whether both arrays hold the same bytes. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
