import { applyEdit, draftTable, type Draft, type Position, type Rule } from "../ruleset/index.ts";
import { UsageError, type Span, type TableName } from "../xtables/index.ts";
import { buildRules } from "./build-rule.ts";
import { checkForNft } from "./nft-variant.ts";
import type { Settings } from "./options.ts";
import { isTargetName } from "./known.ts";
import { MOST_IN_NAME, type Scan, type SpokenCommand } from "./spoken.ts";

/** What a command needs beside its words. */
export interface RunContext {
  readonly settings: Settings;
  readonly table: TableName;
  readonly at: Position;
  readonly warn: (message: string, span: Span) => void;
}

/** What a command asks to be shown, for the tools; edits ask for nothing. */
export type Shown =
  | { readonly show: "list" | "specs"; readonly chain: string | undefined; readonly number: number | undefined }
  | undefined;

/** Carries out one scanned command on the draft. Throws UsageError and leaves the draft as it was. */
export function runCommand(draft: Draft, scan: Scan, context: RunContext): Shown {
  const { command } = scan;
  if (!command) throw new UsageError("no command specified");
  const { chain = "", letter, span } = command;
  checkOptions(scan, command);
  if (chain.length > MOST_IN_NAME)
    throw new UsageError(`chain name \`${chain}' too long (must be under ${MOST_IN_NAME + 1} chars)`, { span });
  const { table } = context;
  const chains = draftTable(draft, table);
  const rules = (): Rule[] => {
    const built = buildRules(scan, { settings: context.settings, table, chain, at: context.at, chains, warn: context.warn });
    if (context.settings.variant === "nft") for (const rule of built) checkForNft(rule, chain);
    return built;
  };
  switch (letter) {
    case "A":
      return applyEdit(draft, table, { edit: "append", chain, rules: rules() }) as undefined;
    case "I":
      return applyEdit(draft, table, { edit: "insert", chain, number: command.number ?? 1, rules: rules() }) as undefined;
    case "R": {
      const [rule, more] = rules();
      if (!rule || more) throw new UsageError("Replacement rule does not specify a unique address", { span });
      return applyEdit(draft, table, { edit: "replace", chain, number: command.number ?? 0, rule }) as undefined;
    }
    case "D":
      if (command.number !== undefined) return applyEdit(draft, table, { edit: "delete", chain, number: command.number }) as undefined;
      return applyEdit(draft, table, { edit: "deleteLike", chain, rules: rules() }) as undefined;
    case "C":
      return applyEdit(draft, table, { edit: "checkLike", chain, rules: rules() }) as undefined;
    case "N":
      checkNewChain(chain, span, context.settings);
      return applyEdit(draft, table, { edit: "new", chain, at: context.at }) as undefined;
    case "E":
      checkNewChain(command.argument ?? "", span, context.settings);
      return applyEdit(draft, table, { edit: "rename", chain, to: command.argument ?? "" }) as undefined;
    case "P":
      if (table === "nat" && command.argument === "DROP")
        throw new UsageError('The "nat" table is not intended for filtering, the use of DROP is therefore inhibited.', { span });
      return applyEdit(draft, table, { edit: "policy", chain, policy: command.argument ?? "" }) as undefined;
    case "F":
      return applyEdit(draft, table, command.chain === undefined ? { edit: "flush" } : { edit: "flush", chain }) as undefined;
    case "X":
      return applyEdit(draft, table, command.chain === undefined ? { edit: "deleteChain" } : { edit: "deleteChain", chain }) as undefined;
    case "Z":
      return applyEdit(draft, table, {
        edit: "zero",
        ...(command.chain !== undefined && { chain }),
        ...(command.number !== undefined && { number: command.number }),
      }) as undefined;
    default:
      return { show: letter === "L" ? "list" : "specs", chain: command.chain, number: command.number };
  }
}

/** A user chain's name as -N takes it. iptables: xshared.c, assert_valid_chain_name. Throws UsageError. */
export function checkNewChain(name: string, span: Span, { family }: Settings): void {
  if (/^[-!]/.test(name)) throw new UsageError(`chain name not allowed to start with \`${name[0]}'`, { span });
  if (name === "" || isTargetName(name, family)) throw new UsageError("chain name may not clash with target name", { span });
  if (/\s/.test(name)) throw new UsageError(`Invalid chain name \`${name}'`, { span });
  if (name.length > MOST_IN_NAME)
    throw new UsageError(`chain name \`${name}' too long (must be under ${MOST_IN_NAME + 1} chars)`, { span });
}

/** Options that a command does not take. iptables: xshared.c, generic_opt_check. */
function checkOptions(scan: Scan, { letter, number }: SpokenCommand): void {
  const illegal = (option: string, span: Span): UsageError => new UsageError(`Illegal option \`-${option}' with this command`, { span });
  const takesRule = "AIRC".includes(letter) || (letter === "D" && number === undefined);
  if (!takesRule) {
    const given = [
      ["s", scan.source],
      ["d", scan.destination],
      ["p", scan.protocol],
      ["j", scan.jump],
      ["i", scan.inInterface],
      ["o", scan.outInterface],
      ["f", scan.fragment],
      ["c", scan.counters],
    ] as const;
    for (const [option, spoken] of given) if (spoken) throw illegal(option, spoken.span);
  } else if (scan.counters && "DC".includes(letter)) throw illegal("c", scan.counters.span);
  const allowed = letter === "L" ? "nvx0" : letter === "S" ? "nv" : "v";
  for (const [flag, span] of scan.flags) if (!allowed.includes(flag)) throw illegal(flag, span);
}
