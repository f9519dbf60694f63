import type { Layout, PacketMeta } from "../packet/index.ts";
import { packetText } from "./packet-text.ts";
import type { DropCause } from "./replay-dropper.ts";
import { isError, keyOf, partiesOf, sourceIsClient, sourceIsLower } from "./replay-flow.ts";
import type { DroppedSession, SeenSession } from "./replay-session.ts";

/** Flows that are told apart at a time: two generations of so many. */
export const FLOW_LIMIT: number = 65_536;
/** Dropped sessions that are kept. */
export const DROPPED_SESSION_LIMIT: number = 10_000;

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
  drop(met: FlowPacket, bytes: Uint8Array, layout: Layout, passing: Passing, by: DropCause): void {
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
        ...partiesOf(fromClient, bytes, layout),
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
      ...partiesOf(fromClient, bytes, layout),
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

  #listDropped(met: FlowPacket, bytes: Uint8Array, layout: Layout, passing: Passing, by: DropCause): void {
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
