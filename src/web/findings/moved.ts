import type { Finding, RulePointer } from "../../analysis/index.ts";
import type { Family } from "../../predicate/index.ts";
import { nearest } from "../map/nearest.ts";
import { chainKey } from "../state/hits.ts";
import type { OutlineTable } from "../work/outline.ts";

/**
 * Findings about a text that has changed since: each stands where its rule stands now, found by the rule's words in its chain; those whose rule
 * is gone are left out.
 */
export function movedFindings(findings: readonly Finding[], tables: readonly OutlineTable[]): readonly Finding[] {
  const lines = new Map<string, number[]>();
  for (const { family, name, chains } of tables) {
    for (const chain of chains) {
      if (chain.line > 0) lines.set(chainKey(family, name, chain.name), [chain.line]);
      for (const { text, line } of chain.rules) {
        const key = ruleKey(family, name, chain.name, text);
        const before = lines.get(key);
        if (before) before.push(line);
        else lines.set(key, [line]);
      }
    }
  }
  for (const found of lines.values()) if (found.length > 1) found.sort((a, b) => a - b);
  const lineOf = ({ family, table, chain, number, text, line }: RulePointer): number | undefined => {
    const found = lines.get(number === undefined ? chainKey(family, table, chain) : ruleKey(family, table, chain, text));
    if (found === undefined) return undefined;
    // Of several rules with the same words the nearest is meant.
    const at = nearest(found, line);
    const [before = line, after = before] = found.slice(at, at + 2);
    return Math.abs(after - line) < Math.abs(before - line) ? after : before;
  };
  return findings.flatMap(finding => {
    if (finding.at.line === 0) return finding;
    const line = lineOf(finding.at);
    return line === undefined ? [] : line === finding.at.line ? finding : { ...finding, at: { ...finding.at, line } };
  });
}

const ruleKey = (family: Family, table: string, chain: string, text: string): string => `${chainKey(family, table, chain)} ${text}`;
