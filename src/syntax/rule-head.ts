import type { Family } from "../predicate/index.ts";
import { lowerAddress, type AddressTest, type Condition } from "../ruleset/index.ts";
import type { Memo } from "./memo.ts";
import { parseQuad } from "./quad.ts";
import { MOST_IN_NAME } from "./spoken.ts";

/** An address in a head: its test, and the same as a condition of the rule. */
export interface HeadAddress {
  /** Of its words in the line, with the blank before them. */
  readonly length: number;
  readonly test: AddressTest;
  readonly condition: Condition;
}

/** What nearly every line of saved rules begins with: `-A CHAIN -s ADDRESS -d ADDRESS`, the addresses of IPv4, perhaps missing or inverted. */
export interface RuleHead {
  readonly chain: string;
  readonly source: HeadAddress | undefined;
  readonly destination: HeadAddress | undefined;
  /** Offset of the rest of the line. */
  readonly end: number;
}

/**
 * The head of a rule line from an offset on, where it is spelt as iptables-save spells it; undefined for any other line. An address in
 * any other spelling is left to the rest. `known` has the addresses of the text so far: in real rules most come again.
 */
export function readHead(line: string, from: number, family: Family, known: Memo<HeadAddress>): RuleHead | undefined {
  const start = line.charCodeAt(from) === BLANK ? from + 1 : from;
  if (!line.startsWith("-A ", start)) return undefined;
  let end = start + 3;
  for (; end < line.length && line.charCodeAt(end) !== BLANK; end++) {
    // A quote, a tab or a NUL, which make something else of the word.
    if (line.charCodeAt(end) < BLANK || line.charCodeAt(end) === QUOTE) return undefined;
  }
  const chain = line.slice(start + 3, end);
  if (chain === "" || chain.length > MOST_IN_NAME) return undefined;
  if (family === 6) return { chain, source: undefined, destination: undefined, end };
  const source = addressAt(line, end, "s", known);
  if (source) end += source.length;
  const destination = addressAt(line, end, "d", known);
  if (destination) end += destination.length;
  return { chain, source, destination, end };
}

const BLANK = 32;
const QUOTE = 34;

/** ` -s 10.0.0.0/8` or ` ! -s 10.0.0.0/8` at an offset. */
function addressAt(line: string, at: number, letter: "s" | "d", known: Memo<HeadAddress>): HeadAddress | undefined {
  const invert = line.startsWith(" ! -", at);
  const option = invert ? at + 3 : at + 1;
  if (line[option + 1] !== letter || line[option] !== "-" || line[option + 2] !== " ") return undefined;
  const blank = line.indexOf(" ", option + 3);
  const end = blank < 0 ? line.length : blank;
  const text = line.slice(at + 1, end);
  const before = known.pays ? known.get(text) : undefined;
  if (before) return before;
  const quad = parseQuad(line, option + 3, end);
  // An address that says nothing is no condition.
  if (!quad || quad.mask === 0) return undefined;
  const test = { address: quad.address, mask: quad.mask, invert };
  const address = { length: end - at, test, condition: lowerAddress(letter, test, text.includes("/") ? text : `${text}/32`) };
  if (known.pays) known.set(text, address);
  return address;
}
