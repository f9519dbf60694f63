import { setU16, setU32, u16, u32, u8 } from "./bytes.ts";
import { PortedHeader } from "./ported-header.ts";

/** Length of SCTP's common header, in bytes. */
export const SCTP_HEADER = 12;

/** SCTP chunk types (linux/sctp.h). */
export const SCTP_CHUNK = {
  DATA: 0,
  INIT: 1,
  INIT_ACK: 2,
  SACK: 3,
  HEARTBEAT: 4,
  HEARTBEAT_ACK: 5,
  ABORT: 6,
  SHUTDOWN: 7,
  SHUTDOWN_ACK: 8,
  ERROR: 9,
  COOKIE_ECHO: 10,
  COOKIE_ACK: 11,
  ECN_ECNE: 12,
  ECN_CWR: 13,
  SHUTDOWN_COMPLETE: 14,
  AUTH: 15,
  ASCONF_ACK: 0x80,
  I_DATA: 0x40,
  RE_CONFIG: 0x82,
  FORWARD_TSN: 0xc0,
  ASCONF: 0xc1,
  I_FORWARD_TSN: 0xc2,
} as const;

/** An SCTP chunk: type, flags, offset of its type byte, length field as it stands (4 or more). */
export interface SctpChunk {
  readonly type: number;
  readonly flags: number;
  readonly offset: number;
  readonly length: number;
}

/** A view of an SCTP packet at `offset`. Setters leave the checksum alone. */
export class Sctp extends PortedHeader {
  /** Undefined unless 12 bytes lie between `offset` and `end`, the end of the packet. */
  static at(bytes: Uint8Array, offset: number, end: number): Sctp | undefined {
    return offset + SCTP_HEADER <= end && end <= bytes.length ? new Sctp(bytes, offset, end) : undefined;
  }

  get verificationTag(): number {
    return u32(this.bytes, this.offset + 4);
  }
  /** The CRC as the four bytes stand. */
  get checksum(): number {
    return u32(this.bytes, this.offset + 8);
  }
  set checksum(value: number) {
    setU32(this.bytes, this.offset + 8, value);
  }
  /** Offset of the first chunk. */
  get payload(): number {
    return this.offset + SCTP_HEADER;
  }

  /**
   * The chunks whose 4-byte head lies in the packet, as for_each_sctp_chunk (nf_conntrack_proto_sctp.c) and match_packet (xt_sctp.c)
   * walk them: on to the next multiple of 4. A chunk of length 0 is yielded last, as both stop there; a last chunk may be cut.
   */
  *chunks(): Generator<SctpChunk, void> {
    for (let at = this.payload; at + 4 <= this.end;) {
      const length = u16(this.bytes, at + 2);
      yield { type: u8(this.bytes, at), flags: u8(this.bytes, at + 1), offset: at, length };
      if (length === 0) return;
      at += (length + 3) & ~3;
    }
  }
}

/** A chunk to build; `value` follows the 4-byte head and is padded to a multiple of 4 without being counted. */
export interface SctpChunkRepr {
  readonly type: number;
  readonly flags?: number;
  readonly value?: Uint8Array;
}

/** An SCTP packet to build. */
export interface SctpRepr {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly verificationTag?: number;
  readonly chunks?: readonly SctpChunkRepr[];
  /** Raw bytes after the chunks. */
  readonly payload?: Uint8Array;
}

/** The packet's bytes with a zero checksum (see `setTransportChecksum`). */
export function buildSctp(repr: SctpRepr): Uint8Array {
  const chunks = repr.chunks ?? [];
  const payload = repr.payload ?? new Uint8Array();
  const bytes = new Uint8Array(chunks.reduce((length, chunk) => length + paddedLength(chunk), SCTP_HEADER + payload.length));
  setU16(bytes, 0, repr.sourcePort);
  setU16(bytes, 2, repr.destinationPort);
  setU32(bytes, 4, repr.verificationTag ?? 0);
  let at = SCTP_HEADER;
  for (const chunk of chunks) {
    bytes[at] = chunk.type;
    bytes[at + 1] = chunk.flags ?? 0;
    setU16(bytes, at + 2, 4 + (chunk.value?.length ?? 0));
    if (chunk.value !== undefined) bytes.set(chunk.value, at + 4);
    at += paddedLength(chunk);
  }
  bytes.set(payload, at);
  return bytes;
}

function paddedLength(chunk: SctpChunkRepr): number {
  return (4 + (chunk.value?.length ?? 0) + 3) & ~3;
}
