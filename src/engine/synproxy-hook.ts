import { beginShift, CT_INFO, directionOf, packetTuple, TCP_STATE, type Connection } from "../conntrack/index.ts";
import { setU16, setU32, TCP_FLAG, u16, u32, u8, updateChecksum32 } from "../packet/index.ts";
import type { Journey } from "./journey.ts";
import type { Machine } from "./machine.ts";
import type { Packet } from "./packet.ts";
import type { Proxied } from "./proxied.ts";
import { sendSegment, takeCookie } from "./synproxy.ts";
import { readOptions, timestampAt, type ProxyOptions } from "./synproxy-options.ts";
import { VERDICT, type Verdict } from "./verdict.ts";

const TCP = 6;
const TCP_HEADER = 20;

/** The last step before a proxied connection's packet is confirmed: it plays the server's handshake to the client. Kernel: nf_synproxy_core.c, ipv4_synproxy_hook and ipv6_synproxy_hook. */
export function proxyHook(machine: Machine, packet: Packet, journey: Journey): Verdict {
  const { connection, layout, bytes } = packet;
  const proxied = connection && machine.proxied.get(connection);
  const at = layout.l4;
  if (connection === undefined || proxied === undefined || packet.protocol !== TCP || packet.in?.link === "loopback") return VERDICT.ACCEPT;
  if (layout.fragmentOffset !== 0) return VERDICT.ACCEPT;
  if (at + TCP_HEADER > layout.totalLength) return refuse(journey);
  const flags = u8(bytes, at + 13);
  const direction = directionOf(packet.info);
  const syn = (flags & TCP_FLAG.SYN) !== 0;
  const ack = (flags & TCP_FLAG.ACK) !== 0;
  switch (connection.tcp?.state) {
    case TCP_STATE.CLOSE:
      if ((flags & TCP_FLAG.RST) !== 0 && direction === 1) {
        beginShift(connection, direction, signed(proxied.cookie - u32(bytes, at + 4) + 1));
        break;
      }
      if (!syn || ack || direction !== 0) break;
      proxied.drift = 0;
      return opening(machine, packet, connection, proxied, journey);
    case TCP_STATE.SYN_SENT:
      return opening(machine, packet, connection, proxied, journey);
    case TCP_STATE.SYN_RECV:
      if (syn && ack) return handshake(machine, packet, connection, proxied, journey);
      break;
    default:
      break;
  }
  adjustTimestamp(packet, proxied, direction);
  return VERDICT.ACCEPT;
}

/**
 * A client's keep-alive, for which there is no place in an ordinary connection whose SYN has not been answered, is the proxied one's: the SYN to
 * the server was lost, perhaps. Kernel: nf_conntrack_proto_tcp.c, nf_conntrack_tcp_packet.
 */
export function keepAlive(machine: Machine, packet: Packet): void {
  const { bytes, layout, family, info } = packet;
  const at = layout.l4;
  if (info === CT_INFO.UNTRACKED || packet.protocol !== TCP || layout.fragmentOffset !== 0 || at + TCP_HEADER > layout.totalLength) return;
  const flags = u8(bytes, at + 13) & (TCP_FLAG.SYN | TCP_FLAG.ACK | TCP_FLAG.FIN | TCP_FLAG.RST);
  const tuple = flags === TCP_FLAG.ACK ? packetTuple(bytes, family, 0, TCP, at, layout.totalLength) : undefined;
  const found = tuple && machine.tracker.find(tuple, packet.now);
  if (found?.direction !== 0 || !machine.proxied.has(found.connection)) return;
  const { tcp } = found.connection;
  if (tcp?.state !== TCP_STATE.SYN_SENT || tcp.lastDirection !== 0 || (tcp.seen[0].end - 1) >>> 0 !== u32(bytes, at + 4)) return;
  packet.connection = found.connection;
  packet.info = CT_INFO.NEW;
  packet.trackingReason = undefined;
}

function refuse(journey: Journey): Verdict {
  journey.reason = "SYNPROXY drops a segment with a broken TCP header";
  return VERDICT.DROP;
}

const signed = (value: number): number => value | 0;

/** The SYN to the server, which carries the cookie as its acknowledgment number, or the client's ACK once more. */
function opening(machine: Machine, packet: Packet, connection: Connection, proxied: Proxied, journey: Journey): Verdict {
  const { bytes, layout } = packet;
  const at = layout.l4;
  const options = readOptions(bytes, at, layout.totalLength);
  if (options === undefined) return refuse(journey);
  const flags = u8(bytes, at + 13);
  if ((flags & (TCP_FLAG.SYN | TCP_FLAG.ACK)) === TCP_FLAG.ACK && directionOf(packet.info) === 0) {
    // A keep-alive is one byte behind, as the SYN was.
    const taken = takeCookie(machine, packet, options, (u32(bytes, at + 4) + 1) >>> 0, journey);
    journey.reason = taken
      ? "SYNPROXY opens the connection to the server once more"
      : "SYNPROXY never gave this acknowledgment number away";
    return taken ? VERDICT.STOLEN : VERDICT.DROP;
  }
  proxied.cookie = u32(bytes, at + 8);
  if (options.timestamp !== undefined) proxied.shown = options.timestamp.echo;
  adjustTimestamp(packet, proxied, directionOf(packet.info));
  return VERDICT.ACCEPT;
}

/** The server's SYN+ACK: it is acknowledged, and the client told that it may send. */
function handshake(machine: Machine, packet: Packet, connection: Connection, proxied: Proxied, journey: Journey): Verdict {
  const { bytes, layout } = packet;
  const at = layout.l4;
  const options = readOptions(bytes, at, layout.totalLength);
  if (options === undefined) return refuse(journey);
  const { timestamp, scale = 0 } = options;
  if (timestamp !== undefined) proxied.drift = (timestamp.value - proxied.shown) >>> 0;
  const sequence = u32(bytes, at + 4);
  const acknowledgment = u32(bytes, at + 8);
  const bare: ProxyOptions = { mss: undefined, scale: undefined, selective: false, timestamp };
  const swapped = timestamp && { value: timestamp.echo, echo: timestamp.value };
  sendSegment(
    machine,
    packet,
    {
      toSender: true,
      sequence: acknowledgment,
      acknowledgment: (sequence + 1) >>> 0,
      flags: TCP_FLAG.ACK,
      window: (connection.tcp?.seen[0].maxWindow ?? 0) & 0xffff,
      options: { ...bare, timestamp: swapped },
      tie: undefined,
    },
    journey,
  );
  beginShift(connection, directionOf(packet.info), signed(proxied.cookie - sequence));
  sendSegment(
    machine,
    packet,
    {
      toSender: false,
      sequence: (sequence + 1) >>> 0,
      acknowledgment,
      flags: TCP_FLAG.ACK,
      window: u16(bytes, at + 14) >> scale,
      options: bare,
      tie: CT_INFO.ESTABLISHED_REPLY,
    },
    journey,
  );
  journey.reason = "SYNPROXY answers the server in the client's place";
  return VERDICT.STOLEN;
}

/** Makes the server's timestamps go on from the one that the client was shown. Kernel: nf_synproxy_core.c, synproxy_tstamp_adjust. */
function adjustTimestamp(packet: Packet, { drift }: Proxied, direction: 0 | 1): void {
  if (drift === 0) return;
  const { bytes, layout } = packet;
  const at = layout.l4;
  const option = timestampAt(bytes, at, layout.totalLength);
  if (option === undefined) return;
  const place = option + (direction === 1 ? 2 : 6);
  const before = u32(bytes, place);
  const after = (direction === 1 ? before - drift : before + drift) >>> 0;
  setU32(bytes, place, after);
  setU16(bytes, at + 16, updateChecksum32(u16(bytes, at + 16), before, after));
}
