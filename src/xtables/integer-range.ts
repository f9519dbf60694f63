import { scanUnsigned } from "./integers.ts";
import type { ReadContext, Value } from "./option.ts";
import { UsageError } from "./usage.ts";

/** Two numbers as they were given; the first may be above the second, and such a range holds nothing. */
export type IntegerRange = readonly [low: number, high: number];

/**
 * `low[:high]` up to `max`; a missing end is 0 or `max`, and no text at all is 0. Throws UsageError with the sentences of
 * libxtables' xtopt_parse_mint.
 */
export const integerRange = (max: number): Value<IntegerRange> => ({
  shape: "value[:value]",
  parse: (text, context) => readRange(text, max, context),
  print: printRange,
});

/** `5`, or `5:10`. */
export function printRange([low, high]: IntegerRange): string {
  return low === high ? `${low}` : `${low}:${high}`;
}

function readRange(text: string, max: number, { extension, option }: ReadContext): IntegerRange {
  const first = readEnd(text, 0, max, extension, option);
  if (first.rest === "") return [first.value, first.value];
  const second = readEnd(first.rest.slice(1), max, max, extension, option);
  if (second.rest !== "") throw tooMany(extension, option);
  return [first.value, second.value];
}

/** One end of a range; what follows it is empty or starts with a colon. */
function readEnd(text: string, missing: number, max: number, extension: string, option: string): { value: number; rest: string } {
  if (text === "" || text.startsWith(":")) return { value: missing, rest: text };
  const scanned = scanUnsigned(text, 0, max);
  if (!scanned) throw new UsageError(`${extension}: bad value for option "--${option}" near "${text}", or out of range (0-${max}).`);
  if (scanned.rest !== "" && !scanned.rest.startsWith(":"))
    throw new UsageError(`${extension}: Argument to "--${option}" has unexpected characters near "${scanned.rest}".`);
  return scanned;
}

/** More than two ends. */
export const tooMany = (extension: string, option: string): UsageError =>
  new UsageError(`${extension}: Too many components for option "--${option}" (max: 2)`);
