import { isVerdict } from "../../predicate/index.ts";
import { ruleText, type Rule, type Ruleset } from "../../ruleset/index.ts";
import type { OutlineRule, OutlineTable, Reading } from "./outline.ts";
import type { ReadFirewall } from "./firewall.ts";

/** What the page shows of a firewall before anything is asked. */
export function outlineOf({ v4, v6, host, faults, faultCounts, skipped, kinds }: ReadFirewall): Reading {
  return {
    tables: [v4, v6].flatMap(rules => (rules ? tablesOf(rules) : [])),
    faults,
    faultCounts,
    skipped,
    kinds,
    interfaces: host?.interfaces.map(({ name }) => name) ?? [],
  };
}

function tablesOf({ family, tables }: Ruleset): OutlineTable[] {
  return [...tables.values()].map(({ name, chains }) => ({
    family,
    name,
    chains: [...chains.values()].map(chain => ({
      name: chain.name,
      policy: chain.policy,
      line: chain.at.line,
      rules: chain.rules.map((rule, index) => outlineRule(rule, index + 1, chain.name)),
    })),
  }));
}

function outlineRule(rule: Rule, number: number, chain: string): OutlineRule {
  const { target, at } = rule;
  const action = target?.action;
  return {
    number,
    line: at.line,
    text: `-A ${chain} ${ruleText(rule)}`.trimEnd(),
    target: target?.name,
    jump: action?.do === "jump" || action?.do === "goto" ? action.chain : undefined,
    does: action?.do,
    ends: action !== undefined && isVerdict(action),
  };
}
