import type { ToolOptions, ToolResult, ToolState, Tool } from "./tool.ts";
import { rulesOf, withRules, absentOf } from "./tool.ts";
import { readRestoreArguments } from "./restore-arguments.ts";
import { Restoring } from "./restoring.ts";
import { sentenceOf } from "./sentence.ts";

/**
 * `iptables-restore` and `ip6tables-restore`. Unlike the real tools, which keep the tables before the faulty one, nothing is changed when
 * anything is wrong. iptables: iptables-restore.c, xtables-restore.c.
 */
export function runRestore<State extends ToolState>(
  tool: Tool,
  argv: readonly string[],
  stdin: string,
  state: State,
  options: ToolOptions,
): ToolResult<State> {
  const wish = readRestoreArguments(tool, argv);
  if ("status" in wish) return { state, ...wish };
  let text = stdin;
  if (wish.file !== undefined) {
    const file = options.read?.(wish.file) ?? { reason: "No such file or directory" };
    if ("reason" in file) return { state, stdout: "", stderr: `${wish.notes}Can't open ${wish.file}: ${file.reason}\n`, status: 1 };
    ({ text } = file);
  }
  const run = new Restoring(tool, wish, rulesOf(state, tool.family), absentOf(state, tool.family), options);
  const { complaint, stdout, stderr, result } = run.all(text);
  const said = complaint === undefined ? "" : "text" in complaint ? complaint.text : sentenceOf(tool, complaint);
  const status = complaint?.status ?? 0;
  return {
    state: status === 0 && result && !wish.test ? withRules(state, result.ruleset, result.absent) : state,
    stdout,
    stderr: wish.notes + stderr + said,
    status,
    unsupported: run.unsupported,
  };
}
