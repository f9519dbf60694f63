import { concat } from "../bytes.ts";
import { encodeUtf8 } from "../utf8.ts";
import { write16, write32 } from "./byte-order.ts";
import { INTERFACE_LIMIT } from "./pcapng.ts";
import { NAME_LIMIT } from "./pcapng-options.ts";
import { CAPTURED_LENGTH_LIMIT } from "./record.ts";

/** A frame to write; a CapturedPacket is one. */
export interface FrameToWrite {
  /** Nanoseconds since 1970. Times that the format cannot hold become its nearest. */
  readonly time: bigint;
  readonly linkType: number;
  readonly frame: Uint8Array;
  /** Bytes on the wire; that of the frame when not given. */
  readonly originalLength?: number | undefined;
  /** Written by pcapng only. */
  readonly interfaceName?: string | undefined;
}

/** Writes one capture file: the bytes of `begin` first, then those of each `write`, in order. */
export interface CaptureWriter {
  begin(): Uint8Array;
  write(frame: FrameToWrite): Uint8Array;
}

/** `precision` is `ns` when not given; `us` for readers that know no other, which loses what is finer. */
export interface PcapOptions {
  readonly linkType: number;
  readonly precision?: "us" | "ns" | undefined;
  /** Frames are cut to so many bytes; 262,144 when not given. */
  readonly snapLength?: number | undefined;
}

/** Writes little-endian pcap 2.4, of one link type: a frame of another throws a RangeError. */
export class PcapWriter implements CaptureWriter {
  readonly #linkType: number;
  readonly #unit: bigint;
  readonly #snapLength: number;

  constructor({ linkType, precision = "ns", snapLength = CAPTURED_LENGTH_LIMIT }: PcapOptions) {
    this.#linkType = linkType;
    this.#unit = precision === "ns" ? 1n : 1000n;
    this.#snapLength = Math.min(snapLength, CAPTURED_LENGTH_LIMIT);
  }

  begin(): Uint8Array {
    const header = new Uint8Array(24);
    write32(header, 0, this.#unit === 1n ? 0xa1b23c4d : 0xa1b2c3d4, true);
    write16(header, 4, 2, true);
    write16(header, 6, 4, true);
    write32(header, 16, this.#snapLength, true);
    write32(header, 20, this.#linkType, true);
    return header;
  }

  write({ time, linkType, frame, originalLength = frame.length }: FrameToWrite): Uint8Array {
    if (linkType !== this.#linkType) throw new RangeError(`a frame of link type ${linkType} in a pcap file of link type ${this.#linkType}`);
    const captured = frame.subarray(0, this.#snapLength);
    const record = new Uint8Array(16 + captured.length);
    const [seconds, fraction] = splitTime(time);
    write32(record, 0, seconds, true);
    write32(record, 4, Number(BigInt(fraction) / this.#unit), true);
    write32(record, 8, captured.length, true);
    write32(record, 12, originalLength, true);
    record.set(captured, 16);
    return record;
  }
}

/** Writes little-endian pcapng of one section in nanoseconds; any mix of link types and interfaces. */
export class PcapngWriter implements CaptureWriter {
  readonly #interfaces: Map<string, number> = new Map();

  begin(): Uint8Array {
    const block = newBlock(0x0a0d0d0a, 16);
    write32(block, 8, 0x1a2b3c4d, true);
    write16(block, 12, 1, true);
    write32(block, 16, 0xffffffff, true);
    write32(block, 20, 0xffffffff, true);
    return block;
  }

  /** An enhanced packet block; before it the interface's description when it is new, and a new section when there are too many. */
  write({ time, linkType, frame, originalLength = frame.length, interfaceName = "" }: FrameToWrite): Uint8Array {
    const key = `${linkType} ${interfaceName}`;
    const known = this.#interfaces.get(key);
    if (known !== undefined) return enhancedPacket(known, time, frame, originalLength);
    const parts: Uint8Array[] = [];
    if (this.#interfaces.size === INTERFACE_LIMIT) {
      this.#interfaces.clear();
      parts.push(this.begin());
    }
    const added = this.#interfaces.size;
    this.#interfaces.set(key, added);
    return concat(...parts, interfaceDescription(linkType, interfaceName), enhancedPacket(added, time, frame, originalLength));
  }
}

/** The chunks of a capture file with these frames. */
export async function* writeCapture(
  writer: CaptureWriter,
  frames: Iterable<FrameToWrite> | AsyncIterable<FrameToWrite>,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield writer.begin();
  for await (const frame of frames) yield writer.write(frame);
}

/** The bytes of a capture file with these frames. */
export function encodeCapture(writer: CaptureWriter, frames: Iterable<FrameToWrite>): Uint8Array {
  const chunks = [writer.begin()];
  for (const frame of frames) chunks.push(writer.write(frame));
  const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

const BILLION = 1_000_000_000n;

/** Seconds and nanoseconds, within what 32 bits of seconds hold. */
function splitTime(time: bigint): readonly [seconds: number, nanoseconds: number] {
  if (time < 0n) return [0, 0];
  const seconds = time / BILLION;
  return seconds > 0xffffffffn ? [0xffffffff, 999_999_999] : [Number(seconds), Number(time % BILLION)];
}

/** A block with its type and both lengths; the body, of a multiple of 4 bytes, is zero. */
function newBlock(type: number, bodyLength: number): Uint8Array {
  const block = new Uint8Array(12 + bodyLength);
  write32(block, 0, type, true);
  write32(block, 4, block.length, true);
  write32(block, block.length - 4, block.length, true);
  return block;
}

/** With if_name and if_tsresol (nanoseconds). */
function interfaceDescription(linkType: number, interfaceName: string): Uint8Array {
  const name = nameBytes(interfaceName);
  const nameOption = name.length === 0 ? 0 : 4 + padded(name.length);
  const block = newBlock(1, 8 + nameOption + 8 + 4);
  write16(block, 8, linkType, true);
  write32(block, 12, CAPTURED_LENGTH_LIMIT, true);
  if (nameOption > 0) {
    write16(block, 16, 2, true);
    write16(block, 18, name.length, true);
    block.set(name, 20);
  }
  write16(block, 16 + nameOption, 9, true);
  write16(block, 18 + nameOption, 1, true);
  block[20 + nameOption] = 9;
  return block;
}

function enhancedPacket(interfaceNumber: number, time: bigint, frame: Uint8Array, originalLength: number): Uint8Array {
  const captured = frame.subarray(0, CAPTURED_LENGTH_LIMIT);
  const block = newBlock(6, 20 + padded(captured.length));
  const ticks = time < 0n ? 0n : time > 0xffff_ffff_ffff_ffffn ? 0xffff_ffff_ffff_ffffn : time;
  write32(block, 8, interfaceNumber, true);
  write32(block, 12, Number(ticks >> 32n), true);
  write32(block, 16, Number(ticks & 0xffffffffn), true);
  write32(block, 20, captured.length, true);
  write32(block, 24, originalLength, true);
  block.set(captured, 28);
  return block;
}

const padded = (length: number): number => (length + 3) & ~3;

/** UTF-8, cut between characters to at most 255 bytes. */
function nameBytes(name: string): Uint8Array {
  const bytes = encodeUtf8(name.slice(0, NAME_LIMIT));
  let end = Math.min(bytes.length, NAME_LIMIT);
  while (end < bytes.length && ((bytes[end] as number) & 0xc0) === 0x80) end--;
  return bytes.subarray(0, end);
}
