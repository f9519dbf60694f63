import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { constants, createGunzip } from "node:zlib";
import { CaptureDecoder, concat, type CaptureItem } from "../packet/index.ts";
import { usageFault } from "./fault.ts";
import { reasonOf } from "./reason.ts";

/** A capture that is being read. */
export interface CaptureInput {
  /** In bytes as they lie on the disk; undefined for standard input and what is no regular file. */
  readonly size: number | undefined;
  /** Bytes read so far, of `size`. */
  readonly read: () => number;
  /** Its packets and faults, a chunk of the file at a time. */
  readonly batches: AsyncIterable<Iterable<CaptureItem>>;
}

/** A Buffer's `slice` is a view and that of a Uint8Array a copy: what is handed on must be the latter, or the firewall would write into the capture. */
const plainBytes = ({ buffer, byteOffset, length }: Buffer): Uint8Array => new Uint8Array(buffer, byteOffset, length);

/** Bytes that are read at a time. */
const CHUNK = 1 << 18;

/** Opens a pcap or pcapng file, compressed by gzip or not, or standard input for `-`. */
export async function openCapture(path: string): Promise<CaptureInput> {
  let size: number | undefined;
  if (path !== "-") {
    try {
      const found = await stat(path);
      if (found.isDirectory()) throw usageFault(path, "cannot be read: it is a directory");
      if (found.isFile()) size = found.size;
    } catch (fault) {
      throw fault instanceof Error && "faults" in fault ? fault : usageFault(path, `cannot be read: ${reasonOf(fault)}`);
    }
  }
  let read = 0;
  async function* raw(): AsyncGenerator<Uint8Array> {
    const stream = path === "-" ? process.stdin : createReadStream(path, { highWaterMark: CHUNK });
    try {
      for await (const chunk of stream) {
        const bytes = plainBytes(chunk as Buffer);
        read += bytes.length;
        yield bytes;
      }
    } catch (fault) {
      throw usageFault(path, `cannot be read: ${reasonOf(fault)}`);
    }
  }
  return { size, read: () => read, batches: decoded(raw()) };
}

async function* decoded(raw: AsyncGenerator<Uint8Array>): AsyncGenerator<Iterable<CaptureItem>> {
  const decoder = new CaptureDecoder();
  let length = 0;
  try {
    for await (const chunk of unpacked(raw)) {
      length += chunk.length;
      decoder.push(chunk);
      yield drained(decoder);
    }
  } catch (fault) {
    if (!isZlibFault(fault)) throw fault;
    yield [{ kind: "fault", offset: length, message: `the gzip compression is broken from here on (${fault.message})`, fatal: false }];
  }
  decoder.end();
  yield drained(decoder);
}

function* drained(decoder: CaptureDecoder): Generator<CaptureItem> {
  for (let item = decoder.next(); item !== undefined; item = decoder.next()) yield item;
}

const isZlibFault = (fault: unknown): fault is Error =>
  fault instanceof Error && ((fault as NodeJS.ErrnoException).code ?? "").startsWith("Z_");

/** The bytes, decompressed when they begin as gzip does. The first two may come in two chunks. */
async function* unpacked(raw: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  let start: Uint8Array = new Uint8Array(0);
  while (start.length < 2) {
    const { value, done } = await raw.next();
    if (done) break;
    start = start.length === 0 ? value : concat(start, value);
  }
  async function* whole(): AsyncGenerator<Uint8Array> {
    if (start.length > 0) yield start;
    yield* raw;
  }
  if (start[0] !== 0x1f || start[1] !== 0x8b) {
    yield* whole();
    return;
  }
  // A file that ends too early gives what it has; the capture in it then ends inside a record, which is told.
  const gunzip = createGunzip({ chunkSize: CHUNK, finishFlush: constants.Z_SYNC_FLUSH });
  const feeding = (async () => {
    try {
      for await (const chunk of whole())
        if (!gunzip.write(chunk)) await new Promise<void>(resolve => gunzip.once("drain", resolve).once("close", resolve));
      gunzip.end();
    } catch (fault) {
      gunzip.destroy(fault as Error);
    }
  })();
  for await (const chunk of gunzip) yield plainBytes(chunk as Buffer);
  await feeding;
}
