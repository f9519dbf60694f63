/** Loads rules into the kernel and reads counters and connections back, with the system's own tools. */
import { readFileSync } from "node:fs";
import { mustRun, run } from "./command.ts";
import { addressBytes, addressText } from "./generate/bytes.ts";
import type { CounterMap } from "./referee.ts";

const tool = (family: 4 | 6, name: string): string => `${family === 6 ? "ip6tables" : "iptables"}-legacy-${name}`;
const TABLES = ["raw", "mangle", "nat", "filter", "security"] as const;
const BUILTIN: Readonly<Record<(typeof TABLES)[number], readonly string[]>> = {
  raw: ["PREROUTING", "OUTPUT"],
  mangle: ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"],
  nat: ["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"],
  filter: ["INPUT", "FORWARD", "OUTPUT"],
  security: ["INPUT", "FORWARD", "OUTPUT"],
};

/** Save text of five empty tables with ACCEPT policies: loading it forgets everything. */
export const EMPTY_RULES: string = TABLES.map(
  table => `*${table}\n${BUILTIN[table].map(chain => `:${chain} ACCEPT [0:0]\n`).join("")}COMMIT\n`,
).join("");

/** Puts the rules in force, in place of all that were; returns what the tool objected, or undefined. */
export function loadRules(family: 4 | 6, rules: string): string | undefined {
  const ran = run(tool(family, "restore"), [], emptyTablesBefore(rules) + rules);
  return ran.status === 0 ? undefined : ran.stderr.trim() || `exit ${ran.status}`;
}

function emptyTablesBefore(rules: string): string {
  return TABLES.filter(table => !rules.includes(`*${table}\n`))
    .map(table => `*${table}\n${BUILTIN[table].map(chain => `:${chain} ACCEPT [0:0]\n`).join("")}COMMIT\n`)
    .join("");
}

/** The rules in force, with counters, as the tool saves them. */
export function saveRules(family: 4 | 6): string {
  return mustRun(tool(family, "save"), ["-c"]);
}

/** Counters out of save text with counters, keyed `table/CHAIN/number` and `table/CHAIN/policy`. User chains have no policy. */
export function countersOf(saved: string): CounterMap {
  const counters = new Map<string, readonly [number, number]>();
  const numbers = new Map<string, number>();
  let table = "";
  for (const line of saved.split("\n")) {
    if (line.startsWith("*")) {
      table = line.slice(1);
    } else if (line.startsWith(":")) {
      const [, chain, policy, packets, bytes] = /^:(\S+) (\S+) \[(\d+):(\d+)\]/.exec(line) ?? [];
      if (policy !== "-") counters.set(`${table}/${chain}/policy`, [Number(packets), Number(bytes)]);
    } else if (line.startsWith("[")) {
      const [, packets, bytes, chain] = /^\[(\d+):(\d+)\] -A (\S+)/.exec(line) ?? [];
      const key = `${table}/${chain}`;
      const number = (numbers.get(key) ?? 0) + 1;
      numbers.set(key, number);
      counters.set(`${key}/${number}`, [Number(packets), Number(bytes)]);
    }
  }
  return counters;
}

/** A way to put iptables-save text in force, and to read what its rules counted. */
export interface RuleLoader {
  /** What was objected, or undefined. */
  load(family: 4 | 6, rules: string): string | undefined;
  counters(family: 4 | 6): CounterMap;
}

/** The kernel's own tables. */
export const IPTABLES: RuleLoader = { load: loadRules, counters: family => countersOf(saveRules(family)) };

/** Forgets every connection; their expectations go with them. */
export function flushConnections(): void {
  run("conntrack", ["-F"]);
}

/** The connection table of this namespace, one normalised line each, sorted. */
export function readConnections(): string[] {
  return readFileSync("/proc/net/nf_conntrack", "utf8")
    .split("\n")
    .filter(line => line !== "")
    .map(normalConnection)
    .toSorted();
}

/** A line of /proc/net/nf_conntrack without timeouts, use count, accounting and time stamps. */
export function normalConnection(line: string): string {
  const words = line.split(/\s+/).filter(word => !/^(use|packets|bytes|delta-time|secctx|id|timeout|stream_timeout)=/.test(word));
  // ipv4 2 tcp 6 431999 ESTABLISHED src=…: the fifth word is the timeout in seconds.
  if (/^\d+$/.test(words[4] ?? "")) words.splice(4, 1);
  return words.map(plainAddress).join(" ");
}

/** IPv6 addresses without leading zeros and without any shortening. */
function plainAddress(word: string): string {
  const [name = "", value = ""] = word.split("=");
  return value.includes(":") ? `${name}=${addressText(Uint8Array.from(addressBytes(value)))}` : word;
}
