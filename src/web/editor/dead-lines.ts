import type { Finding } from "../../analysis/index.ts";
import type { Family } from "../../predicate/index.ts";
import type { OutlineTable } from "../work/outline.ts";

/** Kinds of findings that say that a rule never decides anything: shadowed, matching nothing, in a chain that nothing reaches, after a catch-all. */
const DEAD_RULE: ReadonlySet<string> = new Set(["F01", "F02", "F26"]);
const DEAD_CHAIN = "F24";

/** Lines of a family's text whose rules are dead, each with the finding's words. */
export function deadLinesOf(findings: readonly Finding[], tables: readonly OutlineTable[], family: Family): ReadonlyMap<number, string> {
  const lines = new Map<number, string>();
  for (const { code, at, message, family: of } of findings) {
    if (of !== family) continue;
    if (DEAD_RULE.has(code) && at.number !== undefined && at.line > 0) lines.set(at.line, message);
    if (code !== DEAD_CHAIN) continue;
    const table = tables.find(each => each.family === family && each.name === at.table);
    const chain = table?.chains.find(each => each.name === at.chain);
    if (chain && chain.line > 0) lines.set(chain.line, message);
    for (const { line } of chain?.rules ?? []) if (line > 0 && !lines.has(line)) lines.set(line, message);
  }
  return lines;
}
