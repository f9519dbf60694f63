import { concat } from "../bytes.ts";
import { write16, write32 } from "./byte-order.ts";

/** Capture files of every kind, put together field by field: what the tests of this folder read. */

/** A record of a pcap file: time in seconds and a fraction, and the frame. */
export interface SpecimenRecord {
  readonly seconds: number;
  readonly fraction: number;
  readonly frame: Uint8Array;
  /** The two lengths as written, in order; both that of the frame when not given. */
  readonly lengths?: readonly [number, number];
  /** Kuznetzov's 8 bytes more. */
  readonly extra?: Uint8Array;
}

/** What a pcap file is made of. */
export interface PcapSpecimen {
  readonly little: boolean;
  readonly magic?: number;
  readonly version?: readonly [number, number];
  readonly snapLength?: number;
  readonly linkType: number;
  readonly records: readonly SpecimenRecord[];
}

/** The bytes of a pcap file. */
export function pcapSpecimen({
  little,
  magic = 0xa1b2c3d4,
  version = [2, 4],
  snapLength = 65535,
  linkType,
  records,
}: PcapSpecimen): Uint8Array {
  const header = numbers(little, [4, magic], [2, version[0]], [2, version[1]], [4, 0], [4, 0], [4, snapLength], [4, linkType]);
  return concat(header, ...records.map(record => pcapRecord(little, record)));
}

function pcapRecord(
  little: boolean,
  { seconds, fraction, frame, lengths = [frame.length, frame.length], extra = EMPTY }: SpecimenRecord,
): Uint8Array {
  return concat(numbers(little, [4, seconds], [4, fraction], [4, lengths[0]], [4, lengths[1]]), extra, frame);
}

/** A pcapng block of any type; the body is padded. `length` overrides the length before it, `close` that after it. */
export function block(little: boolean, type: number, body: Uint8Array, length?: number, close?: number): Uint8Array {
  const right = 12 + ((body.length + 3) & ~3);
  return concat(numbers(little, [4, type], [4, length ?? right]), pad(body), numbers(little, [4, close ?? right]));
}

/** A section header block. */
export function section(little: boolean): Uint8Array {
  return block(little, 0x0a0d0d0a, numbers(little, [4, 0x1a2b3c4d], [2, 1], [2, 0], [4, 0xffffffff], [4, 0xffffffff]));
}

/** An interface description block. */
export function description(little: boolean, linkType: number, snapLength: number, ...options: readonly Uint8Array[]): Uint8Array {
  return block(little, 1, concat(numbers(little, [2, linkType], [2, 0], [4, snapLength]), ...options));
}

/** An enhanced packet block. */
export function enhanced(
  little: boolean,
  interfaceNumber: number,
  ticks: bigint,
  frame: Uint8Array,
  original: number = frame.length,
  ...options: readonly Uint8Array[]
): Uint8Array {
  const head = numbers(little, [4, interfaceNumber], ...ticksOf(ticks), [4, frame.length], [4, original]);
  return block(little, 6, concat(head, pad(frame), ...options));
}

/** A packet block, the older kind. */
export function oldPacket(little: boolean, interfaceNumber: number, ticks: bigint, frame: Uint8Array): Uint8Array {
  const head = numbers(little, [2, interfaceNumber], [2, 0], ...ticksOf(ticks), [4, frame.length], [4, frame.length]);
  return block(little, 2, concat(head, frame));
}

/** A simple packet block. */
export function simple(little: boolean, original: number, frame: Uint8Array): Uint8Array {
  return block(little, 3, concat(numbers(little, [4, original]), frame));
}

/** An option of a block. */
export function option(little: boolean, code: number, value: Uint8Array): Uint8Array {
  return concat(numbers(little, [2, code], [2, value.length]), pad(value));
}

/** The characters' codes as bytes. */
export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, character => character.charCodeAt(0));
}

/** Numbers of 2 or 4 bytes, one after the other. */
export function numbers(little: boolean, ...fields: readonly (readonly [size: 2 | 4, value: number])[]): Uint8Array {
  const bytes = new Uint8Array(fields.reduce((sum, [size]) => sum + size, 0));
  let at = 0;
  for (const [size, value] of fields) {
    if (size === 2) write16(bytes, at, value, little);
    else write32(bytes, at, value, little);
    at += size;
  }
  return bytes;
}

const EMPTY = new Uint8Array(0);

function ticksOf(ticks: bigint): readonly [readonly [4, number], readonly [4, number]] {
  return [
    [4, Number(ticks >> 32n)],
    [4, Number(ticks & 0xffffffffn)],
  ];
}

function pad(bytes: Uint8Array): Uint8Array {
  return concat(bytes, new Uint8Array(-bytes.length & 3));
}
