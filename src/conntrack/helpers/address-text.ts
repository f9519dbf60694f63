import { byteAt, hexDigit, isDigit } from "./text.ts";
import type { Address } from "../tuple.ts";

/** An address and the offset of what follows it. */
export interface AddressText {
  readonly address: Address;
  readonly end: number;
}

/**
 * The address written at `at`, before `limit`. With a delimiter only that, a NUL or the limit may follow; without, anything that
 * cannot be part of an address (net/core/utils.c, in4_pton and in6_pton).
 */
export function readAddress(bytes: Uint8Array, at: number, limit: number, family: 4 | 6, delimiter = -1): AddressText | undefined {
  return family === 4 ? readIpv4(bytes, at, limit, delimiter) : readIpv6(bytes, at, limit, delimiter);
}

const DOT = 0x2e;
const COLON = 0x3a;

type Sign = "digit" | "letter" | "dot" | "colon" | "end" | "other";

/** Kernel: xdigit2bin. */
function signAt(bytes: Uint8Array, at: number, limit: number, delimiter: number): Sign {
  const byte = at < limit ? byteAt(bytes, at) : 0;
  if (byte === delimiter || byte === 0) return "end";
  if (byte === COLON) return "colon";
  if (byte === DOT) return "dot";
  if (isDigit(byte)) return "digit";
  if (hexDigit(byte) >= 0) return "letter";
  return delimiter === -1 ? "end" : "other";
}

/** A colon ends it as well: the port may follow. */
function readIpv4(bytes: Uint8Array, at: number, limit: number, delimiter: number): AddressText | undefined {
  let address = 0;
  let octet = -1;
  let count = 0;
  for (let next = at; ; next++) {
    const sign = signAt(bytes, next, limit, delimiter);
    if (sign === "digit") {
      octet = Math.max(octet, 0) * 10 + byteAt(bytes, next) - 0x30;
      if (octet > 255) return undefined;
      continue;
    }
    if (sign === "letter" || sign === "other" || octet < 0) return undefined;
    address = address * 256 + octet;
    octet = -1;
    count++;
    if (sign !== "dot") return count === 4 ? { address, end: next } : undefined;
    if (count >= 4) return undefined;
  }
}

/** What may come next. */
interface Allowed {
  digit: boolean;
  end: boolean;
  dot: boolean;
  /** "one": a colon, after which a digit must come; "two": the second of a pair; "either"; "pair": the first of a pair at the very beginning. */
  colon: "no" | "one" | "two" | "either" | "pair";
  /** No word stands before it. */
  empty: boolean;
}

const next = (allowed: Partial<Allowed>): Allowed => ({ digit: false, end: false, dot: false, colon: "no", empty: false, ...allowed });

const WORDS = 8;

function readIpv6(bytes: Uint8Array, at: number, limit: number, delimiter: number): AddressText | undefined {
  const words: number[] = [];
  /** Words before the pair of colons. */
  let gap = -1;
  let word = 0;
  let wordAt = at;
  let allowed = next({ digit: true, colon: "pair", empty: true });
  for (let here = at; ; here++) {
    const sign = signAt(bytes, here, limit, delimiter);
    if (sign === "digit" || sign === "letter") {
      if (!allowed.digit) return undefined;
      word = (word << 4) | hexDigit(byteAt(bytes, here));
      allowed = afterDigit(word, words.length, gap >= 0);
      continue;
    }
    if (sign === "dot") {
      if (!allowed.dot) return undefined;
      const tail = readIpv4(bytes, wordAt, limit, delimiter);
      if (tail === undefined) return undefined;
      words.push(Number(tail.address) >>> 16, Number(tail.address) & 0xffff);
      return { address: join(words, gap), end: tail.end };
    }
    if (sign === "other" || (sign === "end" ? !allowed.end : allowed.colon === "no")) return undefined;
    if (!allowed.empty) words.push(word & 0xffff);
    word = 0;
    if (sign === "end") return words.length > WORDS ? undefined : { address: join(words, gap), end: here };
    wordAt = here + 1;
    switch (allowed.colon) {
      case "two":
        gap = words.length;
        allowed = next({ digit: true, end: true, empty: gap >= WORDS });
        break;
      case "either":
        allowed = next({ digit: true, colon: "two" });
        break;
      case "one":
        allowed = next({ digit: true });
        break;
      default:
        allowed = next({ colon: "two" });
    }
  }
}

function afterDigit(word: number, done: number, gapped: boolean): Allowed {
  const last = done + 1 >= WORDS;
  return next({
    digit: (word & 0xf000) === 0,
    end: gapped || last,
    colon: last ? "no" : gapped ? "one" : "either",
    dot: (gapped && done + 2 < WORDS) || done + 2 === WORDS,
  });
}

function join(words: readonly number[], gap: number): bigint {
  const full = gap < 0 ? words : [...words.slice(0, gap), ...Array<number>(Math.max(0, WORDS - words.length)).fill(0), ...words.slice(gap)];
  return full.reduce((address, word) => (address << 16n) | BigInt(word), 0n);
}
