import { setU32, setU8, u32, u8 } from "./bytes.ts";

/** A view of an ESP header at `offset`. */
export class Esp {
  readonly bytes: Uint8Array;
  readonly offset: number;

  private constructor(bytes: Uint8Array, offset: number) {
    this.bytes = bytes;
    this.offset = offset;
  }

  /** Undefined unless 8 bytes lie between `offset` and `end`, the end of the packet. */
  static at(bytes: Uint8Array, offset: number, end: number): Esp | undefined {
    return offset + 8 <= end && end <= bytes.length ? new Esp(bytes, offset) : undefined;
  }

  get spi(): number {
    return u32(this.bytes, this.offset);
  }
  get sequence(): number {
    return u32(this.bytes, this.offset + 4);
  }
}

/** A view of an authentication header at `offset`. */
export class Ah {
  readonly bytes: Uint8Array;
  readonly offset: number;

  private constructor(bytes: Uint8Array, offset: number) {
    this.bytes = bytes;
    this.offset = offset;
  }

  /** Undefined unless its 12 fixed bytes lie between `offset` and `end`, the end of the packet. */
  static at(bytes: Uint8Array, offset: number, end: number): Ah | undefined {
    return offset + 12 <= end && end <= bytes.length ? new Ah(bytes, offset) : undefined;
  }

  get nextHeader(): number {
    return u8(this.bytes, this.offset);
  }
  /** Length of the whole header in bytes, as its length field says. */
  get headerLength(): number {
    return (u8(this.bytes, this.offset + 1) + 2) * 4;
  }
  /** The two reserved bytes, which ip6tables' `--ahres` looks at. */
  get reserved(): number {
    return u32(this.bytes, this.offset) & 0xffff;
  }
  get spi(): number {
    return u32(this.bytes, this.offset + 4);
  }
  get sequence(): number {
    return u32(this.bytes, this.offset + 8);
  }
}

/** An ESP packet's bytes. */
export function buildEsp(spi: number, sequence: number, payload: Uint8Array = new Uint8Array()): Uint8Array {
  const bytes = new Uint8Array(8 + payload.length);
  setU32(bytes, 0, spi);
  setU32(bytes, 4, sequence);
  bytes.set(payload, 8);
  return bytes;
}

/** An authentication header and what follows it; `icv` (12 bytes by default) must be a multiple of 4 long. */
export function buildAh(
  nextHeader: number,
  spi: number,
  sequence: number,
  icv: Uint8Array = new Uint8Array(12),
  payload: Uint8Array = new Uint8Array(),
): Uint8Array {
  const bytes = new Uint8Array(12 + icv.length + payload.length);
  setU8(bytes, 0, nextHeader);
  setU8(bytes, 1, (12 + icv.length) / 4 - 2);
  setU32(bytes, 4, spi);
  setU32(bytes, 8, sequence);
  bytes.set(icv, 12);
  bytes.set(payload, 12 + icv.length);
  return bytes;
}
