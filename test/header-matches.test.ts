import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Family } from "../src/predicate/index.ts";
import { emptyRuleset } from "../src/ruleset/index.ts";
import { applyCommand, printList, printSpecs, wordsOf, type Variant } from "../src/syntax/index.ts";
import type { TableName } from "../src/xtables/index.ts";

/**
 * What iptables 1.8.9 made of a rule with a match of headers or payload, in both variants on Linux 6.18: exit status, and then its sentence and
 * what the nft variant said where that differs; or the saved words, and the rule's line in listings with -n and without.
 */
type Measured =
  | readonly [family: Family, table: TableName, chain: string, rule: string, status: 0, saved: string, numeric: string, named: string]
  | readonly [
      family: Family,
      table: TableName,
      chain: string,
      rule: string,
      status: 1,
      sentence: string,
      nft: readonly [status: 4, sentence: string],
    ]
  | readonly [family: Family, table: TableName, chain: string, rule: string, status: 2, sentence: string];

const rows = JSON.parse(
  readFileSync(new URL("../src/extensions/matches/header-measured.json", import.meta.url), "utf8"),
) as readonly Measured[];
const ofRow = (row: Measured): string => `IPv${row[0]} ${row[1]} ${row[2]} ${row[3].slice(0, 80)}`;

function check(row: Measured, variant: Variant): void {
  const [family, table, chain, rule] = row;
  const words = wordsOf(rule).map(({ text }) => text);
  const { status, error, ruleset } = applyCommand(emptyRuleset(family), ["-t", table, "-A", chain, ...words], { variant });
  if (row[4] !== 0) {
    const [wanted, sentence] = row[4] === 1 && variant === "nft" ? row[6] : [row[4], row[5]];
    expect({ status, error: error.trim() }).toEqual({ status: wanted, error: sentence.trim() });
    return;
  }
  const filled = ruleset.tables.get(table);
  expect(filled ? printSpecs(filled).split("\n") : error).toContain(`-A ${chain} ${row[5]}`);
  if (variant === "nft") return;
  const listed = (numeric: boolean): string | undefined => printList(ruleset, table, { chain, numeric }).split("\n")[2];
  expect([listed(true), listed(false)]).toEqual([row[6], row[7]]);
}

describe.each(["legacy", "nft"] as const)("%s", variant => {
  test.each(rows.map(row => [ofRow(row), row] as const))("%s", (_, row) => check(row, variant));
});
