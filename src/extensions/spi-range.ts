import { integerRange, printRange, type IntegerRange, type Parsed, type Value } from "../xtables/index.ts";
import { among, invertIf, type Field, type Predicate } from "../predicate/index.ts";

const MAX = 0xffffffff;

/** A range of 32-bit identifiers; one from high to low holds nothing. Kernel: spi_match and id_match of ipt_ah.c, xt_esp.c, ip6t_frag.c. */
export interface SpiTest {
  readonly range: IntegerRange;
  readonly invert: boolean;
}

/** Every number, as where nothing was asked. */
export const ANY_SPI: SpiTest = { range: [0, MAX], invert: false };

/** `low[:high]` in 32 bits. */
export const spiRange: Value<IntegerRange> = integerRange(MAX);

/** The test of an option; `missing` where it does not stand there. */
export function spiTest(parsed: Parsed<IntegerRange> | undefined, missing: SpiTest = ANY_SPI): SpiTest {
  return parsed ? { range: parsed.value, invert: parsed.invert } : missing;
}

/** The field is there and in the range, or there and out of it. */
export function lowerSpi(field: Field, { range, invert }: SpiTest): Predicate {
  return invertIf(invert, among(field, range));
}

const isFull = ([low, high]: IntegerRange): boolean => low === 0 && high === MAX;

/** `! --ahspi 5:7`; nothing for the full range even where it is inverted, as in iptables 1.8.9. */
export function saveSpi(option: string, { range, invert }: SpiTest): readonly string[] {
  return isFull(range) ? [] : [`${invert ? "! " : ""}--${option} ${printRange(range)}`];
}

/** `spi:5`, `spis:!5:7`; empty for the full range that is not inverted. */
export function listSpi(name: string, { range, invert }: SpiTest): string {
  if (isFull(range) && !invert) return "";
  return `${name}${range[0] === range[1] ? "" : "s"}:${invert ? "!" : ""}${printRange(range)}`;
}
