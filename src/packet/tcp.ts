import { setU16, setU32, setU8, u16, u32, u8 } from "./bytes.ts";
import { PortedHeader } from "./ported-header.ts";

/** Length of a TCP header without options, in bytes. */
export const TCP_HEADER = 20;

/** TCP flag bits as in the header's bytes 12 and 13 (AE is the fourth bit of byte 12's low half; xt_tcpudp sees only the low 8). */
export const TCP_FLAG = { FIN: 0x01, SYN: 0x02, RST: 0x04, PSH: 0x08, ACK: 0x10, URG: 0x20, ECE: 0x40, CWR: 0x80, AE: 0x100 } as const;

/** TCP option kinds that this project names. */
export const TCP_OPTION = { EOL: 0, NOP: 1, MSS: 2, WINDOW_SCALE: 3, SACK_PERMITTED: 4, SACK: 5, TIMESTAMP: 8 } as const;

/** A TCP option: kind, offset of its kind byte in the packet, whole length in bytes. */
export interface TcpOption {
  readonly kind: number;
  readonly offset: number;
  readonly length: number;
}

/** A view of a TCP header at `offset`. Setters leave the checksum alone. */
export class Tcp extends PortedHeader {
  /** Undefined unless 20 bytes lie between `offset` and `end`, the end of the packet. */
  static at(bytes: Uint8Array, offset: number, end: number): Tcp | undefined {
    return offset + TCP_HEADER <= end && end <= bytes.length ? new Tcp(bytes, offset, end) : undefined;
  }

  get sequence(): number {
    return u32(this.bytes, this.offset + 4);
  }
  set sequence(value: number) {
    setU32(this.bytes, this.offset + 4, value);
  }
  get acknowledgment(): number {
    return u32(this.bytes, this.offset + 8);
  }
  set acknowledgment(value: number) {
    setU32(this.bytes, this.offset + 8, value);
  }
  /** The data offset in bytes, as it stands: below 20 or beyond the packet in a malformed header. */
  get headerLength(): number {
    return (u8(this.bytes, this.offset + 12) >> 4) * 4;
  }
  /** FIN … CWR, the 8 bits of byte 13. */
  get flags(): number {
    return u8(this.bytes, this.offset + 13);
  }
  set flags(value: number) {
    setU8(this.bytes, this.offset + 13, value);
  }
  /** The four bits between data offset and flags, AE lowest. */
  get reserved(): number {
    return u8(this.bytes, this.offset + 12) & 0x0f;
  }
  get window(): number {
    return u16(this.bytes, this.offset + 14);
  }
  set window(value: number) {
    setU16(this.bytes, this.offset + 14, value);
  }
  get checksum(): number {
    return u16(this.bytes, this.offset + 16);
  }
  set checksum(value: number) {
    setU16(this.bytes, this.offset + 16, value);
  }
  get urgentPointer(): number {
    return u16(this.bytes, this.offset + 18);
  }
  /** Whether the data offset is legal and all options are in the packet; if not, xt_tcpudp and xt_tcpmss drop a packet whose options a rule asks for. */
  get optionsWhole(): boolean {
    const length = this.headerLength;
    return length >= TCP_HEADER && this.offset + length <= this.end;
  }
  /** Offset of the payload, clamped to the packet. */
  get payload(): number {
    return Math.min(this.offset + Math.max(this.headerLength, TCP_HEADER), this.end);
  }
  get payloadLength(): number {
    return this.end - this.payload;
  }

  /** Whether an option of this kind is found as tcp_find_option (xt_tcpudp.c) scans: kinds 0 and 1 are one byte long and the scan goes on after them; a length of 0 counts as 1. */
  hasOption(kind: number): boolean {
    const { bytes } = this;
    const stop = this.#optionsEnd();
    for (let at = this.offset + TCP_HEADER; at < stop; at += step(bytes, at, stop)) if (bytes[at] === kind) return true;
    return false;
  }

  /** Bit k is set when `hasOption(k)`. */
  get optionKinds(): bigint {
    let kinds = 0n;
    const stop = this.#optionsEnd();
    for (let at = this.offset + TCP_HEADER; at < stop; at += step(this.bytes, at, stop)) kinds |= 1n << BigInt(u8(this.bytes, at));
    return kinds;
  }

  /** The MSS as tcpmss_mt (xt_tcpmss.c) finds it: the first option 2 of length 4; undefined without one. */
  get mss(): number | undefined {
    const at = this.mssOffset;
    return at === undefined ? undefined : u16(this.bytes, at + 2);
  }

  /** Offset in the packet of the MSS option, found as for `mss`. */
  get mssOffset(): number | undefined {
    const { bytes } = this;
    const stop = this.#optionsEnd();
    for (let at = this.offset + TCP_HEADER; at < stop; at += step(bytes, at, stop)) {
      if (bytes[at] === TCP_OPTION.MSS && stop - at >= 4 && bytes[at + 1] === 4) return at;
    }
    return undefined;
  }

  /** The options as a receiver reads them: up to the end-of-list option or the first malformed one (which is not yielded). */
  *options(): Generator<TcpOption, void> {
    const stop = this.#optionsEnd();
    for (let at = this.offset + TCP_HEADER; at < stop;) {
      const kind = u8(this.bytes, at);
      if (kind === TCP_OPTION.EOL) return;
      const length = kind === TCP_OPTION.NOP ? 1 : at + 1 < stop ? u8(this.bytes, at + 1) : 0;
      if (length === 0 || (kind !== TCP_OPTION.NOP && length < 2) || at + length > stop) return;
      yield { kind, offset: at, length };
      at += length;
    }
  }

  #optionsEnd(): number {
    return Math.min(this.offset + this.headerLength, this.end);
  }
}

/** Bytes to the next option, always at least one. */
function step(bytes: Uint8Array, at: number, stop: number): number {
  if (u8(bytes, at) < 2 || at + 1 >= stop) return 1;
  return u8(bytes, at + 1) || 1;
}

/** A TCP segment to build. */
export interface TcpRepr {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly sequence?: number;
  readonly acknowledgment?: number;
  /** Bits of `TCP_FLAG`. */
  readonly flags?: number;
  readonly window?: number;
  readonly urgentPointer?: number;
  /** Raw option bytes, padded to a multiple of 4 with end-of-list. */
  readonly options?: Uint8Array;
  readonly payload?: Uint8Array;
}

/** The segment's bytes with a zero checksum (see `setTransportChecksum`). Throws a RangeError on more than 40 bytes of options. */
export function buildTcp(repr: TcpRepr): Uint8Array {
  const options = repr.options ?? new Uint8Array();
  const payload = repr.payload ?? new Uint8Array();
  const header = TCP_HEADER + Math.ceil(options.length / 4) * 4;
  if (header > 60) throw new RangeError(`TCP options of ${options.length} bytes`);
  const bytes = new Uint8Array(header + payload.length);
  const flags = repr.flags ?? 0;
  setU16(bytes, 0, repr.sourcePort);
  setU16(bytes, 2, repr.destinationPort);
  setU32(bytes, 4, repr.sequence ?? 0);
  setU32(bytes, 8, repr.acknowledgment ?? 0);
  setU8(bytes, 12, ((header / 4) << 4) | ((flags >> 8) & 0x0f));
  setU8(bytes, 13, flags);
  setU16(bytes, 14, repr.window ?? 64240);
  setU16(bytes, 18, repr.urgentPointer ?? 0);
  bytes.set(options, TCP_HEADER);
  bytes.set(payload, header);
  return bytes;
}

/** The four bytes of an MSS option. */
export function mssOption(mss: number): Uint8Array {
  return Uint8Array.of(TCP_OPTION.MSS, 4, mss >>> 8, mss);
}
