import { applyEdit, draftTable, refuse, REFUSALS, type Draft } from "../../ruleset/index.ts";
import { UsageError, type TableName } from "../../xtables/index.ts";
import { bareTable } from "../base-chains.ts";
import { parseCounter } from "../counters.ts";
import { applyNftEdit, isHook } from "../nft-edit.ts";
import { checkNewChain } from "../new-chain.ts";
import { MOST_IN_NAME } from "../spoken.ts";
import type { RestoreWish } from "./restore-arguments.ts";
import type { Tool } from "./tool.ts";

/** Chain names that libiptc keeps for verdicts. */
const LABELS: readonly string[] = ["ACCEPT", "DROP", "QUEUE", "RETURN"];

/** `:INPUT ACCEPT [0:0]` or `:chain - [0:0]`. iptables: iptables-restore.c and xtables-restore.c. Throws UsageError. */
export function readPolicyLine(text: string, table: TableName, line: number, draft: Draft, tool: Tool, wish: RestoreWish): void {
  const [name, policy, counters] = text
    .slice(1)
    .split(/[ \t]+/)
    .filter(word => word !== "");
  if (name === undefined) throw new UsageError(`${tool.program}: line ${line} chain name invalid`);
  const at = { file: "restore input", line, column: 2 };
  const count = (): { packets: bigint; bytes: bigint } => {
    const pair = wish.counters ? parsePair(counters ?? "") : { packets: 0n, bytes: 0n };
    if (!pair) throw new UsageError(`invalid policy counters for chain '${name}'`);
    return pair;
  };
  const noPolicy = (): UsageError => new UsageError(`${tool.program}: line ${line} policy invalid`);
  if (tool.variant === "nft") {
    checkNewChain(name, { line, column: 2, endColumn: 2 + name.length }, tool.family);
    if (policy === undefined) throw noPolicy();
    if (isHook(table, name) && policy === "-") {
      const kept = draft.tables.get(table)?.get(name)?.policy ?? "ACCEPT";
      const counted = count();
      if (wish.counters) applyNftEdit(draft, table, { edit: "policy", chain: name, policy: kept, counters: counted });
      return;
    }
    if (isHook(table, name)) return applyNftEdit(draft, table, { edit: "policy", chain: name, policy, counters: count() });
    const chains = bareTable(draft, table);
    if (chains.has(name)) applyEdit(draft, table, { edit: "flush", chain: name });
    else applyEdit(draft, table, { edit: "new", chain: name, at });
    return;
  }
  if (name.length > MOST_IN_NAME) throw new UsageError(`Invalid chain name \`${name}' (${MOST_IN_NAME} chars max)`);
  const chains = draftTable(draft, table);
  if (!isHook(table, name)) {
    if (wish.noflush && chains.has(name)) applyEdit(draft, table, { edit: "flush", chain: name });
    else if (chains.has(name) || LABELS.includes(name)) throw new UsageError(`error creating chain '${name}':File exists`);
    else applyEdit(draft, table, { edit: "new", chain: name, at });
  }
  if (policy === undefined) throw noPolicy();
  if (policy === "-") return;
  const counted = count();
  try {
    if (!isHook(table, name)) throw refuse("notBuiltin");
    applyEdit(draft, table, { edit: "policy", chain: name, policy, counters: counted });
  } catch (fault) {
    if (!(fault instanceof UsageError)) throw fault;
    const reason = fault.message === REFUSALS.badPolicy ? "Bad policy name" : "Bad built-in chain name";
    throw new UsageError(`Can't set policy \`${policy}' on \`${name}' line ${line}: ${reason}`, { status: 1 });
  }
}

function parsePair(text: string): { packets: bigint; bytes: bigint } | undefined {
  const pair = /^\[([^:\]]*):([^:\]]*)/.exec(text);
  const packets = pair ? parseCounter(pair[1] ?? "") : undefined;
  const bytes = pair ? parseCounter(pair[2] ?? "") : undefined;
  return packets === undefined || bytes === undefined ? undefined : { packets, bytes };
}
