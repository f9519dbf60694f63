import type { Family } from "../predicate/index.ts";
import { checkPlaces, draftOf, draftTable, finished, findLoops, type Ruleset } from "../ruleset/index.ts";
import { TABLES, UsageError, type Status, type TableName } from "../xtables/index.ts";
import { UnsupportedExtension } from "./fault.ts";
import { acceptedByNft } from "./nft-variant.ts";
import { settingsOf, type ReadOptions } from "./options.ts";
import { runCommand, type Shown } from "./run-command.ts";
import { scanWords } from "./scan.ts";
import type { Scan } from "./spoken.ts";
import { wordsOfArgv } from "./words.ts";

/** What one iptables command did. */
export interface CommandResult {
  /** As before when the command failed. */
  readonly ruleset: Ruleset;
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

/** Carries out `iptables ARGV` on a ruleset: -A -I -R -D -C -N -X -P -F -E -Z, with iptables' exit status and sentence. */
export function applyCommand(ruleset: Ruleset, argv: readonly string[], options: Omit<ReadOptions, "family"> = {}): CommandResult {
  const { family } = ruleset;
  const settings = settingsOf(options, family);
  const warnings: string[] = [];
  let table: TableName = "filter";
  let scan: Scan | undefined;
  const failed = (status: Status, error: string, guess?: string): CommandResult => ({
    ruleset,
    status,
    error,
    guess,
    warnings,
    show: undefined,
    table,
    scan,
  });
  try {
    const draft = draftOf(ruleset);
    scan = scanWords(wordsOfArgv(argv), {
      family,
      lenient: settings.lenient,
      oldSyntax: settings.oldSyntax,
      names: settings.names,
      line: 1,
      restore: false,
      isChain: name => draftTable(draft, tableOf(argv)).has(name),
    });
    if (scan.otherFamily) return failed(2, "");
    const said = scan.table?.text;
    if (said !== undefined && !isTable(said))
      return failed(
        3,
        `can't initialize ${toolName(family)} table \`${said}': Table does not exist (do you need to insmod?)\nPerhaps ${toolName(family)} or your kernel needs to be upgraded.`,
      );
    table = isTable(said) ? said : "filter";
    const show = runCommand(draft, scan, {
      settings,
      table,
      at: { file: "", line: 1, column: 1 },
      warn: message => warnings.push(message),
    });
    const after = finished(draft);
    if (!show && scan.command && "AIREPN".includes(scan.command.letter)) {
      const chains = after.tables.get(table)?.chains ?? new Map();
      const nft = settings.variant === "nft";
      const what = { A: "RULE_APPEND", I: "RULE_INSERT", R: "RULE_REPLACE" }[scan.command.letter] ?? "RULE_APPEND";
      if (findLoops(chains, settings.variant).some(({ reachable }) => reachable)) {
        return nft
          ? failed(4, ` ${what} failed (Too many links): rule in chain ${scan.command.chain}`)
          : failed(1, "Too many levels of symbolic links.");
      }
      const fault = checkPlaces({ name: table, chains }, family, settings.variant).find(({ rule }) => !nft || !acceptedByNft(rule));
      if (fault)
        return nft
          ? failed(4, ` ${what} failed (Invalid argument): rule in chain ${scan.command.chain}`)
          : failed(1, "Invalid argument. Run `dmesg' for more information.");
    }
    return { ruleset: after, status: 0, error: "", warnings, show, table, scan };
  } catch (fault) {
    if (!(fault instanceof UsageError)) throw fault;
    const unsupported = fault instanceof UnsupportedExtension ? fault.extension : undefined;
    return { ...failed(fault.status, fault.message, fault.guess), unsupported };
  }
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
