import { UsageError, type Span } from "../xtables/index.ts";
import { readCounters } from "./counters.ts";
import { UnsupportedExtension } from "./fault.ts";
import { findOption } from "./find-option.ts";
import { GLOBAL_SHORT } from "./global-options.ts";
import { checkInterfaceName } from "./interface-name.ts";
import { isUnmodelledMatch } from "./known.ts";
import { checkTargetName, loadMatch, loadTarget } from "./load-extension.ts";
import { checkNewChain } from "./new-chain.ts";
import { protocolAlias, readProtocol } from "./protocol.ts";
import { registryOf } from "./registry.ts";
import { badArgument, earlierFault, parseRuleNumber, unknownOption } from "./scan-faults.ts";
import { emptyScan, type Loaded, type Scan, type ScanContext, type Spoken, type SpokenCommand } from "./spoken.ts";
import { checkTogether, together } from "./spoken-commands.ts";
import { checkWait } from "./wait.ts";
import type { Word } from "./words.ts";

const COMMANDS = "ACDEFILNPRSXZ";
const TAKES_WHOLE_WORD = "sdpioj";

/**
 * One line's words, read as iptables' getopt_long loop does: its own options and those of the extensions loaded so far, newest first; long
 * ones may be abbreviated while only one option fits; `-p tcp` loads the match of that name when an option is otherwise unknown; `!` stands
 * before the option. iptables: xshared.c, do_parse and command_default. Throws UsageError; what was read until then stands in `scan`.
 */
export function scanWords(words: readonly Word[], context: ScanContext, scan: Scan = emptyScan()): Scan {
  const scanner = new Scanner(words, context, scan);
  try {
    scanner.run();
  } catch (fault) {
    throw earlierFault(fault, scan, context) ?? fault;
  }
  return scan;
}

class Scanner {
  private at = 0;
  private bang: Word | undefined;
  private protocolUsed = false;
  private latest: Loaded | undefined;
  private readonly loaded: Loaded[] = [];
  private readonly words: readonly Word[];
  private readonly context: ScanContext;
  private readonly scan: Scan;

  constructor(words: readonly Word[], context: ScanContext, scan: Scan) {
    this.words = words;
    this.context = context;
    this.scan = scan;
  }

  run(): void {
    for (let word = this.words[this.at]; word; word = this.words[this.at]) {
      this.at++;
      if (word.text === "--") {
        if (this.at < this.words.length) this.late("unknown arguments found on commandline", this.words[this.at] ?? word);
        break;
      }
      if (word.text === "!") {
        if (this.bang) throw this.error("multiple consecutive ! not allowed", word);
        this.bang = word;
        continue;
      }
      if (word.text.startsWith("--")) this.long(word);
      else if (word.text.startsWith("-") && word.text.length > 1) this.cluster(word);
      else throw badArgument(this.words, this.at - 1, this.context.line);
      this.bang = undefined;
    }
    if (this.bang && !this.scan.late) this.late("nothing appropriate following !", this.bang);
  }

  /** `-x`, `-xyz`, `-xVALUE`. */
  private cluster(word: Word): void {
    for (let i = 1; i < word.text.length; i++) {
      const letter = word.text[i] ?? "";
      const takes = GLOBAL_SHORT.get(letter);
      if (takes === undefined) throw this.unknownLetter(word, i === word.text.length - 1);
      if (takes === "none") {
        this.global(letter, undefined, word, word);
        if (this.scan.stop) return;
        continue;
      }
      const glued = word.text.slice(i + 1);
      this.valued(letter, takes, glued === "" ? undefined : glued, word);
      return;
    }
  }

  /** Before the last letter of a cluster, getopt has not gone on yet, and iptables names the word before it. */
  private unknownLetter(word: Word, last: boolean): UsageError {
    const fault = unknownOption(word, this.loaded, this.scan, this.context);
    const { called } = this.context;
    if (last || fault instanceof UnsupportedExtension || called === undefined) return fault;
    const { message, span, guess } = fault;
    const before = this.words[this.at - 2]?.text ?? called;
    // iptables has emptied a `!` that it read.
    return new UsageError(
      message.replace(`"${word.text}"`, () => `"${before === "!" ? "" : before}"`),
      { span, guess },
    );
  }

  private long(word: Word): void {
    const equals = word.text.indexOf("=");
    const name = equals < 0 ? word.text.slice(2) : word.text.slice(2, equals);
    const glued = equals < 0 ? undefined : word.text.slice(equals + 1);
    const found = findOption(name, this.loaded);
    if (found === undefined) {
      if (this.loadProtocol()) return this.long(word);
      if (this.keptUnknown(word)) return;
      throw unknownOption(word, this.loaded, this.scan, this.context);
    }
    if ("letter" in found) {
      if (found.takes !== "none") return this.valued(found.letter, found.takes, glued, word);
      if (glued !== undefined) throw unknownOption(word, this.loaded, this.scan, this.context);
      return this.global(found.letter, undefined, word, word);
    }
    const { loaded, option } = found;
    if (option.takes === 0) {
      if (glued !== undefined) throw unknownOption(word, this.loaded, this.scan, this.context);
      loaded.given.push({ option: option.word, text: "", invert: this.bang !== undefined, span: this.span(word, word) });
      return;
    }
    if (option.takes === "optional") return this.perhapsValued(loaded, option.name, glued, word);
    let invert = this.bang !== undefined;
    let value = glued;
    let last = word;
    if (value === undefined) {
      let next = this.take(word, word.text);
      if (this.context.oldSyntax && next.text === "!" && !invert) {
        invert = true;
        next = this.take(word, word.text);
      }
      value = next.text;
      last = next;
    }
    if (option.takes === 2) {
      // Where there is no second word, the extension itself says so.
      const second = this.words[this.at];
      if (second && !second.text.startsWith("-") && !second.text.startsWith("!")) {
        this.at++;
        value += ` ${second.text}`;
        last = second;
      }
    }
    loaded.given.push({ option: option.word, text: value, invert, span: this.span(word, last) });
  }

  /** An option of an extension whose own parser looks for the value. */
  private perhapsValued(loaded: Loaded, option: string, glued: string | undefined, word: Word): void {
    if (glued !== undefined) throw unknownOption(word, this.loaded, this.scan, this.context);
    const value = this.bare();
    loaded.given.push({ option, text: value?.text ?? "", invert: this.bang !== undefined, span: this.span(word, value ?? word) });
  }

  /** `-p tcp` makes the tcp match's options known, once. iptables: xshared.c, load_proto. */
  private loadProtocol(): boolean {
    const { protocol } = this.scan;
    if (!protocol) return false;
    const name = protocolAlias(protocol.text);
    const type = registryOf(this.context.family).matches.get(name);
    if (!type && this.context.lenient && !this.protocolUsed && isUnmodelledMatch(name, this.context.family)) {
      this.protocolUsed = true;
      this.load({ name, type: undefined, given: [], words: [], span: protocol.span });
    }
    if (!type?.protocols) return false;
    if (this.protocolUsed && this.loaded.some(loaded => loaded.type === type)) return false;
    this.protocolUsed = true;
    this.load({ name: type.name, type, given: [], words: [], span: protocol.span });
    return true;
  }

  private load(match: Loaded): void {
    this.scan.matches.push(match);
    this.loaded.push(match);
    this.latest = match;
  }

  /** An option of an unknown extension that --lenient keeps: it takes the words up to the next option. */
  private keptUnknown(word: Word): boolean {
    if (!this.latest || this.latest.type) return false;
    if (this.bang) this.latest.words.push("!");
    this.latest.words.push(word.text);
    for (let next = this.words[this.at]; next && next.text !== "!" && !/^-./.test(next.text); next = this.words[this.at]) {
      this.latest.words.push(next.text);
      this.at++;
    }
    return true;
  }

  private valued(letter: string, takes: "required" | "optional", glued: string | undefined, word: Word): void {
    if (takes === "optional") {
      const next = this.words[this.at];
      if (glued === undefined && next && !next.text.startsWith("-") && !next.text.startsWith("!")) {
        this.at++;
        return this.global(letter, next.text, word, next);
      }
      return this.global(letter, glued, word, word);
    }
    if (glued !== undefined) {
      if (glued === "" && (letter === "i" || letter === "o")) throw this.error("Empty interface is likely to be undesired", word);
      // iptables 1.8.9 looks at the whole word here where it should look at the argument, so -ptcp asks for the protocol "-ptcp".
      return this.global(letter, TAKES_WHOLE_WORD.includes(letter) ? word.text : glued, word, word);
    }
    let value = this.take(word, word.text);
    if (this.context.oldSyntax && value.text === "!" && "sdpio".includes(letter) && !this.bang) {
      this.bang = value;
      value = this.take(word, word.text);
    }
    this.global(letter, value.text, word, value);
  }

  private take(option: Word, name: string): Word {
    const word = this.words[this.at];
    if (!word) throw this.error(`option "${name}" requires an argument`, option);
    this.at++;
    return word;
  }

  /** What one of iptables' own options says. */
  private global(letter: string, text: string | undefined, word: Word, last: Word): void {
    const span = this.span(word, last);
    if (COMMANDS.includes(letter)) return this.command(letter, text, span);
    const spoken: Spoken = { text: text ?? "", invert: this.bang !== undefined, span };
    switch (letter) {
      case "s":
        return this.once("source", "s", spoken);
      case "d":
        return this.once("destination", "d", spoken);
      case "i":
        this.once("inInterface", "i", spoken);
        return checkInterfaceName(spoken);
      case "o":
        this.once("outInterface", "o", spoken);
        return checkInterfaceName(spoken);
      case "p":
        this.once("protocol", "p", spoken);
        this.scan.protocol = readProtocol(spoken);
        return;
      case "f":
        if (this.context.family === 6) throw this.error("`-f' is not supported in IPv6, use -m frag instead", word);
        return this.once("fragment", "f", spoken);
      case "j":
      case "g":
        return this.jump(letter, spoken);
      case "m":
        return this.load(loadMatch(spoken, this.context));
      case "c":
        return this.counters(spoken);
      case "t":
        if (spoken.invert) throw this.error("unexpected ! flag before --table", word);
        if (this.context.restore) throw this.error("The -t option cannot be used in iptables-restore.", word);
        this.scan.table = spoken;
        return;
      case "4":
      case "6":
        if (Number(letter) === this.context.family) return;
        this.scan.otherFamily = true;
        return this.stop();
      case "w":
      case "W":
        checkWait(letter, text, this.context.restore, span);
        return this.flag(letter, span);
      case "M":
        return;
      case "h":
      case "V":
        if (letter === "h") this.loadProtocol();
        this.scan.stop = { letter, invert: spoken.invert };
        this.flag(letter, span);
        return this.stop();
      default:
        if (this.scan.flags.has(letter) && letter !== "v") throw this.error(`multiple -${letter} flags not allowed`, word);
        if (spoken.invert) throw this.error(`cannot have ! before -${letter}`, word);
        if (letter === "v") this.scan.verbose++;
        this.flag(letter, span);
    }
  }

  private flag(letter: string, span: Span): void {
    this.scan.flags = new Map([...this.scan.flags, [letter, span]]);
  }

  private once(
    key: "source" | "destination" | "inInterface" | "outInterface" | "protocol" | "fragment",
    letter: string,
    spoken: Spoken,
  ): void {
    if (this.scan[key]) throw new UsageError(`multiple -${letter} flags not allowed`, { span: spoken.span });
    if (key !== "protocol") this.scan[key] = spoken;
  }

  private jump(letter: "j" | "g", spoken: Spoken): void {
    const { scan, context } = this;
    if (scan.jump) throw new UsageError("multiple -j flags not allowed", { span: spoken.span });
    if (spoken.invert) throw new UsageError("cannot have ! before -j", { span: spoken.span });
    checkTargetName(spoken);
    scan.jump = { ...spoken, goto: letter === "g" };
    if (letter === "g") return;
    scan.target = loadTarget(spoken, context);
    if (!scan.target) return;
    this.loaded.push(scan.target);
    this.latest = scan.target;
  }

  private counters(spoken: Spoken): void {
    if (this.scan.counters) throw new UsageError("multiple -c flags not allowed", { span: spoken.span });
    if (spoken.invert) throw new UsageError("cannot have ! before -c", { span: spoken.span });
    const comma = spoken.text.indexOf(",", 1);
    if (comma > 0) {
      this.scan.counters = readCounters(spoken.text.slice(0, comma), spoken.text.slice(comma + 1), spoken.span);
      return;
    }
    const next = this.words[this.at];
    if (!next || next.text.startsWith("-") || next.text.startsWith("!"))
      throw new UsageError("-c requires packet and byte counter", { span: spoken.span });
    this.at++;
    this.scan.counters = readCounters(spoken.text, next.text, { ...spoken.span, endColumn: next.endColumn });
  }

  private command(letter: string, text: string | undefined, span: Span): void {
    if (letter === "N") checkNewChain(text ?? "", span, this.context.family);
    if (this.bang) throw new UsageError("unexpected '!' flag", { span });
    const { command: before } = this.scan;
    checkTogether(before, letter, span);
    const spoken: SpokenCommand = { letter, chain: text, span };
    if (letter === "E" || letter === "P") {
      const argument = this.bare();
      if (argument === undefined)
        throw new UsageError(letter === "E" ? "-E requires old-chain-name and new-chain-name" : "-P requires a chain and a policy", {
          span,
        });
      this.scan.command = { ...spoken, argument: argument.text };
      return;
    }
    const number = "DIRLSZ".includes(letter) && text !== undefined ? this.bare() : undefined;
    if (letter === "R" && !number) throw new UsageError("-R requires a rule number", { span });
    const numbered = number ? { ...spoken, number: parseRuleNumber(number, span) } : spoken;
    this.scan.command = before ? together(before, numbered) : numbered;
  }

  /** The next word when it is no option. */
  private bare(): Word | undefined {
    const word = this.words[this.at];
    if (!word || word.text.startsWith("-") || word.text.startsWith("!")) return undefined;
    this.at++;
    return word;
  }

  private span(first: Word, last: Word): Span {
    return {
      line: this.context.line,
      column: this.bang && this.bang.column < first.column ? this.bang.column : first.column,
      endColumn: last.endColumn,
    };
  }

  /** What is only told of once the options' own faults have been. */
  private late(message: string, word: Word): void {
    this.scan.late = this.error(message, word);
  }

  /** Nothing behind this word counts. */
  private stop(): void {
    this.at = this.words.length;
    this.bang = undefined;
  }

  private error(message: string, word: Word): UsageError {
    return new UsageError(message, { span: { line: this.context.line, column: word.column, endColumn: word.endColumn } });
  }
}
