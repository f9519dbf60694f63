import { DSCP_CLASSES, TOS_NAMES } from "../packet/index.ts";
import { scanUnsigned } from "./integers.ts";
import type { Masked } from "./marks.ts";
import type { Value } from "./option.ts";
import { UsageError } from "./usage.ts";
import { exactWord } from "./words.ts";

/** The mask that a symbolic TOS name means: all bits but two. */
export const TOS_NAME_MASK = 0x3f;

/** A byte of bits as iptables prints it: `0x0a`. */
export function hexByte(value: number): string {
  return `0x${value.toString(16).padStart(2, "0")}`;
}

/** `value[/mask]` in 8 bits, or a symbolic name in any case. libxtables: xtopt_parse_tosmask. */
export const tosMask: Value<Masked> = {
  shape: "value[/mask]|symbol",
  words: TOS_NAMES.map(([name]) => name),
  parse(text) {
    const value = scanUnsigned(text, 0, 0xff);
    if (!value) {
      const named = exactWord(TOS_NAMES, text);
      if (!named) throw new UsageError(`Symbolic name "${text}" is unknown`);
      return { value: named[1], mask: TOS_NAME_MASK };
    }
    const mask = value.rest.startsWith("/") ? scanUnsigned(value.rest.slice(1), 0, 0xff) : { value: 0xff, rest: value.rest };
    if (!mask || mask.rest !== "") throw new UsageError(`Illegal value: "${text}"`);
    return { value: value.value, mask: mask.value };
  },
  print: ({ value, mask }) => `${hexByte(value)}/${hexByte(mask)}`,
};

/** The symbolic name of a value and mask, where it has one. */
export function tosName({ value, mask }: Masked): string | undefined {
  return mask === TOS_NAME_MASK ? TOS_NAMES.find(([, tos]) => tos === value)?.[0] : undefined;
}

/** A DiffServ class in any case, as its 6-bit code point; what follows the name counts for nothing, as in dscp_helper.c. */
export const dscpClass: Value<number> = {
  shape: "class",
  words: DSCP_CLASSES.map(([name]) => name),
  parse(text) {
    const found = DSCP_CLASSES.find(([name]) => text.toLowerCase().startsWith(name.toLowerCase()));
    if (!found) throw new UsageError(`Invalid DSCP value \`${text}'`);
    return found[1];
  },
  print: hexByte,
};
