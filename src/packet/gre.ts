import { setU16, setU32, u16, u32, u8 } from "./bytes.ts";

/** The PPP EtherType that PPTP's GRE carries. */
export const GRE_PPP = 0x880b;

/** A view of a GRE header at `offset`: version 0 (RFC 2784, 2890) or PPTP's version 1 (RFC 2637). */
export class Gre {
  readonly bytes: Uint8Array;
  readonly offset: number;
  readonly end: number;

  private constructor(bytes: Uint8Array, offset: number, end: number) {
    this.bytes = bytes;
    this.offset = offset;
    this.end = end;
  }

  /** Undefined unless the header with all fields that its flags announce lies between `offset` and `end`, the end of the packet. */
  static at(bytes: Uint8Array, offset: number, end: number): Gre | undefined {
    if (offset + 4 > end || end > bytes.length) return undefined;
    const gre = new Gre(bytes, offset, end);
    return gre.payload <= end ? gre : undefined;
  }

  /** Bits C, R, K, S, s, recursion, A, flags, version. */
  get flags(): number {
    return u16(this.bytes, this.offset);
  }
  get version(): number {
    return u8(this.bytes, this.offset + 1) & 0x07;
  }
  /** EtherType of the payload. */
  get protocol(): number {
    return u16(this.bytes, this.offset + 2);
  }
  /** Version 0: the key, undefined without one. */
  get key(): number | undefined {
    if (this.version !== 0 || (this.flags & 0x2000) === 0) return undefined;
    return u32(this.bytes, this.offset + 4 + (this.flags & 0xc000 ? 4 : 0));
  }
  /** Version 1: the call id, which connection tracking takes for a port; undefined in version 0. */
  get callId(): number | undefined {
    return this.version === 1 ? u16(this.bytes, this.offset + 6) : undefined;
  }
  set callId(value: number) {
    if (this.version === 1) setU16(this.bytes, this.offset + 6, value);
  }
  /** Offset of the payload. */
  get payload(): number {
    const { flags } = this;
    if (this.version === 1) return this.offset + 8 + (flags & 0x1000 ? 4 : 0) + (flags & 0x0080 ? 4 : 0);
    return this.offset + 4 + (flags & 0xc000 ? 4 : 0) + (flags & 0x2000 ? 4 : 0) + (flags & 0x1000 ? 4 : 0);
  }
}

/** A GRE packet to build: with `callId` PPTP's version 1, else version 0. */
export interface GreRepr {
  /** EtherType of the payload. */
  readonly protocol: number;
  readonly key?: number;
  readonly callId?: number;
  readonly sequence?: number;
  readonly payload?: Uint8Array;
}

/** The packet's bytes, without GRE's optional checksum. */
export function buildGre(repr: GreRepr): Uint8Array {
  const payload = repr.payload ?? new Uint8Array();
  const enhanced = repr.callId !== undefined;
  const keyed = enhanced || repr.key !== undefined;
  const sequenced = repr.sequence !== undefined;
  const header = 4 + (keyed ? 4 : 0) + (sequenced ? 4 : 0);
  const bytes = new Uint8Array(header + payload.length);
  setU16(bytes, 0, (keyed ? 0x2000 : 0) | (sequenced ? 0x1000 : 0) | (enhanced ? 1 : 0));
  setU16(bytes, 2, repr.protocol);
  if (repr.callId !== undefined) {
    setU16(bytes, 4, payload.length);
    setU16(bytes, 6, repr.callId);
  } else if (repr.key !== undefined) setU32(bytes, 4, repr.key);
  if (repr.sequence !== undefined) setU32(bytes, header - 4, repr.sequence);
  bytes.set(payload, header);
  return bytes;
}
