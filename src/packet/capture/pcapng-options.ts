import { u8 } from "../bytes.ts";
import { decodeUtf8 } from "../utf8.ts";
import { read16, read32 } from "./byte-order.ts";

/** The longest interface name that is kept, in bytes; the kernel's IFNAMSIZ is 16, Windows' names are GUIDs. */
export const NAME_LIMIT = 255;

/**
 * The value of the first option `code` among the options of a block between `from` and `end`; undefined without one. An
 * option that overruns the block ends the list.
 */
export function option(bytes: Uint8Array, from: number, end: number, little: boolean, code: number): Uint8Array | undefined {
  for (let at = from; at + 4 <= end;) {
    const found = read16(bytes, at, little);
    const length = read16(bytes, at + 2, little);
    if (found === 0 || at + 4 + length > end) return undefined;
    if (found === code) return bytes.subarray(at + 4, at + 4 + length);
    at += 4 + ((length + 3) & ~3);
  }
  return undefined;
}

/** How an interface counts time: ticks per second, and seconds to add. */
export interface Clock {
  readonly ticks: bigint;
  readonly offset: bigint;
}

/** Microseconds since 1970: what an interface counts that says nothing. */
export const MICROSECONDS: Clock = { ticks: 1_000_000n, offset: 0n };

/** The clock that if_tsresol (one byte: a power of ten, or of two with the top bit) and if_tsoffset (signed seconds) describe. */
export function clock(resolution: Uint8Array | undefined, offset: Uint8Array | undefined, little: boolean): Clock {
  let ticks = MICROSECONDS.ticks;
  if (resolution !== undefined && resolution.length >= 1) {
    const exponent = u8(resolution, 0);
    ticks = exponent >= 128 ? 1n << BigInt(exponent - 128) : 10n ** BigInt(exponent);
  }
  if (offset === undefined || offset.length < 8) return { ticks, offset: 0n };
  const high = BigInt(read32(offset, little ? 4 : 0, little));
  const low = BigInt(read32(offset, little ? 0 : 4, little));
  return { ticks, offset: BigInt.asIntN(64, (high << 32n) | low) };
}

/** Nanoseconds since 1970 of a 64-bit tick count, rounded down. */
export function nanoseconds(high: number, low: number, { ticks, offset }: Clock): bigint {
  const count = (BigInt(high) << 32n) | BigInt(low);
  const time = ticks === 1_000_000n ? count * 1000n : ticks === 1_000_000_000n ? count : (count * 1_000_000_000n) / ticks;
  return offset === 0n ? time : time + offset * 1_000_000_000n;
}

/** A name in UTF-8, or in Latin-1 where it is not UTF-8; it ends at a NUL. */
export function decodeName(bytes: Uint8Array): string {
  const nul = bytes.indexOf(0);
  const name = bytes.subarray(0, Math.min(nul === -1 ? bytes.length : nul, NAME_LIMIT));
  return decodeUtf8(name) ?? String.fromCharCode(...name);
}
