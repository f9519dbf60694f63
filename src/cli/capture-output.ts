import { closeSync, fsyncSync, openSync, realpathSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { PcapngWriter, PcapWriter, type CaptureWriter, type FrameToWrite } from "../packet/index.ts";
import { usageFault } from "./fault.ts";
import { reasonOf } from "./reason.ts";

/** A capture file that is being written. It appears under its name only when it is complete. */
export interface CaptureOutput {
  write(frame: FrameToWrite): void;
  /** Puts the file in its place. `linkType` is that of an empty file. */
  finish(linkType: number): void;
  /** Takes it away again. Harmless after `finish`. */
  discard(): void;
  /** Frames written so far. */
  readonly frames: number;
}

/** Bytes that are gathered before they are written. */
const BUFFER = 1 << 18;

/** Begins a capture file: pcapng when its name ends so, else pcap in nanoseconds, which holds one link type only. */
export function openOutput(path: string): CaptureOutput {
  if (path === "-") throw usageFault("-w", "needs the name of a file");
  if (path.endsWith(".gz")) throw usageFault(path, "is written without compression: leave out .gz");
  const existing = statSync(path, { throwIfNoEntry: false });
  if (existing?.isDirectory()) throw usageFault(path, "cannot be written: it is a directory");
  const inPlace = existing !== undefined && !existing.isFile();
  const target = existing === undefined ? path : realpathSync(path);
  const temporary = inPlace ? target : `${target}.${process.pid}.partial`;
  let file: number | undefined = guarded(path, () =>
    openSync(temporary, inPlace ? "w" : "wx", existing === undefined ? 0o666 : existing.mode & 0o777),
  );
  let writer: CaptureWriter | undefined;
  let linkType: number | undefined;
  let gathered: Uint8Array[] = [];
  let length = 0;
  let frames = 0;

  const flush = (): void => {
    const bytes = Buffer.concat(gathered);
    gathered = [];
    length = 0;
    for (let at = 0; at < bytes.length;) at += guarded(path, () => writeSync(file as number, bytes, at));
  };
  const put = (bytes: Uint8Array): void => {
    gathered.push(bytes);
    length += bytes.length;
    if (length >= BUFFER) flush();
  };
  const begin = (type: number): CaptureWriter => {
    linkType = type;
    const begun = path.endsWith(".pcapng") ? new PcapngWriter() : new PcapWriter({ linkType: type });
    put(begun.begin());
    return begun;
  };
  const discard = (): void => {
    if (file === undefined) return;
    closeSync(file);
    file = undefined;
    if (!inPlace) rmSync(temporary, { force: true });
  };

  return {
    write(frame) {
      writer ??= begin(frame.linkType);
      if (frame.linkType !== linkType && writer instanceof PcapWriter) {
        discard();
        throw usageFault(path, "the capture has frames of several link types, which only pcapng holds: give a name that ends in .pcapng");
      }
      put(writer.write(frame));
      frames++;
    },
    finish(type) {
      writer ??= begin(type);
      flush();
      if (file === undefined) return;
      if (!inPlace) guarded(path, () => fsyncSync(file as number));
      closeSync(file);
      file = undefined;
      if (!inPlace) guarded(path, () => renameSync(temporary, target));
    },
    discard,
    get frames() {
      return frames;
    },
  };
}

function guarded<T>(path: string, step: () => T): T {
  try {
    return step();
  } catch (fault) {
    throw usageFault(path, `cannot be written: ${reasonOf(fault)}`);
  }
}
