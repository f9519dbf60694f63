import { emptyRuleset, type Ruleset } from "../../ruleset/index.ts";
import type { NameTables, TableName } from "../../xtables/index.ts";
import { printList, printRuleLine } from "../print-list.ts";
import { printSpecs } from "../print-save.ts";
import type { Shown } from "../run-command.ts";
import type { Variant } from "../options.ts";
import type { Scan } from "../spoken.ts";
import type { Tool } from "./tool.ts";

/** What a listing is taken from. */
export interface ShownRules {
  readonly ruleset: Ruleset;
  readonly table: TableName;
  readonly scan: Scan;
  readonly names: NameTables | undefined;
}

/** The text of what a command shows: the listing of -L or -S, or what -v tells of an edit. Empty for a chain that is not there. */
export function shownText(shown: Shown, { family, variant }: Pick<Tool, "family" | "variant">, rules?: ShownRules): string {
  switch (shown?.show) {
    case undefined:
      return "";
    case "rules":
      return shown.rules.map(rule => `${printRuleLine(rule, family, variant)}\n`).join("");
    case "chains":
      return shown.chains.map(chain => `${shown.doing} chain \`${chain}'\n`).join("");
    case "list":
    case "specs":
      return (rules && listing(rules, shown, variant)) ?? "";
  }
}

/** The text of -L or -S; undefined for a chain that does not exist. */
export function listing(
  { ruleset, table: name, scan: { flags, verbose }, names }: ShownRules,
  { show, chain, number }: { readonly show: "list" | "specs"; readonly chain: string | undefined; readonly number: number | undefined },
  variant: Variant,
): string | undefined {
  const table = ruleset.tables.get(name) ?? emptyRuleset(ruleset.family, [name]).tables.get(name);
  if (!table || (chain !== undefined && !table.chains.has(chain))) return undefined;
  if (show === "specs") return printSpecs(table, { chain, number, verbose: verbose > 0 });
  return printList(ruleset, name, {
    verbose: verbose > 0,
    numeric: flags.has("n"),
    exact: flags.has("x"),
    lineNumbers: flags.has("0"),
    chain,
    number,
    names,
    variant,
  });
}
