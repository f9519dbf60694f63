import type { CaptureFault } from "../../packet/index.ts";
import { reasonOf } from "../work/reason.ts";

/** Bytes of a file that are in memory at a time. */
const SLICE = 1 << 19;

/** What comes of a file: bytes, decompressed where it was compressed, or the fault that ends them. */
export type CaptureBytes = { readonly kind: "bytes"; readonly bytes: Uint8Array } | CaptureFault;

/** The file's bytes, slice by slice; `onRead` hears how many of the file's own bytes were read. Files that begin as gzip does are decompressed. */
export async function* captureBytes(file: Blob, onRead: (bytes: number) => void): AsyncGenerator<CaptureBytes, void, undefined> {
  const [first, second] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  yield* first === 0x1f && second === 0x8b ? unpacked(file, onRead) : plain(file, onRead);
}

async function* plain(file: Blob, onRead: (bytes: number) => void): AsyncGenerator<CaptureBytes, void, undefined> {
  for (let at = 0; at < file.size; at += SLICE) {
    let bytes: Uint8Array;
    try {
      bytes = new Uint8Array(await file.slice(at, at + SLICE).arrayBuffer());
    } catch (fault) {
      yield broken(at, `the file can no longer be read from here on (${reasonOf(fault)})`);
      return;
    }
    onRead(Math.min(file.size, at + SLICE));
    yield { kind: "bytes", bytes };
  }
}

async function* unpacked(file: Blob, onRead: (bytes: number) => void): AsyncGenerator<CaptureBytes, void, undefined> {
  let at = 0;
  const packed = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      if (at >= file.size) {
        controller.close();
        return;
      }
      const bytes = new Uint8Array(await file.slice(at, at + SLICE).arrayBuffer());
      at += bytes.length;
      onRead(at);
      controller.enqueue(bytes);
    },
  });
  const reader = packed.pipeThrough(new DecompressionStream("gzip")).getReader();
  let length = 0;
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      length += value.length;
      yield { kind: "bytes", bytes: value };
    }
  } catch (fault) {
    yield broken(length, `the gzip compression is broken from here on (${reasonOf(fault)})`);
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

const broken = (offset: number, message: string): CaptureFault => ({ kind: "fault", offset, message, fatal: false });
