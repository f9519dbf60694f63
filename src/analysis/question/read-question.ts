import { CT_STATES, hasPorts, PROTOCOL, type CtState } from "../../packet/index.ts";
import type { Family } from "../../predicate/index.ts";
import { flagWord, readFlagTest } from "./flags.ts";
import type { FlagTest, InterfaceSet, Question, QuestionFault, Service } from "./question.ts";
import { readAddresses, readInterfaces } from "./read-addresses.ts";
import { readPorts, readService } from "./read-service.ts";
import { Reader, reading, shown } from "./reader.ts";
import { wordsOf, type Variables, type Word } from "./words.ts";

/**
 * Reads a question: `[packets] [ipv4|ipv6] from SET [port PORTS] to SET [PROTOCOL [PORTS|TYPE]]`, then in any order `in INTERFACES`,
 * `out INTERFACES`, `state STATES`, TCP flags (`syn+ack`), `before nat` or `after nat`. A state or flags make it a question about packets.
 */
export function readQuestion(text: string, variables?: Variables): Question | QuestionFault {
  const words = wordsOf(text, variables);
  if ("message" in words) return words;
  return reading(() => questionOf(new Reader(words, text.length)));
}

function questionOf(reader: Reader): Question {
  const packets = reader.accept("packets");
  if (!packets) reader.accept("sessions");
  const family: Family | undefined = reader.accept("ipv4") ? 4 : reader.accept("ipv6") ? 6 : undefined;
  if (!reader.accept("from")) {
    const word = reader.peek();
    const message = "a question starts with `from`, as in `from 10.0.0.0/8 to self tcp 22`";
    if (word === undefined) reader.refuse(word, message);
    return reader.refuseUnknown(word, message, ["from", "packets", "ipv4", "ipv6"]);
  }
  const from = readAddresses(reader);
  const portWord = reader.peek();
  const sourcePorts = reader.accept("port") || reader.accept("ports") ? readPorts(reader, []) : undefined;
  if (!reader.accept("to")) reader.refuse(reader.peek(), "after the client's addresses comes `to` and the server's", "to");
  const to = readAddresses(reader);
  const service = readService(reader, isClause);
  const clauses = readClauses(reader, service);
  if (sourcePorts !== undefined && service.is !== "any" && !(service.is === "protocols" && service.protocols.every(hasPorts)))
    reader.refuse(portWord, "the protocol has no ports");
  const about = packets || clauses.states !== undefined || clauses.flags !== undefined ? "packets" : "sessions";
  return { about, ...defined({ family, sourcePorts }), from, to, service, ...clauses };
}

/** Without the keys whose value is undefined. */
function defined<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Partial<T>;
}

const CLAUSES: readonly string[] = ["in", "out", "state", "states", "flags", "before", "after"];

/** Does what follows the service start with this word? */
const isClause = (word: Word): boolean => !word.quoted && (CLAUSES.includes(word.text.toLowerCase()) || flagWord(word.text) !== undefined);

interface Clauses {
  readonly in?: InterfaceSet;
  readonly out?: InterfaceSet;
  readonly states?: readonly CtState[];
  readonly flags?: FlagTest;
  readonly nat?: "before" | "after";
}

function readClauses(reader: Reader, service: Service): Clauses {
  let said: Clauses = {};
  for (let word = reader.peek(); word !== undefined; word = reader.peek()) {
    const clause = readClause(reader, word);
    const [key] = Object.keys(clause);
    if (key === "flags" && !isTcp(service)) reader.refuse(word, "TCP flags need the protocol tcp");
    if (key !== undefined && key in said) reader.refuse(word, `${key === "nat" ? "before or after nat" : key} is said twice`);
    said = { ...said, ...clause };
  }
  return said;
}

function readClause(reader: Reader, word: Word): Clauses {
  if (reader.accept("in")) return { in: readInterfaces(reader) };
  if (reader.accept("out")) return { out: readInterfaces(reader) };
  if (reader.accept("state") || reader.accept("states")) return { states: readStates(reader) };
  if (reader.sees("before") || reader.sees("after")) {
    const nat = reader.take("before or after").text.toLowerCase() as "before" | "after";
    if (!reader.accept("nat")) reader.refuse(reader.peek(), `after \`${nat}\` comes \`nat\``, "nat");
    return { nat };
  }
  const flags = reader.accept("flags") ? readFlagTest(reader) : word.quoted ? undefined : flagWord(word.text);
  if (flags === undefined)
    return reader.refuseUnknown(word, `expected in, out, state, flags, before nat or after nat, found ${shown(word.text)}`, CLAUSES);
  if (reader.peek() === word) reader.take("flags");
  return { flags };
}

/** `NEW,RELATED`, in any case of letters. */
export function readStates(reader: Reader): readonly CtState[] {
  const states = [readState(reader)];
  while (reader.accept(",")) states.push(readState(reader));
  return CT_STATES.filter(state => states.includes(state));
}

function readState(reader: Reader): CtState {
  const word = reader.take("a connection state");
  return (
    CT_STATES.find(state => state === word.text.toUpperCase()) ??
    reader.refuseUnknown(word, `${shown(word.text)} is no connection state: ${CT_STATES.join(", ")}`, CT_STATES)
  );
}

const isTcp = (service: Service): boolean => service.is === "protocols" && service.protocols.every(each => each === PROTOCOL.TCP);
