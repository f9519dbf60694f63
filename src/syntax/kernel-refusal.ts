import { checkPlaces, sharedSteps, findLoops, type Draft, type Rule } from "../ruleset/index.ts";
import { UsageError, type TableName } from "../xtables/index.ts";
import { isHook } from "./nft-edit.ts";
import { comparesNothing, lacksModule, seenByKernel, standsAnywhere } from "./nft-variant.ts";
import type { Settings } from "./options.ts";
import type { Scan } from "./spoken.ts";

const WHAT: Readonly<Record<string, string>> = { A: "RULE_APPEND", I: "RULE_INSERT", R: "RULE_REPLACE" };

/** A rule that the kernel does not take, and nf_tables' reason. */
export interface RuleFault {
  readonly rule: Rule;
  readonly chain: string;
  /** The C library's text for the kernel's error number. */
  readonly reason: string;
}

/** What libiptc says instead of some of them. libiptc: iptc_strerror. */
const LEGACY: Readonly<Record<string, string>> = {
  "Invalid argument": "Invalid argument. Run `dmesg' for more information.",
  "No such file or directory": "No chain/target/match by that name.",
};

/** The error number that an extension's refusal ends with, in parentheses; otherwise the usual one. */
const reasonOf = (message: string): string => / \(([A-Z][\w ]+)\)$/.exec(message)?.[1] ?? "Invalid argument";

/** The first rule of a table, by line, that the kernel does not take where it stands; undefined when it takes all. */
export function tableFault(draft: Draft, name: TableName, { variant, family }: Settings): RuleFault | undefined {
  const table = draft.tables.get(name);
  if (!table) return undefined;
  const nft = variant === "nft";
  const chains = new Map([...table].map(([chain, value]) => [chain, value.finished()]));
  const faults: RuleFault[] = [];
  if (nft) {
    for (const [chain, { rules }] of chains)
      for (const rule of rules) {
        if (comparesNothing(rule)) faults.push({ rule, chain, reason: "Invalid argument" });
        if (lacksModule(rule)) faults.push({ rule, chain, reason: "No such file or directory" });
        const hook = ledToHook(rule, name);
        if (hook !== undefined)
          faults.push({ rule, chain, reason: chains.has(hook) ? "Operation not supported" : "No such file or directory" });
      }
  }
  for (const { reachable, rule, chain } of findLoops(chains, variant))
    if (reachable) faults.push({ rule, chain, reason: nft ? "Too many links" : "Too many levels of symbolic links" });
  const others = [...draft.tables].filter(([other]) => other !== name).map(([, each]) => ({ chains: each }));
  const seen = nft ? new Map([...chains].map(([chain, value]) => [chain, { ...value, rules: value.rules.map(seenByKernel) }])) : chains;
  for (const { rule, chain, message } of checkPlaces({ name, chains: seen }, family, variant, sharedSteps(others)))
    if (!nft || !standsAnywhere(rule)) faults.push({ rule, chain, reason: reasonOf(message) });
  return faults.toSorted((a, b) => a.rule.at.line - b.rule.at.line)[0];
}

/** Why the kernel does not take the table as a command has left it; undefined when it does. Only commands that add or rename can be at fault. */
export function refusedByKernel(draft: Draft, { command }: Scan, name: TableName, settings: Settings): UsageError | undefined {
  if (!command || !"AIREPN".includes(command.letter)) return undefined;
  const fault = tableFault(draft, name, settings);
  if (!fault) return undefined;
  if (settings.variant === "nft")
    return new UsageError(` ${WHAT[command.letter] ?? "RULE_APPEND"} failed (${fault.reason}): rule in chain ${command.chain}`, {
      status: 4,
    });
  return new UsageError(LEGACY[fault.reason] ?? `${fault.reason}.`, { status: 1 });
}

/** The built-in chain that a rule leads to. */
function ledToHook({ target }: Rule, table: TableName): string | undefined {
  const action = target?.action;
  return (action?.do === "jump" || action?.do === "goto") && isHook(table, action.chain) ? action.chain : undefined;
}
