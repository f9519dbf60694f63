import { setU16, setU32, setU8, u16, u32, u8 } from "./bytes.ts";
import { PortedHeader } from "./ported-header.ts";

/** Length of DCCP's generic header with short sequence numbers, in bytes. */
export const DCCP_HEADER = 12;

/** DCCP packet types (linux/dccp.h). */
export const DCCP_TYPE = {
  REQUEST: 0,
  RESPONSE: 1,
  DATA: 2,
  ACK: 3,
  DATAACK: 4,
  CLOSEREQ: 5,
  CLOSE: 6,
  RESET: 7,
  SYNC: 8,
  SYNCACK: 9,
} as const;

/** A view of a DCCP header at `offset`. Setters leave the checksum alone. */
export class Dccp extends PortedHeader {
  /** Undefined unless 12 bytes lie between `offset` and `end`, the end of the packet. */
  static at(bytes: Uint8Array, offset: number, end: number): Dccp | undefined {
    return offset + DCCP_HEADER <= end && end <= bytes.length ? new Dccp(bytes, offset, end) : undefined;
  }

  /** The data offset in bytes, as it stands. */
  get headerLength(): number {
    return u8(this.bytes, this.offset + 4) * 4;
  }
  get ccval(): number {
    return u8(this.bytes, this.offset + 5) >> 4;
  }
  /** Checksum coverage: 0 all, else header and (n - 1) 4-byte words of data. */
  get coverage(): number {
    return u8(this.bytes, this.offset + 5) & 0x0f;
  }
  get checksum(): number {
    return u16(this.bytes, this.offset + 6);
  }
  set checksum(value: number) {
    setU16(this.bytes, this.offset + 6, value);
  }
  /** One of `DCCP_TYPE`, or 10 to 15. */
  get type(): number {
    return (u8(this.bytes, this.offset + 8) >> 1) & 0x0f;
  }
  /** X bit: 48-bit sequence numbers. */
  get extended(): boolean {
    return (u8(this.bytes, this.offset + 8) & 1) !== 0;
  }
  /** 48 bits when extended (0 when the packet is cut before them), else 24. */
  get sequence(): number {
    if (!this.extended) return u32(this.bytes, this.offset + 8) & 0xffffff;
    return this.offset + 16 <= this.end ? u16(this.bytes, this.offset + 10) * 2 ** 32 + u32(this.bytes, this.offset + 12) : 0;
  }
}

/** A DCCP packet to build, with 48-bit sequence numbers. */
export interface DccpRepr {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly type: number;
  readonly sequence?: number;
  readonly acknowledgment?: number;
  readonly coverage?: number;
  /** The service code of a request or response; the four bytes of a reset's reason. */
  readonly service?: number;
  readonly options?: Uint8Array;
  readonly payload?: Uint8Array;
}

/** The packet's bytes with a zero checksum (see `setTransportChecksum`). */
export function buildDccp(repr: DccpRepr): Uint8Array {
  const { type } = repr;
  const acknowledges = type !== DCCP_TYPE.REQUEST && type !== DCCP_TYPE.DATA;
  const serves = type === DCCP_TYPE.REQUEST || type === DCCP_TYPE.RESPONSE || type === DCCP_TYPE.RESET;
  const options = repr.options ?? new Uint8Array();
  const payload = repr.payload ?? new Uint8Array();
  const fixed = 16 + (acknowledges ? 8 : 0) + (serves ? 4 : 0);
  const header = fixed + Math.ceil(options.length / 4) * 4;
  if (header > 1020) throw new RangeError(`DCCP options of ${options.length} bytes`);
  const bytes = new Uint8Array(header + payload.length);
  setU16(bytes, 0, repr.sourcePort);
  setU16(bytes, 2, repr.destinationPort);
  setU8(bytes, 4, header / 4);
  setU8(bytes, 5, (repr.coverage ?? 0) & 0x0f);
  setU8(bytes, 8, (type << 1) | 1);
  set48(bytes, 10, repr.sequence ?? 0);
  if (acknowledges) set48(bytes, 18, repr.acknowledgment ?? 0);
  if (serves) setU32(bytes, fixed - 4, repr.service ?? 0);
  bytes.set(options, fixed);
  bytes.set(payload, header);
  return bytes;
}

function set48(bytes: Uint8Array, offset: number, value: number): void {
  setU16(bytes, offset, Math.floor(value / 2 ** 32));
  setU32(bytes, offset + 2, value % 2 ** 32);
}
