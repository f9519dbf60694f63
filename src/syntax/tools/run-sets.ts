import type { Condition, Rule, Ruleset } from "../../ruleset/index.ts";
import { setsAsked } from "../../predicate/index.ts";
import { runIpset } from "../ipset/index.ts";
import type { ToolOptions, ToolResult, ToolState } from "./tool.ts";
import { ToolSets } from "./tool-sets.ts";

/** `ipset ARGV`. The sets change in place. */
export function runSets<State extends ToolState>(
  argv: readonly string[],
  stdin: string,
  state: State,
  options: ToolOptions,
): ToolResult<State> {
  const sets = state.sets ?? new ToolSets();
  sets.usedBy(setUsers([state.v4, state.v6]));
  const read = (path: string): string | undefined => {
    const file = options.read?.(path);
    return file && "text" in file ? file.text : undefined;
  };
  const { stdout, stderr, status, written } = runIpset(sets, argv, stdin, options.now ?? 0, { read });
  return { state: { ...state, sets }, stdout, stderr, status, ...(written && { write: written }) };
}

/** How many rules use each set, by `-m set` or `-j SET`. */
function setUsers(rulesets: readonly Ruleset[]): ReadonlyMap<string, number> {
  const users = new Map<string, number>();
  const use = (name: string): void => void users.set(name, (users.get(name) ?? 0) + 1);
  for (const { tables } of rulesets)
    for (const { chains } of tables.values())
      for (const { rules } of chains.values()) for (const rule of rules) for (const name of setsOf(rule)) use(name);
  return users;
}

function setsOf({ conditions, target }: Rule): string[] {
  const found = conditions.flatMap(({ predicate }: Condition) => setsAsked(predicate));
  if (target?.action.do === "sets")
    for (const change of [target.action.add, target.action.remove, target.action.map]) if (change) found.push(change.set);
  return found;
}
