import { tooMany } from "./integer-range.ts";
import type { Value } from "./option.ts";
import { UsageError } from "./usage.ts";

/** The highest unsigned 64-bit number. */
export const U64_MAX: bigint = (1n << 64n) - 1n;

/** More digits than a 64-bit number has in any base. */
const LONGEST = 64;

/**
 * The number that a text starts with, up to `max`, and what follows it, as libxtables' xtables_strtoul reads it; undefined without digits, with
 * a minus, or above. The same as scanUnsigned, for numbers beyond 53 bits.
 */
export function scanBig(text: string, max: bigint): { readonly value: bigint; readonly rest: string } | undefined {
  const head = /^[ \t-\r]*\+?/.exec(text)?.[0].length ?? 0;
  const [digits] = /^(0x[0-9a-f]+|0[0-7]*|[1-9]\d*)/i.exec(text.slice(head)) ?? [];
  if (digits === undefined || digits.length > LONGEST) return undefined;
  const value = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
  return value <= max ? { value, rest: text.slice(head + digits.length) } : undefined;
}

/** An unsigned 64-bit number that fills the text. libxtables: xtopt_parse_int. */
export const u64: Value<bigint> = {
  shape: "value",
  parse(text, { extension, option }) {
    const scanned = scanBig(text, U64_MAX);
    if (scanned?.rest !== "") throw new UsageError(`${extension}: bad value for option "--${option}", or out of range (0-${U64_MAX}).`);
    return scanned.value;
  },
  print: String,
};

/** Two 64-bit numbers as they were given, low first; the second is missing where there was no colon or nothing behind it. */
export type BigRange = readonly [low: bigint, high: bigint | undefined];

/** `low[:[high]]`; a missing low end is 0. libxtables: xtopt_parse_mint. */
export const u64Range: Value<BigRange> = {
  shape: "from[:[to]]",
  parse(text, { extension, option }) {
    const parts = text.split(":");
    let rest = text;
    const ends: (bigint | undefined)[] = [];
    for (const part of parts) {
      if (ends.length === 2) throw tooMany(extension, option);
      if (part === "") ends.push(undefined);
      else {
        const scanned = scanBig(part, U64_MAX);
        if (!scanned)
          throw new UsageError(`${extension}: bad value for option "--${option}" near "${rest}", or out of range (0-${U64_MAX}).`);
        if (scanned.rest !== "")
          throw new UsageError(
            `${extension}: Argument to "--${option}" has unexpected characters near "${rest.slice(part.length - scanned.rest.length)}".`,
          );
        ends.push(scanned.value);
      }
      rest = rest.slice(part.length + 1);
    }
    return [ends[0] ?? 0n, ends[1]];
  },
  print: ([low, high]) => (high === undefined ? `${low}` : `${low}:${high}`),
};
