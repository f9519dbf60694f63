import { printConnection, STATUS, type Connection } from "../../conntrack/index.ts";
import { connectionText } from "../../report/index.ts";
import type { ConnectionEntry } from "../state/traced.ts";

/** The entry of the connection that a line of the table, as events have it, tells of; undefined where the table has none. `now` in µs. */
export function entryOf(line: string | undefined, connections: readonly Connection[], now: number): ConnectionEntry | undefined {
  if (line === undefined) return undefined;
  const wanted = originalTuple(line);
  const connection = connections.find(each => originalTuple(printConnection(each, now)) === wanted);
  if (connection === undefined) return undefined;
  const text = printConnection(connection, now, { timeouts: true });
  const shown = connectionText(printConnection(connection, now, { timeouts: false }));
  const [, answers] = shown.split(", answered by ");
  return {
    title: (shown.match(/^[a-z]\S*(?: [A-Z][A-Z_0-9]*)?/) ?? [""])[0],
    seconds: Math.max(0, Math.floor((connection.deadline - now) / 1e6)),
    unreplied: (connection.status & STATUS.SEEN_REPLY) === 0,
    assured: (connection.status & STATUS.ASSURED) !== 0,
    translated: answers,
    text,
  };
}

/** Protocol and the opener's side: what a connection is known by. */
function originalTuple(line: string): string {
  const protocol = /^ipv[46] +\d+ +\S+ +(\d+)/.exec(line)?.[1] ?? "";
  const start = line.indexOf("src=");
  const end = line.indexOf("src=", start + 1);
  const words = line
    .slice(start, end < 0 ? undefined : end)
    .split(" ")
    .filter(word => /^(?:src|dst|sport|dport|type|code|id|srckey|dstkey)=/.test(word));
  return `${protocol} ${words.join(" ")}`;
}
