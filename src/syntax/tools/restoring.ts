import { draftOf, draftTable, emptyTable, finished, ZERO, type Draft, type DraftChain, type Ruleset } from "../../ruleset/index.ts";
import { BUILTIN_CHAINS, UsageError, type TableName } from "../../xtables/index.ts";
import { withoutAbsent, type AbsentChains } from "../base-chains.ts";
import { isTable } from "../command.ts";
import { readCounters } from "../counters.ts";
import { Effort } from "../effort.ts";
import { UnsupportedExtension } from "../fault.ts";
import { tableFault } from "../kernel-refusal.ts";
import { settingsOf, type Settings } from "../options.ts";
import { runCommand, type Shown } from "../run-command.ts";
import { scanWords } from "../scan.ts";
import { emptyScan, type Scan } from "../spoken.ts";
import { wordsOf } from "../words.ts";
import { committed, RESTORE_INPUT } from "./committed.ts";
import { printHelp } from "./help.ts";
import { readPolicyLine } from "./policy-line.ts";
import type { RestoreWish } from "./restore-arguments.ts";
import { countedLine, lineName, type CountedLine } from "./restore-line.ts";
import { Stop, type Ending, type Restored } from "./restored.ts";
import { isKernelSentence } from "./sentence.ts";
import { shownText } from "./shown.ts";
import type { Tool, ToolOptions } from "./tool.ts";
import { versionOf } from "./tool-name.ts";
import { spokenWarnings } from "./warnings.ts";

/** One run of iptables-restore over a text, line by line, up to the first thing that is wrong. */
export class Restoring {
  unsupported: string | undefined;
  private stdout = "";
  private pending = "";
  private stderr = "";
  private line = 0;
  private open: TableName | undefined;
  private current = "";
  /** Nothing of the open table, which is added to, was changed yet. */
  private untouched = false;
  /** What nf_tables will refuse at COMMIT; the lines up to there are read all the same. */
  private deferred: { readonly line: number; readonly fault: UsageError } | undefined;
  private result: Restored["result"];
  private inserts = new Set<number>();
  /** Chains that came into being in this restore, of nf_tables only. */
  private readonly madeHere = new Set<DraftChain | undefined>();
  private readonly effort = new Effort();
  private readonly draft: Draft;
  private readonly settings: Settings;
  private readonly tool: Tool;
  private readonly wish: RestoreWish;
  private readonly options: ToolOptions;

  constructor(tool: Tool, wish: RestoreWish, before: Ruleset, absent: AbsentChains | undefined, options: ToolOptions) {
    this.tool = tool;
    this.wish = wish;
    this.options = options;
    this.settings = settingsOf({ ...options, variant: tool.variant }, tool.family);
    this.draft = draftOf(before);
    if (absent) withoutAbsent(this.draft, absent);
  }

  all(text: string): Restored {
    let complaint: Ending | undefined;
    try {
      for (let from = 0; from < text.length;) {
        const end = text.indexOf("\n", from);
        this.line++;
        this.read(text.slice(from, end < 0 ? text.length : end), end >= 0);
        from = end < 0 ? text.length : end + 1;
      }
      if (this.open !== undefined) this.fail(`COMMIT expected at line ${this.line + 1}`);
    } catch (thrown) {
      if (!(thrown instanceof Stop)) throw thrown;
      complaint = thrown.ending;
    }
    return { complaint, stdout: this.stdout, stderr: this.stderr, result: this.result };
  }

  /** One line; `ended` says that a line feed followed. */
  private read(text: string, ended: boolean): void {
    const { wish } = this;
    if (text === "") return;
    if (text.startsWith("#")) {
      if (wish.verbose) this.stdout += `${text}${ended ? "\n" : ""}`;
      return;
    }
    if (text === "COMMIT" && ended && this.open !== undefined) return this.commit(this.open);
    if (text.startsWith("*") && this.open === undefined) return this.openTable(text);
    if (this.open === undefined) {
      if (wish.only !== undefined && (this.current !== "" || this.tool.variant === "legacy") && wish.only !== this.current) return;
      return this.fail(`line ${this.line} failed`);
    }
    if (this.untouched) {
      // A table that is loaded anew loses the counters of its policies.
      for (const chain of this.draft.tables.get(this.open)?.values() ?? []) chain.counters = ZERO;
      this.untouched = false;
    }
    if (text.startsWith(":")) this.chainLine(text, this.open);
    else this.ruleLine(text, this.open);
  }

  private openTable(text: string): void {
    const { tool, wish } = this;
    const name = lineName(text);
    if (name === undefined) throw this.bad(`${tool.program}: line ${this.line} table name invalid`);
    if (tool.variant === "nft" && !isTable(name)) throw this.bad(`${tool.program}: line ${this.line} table name '${name}' invalid`);
    this.current = name;
    if (wish.only !== undefined && wish.only !== name) return;
    if (!isTable(name)) throw this.bad(`${tool.program}: unable to initialize table '${name}'`);
    this.open = name;
    if (wish.noflush) {
      if (tool.variant === "legacy") draftTable(this.draft, name);
      this.untouched = tool.variant === "legacy";
      return;
    }
    const before = this.draft.tables.get(name);
    if (wish.verbose) {
      const own = [...(before?.values() ?? [])].filter(({ hook }) => hook === undefined).map(chain => chain.name);
      this.show(shownText({ show: "chains", doing: "Flushing", chains: [...BUILTIN_CHAINS[name], ...own.toSorted()] }, tool));
      this.show(shownText({ show: "chains", doing: "Deleting", chains: own.toSorted() }, tool));
    }
    // nf_tables loses the whole table, and legacy only its rules and own chains: policies stay.
    if (tool.variant === "nft") {
      this.draft.tables.delete(name);
      return;
    }
    const fresh = emptyTable(name);
    for (const [chain, value] of fresh) {
      value.policy = before?.get(chain)?.policy ?? value.policy;
    }
    this.draft.tables.set(name, fresh);
  }

  private chainLine(text: string, table: TableName): void {
    const name = lineName(text) ?? "";
    const before = this.draft.tables.get(table)?.get(name);
    this.attempt(() => readPolicyLine(text, table, this.line, this.draft, this.tool, this.wish));
    const chain = this.draft.tables.get(table)?.get(name);
    if (this.tool.variant === "nft" && chain !== before) this.madeHere.add(chain);
  }

  private ruleLine(text: string, table: TableName): void {
    const counted = countedLine(text);
    if (typeof counted === "string") throw this.bad(`Bad line ${this.line}: need ${counted}`);
    const { words, from, counters } = counted;
    this.attempt(() => this.command(words, from, table, this.wish.counters ? counters : undefined));
  }

  private command(text: string, from: number, table: TableName, counters: CountedLine["counters"]): void {
    const { family, variant, lenient, oldSyntax, names } = this.settings;
    const warnings: string[] = [];
    const chains = this.draft.tables.get(table);
    const isChain = (name: string): boolean => chains?.has(name) ?? false;
    const scan = emptyScan();
    if (counters) scan.counters = readCounters(counters.packets, counters.bytes, { line: this.line, column: 1, endColumn: from + 1 });
    const words = wordsOf(text, from);
    try {
      scanWords(
        words,
        {
          family,
          variant,
          lenient,
          oldSyntax,
          names,
          line: this.line,
          called: table,
          warn: message => warnings.push(message),
          restore: true,
          isChain,
        },
        scan,
      );
      this.carryOut(scan, table, warnings);
    } finally {
      this.stderr += spokenWarnings(scan, family, warnings);
    }
  }

  private carryOut(scan: Scan, table: TableName, warnings: string[]): void {
    const { names } = this.settings;
    if (scan.otherFamily) return;
    if (scan.stop) {
      this.stdout += scan.stop.letter === "h" ? printHelp(this.tool, scan) : `${versionOf(this.tool)}\n`;
      throw new Stop({ status: 0, text: "" });
    }
    if (this.wish.verbose && !this.wish.noflush) scan.verbose++;
    const letter = scan.command?.letter ?? "";
    this.effort.spend(letter, scan.command?.span);
    if (letter === "I") this.inserts.add(this.line);
    const show = (shown: Shown): void => this.show(shownText(shown, this.tool));
    const at = { file: RESTORE_INPUT, line: this.line, column: 1 };
    const { command } = scan;
    const renamed = command?.letter === "E" && this.madeHere.has(this.draft.tables.get(table)?.get(command.chain ?? ""));
    const shown = runCommand(this.draft, scan, { settings: this.settings, table, at, warn: message => warnings.push(message), show });
    // The kernel does not know the chain yet under which the transaction would find it.
    if (renamed) throw new UsageError(` CHAIN_RENAME failed (No such file or directory): chain ${command.argument}`, { status: 4 });
    if (shown?.show === "list" || shown?.show === "specs")
      this.show(shownText(shown, this.tool, { ruleset: finished(this.draft), table, scan, names }));
  }

  /** What a command shows; iptables-nft carries commands out at COMMIT only. */
  private show(text: string): void {
    if (this.tool.variant === "legacy") this.stdout += text;
    else if (!this.deferred) this.pending += text;
  }

  private commit(table: TableName): void {
    this.open = undefined;
    const shown = this.pending;
    this.pending = "";
    if (this.wish.test) {
      this.deferred = undefined;
      return;
    }
    this.stdout += shown;
    const nft = this.tool.variant === "nft";
    if (this.deferred) {
      const { line, fault } = this.deferred;
      if (fault.status === 2) throw new Stop({ status: 2, message: fault.message, line: this.line });
      if (fault.status === 4) throw this.refused(line, fault.message);
      this.fail(`line ${line} failed: ${fault.message.replace(" Run `dmesg' for more information.", "")}`);
    }
    const fault = tableFault(this.draft, table, this.settings);
    if (fault) {
      if (!nft) this.fail(`line ${this.line} failed`);
      const what = this.inserts.has(fault.rule.at.line) ? "RULE_INSERT" : "RULE_APPEND";
      throw this.refused(fault.rule.at.line, ` ${what} failed (${fault.reason}): rule in chain ${fault.chain}`);
    }
    this.result = committed(this.draft, this.options.at);
  }

  /** Does something for a line, and ends the reading when it is wrong; what nf_tables sees only at COMMIT waits. */
  private attempt(act: () => void): void {
    try {
      act();
    } catch (fault) {
      if (!(fault instanceof UsageError)) throw fault;
      if (fault instanceof UnsupportedExtension) this.unsupported = fault.extension;
      const nft = this.tool.variant === "nft";
      const late = fault.status === 4 || isKernelSentence(fault) || /^Chain '.*' does not exist$/.test(fault.message);
      // What iptables finds out itself comes before what the kernel says.
      if (nft && late) {
        if (!this.deferred || (this.deferred.fault.status === 4 && fault.status !== 4)) this.deferred = { line: this.line, fault };
      } else if (isKernelSentence(fault)) this.fail(`line ${this.line} failed`);
      else throw this.bad(fault.message.replace("in iptables-restore.", `in ${this.tool.program}.`), fault.status);
    }
  }

  private bad(message: string, status = 2): Stop {
    return new Stop({ status, message, line: this.line });
  }

  private refused(line: number, message: string): Stop {
    return new Stop({ status: 4, text: `${versionOf(this.tool)}: \nline ${line}:${message}\n` });
  }

  private fail(what: string): never {
    throw new Stop({ status: 1, text: `${this.tool.program}: ${what}\n` });
  }
}
