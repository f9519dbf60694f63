import { isLimitedBroadcast, isMulticast, RTN, selectAddress6, sysctl } from "../host/index.ts";
import { buildPacket, u16, u8, type Layout } from "../packet/index.ts";
import type { Scalar } from "../predicate/index.ts";
import { answerRoute, noAnswer, sendAnswer } from "./answer.ts";
import type { Journey } from "./journey.ts";
import type { Machine } from "./machine.ts";
import type { Packet } from "./packet.ts";

/** An ICMP or ICMPv6 error; `info` is the MTU or pointer in its second word. */
export interface IcmpError {
  readonly type: number;
  readonly code: number;
  readonly info: number;
}

/** ICMP types that are errors themselves. Kernel: icmp.c, icmp_pointers. */
const ERRORS4: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12]);
const NR_ICMP_TYPES = 18;
/** RFC 7600: the source of an error from a machine without an address. */
const DUMMY_SOURCE = 0xc0000008;
const IPV6_MINIMUM_MTU = 1280;

/** Tells a packet's sender of an error, unless the kernel would not. Kernel: icmp.c, icmp_send; icmp.c (IPv6), icmp6_send. Rate limits are not modelled. */
export function icmpError(
  machine: Machine,
  packet: Packet,
  error: IcmpError,
  journey: Journey,
  kind = `icmp ${error.type}/${error.code}`,
): void {
  if (journey.icmpBusy) noAnswer(kind, "the kernel is just sending an ICMP packet, and does not answer to that", journey);
  else if (packet.family === 4) error4(machine, packet, error, journey, kind);
  else error6(machine, packet, error, journey, kind);
}

function error4(machine: Machine, packet: Packet, error: IcmpError, journey: Journey, kind: string): void {
  const refused = refusal4(packet);
  if (refused !== undefined) {
    noAnswer(kind, refused, journey);
    return;
  }
  const { bytes } = packet;
  const local = packet.destinedTo === "local";
  const mark = sysctl(machine.host, "net.ipv4.fwmark_reflect") !== 0 ? packet.mark : 0;
  // The precedence of an error is internetwork control.
  const tos = (u8(bytes, 1) & 0x1e) | 0xc0;
  let source: Scalar | undefined = local ? packet.daddr4 : undefined;
  if (source === undefined && sysctl(machine.host, "net.ipv4.icmp_errors_use_inbound_ifaddr") !== 0) {
    source = packet.in?.addresses.find(own => own.family === 4)?.address;
  }
  const route = answerRoute(machine, 4, source, packet.saddr4, mark, tos & 0x1e);
  if (route === undefined) {
    noAnswer(kind, "no route back to the sender", journey);
    return;
  }
  const room = Math.min(route.mtu, 576) - 20 - 8;
  if (room <= 20) return;
  const quoted = bytes.subarray(0, Math.min(bytes.length, room));
  const answer = buildPacket({
    family: 4,
    source: Number(source ?? route.source) || DUMMY_SOURCE,
    destination: packet.saddr4,
    ttl: machine.router.defaultTtl(4),
    tos,
    id: machine.random() & 0xffff,
    transport: { kind: "icmp", type: error.type, code: error.code, rest: error.info, payload: quoted },
  });
  sendAnswer(machine, answer, route, { kind, mark, socket: true, icmp: true, about: packet }, journey);
}

/** Why no ICMP error may be sent about an IPv4 packet. */
function refusal4(packet: Packet): string | undefined {
  if (packet.pkttype !== 0) return "errors are not sent about broadcast and multicast frames";
  if (
    packet.destinedTo === "broadcast" ||
    packet.destinedTo === "multicast" ||
    isMulticast(packet.daddr4) ||
    isLimitedBroadcast(packet.daddr4)
  ) {
    return "errors are not sent about broadcasts and multicasts";
  }
  const { layout, bytes } = packet;
  if (layout.fragmentOffset !== 0) return "errors are sent about the first fragment only";
  if (layout.protocol !== 1) return undefined;
  if (layout.l4 >= layout.totalLength) return "errors are not sent about ICMP packets without a type";
  const type = u8(bytes, layout.l4);
  return type > NR_ICMP_TYPES || ERRORS4.has(type) ? "errors are not sent about ICMP errors" : undefined;
}

function error6(machine: Machine, packet: Packet, error: IcmpError, journey: Journey, kind: string): void {
  const refused = refusal6(packet, error);
  if (refused !== undefined) {
    noAnswer(kind, refused, journey);
    return;
  }
  const { router } = machine;
  const destination = packet.source as bigint;
  const mark = sysctl(machine.host, "net.ipv6.fwmark_reflect") !== 0 ? packet.mark : 0;
  const kindOf = router.addressType(6, packet.destination);
  const own = kindOf === RTN.LOCAL || kindOf === RTN.ANYCAST ? packet.destination : undefined;
  const device = packet.in ?? packet.enteredBy;
  const oif = destination >> 118n === 0x3fan ? device?.name : undefined;
  const source = own ?? (device && device.link !== "loopback" ? selectAddress6(machine.host, device, destination) : undefined);
  const route = router.output({ family: 6, source, destination, mark, tos: 0, oif });
  if (route.to === "error") {
    noAnswer(kind, "no route back to the sender", journey);
    return;
  }
  const answer = buildPacket({
    family: 6,
    source: BigInt(source ?? route.source),
    destination,
    ttl: router.defaultTtl(6),
    transport: {
      kind: "icmpv6",
      type: error.type,
      code: error.code,
      rest: error.info,
      payload: packet.bytes.subarray(0, IPV6_MINIMUM_MTU - 40 - 8),
    },
  });
  sendAnswer(machine, answer, route, { kind, mark, socket: true, icmp: true, about: packet }, journey);
}

/** Why no ICMPv6 error may be sent. Kernel: icmp.c (IPv6), icmp6_send and is_ineligible. */
function refusal6(packet: Packet, error: IcmpError): string | undefined {
  if ((isMulticast(packet.destination) || packet.pkttype !== 0) && error.type !== 2) return "errors are not sent about multicasts";
  if (packet.source === 0n || isMulticast(packet.source)) return "the source address is no single machine's";
  const { layout, bytes } = packet;
  const skipped = skipExtensions(layout, bytes);
  if (skipped === undefined || skipped.protocol !== 58) return undefined;
  if (skipped.offset >= layout.totalLength) return skipped.fragment ? undefined : "errors are not sent about ICMPv6 packets without a type";
  return (u8(bytes, skipped.offset) & 0x80) === 0 ? "errors are not sent about ICMPv6 errors" : undefined;
}

/** Where the transport header is, as ipv6_skip_exthdr walks (it takes a later fragment's first bytes for no header); undefined when cut. */
export function skipExtensions(
  layout: Layout,
  bytes: Uint8Array,
): { readonly protocol: number; readonly offset: number; readonly fragment: boolean } | undefined {
  let protocol = u8(bytes, 6);
  let offset = 40;
  let fragment = false;
  for (;;) {
    if (protocol !== 0 && protocol !== 43 && protocol !== 44 && protocol !== 51 && protocol !== 60) return { protocol, offset, fragment };
    if (offset + 2 > layout.totalLength) return undefined;
    const next = u8(bytes, offset);
    if (protocol === 44) {
      if (offset + 8 > layout.totalLength) return undefined;
      fragment = true;
      if ((u16(bytes, offset + 2) & 0xfff8) !== 0) return { protocol: next, offset: layout.totalLength, fragment };
      offset += 8;
    } else if (protocol === 51) offset += (u8(bytes, offset + 1) + 2) * 4;
    else offset += (u8(bytes, offset + 1) + 1) * 8;
    protocol = next;
  }
}
