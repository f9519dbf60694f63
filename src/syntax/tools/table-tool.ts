import type { Ruleset } from "../../ruleset/index.ts";
import { BUILTIN_CHAINS, UsageError, type TableName } from "../../xtables/index.ts";
import { applyCommand, applyZero, type CommandResult } from "../command.ts";
import { defaultNames } from "../names.ts";
import { valueFault } from "../scan-faults.ts";
import type { Scan } from "../spoken.ts";
import { printHelp } from "./help.ts";
import { sentenceOf } from "./sentence.ts";
import { listing, shownText } from "./shown.ts";
import { absentOf, rulesOf, withRules, type Tool, type ToolOptions, type ToolResult, type ToolState } from "./tool.ts";
import { VERSION, versionOf } from "./tool-name.ts";
import { spokenWarnings } from "./warnings.ts";

/** `iptables ARGV` and `ip6tables ARGV`: one command on one table. iptables: iptables-standalone.c, xtables-standalone.c. */
export function runTables<State extends ToolState>(
  tool: Tool,
  argv: readonly string[],
  state: State,
  options: ToolOptions,
): ToolResult<State> {
  const before = rulesOf(state, tool.family);
  const done = applyCommand(before, argv, { ...options, called: tool.called, variant: tool.variant, absent: absentOf(state, tool.family) });
  const ignored = waitIsTold(done.scan, tool, options) ? "Ignoring deprecated --wait-interval option.\n" : "";
  const warnings = ignored + spokenWarnings(done.scan, tool.family, done.warnings);
  const stop = done.scan?.stop;
  if (done.status === 0 && stop) return { state, stdout: stopText(tool, stop, done.scan), stderr: warnings, status: 0 };
  const stdout = shownText(done.show, tool);
  if (done.status !== 0 || done.scan?.otherFamily) {
    const stderr = warnings + sentenceOf(tool, { status: done.status, message: done.error });
    return { state, stdout, stderr, status: done.status, unsupported: done.unsupported };
  }
  const after = withRules(state, done.ruleset, done.absent);
  if (done.show?.show !== "list" && done.show?.show !== "specs") return { state: after, stdout, stderr: warnings, status: 0 };
  return listed(tool, after, done, options, warnings);
}

/** -W is told of where it stands, so not when a value before it is wrong. */
function waitIsTold(scan: Scan | undefined, { family, variant }: Tool, { names = defaultNames }: ToolOptions): boolean {
  const span = scan?.flags.get("W");
  return scan !== undefined && span !== undefined && valueFault(scan, { family, variant, names }, span.column) === undefined;
}

/** -h and -V, behind which nothing is read. */
function stopText(
  tool: Tool,
  { letter, invert }: { readonly letter: "h" | "V"; readonly invert: boolean },
  scan: Scan | undefined,
): string {
  if (letter === "h") return printHelp(tool, scan);
  return invert ? `Not ${VERSION} (${tool.variant === "nft" ? "nf_tables" : "legacy"}) ;-)\n` : `${versionOf(tool)}\n`;
}

/** -L and -S, with -Z behind them. */
function listed<State extends ToolState>(
  tool: Tool,
  state: State,
  { scan, table, absent, show }: CommandResult,
  options: ToolOptions,
  warnings: string,
): ToolResult<State> {
  const ruleset = rulesOf(state, tool.family);
  const fail = (status: number, message: string, stdout = ""): ToolResult<State> => ({
    state,
    stdout,
    stderr: warnings + sentenceOf(tool, { status, message }),
    status,
  });
  if (!scan || (show?.show !== "list" && show?.show !== "specs")) return { state, stdout: "", stderr: warnings, status: 0 };
  const stdout = listing({ ruleset, table, scan, names: options.names }, show, tool.variant);
  if (stdout === undefined) {
    return tool.variant === "nft"
      ? fail(1, `chain \`${show.chain}' in table \`${table}' is incompatible, use 'nft' tool.`)
      : fail(1, "No chain/target/match by that name.");
  }
  const zero = scan.command?.zero;
  if (zero === undefined) return { state, stdout, stderr: warnings, status: 0 };
  const told =
    scan.verbose > 0 && zero === "chain"
      ? shownText({ show: "chains", doing: "Zeroing", chains: zeroedChains(ruleset, table, show.chain) }, tool)
      : "";
  // Zeroing makes the built-in chains that were shown, but not the table.
  if (tool.variant === "nft" && !ruleset.tables.has(table))
    return fail(4, ` CHAIN_ZERO failed (No such file or directory): chain ${show.chain ?? BUILTIN_CHAINS[table][0]}`, stdout + told);
  const still = new Set([...(absent.get(table) ?? [])].filter(chain => show.chain !== undefined && chain !== show.chain));
  try {
    const zeroed = applyZero(ruleset, table, show.chain, zero === "rule" ? show.number : undefined, tool.variant);
    return { state: withRules(state, zeroed, new Map([...absent, [table, still]])), stdout: stdout + told, stderr: warnings, status: 0 };
  } catch (fault) {
    if (!(fault instanceof UsageError)) throw fault;
    return fail(fault.status, fault.message, stdout);
  }
}

const zeroedChains = (ruleset: Ruleset, table: TableName, chain: string | undefined): readonly string[] =>
  chain === undefined ? [...(ruleset.tables.get(table)?.chains.keys() ?? BUILTIN_CHAINS[table])] : [chain];
