import { closeSync, constants, fstatSync, ftruncateSync, openSync, readSync, unlinkSync, writeSync } from "node:fs";
import { Socket } from "node:net";
import { isMainThread } from "node:worker_threads";
import { SLOTS } from "./stage.ts";

const { O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_RDWR, O_WRONLY } = constants;

/** One call of a tool inside the sandbox. */
export interface Request {
  /** `FILE:LINE` where the script stands, as the shell says; empty where it cannot say. */
  readonly at: string;
  /** Its error output goes where the script's own goes, so it is shown from outside, with the line. */
  readonly loud: boolean;
  readonly name: string;
  readonly argv: readonly string[];
  /** What it was given to read, for the tools that do. */
  readonly stdin: string;
  /** The file that it was to read instead, where the words name one that can be read. */
  readonly file: string | undefined;
  /** There was more to read than anyone needs, and it was not read. */
  readonly excess: boolean;
}

/** What a tool answers. */
export interface Reply {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  /** A file inside the sandbox that gets the output. */
  readonly into?: string | undefined;
}

/** Bytes of a request's words, and of what it gives to read. */
const MOST_WORDS = 4 << 20;
const MOST_TEXT = 8 << 20;

/**
 * The outer end of the queue. Whatever the script has made of its folder is opened without following links, never waits and is read no
 * further than a limit: a request that is none is passed over.
 */
export class Queue {
  private readonly requests: number;
  private readonly answers: number;
  private readonly opened: number[] = [];
  private readonly replies: readonly number[];
  private readonly doorFd: number;
  private readonly voiceFd: number;
  private readonly pipes: readonly Socket[];
  private rest = "";
  private closed = false;

  /** `root` is the sandbox's root as seen from here; `ring` hears the number of each slot that has a request, `said` what the script prints. */
  constructor(folder: string, ring: (slot: number) => void, said: (bytes: Buffer) => void) {
    this.requests = this.open(`${folder}/i`, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    this.answers = this.open(`${folder}/o`, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    this.replies = Array.from({ length: SLOTS }, (_, slot) => this.open(this.answer(String(slot)), O_RDWR | O_NONBLOCK | O_NOFOLLOW));
    this.doorFd = openSync(this.answer("door"), O_RDWR | O_NONBLOCK | O_NOFOLLOW);
    this.voiceFd = openSync(this.answer("voice"), O_RDWR | O_NONBLOCK | O_NOFOLLOW);
    this.pipes = [pipe(this.doorFd, bytes => this.knocked(bytes.toString("latin1"), ring)), pipe(this.voiceFd, said)];
  }

  /** Puts a file into the read-only part; it must be there already. */
  put(name: string, bytes: string | Uint8Array): void {
    this.write(name, bytes);
  }

  /** What the script has printed and nobody has heard yet. */
  heard(): Buffer[] {
    const chunks: Buffer[] = [];
    for (;;) {
      const chunk = Buffer.allocUnsafe(65536);
      try {
        const length = readSync(this.voiceFd, chunk);
        if (length === 0) return chunks;
        chunks.push(chunk.subarray(0, length));
      } catch {
        return chunks;
      }
      if (chunks.length >= MOST_CHUNKS) return chunks;
    }
  }

  /** The request in a slot; undefined when there is none that can be read. */
  take(slot: number): Request | undefined {
    const bytes = this.read(String(slot), MOST_WORDS);
    const words = bytes && bytes.length <= MOST_WORDS ? bytes.toString("utf8").split("\0") : undefined;
    // Each word ends in a NUL, so behind the last one there is nothing.
    if (!words || words.length < 4 || words.pop() !== "") return undefined;
    const [at = "", loud, name = "", ...argv] = words;
    const stdin = this.read(`${slot}.in`, MOST_TEXT);
    const file = this.read(`${slot}.file`, MOST_TEXT);
    const excess = [stdin, file].some(bytes => (bytes?.length ?? 0) > MOST_TEXT);
    return { at, loud: loud === "loud", name, argv, stdin: stdin?.toString("utf8") ?? "", file: file?.toString("utf8"), excess };
  }

  /** Answers the request in a slot. */
  reply(slot: number, { status, stdout, stderr, into }: Reply): void {
    if (this.closed) return;
    try {
      if (stdout !== "" || into !== undefined) this.write(`${slot}.out`, stdout);
      if (into !== undefined) this.write(`${slot}.err`, `${into.replaceAll("\n", "")}\n`);
      else if (stderr !== "") this.write(`${slot}.err`, stderr);
    } catch {
      // The script has filled the memory that the queue lives in.
      this.send(slot, "4 -\n");
      return;
    }
    const more = into !== undefined ? "f" : (stdout === "" ? "" : "o") + (stderr === "" ? "" : "e");
    this.send(slot, `${status} ${more}\n`);
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    for (const socket of this.pipes) socket.destroy();
    // A worker keeps a list of what it opened, and would close the numbers again at its end, whatever they stand for then.
    if (!isMainThread) for (const fd of [this.doorFd, this.voiceFd]) forget(fd);
    for (const fd of this.opened) closeSync(fd);
  }

  private knocked(text: string, ring: (slot: number) => void): void {
    const lines = (this.rest + text).split("\n");
    this.rest = (lines.pop() ?? "").slice(-MOST_KNOCK);
    for (const line of lines) {
      const slot = Number(line);
      if (this.closed || !/^-?\d{1,3}$/.test(line) || Math.abs(slot) >= SLOTS) continue;
      if (line.startsWith("-")) this.free(-slot);
      else ring(slot);
    }
  }

  private free(slot: number): void {
    for (const name of [`${slot}.in`, `${slot}.file`, String(slot)]) {
      try {
        unlinkSync(this.request(name));
      } catch {
        // Most requests bring nothing to read.
      }
    }
  }

  private send(slot: number, line: string): void {
    try {
      writeSync(this.replies[slot] ?? -1, line);
    } catch {
      // Nobody reads there, and the pipe is full of what nobody read: only a script that plays with the queue does that.
    }
  }

  private write(name: string, bytes: string | Uint8Array): void {
    const fd = openSync(this.answer(name), O_WRONLY | O_NOFOLLOW);
    try {
      ftruncateSync(fd);
      const data = typeof bytes === "string" ? Buffer.from(bytes) : bytes;
      for (let at = 0; at < data.length;) at += writeSync(fd, data, at);
    } finally {
      closeSync(fd);
    }
  }

  private read(name: string, most: number): Buffer | undefined {
    let fd: number;
    try {
      fd = openSync(this.request(name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    } catch {
      return undefined;
    }
    try {
      const stat = fstatSync(fd);
      if (!stat.isFile()) return undefined;
      // One byte more than is allowed tells that there is more.
      const bytes = Buffer.alloc(Math.min(stat.size, most + 1));
      let length = 0;
      for (let got = 1; got > 0 && length < bytes.length; length += got) got = readSync(fd, bytes, length, bytes.length - length, length);
      return bytes.subarray(0, length);
    } catch {
      return undefined;
    } finally {
      closeSync(fd);
    }
  }

  private open(path: string, flags: number): number {
    const fd = openSync(path, flags);
    this.opened.push(fd);
    return fd;
  }

  /** Through the descriptor, so that no one can put another folder in its place. */
  private request = (name: string): string => `/proc/self/fd/${this.requests}/${name}`;
  private answer = (name: string): string => `/proc/self/fd/${this.answers}/${name}`;
}

function pipe(fd: number, take: (bytes: Buffer) => void): Socket {
  const socket = new Socket({ fd, readable: true, writable: false });
  return socket.on("data", take).on("error", () => socket.destroy());
}

function forget(fd: number): void {
  try {
    closeSync(fd);
  } catch {
    // The socket has closed it.
  }
}

const MOST_KNOCK = 64;
const MOST_CHUNKS = 64;
