/** Each row of iptables' own extension tests as iptables 1.8.9 answers it: accepted with the same saved rule, or refused in the same words. */
import { defaultNames, emptyState, printSpecs, runTool, wordsOf } from "../../src/syntax/index.ts";
import type { NameTables, TableName } from "../../src/xtables/index.ts";
import { said } from "./cmds.ts";
import { jsonLines } from "./json-lines.ts";
import type { SuiteResult } from "./suite.ts";

interface Row {
  readonly variant: "legacy" | "nft";
  readonly file: string;
  readonly line: number;
  readonly kind: "rule" | "cmd";
  readonly ipt: string;
  readonly table: TableName;
  readonly chain: string;
  readonly rule: string;
  readonly rc: number;
  readonly err: string;
  readonly saved: readonly string[];
}

export const name = "t-rows";

/** The machine of the rows that were kept has neither sets nor accounting objects. */
const BARE: NameTables = { ...defaultNames, set: () => undefined, account: () => false };

export async function run(dir: string): Promise<SuiteResult> {
  const outOfReach = new Map<string, number>();
  const disagreements: { id: string; expected: string; got: string }[] = [];
  let total = 0;
  for (const row of jsonLines<Row>(`${dir}/expected/t-1.8.9.jsonl.gz`).filter(({ kind }) => kind === "rule")) {
    const family = row.ipt === "ip6tables" ? 6 : 4;
    const argv = ["-t", row.table, "-A", row.chain, ...wordsOf(row.rule).map(({ text }) => text)];
    // The measurement made the sets and accounts that the rows name.
    const { sets: _none, ...bare } = emptyState();
    const { state, status, stderr, unsupported } = runTool(`${row.ipt}-${row.variant}`, argv, "", bare, { names: BARE });
    if (unsupported !== undefined) {
      outOfReach.set(unsupported, (outOfReach.get(unsupported) ?? 0) + 1);
      continue;
    }
    total++;
    const table = (family === 6 ? state.v6 : state.v4).tables.get(row.table);
    const saved = table
      ? printSpecs(table)
          .split("\n")
          .filter(line => line.startsWith("-A"))
          .join("\n")
      : "";
    const id = `${row.file}:${row.line} ${row.variant} ${row.ipt} -t ${row.table} -A ${row.chain} ${row.rule}`;
    const [expected, got] = [
      `status ${row.rc} ${said(row.err)}\n${row.saved.join("\n")}`,
      `status ${status} ${said(stderr)}\n${status === 0 ? saved : ""}`,
    ];
    if (expected !== got) disagreements.push({ id, expected, got });
  }
  return { name, agreed: total - disagreements.length, total, outOfReach, disagreements };
}
