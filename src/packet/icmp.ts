import { setU16, setU32, setU8, u16, u32, u8 } from "./bytes.ts";

/** Length of an ICMP or ICMPv6 header, in bytes: type, code, checksum and the four bytes whose meaning depends on them. */
export const ICMP_HEADER = 8;

/** ICMP types (linux/icmp.h). */
export const ICMP = {
  ECHO_REPLY: 0,
  DEST_UNREACH: 3,
  SOURCE_QUENCH: 4,
  REDIRECT: 5,
  ECHO_REQUEST: 8,
  ROUTER_ADVERTISEMENT: 9,
  ROUTER_SOLICITATION: 10,
  TIME_EXCEEDED: 11,
  PARAMETER_PROBLEM: 12,
  TIMESTAMP_REQUEST: 13,
  TIMESTAMP_REPLY: 14,
  INFO_REQUEST: 15,
  INFO_REPLY: 16,
  ADDRESS_REQUEST: 17,
  ADDRESS_REPLY: 18,
} as const;

/** ICMPv6 types (linux/icmpv6.h). */
export const ICMPV6 = {
  DEST_UNREACH: 1,
  PACKET_TOO_BIG: 2,
  TIME_EXCEEDED: 3,
  PARAMETER_PROBLEM: 4,
  ECHO_REQUEST: 128,
  ECHO_REPLY: 129,
  MLD_QUERY: 130,
  MLD_REPORT: 131,
  MLD_REDUCTION: 132,
  ROUTER_SOLICITATION: 133,
  ROUTER_ADVERTISEMENT: 134,
  NEIGHBOUR_SOLICITATION: 135,
  NEIGHBOUR_ADVERTISEMENT: 136,
  REDIRECT: 137,
  NI_QUERY: 139,
  NI_REPLY: 140,
  MLD2_REPORT: 143,
} as const;

/** A range of bytes, `start` included, `end` excluded. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** A view of an ICMP (family 4) or ICMPv6 (family 6) message at `offset`. Setters leave the checksum alone. */
export class Icmp {
  readonly bytes: Uint8Array;
  readonly offset: number;
  readonly end: number;

  private constructor(bytes: Uint8Array, offset: number, end: number) {
    this.bytes = bytes;
    this.offset = offset;
    this.end = end;
  }

  /** Undefined unless 8 bytes lie between `offset` and `end`, the end of the packet. */
  static at(bytes: Uint8Array, offset: number, end: number): Icmp | undefined {
    return offset + ICMP_HEADER <= end && end <= bytes.length ? new Icmp(bytes, offset, end) : undefined;
  }

  get type(): number {
    return u8(this.bytes, this.offset);
  }
  get code(): number {
    return u8(this.bytes, this.offset + 1);
  }
  get checksum(): number {
    return u16(this.bytes, this.offset + 2);
  }
  set checksum(value: number) {
    setU16(this.bytes, this.offset + 2, value);
  }
  /** Of an echo, timestamp, information or address-mask message; of a query the client's choice. */
  get id(): number {
    return u16(this.bytes, this.offset + 4);
  }
  set id(value: number) {
    setU16(this.bytes, this.offset + 4, value);
  }
  get sequence(): number {
    return u16(this.bytes, this.offset + 6);
  }
  /** All four bytes after the checksum: a redirect's gateway, ICMPv6's MTU or pointer. */
  get rest(): number {
    return u32(this.bytes, this.offset + 4);
  }
  /** Next-hop MTU of an ICMP fragmentation-needed message. */
  get mtu(): number {
    return u16(this.bytes, this.offset + 6);
  }
  /** Offset of what follows the 8 bytes. */
  get payload(): number {
    return this.offset + ICMP_HEADER;
  }
  get payloadLength(): number {
    return this.end - this.payload;
  }

  /**
   * The bytes of the packet that an error carries, possibly cut; undefined for other messages. ICMP errors are those of
   * icmp_error_message (nf_conntrack_proto_icmp.c): unreachable, quench, redirect, time exceeded, parameter problem;
   * ICMPv6 errors are types below 128.
   */
  embedded(family: 4 | 6): ByteRange | undefined {
    const { type } = this;
    const error =
      family === 6
        ? type < 128
        : type === ICMP.DEST_UNREACH ||
          type === ICMP.SOURCE_QUENCH ||
          type === ICMP.REDIRECT ||
          type === ICMP.TIME_EXCEEDED ||
          type === ICMP.PARAMETER_PROBLEM;
    return error ? { start: this.payload, end: this.end } : undefined;
  }
}

/** An ICMP or ICMPv6 message to build; `rest` are the four bytes after the checksum, or `id` and `sequence` are. */
export interface IcmpRepr {
  readonly type: number;
  readonly code?: number;
  readonly id?: number;
  readonly sequence?: number;
  readonly rest?: number;
  readonly payload?: Uint8Array;
}

/** The message's bytes with a zero checksum (see `setTransportChecksum`). */
export function buildIcmp(repr: IcmpRepr): Uint8Array {
  const payload = repr.payload ?? new Uint8Array();
  const bytes = new Uint8Array(ICMP_HEADER + payload.length);
  setU8(bytes, 0, repr.type);
  setU8(bytes, 1, repr.code ?? 0);
  setU32(bytes, 4, repr.rest ?? (((repr.id ?? 0) << 16) | ((repr.sequence ?? 0) & 0xffff)) >>> 0);
  bytes.set(payload, ICMP_HEADER);
  return bytes;
}
