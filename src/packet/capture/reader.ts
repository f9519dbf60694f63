import { ByteQueue } from "./byte-queue.ts";
import type { CaptureFile } from "./capture-file.ts";
import { isPcapMagic, PcapFile } from "./pcap.ts";
import { isPcapngMagic, PcapngFile } from "./pcapng.ts";
import { fatal, type CaptureFault, type CaptureItem } from "./record.ts";

/** Files that people give by mistake, by how they begin. */
const FOREIGN: readonly (readonly [name: string, magic: readonly number[]])[] = [
  ["compressed by gzip: decompress it first", [0x1f, 0x8b]],
  ["compressed by zstd: decompress it first", [0x28, 0xb5, 0x2f, 0xfd]],
  ["compressed by xz: decompress it first", [0xfd, 0x37, 0x7a, 0x58]],
  ["compressed by bzip2: decompress it first", [0x42, 0x5a, 0x68]],
  ["compressed by lz4: decompress it first", [0x04, 0x22, 0x4d, 0x18]],
  ["a snoop capture, not pcap or pcapng", [0x73, 0x6e, 0x6f, 0x6f]],
];

/**
 * Reads a pcap or pcapng file piece by piece: `push` bytes as they come, take items by `next` until it gives undefined, `end`
 * when no more bytes come, and take what is left. It keeps at most one record besides what was pushed and not yet taken.
 */
export class CaptureDecoder {
  readonly #queue = new ByteQueue();
  #file: CaptureFile | undefined;
  #ended = false;
  #closed = false;

  /** Adds bytes. Packets are views of them, so they must not change afterwards. */
  push(chunk: Uint8Array): void {
    if (!this.#closed) this.#queue.push(chunk);
  }

  /** Says that no more bytes come. */
  end(): void {
    this.#ended = true;
  }

  /** The next packet or fault; undefined when more bytes are needed, or at the end. */
  next(): CaptureItem | undefined {
    if (this.#closed) return undefined;
    const item = this.#read() ?? (this.#ended ? this.#rest() : undefined);
    if (item?.kind === "fault" && item.fatal) this.#close();
    return item;
  }

  #read(): CaptureItem | undefined {
    if (this.#file === undefined) {
      const magic = this.#queue.peek(4);
      if (magic === undefined) return undefined;
      if (isPcapngMagic(magic)) this.#file = new PcapngFile();
      else if (isPcapMagic(magic)) this.#file = new PcapFile();
      else return fatal(0, `the file is ${foreignName(magic)}`);
    }
    return this.#file.next(this.#queue);
  }

  #rest(): CaptureFault | undefined {
    const length = this.#queue.available;
    const fault =
      this.#file === undefined
        ? fatal(0, length === 0 ? "the file is empty" : `the file has only ${length} bytes`)
        : this.#file.rest(this.#queue);
    this.#close();
    return fault;
  }

  #close(): void {
    this.#closed = true;
    this.#queue.skip(this.#queue.available);
  }
}

/** Bytes of a capture: whole, or as they come. */
export type CaptureSource = Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** `onProgress` hears how many bytes of the file were read, after each chunk. */
export interface ReadOptions {
  readonly onProgress?: ((bytesRead: number) => void) | undefined;
}

/** The packets and faults of a capture that comes in chunks, in file order. Reading stops at a fatal fault. */
export async function* readCapture(source: CaptureSource, options: ReadOptions = {}): AsyncGenerator<CaptureItem, void, undefined> {
  const decoder = new CaptureDecoder();
  let bytesRead = 0;
  for await (const chunk of source instanceof Uint8Array ? [source] : source) {
    decoder.push(chunk);
    for (let item = decoder.next(); item !== undefined; item = decoder.next()) {
      yield item;
      if (item.kind === "fault" && item.fatal) return;
    }
    bytesRead += chunk.length;
    options.onProgress?.(bytesRead);
  }
  decoder.end();
  for (let item = decoder.next(); item !== undefined; item = decoder.next()) yield item;
}

/** The packets and faults of a capture that is in memory, in file order. */
export function* decodeCapture(bytes: Uint8Array): Generator<CaptureItem, void, undefined> {
  const decoder = new CaptureDecoder();
  decoder.push(bytes);
  decoder.end();
  for (let item = decoder.next(); item !== undefined; item = decoder.next()) yield item;
}

function foreignName(start: Uint8Array): string {
  for (const [name, magic] of FOREIGN) if (magic.every((byte, i) => start[i] === byte)) return name;
  return "neither pcap nor pcapng";
}
