import type { DropCause } from "./replay-dropper.ts";

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
  readonly by: DropCause;
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
  by: DropCause | undefined;
  /** What its first packet that got through was translated to: `source 198.51.100.2`. */
  becomes: readonly string[];
}
