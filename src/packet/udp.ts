import { setU16, u16 } from "./bytes.ts";
import { PortedHeader } from "./ported-header.ts";

/** Length of a UDP or UDPLite header, in bytes. */
export const UDP_HEADER = 8;

/** A view of a UDP header at `offset`, or of a UDPLite one, whose third field is its checksum coverage. Setters leave the checksum alone. */
export class Udp extends PortedHeader {
  /** Undefined unless 8 bytes lie between `offset` and `end`, the end of the packet. */
  static at(bytes: Uint8Array, offset: number, end: number): Udp | undefined {
    return offset + UDP_HEADER <= end && end <= bytes.length ? new Udp(bytes, offset, end) : undefined;
  }

  /** UDP: the length field, header included, as it stands. */
  get length(): number {
    return u16(this.bytes, this.offset + 4);
  }
  set length(value: number) {
    setU16(this.bytes, this.offset + 4, value);
  }
  /** UDPLite: bytes that the checksum covers, 0 for all. */
  get coverage(): number {
    return u16(this.bytes, this.offset + 4);
  }
  get checksum(): number {
    return u16(this.bytes, this.offset + 6);
  }
  set checksum(value: number) {
    setU16(this.bytes, this.offset + 6, value);
  }
  /** Offset of the payload. */
  get payload(): number {
    return this.offset + UDP_HEADER;
  }
  get payloadLength(): number {
    return this.end - this.payload;
  }
}

/** A UDP or UDPLite datagram to build. */
export interface UdpRepr {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly payload?: Uint8Array;
  /** UDP: the length field, the true length by default. UDPLite: the coverage, 0 (all) by default. */
  readonly length?: number;
}

/** The datagram's bytes with a zero checksum (see `setTransportChecksum`). */
export function buildUdp(repr: UdpRepr): Uint8Array {
  const payload = repr.payload ?? new Uint8Array();
  const bytes = new Uint8Array(UDP_HEADER + payload.length);
  setU16(bytes, 0, repr.sourcePort);
  setU16(bytes, 2, repr.destinationPort);
  setU16(bytes, 4, repr.length ?? bytes.length);
  bytes.set(payload, UDP_HEADER);
  return bytes;
}

/** A UDPLite datagram's bytes with a zero checksum; `length` is the coverage. */
export function buildUdplite(repr: UdpRepr): Uint8Array {
  return buildUdp({ ...repr, length: repr.length ?? 0 });
}
