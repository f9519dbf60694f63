import { mask4, mask6 } from "../../packet/index.ts";
import type { Family, Scalar } from "../../predicate/index.ts";
import {
  allOnes,
  bounded,
  findWord,
  NO_PREFIX_LENGTH,
  optionName,
  prefixLength,
  someOf,
  UsageError,
  type Given,
  type ReadContext,
  type TargetType,
  type Value,
  type Word,
} from "../../xtables/index.ts";
import { hashMark, type HashRecipe } from "../hash-tuple.ts";

const U16_MAX = 0xffff;
const U32_MAX = 0xffffffff;
const bitsOf = (family: Family): 32 | 128 => (family === 4 ? 32 : 128);

/** Fields that a tuple may name, in the order in which abbreviations are tried; each but `ct` stands for an option. */
type Part = "src-prefix" | "dst-prefix" | "sport-mask" | "dport-mask" | "spi-mask" | "proto-mask" | "ct";
const PARTS: readonly Word<Part>[] = [
  ["src", "src-prefix"],
  ["dst", "dst-prefix"],
  ["sport", "sport-mask"],
  ["dport", "dport-mask"],
  ["spi", "spi-mask"],
  ["proto", "proto-mask"],
  ["ct", "ct"],
];

/** libxt_HMARK.c: hmark_parse. */
const tuple: Value<readonly Part[]> = {
  shape: "src|dst|sport|dport|spi|proto|ct[,...]",
  words: PARTS.map(([name]) => name),
  parse(text) {
    const parts: Part[] = [];
    for (let rest = text; ;) {
      if (rest === "") throw new UsageError('"--hmark-tuple" requires a list of types with no spaces, e.g. src,dst,sport,dport,proto');
      const comma = rest.indexOf(",");
      const part = findWord(PARTS, comma < 0 ? rest : rest.slice(0, comma));
      if (!part) throw new UsageError(`Bad type "${rest}"`);
      parts.push(part[1]);
      if (comma < 0) return parts;
      rest = rest.slice(comma + 1);
    }
  },
  print: parts => parts.join(","),
};

/** A length, or an address as a mask; one with holes counts as all ones. libxtables: xtopt_parse_plenmask. */
const prefix: Value<number> = {
  ...prefixLength,
  parse(text, context) {
    const length = prefixLength.parse(text, context);
    return length === NO_PREFIX_LENGTH ? bitsOf(context.family) : length;
  },
};

const hex =
  (digits: number): ((value: number) => string) =>
  value =>
    `0x${value.toString(16).padStart(digits, "0")}`;
const [u16, u32] = [bounded(0, U16_MAX, hex(4)), bounded(0, U32_MAX, hex(8))];

const spec = {
  "hmark-tuple": { value: tuple, help: "Fields that are hashed, all bits of each." },
  "hmark-src-prefix": { value: prefix, help: "Bits of the source address that are hashed." },
  "hmark-dst-prefix": { value: prefix, help: "Bits of the destination address that are hashed." },
  "hmark-sport-mask": { value: u16, help: "Bits of the source port that are hashed." },
  "hmark-dport-mask": { value: u16, help: "Bits of the destination port that are hashed." },
  "hmark-spi-mask": { value: u32, help: "Bits of the security parameters index that are hashed." },
  "hmark-sport": { value: u16, help: "Bits to set in the source port first." },
  "hmark-dport": { value: u16, help: "Bits to set in the destination port first." },
  "hmark-spi": { value: u32, help: "Bits to set in the security parameters index first." },
  "hmark-proto-mask": { value: bounded(0, U16_MAX, hex(2)), help: "Bits of the protocol that are hashed." },
  "hmark-rnd": { value: u32, help: "Seed of the hash." },
  "hmark-mod": { value: bounded(1, U32_MAX), help: "Number of different marks." },
  "hmark-offset": { value: bounded(0, U32_MAX), help: "The least mark." },
} as const;
const grammar = someOf(spec);

/** Every number that was given, a tuple's parts as the options that they stand for, in the order in which they are saved. */
const NUMBERS = [
  "src-prefix",
  "dst-prefix",
  "sport-mask",
  "dport-mask",
  "spi-mask",
  "sport",
  "dport",
  "spi",
  "proto-mask",
  "rnd",
  "mod",
  "offset",
] as const;
type NumberName = (typeof NUMBERS)[number];
/** One of these says what is hashed. */
const HASHED: readonly NumberName[] = NUMBERS.slice(0, 9);

/** Kernel: struct xt_hmark_info. */
interface Hmark {
  readonly given: Readonly<Partial<Record<NumberName, number>>>;
  readonly fromConnection: boolean;
}

/** All bits of a part that a tuple names. */
function whole(part: Exclude<Part, "ct">, family: Family): number {
  if (part === "src-prefix" || part === "dst-prefix") return bitsOf(family);
  return part === "spi-mask" ? U32_MAX : U16_MAX;
}

/** Which number an option gives. */
const numberOf = (option: string): NumberName | undefined => NUMBERS.find(each => optionName(spec, option) === `hmark-${each}`);

/** A tuple overwrites what was said of its parts before it, and then nothing more may be said of them. */
function fold(given: readonly Given[], context: Omit<ReadContext, "option">): Hmark {
  const numbers: Partial<Record<NumberName, number>> = {};
  let fromConnection = false;
  const at = given.findIndex(({ option }) => optionName(spec, option) === "hmark-tuple");
  const named = at < 0 ? [] : (grammar.parse(given.slice(0, at + 1), context)["hmark-tuple"]?.value ?? []);
  const clash = given.findIndex(({ option }, place) => place > at && named.some(part => part === numberOf(option)));
  const found = grammar.parse(clash < 0 ? given : given.slice(0, clash), context);
  if (clash >= 0) throw new UsageError(`HMARK: option "--hmark-${numberOf(given[clash]?.option ?? "")}" can only be used once.`);
  for (const name of NUMBERS) {
    const value = found[`hmark-${name}`]?.value;
    if (value !== undefined) numbers[name] = value;
  }
  for (const part of named) {
    if (part === "ct") fromConnection = true;
    else numbers[part] = whole(part, context.family);
  }
  return { given: numbers, fromConnection };
}

/** libxt_HMARK.c, hmark_check. */
function checkUse({ given, fromConnection }: Hmark): void {
  if (given.mod === undefined) throw new UsageError("--hmark-mod is mandatory");
  if (given.rnd === undefined) throw new UsageError("--hmark-rnd is mandatory");
  if (!fromConnection && !HASHED.some(name => given[name] !== undefined))
    throw new UsageError("you have to specify --hmark-tuple at least");
  if (given["spi-mask"] !== undefined && (given["sport-mask"] !== undefined || given["dport-mask"] !== undefined))
    throw new UsageError("you cannot use --hmark-spi-mask and --hmark-?port-mask,at the same time");
}

function recipeOf({ given, fromConnection }: Hmark, family: Family): HashRecipe {
  const mask = (length = 0): Scalar => (length === bitsOf(family) ? allOnes(family) : family === 4 ? mask4(length) : mask6(length));
  const pair = (high = 0, low = 0): number => ((high << 16) | low) >>> 0;
  return {
    sourceMask: mask(given["src-prefix"]),
    destinationMask: mask(given["dst-prefix"]),
    portMask: given["spi-mask"] ?? pair(given["sport-mask"], given["dport-mask"]),
    portSet: given.spi ?? pair(given.sport, given.dport),
    protocolMask: given["proto-mask"] ?? 0,
    seed: given.rnd ?? 0,
    modulus: given.mod ?? 1,
    offset: given.offset ?? 0,
    fromConnection,
  };
}

function saved({ given, fromConnection }: Hmark, family: Family): string {
  const words = NUMBERS.flatMap(name => {
    const value = given[name];
    return value === undefined ? [] : [`--hmark-${name} ${spec[`hmark-${name}`].value.print(value, family)}`];
  });
  return [...words, ...(fromConnection ? ["--hmark-tuple ct"] : [])].join(" ");
}

function listing({ given, fromConnection }: Hmark, family: Family): string {
  const words = NUMBERS.slice(0, -2).flatMap(name => {
    const value = given[name];
    if (value === undefined) return [];
    if (!name.endsWith("prefix")) return [`${name} 0x${value.toString(16)}`];
    // ip6tables leaves out the length of a whole address.
    return [`${name} ${value === 128 && family === 6 ? "" : value}`];
  });
  const offset = given.offset === undefined ? "" : ` + 0x${given.offset.toString(16)}`;
  return `${[`HMARK mod ${given.mod}${offset}`, ...(fromConnection ? ["ct,"] : []), ...words].join(" ")} `;
}

/** `-j HMARK`: the packet's mark becomes a hash of its addresses and ports, the same in both directions. Kernel: xt_HMARK.c, hmark_tg_v4 and hmark_tg_v6. */
export const HMARK: TargetType<Hmark> = {
  name: "HMARK",
  help: "Mark the packet with a hash of its addresses and ports.",
  options: {
    options: grammar.options,
    parse(given, context) {
      const info = fold(given, context);
      checkUse(info);
      return info;
    },
    save: saved,
  },
  check: ({ given }) =>
    given.spi !== undefined && (given.sport !== undefined || given.dport !== undefined)
      ? "HMARK target: spi-set and port-set can't be combined"
      : undefined,
  lower(info, { family }) {
    const recipe = recipeOf(info, family);
    return {
      do: "set",
      field: "mark",
      clear: U32_MAX,
      value: { about: `a hash of the ${info.fromConnection ? "connection" : "packet"}`, of: facts => hashMark(facts, recipe) },
    };
  },
  list: (info, _, family) => listing(info, family),
};
