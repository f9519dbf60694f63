import type { Family } from "../predicate/index.ts";
import { applyEdit, draftOf, draftTable, emptyTable, finished, ZERO, type Draft, type Position } from "../ruleset/index.ts";
import { UsageError, type Span, type TableName } from "../xtables/index.ts";
import { checkTables } from "./check-tables.ts";
import { isTable } from "./command.ts";
import { areOdd, plainCounters, readCounters } from "./counters.ts";
import { Effort } from "./effort.ts";
import { faultOf, type Fault } from "./fault.ts";
import { closest } from "./guess.ts";
import { linesOf, type Line } from "./lines.ts";
import { settingsOf, type ReadOptions, type Settings } from "./options.ts";
import { readChainLine } from "./chain-line.ts";
import type { Ignored, Reading } from "./reading.ts";
import { QuickRules } from "./quick-rule.ts";
import { runCommand } from "./run-command.ts";
import { scanWords } from "./scan.ts";
import { wordsOf, type Word } from "./words.ts";

export type { Ignored, Reading };

/**
 * Reads iptables-save text of a known family, as iptables-restore does (iptables-restore.c), but goes on after a fault so that all are told.
 * `indent` is the indentation of a dump that was quoted in other text.
 */
export function readSave(text: string, file: string, options: ReadOptions & { readonly family: Family }, indent = ""): Reading {
  const reader = new SaveReader(file, settingsOf(options, options.family));
  const { lines, notes } = linesOf(text, indent);
  for (const { message, line, column } of notes) reader.warn(message, { line, column, endColumn: column + 1 });
  for (const line of lines) {
    if (reader.hopeless) {
      reader.fault(`more than ${MOST_FAULTS} faults: nothing from here on was read`, line);
      break;
    }
    reader.read(line);
  }
  return reader.finish();
}

/** Faults that are told of one text. */
const MOST_FAULTS = 10_000;

/** Everything a block of rules shares, whether it comes from save text or a list of commands. */
export class SaveReader {
  readonly faults: Fault[] = [];
  readonly warnings: Fault[] = [];
  readonly ignored: Ignored[] = [];
  readonly draft: Draft;
  private table: TableName | undefined;
  private opened: Position | undefined;
  private skipping = false;
  private stopped = false;
  /** The open table as it was before its block. */
  private before: ReturnType<typeof emptyTable> | undefined;
  private last = 0;
  private readonly told = (message: string, span: Span): void => this.warn(message, span);
  private readonly seen = new Set<TableName>();
  private readonly effort = new Effort();
  private readonly quick: QuickRules;
  readonly file: string;
  readonly settings: Settings;

  constructor(file: string, settings: Settings) {
    this.file = file;
    this.settings = settings;
    this.draft = draftOf(settings.family);
    this.quick = new QuickRules(settings);
  }

  /** Notes something worth telling that does not stop anything. */
  warn(message: string, span: Span): void {
    this.warnings.push({ file: this.file, line: span.line, column: span.column, endColumn: span.endColumn, message, status: 2 });
  }

  /** Notes that a line cannot be used. */
  fault(message: string, line: Line, more: { column?: number; endColumn?: number; status?: 1 | 2; guess?: string | undefined } = {}): void {
    this.faults.push({
      file: this.file,
      line: line.number,
      column: more.column ?? 1,
      endColumn: more.endColumn ?? line.text.length + 1,
      message,
      guess: more.guess,
      status: more.status ?? 2,
    });
  }

  /** Notes that a line is not taken for rules. */
  ignore(line: Line, reason: string): void {
    this.ignored.push({ line: line.number, text: line.text, reason });
  }

  /** Whether so much is wrong that reading on tells nobody anything. */
  get hopeless(): boolean {
    return this.faults.length >= MOST_FAULTS;
  }

  /** One line of save text. */
  read(line: Line): void {
    const text = line.start === 0 ? line.text : line.text.slice(line.start);
    this.last = line.number;
    if (text === "" || text.startsWith("#")) return;
    if (this.stopped) return this.ignore(line, "after a command that ends iptables-restore");
    if (this.skipping) {
      if (text.trimEnd() === "COMMIT") this.skipping = false;
      else this.ignore(line, "in a table that could not be opened");
      return;
    }
    if (this.table === undefined) {
      if (text.startsWith("*")) this.openTable(line);
      else this.ignore(line, "outside any table");
      return;
    }
    if (text.startsWith("COMMIT") && text.trimEnd() === "COMMIT") {
      if (text !== "COMMIT")
        this.warn("blanks after COMMIT, which iptables-restore refuses", {
          line: line.number,
          column: line.start + "COMMIT".length + 1,
          endColumn: line.text.length + 1,
        });
      this.table = undefined;
      return;
    }
    if (text.startsWith(":")) readChainLine(line, this.table, this);
    else this.ruleLine(line, this.table);
  }

  private openTable(line: Line): void {
    const name = /^\*[ \t]*([^ \t]+)/.exec(line.text.slice(line.start))?.[1];
    if (name !== undefined && !/^[\w-]+$/.test(name)) return this.ignore(line, "outside any table");
    if (!isTable(name)) {
      this.skipping = true;
      const guess = name === undefined ? undefined : closest(name, ["raw", "mangle", "nat", "filter", "security"]);
      this.fault(name === undefined ? "table name invalid" : `iptables-restore: unable to initialize table '${name}'`, line, { guess });
      return;
    }
    this.table = name;
    this.opened = { file: this.file, line: line.number, column: 1 };
    this.before = this.draft.tables.get(name);
    if (this.seen.has(name)) {
      this.warn(`a second block for table ${name}: it takes the place of the first`, {
        line: line.number,
        column: 1,
        endColumn: line.text.length + 1,
      });
      const before = draftTable(this.draft, name);
      const fresh = emptyTable(name);
      // Flushing leaves the policies of built-in chains as they were.
      for (const [chain, value] of fresh) value.policy = before.get(chain)?.policy ?? value.policy;
      this.draft.tables.set(name, fresh);
    }
    this.seen.add(name);
    draftTable(this.draft, name);
  }

  /** A rule or another command, perhaps with counters before it. */
  private ruleLine(line: Line, table: TableName): void {
    const { text } = line;
    let from = line.start;
    let counters: { packets: string; bytes: string } | undefined;
    if (text.startsWith("[", from)) {
      const close = text.indexOf("]");
      const colon = text.indexOf(":");
      if (close < 0 || colon < 0 || colon > close) return this.fault(`Bad line ${line.number}: need ]`, line, { endColumn: 2 });
      counters = { packets: text.slice(from + 1, colon), bytes: text.slice(colon + 1, close) };
      from = close + 1;
    }
    this.command(line, table, from, counters);
  }

  /** Scans and carries out the words of a line on a table; a fault is noted. `given` stands for the words, when they are not simply the line's. */
  command(
    line: Line,
    table: TableName | undefined,
    from: number = line.start,
    counters?: { packets: string; bytes: string },
    given?: readonly Word[],
  ): void {
    if (table !== undefined && !given && this.appended(line, table, from, counters)) return;
    this.attempt(line, () => {
      const words = given ?? wordsOf(line.text, from);
      const restore = table !== undefined;
      const { family, variant, lenient, oldSyntax, names } = this.settings;
      const chains = draftTable(this.draft, table ?? "filter");
      const scan = scanWords(words, {
        family,
        variant,
        lenient,
        oldSyntax,
        names,
        line: line.number,
        restore,
        isChain: name => chains.has(name),
      });
      if (scan.otherFamily) return this.ignore(line, "for the other family (-4 or -6)");
      if (table !== undefined && (scan.flags.has("h") || scan.flags.has("V"))) return this.stop(line, table);
      if (counters) {
        const span = { line: line.number, column: 1, endColumn: from + 1 };
        if (scan.counters) throw new UsageError("multiple -c flags not allowed", { span: scan.counters.span });
        if (areOdd(`${counters.packets} ${counters.bytes}`)) this.warn("odd counters: they are kept within 64 bits", span);
        scan.counters = readCounters(counters.packets, counters.bytes, span);
      }
      const into = table ?? scan.table?.text ?? "filter";
      if (!isTable(into))
        throw new UsageError(`can't initialize iptables table \`${into}': Table does not exist (do you need to insmod?)`, {
          status: 3,
          span: scan.table?.span,
        });
      this.effort.spend(scan.command?.letter ?? "", scan.command?.span);
      const shown = runCommand(this.draft, scan, {
        settings: this.settings,
        table: into,
        at: { file: this.file, line: line.number, column: words[0]?.column ?? 1 },
        warn: this.told,
      });
      if (shown) this.ignore(line, "a command that only lists");
    });
  }

  /** Appends the rule of a line when it can be read the quick way, which is all there is to do for most lines. */
  private appended(line: Line, table: TableName, from: number, counters?: { packets: string; bytes: string }): boolean {
    const counted = counters ? plainCounters(counters.packets, counters.bytes) : ZERO;
    if (!counted || this.effort.isSpent) return false;
    const chains = draftTable(this.draft, table);
    const at = { file: this.file, line: line.number, column: line.text.indexOf("-", from) + 1 };
    const read = this.quick.read(line.text, from, { name: table, chains }, { counters: counted, at });
    if (!read) return false;
    this.effort.spend("A", undefined);
    applyEdit(this.draft, table, { edit: "append", chain: read.chain, rules: [read.rule] });
    return true;
  }

  /** Does something for a line; a UsageError becomes a fault of that line. */
  attempt(line: Line, act: () => void): void {
    try {
      act();
    } catch (fault) {
      this.faults.push(faultOf(fault, this.file, line.number, line.start + 1, line.text.length + 1));
    }
  }

  /** `-h` in a restore file: iptables-restore shows its help and ends well, and the table that was open is never committed. */
  private stop(line: Line, table: TableName): void {
    this.warn("iptables-restore shows its help here and ends: this table is not committed, and nothing after it is read", {
      line: line.number,
      column: 1,
      endColumn: line.text.length + 1,
    });
    this.stopped = true;
    this.table = undefined;
    if (this.before) this.draft.tables.set(table, this.before);
    else this.draft.tables.delete(table);
  }

  /** Looks at each table as a whole, and gives the result. */
  finish(): Reading {
    if (this.table !== undefined && !this.hopeless)
      this.faults.push({
        file: this.file,
        line: this.last + 1,
        column: 1,
        endColumn: 2,
        message: `COMMIT expected at line ${this.last + 1} (for *${this.table}, opened at line ${this.opened?.line})`,
        status: 1,
      });
    const { family } = this.settings;
    const ruleset = finished(this.draft);
    const { faults, warnings } = checkTables(ruleset, this.settings);
    for (const fault of faults) this.faults.push(fault);
    for (const warning of warnings) this.warnings.push(warning);
    this.faults.sort((a, b) => a.line - b.line || a.column - b.column);
    return {
      family,
      ruleset: this.faults.length ? undefined : ruleset,
      faults: this.faults,
      warnings: this.warnings,
      ignored: this.ignored,
    };
  }
}
