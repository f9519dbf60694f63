import { scanUnsigned } from "./integers.ts";
import type { Value } from "./option.ts";
import { UsageError } from "./usage.ts";

/** A value and the mask that it is set under. */
export interface Masked {
  readonly value: number;
  readonly mask: number;
}

/** `value[/mask]` in 32 bits; the mask defaults to all ones and is always printed. libxtables: xtopt_parse_markmask. */
export const markMask: Value<Masked> = {
  shape: "value[/mask]",
  parse(text, { extension, option }) {
    const bad = (): UsageError => new UsageError(`${extension}: bad integer value for option "--${option}", or out of range.`);
    const value = scanUnsigned(text, 0, 0xffffffff);
    if (!value) throw bad();
    const mask = value.rest.startsWith("/") ? scanUnsigned(value.rest.slice(1), 0, 0xffffffff) : { value: 0xffffffff, rest: value.rest };
    if (!mask) throw bad();
    if (mask.rest !== "") throw new UsageError(`${extension}: trailing garbage after value for option "--${option}".`);
    return { value: value.value, mask: mask.value };
  },
  print: printMasked,
};

/** `0x1/0xff` */
export function printMasked({ value, mask }: Masked): string {
  return `0x${value.toString(16)}/0x${mask.toString(16)}`;
}

/** How a listing puts `(mark & ~mask) ^ value`: the first of and, or, xor, set, xset that says it. */
export function markOperation({ value, mask }: Masked): string {
  if (value === 0) return `and ${hex(~mask)}`;
  if (value === mask) return `or ${hex(value)}`;
  if (mask === 0) return `xor ${hex(value)}`;
  if (mask === 0xffffffff) return `set ${hex(value)}`;
  return `xset ${hex(value)}/${hex(mask)}`;
}

const hex = (n: number): string => `0x${(n >>> 0).toString(16)}`;
