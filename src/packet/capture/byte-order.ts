import { u16, u32 } from "../bytes.ts";

/** The unsigned 16-bit number at `offset`, little-endian if `little`. The caller checks the length. */
export function read16(bytes: Uint8Array, offset: number, little: boolean): number {
  const value = u16(bytes, offset);
  return little ? ((value & 0xff) << 8) | (value >>> 8) : value;
}

/** The unsigned 32-bit number at `offset`, little-endian if `little`. The caller checks the length. */
export function read32(bytes: Uint8Array, offset: number, little: boolean): number {
  const value = u32(bytes, offset);
  if (!little) return value;
  return (((value & 0xff) << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | (value >>> 24)) >>> 0;
}

/** Writes a 16-bit number at `offset`, little-endian if `little`. */
export function write16(bytes: Uint8Array, offset: number, value: number, little: boolean): void {
  bytes[offset] = little ? value : value >>> 8;
  bytes[offset + 1] = little ? value >>> 8 : value;
}

/** Writes a 32-bit number at `offset`, little-endian if `little`. */
export function write32(bytes: Uint8Array, offset: number, value: number, little: boolean): void {
  write16(bytes, offset, little ? value : value >>> 16, little);
  write16(bytes, offset + 2, little ? value >>> 16 : value, little);
}
