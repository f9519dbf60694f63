import { sysctl, type Listener } from "../host/index.ts";
import { buildPacket, mssOption, setU32, TCP_FLAG, transportChecksumHolds, u16, u32, u8 } from "../packet/index.ts";
import { answerRoute, sendAnswer } from "./answer.ts";
import { icmpError } from "./icmp-error.ts";
import type { Journey } from "./journey.ts";
import type { Machine } from "./machine.ts";
import type { Packet } from "./packet.ts";
import { resetFor } from "./reject.ts";
import { walkStack } from "./stack-ipv6.ts";

const TCP = 6;
const UDP = 17;
const UDPLITE = 136;
const ICMP = 1;
const ICMPV6 = 58;
/** IPv4 protocols whose packets the stack takes without an answer although no socket of this model is there: IGMP and PIM. */
const TAKEN: ReadonlySet<number> = new Set([2, 103]);

/**
 * What the stack answers to a packet that was delivered, where the host says who listens: a RST for a closed TCP port, a SYN+ACK for an
 * open one, ICMP port and protocol unreachable, echo and timestamp replies. Without a list of listeners delivery is the end.
 */
export function answerLocally(machine: Machine, packet: Packet, journey: Journey): void {
  const { listeners } = machine.host;
  if (listeners === undefined || (packet.answer && !packet.mirrored) || !answers(machine, journey)) return;
  const protocol = packet.family === 4 ? packet.layout.protocol : protocol6(machine, packet, journey);
  switch (protocol) {
    case undefined:
      return;
    case TCP:
      answerTcp(machine, packet, listeners, journey);
      return;
    case UDP:
      answerUdp(machine, packet, listeners, journey);
      return;
    case UDPLITE:
      answerUdplite(machine, packet, journey);
      return;
    case ICMP:
      answerIcmp4(machine, packet, journey);
      return;
    case ICMPV6:
      answerIcmp6(machine, packet, journey);
      return;
    default:
      if (!TAKEN.has(protocol)) icmpError(machine, packet, { type: 3, code: 2, info: 0 }, journey, "icmp-proto-unreachable");
  }
}

/** Does the stack answer for local sockets: is it known who listens, and does nobody else answer? */
export function answers(machine: Machine, journey: Journey): boolean {
  return machine.host.listeners !== undefined && journey.stack;
}

/** The protocol that a handler takes; undefined where the walk along the headers ends before one. */
function protocol6(machine: Machine, packet: Packet, journey: Journey): number | undefined {
  const walk = walkStack(packet);
  switch (walk.at) {
    case "handler":
      return walk.protocol;
    case "nothing":
      return undefined;
    case "problem":
      icmpError(machine, packet, { type: 4, code: walk.code, info: walk.pointer }, journey, "icmp6-parameter-problem");
      return undefined;
  }
}

/** Who listens on the packet's destination port, if anybody does. */
export function listenerFor(
  listeners: readonly Listener[],
  protocol: "tcp" | "udp",
  packet: Pick<Packet, "dport" | "destination">,
): Listener | undefined {
  return listeners.find(
    listener =>
      listener.protocol === protocol &&
      listener.port === packet.dport &&
      (listener.address === undefined || listener.address === packet.destination),
  );
}

/** Kernel: tcp_ipv4.c, tcp_v4_rcv and tcp_v4_send_reset. */
function answerTcp(machine: Machine, packet: Packet, listeners: readonly Listener[], journey: Journey): void {
  const { layout, bytes, family } = packet;
  const at = layout.l4;
  if (packet.destinedTo !== "local" || at + 20 > layout.totalLength || packet.pkttype !== 0) return;
  const header = (u8(bytes, at + 12) >> 4) * 4;
  if (header < 20 || at + header > layout.totalLength || transportChecksumHolds(bytes, layout) === false) return;
  const flags = u8(bytes, at + 13);
  if ((flags & TCP_FLAG.RST) !== 0) return;
  const listener = listenerFor(listeners, "tcp", packet);
  if (listener?.silent) return;
  const opens = (flags & (TCP_FLAG.SYN | TCP_FLAG.ACK | TCP_FLAG.FIN)) === TCP_FLAG.SYN;
  if (listener !== undefined && !opens && (flags & TCP_FLAG.ACK) === 0) return;
  const route = answerRoute(machine, family, packet.destination, packet.source, 0);
  if (route === undefined) return;
  const ttl = machine.router.defaultTtl(family);
  const tos = Number(packet.value("tos") ?? 0) & 0xfc;
  if (listener === undefined || !opens) {
    sendAnswer(machine, resetFor(packet, at, ttl, tos), route, { kind: "tcp-reset", socket: family === 4 }, journey);
    return;
  }
  const transport = {
    kind: "tcp",
    sourcePort: packet.dport,
    destinationPort: packet.sport,
    sequence: machine.random() >>> 0,
    acknowledgment: (u32(bytes, at + 4) + 1) >>> 0,
    flags: TCP_FLAG.SYN | TCP_FLAG.ACK,
    window: 64240,
    options: mssOption(route.mtu - (family === 4 ? 40 : 60)),
  } as const;
  const reply =
    family === 4
      ? buildPacket({ family: 4, source: packet.daddr4, destination: packet.saddr4, ttl, df: true, transport })
      : buildPacket({ family: 6, source: packet.destination as bigint, destination: packet.source as bigint, ttl, transport });
  sendAnswer(machine, reply, route, { kind: "syn-ack", socket: true }, journey);
}

/** Kernel: udp.c, __udp4_lib_rcv. */
function answerUdp(machine: Machine, packet: Packet, listeners: readonly Listener[], journey: Journey): void {
  const { layout, bytes } = packet;
  const at = layout.l4;
  if (packet.destinedTo !== "local" || at + 8 > layout.totalLength) return;
  const length = u16(bytes, at + 4);
  if (length > layout.totalLength - at || length < 8 || transportChecksumHolds(bytes, layout) === false) return;
  if (listenerFor(listeners, "udp", packet) !== undefined) return;
  // A sum that netfilter took, and that does not fit the header any more, counts as wrong; short datagrams are summed again. Kernel: ip6_checksum.c, udp6_csum_init; skbuff.h, CHECKSUM_BREAK.
  if (packet.sumStale && packet.checksum === "unknown" && layout.totalLength - at > 76) return;
  // Delivery has ended its tie to the connection: the error is tracked by what it quotes. Kernel: nf_reset_ct.
  packet.connection = undefined;
  // What follows the datagram is not quoted.
  packet.bytes = bytes.subarray(0, at + length);
  icmpError(
    machine,
    packet,
    packet.family === 4 ? { type: 3, code: 3, info: 0 } : { type: 1, code: 4, info: 0 },
    journey,
    "icmp-port-unreachable",
  );
}

/** No model of a program listens on UDP-Lite. Kernel: udplite.h, udplite_checksum_init: a checksum of 0 or a short coverage is illegal. */
function answerUdplite(machine: Machine, packet: Packet, journey: Journey): void {
  const { layout, bytes } = packet;
  const at = layout.l4;
  if (packet.destinedTo !== "local" || at + 8 > layout.totalLength || u16(bytes, at + 6) === 0) return;
  if (transportChecksumHolds(bytes, layout) !== true) return;
  packet.connection = undefined;
  icmpError(
    machine,
    packet,
    packet.family === 4 ? { type: 3, code: 3, info: 0 } : { type: 1, code: 4, info: 0 },
    journey,
    "icmp-port-unreachable",
  );
}

/** Kernel: icmp.c, icmp_echo and icmp_timestamp. */
function answerIcmp4(machine: Machine, packet: Packet, journey: Journey): void {
  const { layout, bytes } = packet;
  const at = layout.l4;
  if (at + 8 > layout.totalLength || transportChecksumHolds(bytes, layout) === false) return;
  const type = u8(bytes, at);
  const toMany = packet.destinedTo !== "local";
  if (type !== 8 && type !== 13) return;
  if (toMany && sysctl(machine.host, "net.ipv4.icmp_echo_ignore_broadcasts") !== 0) return;
  if (type === 8 && sysctl(machine.host, "net.ipv4.icmp_echo_ignore_all") !== 0) return;
  if (type === 13 && at + 12 > layout.totalLength) return;
  const source = toMany ? undefined : packet.daddr4;
  const tos = u8(bytes, 1);
  const route = answerRoute(machine, 4, source, packet.saddr4, 0, tos & 0x1e);
  if (route === undefined) return;
  const payload = type === 8 ? bytes.slice(at + 8, layout.totalLength) : timestamps(bytes, at, journey.moment.now);
  const reply = buildPacket({
    family: 4,
    source: Number(source ?? route.source),
    destination: packet.saddr4,
    ttl: machine.router.defaultTtl(4),
    tos,
    id: machine.random() & 0xffff,
    // An echo keeps whatever code it had.
    transport: { kind: "icmp", type: type === 8 ? 0 : 14, code: type === 8 ? u8(bytes, at + 1) : 0, rest: u32(bytes, at + 4), payload },
  });
  sendAnswer(machine, reply, route, { kind: type === 8 ? "echo-reply" : "timestamp-reply", socket: true, icmp: true }, journey);
}

function timestamps(bytes: Uint8Array, at: number, now: number): Uint8Array {
  const payload = new Uint8Array(12);
  const time = Math.floor(now / 1000) % 86_400_000;
  payload.set(bytes.subarray(at + 8, at + 12));
  setU32(payload, 4, time);
  setU32(payload, 8, time);
  return payload;
}

/** Kernel: icmp.c (IPv6), icmpv6_echo_reply. */
function answerIcmp6(machine: Machine, packet: Packet, journey: Journey): void {
  const { layout, bytes } = packet;
  const at = layout.l4;
  if (at + 8 > layout.totalLength || u8(bytes, at) !== 128 || transportChecksumHolds(bytes, layout) === false) return;
  if (sysctl(machine.host, "net.ipv6.icmp.echo_ignore_all") !== 0) return;
  const many = packet.destinedTo === "multicast";
  if (many && sysctl(machine.host, "net.ipv6.icmp.echo_ignore_multicast") !== 0) return;
  const source = many ? undefined : packet.destination;
  // Without a source of its own to say, it leaves by where the question came in. Kernel: route.c (IPv6), ip6_route_output_flags.
  const route = answerRoute(machine, 6, source, packet.source, 0, 0, many ? packet.in?.name : undefined);
  if (route === undefined) return;
  const reply = buildPacket({
    family: 6,
    source: BigInt(source ?? route.source),
    destination: packet.source as bigint,
    ttl: machine.router.defaultTtl(6),
    tos: Number(packet.value("tos") ?? 0),
    transport: {
      kind: "icmpv6",
      type: 129,
      code: u8(bytes, at + 1),
      rest: u32(bytes, at + 4),
      payload: bytes.slice(at + 8, layout.totalLength),
    },
  });
  sendAnswer(machine, reply, route, { kind: "echo-reply", socket: true, icmp: true }, journey);
}
