import type { Chain, Rule, Ruleset } from "../../ruleset/index.ts";
import type { TableName, Target } from "../../xtables/index.ts";
import { asked } from "./traits.ts";

/** A log line that no rule writes. */
const MARK: Target = {
  name: "LOG",
  type: undefined,
  info: undefined,
  action: {
    do: "log",
    prefix: "asked here",
    level: 4,
    tcpSequence: false,
    tcpOptions: false,
    ipOptions: false,
    uid: false,
    macDecode: false,
  },
  save: "",
  needs: [],
  list: () => "",
  check: () => undefined,
};

/** One table with a log line before each rule that is wanted, for the packets for which the rule asks what it remembers, or that it matches. */
export function withMarks(ruleset: Ruleset, name: TableName, wanted: (rule: Rule) => boolean): Ruleset {
  const table = ruleset.tables.get(name);
  if (!table) return ruleset;
  const chains = [...table.chains].map(([key, chain]): [string, Chain] => [
    key,
    chain.rules.some(wanted) ? { ...chain, rules: chain.rules.flatMap(rule => (wanted(rule) ? [marked(rule), rule] : [rule])) } : chain,
  ]);
  return { ...ruleset, tables: new Map([...ruleset.tables, [name, { ...table, chains: new Map(chains) }]]) };
}

const marked = (rule: Rule): Rule => ({ ...rule, matches: [], conditions: [{ text: "", predicate: asked(rule) }], target: MARK });
