import type { Interface } from "../host/index.ts";
import { transmit } from "./bridge-port.ts";
import { dropped, stopped } from "./ending.ts";
import { runHook } from "./hooks.ts";
import { entryFault, receive, routeOn } from "./input.ts";
import type { Journey } from "./journey.ts";
import type { Machine } from "./machine.ts";
import type { Packet } from "./packet.ts";
import { cutPacket, mustCut } from "./refragment.ts";
import { VERDICT } from "./verdict.ts";

/** A frame that came in on a port of a bridge. */
export interface BridgedFrame {
  readonly bridge: Interface;
  readonly port: Interface;
  /** Hardware address that it is for. */
  readonly destination: number;
  /** Do iptables see bridged packets (bridge-nf-call-iptables)? */
  readonly filters: boolean;
}

const BROADCAST = 0xffffffffffff;
const SAME_PORT = "the bridge knows its destination behind the same port";
const GROUP_BIT = 0x010000000000;

function isGroup(destination: number): boolean {
  return Math.floor(destination / GROUP_BIT) % 2 === 1;
}

function portsOf(machine: Machine, bridge: Interface): readonly Interface[] {
  return machine.host.interfaces.filter(device => device.bridge === bridge.name && device.up);
}

/** Where a bridge takes a frame: up to this machine, and out by other ports. Kernel: br_input.c, br_handle_frame_finish. */
function decide(
  machine: Machine,
  { bridge, port, destination }: BridgedFrame,
): { readonly up: boolean; readonly ports: readonly Interface[] } {
  const ports = portsOf(machine, bridge);
  if (destination === bridge.mac || ports.some(own => own.mac === destination)) return { up: true, ports: [] };
  const others = ports.filter(other => other.name !== port.name);
  if (destination === BROADCAST || isGroup(destination)) return { up: true, ports: others };
  if (port.stations?.includes(destination)) return { up: false, ports: [] };
  const known = others.find(other => other.stations?.includes(destination));
  return { up: false, ports: known === undefined ? others : [known] };
}

/**
 * A packet through a bridge. With bridge-nf-call-iptables it meets PREROUTING, FORWARD and POSTROUTING of the IP tables with the bridge as
 * its interface and the ports as physical ones, its hop count untouched. Kernel: br_netfilter_hooks.c.
 */
export function receiveBridged(machine: Machine, packet: Packet, frame: BridgedFrame, journey: Journey): void {
  if (!frame.filters) {
    const { up, ports } = decide(machine, frame);
    for (const port of ports) transmit(packet, packet.bytes, port, journey);
    if (up) receive(machine, packet, journey);
    else if (ports.length === 0) dropped(SAME_PORT, packet, journey);
    return;
  }
  if (packet.layout.badHeaderChecksum) {
    dropped("wrong IPv4 header checksum", packet, journey);
    return;
  }
  // A frame for another machine counts as ours while netfilter looks at it.
  packet.pkttype = frame.destination === BROADCAST ? 1 : isGroup(frame.destination) ? 2 : 0;
  packet.frameDestination = frame.destination;
  const before = packet.destination;
  const verdict = runHook(machine, "PREROUTING", packet, journey);
  if (verdict !== VERDICT.ACCEPT) {
    stopped(verdict, packet, journey);
    return;
  }
  if (packet.destination !== before) {
    translated(machine, packet, frame, journey);
    return;
  }
  // A packet put together from fragments goes where the first of them was sent.
  const { up, ports } = decide(machine, { ...frame, destination: packet.frameDestination });
  if (!up && ports.length === 0) dropped(SAME_PORT, packet, journey);
  for (const port of ports) forwardBridged(machine, up || ports.length > 1 ? packet.copy() : packet, frame.bridge, port, journey);
  if (!up) return;
  // What goes up beside its copies is confirmed at once. Kernel: br_netfilter_hooks.c, br_nf_local_in.
  if (packet.pkttype !== 0 && packet.connection !== undefined && machine.tracker.confirm(packet, journey.moment.now) === "drop") {
    dropped("another connection has the same addresses and ports", packet, journey);
    return;
  }
  climb(machine, packet, frame.bridge, journey);
}

/**
 * A packet whose destination PREROUTING translated: one that is routed to the same bridge stays bridged, any other goes up. The port of the
 * new destination is not known here, so that it leaves by every other one. Kernel: br_netfilter_hooks.c, br_nf_pre_routing_finish.
 */
function translated(machine: Machine, packet: Packet, { bridge, port }: BridgedFrame, journey: Journey): void {
  packet.pkttype = 0;
  const { family, source, destination, mark } = packet;
  const route = machine.router.input({ family, source, destination, mark, tos: Number(packet.value("tos") ?? 0) }, bridge);
  if (route.to !== "forward" || route.device.name !== bridge.name) {
    climb(machine, packet, bridge, journey);
    return;
  }
  const others = portsOf(machine, bridge).filter(other => other.name !== port.name);
  for (const other of others) forwardBridged(machine, others.length > 1 ? packet.copy() : packet, bridge, other, journey);
}

/** Up to the IP stack, which forgets that the packet was put together from fragments. Kernel: ip_input.c, ip_rcv_core (memset of IPCB). */
function climb(machine: Machine, packet: Packet, bridge: Interface, journey: Journey): void {
  packet.fragMaxSize = 0;
  packet.fragDontFragment = false;
  packet.pieces = undefined;
  const fault = entryFault(packet);
  if (fault !== undefined) dropped(fault, packet, journey);
  else routeOn(machine, packet, bridge, journey);
}

/** Kernel: br_netfilter_hooks.c, br_nf_forward_ip and br_nf_post_routing. */
function forwardBridged(machine: Machine, packet: Packet, bridge: Interface, port: Interface, journey: Journey): void {
  packet.in = bridge;
  packet.out = bridge;
  packet.physout = port.name;
  packet.cameIn = bridge;
  packet.destinedTo = "unicast";
  const forwarded = runHook(machine, "FORWARD", packet, journey);
  if (forwarded !== VERDICT.ACCEPT) {
    stopped(forwarded, packet, journey);
    return;
  }
  packet.in = undefined;
  const posted = runHook(machine, "POSTROUTING", packet, journey);
  if (posted !== VERDICT.ACCEPT) {
    stopped(posted, packet, journey);
    return;
  }
  const { mtu } = port;
  if (!mustCut(packet, mtu)) {
    transmit(packet, packet.bytes, port, journey);
    return;
  }
  for (const piece of cutPacket(packet, mtu, packet.family === 6 ? machine.random() : 0)) transmit(packet, piece, port, journey);
}
