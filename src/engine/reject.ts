import { isMulticast, sysctl } from "../host/index.ts";
import { buildPacket, TCP_FLAG, u16, u32, u8 } from "../packet/index.ts";
import type { Rejection } from "../predicate/index.ts";
import { answerRoute, noAnswer, sendAnswer } from "./answer.ts";
import { checksumOk, mayReject } from "./checksum-check.ts";
import { icmpError, skipExtensions } from "./icmp-error.ts";
import type { Journey } from "./journey.ts";
import type { Machine } from "./machine.ts";
import type { Packet } from "./packet.ts";

/** Sends what REJECT sends to a packet's sender, if anything. Kernel: ipt_REJECT.c, reject_tg; ip6t_REJECT.c, reject_tg6. */
export function reject(machine: Machine, packet: Packet, rejection: Rejection, journey: Journey): void {
  if (rejection.kind === "tcp-reset") {
    sendReset(machine, packet, journey);
    return;
  }
  if (packet.family === 4 && packet.layout.fragmentOffset !== 0) {
    noAnswer(rejection.name, "errors are sent about the first fragment only", journey);
    return;
  }
  if (!mayReject(packet)) {
    noAnswer(rejection.name, "its checksum is wrong, or cannot be checked", journey);
    return;
  }
  icmpError(machine, packet, { type: rejection.type, code: rejection.code, info: 0 }, journey, rejection.name);
}

/** Kernel: nf_reject_ipv4.c, nf_send_reset; nf_reject_ipv6.c, nf_send_reset6. */
function sendReset(machine: Machine, packet: Packet, journey: Journey): void {
  const kind = "tcp-reset";
  const at = tcpAt(packet);
  if (typeof at === "string") {
    noAnswer(kind, at, journey);
    return;
  }
  if (packet.destinedTo === "broadcast" || packet.destinedTo === "multicast") {
    noAnswer(kind, "resets are not sent about broadcasts and multicasts", journey);
    return;
  }
  const { family } = packet;
  const reflects = sysctl(machine.host, family === 4 ? "net.ipv4.fwmark_reflect" : "net.ipv6.fwmark_reflect") !== 0;
  const mark = reflects ? packet.mark : 0;
  const route = answerRoute(machine, family, packet.destination, packet.source, mark);
  if (route === undefined) {
    noAnswer(kind, "no route back to the sender", journey);
    return;
  }
  const bytes = resetFor(packet, at, machine.router.defaultTtl(family));
  if (packet.connection !== undefined) machine.tracker.setClosing(packet.connection, journey.moment.now);
  sendAnswer(machine, bytes, route, { kind, mark, socket: false, about: packet, bridged: packet }, journey);
}

/** Where the TCP header is, or why there is no reset. */
function tcpAt(packet: Packet): number | string {
  const { layout, bytes, family } = packet;
  let at = layout.l4;
  if (family === 6) {
    if (isMulticast(packet.source) || isMulticast(packet.destination) || packet.source === 0n) return "an address is no single machine's";
    const found = skipExtensions(layout, bytes);
    if (found === undefined || found.protocol !== 6) return "no TCP header";
    at = found.offset;
  } else if (layout.fragmentOffset !== 0 || layout.protocol !== 6) return "no TCP header";
  if (at + 20 > layout.totalLength) return "the TCP header is cut";
  if ((u8(bytes, at + 13) & TCP_FLAG.RST) !== 0) return "resets are not answered with resets";
  return checksumOk(packet, 6, at) ? at : "its checksum is wrong";
}

/** The reset for a TCP packet whose header is at `at`. Kernel: nf_reject_ip_tcphdr_put. */
export function resetFor(packet: Packet, at: number, ttl: number, tos = 0): Uint8Array {
  const { bytes } = packet;
  const flags = u8(bytes, at + 13);
  const acknowledges = (flags & TCP_FLAG.ACK) !== 0;
  const header = (u8(bytes, at + 12) >> 4) * 4;
  const counted = ((flags & TCP_FLAG.SYN) >> 1) + (flags & TCP_FLAG.FIN) + bytes.length - at - header;
  const transport = {
    kind: "tcp",
    sourcePort: u16(bytes, at + 2),
    destinationPort: u16(bytes, at),
    sequence: acknowledges ? u32(bytes, at + 8) : 0,
    acknowledgment: acknowledges ? 0 : (u32(bytes, at + 4) + counted) >>> 0,
    flags: acknowledges ? TCP_FLAG.RST : TCP_FLAG.RST | TCP_FLAG.ACK,
    window: 0,
  } as const;
  if (packet.family === 4)
    return buildPacket({ family: 4, source: packet.daddr4, destination: packet.saddr4, ttl, tos, df: true, transport });
  return buildPacket({ family: 6, source: packet.destination as bigint, destination: packet.source as bigint, ttl, tos, transport });
}
