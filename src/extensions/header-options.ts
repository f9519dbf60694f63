import { u8 } from "../packet/index.ts";
import type { Facts } from "../predicate/index.ts";
import { scanBig, U64_MAX, UsageError, type Lowered, type Value } from "../xtables/index.ts";
import { lengthHolds, listLength, saveLength, type LengthTest } from "./header-length.ts";
import { headerBroken, headerTest, type HeaderKind } from "./ipv6-header.ts";

/** One option that must stand in its place; without a length any will do. */
export interface OptionTest {
  readonly type: number;
  readonly length: number | undefined;
}

/** What hbh and dst ask, alike but for their names. Kernel: struct ip6t_opts. */
export interface OptionsTest {
  readonly length: LengthTest | undefined;
  readonly options: readonly OptionTest[] | undefined;
}

/** Kernel: IP6T_OPTS_OPTSNR. */
const MOST_OPTIONS = 16;
/** The length that stands for none. */
const NO_LENGTH = 0xff;

/** A number as strtoul reads it, of which eight bits count. */
function readByte(text: string, what: "opt" | "length", extension: string): number {
  const digits = /^[ \t-\r]*([+-]?)(0x[0-9a-f]+|0[0-7]*|[1-9]\d*)/i.exec(text);
  if (!digits) throw new UsageError(`${extension}: no valid digits in ${what} \`${text}'`);
  const [whole, sign, number = ""] = digits;
  const value = scanBig(number, U64_MAX)?.value;
  if (value === undefined) throw new UsageError(`${what} \`${text}' specified too big: would overflow`);
  if (whole.length !== text.length) throw new UsageError(`${extension}: error parsing ${what} \`${text}'`);
  return Number(BigInt.asUintN(8, sign === "-" ? -value : value));
}

/** `type[:length]` up to sixteen times. */
export const optionList: Value<readonly OptionTest[]> = {
  shape: "type[:length][,type[:length]]",
  parse(text, { extension }) {
    const words = text.split(",", MOST_OPTIONS + 1);
    const tests = words.slice(0, MOST_OPTIONS).map((word, i): OptionTest => {
      const colon = word.indexOf(":");
      if (colon >= 0 && i === MOST_OPTIONS - 1) throw new UsageError("too many ports specified");
      const type = readByte(colon < 0 ? word : word.slice(0, colon), "opt", extension);
      if (colon < 0) return { type, length: undefined };
      if (type === 0) throw new UsageError(extension === "dst" ? "PAD0 hasn't got length" : "PAD0 has not got length");
      const length = readByte(word.slice(colon + 1), "length", extension);
      return { type, length: length === NO_LENGTH ? undefined : length };
    });
    if (words.length > MOST_OPTIONS) throw new UsageError("too many addresses specified");
    return tests;
  },
  print: tests => tests.map(({ type, length }) => (length === undefined ? `${type}` : `${type}:${length}`)).join(","),
};

/**
 * Do the options of the header at `at` begin with these? The last of them may reach beyond the header. Kernel: ip6t_hbh.c, hbh_mt6, where a
 * byte that says it is not there ends the search.
 */
function optionsHold(tests: readonly OptionTest[], { bytes, end }: Facts, at: number, length: number): boolean {
  let place = at + 2;
  let left = length - 2;
  for (const [i, test] of tests.entries()) {
    if (left < 1 || u8(bytes, place) !== test.type) return false;
    let size = 1;
    if (test.type !== 0) {
      if (left < 2) return false;
      const found = u8(bytes, place + 1);
      if (test.length !== undefined && test.length !== found) return false;
      size = found + 2;
    }
    const isLast = i === tests.length - 1;
    if ((place > end - size || left < size) && !isLast) return false;
    place += size;
    left -= size;
  }
  return true;
}

/** The options of a header of this name, as they are saved. */
export function saveOptions(name: string, { length, options }: OptionsTest): string {
  return [...saveLength(`${name}-len`, length), ...(options ? [`--${name}-opts ${optionList.print(options, 6)}`] : [])].join(" ");
}

/** `hbh length:8 opts 5:2,1` */
export function listOptions(name: string, { length, options }: OptionsTest): string {
  return [name, listLength(length), options ? `opts ${optionList.print(options, 6)}` : ""].filter(Boolean).join(" ");
}

/** Kernel: ip6t_hbh.c, hbh_mt6, which serves both and drops a packet whose headers are cut. */
export function lowerOptions(kind: HeaderKind, test: OptionsTest): Lowered {
  const predicate = headerTest(kind, listOptions(kind.name, test), (facts, at) => {
    const length = (u8(facts.bytes, at + 1) + 1) * 8;
    return lengthHolds(test.length, length) && (!test.options || optionsHold(test.options, facts, at, length));
  });
  return { predicate, hotdrop: headerBroken(kind) };
}
