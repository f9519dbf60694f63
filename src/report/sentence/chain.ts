import type { Caller, ExplainedChain } from "../../analysis/explain/index.ts";
import type { Hook, TableName } from "../../xtables/index.ts";
import { ruleTraffic } from "./rule.ts";
import { both, count } from "./words.ts";

/** What comes to a hook, said of the tables that see every packet. */
const PACKETS: Readonly<Record<Hook, string>> = {
  PREROUTING: "every packet that arrives, before routing",
  INPUT: "every packet for this machine: what clients send to it, and the answers to what it asked for itself",
  FORWARD: "every packet that passes through from one network to another, in both directions",
  OUTPUT: "every packet that this machine sends: what it asks for itself, and its answers to clients",
  POSTROUTING: "every packet that leaves, after routing",
};

/** The same of the nat table, which sees a connection's first packet alone. */
const CONNECTIONS: Readonly<Record<Hook, string>> = {
  PREROUTING: "every connection that arrives, by its first packet and before routing, to give it another destination",
  INPUT: "every connection to this machine, by its first packet, to give it another source",
  FORWARD: "every connection that passes through",
  OUTPUT: "every connection that this machine opens, by its first packet, to give it another destination",
  POSTROUTING: "every connection that leaves, by its first packet and after routing, to give it another source",
};

const FIRST: Readonly<Partial<Record<TableName, string>>> = {
  raw: ", and before connections are tracked",
  mangle: ", to change or mark it",
  security: ", after the filter table has accepted it",
};

/** What the chain is for and what becomes of packets that it does not decide on, in a sentence or two. */
export function chainSentence(explained: ExplainedChain): string {
  const { chain, table } = explained;
  const { hook, policy } = chain;
  if (hook === undefined) return userSentence(explained);
  const [what, rest] = splitAt((table === "nat" ? CONNECTIONS : PACKETS)[hook], ":");
  const sees = `${what}${table === "nat" ? "" : (FIRST[table] ?? "")}${rest}`;
  return `Sees ${sees}. ${endText(explained, policy)}`;
}

function splitAt(text: string, mark: string): readonly [string, string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at)];
}

function endText({ chain, decides, table }: ExplainedChain, policy: "ACCEPT" | "DROP" | undefined): string {
  const result = policy === "DROP" ? "dropped" : table === "filter" || table === "security" ? "accepted" : "let pass";
  if (chain.rules.length === 0) return `It has no rules: everything is ${result} by its policy, ${policy}.`;
  if (decides) return `One of its rules decides on everything, so that its policy, ${policy}, is never asked.`;
  return `What no rule decides on is ${result} by its policy, ${policy}.`;
}

/** Callers that are told of one by one. */
const MOST_CALLERS = 4;

function userSentence(explained: ExplainedChain): string {
  const { callers, reachable } = explained;
  const [first] = callers;
  if (first === undefined) return "No rule leads here: no packet ever meets it.";
  const shown = callers.length > MOST_CALLERS ? callers.slice(0, MOST_CALLERS - 1) : callers;
  const names = shown.map(caller => `${caller.chain} rule ${caller.number} (${callerTraffic(caller, explained)})`);
  if (shown.length < callers.length) names.push(`${callers.length - shown.length} more`);
  const gets =
    callers.length === 1
      ? `Gets what ${first.chain} rule ${first.number} hands it: ${callerTraffic(first, explained)}.`
      : `Gets what ${count(callers.length, "rule")} hand it: ${both(names)}.`;
  const dead = reachable ? "" : " No built-in chain leads there, so that no packet ever meets it.";
  return `${gets}${dead} ${returnText(explained)}.`;
}

function returnText({ chain, callers, decides }: ExplainedChain): string {
  if (chain.rules.length === 0) return "It has no rules: everything goes back";
  if (decides) return "It decides on everything it gets";
  if (callers.every(({ goto }) => goto)) return "What it does not decide on goes back to where that chain was called from";
  return `What it does not decide on goes on after ${callers.length === 1 ? "that rule" : "the rule that handed it over"}`;
}

function callerTraffic({ rule }: Caller, { family, table }: ExplainedChain): string {
  const { text, circumstances } = ruleTraffic(rule, { family, table });
  const conditions = circumstances.filter(({ slot }) => slot === "if").map(each => each.text);
  return [text, conditions.join(" and ")].filter(part => part !== "").join(" ");
}
