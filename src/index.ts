/** Ferrule: netfilter/iptables in TypeScript. Here is what the main job needs; each room is importable by itself: `ferrule/packet`, `ferrule/engine` … */
export { isNotationFault, parseNotation, printNotation, specToBytes, type NotationFault, type PacketSpec } from "./packet/index.ts";
export type { Action, Family, Field, Predicate } from "./predicate/index.ts";
export type { Chain, Rule, Ruleset, Table } from "./ruleset/index.ts";
export { printList, printSave, printSpecs, readRules, type RulesReading } from "./syntax/index.ts";
export { assumeHost, hostFromFlags, parseHostFile, printHost, type Host, type HostFlags, type Passenger } from "./host/index.ts";
export {
  createFirewall,
  ordinaryOpener,
  runPacket,
  runSession,
  type Firewall,
  type FirewallOptions,
  type Outcome,
  type SessionResult,
  type TraceEvent,
} from "./engine/index.ts";
export {
  createReplay,
  lineText,
  outcomeJson,
  replayJson,
  replayLines,
  rulesetJson,
  sessionJson,
  sessionLines,
  traceLines,
  verdictLines,
} from "./report/index.ts";
