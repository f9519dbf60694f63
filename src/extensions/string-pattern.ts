import { UsageError } from "../xtables/index.ts";

/** Kernel: XT_STRING_MAX_PATTERN_SIZE. */
export const PATTERN_MAX = 128;

const BACKSLASH = 0x5c;
const BAR = 0x7c;
const BLANK = 0x20;

/** The value of a hexadecimal digit's character code; undefined for any other. */
function digit(code: number | undefined): number | undefined {
  if (code === undefined) return undefined;
  const value = Number.parseInt(String.fromCharCode(code), 16);
  return Number.isNaN(value) ? undefined : value;
}

/**
 * The bytes that text with blocks like `|0a 0d|` stands for. Throws UsageError. libxt_string.c, parse_hex_string, oddities included: what
 * stands right behind a closing bar is always taken as it is, and of blanks there may be several only at a block's start.
 */
export function parseHexPattern(text: Uint8Array, given: string): Uint8Array {
  if (text.length === 0) throw new UsageError("STRING must contain at least one char");
  const bytes: number[] = [];
  let inBlock = false;
  for (let at = 0; at < text.length;) {
    const escaped = text[at] === BACKSLASH;
    if (escaped && inBlock) throw new UsageError("Cannot include literals in hex data");
    if (text[at] === BAR) {
      inBlock = !inBlock;
      if (inBlock) while (text[at + 1] === BLANK) at++;
      if (++at >= text.length) break;
    }
    if (escaped) {
      if (at + 1 >= text.length) throw new UsageError("Bad literal placement at end of string");
      bytes.push(text[at + 1] ?? 0);
      at += 2;
    } else if (inBlock) {
      bytes.push(readHexByte(text, at));
      at += text[at + 2] === BLANK ? 3 : 2;
    } else bytes.push(text[at++] ?? 0);
    if (bytes.length > PATTERN_MAX) throw new UsageError(`STRING too long "${given}"`);
  }
  return Uint8Array.from(bytes);
}

/** Two digits, after which the block must go on or end. */
function readHexByte(text: Uint8Array, at: number): number {
  if (at + 1 >= text.length) throw new UsageError("Odd number of hex digits");
  if (at + 2 >= text.length) throw new UsageError("Invalid hex block");
  const high = digit(text[at]);
  const low = digit(text[at + 1]);
  if (high === undefined || low === undefined)
    throw new UsageError(`Invalid hex char '${String.fromCharCode(text[high === undefined ? at : at + 1] ?? 0)}'`);
  return high * 16 + low;
}

const isPrintable = (byte: number): boolean => byte >= 0x20 && byte < 0x7f;

/** Must it be shown in hexadecimal? libxt_string.c, is_hex_string. */
export function isHexPattern(bytes: Uint8Array): boolean {
  return !bytes.every(isPrintable) || bytes.at(-1) === BACKSLASH;
}

/** `|0a0d|`, or `"text"` with quotes and backslashes escaped. */
export function printPattern(bytes: Uint8Array): string {
  if (isHexPattern(bytes)) return `"|${Array.from(bytes, byte => byte.toString(16).padStart(2, "0")).join("")}|"`;
  return `"${String.fromCharCode(...bytes).replace(/["\\]/g, "\\$&")}"`;
}
