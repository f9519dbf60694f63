import type { Family } from "../predicate/index.ts";
import { draftOf, finished, ZERO, type Draft, type Edit, type Position, type Ruleset } from "../ruleset/index.ts";
import { TABLES, UsageError, type Status, type TableName } from "../xtables/index.ts";
import { NONE_ABSENT, withBuiltins, withoutAbsent, type AbsentChains } from "./base-chains.ts";
import { UnsupportedExtension } from "./fault.ts";
import { refusedByKernel } from "./kernel-refusal.ts";
import { isSurelyTaken, rememberTaken } from "./taken-tables.ts";
import { applyLegacyEdit } from "./legacy-edit.ts";
import { applyNftEdit } from "./nft-edit.ts";
import { settingsOf, type ReadOptions, type Variant } from "./options.ts";
import { runCommand, type Shown } from "./run-command.ts";
import { scanWords } from "./scan.ts";
import { valueFault } from "./scan-faults.ts";
import { emptyScan, type Scan } from "./spoken.ts";
import { wordsOfArgv } from "./words.ts";

/** What one iptables command did. */
export interface CommandResult {
  /** As before when the command failed. */
  readonly ruleset: Ruleset;
  /** With variant "nft": the built-in chains that are not there now. */
  readonly absent: AbsentChains;
  readonly status: 0 | Status;
  /** iptables' sentence without the program's name; empty on success. */
  readonly error: string;
  readonly guess?: string | undefined;
  /** The extension that iptables knows and Ferrule does not model, when that is the reason. */
  readonly unsupported?: string | undefined;
  readonly warnings: readonly string[];
  readonly show: Shown;
  readonly table: TableName;
  readonly scan: Scan | undefined;
}

/** How to carry out one command. */
export interface CommandOptions extends Omit<ReadOptions, "family"> {
  /** With variant "nft": the built-in chains that are not there yet. */
  readonly absent?: AbsentChains | undefined;
  /** What the program was called by, which one sentence tells. */
  readonly called?: string | undefined;
  /** What the rules that the command makes say of where they come from. */
  readonly at?: Position | undefined;
}

/** Carries out `iptables ARGV` on a ruleset: -A -I -R -D -C -N -X -P -F -E -Z, with iptables' exit status and sentence. */
export function applyCommand(ruleset: Ruleset, argv: readonly string[], options: CommandOptions = {}): CommandResult {
  const { family } = ruleset;
  const settings = settingsOf(options, family);
  const absent = options.absent ?? NONE_ABSENT;
  const warnings: string[] = [];
  let table: TableName = "filter";
  let scan: Scan | undefined;
  let show: Shown;
  const failed = (status: 0 | Status, error: string, guess?: string): CommandResult => ({
    ruleset,
    absent,
    status,
    error,
    guess,
    warnings,
    show,
    table,
    scan,
  });
  try {
    const draft = draftOf(ruleset);
    withoutAbsent(draft, absent);
    const words = wordsOfArgv(argv);
    scan = emptyScan();
    scanWords(
      words,
      {
        family,
        variant: settings.variant,
        lenient: settings.lenient,
        oldSyntax: settings.oldSyntax,
        names: settings.names,
        line: 1,
        called: options.called,
        warn: message => warnings.push(message),
        restore: false,
        isChain: name => draft.tables.get(tableOf(argv))?.has(name) ?? false,
      },
      scan,
    );
    if (scan.otherFamily || scan.stop) {
      const wrong = valueFault(scan, settings);
      if (wrong) throw wrong;
      return failed(scan.stop ? 0 : 2, "");
    }
    const said = scan.table?.text;
    table = isTable(said) ? said : "filter";
    const shown = runCommand(draft, scan, {
      settings,
      table,
      at: options.at ?? { file: "", line: 1, column: 1 },
      warn: message => warnings.push(message),
      show: what => (show = what),
      checkTable() {
        if (said !== undefined && !isTable(said)) throw noTable(said, family, settings.variant);
      },
    });
    const sure = isSurelyTaken(ruleset, draft, scan, table, settings);
    const refused = sure ? undefined : refusedByKernel(draft, scan, table, settings);
    if (refused) return failed(refused.status, refused.message);
    if (settings.variant === "legacy") forgetPolicyCounters(draft, ruleset, scan, table);
    const gone = withBuiltins(draft);
    const after = finished(draft);
    rememberTaken(ruleset, after, scan, table, settings, sure);
    return { ruleset: after, absent: gone, status: 0, error: "", warnings, show: shown, table, scan };
  } catch (fault) {
    if (!(fault instanceof UsageError)) throw fault;
    const unsupported = fault instanceof UnsupportedExtension ? fault.extension : undefined;
    return { ...failed(fault.status, fault.message, fault.guess), unsupported };
  }
}

/** Each time it loads a table anew, iptables-legacy 1.8.9 loses the counters of all policies but the one it sets. */
function forgetPolicyCounters(draft: Draft, before: Ruleset, { command }: Scan, table: TableName): void {
  if (!command || "CLS".includes(command.letter)) return;
  const chains = draft.tables.get(table);
  if (!chains || (command.letter === "X" && chains.size === before.tables.get(table)?.chains.size)) return;
  for (const chain of chains.values()) if (command.letter !== "P" || chain.name !== command.chain) chain.counters = ZERO;
}

/** The ruleset with the counters of a table, a chain or a rule at zero. Throws UsageError. */
export function applyZero(
  ruleset: Ruleset,
  table: TableName,
  chain: string | undefined,
  number: number | undefined,
  variant: Variant,
): Ruleset {
  const draft = draftOf(ruleset);
  const edit: Edit = { edit: "zero", ...(chain !== undefined && { chain }), ...(number !== undefined && { number }) };
  if (variant === "nft") applyNftEdit(draft, table, edit);
  else applyLegacyEdit(draft, table, edit);
  return finished(draft);
}

/** Bytes of a table's name, less the final NUL. Kernel: XT_TABLE_MAXNAMELEN. */
const MOST_IN_TABLE = 31;

/** What each tool says of a table that there is not. */
function noTable(name: string, family: Family, variant: Variant): UsageError {
  const what =
    variant === "nft"
      ? `table '${name}' does not exist`
      : `can't initialize ${toolName(family)} table \`${name}': ${name.length > MOST_IN_TABLE ? "Module is wrong version" : "Table does not exist (do you need to insmod?)"}`;
  return new UsageError(`${what}\nPerhaps ${toolName(family)} or your kernel needs to be upgraded.`, { status: 3 });
}

/** The table of a command line before it has been scanned: the last -t, wherever it stands. */
function tableOf(argv: readonly string[]): TableName {
  const at = Math.max(argv.lastIndexOf("-t"), argv.lastIndexOf("--table"));
  const name = at < 0 ? undefined : argv[at + 1];
  return isTable(name) ? name : "filter";
}

/** `iptables` or `ip6tables`. */
export const toolName = (family: Family): string => (family === 4 ? "iptables" : "ip6tables");

/** Is it one of the five tables? */
export const isTable = (name: string | undefined): name is TableName => name !== undefined && (TABLES as readonly string[]).includes(name);
