import { draftTable, ZERO, type Draft, type DraftTable, type Edit, type Position, type Rule } from "../ruleset/index.ts";
import { BUILTIN_CHAINS, UsageError, type Span, type TableName } from "../xtables/index.ts";
import { addressesOf, bindRule, buildRules, checkFiltering, checkInterfaces, type BuildContext } from "./build-rule.ts";
import { checkOptions } from "./legal-options.ts";
import { applyLegacyEdit } from "./legacy-edit.ts";
import { applyNftEdit, isHook } from "./nft-edit.ts";
import { checkForNft, keptByNft } from "./nft-variant.ts";
import type { Settings } from "./options.ts";
import { valueFault } from "./scan-faults.ts";
import { MOST_IN_NAME, type Scan } from "./spoken.ts";

/** What a command needs beside its words. */
export interface RunContext {
  readonly settings: Settings;
  readonly table: TableName;
  readonly at: Position;
  readonly warn: (message: string, span: Span) => void;
  /** Asked when everything that the words alone can have wrong has been looked at: the table may still be none. Throws UsageError. */
  readonly checkTable?: () => void;
  /** Hears what -v shows before it is known whether the command succeeds. With it, faults are told when the tools tell them. */
  readonly show?: (shown: Shown) => void;
}

/** What a command asks to be shown, for the tools; edits ask for something only with -v. */
export type Shown =
  | { readonly show: "list" | "specs"; readonly chain: string | undefined; readonly number: number | undefined }
  /** The rules that were to be added, deleted or looked for. */
  | { readonly show: "rules"; readonly rules: readonly Rule[] }
  /** The chains that were to be flushed, zeroed or deleted. */
  | { readonly show: "chains"; readonly doing: "Flushing" | "Zeroing" | "Deleting"; readonly chains: readonly string[] }
  | undefined;

/**
 * Carries out one scanned command on the draft. Throws UsageError and leaves the rules of the draft as they were. What -v shows is shown even
 * when the kernel then refuses, so it is told through `context.show` as well as given back.
 */
export function runCommand(draft: Draft, scan: Scan, context: RunContext): Shown {
  const { settings, table } = context;
  const nft = settings.variant === "nft";
  const chains = nft ? draft.tables.get(table) : draftTable(draft, table);
  const building: BuildContext = {
    settings,
    table,
    chain: scan.command?.chain ?? "",
    at: context.at,
    // iptables-nft takes every built-in chain to be there, and leaves the rest to the kernel.
    chains: { has: name => (chains?.has(name) ?? false) || (nft && isHook(table, name)), keys: () => chains?.keys() ?? [] },
    warn: context.warn,
  };
  const bound = valuesFirst(scan, settings, () => {
    checkFiltering(scan, table);
    if (scan.flags.has("W") && !scan.flags.has("w"))
      throw new UsageError("--wait-interval only makes sense with --wait", { span: scan.flags.get("W") });
    return bindRule(scan, building);
  });
  const { command, late } = scan;
  if (late && late.message.startsWith("unknown arguments")) throw late;
  if (!command) throw new UsageError("no command specified");
  if (late) throw late;
  const addresses = addressesOf(scan, building);
  const { chain = "", letter, span } = command;
  if (letter === "R" && addresses.sources.length * addresses.destinations.length !== 1)
    throw new UsageError("Replacement rule does not specify a unique address", { span });
  checkOptions(scan, command);
  if (chain.length > MOST_IN_NAME)
    throw new UsageError(`chain name \`${chain}' too long (must be under ${MOST_IN_NAME + 1} chars)`, { span });
  if ("AIRCD".includes(letter)) checkInterfaces(scan, chain);
  context.checkTable?.();
  const verbose = scan.verbose > 0;
  const apply = (edit: Edit): void =>
    nft ? applyNftEdit(draft, table, edit, verbose) : applyLegacyEdit(draft, table, edit, context.show !== undefined);
  const rules = (): readonly Rule[] => {
    const built = buildRules(scan, bound, addresses, building);
    if (nft) for (const rule of built) checkForNft(rule);
    const kept = nft ? built.map(rule => keptByNft(rule, settings.family)) : built;
    // iptables-nft shows a rule once it has found its place.
    if (verbose && (!nft || letter === "A")) show({ show: "rules", rules: kept });
    else if (verbose) later = kept;
    return kept;
  };
  let shown: Shown;
  let later: readonly Rule[] | undefined;
  const done = (): Shown => {
    if (later) show({ show: "rules", rules: later });
    return shown;
  };
  const show = (what: Shown): void => {
    shown = what;
    context.show?.(what);
  };
  switch (letter) {
    case "A":
      apply({ edit: "append", chain, rules: rules() });
      return done();
    case "I":
      apply({ edit: "insert", chain, number: command.number ?? 1, rules: rules() });
      return done();
    case "R":
      for (const rule of rules()) apply({ edit: "replace", chain, number: command.number ?? 0, rule });
      return done();
    case "D":
      if (command.number === undefined) apply({ edit: "deleteLike", chain, rules: rules() });
      else apply({ edit: "delete", chain, number: command.number });
      return done();
    case "C":
      apply({ edit: "checkLike", chain, rules: rules() });
      return done();
    case "N":
      apply({ edit: "new", chain, at: context.at });
      return undefined;
    case "E":
      apply({ edit: "rename", chain, to: command.argument ?? "" });
      return undefined;
    case "P":
      // iptables-nft sets the counters to zero, whatever -c says.
      apply({ edit: "policy", chain, policy: command.argument ?? "", counters: (nft ? undefined : scan.counters?.counters) ?? ZERO });
      return undefined;
    case "F":
    case "X":
    case "Z": {
      const only = command.chain === undefined ? {} : { chain: command.chain };
      const { number } = command;
      const edit: Edit =
        letter === "F"
          ? { edit: "flush", ...only }
          : letter === "X"
            ? { edit: "deleteChain", ...only }
            : { edit: "zero", ...only, ...(number !== undefined && { number }) };
      const told = (): void => {
        if (verbose && number === undefined)
          show({ show: "chains", doing: DOING[letter], chains: concerned(draft, table, letter, only.chain, nft) });
      };
      // Legacy tells of each chain before it tries; so does nf_tables with chains to delete, which the kernel refuses later.
      const early = !nft || letter === "X";
      if (early) told();
      apply(edit);
      if (!early) told();
      return shown;
    }
    default:
      return { show: letter === "L" ? "list" : "specs", chain: command.chain, number: command.number };
  }
}

/** iptables reads each value as it comes, so a wrong one is told of before anything that is wrong with the line as a whole. */
function valuesFirst<T>(scan: Scan, settings: Settings, act: () => T): T {
  try {
    return act();
  } catch (fault) {
    throw (fault instanceof UsageError && valueFault(scan, settings)) || fault;
  }
}

const DOING = { F: "Flushing", X: "Deleting", Z: "Zeroing" } as const;

/** The chains that -F, -X or -Z is about, in the order of a listing. */
function concerned(draft: Draft, name: TableName, letter: string, chain: string | undefined, nft: boolean): readonly string[] {
  const table: DraftTable | undefined = draft.tables.get(name);
  if (chain !== undefined) return nft && letter === "X" && (isHook(name, chain) || !table?.has(chain)) ? [] : [chain];
  const all = [...(table?.values() ?? [])];
  const own = all.filter(({ hook }) => hook === undefined).map(({ name: each }) => each);
  const hooks = letter === "X" ? [] : BUILTIN_CHAINS[name].filter(hook => table?.has(hook));
  return [...hooks, ...own.toSorted()];
}
