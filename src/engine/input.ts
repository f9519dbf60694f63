import { isLoopback, isMulticast, type Interface } from "../host/index.ts";
import { TCP_HEADER } from "../packet/index.ts";
import { answerLocally, answers } from "./answers.ts";
import { dropped, settle, stopped } from "./ending.ts";
import { forward } from "./forward.ts";
import { gather, runHook } from "./hooks.ts";
import { icmpError } from "./icmp-error.ts";
import { optionsPass } from "./ip-options.ts";
import type { Journey } from "./journey.ts";
import type { Machine } from "./machine.ts";
import type { Packet } from "./packet.ts";
import { refusalOf } from "./sender.ts";
import { firstFragmentCut, walkStack } from "./stack-ipv6.ts";
import { VERDICT } from "./verdict.ts";

const OTHERHOST = 3;
const TCP = 6;

/** A packet has come in on `packet.in`: PREROUTING, routing, and on to delivery or forwarding. Kernel: ip_input.c, ip_rcv; ip6_input.c, ipv6_rcv. */
export function receive(machine: Machine, packet: Packet, journey: Journey): void {
  const device = packet.in;
  if (device === undefined) return;
  const fault = entryFault(packet);
  if (fault !== undefined) {
    dropped(fault, packet, journey);
    return;
  }
  const verdict = runHook(machine, "PREROUTING", packet, journey);
  if (verdict !== VERDICT.ACCEPT) stopped(verdict, packet, journey);
  else routeOn(machine, packet, device, journey);
}

/** What follows PREROUTING: the route decides. Kernel: ip_input.c, ip_rcv_finish; ip6_input.c, ip6_rcv_finish. */
export function routeOn(machine: Machine, packet: Packet, device: Interface, journey: Journey): void {
  if (packet.looped) {
    if (packet.destinedTo === "multicast" && packet.route?.member !== true)
      dropped("a multicast group that nobody here has joined", packet, journey);
    else if (optionsPass(machine, packet, journey)) deliver(machine, packet, journey);
    return;
  }
  // Looking for a local socket reads the whole TCP header. Kernel: tcp_ipv4.c, tcp_v4_early_demux.
  if (packet.family === 4 && packet.protocol === TCP && packet.pkttype === 0 && packet.layout.l4 + TCP_HEADER <= packet.bytes.length)
    packet.pull(TCP_HEADER);
  const { family, source, destination, mark } = packet;
  const route = machine.router.input({ family, source, destination, mark, tos: Number(packet.value("tos") ?? 0) }, device);
  if (journey.events !== undefined) {
    const reason = route.to === "local" ? route.kind : route.to === "forward" ? "" : route.reason;
    const decision = route.to === "local" ? "local" : route.to === "forward" ? "forward" : "none";
    journey.events.push({
      event: "route",
      decision,
      device: route.to === "forward" ? route.device.name : "",
      gateway: route.to === "forward" ? route.gateway : undefined,
      reason,
    });
  }
  switch (route.to) {
    case "drop":
      dropped(route.reason, packet, journey);
      return;
    case "error":
      icmpError(machine, packet, unreachable(family, route.error), journey);
      dropped(route.reason, packet, journey);
      return;
    case "local":
      packet.destinedTo = route.kind === "unicast" ? "local" : route.kind;
      packet.realm = route.realm;
      if (optionsPass(machine, packet, journey)) deliver(machine, packet, journey);
      return;
    case "forward":
      packet.destinedTo = "unicast";
      packet.realm = route.realm;
      if (optionsPass(machine, packet, journey)) forward(machine, packet, route, journey);
  }
}

/** The ICMP error for a missing or forbidding route. Kernel: route.c, ip_error; route.c (IPv6), ip6_pkt_drop. */
function unreachable(family: 4 | 6, error: string): { type: number; code: number; info: number } {
  if (family === 6) return { type: 1, code: error === "EACCES" ? 1 : 0, info: 0 };
  return { type: 3, code: error === "EACCES" ? 13 : error === "ENETUNREACH" ? 0 : 1, info: 0 };
}

/** What is dropped before the first hook. Kernel: ip_input.c, ip_rcv_core; ip6_input.c, ip6_rcv_core. */
export function entryFault(packet: Packet): string | undefined {
  if (packet.pkttype === OTHERHOST) return "the frame is addressed to another machine";
  if (packet.family === 4) return packet.layout.badHeaderChecksum ? "wrong IPv4 header checksum" : undefined;
  const { source, destination, in: device } = packet;
  const outside = device?.link !== "loopback";
  if (outside && (isLoopback(source) || isLoopback(destination))) return "the loopback address ::1 from outside";
  if (isMulticast(source)) return "a multicast source address";
  if (isMulticast(destination)) {
    const scope = Number((BigInt(destination) >> 112n) & 15n);
    if (scope === 0 || (scope === 1 && outside && packet.pkttype !== 5)) return "an interface-local multicast from outside";
  }
  return undefined;
}

/** For this machine: INPUT, then the socket or the stack. Kernel: ip_input.c, ip_local_deliver; ip6_input.c, ip6_input. */
function deliver(machine: Machine, packet: Packet, journey: Journey): void {
  const { layout } = packet;
  if (packet.family === 4 && (layout.fragmentOffset !== 0 || layout.moreFragments) && !reassemble(machine, packet, journey)) return;
  packet.out = undefined;
  const verdict = runHook(machine, "INPUT", packet, journey);
  if (verdict !== VERDICT.ACCEPT) {
    stopped(verdict, packet, journey);
    return;
  }
  const device = packet.in?.name ?? "";
  // IPv6 fragments reach the stack one by one, and it puts them together.
  journey.delivered.push({ interface: device, bytes: packet.bytes.slice(), answer: packet.answer, mark: packet.mark });
  if (packet.family === 6 && packet.layout.fragmentHeader !== undefined && !reassemble(machine, packet, journey)) return;
  const bytes = packet.bytes.slice();
  journey.events?.push({ event: "delivered", bytes });
  if (packet.answer && !packet.clone) journey.answered ??= refusalOf(bytes, packet.layout);
  settle(journey, packet, { end: "delivered", bytes, interface: device });
  answerLocally(machine, packet, journey);
}

/** The stack's own reassembly; fragments that it cannot use are told of where it answers at all. Kernel: ip_input.c, ip_local_deliver; reassembly.c, ipv6_frag_rcv. */
function reassemble(machine: Machine, packet: Packet, journey: Journey): boolean {
  if (packet.family === 6 && answers(machine, journey)) {
    const walk = walkStack(packet, true);
    if (walk.at !== "handler") {
      if (walk.at === "problem")
        icmpError(machine, packet, { type: 4, code: walk.code, info: walk.pointer }, journey, "icmp6-parameter-problem");
      dropped("its extension headers cannot be followed to the fragment", packet, journey);
      return false;
    }
    if (firstFragmentCut(packet)) {
      icmpError(machine, packet, { type: 4, code: 3, info: 0 }, journey, "icmp6-incomplete-header");
      dropped("a first fragment without all of its headers", packet, journey);
      return false;
    }
  }
  const verdict = gather(machine, "delivery", packet, journey);
  if (verdict === VERDICT.ACCEPT) return true;
  stopped(verdict, packet, journey);
  return false;
}
