import { emptyRuleset } from "../../ruleset/index.ts";
import { runRestore } from "./restore-tool.ts";
import { runSave } from "./save-tool.ts";
import { runTables } from "./table-tool.ts";
import type { ToolOptions, ToolResult, ToolState } from "./tool.ts";
import { toolOf } from "./tool-name.ts";
import { namesWithSets } from "../set-names.ts";
import { runSets } from "./run-sets.ts";
import { ToolSets } from "./tool-sets.ts";
import { runXml } from "./xml-tool.ts";

/** A machine without rules. */
export const emptyState = (): ToolState => ({ v4: emptyRuleset(4), v6: emptyRuleset(6), sets: new ToolSets() });

/**
 * One command as iptables 1.8.9 or ipset 7.17 carries it out: `name` is what it was called by (`iptables`, `/sbin/ip6tables-legacy-restore`), `argv` what
 * follows. Gives its output, its exit status and the state after it; the state is the one given when anything was wrong. Status 127 for a
 * name that is no tool's.
 */
export function runTool<State extends ToolState>(
  name: string,
  argv: readonly string[],
  stdin: string,
  state: State,
  options: ToolOptions = {},
): ToolResult<State> {
  const tool = toolOf(name, options.variant);
  if (!tool) return { state, stdout: "", stderr: `${name}: not found\n`, status: 127 };
  const rules = { ...options, names: namesWithSets(state.sets, options.names) };
  switch (tool.kind) {
    case "tables":
      return runTables(tool, argv, state, rules);
    case "save":
      return runSave(tool, argv, state, rules);
    case "restore":
      return runRestore(tool, argv, stdin, state, rules);
    case "xml":
      return { state, ...runXml(tool, argv, stdin, options) };
    case "sets":
      return runSets(argv, stdin, state, options);
  }
}
