import { UsageError } from "../xtables/index.ts";
import { UnsupportedExtension } from "./fault.ts";
import { findOption } from "./find-option.ts";
import { GLOBAL_SHORT } from "./global-options.ts";
import { ownOption } from "./own-option.ts";
import { badArgument, earlierFault, unknownOption } from "./scan-faults.ts";
import { Scanning } from "./scanning.ts";
import { emptyScan, type Loaded, type Scan, type ScanContext } from "./spoken.ts";
import type { Word } from "./words.ts";

const TAKES_WHOLE_WORD = "sdpioj";

/**
 * One line's words, read as iptables' getopt_long loop does: its own options and those of the extensions loaded so far, newest first; long
 * ones may be abbreviated while only one option fits; `-p tcp` loads the match of that name when an option is otherwise unknown; `!` stands
 * before the option. iptables: xshared.c, do_parse and command_default. Throws UsageError; what was read until then stands in `scan`.
 */
export function scanWords(words: readonly Word[], context: ScanContext, scan: Scan = emptyScan()): Scan {
  try {
    scanAll(new Scanning(words, context, scan));
  } catch (fault) {
    throw earlierFault(fault, scan, context) ?? fault;
  }
  return scan;
}

function scanAll(scanning: Scanning): void {
  for (let word = scanning.words[scanning.at]; word; word = scanning.words[scanning.at]) {
    scanning.at++;
    if (word.text === "--") {
      if (scanning.at < scanning.words.length) scanning.late("unknown arguments found on commandline", scanning.words[scanning.at] ?? word);
      break;
    }
    if (word.text === "!") {
      if (scanning.bang) throw scanning.error("multiple consecutive ! not allowed", word);
      scanning.bang = word;
      continue;
    }
    if (word.text.startsWith("--")) longOption(scanning, word);
    else if (word.text.startsWith("-") && word.text.length > 1) cluster(scanning, word);
    else throw badArgument(scanning.words, scanning.at - 1, scanning.context.line);
    scanning.bang = undefined;
  }
  if (scanning.bang && !scanning.scan.late) scanning.late("nothing appropriate following !", scanning.bang);
}

/** `-x`, `-xyz`, `-xVALUE`. */
function cluster(scanning: Scanning, word: Word): void {
  for (let i = 1; i < word.text.length; i++) {
    const letter = word.text[i] ?? "";
    const takes = GLOBAL_SHORT.get(letter);
    if (takes === undefined) throw unknownLetter(scanning, word, i === word.text.length - 1);
    if (takes === "none") {
      ownOption(scanning, letter, undefined, word, word);
      if (scanning.scan.stop) return;
      continue;
    }
    const glued = word.text.slice(i + 1);
    valued(scanning, letter, takes, glued === "" ? undefined : glued, word);
    return;
  }
}

/** Before the last letter of a cluster, getopt has not gone on yet, and iptables names the word before it. */
function unknownLetter(scanning: Scanning, word: Word, last: boolean): UsageError {
  const fault = unknownOption(word, scanning.loaded, scanning.scan, scanning.context);
  const { called } = scanning.context;
  if (last || fault instanceof UnsupportedExtension || called === undefined) return fault;
  const { message, span, guess } = fault;
  const before = scanning.words[scanning.at - 2]?.text ?? called;
  // iptables has emptied a `!` that it read.
  return new UsageError(
    message.replace(`"${word.text}"`, () => `"${before === "!" ? "" : before}"`),
    { span, guess },
  );
}

function longOption(scanning: Scanning, word: Word): void {
  const equals = word.text.indexOf("=");
  const name = equals < 0 ? word.text.slice(2) : word.text.slice(2, equals);
  const glued = equals < 0 ? undefined : word.text.slice(equals + 1);
  const found = findOption(name, scanning.loaded);
  if (found === undefined) {
    if (scanning.loadProtocol()) return longOption(scanning, word);
    if (keptUnknown(scanning, word)) return;
    throw unknownOption(word, scanning.loaded, scanning.scan, scanning.context);
  }
  if ("letter" in found) {
    if (found.takes !== "none") return valued(scanning, found.letter, found.takes, glued, word);
    if (glued !== undefined) throw unknownOption(word, scanning.loaded, scanning.scan, scanning.context);
    return ownOption(scanning, found.letter, undefined, word, word);
  }
  const { loaded, option } = found;
  if (option.takes === 0) {
    if (glued !== undefined) throw unknownOption(word, scanning.loaded, scanning.scan, scanning.context);
    loaded.given.push({ option: option.word, text: "", invert: scanning.bang !== undefined, span: scanning.span(word, word) });
    return;
  }
  if (option.takes === "optional") return perhapsValued(scanning, loaded, option.name, glued, word);
  let invert = scanning.bang !== undefined;
  let value = glued;
  let last = word;
  if (value === undefined) {
    let next = scanning.take(word, word.text);
    if (scanning.context.oldSyntax && next.text === "!" && !invert) {
      invert = true;
      next = scanning.take(word, word.text);
    }
    value = next.text;
    last = next;
  }
  if (option.takes === 2) {
    // Where there is no second word, the extension itself says so.
    const second = scanning.words[scanning.at];
    if (second && !second.text.startsWith("-") && !second.text.startsWith("!")) {
      scanning.at++;
      value += ` ${second.text}`;
      last = second;
    }
  }
  loaded.given.push({ option: option.word, text: value, invert, span: scanning.span(word, last) });
}

/** An option of an extension whose own parser looks for the value. */
function perhapsValued(scanning: Scanning, loaded: Loaded, option: string, glued: string | undefined, word: Word): void {
  if (glued !== undefined) throw unknownOption(word, scanning.loaded, scanning.scan, scanning.context);
  const value = scanning.bare();
  loaded.given.push({ option, text: value?.text ?? "", invert: scanning.bang !== undefined, span: scanning.span(word, value ?? word) });
}

/** An option of an unknown extension that --lenient keeps: it takes the words up to the next option. */
function keptUnknown(scanning: Scanning, word: Word): boolean {
  if (!scanning.latest || scanning.latest.type) return false;
  if (scanning.bang) scanning.latest.words.push("!");
  scanning.latest.words.push(word.text);
  for (let next = scanning.words[scanning.at]; next && next.text !== "!" && !/^-./.test(next.text); next = scanning.words[scanning.at]) {
    scanning.latest.words.push(next.text);
    scanning.at++;
  }
  return true;
}

function valued(scanning: Scanning, letter: string, takes: "required" | "optional", glued: string | undefined, word: Word): void {
  if (takes === "optional") {
    const next = scanning.words[scanning.at];
    if (glued === undefined && next && !next.text.startsWith("-") && !next.text.startsWith("!")) {
      scanning.at++;
      return ownOption(scanning, letter, next.text, word, next);
    }
    return ownOption(scanning, letter, glued, word, word);
  }
  if (glued !== undefined) {
    if (glued === "" && (letter === "i" || letter === "o")) throw scanning.error("Empty interface is likely to be undesired", word);
    // iptables 1.8.9 looks at the whole word here where it should look at the argument, so -ptcp asks for the protocol "-ptcp".
    return ownOption(scanning, letter, TAKES_WHOLE_WORD.includes(letter) ? word.text : glued, word, word);
  }
  let value = scanning.take(word, word.text);
  if (scanning.context.oldSyntax && value.text === "!" && "sdpio".includes(letter) && !scanning.bang) {
    scanning.bang = value;
    value = scanning.take(word, word.text);
  }
  ownOption(scanning, letter, value.text, word, value);
}
