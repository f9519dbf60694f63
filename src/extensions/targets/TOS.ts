import { bounded, hexByte, someOf, tosMask, tosName, UsageError, type Masked, type Options, type TargetType } from "../../xtables/index.ts";

const bits8 = bounded(0, 0xff, hexByte);

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

const print = ({ value, mask }: Masked): string => `${hexByte(value)}/${hexByte(mask)}`;

function listing({ value, mask }: Masked, numeric: boolean): string {
  if (numeric) return `set ${print({ value, mask })}`;
  const name = tosName({ value, mask });
  if (name !== undefined) return `set${name}`;
  if (value === 0) return `and ${hexByte(~mask & 0xff)}`;
  if (value === mask) return `or ${hexByte(value)}`;
  if (mask === 0) return `xor ${hexByte(value)}`;
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
  // iptables starts a name with one blank more.
  list: (info, { numeric }) => `${numeric || tosName(info) === undefined ? "" : " "}TOS ${listing(info, numeric)}`,
};
