import { findSetType, type NamedSet, type Refusal, type Sets } from "../../ruleset/index.ts";
import { findCommand, GLOBAL_OPTIONS, isGlobalOption, type GlobalOption } from "./commands.ts";
import { emptyDraft, type Draft, type HostLookup } from "./draft.ts";
import { readElement } from "./element-text.ts";
import { generalHelp, IPSET_VERSION, typeHelp, typesHelp } from "./help.ts";
import type { Stage } from "./keywords.ts";
import { printSets, type ListMode } from "./listing.ts";
import { readOptions } from "./option-words.ts";
import { Pending, type Change } from "./pending.ts";
import { printElement } from "./print-entry.ts";
import { Exit } from "./exit.ts";
import { FAILED, Report, type Failed } from "./report.ts";
import { refusalSentence, type CommandName } from "./sentences.ts";
import { checkSetName } from "./set-name.ts";
import { formRefusal, missingOption } from "./stage-checks.ts";

/** One run of ipset: what it has been told so far, and what it has said. Options stay for the lines of restored text that follow. libipset: struct ipset, ipset_session. */
export class Session {
  stdout = "";
  stderr = "";
  /** A file to restore from, or to print to. */
  file: string | undefined;
  interactive = false;
  readonly report: Report = new Report();
  private readonly sets: Sets;
  private readonly now: number;
  private readonly hosts: HostLookup;
  private readonly options = new Set<GlobalOption["sets"]>();
  private mode: ListMode | undefined;
  private pending: Pending | undefined;

  constructor(sets: Sets, now: number, hosts: HostLookup) {
    this.sets = sets;
    this.now = now;
    this.hosts = hosts;
  }

  /** Runs one command; true when it asks for text to be restored. Throws Exit. libipset: ipset.c, ipset_parse_argv. */
  run(argv: readonly string[]): boolean {
    if (argv.length >= 32) this.misuse("Line is too long to parse.");
    const words = this.takeOptions([...argv]);
    const [word, ...rest] = words;
    const command = word === undefined ? undefined : findCommand(word);
    if (this.interactive && (!command || command.name === "restore")) {
      this.stdout += command ? "Restore command is not supported in interactive mode\n" : "No command specified\n";
      return false;
    }
    if (!command) this.noCommand(word);
    if (this.report.line !== 0 && ["restore", "version", "help"].includes(command.name))
      this.misuse(`Command \`${command.name}' is invalid in restore mode.`);
    if (command.takes === "two") {
      if (rest.length === 0) this.misuse(`Missing mandatory argument to command ${command.name}`);
      if (rest.length === 1) this.misuse(`Missing second mandatory argument to command ${command.name}`);
    }
    const taken = command.takes === "two" ? 2 : command.takes === "optional" ? 1 : 0;
    const [first, second] = rest;
    const more = rest.slice(taken);
    this.report.emptied = false;
    return this.dispatch(command.name, taken === 0 ? undefined : first, taken === 2 ? second : undefined, more);
  }

  /** Carries out what was gathered: in restored text, additions to one set go to the kernel together. */
  commit(): void {
    const { pending } = this;
    this.pending = undefined;
    const fault = pending?.carryOut(this.sets, this.now);
    if (!fault) return;
    if (fault.line !== 0) this.report.line = fault.line;
    this.report.error(refusalSentence(fault.refusal, fault.command));
    this.finish();
  }

  /** Ends after something was said. libipset: ipset.c, default_standard_error. */
  finish(): never {
    const { severity, text } = this.report;
    this.report.reset();
    const quiet = this.options.has("quiet") && !this.interactive;
    if (severity === "error") {
      if (!quiet) this.stderr += `ipset v${IPSET_VERSION}: ${text}`;
      throw new Exit(1);
    }
    if (!quiet) this.stderr += `${severity === "warning" ? "Warning: " : ""}${text}`;
    throw new Exit(severity === "notice" ? 1 : 0);
  }

  /** Wrong use of the command line. libipset: IPSET_PARAMETER_PROBLEM. */
  misuse(sentence: string): never {
    if (!this.options.has("quiet") || this.interactive)
      this.stderr += `ipset v${IPSET_VERSION}: ${sentence}\nTry \`ipset help' for more information.\n`;
    throw new Exit(2);
  }

  private noCommand(word: string | undefined): never {
    if (word !== undefined && word !== "-") this.misuse(`No command specified: unknown argument ${word}`);
    if (word === undefined) this.misuse("No command specified.");
    this.interactive = true;
    throw new Exit(0);
  }

  /** Takes the options out that may stand anywhere. */
  private takeOptions(words: string[]): string[] {
    for (const option of GLOBAL_OPTIONS) {
      for (let i = 0; i < words.length;) {
        if (!isGlobalOption(words[i] ?? "", option)) {
          i++;
          continue;
        }
        words.splice(i, 1);
        if (option.takes) {
          const [value] = words.splice(i, 1);
          if (value === undefined) this.misuse(`Missing mandatory argument to option ${option.names[0]}`);
          this.takeValue(option, value);
        } else if (option.sets === "resolve") this.misuse("-resolve is not to be had here: addresses are not looked up");
        else this.options.add(option.sets);
      }
    }
    return words;
  }

  private takeValue(option: GlobalOption, value: string): void {
    if (option.sets === "file") {
      if (this.file !== undefined) this.misuse("-file option cannot be used when full io is activated");
      this.file = value;
    } else if (value === "plain" || value === "save" || value === "xml") this.mode = value;
    else {
      this.report.syntax(`unknown output mode '${value}'`);
      this.finish();
    }
  }

  private dispatch(name: CommandName, first: string | undefined, second: string | undefined, more: readonly string[]): boolean {
    switch (name) {
      case "help":
        return this.help(first);
      case "version":
        this.stdout += `ipset v${IPSET_VERSION}, protocol version: 7\n`;
        throw new Exit(0);
      case "quit":
        throw new Exit(0);
      case "restore":
        this.refuseMore(more);
        return true;
      case "create":
        this.create(first ?? "", second ?? "", more);
        return false;
      case "add":
      case "del":
      case "test":
        this.change(name, first ?? "", second ?? "", more);
        return false;
      case "rename":
      case "swap":
        this.checkName(first ?? "");
        this.checkName(second ?? "");
        this.refuseMore(more);
        this.commit();
        return this.done(name === "swap" ? this.sets.swap(first ?? "", second ?? "") : this.sets.rename(first ?? "", second ?? ""), name);
      default:
        if (first !== undefined) this.checkName(first);
        this.refuseMore(more);
        this.commit();
        if (name === "list" || name === "save") return this.list(name, first);
        return this.done(name === "flush" ? this.sets.flush(first) : this.sets.destroy(first, this.options.has("exist")), name);
    }
  }

  private help(typeName: string | undefined): never {
    this.stdout += generalHelp();
    if (this.options.has("quiet")) throw new Exit(0);
    const help = typeName === undefined ? typesHelp() : typeHelp(typeName);
    if (help === undefined) this.misuse(`Unknown settype: \`${typeName}'`);
    this.stdout += help;
    throw new Exit(0);
  }

  private create(name: string, typeName: string, words: readonly string[]): void {
    this.checkName(name);
    const draft = emptyDraft(this.report, this.hosts);
    const type = findSetType(typeName);
    if (!type) {
      this.report.syntax(`typename '${typeName}' is unknown`);
      this.finish();
    }
    draft.type = type;
    if (type.families.length > 0) draft.family = 4;
    this.readOptions(draft, "create", words);
    const missing = missingOption(draft, type);
    if (missing !== undefined) this.misuse(`Mandatory option \`${missing}' is missing`);
    this.commit();
    const { family } = draft;
    if (family === 0) this.refuse("family", "create");
    this.done(
      this.sets.create(
        name,
        type.name,
        family === 4 || family === 6 ? { ...draft.create, family } : draft.create,
        this.options.has("exist"),
      ),
      "create",
    );
  }

  private change(name: "add" | "del" | "test", setName: string, element: string, words: readonly string[]): void {
    this.checkName(setName);
    const draft = emptyDraft(this.report, this.hosts);
    const set = this.sets.get(setName);
    if (!set) this.refuse("no set", name);
    draft.type = set.type;
    draft.family = set.family;
    if (readElement(draft, element) === FAILED) this.finish();
    this.readOptions(draft, name, words);
    const form = formRefusal(draft, set.type, name);
    if (form !== undefined) {
      if (!this.options.has("quiet")) this.stderr += `ipset v${IPSET_VERSION}: ${form}\n`;
      throw new Exit(1);
    }
    if (this.report.emptied) {
      this.commit();
      this.report.error(`Invalid ${name} command: missing setname`);
      this.finish();
    }
    const change: Change = { command: name, set: setName, entry: draft.entry, line: this.report.line };
    if (name !== "test" && this.report.line !== 0) this.gather(change);
    else {
      this.commit();
      if (name === "test") this.test(change, set.type);
      else {
        this.pending = new Pending(change, this.options.has("exist"));
        this.commit();
      }
    }
    if (this.report.severity !== "none") this.finish();
  }

  /** Adds to what waits for the kernel, or sends that first when it is something else or the message is full. */
  private gather(change: Change): void {
    if (this.pending && !this.pending.takes(change)) this.commit();
    if (this.pending) this.pending.push(change);
    else this.pending = new Pending(change, this.options.has("exist"));
  }

  private test({ set, entry }: Change, type: Draft["type"]): void {
    const found = this.sets.get(set)?.test(entry, this.now) === true;
    if (this.options.has("quiet")) {
      if (!found) throw new Exit(1);
      return;
    }
    this.report.say(found ? "warning" : "notice", `${type ? printElement(type, entry, true) : ""} is ${found ? "" : "NOT "}in set ${set}.`);
    this.finish();
  }

  private list(command: "list" | "save", name: string | undefined): false {
    const mode = (this.mode ??= command === "save" ? "save" : "plain");
    let shown: Iterable<NamedSet> = this.sets.list();
    if (name !== undefined) {
      const one = this.sets.named(name);
      if (!one) this.refuse("no set", command);
      shown = [one];
    }
    this.stdout += printSets(shown, {
      mode,
      namesOnly: this.options.has("name"),
      terse: this.options.has("terse"),
      members: command === "save" || mode === "save" || !this.options.has("terse"),
      sorted: this.options.has("sorted"),
      now: this.now,
    });
    return false;
  }

  private readOptions(draft: Draft, stage: Stage, words: readonly string[]): void {
    const fault = readOptions(draft, stage, words);
    if (fault === FAILED) this.finish();
    if (fault !== undefined) this.misuse(fault);
  }

  private checkName(name: string): Failed | undefined {
    if (checkSetName(this.report, name) === FAILED) this.finish();
    return undefined;
  }

  private refuseMore([word]: readonly string[]): void {
    if (word !== undefined) this.misuse(`Unknown argument ${word}`);
  }

  private done(refusal: Refusal | undefined, command: CommandName): false {
    if (refusal !== undefined) this.refuse(refusal, command);
    if (this.report.severity !== "none") this.finish();
    return false;
  }

  private refuse(refusal: Refusal, command: CommandName): never {
    this.report.error(refusalSentence(refusal, command));
    this.finish();
  }
}
