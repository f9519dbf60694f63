import type { Family } from "../predicate/index.ts";
import type { Fault } from "./fault.ts";
import type { Line } from "./lines.ts";
import type { Unread } from "./read-list-texts.ts";
import { registryOf } from "./registry.ts";

/** How matches begin in a listing, where that is not their own name. */
const BEGINS: readonly (readonly [says: string, match: string])[] = [
  ["STRING match", "string"],
  ["helper match", "helper"],
  ["#conn", "connlimit"],
  ["limit: avg", "limit"],
  ["limit: ", "hashlimit"],
  ["ECN match", "ecn"],
  ["quota:", "quota"],
  ["TIME", "time"],
  ["OS fingerprint match", "osf"],
  ["recent:", "recent"],
  ["match-set", "set"],
  ["match bpf", "bpf"],
];
/** Characters of the text that the fault repeats. */
const MOST_SHOWN = 60;

/** The fault of a row whose text is not known, with the name of the match that it seems to be of. */
export function unreadFault(file: string, line: Line, unread: readonly Unread[], family: Family): Fault {
  const { from, to } = unread[0] ?? { from: 0, to: line.text.length };
  const said = line.text.slice(from, to);
  const shown = said.length > MOST_SHOWN ? `${said.slice(0, MOST_SHOWN)}…` : said;
  const bare = said.startsWith("! ") ? said.slice(2) : said;
  const match = BEGINS.find(([begin]) => bare.startsWith(begin))?.[1] ?? /^[a-z0-9]{2,12}(?=[ :]|$)/.exec(bare)?.[0] ?? "";
  const known = registryOf(family).matches.has(match);
  return {
    file,
    line: line.number,
    column: from + 1,
    endColumn: to + 1,
    message: known
      ? `match \`${match}': its text in a listing cannot be read: \`${shown}'`
      : `nothing known prints \`${shown}' in a listing`,
    status: 2,
  };
}
