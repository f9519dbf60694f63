import type { ByteQueue } from "./byte-queue.ts";
import type { CaptureFault, CaptureItem } from "./record.ts";

/** A file format: how it takes its items out of the bytes. */
export interface CaptureFile {
  /** The next item; undefined when the queue holds too little of it. Nothing is asked of it after a fatal fault. */
  next(queue: ByteQueue): CaptureItem | undefined;
  /** What to say of the bytes that are left when no more come, after `next` gave undefined. */
  rest(queue: ByteQueue): CaptureFault | undefined;
}
