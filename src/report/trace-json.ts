import type { Decision, Outcome, RulePlace, SessionResult, TraceEvent } from "../engine/index.ts";
import { hex } from "../packet/index.ts";
import type { Rule } from "../ruleset/index.ts";
import { packetText } from "./packet-text.ts";
import { fieldName, showValue } from "./value.ts";
import { whyNot } from "./wanted.ts";
import { ruleWords } from "./rule-words.ts";

/** Version of the JSON that `trace --json` prints; docs/json.md describes it. */
export const TRACE_JSON_VERSION = 1;

/** A value that JSON.stringify writes as it is. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** One packet's outcome as JSON. */
export function outcomeJson(outcome: Outcome): Json {
  const { verdict, reason, decidedBy, emitted, delivered, errno, senderSees, logs, events } = outcome;
  return {
    verdict,
    reason,
    decidedBy: decidedBy ? decisionJson(decidedBy) : null,
    emitted: emitted.map(frame => ({ interface: frame.interface, kind: frame.kind, ...packetJson(frame.bytes) })),
    delivered: delivered ? packetJson(delivered) : null,
    errno: errno ?? null,
    senderSees: senderSees ?? null,
    logs: logs.map(({ level, text }) => ({ level, text })),
    events: events.map(eventJson),
  };
}

/** A played session as JSON. */
export function sessionJson({ steps, complete, died, clientSees }: SessionResult): Json {
  return {
    complete,
    died: died ? { step: died.step, packet: died.packet, reason: died.reason } : null,
    clientSees: clientSees ?? null,
    steps: steps.map(step => ({
      name: step.name,
      from: step.from,
      sent: packetJson(step.sent),
      arrived: step.arrived ? packetJson(step.arrived) : null,
      outcome: outcomeJson(step.outcome),
    })),
  };
}

const packetJson = (bytes: Uint8Array): { readonly packet: string; readonly bytes: string } => ({
  packet: packetText(bytes),
  bytes: hex(bytes),
});

const placeJson = ({ family, table, chain, number }: RulePlace): { readonly [key: string]: Json } => ({ family, table, chain, number });

const ruleJson = (rule: Rule): { readonly [key: string]: Json } => ({
  rule: ruleWords(rule),
  file: rule.at.file,
  line: rule.at.line,
  column: rule.at.column,
});

const decisionJson = (decision: Decision): Json => ({
  ...placeJson(decision),
  ...(decision.rule ? ruleJson(decision.rule) : { rule: null }),
});

function eventJson(event: TraceEvent): Json {
  switch (event.event) {
    case "rule":
      return {
        event: "rule",
        ...placeJson(event.place),
        ...ruleJson(event.rule),
        matched: event.result.matched,
        ...(event.result.matched
          ? {}
          : {
              hotdrop: event.result.hotdrop,
              failed: event.result.failure.text,
              field: event.result.failure.field ?? null,
              value:
                event.result.failure.field === undefined
                  ? null
                  : showValue(event.result.failure.field, event.result.failure.value, event.place.family),
              why: whyNot(event.result.failure.wanted, event.result.failure.value, event.place.family),
            }),
      };
    case "rewrite":
      return {
        event: "rewrite",
        by: event.by,
        field: event.field,
        name: fieldName(event.field),
        from: showValue(event.field, event.from, typeof event.from === "bigint" ? 6 : 4),
        to: showValue(event.field, event.to, typeof event.to === "bigint" ? 6 : 4),
      };
    default:
      return plainJson(event);
  }
}

/** Any other event: bytes as packet and hex, places and rules flat, what is undefined as null. */
function plainJson(event: Exclude<TraceEvent, { event: "rule" | "rewrite" }>): Json {
  const json: Record<string, Json> = {};
  for (const [key, value] of Object.entries(event)) {
    if (value instanceof Uint8Array) Object.assign(json, packetJson(value));
    else if (key === "place") Object.assign(json, value === undefined ? {} : placeJson(value as RulePlace));
    else json[key] = typeof value === "bigint" ? value.toString() : ((value ?? null) as Json);
  }
  return json;
}
