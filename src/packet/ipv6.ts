import { setU128, setU16, setU32, setU8, u128, u16, u32, u8 } from "./bytes.ts";
import { IPV6_HEADER, PROTOCOL } from "./numbers.ts";

/** A view of the fixed IPv6 header at the start of `bytes`. */
export class Ipv6 {
  readonly bytes: Uint8Array;

  private constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** Undefined unless the 40 bytes of the fixed header lie within `bytes`. */
  static at(bytes: Uint8Array): Ipv6 | undefined {
    return bytes.length >= IPV6_HEADER && u8(bytes, 0) >> 4 === 6 ? new Ipv6(bytes) : undefined;
  }

  get trafficClass(): number {
    return (u16(this.bytes, 0) >> 4) & 0xff;
  }
  set trafficClass(value: number) {
    setU16(this.bytes, 0, (u16(this.bytes, 0) & 0xf00f) | ((value & 0xff) << 4));
  }
  get flowLabel(): number {
    return u32(this.bytes, 0) & 0xfffff;
  }
  get payloadLength(): number {
    return u16(this.bytes, 4);
  }
  set payloadLength(value: number) {
    setU16(this.bytes, 4, value);
  }
  get nextHeader(): number {
    return u8(this.bytes, 6);
  }
  get hopLimit(): number {
    return u8(this.bytes, 7);
  }
  set hopLimit(value: number) {
    setU8(this.bytes, 7, value);
  }
  get source(): bigint {
    return u128(this.bytes, 8);
  }
  set source(value: bigint) {
    setU128(this.bytes, 8, value);
  }
  get destination(): bigint {
    return u128(this.bytes, 24);
  }
  set destination(value: bigint) {
    setU128(this.bytes, 24, value);
  }
}

/** The fields of a fixed IPv6 header to build. */
export interface Ipv6Repr {
  readonly source: bigint;
  readonly destination: bigint;
  readonly nextHeader: number;
  /** Bytes after the fixed header, extension headers included. */
  readonly payloadLength: number;
  readonly hopLimit?: number;
  readonly trafficClass?: number;
  readonly flowLabel?: number;
}

/** The fixed header's bytes. Throws a RangeError on a payload over 65535 bytes. */
export function buildIpv6(repr: Ipv6Repr): Uint8Array {
  if (repr.payloadLength > 65535) throw new RangeError(`IPv6 payload of ${repr.payloadLength} bytes`);
  const bytes = new Uint8Array(IPV6_HEADER);
  setU32(bytes, 0, (0x60000000 | (((repr.trafficClass ?? 0) & 0xff) << 20) | ((repr.flowLabel ?? 0) & 0xfffff)) >>> 0);
  setU16(bytes, 4, repr.payloadLength);
  setU8(bytes, 6, repr.nextHeader);
  setU8(bytes, 7, repr.hopLimit ?? 64);
  setU128(bytes, 8, repr.source);
  setU128(bytes, 24, repr.destination);
  return bytes;
}

/** An IPv6 extension header to build: the whole header's bytes, whose first byte (next header) is filled in when chained. */
export interface ExtensionRepr {
  readonly protocol: number;
  readonly bytes: Uint8Array;
}

/** A hop-by-hop, destination-options or routing header with `body` after its length byte, padded to 8 bytes by a PadN option (zeros for routing). */
export function buildExtension(protocol: number, body: Uint8Array): ExtensionRepr {
  const length = Math.ceil((body.length + 2) / 8) * 8;
  const bytes = new Uint8Array(length);
  bytes[1] = length / 8 - 1;
  bytes.set(body, 2);
  const padding = length - 2 - body.length;
  if (padding >= 2 && protocol !== PROTOCOL.ROUTING) {
    bytes[length - padding] = 1;
    bytes[length - padding + 1] = padding - 2;
  }
  return { protocol, bytes };
}

/** A fragment header; `offset` in units of 8 bytes. */
export function buildFragmentHeader(offset: number, more: boolean, identification: number): ExtensionRepr {
  const bytes = new Uint8Array(8);
  setU16(bytes, 2, ((offset & 0x1fff) << 3) | (more ? 1 : 0));
  setU32(bytes, 4, identification);
  return { protocol: PROTOCOL.FRAGMENT, bytes };
}
