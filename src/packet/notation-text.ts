import { hex, unhex } from "./bytes.ts";
import { decodeUtf8, encodeUtf8 } from "./utf8.ts";

/** A word of the notation, or a string in double quotes, and where it stands: offsets in the text, end excluded. */
export interface Token {
  readonly text: string;
  /** The bytes of a quoted string; undefined for a bare word. */
  readonly bytes: Uint8Array | undefined;
  readonly start: number;
  readonly end: number;
}

/** What is wrong with a packet's text: offsets in it (end excluded), and what may have been meant. */
export interface NotationFault {
  readonly message: string;
  readonly start: number;
  readonly end: number;
  readonly guess?: string;
}

/** Splits a packet's text at white space outside quotes. Linear. */
export function tokenize(text: string): Token[] | NotationFault {
  const tokens: Token[] = [];
  const pattern = /[^\s"]\S*|"/y;
  for (let at = 0; at < text.length;) {
    pattern.lastIndex = at;
    const word = pattern.exec(text)?.[0];
    if (word === undefined) at++;
    else if (word === '"') {
      const read = readQuoted(text, at);
      if ("message" in read) return read;
      tokens.push(read);
      at = read.end;
    } else {
      tokens.push({ text: word, bytes: undefined, start: at, end: at + word.length });
      at += word.length;
    }
  }
  return tokens;
}

const ESCAPES: ReadonlyMap<string, number> = new Map([
  ["n", 10],
  ["r", 13],
  ["t", 9],
  ["0", 0],
  ["\\", 92],
  ['"', 34],
]);

function readQuoted(text: string, start: number): Token | NotationFault {
  const bytes: number[] = [];
  const pattern = /[^"\\]+|\\x[0-9a-fA-F]{2}|\\[nrt0\\"]|"/y;
  for (let at = start + 1; at < text.length;) {
    pattern.lastIndex = at;
    const part = pattern.exec(text)?.[0];
    if (part === undefined)
      return { message: 'no such escape; there are \\xNN \\n \\r \\t \\0 \\\\ \\"', start: at, end: Math.min(at + 2, text.length) };
    at += part.length;
    if (part === '"') return { text: text.slice(start, at), bytes: Uint8Array.from(bytes), start, end: at };
    if (part.startsWith("\\x")) bytes.push(Number.parseInt(part.slice(2), 16));
    else if (part.startsWith("\\")) bytes.push(ESCAPES.get(part.slice(1)) as number);
    else for (const byte of encodeUtf8(part)) bytes.push(byte);
  }
  return { message: "the string does not end", start, end: text.length };
}

/** The bytes that a `data` word's argument means: a quoted string, or `0x` and hexadecimal digits. */
export function readBytes(token: Token): Uint8Array | undefined {
  if (token.bytes !== undefined) return token.bytes;
  return readHex(token.text);
}

/** `0x` and an even number of hexadecimal digits. */
export function readHex(text: string): Uint8Array | undefined {
  return /^0x([0-9a-fA-F]{2})*$/.test(text) ? unhex(text.slice(2)) : undefined;
}

/** Bytes as the notation writes them: mostly printable ones as a string, others as `0x…`. Never a control or non-ASCII character. */
export function printBytes(bytes: Uint8Array): string {
  let printable = 0;
  for (const byte of bytes) if ((byte >= 0x20 && byte < 0x7f) || byte === 10 || byte === 13 || byte === 9) printable++;
  return printable * 4 >= bytes.length * 3 ? quote(bytes) : `0x${hex(bytes)}`;
}

function quote(bytes: Uint8Array): string {
  let text = '"';
  for (const byte of bytes) {
    if (byte === 34 || byte === 92) text += `\\${String.fromCharCode(byte)}`;
    else if (byte === 10) text += "\\n";
    else if (byte === 13) text += "\\r";
    else if (byte === 9) text += "\\t";
    else if (byte < 0x20 || byte >= 0x7f) text += `\\x${byte.toString(16).padStart(2, "0")}`;
    else text += String.fromCharCode(byte);
  }
  return `${text}"`;
}

/** A name (of an interface): a bare word, or a quoted string of UTF-8. Undefined when it is no text. */
export function readName(token: Token): string | undefined {
  return token.bytes === undefined ? token.text : decodeUtf8(token.bytes);
}

/** A name as the notation writes it: bare when it is printable ASCII, else in quotes. */
export function printName(name: string): string {
  return /^[!#-~][!-~]*$/.test(name) ? name : quote(encodeUtf8(name));
}

/** A decimal or `0x` number up to `max`; undefined otherwise. */
export function readNumber(text: string, max: number): number | undefined {
  if (!/^(\d{1,10}|0x[0-9a-fA-F]{1,8})$/.test(text)) return undefined;
  const value = Number(text);
  return value <= max ? value : undefined;
}
