/** A packet's way through netfilter: hooks, routing, traversal, verdicts, counters, logs and traces. */
export { createFirewall, type ChainCounters, type Firewall, type FirewallOptions, type RunOptions } from "./firewall.ts";
export { type Received } from "./arrival.ts";
export { type Sent } from "./departure.ts";
export { type EngineKind } from "./compile.ts";
export { type Outcome, type OutcomeVerdict } from "./outcome.ts";
export { type Decision, type Delivery, type Emitted, type Errno, type LogLine, type NflogRecord } from "./journey.ts";
export { type Failure, type RulePlace, type RuleResult, type TraceEvent } from "./trace-events.ts";
export { Packet } from "./packet.ts";
export { type PacketOrigin } from "./packet-origin.ts";
export { type SetStore } from "./set-store.ts";
export { READERS } from "./fields.ts";
export { compilePredicate, type Test } from "./compile-predicate.ts";
export { logLine } from "./log.ts";
export { runPacket } from "./run-packet.ts";
export {
  runSession,
  sessionLengths,
  type SessionOptions,
  type SessionDeath,
  type SessionResult,
  type ServerWords,
  type SessionStep,
} from "./session.ts";
export { ordinaryOpener, sessionFault, type Lengths } from "./session-script.ts";
export { placementFault, type PlacementFault } from "./placement.ts";
