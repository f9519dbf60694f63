import { asPrefix, printAddress, printPrefix, type IntervalSet } from "../../packet/index.ts";
import type { Scalar } from "../../predicate/index.ts";
import type { Ranges } from "../witness.ts";

/** Pieces joined with commas; of many the first `limit`, and how many more there are. */
export function listText(pieces: readonly string[], limit: number): string {
  if (pieces.length <= limit) return pieces.join(", ");
  return `${pieces.slice(0, limit).join(", ")} and ${pieces.length - limit} more`;
}

/** One range of numbers: `22`, `8000-8100`. */
export const numberRange = ([low, high]: readonly [Scalar, Scalar]): string => (low === high ? `${low}` : `${low}-${high}`);

/** One range of addresses: `10.0.0.1`, `10.0.0.0/8`, `10.0.0.1-10.0.0.9`. */
export function addressRange([low, high]: readonly [Scalar, Scalar]): string {
  if (low === high) return printAddress(low);
  const prefix = asPrefix([[low, high]] as IntervalSet<Scalar>);
  return prefix ? printPrefix(prefix) : `${printAddress(low)}-${printAddress(high)}`;
}

/** Addresses as text: at most `limit` ranges, then how many more there are. */
export const addressRanges = (ranges: Ranges, limit = 4): string => listText(ranges.map(addressRange), limit);

/** Ports or other numbers as text: at most `limit` ranges, then how many more there are. */
export const numberRanges = (ranges: Ranges, limit = 8): string => listText(ranges.map(numberRange), limit);

/** Text of at most `limit` characters; a longer one ends in an ellipsis, behind a word where there is one not far. */
export function clipped(text: string, limit: number): string {
  const letters = Array.from(text.slice(0, limit * 2 + 2));
  if (letters.length <= limit) return text;
  const kept = letters.slice(0, limit - 1).join("");
  const blank = kept.lastIndexOf(" ");
  return `${blank > limit / 2 ? kept.slice(0, blank) : kept}…`;
}
