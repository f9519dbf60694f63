import type { Outcome } from "../engine/index.ts";
import { ICMP_HEADER, PROTOCOL, u128, u16, u32, type Layout } from "../packet/index.ts";

/** Packets of each kind that are remembered in a generation. */
const REMEMBERED = 4096;

/**
 * Knows packets that this replay let out itself and that the capture shows once more, because the captured machine did the same: those
 * that were passed on with the machine's own address as their source, and the kernel's answers.
 */
export class Echoes {
  readonly #passed = new Recent();
  readonly #answers = new Recent();

  /** Remembers what a packet set off. */
  note(before: Uint8Array, { verdict, emitted }: Outcome): void {
    for (const { kind, bytes } of emitted) {
      if (kind === "answer") this.#answers.add(answerKey(bytes));
      else if (verdict === "forwarded" && !sameSource(before, bytes)) this.#passed.add(passedKey(bytes));
    }
  }

  /** Is it one of them? Each is found once. */
  take(bytes: Uint8Array, layout: Layout | undefined): "passed on" | "answer" | undefined {
    if (layout === undefined) return undefined;
    if (this.#passed.size > 0 && this.#passed.take(passedKey(bytes))) return "passed on";
    return this.#answers.size > 0 && this.#answers.take(answerKey(bytes)) ? "answer" : undefined;
  }
}

/** The most recent keys, and how often each: two generations, of which the older is forgotten as a whole. */
class Recent {
  #young = new Map<string, number>();
  #old = new Map<string, number>();

  get size(): number {
    return this.#young.size + this.#old.size;
  }

  add(key: string): void {
    if (this.#young.size >= REMEMBERED) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, (this.#young.get(key) ?? 0) + 1);
  }

  take(key: string): boolean {
    for (const keys of [this.#young, this.#old]) {
      const times = keys.get(key);
      if (times === undefined) continue;
      if (times > 1) keys.set(key, times - 1);
      else keys.delete(key);
      return true;
    }
    return false;
  }
}

/** What neither hops nor source translation change; the source port may have been chosen otherwise than by the captured machine. */
function passedKey(bytes: Uint8Array): string {
  if (isIpv6(bytes)) return `${u16(bytes, 4)} ${bytes[6]} ${u128(bytes, 24)} ${transportKey(bytes, 40)}`;
  return `${u32(bytes, 2)} ${bytes[9]} ${u32(bytes, 16)} ${transportKey(bytes, headerLength(bytes))}`;
}

/** What the kernel has no choice in: it numbers its own packets as it likes, and quotes checksums that a network card was to complete. */
function answerKey(bytes: Uint8Array): string {
  const l4 = isIpv6(bytes) ? 40 : headerLength(bytes);
  const to = `${bytes[isIpv6(bytes) ? 6 : 9]} ${isIpv6(bytes) ? u128(bytes, 24) : u32(bytes, 16)}`;
  const quoted = l4 + ICMP_HEADER;
  if (bytes[9] === PROTOCOL.ICMP && !isIpv6(bytes) && quoted + 24 <= bytes.length)
    return `${to} ${u16(bytes, l4)} ${u32(bytes, quoted + 16)} ${u32(bytes, quoted + 20)}`;
  if (bytes[6] === PROTOCOL.ICMPV6 && isIpv6(bytes) && quoted + 44 <= bytes.length)
    return `${to} ${u16(bytes, l4)} ${u128(bytes, quoted + 24)} ${u32(bytes, quoted + 40)}`;
  return `${to} ${transportKey(bytes, l4)}`;
}

const isIpv6 = (bytes: Uint8Array): boolean => (bytes[0] ?? 0) >> 4 === 6;
const headerLength = (bytes: Uint8Array): number => ((bytes[0] ?? 0) & 15) * 4;

/** Destination port and sequence number. */
const transportKey = (bytes: Uint8Array, l4: number): string =>
  l4 + 8 <= bytes.length ? `${u16(bytes, l4 + 2)} ${u32(bytes, l4 + 4)}` : "";

function sameSource(before: Uint8Array, after: Uint8Array): boolean {
  const [from, to] = isIpv6(after) ? [8, 24] : [12, 16];
  for (let at = from; at < to; at++) if (before[at] !== after[at]) return false;
  return true;
}
