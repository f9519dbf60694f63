import { CT_INFO, type CtInfo } from "../conntrack/index.ts";
import { buildPacket, dissect, isFault, TCP_FLAG, u16, u32, u8 } from "../packet/index.ts";
import type { Action, Track } from "../predicate/index.ts";
import { checksumOk } from "./checksum-check.ts";
import { aside, type Journey } from "./journey.ts";
import type { Machine } from "./machine.ts";
import { Packet } from "./packet.ts";
import { readOptions, writeOptions, type ProxyOptions } from "./synproxy-options.ts";
import { VERDICT, type Verdict } from "./verdict.ts";

type Proxy = Extract<Action, { do: "synproxy" }>;

const TCP = 6;
const TCP_HEADER = 20;
const OPENING = TCP_FLAG.SYN | TCP_FLAG.ACK | TCP_FLAG.FIN | TCP_FLAG.RST;
const WITH_ECN = TCP_FLAG.ECE | TCP_FLAG.CWR;

/** What of a SYN the timestamp that answers it hides, to come back with the client's ACK. Kernel: nf_synproxy_core.c, synproxy_init_timestamp_cookie. */
const COOKIE = { SCALE: 0xf, SELECTIVE: 0x10, ECN: 0x20, ALL: 0x3f } as const;

/**
 * Answers a client's SYN with a cookie, and when the cookie comes back opens the connection to the server in the client's name; other segments go
 * on. Kernel: ipt_SYNPROXY.c, synproxy_tg4; ip6t_SYNPROXY.c, synproxy_tg6.
 */
export function proxyHandshake(machine: Machine, packet: Packet, action: Proxy, journey: Journey): Verdict {
  const { layout, bytes } = packet;
  const at = layout.l4;
  const options = at + TCP_HEADER <= layout.totalLength ? readOptions(bytes, at, layout.totalLength) : undefined;
  if (options === undefined || !checksumOk(packet, TCP, at)) {
    journey.reason = "SYNPROXY drops a segment with a broken TCP header";
    return VERDICT.DROP;
  }
  const flags = u8(bytes, at + 13);
  if ((flags & OPENING) === TCP_FLAG.SYN) {
    answerSyn(machine, packet, action, options, journey);
    journey.reason = "SYNPROXY answers it in the server's place";
    return VERDICT.STOLEN;
  }
  if ((flags & OPENING) !== TCP_FLAG.ACK) return VERDICT.CONTINUE;
  if (takeCookie(machine, packet, options, u32(bytes, at + 4), journey)) {
    journey.reason = "SYNPROXY opens the connection to the server";
    return VERDICT.STOLEN;
  }
  journey.reason = "SYNPROXY never gave this acknowledgment number away";
  return VERDICT.DROP;
}

function answerSyn(machine: Machine, packet: Packet, action: Proxy, options: ProxyOptions, journey: Journey): void {
  const { bytes, layout } = packet;
  const at = layout.l4;
  const sequence = u32(bytes, at + 4);
  const cookie = machine.cookies.issue(packet, sequence, options.mss ?? 0, machine.random);
  const stamped = action.timestamp && options.timestamp !== undefined;
  const scale = stamped && action.windowScale >= 0 ? options.scale : undefined;
  const selective = stamped && action.selectiveAck && options.selective;
  const ecn = stamped && action.ecn && (u8(bytes, at + 13) & WITH_ECN) === WITH_ECN;
  const hidden = (scale ?? COOKIE.SCALE) | (selective ? COOKIE.SELECTIVE : 0) | (ecn ? COOKIE.ECN : 0);
  const clock = Math.floor(journey.moment.now / 1000) % 0x1_0000_0000;
  const answer: ProxyOptions = {
    mss: action.mss > 0 && options.mss !== undefined ? action.mss : undefined,
    timestamp: stamped ? { value: ((clock & ~COOKIE.ALL) | hidden) >>> 0, echo: options.timestamp.value } : undefined,
    scale: scale === undefined ? undefined : action.windowScale,
    selective,
  };
  sendSegment(
    machine,
    packet,
    {
      toSender: true,
      sequence: cookie,
      acknowledgment: (sequence + 1) >>> 0,
      flags: TCP_FLAG.SYN | TCP_FLAG.ACK | (ecn ? TCP_FLAG.ECE : 0),
      window: 0,
      options: answer,
      tie: packet.connection === undefined ? undefined : CT_INFO.ESTABLISHED_REPLY,
    },
    journey,
  );
}

/** Opens the connection to the server if the segment acknowledges a cookie; `next` is the client's next sequence number. Kernel: synproxy_recv_client_ack. */
export function takeCookie(machine: Machine, packet: Packet, options: ProxyOptions, next: number, journey: Journey): boolean {
  const { bytes, layout } = packet;
  const at = layout.l4;
  const cookie = (u32(bytes, at + 8) - 1) >>> 0;
  const size = machine.cookies.check(packet, (u32(bytes, at + 4) - 1) >>> 0, cookie);
  if (size === undefined) return false;
  const { timestamp } = options;
  const hidden = timestamp === undefined ? COOKIE.SCALE : timestamp.echo & COOKIE.ALL;
  const scale = (hidden & COOKIE.SCALE) === COOKIE.SCALE ? undefined : hidden & COOKIE.SCALE;
  sendSegment(
    machine,
    packet,
    {
      toSender: false,
      sequence: (next - 1) >>> 0,
      // Tells the hook in POSTROUTING, which makes the connection's shift of it.
      acknowledgment: cookie,
      flags: TCP_FLAG.SYN | (hidden & COOKIE.ECN ? WITH_ECN : 0),
      window: u16(bytes, at + 14),
      options: {
        mss: size,
        scale: scale ?? (timestamp === undefined ? options.scale : undefined),
        timestamp,
        selective: (hidden & COOKIE.SELECTIVE) !== 0 || options.selective,
      },
      tie: "begin",
    },
    journey,
  );
  return true;
}

/** A segment without data that the proxy makes about another. */
export interface ProxySegment {
  /** Back to where the other came from, or the same way. */
  readonly toSender: boolean;
  readonly sequence: number;
  readonly acknowledgment: number;
  readonly flags: number;
  readonly window: number;
  readonly options: ProxyOptions;
  /** How it stands to the other's connection; `begin` makes one that is proxied; undefined lets tracking find out. */
  readonly tie: CtInfo | "begin" | undefined;
}

/** Sends it through OUTPUT and POSTROUTING, routed by its own addresses. Kernel: nf_synproxy_core.c, synproxy_send_tcp and synproxy_send_tcp_ipv6. */
export function sendSegment(machine: Machine, about: Packet, segment: ProxySegment, journey: Journey): void {
  const { family } = about;
  const [from, to] = segment.toSender ? [about.destination, about.source] : [about.source, about.destination];
  const [sourcePort, destinationPort] = segment.toSender ? [about.dport, about.sport] : [about.sport, about.dport];
  const { sequence, acknowledgment, flags, window, tie } = segment;
  const options = writeOptions(segment.options);
  const transport = { kind: "tcp", sourcePort, destinationPort, sequence, acknowledgment, flags, window, options } as const;
  const ttl = machine.router.defaultTtl(family);
  const bytes =
    family === 4
      ? buildPacket({ family: 4, source: Number(from), destination: Number(to), ttl, tos: 0, df: true, transport })
      : buildPacket({ family: 6, source: BigInt(from), destination: BigInt(to), ttl, tos: 0, transport });
  const layout = dissect(bytes);
  if (isFault(layout)) return;
  const route = machine.router.output({ family, source: from, destination: to, mark: 0, tos: 0 });
  if (route.to !== "device") return;
  journey.events?.push({ event: "answer", kind: "synproxy", bytes: bytes.slice() });
  const packet = new Packet(bytes, layout, machine.router, journey.moment.now, { socket: false, tracker: machine.tracker });
  packet.answer = true;
  packet.checksum = "made-here";
  if (tie === "begin") {
    packet.proxied = true;
    packet.template = TEMPLATE;
  } else if (tie !== undefined) {
    packet.connection = about.connection;
    packet.info = tie;
  }
  if (journey.depth >= MOST_DEEP) return;
  journey.depth++;
  aside(journey, () => machine.sendOut(machine, packet, route, journey));
  journey.depth--;
}

/** SYNPROXY's own template. Kernel: nf_synproxy_core.c, synproxy_net_init. */
const TEMPLATE: Track = { do: "track", notrack: false };

/** Segments about segments: a SYN+ACK over loopback sets off the rest of the handshake. */
const MOST_DEEP = 8;
