import { conntrackSysctls, Defragmenter, Tracker, type Connection } from "../conntrack/index.ts";
import { Router, type Host, type Interface } from "../host/index.ts";
import { dissect, isFault } from "../packet/index.ts";
import type { Family, Moment } from "../predicate/index.ts";
import type { Chain, Counters, Rule, Ruleset, Table } from "../ruleset/index.ts";
import type { TableName } from "../xtables/index.ts";
import { executeOn } from "./actions.ts";
import { compileRuleset, totalOf, type CompiledRuleset, type CompiledTable, type EngineKind, type SharedState } from "./compile.ts";
import { dropped } from "./ending.ts";
import { receive } from "./input.ts";
import { newJourney, type Journey, type LogLine } from "./journey.ts";
import { familyRules, type FamilyRules, type Machine } from "./machine.ts";
import { outcomeOf, type Outcome } from "./outcome.ts";
import { sendOut } from "./output.ts";
import { Packet } from "./packet.ts";

/** What a firewall is made of. */
export interface FirewallOptions {
  readonly v4?: Ruleset | undefined;
  readonly v6?: Ruleset | undefined;
  readonly host: Host;
  /** A uniformly random unsigned 32-bit number. */
  random(): number;
  /** µs: when the rules are loaded. */
  readonly start: number;
  /** "compiled" unless the reference meaning is wanted. */
  readonly engine?: EngineKind;
}

/** A packet from the wire. */
export interface Received {
  /** From the IP header on; link padding behind it is cut off. */
  readonly bytes: Uint8Array;
  /** Name of the interface. A bridge port stands for its bridge, with itself as the physical interface. */
  readonly in: string;
  /** Source hardware address as a 48-bit number. */
  readonly mac?: number | undefined;
  /** The frame's own header, for LOG. */
  readonly linkHeader?: Uint8Array | undefined;
  /** Link-layer packet type (host 0, broadcast 1, multicast 2, otherhost 3). */
  readonly pkttype?: number | undefined;
  readonly mark?: number | undefined;
  /** A value of CT_STATE to suppose instead of asking connection tracking. */
  readonly supposed?: number | undefined;
}

/** A packet from a program of this machine. */
export interface Sent {
  readonly bytes: Uint8Array;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
  readonly mark?: number | undefined;
  readonly priority?: number | undefined;
  /** Bound to an interface (SO_BINDTODEVICE). */
  readonly out?: string | undefined;
  /** False for a packet that no socket owns; true unless said. */
  readonly socket?: boolean | undefined;
  /** A value of CT_STATE to suppose instead of asking connection tracking. */
  readonly supposed?: number | undefined;
}

/** How a packet is run. */
export interface RunOptions {
  /** Collect events; slower. */
  readonly trace?: boolean | undefined;
  /** False keeps the stack from answering for local sockets, for callers that answer themselves. True unless said. */
  readonly stack?: boolean | undefined;
}

/** Counters of one chain: of its policy (undefined for user chains) and of its rules in order. */
export interface ChainCounters {
  readonly policy: Counters | undefined;
  readonly rules: readonly Counters[];
}

/** A running firewall: a host, its rules, and what it remembers. Time must not run backwards. */
export interface Firewall {
  receive(packet: Received, now: number, options?: RunOptions): Outcome;
  send(packet: Sent, now: number, options?: RunOptions): Outcome;
  /** The ruleset's own counters and what was counted since. */
  counters(family: Family): ReadonlyMap<TableName, ReadonlyMap<string, ChainCounters>>;
  /** The ruleset with its counters as they are now, for save text; undefined where none was loaded. */
  rulesetWithCounters(family: Family): Ruleset | undefined;
  /** Confirmed connections, oldest first. */
  connections(now: number): readonly Connection[];
  /** Is connection tracking on for a family? */
  tracks(family: Family): boolean;
  /** Lines logged since the start. */
  readonly logs: readonly LogLine[];
  readonly host: Host;
}

/** How many packets over loopback one packet may set off. */
const LOOPBACK_BUDGET = 256;

/** Builds a firewall. Throws a RangeError for a ruleset that no kernel would load: a jump to a chain that is not there. */
export function createFirewall(options: FirewallOptions): Firewall {
  const { host } = options;
  let now = options.start;
  const random = (): number => options.random() >>> 0;
  const moment = (): Moment => ({ now, random });
  const shared: SharedState = new Map();
  const load = (ruleset: Ruleset | undefined): FamilyRules | undefined =>
    ruleset && familyRules(compileRuleset(ruleset, options.engine ?? "compiled", moment(), shared));
  const sysctls = conntrackSysctls(name => host.sysctls.get(name));
  const machine: Machine = {
    host,
    router: new Router(host),
    rules: { 4: load(options.v4), 6: load(options.v6) },
    tracker: new Tracker({ sysctls, random }),
    defragmenter: new Defragmenter(),
    random,
    execute: executeOn(() => machine),
  };
  const logs: LogLine[] = [];

  const begin = (at: number, { trace = false, stack = true }: RunOptions): Journey => {
    now = Math.max(now, at);
    return newJourney(moment(), trace, stack);
  };
  const finish = (journey: Journey): Outcome => {
    for (let budget = LOOPBACK_BUDGET; budget > 0; budget--) {
      const looped = journey.backlog.shift();
      if (looped === undefined) break;
      receive(machine, looped, journey);
    }
    for (const line of journey.logs) logs.push(line);
    return outcomeOf(journey);
  };

  return {
    host,
    logs,
    receive(given, at, run = {}) {
      const journey = begin(at, run);
      const packet = arrival(machine, given, journey);
      if (packet !== undefined) receive(machine, packet, journey);
      return finish(journey);
    },
    send(given, at, run = {}) {
      const journey = begin(at, run);
      depart(machine, given, journey);
      return finish(journey);
    },
    counters: family => countersOf(machine.rules[family]?.ruleset),
    rulesetWithCounters: family => counted(machine.rules[family]?.ruleset),
    connections: at => machine.tracker.connections(Math.max(now, at)),
    tracks: family => machine.rules[family]?.tracks ?? false,
  };
}

function arrival(machine: Machine, given: Received, journey: Journey): Packet | undefined {
  journey.events?.push({ event: "packet", from: "wire", in: given.in, bytes: given.bytes.slice() });
  const layout = dissect(given.bytes);
  const port = machine.router.interfaces.get(given.in);
  const fault = isFault(layout) ? layout.fault : port === undefined ? `no interface ${given.in}` : port.up ? undefined : `the interface ${given.in} is down`;
  if (fault !== undefined || isFault(layout) || port === undefined) {
    const reason = fault ?? "no packet";
    journey.events?.push({ event: "dropped", reason });
    journey.end = { end: "dropped", reason, decidedBy: undefined };
    return undefined;
  }
  const bridge = port.bridge === undefined ? undefined : machine.router.interfaces.get(port.bridge);
  return new Packet(given.bytes.slice(0, layout.totalLength), layout, machine.router, journey.moment.now, {
    in: bridge ?? port,
    physin: bridge && port.name,
    mac: given.mac ?? macOf(given.linkHeader, port),
    linkHeader: given.linkHeader,
    pkttype: given.pkttype,
    mark: given.mark,
    supposed: given.supposed,
  });
}

/** The source address in an Ethernet header. */
function macOf(header: Uint8Array | undefined, device: Interface): number | undefined {
  if (header === undefined || header.length < 14 || device.link !== "ethernet") return undefined;
  let mac = 0;
  for (const byte of header.subarray(6, 12)) mac = mac * 256 + byte;
  return mac;
}

function depart(machine: Machine, given: Sent, journey: Journey): void {
  journey.events?.push({ event: "packet", from: "socket", in: "", bytes: given.bytes.slice() });
  const layout = dissect(given.bytes);
  if (isFault(layout)) {
    journey.end = { end: "dropped", reason: layout.fault, decidedBy: undefined };
    journey.errno = "EINVAL";
    return;
  }
  const packet = new Packet(given.bytes.slice(0, layout.totalLength), layout, machine.router, journey.moment.now, {
    mark: given.mark,
    priority: given.priority,
    uid: given.uid,
    gid: given.gid ?? given.uid,
    socket: given.socket ?? true,
    supposed: given.supposed,
  });
  const { router } = machine;
  const { family, source, destination, mark } = packet;
  const own = router.isLocal(family, source) ? source : undefined;
  const tos = Number(packet.value("tos") ?? 0);
  const route = router.output({ family, source: own, destination, mark, tos, oif: given.out });
  if (route.to === "error") {
    journey.errno = route.error;
    dropped(`no route (${route.error})`, packet, journey);
    return;
  }
  sendOut(machine, packet, route, journey);
}

function countersOf(ruleset: CompiledRuleset | undefined): ReadonlyMap<TableName, ReadonlyMap<string, ChainCounters>> {
  const tables = new Map<TableName, ReadonlyMap<string, ChainCounters>>();
  for (const table of ruleset?.tables.values() ?? []) {
    const chains = new Map<string, ChainCounters>();
    for (const chain of table.chains.values()) {
      chains.set(chain.name, {
        policy: chain.policy === undefined ? undefined : totalOf(table, chain.slot, chain.source.counters),
        rules: chain.rules.map(rule => totalOf(table, rule.slot, rule.rule.counters)),
      });
    }
    tables.set(table.name, chains);
  }
  return tables;
}

function counted(ruleset: CompiledRuleset | undefined): Ruleset | undefined {
  if (ruleset === undefined) return undefined;
  const tables = new Map<TableName, Table>();
  for (const table of ruleset.tables.values()) tables.set(table.name, { name: table.name, chains: countedChains(table) });
  return { family: ruleset.source.family, tables };
}

function countedChains(table: CompiledTable): ReadonlyMap<string, Chain> {
  const chains = new Map<string, Chain>();
  for (const chain of table.chains.values()) {
    const rules: Rule[] = chain.rules.map(entry => ({ ...entry.rule, counters: totalOf(table, entry.slot, entry.rule.counters) }));
    const counters = chain.policy === undefined ? chain.source.counters : totalOf(table, chain.slot, chain.source.counters);
    chains.set(chain.name, { ...chain.source, counters, rules });
  }
  return chains;
}
