import { PROTOCOL, u16, type Layout, type PacketMeta } from "../packet/index.ts";
import { packetText } from "./packet-text.ts";
import type { Dropper } from "./replay-summary.ts";

/** Flows that are told apart at a time: two generations of so many. */
export const FLOW_LIMIT: number = 65_536;
/** Dropped sessions that are kept. */
export const DROPPED_SESSION_LIMIT: number = 10_000;

/** One end of a session: an address as bytes, and a port or what stands for one. */
export interface SessionEnd {
  readonly address: Uint8Array;
  readonly port: number;
}

/** A session that lost packets. */
export interface DroppedSession {
  readonly family: 4 | 6;
  readonly protocol: number;
  /** ICMP: the message, type × 256 + code; undefined for other protocols. */
  readonly message: number | undefined;
  readonly client: SessionEnd;
  readonly server: SessionEnd;
  /** Nanoseconds since 1970: of the first packet that was dropped. */
  readonly time: bigint;
  /** That packet in the packet notation. */
  readonly packet: string;
  /** What dropped that packet. */
  readonly by: Omit<Dropper, "amount">;
  /** All packets of the session that were seen, and those that were dropped, from each side. */
  packets: number;
  droppedFromClient: number;
  droppedFromServer: number;
}

/** Any session of a capture, as a table of all of them tells it. Amounts are of IP packets. */
export interface SeenSession {
  readonly family: 4 | 6;
  readonly protocol: number;
  /** ICMP: the message, type × 256 + code; undefined for other protocols. */
  readonly message: number | undefined;
  readonly client: SessionEnd;
  readonly server: SessionEnd;
  /** Nanoseconds since 1970: of its first packet, and of its latest. */
  readonly first: bigint;
  last: bigint;
  /** The first packet in the packet notation; once one was dropped, the first that was. */
  packet: string;
  /** That packet's number in the capture, from 1. */
  frame: number;
  fromClient: number;
  fromServer: number;
  bytes: number;
  droppedFromClient: number;
  droppedFromServer: number;
  /** What dropped the first that was dropped. */
  by: Omit<Dropper, "amount"> | undefined;
  /** What its first packet that got through was translated to: `source 198.51.100.2`. */
  becomes: readonly string[];
}

/** Which way a packet goes, its number in the capture from 1, and when it was captured in nanoseconds since 1970. */
export interface Passing {
  readonly way: PacketMeta;
  readonly frame: number;
  readonly time: bigint;
}

/** What a flow is, as far as it is remembered. */
export interface Flow {
  /** The client has the lower of the two ends. */
  clientIsLow: boolean;
  packets: number;
  dropped: DroppedSession | undefined;
  /** It lost packets, but too many others had before it. */
  untold: boolean;
  /** Whether translation was looked at. */
  examined: boolean;
  /** Its line in the table of all sessions, where one is kept. */
  seen: SeenSession | undefined;
}

/** A flow and whether this packet is its client's. */
export interface FlowPacket {
  readonly flow: Flow;
  readonly fromClient: boolean;
}

/**
 * The sessions of a capture, whose packets share protocol and both ends, in bounded memory: of the flows only the most recent are
 * remembered (a flow that was forgotten counts again), and of the dropped ones the first.
 */
export class SessionTable {
  #young = new Map<string, Flow>();
  #old = new Map<string, Flow>();
  readonly dropped: DroppedSession[] = [];
  /** Sessions by protocol number. */
  readonly seen: Map<number, number> = new Map();
  /** Dropped sessions beyond the limit. */
  untold = 0;
  /** Some flow was forgotten to make room, so that `seen` may count a session twice. */
  forgot = false;
  /** The table of all sessions, in the order of their first packets. */
  readonly listed: SeenSession[] = [];
  readonly #listedMax: number;

  /** `listedMax`: lines of the table of all sessions; sessions that lose packets have room beyond. */
  constructor(listedMax = 0) {
    this.#listedMax = listedMax;
  }

  /** The flow of a packet, made when it is new. */
  meet(bytes: Uint8Array, layout: Layout, passing: Passing): FlowPacket {
    const sourceIsLow = sourceIsLower(bytes, layout);
    const key = keyOf(bytes, layout, sourceIsLow);
    let flow = this.#young.get(key);
    if (flow === undefined) {
      flow = this.#old.get(key);
      if (flow === undefined) {
        const error = isError(bytes, layout);
        flow = {
          clientIsLow: sourceIsLow === sourceIsClient(bytes, layout),
          packets: 0,
          dropped: undefined,
          untold: false,
          examined: error,
          seen: undefined,
        };
        if (!error) this.seen.set(layout.protocol, (this.seen.get(layout.protocol) ?? 0) + 1);
        if (this.listed.length < this.#listedMax)
          this.#list({ flow, fromClient: flow.clientIsLow === sourceIsLow }, bytes, layout, passing);
      }
      this.#remember(key, flow);
    }
    flow.packets++;
    if (flow.dropped) flow.dropped.packets = flow.packets;
    const fromClient = flow.clientIsLow === sourceIsLow;
    if (flow.seen) count(flow.seen, fromClient, bytes.length, passing.time);
    return { flow, fromClient };
  }

  /** The flow's packets have these ends too: what NAT made of them. */
  alias(bytes: Uint8Array, layout: Layout, flow: Flow): void {
    this.#remember(keyOf(bytes, layout, sourceIsLower(bytes, layout)), flow);
  }

  /** A packet of the flow was dropped. */
  drop(met: FlowPacket, bytes: Uint8Array, layout: Layout, passing: Passing, by: DroppedSession["by"]): void {
    const { flow, fromClient } = met;
    const { way, time } = passing;
    if (this.#listedMax > 0) this.#listDropped(met, bytes, layout, passing, by);
    if (flow.dropped === undefined) {
      if (this.dropped.length >= DROPPED_SESSION_LIMIT) {
        if (!flow.untold) this.untold++;
        flow.untold = true;
        return;
      }
      flow.dropped = {
        ...whoOf(fromClient, bytes, layout),
        time,
        by,
        packet: packetText(bytes, way),
        packets: flow.packets,
        droppedFromClient: 0,
        droppedFromServer: 0,
      };
      this.dropped.push(flow.dropped);
    }
    if (fromClient) flow.dropped.droppedFromClient++;
    else flow.dropped.droppedFromServer++;
  }

  #list({ flow, fromClient }: FlowPacket, bytes: Uint8Array, layout: Layout, { way, frame, time }: Passing): SeenSession {
    const seen: SeenSession = {
      ...whoOf(fromClient, bytes, layout),
      first: time,
      last: time,
      packet: packetText(bytes, way),
      frame,
      fromClient: 0,
      fromServer: 0,
      bytes: 0,
      droppedFromClient: 0,
      droppedFromServer: 0,
      by: undefined,
      becomes: [],
    };
    this.listed.push(seen);
    flow.seen = seen;
    return seen;
  }

  #listDropped(met: FlowPacket, bytes: Uint8Array, layout: Layout, passing: Passing, by: DroppedSession["by"]): void {
    let { seen } = met.flow;
    if (seen === undefined) {
      if (this.listed.length >= this.#listedMax + DROPPED_SESSION_LIMIT) return;
      seen = this.#list(met, bytes, layout, passing);
      count(seen, met.fromClient, bytes.length, passing.time);
    }
    if (seen.by === undefined) {
      seen.by = by;
      seen.packet = packetText(bytes, passing.way);
      seen.frame = passing.frame;
    }
    if (met.fromClient) seen.droppedFromClient++;
    else seen.droppedFromServer++;
  }

  #remember(key: string, flow: Flow): void {
    if (this.#young.size >= FLOW_LIMIT) {
      this.forgot ||= this.#old.size > 0;
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, flow);
  }
}

function count(seen: SeenSession, fromClient: boolean, bytes: number, time: bigint): void {
  if (fromClient) seen.fromClient++;
  else seen.fromServer++;
  seen.bytes += bytes;
  if (time > seen.last) seen.last = time;
}

/** Protocol and ends of a packet's session. */
function whoOf(
  fromClient: boolean,
  bytes: Uint8Array,
  layout: Layout,
): Pick<DroppedSession, "family" | "protocol" | "message" | "client" | "server"> {
  const [source, destination] = endsOf(bytes, layout);
  const { family, protocol } = layout;
  const message = messageOf(bytes, layout);
  return fromClient
    ? { family, protocol, message, client: source, server: destination }
    : { family, protocol, message, client: destination, server: source };
}

/** What stands for the source's and the destination's port: ports, an echo's id on both sides, another ICMP message's type and code. */
function ports(bytes: Uint8Array, { family, protocol, l4, totalLength, fragmentOffset }: Layout): readonly [number, number] {
  if (fragmentOffset !== 0 || l4 + 4 > totalLength) return NONE;
  switch (protocol) {
    case PROTOCOL.TCP:
    case PROTOCOL.UDP:
    case PROTOCOL.UDPLITE:
    case PROTOCOL.SCTP:
    case PROTOCOL.DCCP:
      return [u16(bytes, l4), u16(bytes, l4 + 2)];
    case PROTOCOL.ICMP:
    case PROTOCOL.ICMPV6: {
      const type = bytes[l4] as number;
      const echo = family === 4 ? type === 0 || type === 8 : type === 128 || type === 129;
      const word = echo && l4 + 6 <= totalLength ? u16(bytes, l4 + 4) : u16(bytes, l4);
      return [word, word];
    }
    default:
      return NONE;
  }
}

const NONE: readonly [number, number] = [0, 0];

function messageOf(bytes: Uint8Array, { protocol, l4, totalLength, fragmentOffset }: Layout): number | undefined {
  if ((protocol !== PROTOCOL.ICMP && protocol !== PROTOCOL.ICMPV6) || fragmentOffset !== 0 || l4 + 2 > totalLength) return undefined;
  return u16(bytes, l4);
}

function sourceIsLower(bytes: Uint8Array, layout: Layout): boolean {
  const [from, to, length] = layout.family === 4 ? [12, 16, 4] : [8, 24, 16];
  for (let i = 0; i < length; i++) {
    const difference = (bytes[from + i] as number) - (bytes[to + i] as number);
    if (difference !== 0) return difference < 0;
  }
  const [source, destination] = ports(bytes, layout);
  return source <= destination;
}

/** Protocol, ports and addresses, the lower end first, 16 bits a character. */
function keyOf(bytes: Uint8Array, layout: Layout, sourceIsLow: boolean): string {
  const [source, destination] = ports(bytes, layout);
  const [low, high] = sourceIsLow ? [source, destination] : [destination, source];
  const lead = ((layout.protocol & 0x1ff) << 1) | (isOtherMessage(bytes, layout) ? 1 : 0);
  if (layout.family === 4) {
    const [a, b] = sourceIsLow ? [12, 16] : [16, 12];
    return String.fromCharCode(lead, low, high, u16(bytes, a), u16(bytes, a + 2), u16(bytes, b), u16(bytes, b + 2));
  }
  const [a, b] = sourceIsLow ? [8, 24] : [24, 8];
  let key = String.fromCharCode(lead, low, high);
  for (const from of [a, b]) for (let i = 0; i < 16; i += 2) key += String.fromCharCode(u16(bytes, from + i));
  return key;
}

/** An ICMP message that is no echo: its type and code stand for ports, and must not meet an echo's id. */
function isOtherMessage(bytes: Uint8Array, { family, protocol, l4, totalLength, fragmentOffset }: Layout): boolean {
  if ((protocol !== PROTOCOL.ICMP && protocol !== PROTOCOL.ICMPV6) || fragmentOffset !== 0 || l4 >= totalLength) return false;
  const type = bytes[l4] as number;
  return family === 4 ? type !== 0 && type !== 8 : type !== 128 && type !== 129;
}

/** An ICMP error belongs to another session (icmp.c, icmp_pointers; icmpv6.h, ICMPV6_INFOMSG_MASK). */
function isError(bytes: Uint8Array, layout: Layout): boolean {
  const message = messageOf(bytes, layout);
  if (message === undefined) return false;
  const type = message >> 8;
  return layout.family === 4 ? type === 3 || type === 4 || type === 5 || type === 11 || type === 12 : type < 128;
}

/** Who opened it? A SYN and an echo request say so; else the lower port is taken for the server's when one of them is privileged. */
export function sourceIsClient(bytes: Uint8Array, layout: Layout): boolean {
  const { family, protocol, l4, totalLength, fragmentOffset } = layout;
  if (fragmentOffset !== 0 || l4 + 8 > totalLength) return true;
  if (protocol === PROTOCOL.ICMP || protocol === PROTOCOL.ICMPV6) return (bytes[l4] as number) !== (family === 4 ? 0 : 129);
  if (protocol === PROTOCOL.TCP && l4 + 14 <= totalLength) {
    const flags = (bytes[l4 + 13] as number) & 0x12;
    if (flags === 0x02) return true;
    if (flags === 0x12) return false;
  }
  const [source, destination] = ports(bytes, layout);
  return source >= 1024 || destination < 1024;
}

function endsOf(bytes: Uint8Array, layout: Layout): readonly [SessionEnd, SessionEnd] {
  const [from, to, length] = layout.family === 4 ? [12, 16, 4] : [8, 24, 16];
  const [source, destination] = ports(bytes, layout);
  return [
    { address: bytes.slice(from, from + length), port: source },
    { address: bytes.slice(to, to + length), port: destination },
  ];
}
