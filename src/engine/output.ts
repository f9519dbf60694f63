import { dropped, settle, stopped } from "./ending.ts";
import { runHook } from "./hooks.ts";
import { icmpError } from "./icmp-error.ts";
import { aside, type Journey } from "./journey.ts";
import type { Machine } from "./machine.ts";
import type { Packet } from "./packet.ts";
import type { DeviceRoute } from "./packet-state.ts";
import { cutPacket, mustCut } from "./refragment.ts";
import { refusalOf } from "./sender.ts";
import { VERDICT } from "./verdict.ts";

/** Sends a packet that this machine made, its route known: OUTPUT, then POSTROUTING. Kernel: ip_output.c, ip_local_out; output_core.c, ip6_local_out. */
export function sendOut(machine: Machine, packet: Packet, route: DeviceRoute, journey: Journey): void {
  packet.route = route;
  packet.in = undefined;
  packet.out = route.device;
  packet.gateway = route.gateway;
  packet.destinedTo = route.kind;
  packet.realm = route.realm;
  journey.events?.push({ event: "route", decision: "output", device: route.device.name, gateway: route.gateway, reason: route.kind });
  const verdict = runHook(machine, "OUTPUT", packet, journey);
  if (verdict !== VERDICT.ACCEPT) {
    stopped(verdict, packet, journey);
    return;
  }
  const last = packet.route ?? route;
  packet.out = last.device;
  packet.gateway = last.gateway;
  packet.destinedTo = last.kind;
  packet.realm = last.realm;
  if (packet.family === 4 && copies(last)) {
    aside(journey, () => loopCopy(machine, packet.copy(), last, journey));
    if (staysHere(packet, journey)) return;
  }
  leave(machine, packet, last.mtu, journey);
}

/** A multicast with no hop left that this machine has a copy of goes no further. */
function staysHere(packet: Packet, journey: Journey): boolean {
  if (packet.destinedTo !== "multicast" || packet.bytes[packet.family === 4 ? 8 : 7] !== 0) return false;
  dropped("a multicast with no hop left stays on this machine", packet, journey);
  return true;
}

/** Does this machine get a copy of what it sends? */
function copies(route: DeviceRoute): boolean {
  return route.member && route.device.link !== "loopback";
}

/**
 * The copy of a multicast or broadcast for this machine itself, owned by no socket. In IPv4 it passes POSTROUTING before the packet
 * does, in IPv6 after it. Kernel: ip_output.c, ip_mc_output; ip6_output.c, ip6_finish_output2.
 */
function loopCopy(machine: Machine, copy: Packet, route: DeviceRoute, journey: Journey): void {
  copy.socket = false;
  copy.uid = undefined;
  copy.gid = undefined;
  copy.in = undefined;
  copy.out = route.device;
  const verdict = runHook(machine, "POSTROUTING", copy, journey);
  if (verdict !== VERDICT.ACCEPT) return;
  copy.in = route.device;
  copy.out = undefined;
  copy.pkttype = 5;
  copy.looped = true;
  // The copy's own way is told apart from the packet's.
  copy.answer = true;
  copy.mirrored = true;
  journey.backlog.push(copy);
}

/** The last leg: POSTROUTING, cutting into pieces that the link can carry, and the wire. Kernel: ip_output.c, ip_output and ip_finish_output. */
export function leave(machine: Machine, packet: Packet, mtu: number, journey: Journey): void {
  packet.in = packet.cameIn;
  const verdict = runHook(machine, "POSTROUTING", packet, journey);
  if (verdict !== VERDICT.ACCEPT) {
    stopped(verdict, packet, journey);
    return;
  }
  if (packet.family === 6 && packet.route !== undefined && copies(packet.route)) {
    const { route } = packet;
    aside(journey, () => loopCopy(machine, packet.copy(), route, journey));
    if (staysHere(packet, journey)) return;
  }
  if (!mustCut(packet, mtu)) {
    transmit(packet, packet.bytes, journey);
    return;
  }
  if (packet.family === 4 && packet.layout.dontFragment && (packet.fragMaxSize === 0 || packet.fragMaxSize > mtu)) {
    icmpError(machine, packet, { type: 3, code: 4, info: mtu }, journey);
    if (packet.cameIn === undefined) journey.errno ??= "EMSGSIZE";
    dropped(`larger than the link's ${mtu} bytes, and must not be cut`, packet, journey);
    return;
  }
  if (packet.family === 6 && (packet.fragMaxSize > mtu || (packet.clone && packet.fragMaxSize === 0))) {
    icmpError(machine, packet, { type: 2, code: 0, info: mtu }, journey);
    dropped(`larger than the link's ${mtu} bytes`, packet, journey);
    return;
  }
  const pieces = cutPacket(packet, mtu, packet.family === 6 ? machine.random() : 0);
  if (pieces.length > 1) journey.events?.push({ event: "fragment", mtu, pieces: pieces.length });
  for (const piece of pieces) transmit(packet, piece, journey);
}

function transmit(packet: Packet, bytes: Uint8Array, journey: Journey): void {
  const device = packet.out;
  if (device === undefined) return;
  if (!device.up) {
    dropped(`the interface ${device.name} is down`, packet, journey);
    return;
  }
  if (device.link === "loopback") {
    const looped = bytes === packet.bytes ? packet : packet.copy();
    if (bytes !== packet.bytes && !looped.replace(bytes)) return;
    looped.in = device;
    looped.out = undefined;
    looped.cameIn = undefined;
    looped.looped = true;
    looped.reassembledAt = undefined;
    looped.pkttype = 0;
    looped.mac = undefined;
    // What comes over loopback belongs to no socket any more. Kernel: drivers/net/loopback.c, loopback_xmit.
    looped.socket = false;
    looped.uid = undefined;
    looped.gid = undefined;
    journey.backlog.push(looped);
    return;
  }
  if (packet.answer && !packet.clone) journey.answered ??= refusalOf(packet.bytes, packet.layout);
  journey.events?.push({ event: "emitted", device: device.name, bytes: bytes.slice() });
  journey.emitted.push({ interface: device.name, bytes: bytes.slice(), kind: packet.kind });
  settle(journey, packet, { end: packet.cameIn === undefined ? "sent" : "forwarded", interface: device.name });
}
