import { read16, read32 } from "./byte-order.ts";
import type { ByteQueue } from "./byte-queue.ts";
import type { CaptureFile } from "./capture-file.ts";
import { capturedPacket } from "./captured-packet.ts";
import { clock, decodeName, nanoseconds, option, type Clock } from "./pcapng-options.ts";
import { CAPTURED_LENGTH_LIMIT, fatal, flaw, type CaptureFault, type CaptureItem, type FrameKind } from "./record.ts";

/** Block types (draft-ietf-opsawg-pcapng, 4). */
const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION = 1;
const PACKET = 2;
const SIMPLE_PACKET = 3;
const ENHANCED_PACKET = 6;
/** Options of those blocks. */
const IF_NAME = 2;
const IF_TSRESOL = 9;
const IF_TSOFFSET = 14;
const PACKET_FLAGS = 2;

const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
/** Type, length, and the length again, in bytes. */
const EMPTY_BLOCK = 12;
/** The least length of the blocks that are read, in bytes. */
const LEAST: ReadonlyMap<number, { readonly length: number; readonly name: string }> = new Map([
  [SECTION_HEADER, { length: 28, name: "section header" }],
  [INTERFACE_DESCRIPTION, { length: 20, name: "interface description" }],
  [PACKET, { length: 32, name: "packet" }],
  [SIMPLE_PACKET, { length: 16, name: "simple packet" }],
  [ENHANCED_PACKET, { length: 32, name: "enhanced packet" }],
]);

/** The longest block that is read, in bytes: the longest frame and 64 KiB for all else in it. Blocks of other types are skipped at any length. */
export const BLOCK_LENGTH_LIMIT: number = CAPTURED_LENGTH_LIMIT + 65_536;
/** The most interfaces of one section. */
export const INTERFACE_LIMIT: number = 4096;

interface Interface {
  readonly linkType: number;
  readonly snapLength: number;
  readonly name: string | undefined;
  readonly clock: Clock;
}

/** Do these four bytes begin a pcapng file? */
export function isPcapngMagic(bytes: Uint8Array): boolean {
  return read32(bytes, 0, false) === SECTION_HEADER;
}

/** A pcapng file: blocks, in sections that each have their byte order and interfaces. */
export class PcapngFile implements CaptureFile {
  #little = false;
  #interfaces: Interface[] = [];
  #number = 0;
  /** The block that is being skipped: bytes before its closing length, and that length. */
  #skipping: { left: number; readonly length: number; readonly offset: number } | undefined;

  next(queue: ByteQueue): CaptureItem | undefined {
    for (;;) {
      if (this.#skipping !== undefined) {
        const { length, offset } = this.#skipping;
        this.#skipping.left -= queue.skip(this.#skipping.left);
        const close = this.#skipping.left === 0 ? queue.take(4) : undefined;
        if (close === undefined) return undefined;
        this.#skipping = undefined;
        if (read32(close, 0, this.#little) !== length) return fatal(offset, unequalLengths(length, read32(close, 0, this.#little)));
      }
      const start = queue.peek(EMPTY_BLOCK);
      if (start === undefined) return undefined;
      const offset = queue.offset;
      const type = read32(start, 0, this.#little);
      if (type === SECTION_HEADER) {
        if (read32(start, 8, false) !== BYTE_ORDER_MAGIC && read32(start, 8, true) !== BYTE_ORDER_MAGIC) {
          return fatal(offset, "the section header has no byte-order magic");
        }
        this.#little = read32(start, 8, true) === BYTE_ORDER_MAGIC;
      }
      const length = read32(start, 4, this.#little);
      const wrong = lengthFault(type, length);
      if (wrong !== undefined) return fatal(offset, wrong);
      if (!LEAST.has(type)) {
        queue.skip(8);
        this.#skipping = { left: length - EMPTY_BLOCK, length, offset };
        continue;
      }
      const block = queue.take(length);
      if (block === undefined) return undefined;
      const close = read32(block, length - 4, this.#little);
      if (close !== length) return fatal(offset, unequalLengths(length, close));
      const item = this.#block(type, block.subarray(0, length - 4), offset);
      if (item !== undefined) return item;
    }
  }

  rest(queue: ByteQueue): CaptureFault | undefined {
    if (this.#skipping !== undefined) {
      const { left, length, offset } = this.#skipping;
      return fatal(offset, `the file ends after ${length - 4 - left + queue.available} of the ${length} bytes of a block`);
    }
    const has = queue.available;
    if (has === 0) return undefined;
    const start = queue.peek(EMPTY_BLOCK);
    if (start === undefined) return fatal(queue.offset, `the file ends after ${has} of the ${EMPTY_BLOCK} bytes that every block has`);
    return fatal(queue.offset, `the file ends after ${has} of the ${read32(start, 4, this.#little)} bytes of a block`);
  }

  #block(type: number, block: Uint8Array, offset: number): CaptureItem | undefined {
    switch (type) {
      case SECTION_HEADER:
        this.#interfaces = [];
        return undefined;
      case INTERFACE_DESCRIPTION:
        return this.#describe(block, offset);
      case ENHANCED_PACKET:
        return this.#packet(block, read32(block, 8, this.#little), offset);
      case PACKET:
        return this.#packet(block, read16(block, 8, this.#little), offset);
      default:
        return this.#simplePacket(block, offset);
    }
  }

  #describe(block: Uint8Array, offset: number): CaptureFault | undefined {
    if (this.#interfaces.length === INTERFACE_LIMIT) return fatal(offset, `more than ${INTERFACE_LIMIT} interfaces in one section`);
    const little = this.#little;
    const find = (code: number): Uint8Array | undefined => option(block, 16, block.length, little, code);
    const name = find(IF_NAME);
    this.#interfaces.push({
      linkType: read16(block, 8, little),
      snapLength: read32(block, 12, little),
      name: name === undefined ? undefined : decodeName(name),
      clock: clock(find(IF_TSRESOL), find(IF_TSOFFSET), little),
    });
    return undefined;
  }

  /** Enhanced packet and the older packet block: they differ only in where the interface number is. */
  #packet(block: Uint8Array, interfaceNumber: number, offset: number): CaptureItem {
    const little = this.#little;
    this.#number++;
    const captured = read32(block, 20, little);
    const wrong = this.#recordFault(captured, block.length - 28, interfaceNumber);
    if (wrong !== undefined) return flaw(offset, wrong);
    const frame = block.subarray(28, 28 + captured);
    const flags = option(block, 28 + ((captured + 3) & ~3), block.length, little, PACKET_FLAGS);
    const kind = flags === undefined || flags.length < 4 ? undefined : flaggedKind(read32(flags, 0, little));
    return this.#captured(
      interfaceNumber,
      frame,
      read32(block, 24, little),
      read32(block, 12, little),
      read32(block, 16, little),
      kind,
      offset,
    );
  }

  /** A simple packet: of the first interface, without a time. */
  #simplePacket(block: Uint8Array, offset: number): CaptureItem {
    this.#number++;
    const original = read32(block, 8, this.#little);
    const snapLength = this.#interfaces[0]?.snapLength ?? 0;
    const captured = Math.min(original, snapLength === 0 ? original : snapLength);
    const wrong = this.#recordFault(captured, block.length - 12, 0);
    if (wrong !== undefined) return flaw(offset, wrong);
    return this.#captured(0, block.subarray(12, 12 + captured), original, 0, 0, undefined, offset);
  }

  #recordFault(captured: number, room: number, interfaceNumber: number): string | undefined {
    const packet = `packet ${this.#number}`;
    if (this.#interfaces[interfaceNumber] === undefined) return `${packet} is of interface ${interfaceNumber}, which is not described`;
    if (captured > room) return `${packet} claims ${captured} captured bytes; its block has room for ${room}`;
    if (captured > CAPTURED_LENGTH_LIMIT)
      return `${packet} has ${captured} captured bytes, more than the limit of ${CAPTURED_LENGTH_LIMIT}`;
    return undefined;
  }

  #captured(
    interfaceNumber: number,
    frame: Uint8Array,
    originalLength: number,
    high: number,
    low: number,
    kind: FrameKind | undefined,
    offset: number,
  ): CaptureItem {
    const { linkType, name, clock } = this.#interfaces[interfaceNumber] as Interface;
    return capturedPacket({
      number: this.#number,
      time: nanoseconds(high, low, clock),
      precision: clock.ticks > 1_000_000n ? "ns" : "us",
      offset,
      linkType,
      interfaceName: name,
      interfaceIndex: undefined,
      originalLength,
      frame,
      kind,
      little: this.#little,
    });
  }
}

function lengthFault(type: number, length: number): string | undefined {
  const known = LEAST.get(type);
  const name = known === undefined ? `block of type ${type}` : `${known.name} block`;
  const least = known?.length ?? EMPTY_BLOCK;
  if (length < least) return `the ${name} claims a length of ${length} bytes; it has at least ${least}`;
  if (length % 4 !== 0) return `the ${name} claims a length of ${length} bytes, which is no multiple of 4`;
  if (known !== undefined && length > BLOCK_LENGTH_LIMIT)
    return `the ${name} claims a length of ${length} bytes, more than the limit of ${BLOCK_LENGTH_LIMIT}`;
  return undefined;
}

function unequalLengths(first: number, last: number): string {
  return `the block begins with a length of ${first} bytes and ends with one of ${last}`;
}

/** epb_flags: bits 0 and 1 are the direction (2: outbound), bits 2 to 4 how it was received. */
function flaggedKind(flags: number): FrameKind | undefined {
  if ((flags & 3) === 2) return "outgoing";
  switch ((flags >>> 2) & 7) {
    case 1:
      return "host";
    case 2:
      return "multicast";
    case 3:
      return "broadcast";
    case 4:
      return "otherhost";
    default:
      return undefined;
  }
}
