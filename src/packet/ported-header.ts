import { setU16, u16 } from "./bytes.ts";

/** What the views of TCP, UDP, SCTP and DCCP share: a place in the packet, and two ports in front. */
export class PortedHeader {
  readonly bytes: Uint8Array;
  readonly offset: number;
  readonly end: number;

  /** Made by `at` of each protocol's view, which checks the length first. */
  protected constructor(bytes: Uint8Array, offset: number, end: number) {
    this.bytes = bytes;
    this.offset = offset;
    this.end = end;
  }

  get sourcePort(): number {
    return u16(this.bytes, this.offset);
  }
  set sourcePort(value: number) {
    setU16(this.bytes, this.offset, value);
  }
  get destinationPort(): number {
    return u16(this.bytes, this.offset + 2);
  }
  set destinationPort(value: number) {
    setU16(this.bytes, this.offset + 2, value);
  }
}
