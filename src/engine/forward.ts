import { isLinkLocal, isLoopback, isMulticast, type InputRoute } from "../host/index.ts";
import { dropped, stopped } from "./ending.ts";
import { runHook } from "./hooks.ts";
import { icmpError } from "./icmp-error.ts";
import { forwardOptions } from "./ip-options.ts";
import type { Journey } from "./journey.ts";
import type { Machine } from "./machine.ts";
import { leave } from "./output.ts";
import type { Packet } from "./packet.ts";
import { decreaseHops } from "./rewrite.ts";
import { VERDICT } from "./verdict.ts";

type ForwardRoute = Extract<InputRoute, { readonly to: "forward" }>;

/** Passes a packet on: the hop count first, then the size, then FORWARD. Kernel: ip_forward.c, ip_forward; ip6_output.c, ip6_forward. */
export function forward(machine: Machine, packet: Packet, route: ForwardRoute, journey: Journey): void {
  if (packet.pkttype !== 0) {
    dropped("not addressed to this machine's hardware address, so it is not passed on", packet, journey);
    return;
  }
  const hops = packet.bytes[packet.family === 4 ? 8 : 7] as number;
  if (hops <= 1) {
    icmpError(machine, packet, { type: packet.family === 4 ? 11 : 3, code: 0, info: 0 }, journey);
    dropped(packet.family === 4 ? "time to live exceeded" : "hop limit exceeded", packet, journey);
    return;
  }
  if (packet.family === 6 && !sourceMayPass(machine, packet, route, journey)) return;
  if (tooBig(packet, route.mtu)) {
    const error = packet.family === 4 ? { type: 3, code: 4, info: route.mtu } : { type: 2, code: 0, info: route.mtu };
    icmpError(machine, packet, error, journey);
    dropped(`larger than the link's ${route.mtu} bytes, and must not be cut`, packet, journey);
    return;
  }
  decreaseHops(packet);
  packet.cameIn = packet.in;
  packet.out = route.device;
  packet.gateway = route.gateway;
  if (packet.family === 4) packet.priority = TOS_PRIORITY[((packet.bytes[1] as number) & 0x1e) >> 1] ?? 0;
  const verdict = runHook(machine, "FORWARD", packet, journey);
  if (verdict !== VERDICT.ACCEPT) {
    stopped(verdict, packet, journey);
    return;
  }
  if (packet.family === 4 && packet.layout.headerLength > 20) forwardOptions(machine, packet, route);
  leave(machine, packet, route.mtu, journey);
}

/** The queueing class that a forwarded packet's TOS stands for. Kernel: route.c, ip_tos2prio, with TC_PRIO_*. */
const TOS_PRIORITY: readonly number[] = [0, 0, 0, 0, 2, 2, 2, 2, 6, 6, 6, 6, 4, 4, 4, 4];

function tooBig(packet: Packet, mtu: number): boolean {
  if (packet.family === 6) return packet.fragMaxSize > mtu || (packet.bytes.length > mtu && packet.fragMaxSize === 0);
  if (packet.bytes.length <= mtu || !packet.layout.dontFragment) return false;
  return packet.fragMaxSize === 0 || packet.fragMaxSize > mtu;
}

/** IPv6 source addresses that must not cross a router. Kernel: ip6_output.c, ip6_forward. */
function sourceMayPass(machine: Machine, packet: Packet, route: ForwardRoute, journey: Journey): boolean {
  // A packet that leaves by the interface it came in on is answered with a redirect instead.
  if (route.device.name === packet.in?.name) return true;
  const { source } = packet;
  if (source === 0n || isMulticast(source) || isLoopback(source)) {
    dropped("a source address that must not be passed on", packet, journey);
    return false;
  }
  if (isLinkLocal(source)) {
    icmpError(machine, packet, { type: 1, code: 2, info: 0 }, journey);
    dropped("a link-local source address must not be passed on", packet, journey);
    return false;
  }
  return true;
}
