import { printConnection } from "../conntrack/index.ts";
import { printSave } from "../syntax/index.ts";
import type { Replay } from "./replay.ts";

/** The rules of each family as iptables-save -c would print them after the run; null where there are none. */
export function countersText({ firewall }: Replay): { readonly v4: string | null; readonly v6: string | null } {
  const of = (family: 4 | 6): string | null => {
    const ruleset = firewall?.rulesetWithCounters(family);
    return ruleset === undefined ? null : printSave(ruleset, { counters: true });
  };
  return { v4: of(4), v6: of(6) };
}

/** The connections that are tracked after the run, as conntrack -L prints them: /proc/net/nf_conntrack without its first two columns. */
export function connectionLines({ firewall, now }: Replay): readonly string[] {
  return (firewall?.connections(now) ?? []).map(connection => withoutFamily(printConnection(connection, now)));
}

/** A line of /proc/net/nf_conntrack without the family's name and number. */
function withoutFamily(line: string): string {
  const number = line.indexOf(" ") + 1;
  let at = number;
  while (line[at] === " ") at++;
  while (at < line.length && line[at] !== " ") at++;
  while (line[at] === " ") at++;
  return line.slice(at);
}
