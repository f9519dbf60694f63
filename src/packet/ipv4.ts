import { setU16, setU32, setU8, u16, u32, u8 } from "./bytes.ts";
import { setHeaderChecksum, updateChecksum16 } from "./internet-checksum.ts";
import { IPV4_HEADER } from "./numbers.ts";

/** An IPv4 option: kind, offset of its kind byte, whole length in bytes. */
export interface Ipv4Option {
  readonly kind: number;
  readonly offset: number;
  readonly length: number;
}

/** A view of an IPv4 header at the start of `bytes`. Setters keep the header checksum right incrementally (RFC 1624), as the kernel's do. */
export class Ipv4 {
  readonly bytes: Uint8Array;

  private constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** Undefined unless the header with its options lies within `bytes`. */
  static at(bytes: Uint8Array): Ipv4 | undefined {
    if (bytes.length < IPV4_HEADER || u8(bytes, 0) >> 4 !== 4) return undefined;
    const length = (u8(bytes, 0) & 0x0f) * 4;
    return length >= IPV4_HEADER && length <= bytes.length ? new Ipv4(bytes) : undefined;
  }

  get headerLength(): number {
    return (u8(this.bytes, 0) & 0x0f) * 4;
  }
  get tos(): number {
    return u8(this.bytes, 1);
  }
  set tos(value: number) {
    this.#word(0, (u16(this.bytes, 0) & 0xff00) | (value & 0xff));
  }
  get totalLength(): number {
    return u16(this.bytes, 2);
  }
  set totalLength(value: number) {
    this.#word(2, value);
  }
  get identification(): number {
    return u16(this.bytes, 4);
  }
  set identification(value: number) {
    this.#word(4, value);
  }
  get dontFragment(): boolean {
    return (u8(this.bytes, 6) & 0x40) !== 0;
  }
  get moreFragments(): boolean {
    return (u8(this.bytes, 6) & 0x20) !== 0;
  }
  /** The bit that RFC 791 reserves. */
  get reservedBit(): boolean {
    return (u8(this.bytes, 6) & 0x80) !== 0;
  }
  /** Units of 8 bytes. */
  get fragmentOffset(): number {
    return u16(this.bytes, 6) & 0x1fff;
  }
  get ttl(): number {
    return u8(this.bytes, 8);
  }
  set ttl(value: number) {
    this.#word(8, ((value & 0xff) << 8) | this.protocol);
  }
  get protocol(): number {
    return u8(this.bytes, 9);
  }
  get checksum(): number {
    return u16(this.bytes, 10);
  }
  set checksum(value: number) {
    setU16(this.bytes, 10, value);
  }
  get source(): number {
    return u32(this.bytes, 12);
  }
  set source(value: number) {
    this.#word(12, value >>> 16);
    this.#word(14, value & 0xffff);
  }
  get destination(): number {
    return u32(this.bytes, 16);
  }
  set destination(value: number) {
    this.#word(16, value >>> 16);
    this.#word(18, value & 0xffff);
  }

  /** The options in order, up to the end-of-list option or the first malformed one (which is not yielded). */
  *options(): Generator<Ipv4Option, void> {
    const end = this.headerLength;
    for (let at = IPV4_HEADER; at < end;) {
      const kind = u8(this.bytes, at);
      if (kind === 0) return;
      const length = kind === 1 ? 1 : at + 1 < end ? u8(this.bytes, at + 1) : 0;
      if (length === 0 || (kind !== 1 && length < 2) || at + length > end) return;
      yield { kind, offset: at, length };
      at += length;
    }
  }

  /** Computes the header checksum anew. */
  sealChecksum(): void {
    setHeaderChecksum(this.bytes, this.headerLength);
  }

  #word(offset: number, value: number): void {
    const from = u16(this.bytes, offset);
    if (from === (value & 0xffff)) return;
    setU16(this.bytes, offset, value);
    this.checksum = updateChecksum16(this.checksum, from, value & 0xffff);
  }
}

/** The fields of an IPv4 header to build; `options` are raw bytes, padded with zeros to a multiple of 4. */
export interface Ipv4Repr {
  readonly source: number;
  readonly destination: number;
  readonly protocol: number;
  readonly payloadLength: number;
  readonly ttl?: number;
  readonly tos?: number;
  readonly identification?: number;
  readonly dontFragment?: boolean;
  readonly moreFragments?: boolean;
  readonly reservedBit?: boolean;
  /** Units of 8 bytes. */
  readonly fragmentOffset?: number;
  readonly options?: Uint8Array;
}

/** The header's bytes, with the right checksum. Throws a RangeError on more than 40 bytes of options or a total over 65535. */
export function buildIpv4(repr: Ipv4Repr): Uint8Array {
  const options = repr.options ?? new Uint8Array();
  const length = IPV4_HEADER + Math.ceil(options.length / 4) * 4;
  if (length > 60) throw new RangeError(`IPv4 options of ${options.length} bytes`);
  if (length + repr.payloadLength > 65535) throw new RangeError(`IPv4 packet of ${length + repr.payloadLength} bytes`);
  const bytes = new Uint8Array(length);
  setU8(bytes, 0, 0x40 | (length / 4));
  setU8(bytes, 1, repr.tos ?? 0);
  setU16(bytes, 2, length + repr.payloadLength);
  setU16(bytes, 4, repr.identification ?? 0);
  const flags = (repr.reservedBit ? 0x8000 : 0) | (repr.dontFragment ? 0x4000 : 0) | (repr.moreFragments ? 0x2000 : 0);
  setU16(bytes, 6, flags | ((repr.fragmentOffset ?? 0) & 0x1fff));
  setU8(bytes, 8, repr.ttl ?? 64);
  setU8(bytes, 9, repr.protocol);
  setU32(bytes, 12, repr.source);
  setU32(bytes, 16, repr.destination);
  bytes.set(options, IPV4_HEADER);
  setHeaderChecksum(bytes, length);
  return bytes;
}
