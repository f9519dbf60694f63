/** Random filters: rules of the kernel comparison's generator, as far as they neither change the packet nor leave the filter. */
import type { Predicate } from "../../src/predicate/index.ts";
import { readSave } from "../../src/syntax/index.ts";
import type { Chain, Rule, Ruleset, Table } from "../../src/ruleset/index.ts";
import type { TableName } from "../../src/xtables/index.ts";
import type { Random } from "../kernel/generate/random.ts";
import { generateRuleset, rulesetText, type GeneratedTable } from "../kernel/generate/ruleset.ts";

const HARMLESS: ReadonlySet<string> = new Set(["continue", "accept", "drop", "reject", "return", "jump", "goto", "log", "nflog"]);

/** A ruleset of one family with a filter table of a few dozen rules at most; empty where the generator made none. */
export function randomFilter(random: Random, family: 4 | 6): Ruleset {
  let tables: GeneratedTable[] = [];
  for (let tries = 0; tries < 20 && (tables[0]?.rules.length ?? 0) < 6; tries++)
    tables = generateRuleset(random, family, "plain").filter(({ name }) => name === "filter");
  const { ruleset, faults } = readSave(rulesetText(tables), "random", { family });
  if (!ruleset || faults.length > 0) throw new Error(faults[0]?.message ?? "refused");
  return mapRules(ruleset, rules => rules.filter(({ target }) => target === undefined || HARMLESS.has(target.action.do)));
}

/** The ruleset with the rules of each chain changed. */
export function mapRules(ruleset: Ruleset, change: (rules: readonly Rule[], chain: Chain, table: TableName) => readonly Rule[]): Ruleset {
  const tables = new Map<TableName, Table>();
  for (const table of ruleset.tables.values()) {
    const chains = new Map(
      [...table.chains.values()].map(chain => [chain.name, { ...chain, rules: change(chain.rules, chain, table.name) }]),
    );
    tables.set(table.name, { ...table, chains });
  }
  return { ...ruleset, tables };
}

/** The ruleset with its opaque conditions decided by chance, and what sets have counted. */
export function withoutConditions(random: Random, ruleset: Ruleset): Ruleset {
  return mapRules(ruleset, rules =>
    rules.map(rule => ({
      ...rule,
      conditions: rule.conditions.map(({ text, predicate, hotdrop }) => ({
        text,
        predicate: decided(random, predicate),
        ...(hotdrop && { hotdrop: decided(random, hotdrop) }),
      })),
    })),
  );
}

function decided(random: Random, predicate: Predicate): Predicate {
  switch (predicate.is) {
    case "opaque":
      return { is: "constant", value: random.oneIn(2) };
    case "member": {
      const { packets, bytes } = predicate.test;
      return packets === undefined && bytes === undefined ? predicate : { is: "constant", value: random.oneIn(2) };
    }
    case "not":
      return { is: "not", of: decided(random, predicate.of) };
    case "all":
    case "any":
      return { is: predicate.is, of: predicate.of.map(part => decided(random, part)) };
    default:
      return predicate;
  }
}

/** The ruleset after one small change to a chain of the filter, `near` or one that it may go to. It may mean nothing. */
export function withChange(random: Random, ruleset: Ruleset, near: string): Ruleset {
  const chains = [...(ruleset.tables.get("filter")?.chains.values() ?? [])].filter(
    ({ rules, name, hook }) => rules.length > 0 && (name === near || hook === undefined),
  );
  if (chains.length === 0) return ruleset;
  const chosen = random.pick(chains);
  const at = random.below(chosen.rules.length);
  return mapRules(ruleset, (rules, chain) => (chain.name === chosen.name ? changed(random, rules, at) : rules));
}

function changed(random: Random, rules: readonly Rule[], at: number): readonly Rule[] {
  const rule = rules[at];
  const next = rules[at + 1];
  if (!rule) return rules;
  switch (random.below(6)) {
    case 0:
      return rules.toSpliced(at, 1);
    case 1:
      return rules.toSpliced(at, 0, rule);
    case 2:
      return next ? rules.toSpliced(at, 2, next, rule) : rules.toSpliced(at, 1);
    case 3:
      // Without its addresses and interfaces; other tests count on each other.
      return rules.with(at, { ...rule, conditions: rule.conditions.filter(({ text }) => !/^(?:! )?-[sdio] /.test(text)) });
    case 4:
      return rules.with(at, { ...rule, target: OTHER_END.find(target => target.action.do !== rule.target?.action.do) });
    default:
      // Each condition twice: the same rule.
      return rules.with(at, { ...rule, conditions: [...rule.conditions, ...rule.conditions] });
  }
}

const target = (name: string): NonNullable<Rule["target"]> => {
  const { ruleset } = readSave(`*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -j ${name}\nCOMMIT\n`, "end", { family: 4 });
  const found = ruleset?.tables.get("filter")?.chains.get("INPUT")?.rules[0]?.target;
  if (!found) throw new Error(`no target ${name}`);
  return found;
};
const OTHER_END = [target("DROP"), target("ACCEPT")];
