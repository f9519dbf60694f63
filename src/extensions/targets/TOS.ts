import { TOS_NAMES } from "../../packet/index.ts";
import { bounded, scanUnsigned, someOf, UsageError, type Masked, type Options, type TargetType, type Value } from "../../xtables/index.ts";

/** Names set all bits but the two of ECN. */
const NAMED_MASK = 0x3f;

const tosMask: Value<Masked> = {
  shape: "value[/mask]|symbol",
  words: TOS_NAMES.map(([name]) => name),
  parse(text) {
    const value = scanUnsigned(text, 0, 0xff);
    if (!value) {
      const named = TOS_NAMES.find(([name]) => name.toLowerCase() === text.toLowerCase());
      if (!named) throw new UsageError(`Symbolic name "${text}" is unknown`);
      return { value: named[1], mask: NAMED_MASK };
    }
    const mask = value.rest.startsWith("/") ? scanUnsigned(value.rest.slice(1), 0, 0xff) : { value: 0xff, rest: value.rest };
    if (!mask || mask.rest !== "") throw new UsageError(`Illegal value: "${text}"`);
    return { value: value.value, mask: mask.value };
  },
  print: print,
};
const bits8 = bounded(0, 0xff, hex);

const OTHERS = ["set-tos", "and-tos", "or-tos", "xor-tos"];
const others = (name: string): readonly string[] => OTHERS.filter(other => other !== name);
const spec = {
  "set-tos": { value: tosMask, excludes: others("set-tos"), help: "Clear the bits of the mask, then flip those of the value." },
  "and-tos": { value: bits8, excludes: others("and-tos"), help: "Keep only these bits." },
  "or-tos": { value: bits8, excludes: others("or-tos"), help: "Set these bits." },
  "xor-tos": { value: bits8, excludes: others("xor-tos"), help: "Flip these bits." },
} as const;
const grammar = someOf(spec);

/** The byte becomes `(tos & ~mask) ^ value`: what every option comes to. */
function masked(found: Options<typeof spec>): Masked | undefined {
  if (found["set-tos"]) return found["set-tos"].value;
  if (found["and-tos"]) return { value: 0, mask: ~found["and-tos"].value & 0xff };
  if (found["or-tos"]) return { value: found["or-tos"].value, mask: found["or-tos"].value };
  return found["xor-tos"] && { value: found["xor-tos"].value, mask: 0 };
}

function hex(value: number): string {
  return `0x${value.toString(16).padStart(2, "0")}`;
}

function print({ value, mask }: Masked): string {
  return `${hex(value)}/${hex(mask)}`;
}

function listing({ value, mask }: Masked, numeric: boolean): string {
  if (numeric) return `set ${print({ value, mask })}`;
  const named = mask === NAMED_MASK ? TOS_NAMES.find(([, tos]) => tos === value) : undefined;
  if (named) return `set${named[0]}`;
  if (value === 0) return `and ${hex(~mask & 0xff)}`;
  if (value === mask) return `or ${hex(value)}`;
  if (mask === 0) return `xor ${hex(value)}`;
  return `set ${print({ value, mask })}`;
}

/** `-j TOS`: sets the type-of-service byte, or traffic class. Kernel: xt_DSCP.c, tos_tg and tos_tg6. */
export const TOS: TargetType<Masked> = {
  name: "TOS",
  help: "Set the type of service, or traffic class.",
  tables: ["mangle"],
  options: {
    options: grammar.options,
    parse(given, context) {
      const info = masked(grammar.parse(given, context));
      if (!info) throw new UsageError("TOS: An action is required");
      return info;
    },
    save: info => `--set-tos ${print(info)}`,
  },
  lower: ({ value, mask }) => ({ do: "set", field: "tos", clear: mask, value }),
  list: (info, { numeric }) => `TOS ${listing(info, numeric)}`,
};
