import { CT_INFO, directionOf, printConnection, runHelper, STATUS, printExpectation, type Connection } from "../conntrack/index.ts";
import { mask4, SCTP_HEADER, u16 } from "../packet/index.ts";
import { CT_STATE } from "../predicate/index.ts";
import type { Hook } from "../xtables/index.ts";
import type { Journey } from "./journey.ts";
import type { Machine } from "./machine.ts";
import type { Packet } from "./packet.ts";
import { keepAlive, proxyHook } from "./synproxy-hook.ts";
import type { TraceEvent } from "./trace-events.ts";
import { VERDICT, type Verdict } from "./verdict.ts";

/** Finds the packet's connection. Kernel: nf_conntrack_core.c, nf_conntrack_in. */
export function track(machine: Machine, hook: Hook, packet: Packet, journey: Journey): Verdict {
  if (packet.supposed !== undefined && packet.supposed !== CT_STATE.NEW) {
    // What a rule keeps from tracking has no other state, whatever is supposed.
    if (packet.info === CT_INFO.UNTRACKED || packet.template?.notrack === true) packet.supposed = CT_STATE.UNTRACKED;
    if (packet.supposed === CT_STATE.UNTRACKED) packet.info = CT_INFO.UNTRACKED;
    journey.events?.push({
      event: "tracking",
      state: SUPPOSED[packet.supposed] ?? "INVALID",
      direction: undefined,
      created: false,
      connection: undefined,
      reason: "supposed, as was asked",
      foreseenBy: undefined,
    });
    return VERDICT.ACCEPT;
  }
  const known = packet.connection;
  // The checksum of SCTP is summed over a header that is made writable first. Kernel: nf_conntrack_proto_sctp.c, sctp_error.
  const looks = known === undefined && packet.info !== CT_INFO.UNTRACKED && packet.template?.notrack !== true;
  if (looks && hook === "PREROUTING" && packet.protocol === SCTP && machine.tracker.sysctls.checksum) packet.pull(SCTP_HEADER);
  const verdict = machine.tracker.track(packet, hook === "OUTPUT" ? "OUTPUT" : "PREROUTING", journey.moment.now, packet.template);
  packet.template = undefined;
  // A packet that tracking took has been summed; of one that it did not take, that it was invalid for another reason says nothing.
  if (looks && hook === "PREROUTING" && machine.tracker.sysctls.checksum && packet.connection !== undefined)
    packet.sumValid = SUMMED.has(packet.protocol) && !(packet.protocol === UDP && packet.family === 4 && zeroSum(packet));
  if (packet.connection === undefined && !machine.cookies.unused) keepAlive(machine, packet);
  if (packet.proxied && packet.connection !== undefined && !machine.proxied.has(packet.connection))
    machine.proxied.set(packet.connection, { cookie: 0, shown: 0, drift: 0 });
  if (verdict === "drop") {
    journey.reason = packet.trackingReason ?? "connection tracking dropped it";
    journey.decision = undefined;
    return VERDICT.DROP;
  }
  if (journey.events !== undefined && known === undefined) journey.events.push(trackingEvent(packet, journey.moment.now));
  return VERDICT.ACCEPT;
}

/** States by number. */
const SUPPOSED = ["INVALID", "NEW", "ESTABLISHED", "RELATED", "UNTRACKED"] as const;

const SCTP = 132;
const UDP = 17;

/** Protocols whose checksum tracking asks for. Kernel: nf_conntrack_proto_tcp.c, tcp_error, and its like. */
const SUMMED: ReadonlySet<number> = new Set([1, 6, UDP, 58]);

const zeroSum = ({ bytes, layout }: Packet): boolean => u16(bytes, layout.l4 + 6) === 0;

const STATE_NAMES = {
  [CT_INFO.NEW]: "NEW",
  [CT_INFO.ESTABLISHED]: "ESTABLISHED",
  [CT_INFO.ESTABLISHED_REPLY]: "ESTABLISHED",
  [CT_INFO.RELATED]: "RELATED",
  [CT_INFO.RELATED_REPLY]: "RELATED",
  [CT_INFO.UNTRACKED]: "UNTRACKED",
} as const;

function trackingEvent(packet: Packet, now: number): TraceEvent {
  const { connection, info } = packet;
  if (connection === undefined) {
    const state = info === CT_INFO.UNTRACKED ? "UNTRACKED" : "INVALID";
    return {
      event: "tracking",
      state,
      direction: undefined,
      created: false,
      connection: undefined,
      reason: packet.trackingReason,
      foreseenBy: undefined,
    };
  }
  return {
    event: "tracking",
    state: STATE_NAMES[info],
    direction: directionOf(info) === 0 ? "original" : "reply",
    created: (info === CT_INFO.NEW || (connection.status & STATUS.EXPECTED) !== 0) && (connection.status & STATUS.CONFIRMED) === 0,
    connection: printConnection(connection, now, { timeouts: false }),
    reason: undefined,
    foreseenBy: connection.master?.helper,
  };
}

/** The end of INPUT and POSTROUTING: the connection's proxy and helper look at the packet, and then it is put into the table. Kernel: nf_conntrack_proto.c, nf_confirm. */
export function confirm(machine: Machine, packet: Packet, journey: Journey): Verdict {
  const { connection } = packet;
  if (connection === undefined) return VERDICT.ACCEPT;
  const proxy = proxyHook(machine, packet, journey);
  if (proxy !== VERDICT.ACCEPT) return proxy;
  if (!help(machine, packet, connection, journey)) return VERDICT.DROP;
  const fresh = (connection.status & STATUS.CONFIRMED) === 0;
  if (machine.tracker.confirm(packet, journey.moment.now) === "drop") {
    journey.reason = packet.trackingReason ?? "another connection has the same addresses and ports";
    journey.decision = undefined;
    return VERDICT.DROP;
  }
  if (fresh && (connection.status & STATUS.CONFIRMED) !== 0 && journey.events !== undefined) {
    journey.events.push({ event: "confirm", connection: printConnection(connection, journey.moment.now, { timeouts: false }) });
  }
  return VERDICT.ACCEPT;
}

/** The helper's look at the packet; false drops it. */
function help(machine: Machine, packet: Packet, connection: Connection, journey: Journey): boolean {
  const before = journey.events === undefined ? undefined : new Set(machine.tracker.expectations.of(connection));
  const place = {
    hook: packet.hook === "INPUT" ? "INPUT" : "POSTROUTING",
    loopback: packet.in?.link === "loopback",
    broadcastMask: broadcastMask(packet),
  } as const;
  if (runHelper(machine.tracker, packet, place, journey.moment.now) === "drop") {
    journey.reason = packet.trackingReason ?? "the connection's helper drops it";
    journey.decision = undefined;
    return false;
  }
  for (const expectation of before === undefined ? [] : machine.tracker.expectations.of(connection))
    if (!before?.has(expectation))
      journey.events?.push({
        event: "expect",
        helper: connection.helper ?? "",
        expectation: printExpectation(expectation, journey.moment.now, { timeouts: false }),
      });
  return true;
}

/** The netmask of the address whose broadcast a local socket sends to. Kernel: nf_conntrack_broadcast.c, nf_conntrack_broadcast_help. */
function broadcastMask({ socket, route, daddr4 }: Packet): number | undefined {
  if (!socket || route?.kind !== "broadcast") return undefined;
  const own = route.device.addresses.find(
    ({ family, address, prefixLength, broadcast }) =>
      family === 4 && (broadcast ?? (Number(address) | ~mask4(prefixLength)) >>> 0) === daddr4,
  );
  return own && mask4(own.prefixLength);
}
