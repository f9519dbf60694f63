import { u8 } from "../bytes.ts";
import { read16, read32 } from "./byte-order.ts";
import type { ByteQueue } from "./byte-queue.ts";
import { capturedPacket } from "./captured-packet.ts";
import type { CaptureFile } from "./capture-file.ts";
import { CAPTURED_LENGTH_LIMIT, fatal, flaw, PACKET_KINDS, type CaptureFault, type CaptureItem } from "./record.ts";

/** The file header and the record headers, in bytes. */
const FILE_HEADER = 24;
const RECORD_HEADER = 16;
/** Alexey Kuznetzov's records add interface index (4), protocol (2), packet type (1) and padding (1). */
const KUZNETZOV_RECORD_HEADER = 24;
const LINK_TYPE_MASK = 0x03ffffff;

/** The magic numbers of pcap files, as big-endian numbers: what they say of resolution and record headers. */
const MAGIC: Readonly<Record<number, { readonly precision: "us" | "ns"; readonly kuznetzov: boolean }>> = {
  0xa1b2c3d4: { precision: "us", kuznetzov: false },
  0xa1b23c4d: { precision: "ns", kuznetzov: false },
  0xa1b2cd34: { precision: "us", kuznetzov: true },
};

/** Do these four bytes begin a pcap file? */
export function isPcapMagic(bytes: Uint8Array): boolean {
  return MAGIC[read32(bytes, 0, false)] !== undefined || MAGIC[read32(bytes, 0, true)] !== undefined;
}

interface FileHeader {
  readonly little: boolean;
  readonly precision: "us" | "ns";
  readonly kuznetzov: boolean;
  readonly snapLength: number;
  readonly linkType: number;
  readonly lengths: "straight" | "swapped" | "either";
}

/** A pcap file (libpcap's sf-pcap.c): a header, then records. */
export class PcapFile implements CaptureFile {
  #header: FileHeader | undefined;
  #number = 0;
  #snapLengthBroken = false;

  next(queue: ByteQueue): CaptureItem | undefined {
    if (this.#header === undefined) {
      const bytes = queue.peek(FILE_HEADER);
      if (bytes === undefined) return undefined;
      const header = parseHeader(bytes);
      if (typeof header === "string") return fatal(0, header);
      this.#header = header;
      queue.skip(FILE_HEADER);
    }
    return this.#record(this.#header, queue);
  }

  rest(queue: ByteQueue): CaptureFault | undefined {
    const has = queue.available;
    const offset = queue.offset;
    if (this.#header === undefined) return fatal(offset, `the file ends after ${has} of the ${FILE_HEADER} bytes of a pcap header`);
    if (has === 0) return undefined;
    const size = this.#header.kuznetzov ? KUZNETZOV_RECORD_HEADER : RECORD_HEADER;
    const bytes = queue.peek(size);
    const what = `packet ${this.#number + 1}`;
    if (bytes === undefined) return fatal(offset, `the file ends after ${has} of the ${size} bytes of ${what}'s header`);
    const { captured } = recordLengths(this.#header, bytes);
    return fatal(offset, `the file ends after ${has - size} of the ${captured} bytes of ${what}`);
  }

  #record(header: FileHeader, queue: ByteQueue): CaptureItem | undefined {
    const { little, precision, kuznetzov, linkType, snapLength } = header;
    const size = kuznetzov ? KUZNETZOV_RECORD_HEADER : RECORD_HEADER;
    const start = queue.peek(size);
    if (start === undefined) return undefined;
    const offset = queue.offset;
    const { captured, original } = recordLengths(header, start);
    if (captured > CAPTURED_LENGTH_LIMIT) {
      return fatal(offset, `packet ${this.#number + 1} claims ${captured} captured bytes, more than the limit of ${CAPTURED_LENGTH_LIMIT}`);
    }
    if (snapLength !== 0 && captured > snapLength && !this.#snapLengthBroken) {
      this.#snapLengthBroken = true;
      return flaw(
        offset,
        `packet ${this.#number + 1} has ${captured} captured bytes, more than the file's snapshot length of ${snapLength}`,
      );
    }
    const bytes = queue.take(size + captured);
    if (bytes === undefined) return undefined;
    this.#number++;
    const unit = precision === "ns" ? 1n : 1000n;
    return capturedPacket({
      number: this.#number,
      time: BigInt(read32(bytes, 0, little)) * 1_000_000_000n + BigInt(read32(bytes, 4, little)) * unit,
      precision,
      offset,
      linkType,
      interfaceName: undefined,
      interfaceIndex: kuznetzov ? read32(bytes, 16, little) : undefined,
      originalLength: original,
      frame: bytes.subarray(size),
      kind: kuznetzov ? PACKET_KINDS[u8(bytes, 22)] : undefined,
      little,
    });
  }
}

function parseHeader(bytes: Uint8Array): FileHeader | string {
  const little = MAGIC[read32(bytes, 0, false)] === undefined;
  const { precision, kuznetzov } = MAGIC[read32(bytes, 0, little)] as { precision: "us" | "ns"; kuznetzov: boolean };
  const major = read16(bytes, 4, little);
  const minor = read16(bytes, 6, little);
  if (major < 2) return `pcap version ${major}.${minor} is too old to be read`;
  if (major !== 543 && (major > 2 || minor > 4)) return `pcap version ${major}.${minor} is not known`;
  const snapLength = read32(bytes, 16, little);
  return {
    little,
    precision,
    kuznetzov,
    snapLength: snapLength > 0x7fffffff ? 0 : snapLength,
    linkType: read32(bytes, 20, little) & LINK_TYPE_MASK,
    lengths: major === 543 || minor < 3 ? "swapped" : minor === 3 ? "either" : "straight",
  };
}

/** Before version 2.3 the two lengths stood the other way round, and in 2.3 either way (sf-pcap.c, `lengths_swapped`). */
function recordLengths({ lengths, little }: FileHeader, bytes: Uint8Array): { captured: number; original: number } {
  const first = read32(bytes, 8, little);
  const second = read32(bytes, 12, little);
  const swapped = lengths === "swapped" || (lengths === "either" && first > second);
  return swapped ? { captured: second, original: first } : { captured: first, original: second };
}
