import type { Outcome, SessionResult, TraceEvent } from "../engine/index.ts";
import { dissect, isFault, printAddress, PROTOCOL, Tcp, TCP_FLAG } from "../packet/index.ts";
import { leaves, type Field, type Predicate, type Scalar, type Value } from "../predicate/index.ts";
import type { Rule } from "../ruleset/index.ts";
import { printable } from "./printable.ts";
import { fieldName, showValue } from "./value.ts";
import { isAccepted } from "./accepted.ts";

/** What someone new to netfilter may not see in a packet's trace, in a sentence each. */
export function packetHints(outcome: Outcome): readonly string[] {
  return [...beforeNat(outcome.events), ...midStream(outcome)];
}

/** The same for a session. */
export function sessionHints({ steps, complete, died }: SessionResult): readonly string[] {
  const hints: string[] = [];
  const opener = steps[0];
  const last = steps.at(-1);
  if (opener?.outcome.decidedBy?.rule && complete && sourcePortOnly(opener.outcome.decidedBy.rule))
    hints.push(
      `rule ${opener.outcome.decidedBy.number} looks at the source port alone, and whoever sends a packet chooses that: every port behind it is open to them`,
    );
  if (died?.past)
    hints.push(
      `translate the source of such sessions too, so that the answers come back this way: -t nat -A POSTROUTING -s ${died.past.network} -d ${printAddress(died.past.server)} -j MASQUERADE (ferrule lint: F10)`,
    );
  else if (last && died && last.from === "server" && last.outcome.verdict !== "queued" && !acceptsAnswers(last.outcome.events))
    hints.push(
      "this is the answer to a packet that was let through, and no rule it met accepts answers; `-m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT` early in the chain does",
    );
  if (last && died && !died.past) hints.push(...beforeNat(last.outcome.events));
  return hints;
}

/** Rules that would have matched the packet as it was before NAT. */
function beforeNat(events: readonly TraceEvent[]): string[] {
  const original = new Map<Field, { readonly from: Value; readonly to: Value }>();
  for (const event of events) {
    if (event.event === "rewrite" && !original.has(event.field)) original.set(event.field, event);
    if (event.event !== "rule" || event.result.matched) continue;
    const { field, wanted } = event.result.failure;
    const rewrite = field && original.get(field);
    if (!rewrite || !contains(wanted, rewrite.from)) continue;
    const { family, table, chain, number } = event.place;
    const shown = (value: Value): string => showValue(field, value, family);
    return [
      `${table} ${printable(chain)} rule ${number} waits for ${fieldName(field)} ${shown(rewrite.from)}, but NAT has made it ${shown(rewrite.to)} before this table sees the packet`,
    ];
  }
  return [];
}

function contains(wanted: Predicate, value: Value): boolean {
  return (
    wanted.is === "in" &&
    value !== undefined &&
    typeof value !== "string" &&
    wanted.ranges.some(([low, high]: readonly [Scalar, Scalar]) => low <= value && value <= high)
  );
}

/** A TCP segment that begins no session, and what tracking made of it. */
function midStream(outcome: Outcome): string[] {
  const first = outcome.events.find(event => event.event === "packet");
  if (first === undefined) return [];
  const layout = dissect(first.bytes);
  if (isFault(layout) || layout.protocol !== PROTOCOL.TCP) return [];
  const tcp = Tcp.at(first.bytes, layout.l4, layout.totalLength);
  if (!tcp || tcp.flags & TCP_FLAG.SYN || tcp.flags & TCP_FLAG.RST) return [];
  const tracking = outcome.events.find(event => event.event === "tracking");
  if (tracking === undefined)
    return isAccepted(outcome)
      ? ["it belongs to no session, yet it is let through: no rule asks for connection tracking, so each packet is judged by itself"]
      : [];
  return tracking.state === "NEW"
    ? ["a segment without SYN is NEW here: tracking takes up connections in the middle (net.netfilter.nf_conntrack_tcp_loose=1)"]
    : [];
}

/** Did it meet a rule about ESTABLISHED? */
function acceptsAnswers(events: readonly TraceEvent[]): boolean {
  return events.some(event => event.event === "rule" && event.rule.target?.action.do === "accept" && fieldsOf(event.rule).has("ctstate"));
}

function sourcePortOnly(rule: Rule): boolean {
  const fields = fieldsOf(rule);
  return fields.has("sport") && !fields.has("dport") && !fields.has("ctstate") && !fields.has("saddr");
}

function fieldsOf(rule: Rule): ReadonlySet<Field> {
  const fields = new Set<Field>();
  for (const { predicate } of rule.conditions) for (const { leaf } of leaves(predicate)) if ("field" in leaf) fields.add(leaf.field);
  return fields;
}
