import type { Host } from "../../host/index.ts";
import type { Family } from "../../predicate/index.ts";
import type { Chain, Rule, Ruleset, Sets } from "../../ruleset/index.ts";
import { ruleText } from "../../ruleset/index.ts";
import type { TableName } from "../../xtables/index.ts";
import type { RulePointer } from "../witness.ts";

/** What lint looks at: the rules of one family with what is known around them. */
export interface Subject {
  readonly family: Family;
  readonly ruleset: Ruleset;
  /** The other family's rules; undefined where none were given. */
  readonly other: Ruleset | undefined;
  /** Rules of the same family that the other backend holds at the same time. */
  readonly beside: Ruleset | undefined;
  /** The machine; undefined where it is not known. */
  readonly host: Host | undefined;
  readonly sets: Sets | undefined;
  /** Lines of the files that the rules stand in, without line ends, by file name. */
  readonly texts: ReadonlyMap<string, readonly string[]>;
}

/** A rule and where it stands. */
export interface Placed {
  readonly table: TableName;
  readonly chain: Chain;
  /** From 1. */
  readonly number: number;
  readonly rule: Rule;
}

/** Every rule of a ruleset, in the order a packet meets the tables. */
export function* placedRules({ tables }: Ruleset): Generator<Placed> {
  for (const { name: table, chains } of tables.values())
    for (const chain of chains.values()) for (const [index, rule] of chain.rules.entries()) yield { table, chain, number: index + 1, rule };
}

/** The pointer to a rule. */
export function rulePointer(family: Family, { table, chain, number, rule }: Placed): RulePointer {
  const text = ruleText(rule);
  const { file, line } = rule.at;
  return { family, table, chain: chain.name, number, file, line, text: `-A ${chain.name}${text === "" ? "" : " "}${text}` };
}

/** The pointer to a chain: to its policy for a built-in one. */
export function chainPointer(family: Family, table: TableName, { name, policy, at }: Chain): RulePointer {
  return {
    family,
    table,
    chain: name,
    number: undefined,
    file: at.file,
    line: at.line,
    text: policy === undefined ? `chain ${name}` : `policy ${policy}`,
  };
}

/** The pointer to a policy that no text gives: of a chain or table that is not there. */
export function nowherePointer(family: Family, table: string, chain: string, file = ""): RulePointer {
  return { family, table, chain, number: undefined, file, line: 0, text: "policy ACCEPT" };
}

/** The line of the text that a pointer points at; undefined where there is none. */
export function sourceLine(
  { texts }: Pick<Subject, "texts">,
  { file, line }: { readonly file: string; readonly line: number },
): string | undefined {
  return line === 0 ? undefined : texts.get(file)?.[line - 1];
}
