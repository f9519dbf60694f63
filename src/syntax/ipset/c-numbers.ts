import { FAILED, type Failed, type Report } from "./report.ts";

const U64 = 1n << 64n;
/** No number has more digits than this. */
const LONGEST = 80;

/** A number as C's strtoull reads it with base 0, the whole text: blanks, a sign that wraps, `0x`, `0`. "range" beyond 64 bits, undefined for no number. */
export function parseUnsignedLong(text: string): bigint | "range" | undefined {
  const [, sign, digits = ""] = /^[ \t-\r]*([-+]?)([0-9a-fx]+)$/i.exec(text) ?? [];
  if (!/^(0x[0-9a-f]+|0[0-7]*|[1-9]\d*)$/i.test(digits)) return undefined;
  if (digits.length > LONGEST) return "range";
  const value = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits}` : digits);
  if (value >= U64) return "range";
  return sign === "-" && value !== 0n ? U64 - value : value;
}

/** A number from 0 to `max`, with ipset's sentences for anything else; a `doubt` may be taken back. libipset: parse.c, string_to_number_ll. */
export function readNumber(report: Report, text: string, max: bigint, doubt = false): bigint | Failed {
  const value = parseUnsignedLong(text);
  if (typeof value === "bigint" && value <= max) return value;
  const sentence = value === undefined ? `'${text}' is invalid as number` : `'${text}' is out of range 0-${max}`;
  if (!doubt) return report.syntax(sentence);
  report.doubt(`Syntax error: ${sentence}`);
  return FAILED;
}

/** The same as a number of at most 32 bits. */
export function readSmall(report: Report, text: string, max: number, doubt = false): number | Failed {
  const value = readNumber(report, text, BigInt(max), doubt);
  return value === FAILED ? FAILED : Number(value);
}

/** A prefix length. libipset: parse.c, string_to_cidr. */
export function readPrefixLength(report: Report, text: string, min: number, max: number): number | Failed {
  const value = readSmall(report, text, 255);
  if (value === FAILED) return FAILED;
  return value < min || value > max ? report.syntax(`'${text}' is out of range ${min}-${max}`) : value;
}
