import {
  bits32,
  markMask,
  markOperation,
  printMasked,
  someOf,
  UsageError,
  type Masked,
  type Options,
  type TargetType,
} from "../../xtables/index.ts";

const OTHERS = ["set-xmark", "set-mark", "and-mark", "or-mark", "xor-mark"];
const others = (name: string): readonly string[] => OTHERS.filter(other => other !== name);

const spec = {
  "set-xmark": { value: markMask, excludes: others("set-xmark"), help: "Clear the bits of the mask, then flip those of the value." },
  "set-mark": { value: markMask, excludes: others("set-mark"), help: "Clear the bits of the mask, then set those of the value." },
  "and-mark": { value: bits32, excludes: others("and-mark"), help: "Keep only these bits." },
  "or-mark": { value: bits32, excludes: others("or-mark"), help: "Set these bits." },
  "xor-mark": { value: bits32, excludes: others("xor-mark"), help: "Flip these bits." },
} as const;
const grammar = someOf(spec);

/** The mark becomes `(mark & ~mask) ^ value`: what every option comes to. */
function masked(found: Options<typeof spec>): Masked | undefined {
  if (found["set-xmark"]) return found["set-xmark"].value;
  if (found["set-mark"]) {
    const { value, mask } = found["set-mark"].value;
    return { value, mask: (value | mask) >>> 0 };
  }
  if (found["and-mark"]) return { value: 0, mask: ~found["and-mark"].value >>> 0 };
  if (found["or-mark"]) return { value: found["or-mark"].value, mask: found["or-mark"].value };
  return found["xor-mark"] && { value: found["xor-mark"].value, mask: 0 };
}

/** `-j MARK`: sets the packet's mark. Kernel: xt_mark.c, mark_tg. */
export const MARK: TargetType<Masked> = {
  name: "MARK",
  help: "Set the packet's mark.",
  options: {
    options: grammar.options,
    parse(given, context) {
      const info = masked(grammar.parse(given, context));
      if (!info) throw new UsageError("MARK: One of the --set-xmark, --{and,or,xor,set}-mark options is required");
      return info;
    },
    save: info => `--set-xmark ${printMasked(info)}`,
  },
  lower: ({ value, mask }) => ({ do: "set", field: "mark", clear: mask, value }),
  list: info => `MARK ${markOperation(info)}`,
};
