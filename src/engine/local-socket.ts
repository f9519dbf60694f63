import { CT_INFO, quotedTuple, STATUS } from "../conntrack/index.ts";
import type { Listener } from "../host/index.ts";
import { PROTOCOL, u8 } from "../packet/index.ts";
import type { PacketState } from "./packet-state.ts";

/** A local socket as `-m socket` sees it. */
export interface FoundSocket {
  readonly bound: boolean;
  readonly transparent: boolean;
  readonly mark: number;
}

/** Bits of the field `localsocket`. */
export function socketBits(socket: FoundSocket | undefined): number | undefined {
  return socket && Number(socket.bound) | (Number(socket.transparent) << 1);
}

/**
 * The local socket that a packet is for: what was said of it, else a listener of the host. Sockets of connections are not known to
 * the host. Kernel: xt_socket.c, socket_match; nf_socket_ipv4.c, nf_sk_lookup_slow_v4; nf_socket_ipv6.c.
 */
export function findSocket(packet: PacketState): FoundSocket | undefined {
  const { localSocket, socketMark } = packet.around;
  if (localSocket !== undefined) return { ...localSocket, mark: socketMark ?? 0 };
  const { listeners } = packet.router.host;
  const end = listeners && localEnd(packet);
  if (listeners === undefined || end === undefined) return undefined;
  const listener = listenerAt(listeners, end.protocol, end.port, end.address);
  return listener && { bound: listener.address !== undefined, transparent: listener.transparent ?? false, mark: listener.mark ?? 0 };
}

/** Which address and port of this machine a packet is about: its destination, what that was before this machine's own source NAT, or what an ICMP error quotes. */
function localEnd(
  packet: PacketState,
): { readonly protocol: Listener["protocol"]; readonly port: number; readonly address: number | bigint } | undefined {
  const { connection, info, layout, bytes, family } = packet;
  const error = quotation(packet);
  const quoted = error === undefined ? undefined : quotedTuple(bytes, family, error, layout.totalLength);
  const protocol = NAMES.get(quoted?.protocol ?? packet.protocol);
  if (protocol === undefined || (quoted === undefined && packet.dport < 0)) return undefined;
  const replies = info === CT_INFO.ESTABLISHED_REPLY || (quoted !== undefined && info === CT_INFO.RELATED_REPLY);
  if (connection !== undefined && replies && (connection.status & STATUS.SRC_NAT_DONE) !== 0) {
    const [{ source, sourcePort }] = connection.tuples;
    return { protocol, port: sourcePort, address: source };
  }
  if (quoted !== undefined) return { protocol, port: quoted.sourcePort, address: quoted.source };
  return { protocol, port: packet.dport, address: packet.destination };
}

const NAMES: ReadonlyMap<number, Listener["protocol"]> = new Map([
  [PROTOCOL.TCP, "tcp"],
  [PROTOCOL.UDP, "udp"],
]);

/** ICMP messages that quote a packet of this machine: unreachable, source quench, redirect, time exceeded, parameter problem. */
const ERRORS4: ReadonlySet<number> = new Set([3, 4, 5, 11, 12]);

/** Where an ICMP error's quotation begins; undefined for other packets. */
function quotation({ family, layout, bytes }: PacketState): number | undefined {
  const { protocol, fragmentOffset, l4, totalLength } = layout;
  if (protocol !== (family === 4 ? PROTOCOL.ICMP : PROTOCOL.ICMPV6) || fragmentOffset !== 0 || l4 + 8 > totalLength) return undefined;
  const type = u8(bytes, l4);
  return (family === 4 ? ERRORS4.has(type) : type < 128) ? l4 + 8 : undefined;
}

/** The listener that takes packets for an address and a port: one bound to the address before one bound to any. Kernel: inet_hashtables.c, compute_score. */
export function listenerAt(
  listeners: readonly Listener[],
  protocol: Listener["protocol"],
  port: number,
  address: number | bigint,
): Listener | undefined {
  let any: Listener | undefined;
  for (const listener of listeners) {
    if (listener.protocol !== protocol || listener.port !== port) continue;
    if (listener.address === address) return listener;
    if (listener.address === undefined) any ??= listener;
  }
  return any;
}
