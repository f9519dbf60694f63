import type { Value } from "./option.ts";
import { UsageError } from "./usage.ts";

/** A number at the start of a text, and what follows it. */
export interface Scanned {
  readonly value: number;
  readonly rest: string;
}

/** No digits beyond these matter: more of them exceed every limit. */
const LONGEST = 64;

/**
 * The number that a text starts with, as libxtables' xtables_strtoui reads it: leading blanks, a plus, then C's decimal, `0x` or `0` octal digits.
 * Undefined without digits, with a minus, or outside `min` to `max`. `08` reads as 0 with the rest `8`.
 */
export function scanUnsigned(text: string, min: number, max: number): Scanned | undefined {
  const plain = plainNumber(text);
  if (plain !== undefined) return min <= plain && plain <= max ? { value: plain, rest: "" } : undefined;
  const head = /^[ \t-\r]*\+?/.exec(text)?.[0].length ?? 0;
  const [digits] = /^(0x[0-9a-f]+|0[0-7]*|[1-9]\d*)/i.exec(text.slice(head)) ?? [];
  if (digits === undefined || digits.length > LONGEST) return undefined;
  const value = Number(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
  return min <= value && value <= max ? { value, rest: text.slice(head + digits.length) } : undefined;
}

/** Digits that are enough for 32 bits. */
const MOST_PLAIN = 10;

/** The number of a text of a few decimal digits and nothing else, as nearly all are; undefined for any other. */
function plainNumber(text: string): number | undefined {
  if (text.length === 0 || text.length > MOST_PLAIN) return undefined;
  let value = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48;
    // A leading zero makes the rest octal.
    if (!(digit >= 0 && digit <= 9) || (i === 1 && value === 0)) return undefined;
    value = value * 10 + digit;
  }
  return value;
}

/** A whole number from `min` to `max` that fills the text, with the sentence of libxtables' xtopt_parse_int for anything else. */
export function parseBounded(
  text: string,
  min: number,
  max: number,
  context: { readonly extension: string; readonly option: string },
): number {
  const scanned = scanUnsigned(text, min, max);
  if (!scanned || scanned.rest !== "")
    throw new UsageError(`${context.extension}: bad value for option "--${context.option}", or out of range (${min}-${max}).`);
  return scanned.value;
}

/** An unsigned number from `min` to `max`, printed in decimal unless `print` says otherwise. */
export const bounded = (min: number, max: number, print: (value: number) => string = String): Value<number> => ({
  shape: "value",
  parse: (text, context) => parseBounded(text, min, max, context),
  print,
});

/** 32 bits, printed in hexadecimal. */
export const bits32: Value<number> = bounded(0, 0xffffffff, value => `0x${value.toString(16)}`);
