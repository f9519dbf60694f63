import { applyEdit, draftTable, type Draft, type Position } from "../ruleset/index.ts";
import type { Span, TableName } from "../xtables/index.ts";
import { areOdd, parseCounter } from "./counters.ts";
import { closest } from "./guess.ts";
import type { Line } from "./lines.ts";
import type { Settings } from "./options.ts";
import { MOST_IN_NAME } from "./spoken.ts";

/** Who reads the rules of a file: what a chain's line needs of it. */
interface Reader {
  readonly file: string;
  readonly settings: Settings;
  readonly draft: Draft;
  warn(message: string, span: Span): void;
  fault(message: string, line: Line, more?: { column?: number; endColumn?: number; guess?: string | undefined }): void;
}

/** `:INPUT ACCEPT [0:0]` sets a policy, `:user - [0:0]` makes a chain. Faults and warnings go to the reader. iptables: iptables-restore.c. */
export function readChainLine(line: Line, table: TableName, reader: Reader): void {
  const words = line.text
    .slice(line.start + 1)
    .split(/[ \t]+/)
    .filter(word => word !== "");
  const [name, policy, counters] = words;
  if (name === undefined) return reader.fault("chain name invalid", line);
  const at: Position = { file: reader.file, line: line.number, column: line.start + 2 };
  const chains = draftTable(reader.draft, table);
  let chain = chains.get(name);
  if (!chain || chain.hook === undefined) {
    const column = line.text.indexOf(name, line.start + 1) + 1;
    const span = { column, endColumn: column + name.length };
    const nft = reader.settings.variant === "nft";
    if (name.length > MOST_IN_NAME) {
      return reader.fault(
        nft
          ? `chain name \`${name}' too long (must be under ${MOST_IN_NAME + 1} chars)`
          : `Invalid chain name \`${name}' (${MOST_IN_NAME} chars max)`,
        line,
        span,
      );
    }
    if (nft && /^[-!]/.test(name)) return reader.fault(`chain name not allowed to start with \`${name[0]}'`, line, span);
    if (chain && !nft) return reader.fault(`error creating chain '${name}':File exists`, line, span);
    if (!chain) applyEdit(reader.draft, table, { edit: "new", chain: name, at });
    chain = chains.get(name);
  }
  if (!chain) return;
  if (chain.hook !== undefined) chain.at = at;
  if (policy === undefined) return reader.fault("policy invalid", line);
  if (policy === "-") return;
  const column = line.text.indexOf(policy, line.start + name.length + 1) + 1;
  const span = { column, endColumn: column + policy.length };
  if (counters === undefined) {
    reader.warn(
      `no counters after the policy of ${name}: iptables-restore refuses such a line ("invalid policy counters for chain '${name}'")`,
      { line: line.number, ...span },
    );
  }
  const count = counters === undefined ? { packets: 0n, bytes: 0n } : parsePair(counters);
  if (!count) return reader.fault(`invalid policy counters for chain '${name}'`, line, span);
  if (counters && areOdd(counters))
    reader.warn(`odd counters ${counters}: taken as [${count.packets}:${count.bytes}]`, {
      line: line.number,
      column: 1,
      endColumn: line.text.length + 1,
    });
  if (chain.hook === undefined) {
    if (reader.settings.variant === "nft") return;
    return reader.fault(`Can't set policy \`${policy}' on \`${name}' line ${line.number}: Bad built-in chain name`, line, span);
  }
  if (policy !== "ACCEPT" && policy !== "DROP")
    return reader.fault(`Can't set policy \`${policy}' on \`${name}' line ${line.number}: Bad policy name`, line, {
      ...span,
      guess: closest(policy, ["ACCEPT", "DROP"]),
    });
  chain.policy = policy;
  chain.counters = count;
}

function parsePair(text: string): { packets: bigint; bytes: bigint } | undefined {
  const pair = /^\[([^:\]]*):([^:\]]*)\]/.exec(text);
  const packets = pair && parseCounter(pair[1] ?? "");
  const bytes = pair && parseCounter(pair[2] ?? "");
  return packets === undefined || packets === null || bytes === undefined || bytes === null ? undefined : { packets, bytes };
}
