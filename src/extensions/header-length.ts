import { bounded, type Parsed, type Value } from "../xtables/index.ts";

/** Bytes of an extension header, or anything else. */
export interface LengthTest {
  readonly value: number;
  readonly invert: boolean;
}

/** A length in 32 bits; no header is that long. */
export const headerLength: Value<number> = bounded(0, 0xffffffff);

/** The test of an option, if it stands there. */
export function lengthTest(parsed: Parsed<number> | undefined): LengthTest | undefined {
  return parsed && { value: parsed.value, invert: parsed.invert };
}

/** Is the length what the test asks? True without one. */
export function lengthHolds(test: LengthTest | undefined, length: number): boolean {
  return test === undefined || (test.value === length) !== test.invert;
}

/** `! --hbh-len 8` */
export function saveLength(option: string, test: LengthTest | undefined): readonly string[] {
  return test ? [`${test.invert ? "! " : ""}--${option} ${test.value}`] : [];
}

/** `length:!8`; empty without a test. */
export function listLength(test: LengthTest | undefined): string {
  return test ? `length:${test.invert ? "!" : ""}${test.value}` : "";
}
