import type { Family } from "../predicate/index.ts";
import { protocolNumber } from "../packet/index.ts";
import type { Line } from "./lines.ts";
import { debianNetwork } from "./print-list-hosts.ts";
import { ListText } from "./read-list-text.ts";
import { readTexts, type Unread } from "./read-list-texts.ts";
import type { Word } from "./words.ts";

/** Which columns a listing has, by the line above its rules. */
export interface Columns {
  readonly numbered: boolean;
  /** Counters and interfaces: made with -v. */
  readonly verbose: boolean;
}

/** A listed rule as words for the rule parser. */
export interface ListedRow {
  readonly number: number | undefined;
  readonly counters: { readonly packets: string; readonly bytes: string } | undefined;
  /** A counter had a K, M, G or T. */
  readonly rounded: boolean;
  /** By its addresses; undefined where they are names. */
  readonly family: Family | undefined;
  /** The tests, header and matches, without the command and the target. */
  readonly tests: readonly Word[];
  /** -j or -g with its options; empty for a rule that only counts. */
  readonly jump: readonly Word[];
  readonly target: Word | undefined;
  /** Text that no known extension says. */
  readonly unread: readonly Unread[];
  /** What its text does not say, as sentences. */
  readonly losses: readonly string[];
}

const COLUMNS = /^\s*(num\s+)?(pkts\s+bytes\s+)?target\s+prot\s+opt\s+(in\s+out\s+)?source\s+destination\s*$/;
const MOST_COLUMN_LINE = 200;

/** The columns when the line is the one that names them; undefined for any other line. */
export function columnsOf(line: string): Columns | undefined {
  if (line.length > MOST_COLUMN_LINE) return undefined;
  const found = COLUMNS.exec(line);
  if (!found || (found[2] === undefined) !== (found[3] === undefined)) return undefined;
  return { numbered: found[1] !== undefined, verbose: found[2] !== undefined };
}

const OPT = /^(?:--|-f|!f)$/;
const COUNT = /^(\d{1,20})([KMGT]?)$/;
const PROTOCOL = /^!?[a-z0-9][\w.+-]{0,40}$/i;
const ADDRESS = /^!?[\w.:-]{1,255}(?:\/[\w.:]{1,64})?$/;
/** Words before the texts: number, counters, target, protocol, opt, interfaces, addresses. */
const MOST_COLUMNS = 10;
const ZEROS = { "": "", K: "000", M: "000000", G: "000000000", T: "000000000000" } as const;

/** Reads one row of a listing; undefined when the line is none. */
export function readRow({ text: line, number: lineNumber }: Line, { numbered, verbose }: Columns): ListedRow | undefined {
  const words = firstWords(line);
  let i = 0;
  const number = numbered ? words[i++]?.text : undefined;
  if (numbered && !/^\d{1,9}$/.test(number ?? "")) return undefined;
  const packets = verbose ? counter(words[i++]) : undefined;
  const bytes = verbose ? counter(words[i++]) : undefined;
  if (verbose && (!packets || !bytes)) return undefined;
  const shape = shapeOf(words, i, verbose);
  if (!shape) return undefined;
  const { target, protocol, opt, next } = shape;
  const [iif, oif] = verbose ? [words[next], words[next + 1]] : [];
  const [source, destination] = words.slice(next + (verbose ? 2 : 0));
  if (!source || !destination || !ADDRESS.test(source.text) || !ADDRESS.test(destination.text) || (verbose && (!iif || !oif)))
    return undefined;
  const text = new ListText(line, destination.endColumn - 1, lineNumber);
  text.skipBlanks();
  const goto = text.take("[goto]");
  const texts = readTexts(text, { target, protocol: numberOf(protocol) });
  return {
    number: number === undefined ? undefined : Number(number),
    counters: packets && bytes && { packets: packets.text, bytes: bytes.text },
    rounded: Boolean(packets?.rounded || bytes?.rounded),
    family: [source, destination].some(({ text: address }) => IPV6.test(address))
      ? 6
      : [source, destination].some(({ text: address }) => IPV4.test(address))
        ? 4
        : undefined,
    tests: [
      ...addressWords("-s", source),
      ...addressWords("-d", destination),
      ...interfaceWords("-i", iif),
      ...interfaceWords("-o", oif),
      ...protocolWords(protocol),
      ...(opt?.text === "-f"
        ? [{ ...opt, text: "-f" }]
        : opt?.text === "!f"
          ? [
              { ...opt, text: "!" },
              { ...opt, text: "-f" },
            ]
          : []),
      ...texts.matches,
    ],
    jump: target && goto ? [{ ...target, text: "-g" }, target] : texts.jump,
    target,
    unread: texts.unread,
    losses: texts.losses,
  };
}

function firstWords(line: string): Word[] {
  const words: Word[] = [];
  const token = /\S+/g;
  for (let found = token.exec(line); found && words.length < MOST_COLUMNS; found = token.exec(line)) {
    words.push({ text: found[0], column: found.index + 1, endColumn: found.index + 1 + found[0].length, quoted: false });
  }
  return words;
}

function counter(word: Word | undefined): { readonly text: string; readonly rounded: boolean } | undefined {
  const found = COUNT.exec(word?.text ?? "");
  if (!found) return undefined;
  const suffix = (found[2] ?? "") as keyof typeof ZEROS;
  return { text: `${found[1]}${ZEROS[suffix]}`, rounded: suffix !== "" };
}

interface Shape {
  readonly target: Word | undefined;
  readonly protocol: Word;
  /** Missing where ip6tables of old leaves the column blank. */
  readonly opt: Word | undefined;
  /** Index of the word after opt. */
  readonly next: number;
}

/** Finds target, protocol and opt from word `i` on: the target may be missing, and opt stick to a long protocol name or be blank. */
function shapeOf(words: readonly Word[], i: number, verbose: boolean): Shape | undefined {
  const [a, b, c] = words.slice(i);
  if (!a || !b) return undefined;
  if (OPT.test(b.text)) return protocolAt({ target: undefined, protocol: a, opt: b, next: i + 2 });
  if (c && OPT.test(c.text)) return protocolAt({ target: a, protocol: b, opt: c, next: i + 3 });
  for (const [target, protocol, next] of [
    [a, b, i + 2],
    [undefined, a, i + 1],
  ] as const) {
    const glued = /^(.{2,})(--|-f|!f)$/.exec(protocol.text);
    if (glued) {
      const [, name = "", opt = ""] = glued;
      const cut = protocol.column + name.length;
      return protocolAt({
        target,
        protocol: { ...protocol, text: name, endColumn: cut },
        opt: { ...protocol, text: opt, column: cut },
        next,
      });
    }
  }
  const addresses = verbose ? 2 : 0;
  for (const [target, protocol, next] of [
    [a, b, i + 2],
    [undefined, a, i + 1],
  ] as const) {
    const [source, destination] = words.slice(next + addresses);
    if (source && destination && isAddress6(source) && isAddress6(destination))
      return protocolAt({ target, protocol, opt: undefined, next });
  }
  return undefined;
}

const IPV6 = /^!?[0-9a-f.]*:[0-9a-f.:]*(?:\/[0-9a-f.:]+)?$/i;
const IPV4 = /^!?\d{1,3}(?:\.\d{1,3}){3}(?:\/[\d.]+)?$/;
const isAddress6 = ({ text }: Word): boolean => IPV6.test(text) || /^!?anywhere$/.test(text);

const protocolAt = (shape: Shape): Shape | undefined => (PROTOCOL.test(shape.protocol.text) ? shape : undefined);

/** An option and its value; a value behind `!` is inverted. */
function optionWords(option: string, word: Word, value: string): Word[] {
  const words = [
    { ...word, text: option },
    { ...word, text: value },
  ];
  return word.text.startsWith("!") ? [{ ...word, text: "!" }, ...words] : words;
}

const plain = ({ text }: Word): string => (text.startsWith("!") ? text.slice(1) : text);

function addressWords(option: string, word: Word): Word[] {
  const text = plain(word);
  const nowhere = text === "anywhere" || text === "0.0.0.0/0" || text === "::/0";
  if (nowhere) return text === word.text ? [] : optionWords(option, word, text === "anywhere" ? "any/0" : text);
  const slash = text.indexOf("/");
  const network = debianNetwork(slash < 0 ? text : text.slice(0, slash));
  return optionWords(option, word, network === undefined ? text : network + (slash < 0 ? "" : text.slice(slash)));
}

function interfaceWords(option: string, word: Word | undefined): Word[] {
  if (!word || word.text === "*" || word.text === "any") return [];
  return optionWords(option, word, plain(word));
}

/** The protocol's number; 0 for all, for a negation and for a name that nobody knows. */
function numberOf({ text }: Word): number {
  return /^\d{1,3}$/.test(text) ? Number(text) : (protocolNumber(text) ?? 0);
}

function protocolWords(word: Word): Word[] {
  return word.text === "all" || word.text === "0" ? [] : optionWords("-p", word, plain(word));
}
