import { readAddress } from "./address-text.ts";
import { ascii, byteAt, isDigit, says } from "./text.ts";
import type { Address } from "../tuple.ts";

/** The four messages that name a data connection (enum nf_ct_ftp_type). */
export type FtpMessage = "PORT" | "EPRT" | "PASV" | "EPSV";

/** An address and port in a message, and the bytes of the packet that write them. */
export interface Named {
  readonly message: FtpMessage;
  /** The server's own where the message names none (EPSV). */
  readonly address: Address;
  readonly port: number;
  readonly at: number;
  readonly length: number;
}

/** How a message is recognised and read. */
interface Pattern {
  readonly message: FtpMessage;
  /** In lower case. */
  readonly word: Uint8Array;
  /** What stands before the numbers, 0 for nothing. */
  readonly skip: number;
  read(text: Text): Numbers | undefined;
}

/** Part of a packet in which numbers are looked for. */
interface Text {
  readonly bytes: Uint8Array;
  readonly at: number;
  readonly end: number;
  readonly family: 4 | 6;
  readonly own: Address;
}

interface Numbers {
  readonly address: Address;
  readonly port: number;
  readonly at: number;
  readonly length: number;
}

const CR = 0x0d;
const COMMA = 0x2c;
const FULL_STOP = 0x2e;

/** What clients say, and what servers answer (nf_conntrack_ftp.c, search). */
const PATTERNS: readonly [client: readonly Pattern[], server: readonly Pattern[]] = [
  [
    { message: "PORT", word: ascii("port"), skip: 0x20, read: text => readPort(text, CR) },
    { message: "EPRT", word: ascii("eprt"), skip: 0x20, read: readEprt },
  ],
  [
    { message: "PASV", word: ascii("227 "), skip: 0, read: readPasv },
    { message: "EPSV", word: ascii("229 "), skip: 0x28, read: readEpsv },
  ],
];

/**
 * What a line that begins at `start` says of a data connection; "partial" when it may be such a message but cannot be read
 * (find_pattern).
 */
export function findNamed(
  bytes: Uint8Array,
  start: number,
  end: number,
  side: 0 | 1,
  family: 4 | 6,
  own: Address,
): Named | { readonly partial: FtpMessage } | undefined {
  for (const { message, word, skip, read } of PATTERNS[side]) {
    const length = end - start;
    if (length <= word.length) {
      if (says(bytes, start, word, length)) return { partial: message };
      continue;
    }
    if (!says(bytes, start, word)) continue;
    let at = start + word.length;
    if (skip !== 0) {
      at = bytes.subarray(0, end).indexOf(skip, at) + 1;
      if (at === 0 || at === end) return { partial: message };
    }
    const numbers = read({ bytes, at, end, family, own });
    return numbers === undefined ? { partial: message } : { message, ...numbers };
  }
  return undefined;
}

/**
 * `count` decimal numbers with separators between them, and where the text ends: at the terminator, or with 0 at anything that is no
 * part of them (try_number). Each is taken modulo 2^32.
 */
function readNumbers(
  { bytes, at, end }: Text,
  count: number,
  separator: number,
  terminator: number,
): { numbers: number[]; end: number } | undefined {
  const numbers = [0];
  for (let next = at; next < end && numbers.length <= count; next++) {
    const byte = byteAt(bytes, next);
    const last = numbers.length - 1;
    if (isDigit(byte)) numbers[last] = ((numbers[last] as number) * 10 + byte - 0x30) % 2 ** 32;
    else if (byte === separator) numbers.push(0);
    else if ((byte === terminator || terminator === 0) && numbers.length === count) return { numbers, end: next };
    else return undefined;
  }
  return undefined;
}

/** 192,168,1,1,5,6 (try_rfc959). */
function readPort(text: Text, terminator: number): Numbers | undefined {
  const read = readNumbers(text, 6, COMMA, terminator);
  if (read === undefined) return undefined;
  const [, , , , high = 0, low = 0] = read.numbers;
  return { address: addressOf(read.numbers), port: ((high << 8) | low) & 0xffff, at: text.at, length: read.end - text.at };
}

/** The same after whatever stands before the first digit (try_rfc1123). */
function readPasv(text: Text): Numbers | undefined {
  let { at } = text;
  while (at < text.end && !isDigit(byteAt(text.bytes, at))) at++;
  return at === text.end ? undefined : readPort({ ...text, at }, 0);
}

/** |1|132.235.1.2|6275| or |2|3ffe::1|6275| (try_eprt). */
function readEprt(text: Text): Numbers | undefined {
  const { bytes, at, end, family } = text;
  const delimiter = delimiterOf(text);
  if (delimiter === undefined || byteAt(bytes, at + 2) !== delimiter || byteAt(bytes, at + 1) !== (family === 4 ? 0x31 : 0x32))
    return undefined;
  const inner = { ...text, at: at + 3 };
  if (family === 4) {
    const read = readNumbers(inner, 4, FULL_STOP, delimiter);
    return read && readPortNumber(text, read.end + 1, delimiter, addressOf(read.numbers));
  }
  const read = readAddress(bytes, inner.at, end, 6, delimiter);
  return read && read.end > inner.at ? readPortNumber(text, read.end + 1, delimiter, read.address) : undefined;
}

/** |||6446| (try_epsv_response). */
function readEpsv(text: Text): Numbers | undefined {
  const { bytes, at, own } = text;
  const delimiter = delimiterOf(text);
  if (delimiter === undefined || byteAt(bytes, at + 1) !== delimiter || byteAt(bytes, at + 2) !== delimiter) return undefined;
  return readPortNumber(text, at + 3, delimiter, own);
}

/** Any visible character but a digit. */
function delimiterOf({ bytes, at, end }: Text): number | undefined {
  const byte = byteAt(bytes, at);
  return end - at <= 3 || isDigit(byte) || byte < 33 || byte > 126 ? undefined : byte;
}

/** A port up to a delimiter, modulo 2^16, and not 0 (get_port). */
function readPortNumber({ bytes, at, end }: Text, from: number, delimiter: number, address: Address): Numbers | undefined {
  let port = 0;
  for (let next = from; next < end; next++) {
    const byte = byteAt(bytes, next);
    if (byte === delimiter) return port === 0 ? undefined : { address, port, at, length: next + 1 - at };
    if (!isDigit(byte)) return undefined;
    port = (port * 10 + byte - 0x30) & 0xffff;
  }
  return undefined;
}

/** Octets are not limited to 255. */
function addressOf([a = 0, b = 0, c = 0, d = 0]: readonly number[]): number {
  return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
}
