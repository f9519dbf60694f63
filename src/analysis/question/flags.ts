import { TCP_FLAG } from "../../packet/index.ts";
import type { FlagTest } from "./question.ts";
import { shown, type Reader } from "./reader.ts";

const { FIN, SYN, RST, PSH, ACK, URG, ECE, CWR } = TCP_FLAG;

/** In the order in which they are written, as the packet notation has it. */
const WORDS: readonly (readonly [string, number])[] = [
  ["fin", FIN],
  ["syn", SYN],
  ["rst", RST],
  ["psh", PSH],
  ["urg", URG],
  ["ece", ECE],
  ["cwr", CWR],
  ["ack", ACK],
];

/** The flags that say what a segment is for; the others are looked at only where they are named. */
const TELLING = FIN | SYN | RST | ACK;
/** What `none` looks at: the flags of RFC 793. */
const CLASSIC = TELLING | PSH | URG;

/**
 * `syn+ack`: these flags set, and of FIN, SYN, RST and ACK no others; `none`: none of the six. With a slash, the flags that are looked at follow,
 * as in `syn/syn+rst`. Undefined for anything else.
 */
export function flagWord(text: string): FlagTest | undefined {
  const lower = text.toLowerCase();
  const slash = lower.indexOf("/");
  const value = bitsOf(slash < 0 ? lower : lower.slice(0, slash));
  if (value === undefined) return undefined;
  if (slash < 0) return { value, mask: value === 0 ? CLASSIC : TELLING | value };
  const mask = bitsOf(lower.slice(slash + 1));
  return mask === undefined || (value & ~mask) !== 0 ? undefined : { value, mask };
}

function bitsOf(text: string): number | undefined {
  if (text === "none") return 0;
  let bits = 0;
  for (const part of text.split("+")) {
    const bit = WORDS.find(([name]) => name === part)?.[1];
    if (bit === undefined) return undefined;
    bits |= bit;
  }
  return bits;
}

/** The flags after the word `flags`. */
export function readFlagTest(reader: Reader): FlagTest {
  const word = reader.take("TCP flags such as syn+ack");
  return flagWord(word.text) ?? reader.refuse(word, `${shown(word.text)} are no TCP flags: expected such as syn+ack, none or syn/syn+rst`);
}

/** The text that flagWord reads back. */
export function printFlagTest({ value, mask }: FlagTest): string {
  const implied = value === 0 ? CLASSIC : TELLING | value;
  return mask === implied ? namesOf(value) : `${namesOf(value)}/${namesOf(mask)}`;
}

function namesOf(bits: number): string {
  return (
    WORDS.filter(([, bit]) => (bits & bit) !== 0)
      .map(([name]) => name)
      .join("+") || "none"
  );
}
