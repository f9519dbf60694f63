/**
 * Bytes that arrived in chunks, taken out in pieces of any size. A piece within one chunk is a view of it; only a piece that
 * spans chunks is copied, so that the work is linear even when bytes come one at a time. Chunks must not change afterwards.
 */
export class ByteQueue {
  readonly #chunks: Uint8Array[] = [];
  /** Chunks before this index are used up. */
  #head = 0;
  /** Bytes of the head chunk that are used up. */
  #start = 0;
  #available = 0;
  #offset = 0;

  /** Bytes that wait. */
  get available(): number {
    return this.#available;
  }

  /** Bytes taken or skipped so far: the position of the next byte in the stream. */
  get offset(): number {
    return this.#offset;
  }

  /** Adds bytes at the end. */
  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.#available += chunk.length;
  }

  /** The next `length` bytes, which stay; undefined when fewer wait. */
  peek(length: number): Uint8Array | undefined {
    if (length > this.#available) return undefined;
    if (length === 0) return new Uint8Array(0);
    let head = this.#chunks[this.#head] as Uint8Array;
    if (head.length - this.#start < length) {
      this.#join(length);
      head = this.#chunks[this.#head] as Uint8Array;
    }
    return head.subarray(this.#start, this.#start + length);
  }

  /** The next `length` bytes, which leave the queue; undefined when fewer wait. */
  take(length: number): Uint8Array | undefined {
    const bytes = this.peek(length);
    if (bytes !== undefined) this.skip(length);
    return bytes;
  }

  /** Drops up to `length` bytes; says how many there were. */
  skip(length: number): number {
    const skipped = Math.min(length, this.#available);
    this.#start += skipped;
    this.#available -= skipped;
    this.#offset += skipped;
    for (let head = this.#chunks[this.#head]; head !== undefined && head.length <= this.#start; head = this.#chunks[this.#head]) {
      this.#start -= head.length;
      this.#chunks[this.#head] = EMPTY;
      this.#head++;
    }
    if (this.#head === this.#chunks.length || this.#head > 1024) {
      this.#chunks.splice(0, this.#head);
      this.#head = 0;
    }
    return skipped;
  }

  /** Makes the first `length` bytes, which lie in more than one chunk, one chunk. */
  #join(length: number): void {
    const joined = new Uint8Array(length);
    let filled = 0;
    let at = this.#head;
    let from = this.#start;
    for (;;) {
      const chunk = this.#chunks[at] as Uint8Array;
      const part = chunk.subarray(from, from + length - filled);
      joined.set(part, filled);
      filled += part.length;
      from += part.length;
      if (filled === length) {
        if (from < chunk.length) {
          this.#chunks[at] = chunk.subarray(from);
          at--;
        }
        break;
      }
      this.#chunks[at] = EMPTY;
      at++;
      from = 0;
    }
    this.#chunks[at] = joined;
    this.#head = at;
    this.#start = 0;
  }
}

const EMPTY = new Uint8Array(0);
