import { scanUnsigned } from "./integers.ts";
import type { Masked } from "./marks.ts";
import type { Value } from "./option.ts";
import { UsageError } from "./usage.ts";
import type { Word } from "./words.ts";

const ALL = 0xffffffff;

/**
 * `value[/mask]` in 32 bits, or a name that a file of iproute2 gives a value; saved by its name where all bits count. libxtables:
 * xtables_parse_mark_mask and xtables_lmap_name2id.
 */
export const mappedMark = (names: readonly Word<number>[]): Value<Masked> => ({
  shape: "value[/mask]|name",
  words: names.map(([name]) => name),
  parse(text, { extension, option }) {
    const named = names.find(([name]) => name === text);
    if (named) return { value: named[1], mask: ALL };
    const value = scanUnsigned(text, 0, ALL);
    if (!value || (value.rest !== "" && !value.rest.startsWith("/")))
      throw new UsageError(`${extension}: could not map name ${text} to an integer value for option "--${option}".`);
    if (value.rest === "") return { value: value.value, mask: ALL };
    const mask = scanUnsigned(value.rest.slice(1), 0, ALL);
    if (!mask) throw new UsageError(`${extension}: bad integer value for option "--${option}", or out of range.`);
    if (mask.rest !== "") throw new UsageError(`${extension}: trailing garbage after value for option "--${option}".`);
    return { value: value.value, mask: mask.value };
  },
  print: masked => printMapped(masked, names),
});

/** `0x5/0x3`, the mask only where it is not all ones; a name instead where one has the value. libxtables: xtables_print_val_mask. */
export function printMapped({ value, mask }: Masked, names: readonly Word<number>[]): string {
  const hex = `0x${value.toString(16)}`;
  if (mask !== ALL) return `${hex}/0x${mask.toString(16)}`;
  return names.find(([, each]) => each === value)?.[0] ?? hex;
}
