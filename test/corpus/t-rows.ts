/** Each row of iptables' own extension tests as iptables 1.8.9 answers it: accepted with the same saved rule, or refused. */
import { emptyRuleset } from "../../src/ruleset/index.ts";
import { applyCommand, printSpecs, wordsOf } from "../../src/syntax/index.ts";
import { defaultNames } from "../../src/syntax/names.ts";
import type { NameTables, TableName } from "../../src/xtables/index.ts";
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
  const rows = jsonLines<Row>(`${dir}/expected/t-1.8.9.jsonl.gz`).filter(({ kind }) => kind === "rule");
  const legacy = new Map(rows.filter(({ variant }) => variant === "legacy").map(row => [place(row), row.saved.join("\n")]));
  for (const row of rows) {
    const family = row.ipt === "ip6tables" ? 6 : 4;
    const argv = ["-t", row.table, "-A", row.chain, ...wordsOf(row.rule).map(({ text }) => text)];
    const { status, error, ruleset, unsupported } = applyCommand(emptyRuleset(family), argv, { variant: row.variant, names: BARE });
    if (unsupported !== undefined) {
      outOfReach.set(unsupported, (outOfReach.get(unsupported) ?? 0) + 1);
      continue;
    }
    const table = ruleset.tables.get(row.table);
    const saved = table
      ? printSpecs(table)
          .split("\n")
          .filter(line => line.startsWith("-A"))
      : [];
    if (row.variant === "nft" && row.rc === 0 && saved.join("\n") !== row.saved.join("\n") && saved.join("\n") === legacy.get(place(row))) {
      outOfReach.set(
        "text as legacy prints it, where nft prints another",
        (outOfReach.get("text as legacy prints it, where nft prints another") ?? 0) + 1,
      );
      continue;
    }
    total++;
    const id = `${row.file}:${row.line} ${row.variant} ${row.ipt} -t ${row.table} -A ${row.chain} ${row.rule}`;
    if ((status === 0) !== (row.rc === 0))
      disagreements.push({
        id,
        expected: row.rc === 0 ? `accepted as ${row.saved.join("; ")}` : `refused (${row.rc}): ${row.err}`,
        got: status === 0 ? `accepted as ${saved.join("; ")}` : `refused (${status}): ${error}`,
      });
    else if (status === 0 && saved.join("\n") !== row.saved.join("\n"))
      disagreements.push({ id, expected: row.saved.join("\n"), got: saved.join("\n") });
    else if (status !== row.rc) disagreements.push({ id, expected: `status ${row.rc}: ${row.err}`, got: `status ${status}: ${error}` });
  }
  return { name, agreed: total - disagreements.length, total, outOfReach, disagreements };
}

const place = ({ file, line, ipt, table, chain, rule }: Row): string => [file, line, ipt, table, chain, rule].join("\0");
