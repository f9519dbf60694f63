import { readFlagTest } from "../question/flags.ts";
import type { QuestionFault } from "../question/question.ts";
import { readAddresses, readInterfaces } from "../question/read-addresses.ts";
import { readStates } from "../question/read-question.ts";
import { readPorts, readService } from "../question/read-service.ts";
import { Reader, reading, shown } from "../question/reader.ts";
import { wordsOf, type Variables, type Word } from "../question/words.ts";
import { ENDINGS, type Ending, type Invariant, type PacketCondition } from "./invariant.ts";

/**
 * Reads an invariant: `CONDITION implies accept|drop|reject|deny`. A condition is made of `in`, `out`, `src`, `dst`, `sport`, `dport`, `proto`,
 * `state` and `flags`, each with `=` or `!=` and a list as in a question, joined by `and`, `or`, `not` and parentheses; `any` is every packet.
 */
export function readInvariant(text: string, variables?: Variables): Invariant | QuestionFault {
  const words = wordsOf(text, variables);
  if ("message" in words) return words;
  return reading(() => {
    const reader = new Reader(words, text.length);
    const when = readAny(reader, 0);
    if (!reader.accept("implies"))
      reader.refuse(reader.peek(), "after the condition comes `implies` and accept, drop, reject or deny", "implies");
    const implies = readEnding(reader);
    const more = reader.peek();
    if (more) reader.refuse(more, `expected nothing more, found ${shown(more.text)}`);
    return { when, implies };
  });
}

function readEnding(reader: Reader): Ending {
  const word = reader.take("accept, drop, reject or deny");
  const ending = ENDINGS.find(each => each === word.text.toLowerCase());
  return ending ?? reader.refuseUnknown(word, `expected ${ENDINGS.join(", ")}, found ${shown(word.text)}`, ENDINGS);
}

/** Deeper parentheses are refused. */
const DEPTH_MAX = 50;

function readAny(reader: Reader, depth: number): PacketCondition {
  if (depth > DEPTH_MAX) reader.refuse(reader.peek(), `conditions nest ${DEPTH_MAX} deep at most`);
  const parts = [readAll(reader, depth)];
  while (reader.accept("or")) parts.push(readAll(reader, depth));
  return joined("any", parts);
}

function readAll(reader: Reader, depth: number): PacketCondition {
  const parts = [readOne(reader, depth)];
  while (reader.accept("and")) parts.push(readOne(reader, depth));
  return joined("all", parts);
}

const joined = (is: "all" | "any", parts: readonly PacketCondition[]): PacketCondition =>
  parts.length === 1 ? (parts[0] as PacketCondition) : { is, of: parts };

function readOne(reader: Reader, depth: number): PacketCondition {
  if (reader.accept("not") || reader.accept("!")) {
    if (depth > DEPTH_MAX) reader.refuse(reader.peek(), `conditions nest ${DEPTH_MAX} deep at most`);
    return { is: "not", of: readOne(reader, depth + 1) };
  }
  if (reader.accept("(")) {
    const inner = readAny(reader, depth + 1);
    if (!reader.accept(")")) reader.refuse(reader.peek(), "the parenthesis does not end", ")");
    return inner;
  }
  if (reader.sees("any") && !reader.sees("=", 1)) {
    reader.take("any");
    return { is: "all", of: [] };
  }
  return readComparison(reader);
}

function readComparison(reader: Reader): PacketCondition {
  const field = reader.take(`a condition such as \`out != tun0\``);
  const name = field.quoted ? undefined : FIELDS.get(field.text.toLowerCase());
  if (name === undefined)
    return reader.refuseUnknown(field, `expected ${[...FIELDS.keys()].join(", ")}, found ${shown(field.text)}`, [
      ...FIELDS.keys(),
      "not",
      "any",
    ]);
  const invert = reader.accept("!=");
  if (!invert && !reader.accept("=")) reader.refuse(reader.peek(), `after \`${field.text}\` comes = or !=`, "=");
  const test = readTest(reader, name);
  return invert ? { is: "not", of: test } : test;
}

type FieldName = "in" | "out" | "src" | "dst" | "sport" | "dport" | "proto" | "state" | "flags";

const FIELDS: ReadonlyMap<string, FieldName> = new Map<string, FieldName>([
  ["in", "in"],
  ["out", "out"],
  ["src", "src"],
  ["dst", "dst"],
  ["sport", "sport"],
  ["dport", "dport"],
  ["proto", "proto"],
  ["state", "state"],
  ["flags", "flags"],
  ["port", "dport"],
  ["protocol", "proto"],
]);

function readTest(reader: Reader, field: FieldName): PacketCondition {
  switch (field) {
    case "in":
    case "out":
      return { is: "interface", field, among: readInterfaces(reader) };
    case "src":
    case "dst":
      return { is: "address", field, among: readAddresses(reader) };
    case "sport":
    case "dport":
      return { is: "port", field, among: readPorts(reader, []) };
    case "proto": {
      const word = reader.peek();
      const service = readService(reader, endsCondition);
      return word === undefined || endsCondition(word) ? reader.refuse(word, "a protocol is missing") : { is: "service", service };
    }
    case "state":
      return { is: "state", states: readStates(reader) };
    case "flags":
      return { is: "flags", flags: readFlagTest(reader) };
  }
}

const endsCondition = ({ quoted, text }: Word): boolean => !quoted && [")", "and", "or", "implies"].includes(text.toLowerCase());
