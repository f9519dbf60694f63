import { UsageError, type Span } from "../xtables/index.ts";
import { isUnmodelledMatch } from "./known.ts";
import { protocolAlias } from "./protocol.ts";
import { registryOf } from "./registry.ts";
import type { Loaded, Scan, ScanContext } from "./spoken.ts";
import type { Word } from "./words.ts";

/** How far one line's words are read, and the extensions that they have loaded. */
export class Scanning {
  at = 0;
  /** The `!` before the option that is being read. */
  bang: Word | undefined;
  /** The extension that was loaded last. */
  latest: Loaded | undefined;
  /** Oldest first. */
  readonly loaded: Loaded[] = [];
  readonly words: readonly Word[];
  readonly context: ScanContext;
  readonly scan: Scan;
  private protocolUsed = false;

  constructor(words: readonly Word[], context: ScanContext, scan: Scan) {
    this.words = words;
    this.context = context;
    this.scan = scan;
  }

  /** `-p tcp` makes the tcp match's options known, once. iptables: xshared.c, load_proto. */
  loadProtocol(): boolean {
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

  /** Makes a match's options known. */
  load(match: Loaded): void {
    this.scan.matches.push(match);
    this.loaded.push(match);
    this.latest = match;
  }

  /** Makes a target's options known. */
  loadTarget(target: Loaded): void {
    this.scan.target = target;
    this.loaded.push(target);
    this.latest = target;
  }

  /** The next word, which the option needs; `name` is what a fault calls the option. */
  take(option: Word, name: string): Word {
    const word = this.words[this.at];
    if (!word) throw this.error(`option "${name}" requires an argument`, option);
    this.at++;
    return word;
  }

  /** The next word when it is no option. */
  bare(): Word | undefined {
    const word = this.words[this.at];
    if (!word || word.text.startsWith("-") || word.text.startsWith("!")) return undefined;
    this.at++;
    return word;
  }

  /** From the `!`, the option or whichever comes first to the end of the last word. */
  span(first: Word, last: Word): Span {
    return {
      line: this.context.line,
      column: this.bang && this.bang.column < first.column ? this.bang.column : first.column,
      endColumn: last.endColumn,
    };
  }

  /** What is only told of once the options' own faults have been. */
  late(message: string, word: Word): void {
    this.scan.late = this.error(message, word);
  }

  /** Nothing behind this word counts. */
  stop(): void {
    this.at = this.words.length;
    this.bang = undefined;
  }

  /** A fault at a word. */
  error(message: string, word: Word): UsageError {
    return new UsageError(message, { span: { line: this.context.line, column: word.column, endColumn: word.endColumn } });
  }
}
