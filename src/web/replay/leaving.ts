import { PcapngWriter, type FrameToWrite } from "../../packet/index.ts";

/** Bytes that are gathered before they are handed over. */
const GATHERED = 1 << 20;

/** Frames that leave, on their way into a file. */
export interface Leaving {
  write(frames: readonly FrameToWrite[]): void;
  /** The file: pcapng, which holds every link type and the interfaces. */
  finish(): Blob;
  readonly frames: number;
}

/** Gathers frames in a file that the browser keeps: only a piece of it is in this program's memory. */
export function createLeaving(): Leaving {
  const writer = new PcapngWriter();
  const parts: Blob[] = [];
  let gathered: BlobPart[] = [];
  let length = 0;
  let frames = 0;
  const flush = (): void => {
    parts.push(new Blob(gathered));
    gathered = [];
    length = 0;
  };
  const put = (bytes: Uint8Array): void => {
    gathered.push(bytes as Uint8Array<ArrayBuffer>);
    length += bytes.length;
    if (length >= GATHERED) flush();
  };
  put(writer.begin());
  return {
    write(some) {
      for (const frame of some) put(writer.write(frame));
      frames += some.length;
    },
    finish() {
      flush();
      return new Blob(parts, { type: "application/x-pcapng" });
    },
    get frames() {
      return frames;
    },
  };
}
