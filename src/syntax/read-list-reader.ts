import { applyEdit, draftTable, references } from "../ruleset/index.ts";
import { UsageError, type TableName } from "../xtables/index.ts";
import { parseCounter } from "./build-rule.ts";
import type { Line } from "./lines.ts";
import type { Settings } from "./options.ts";
import type { Block, BlockRow, Segment } from "./read-list-blocks.ts";
import type { ListedRow } from "./read-list-row.ts";
import { unreadFault } from "./read-list-unknown.ts";
import { registryOf } from "./registry.ts";
import { checkNewChain } from "./new-chain.ts";
import { SaveReader } from "./save.ts";
import { MOST_WORDS, type Word } from "./words.ts";

/** Words that one listed rule may become: more than it can have had when it was loaded, since a listing also says what was left to defaults. */
const MOST_LISTED_WORDS = 4 * MOST_WORDS;

/** Turns the tables of a listing into rules, by the reader of save text. */
export class ListReader {
  readonly save: SaveReader;
  private readonly settings: Settings;
  private readonly file: string;
  private toldOfInterfaces = false;
  private readonly toldLosses = new Set<string>();

  constructor(file: string, settings: Settings) {
    this.file = file;
    this.settings = settings;
    this.save = new SaveReader(file, settings);
  }

  /** A warning about a whole line. */
  warnLine(line: Line | undefined, message: string): void {
    if (line) this.save.warn(message, { line: line.number, column: 1, endColumn: line.text.length + 1 });
  }

  /** A fault; line 0 for the text as a whole. */
  fault(message: string, line: number, column: number, endColumn: number): void {
    this.save.faults.push({ file: this.file, line, column, endColumn, message, status: 2 });
  }

  /** A line that is no part of a listing. */
  stranger(line: Line, inside: boolean): void {
    this.save.ignore(line, "no part of a listing");
    if (inside) this.warnLine(line, "a line between rules that is none: ignored");
  }

  /** A table of the family that is not being read. */
  otherFamily({ blocks }: Segment): void {
    for (const { line, rows } of blocks)
      for (const each of [line, ...rows.map(row => row.line)]) this.save.ignore(each, "of the other family");
  }

  /** A table listed twice: the later listing counts, when a command says of either which table it is. */
  again({ blocks, table, asked }: Segment, before: Segment): void {
    const line = blocks[0]?.line;
    if (asked || before.asked) this.warnLine(line, `a later listing of table ${table}: it takes the place of the one before`);
    else if (line)
      this.fault(
        `a second listing that looks like table ${table}: say which by a line such as \`# iptables -t security -L' above it`,
        line.number,
        1,
        line.text.length + 1,
      );
  }

  /** One table: its chains first, since rules may lead to later ones. */
  segment({ blocks, table, certain }: Segment): void {
    if (!certain) this.warnLine(blocks[0]?.line, `the text does not say which table this is: taken for ${table}`);
    for (const block of blocks) this.save.attempt(block.line, () => this.declare(block, table));
    for (const block of blocks) {
      if (!block.columns)
        this.warnLine(block.line, `no line names the columns of chain ${block.chain}: its rules, if it has any, cannot be read`);
      else if (!block.columns.verbose && !this.toldOfInterfaces) {
        this.toldOfInterfaces = true;
        this.warnLine(
          block.columnLine,
          "a listing without -v shows no interfaces: rules that hold for some interfaces only are taken to hold for all",
        );
      }
      for (const [index, row] of block.rows.entries()) this.row(row, index, block, table);
    }
    const counts = references(draftTable(this.save.draft, table).values());
    for (const { chain, line, references: listed } of blocks) {
      const found = counts.get(chain) ?? 0;
      if (listed !== undefined && listed > found)
        this.warnLine(line, `${listed} rules lead to ${chain}, but only ${found} of them are here: a part of the listing is missing`);
    }
  }

  private declare({ chain, policy, counters, line }: Block, table: TableName): void {
    const at = { file: this.file, line: line.number, column: line.text.indexOf(chain, line.text.indexOf("Chain ") + 6) + 1 };
    const span = { line: line.number, column: at.column, endColumn: at.column + chain.length };
    const chains = draftTable(this.save.draft, table);
    const own = chains.get(chain);
    if (!own) {
      if (policy !== undefined)
        throw new UsageError(`Can't set policy \`${policy}' on \`${chain}' line ${line.number}: Bad built-in chain name`, { span });
      checkNewChain(chain, span, this.settings.family);
      applyEdit(this.save.draft, table, { edit: "new", chain, at });
      return;
    }
    if (policy === undefined) return;
    if (policy !== "ACCEPT" && policy !== "DROP")
      throw new UsageError(`Can't set policy \`${policy}' on \`${chain}' line ${line.number}: Bad policy name`, { span });
    own.policy = policy;
    own.at = at;
    if (counters) own.counters = { packets: parseCounter(counters.packets) ?? 0n, bytes: parseCounter(counters.bytes) ?? 0n };
  }

  private row({ line, row }: BlockRow, index: number, { chain, rows }: Block, table: TableName): void {
    const { number } = row;
    const last = index === 0 ? 0 : (rows[index - 1]?.row.number ?? 0);
    if (number !== undefined && number !== last + 1)
      this.warnLine(line, `rule ${number} follows rule ${last}: rules are missing or double`);
    const holder = [...row.tests, ...row.jump].find(({ text }) => text.includes("\0"));
    if (holder) {
      const nul = line.text.indexOf("\0", holder.column - 1);
      return this.fault("NUL byte in a listed rule", line.number, nul + 1, nul + 2);
    }
    if (row.tests.length > MOST_LISTED_WORDS) return this.fault("more tests than a rule can have", line.number, 1, line.text.length + 1);
    const start = line.text.search(/\S/) + 1;
    const word = (text: string): Word => ({ text, column: start, endColumn: line.text.trimEnd().length + 1, quoted: false });
    const isUnknownTarget =
      row.target !== undefined &&
      !registryOf(this.settings.family).targets.has(row.target.text) &&
      !draftTable(this.save.draft, table).has(row.target.text);
    // A target that nobody knows is refused by name, whatever its text.
    if (row.unread.length && !this.settings.lenient && !isUnknownTarget) {
      this.save.faults.push(unreadFault(this.file, line, row.unread, this.settings.family));
      return;
    }
    for (const loss of row.losses) this.lost(line, loss);
    const kept = this.kept(line, row, isUnknownTarget).map(word);
    const counters = row.counters ? ["-c", row.counters.packets, row.counters.bytes].map(word) : [];
    // What is kept stands before -p, after which an unknown option would ask for the protocol's match.
    const [before, after] = isUnknownTarget ? [[...row.jump, ...kept], []] : [kept, row.jump];
    this.save.command(line, table, 0, undefined, [...["-A", chain].map(word), ...counters, ...before, ...this.tests(row), ...after]);
  }

  /** Without -n conntrack, too, calls any address anywhere, which only the reader of -s and -d takes. */
  private tests({ tests }: ListedRow): Word[] {
    const any = this.settings.family === 4 ? "0.0.0.0/0" : "::/0";
    return tests.map((word, i) =>
      word.text === "anywhere" && /^--ct(?:orig|repl)(?:src|dst)$/.test(tests[i - 1]?.text ?? "") ? { ...word, text: any } : word,
    );
  }

  /** Something that no listing says: told of once, where it is first left out. */
  private lost(line: Line, sentence: string): void {
    if (this.toldLosses.has(sentence)) return;
    this.toldLosses.add(sentence);
    this.warnLine(line, sentence);
  }

  /** Words that keep the text which nothing known prints as an opaque match's, or an unknown target's own. */
  private kept(line: Line, { unread }: ListedRow, isTarget: boolean): string[] {
    if (!this.settings.lenient || unread.length === 0) return [];
    const said = unread.map(({ from, to }) => line.text.slice(from, to)).join(" ");
    this.warnLine(line, `nothing known prints \`${said}': kept as an unknown ${isTarget ? "target's" : "match's"} text`);
    return isTarget ? ["--listed", said] : ["-m", "unknown", "--listed", said];
  }
}
