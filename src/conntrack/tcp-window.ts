import { Tcp, u32, u8 } from "../packet/index.ts";
import type { Direction } from "./direction.ts";
import { END_FLAG, SEGMENT, TCP_STATE, type TcpEnd, type TcpState } from "./tcp-state.ts";

/** A segment that tracking looks at: sequence numbers and lengths as the kernel computes them. */
export interface Segment {
  readonly tcp: Tcp;
  /** One of SEGMENT. */
  readonly kind: number;
  readonly sequence: number;
  readonly ack: number;
  /** Sequence number plus payload, SYN and FIN counted (segment_seq_plus_len). */
  readonly end: number;
  readonly syn: boolean;
  readonly acks: boolean;
  readonly rst: boolean;
}

/** What the window says of a segment: taken up, let pass without a trace, or INVALID for the reason given. */
export type WindowVerdict = "accept" | { readonly ignore: string } | { readonly invalid: string };

/** Is a before b on the circle of sequence numbers? */
export const before = (a: number, b: number): boolean => ((a - b) | 0) < 0;
const after = (a: number, b: number): boolean => before(b, a);

const FIN = 1,
  SYN = 2,
  RST = 4,
  ACK = 16;

/** Reads a segment; `end` is the end of the packet. */
export function readSegment(tcp: Tcp, end: number): Segment {
  const flags = tcp.flags;
  const sequence = tcp.sequence;
  const syn = (flags & SYN) !== 0;
  const fin = (flags & FIN) !== 0;
  const acks = (flags & ACK) !== 0;
  const rst = (flags & RST) !== 0;
  const kind = rst ? SEGMENT.RST : syn ? (acks ? SEGMENT.SYNACK : SEGMENT.SYN) : fin ? SEGMENT.FIN : acks ? SEGMENT.ACK : SEGMENT.NONE;
  const length = end - tcp.offset - tcp.headerLength + (syn ? 1 : 0) + (fin ? 1 : 0);
  return { tcp, kind, sequence, ack: tcp.acknowledgment, end: (sequence + length) >>> 0, syn, acks, rst };
}

/** Window scale and SACK-permitted of a SYN, written into an end (nf_conntrack_proto_tcp.c, tcp_options). */
export function readOptions(tcp: Tcp, end: Pick<TcpEnd, "scale" | "flags">): void {
  if (tcp.headerLength === 20) return;
  end.scale = 0;
  end.flags &= END_FLAG.BE_LIBERAL;
  for (const { kind, at, length } of options(tcp)) {
    if (kind === 4 && length === 2) end.flags |= END_FLAG.SACK_PERMITTED;
    else if (kind === 3 && length === 3) {
      end.scale = Math.min(u8(tcp.bytes, at + 2), 14);
      end.flags |= END_FLAG.WINDOW_SCALE;
    }
  }
}

/** The options up to EOL or the first that is malformed. */
function* options(tcp: Tcp): Generator<{ kind: number; at: number; length: number }> {
  const stop = tcp.offset + tcp.headerLength;
  for (let at = tcp.offset + 20; at < stop;) {
    const kind = u8(tcp.bytes, at);
    if (kind === 0) return;
    if (kind === 1) {
      at++;
      continue;
    }
    if (at + 1 >= stop) return;
    const length = u8(tcp.bytes, at + 1);
    if (length < 2 || at + length > stop) return;
    yield { kind, at, length };
    at += length;
  }
}

/** The highest right edge among SACK blocks and the acknowledgment itself (tcp_sack). */
function highestSack(tcp: Tcp, ack: number): number {
  let sack = ack;
  for (const { kind, at, length } of options(tcp)) {
    if (kind !== 5 || length < 10 || (length - 2) % 8 !== 0) continue;
    for (let block = at + 2; block < at + length; block += 8) {
      const right = u32(tcp.bytes, block + 4);
      if (after(right, sack)) sack = right;
    }
    return sack;
  }
  return sack;
}

/** Least width of the window for acknowledgments, in bytes (MAXACKWINCONST). */
const LEAST_ACK_WINDOW = 66000;

/**
 * Is the segment within the windows that both sides have shown? Updates them when it is. `shifted` says how far the numbers that it
 * acknowledges were moved on their way (tcp_in_window).
 */
export function inWindow(
  state: TcpState,
  direction: Direction,
  segment: Segment,
  beLiberal: boolean,
  shifted: (sequence: number) => number,
): WindowVerdict {
  const sender = state.seen[direction];
  const receiver = state.seen[direction === 0 ? 1 : 0];
  const { tcp } = segment;
  let { sequence, ack, end } = segment;
  let sack = receiver.flags & END_FLAG.SACK_PERMITTED ? highestSack(tcp, ack) : ack;
  const rawWindow = tcp.window;
  const offset = shifted((ack - 1) >>> 0);
  ack = (ack - offset) >>> 0;
  sack = (sack - offset) >>> 0;

  if (sender.maxWindow === 0) {
    if (segment.syn) {
      initialise(sender, receiver, segment, rawWindow, direction);
      if (!segment.acks) return "accept"; // simultaneous open
    } else {
      const window = (rawWindow << sender.scale) >>> 0;
      sender.end = end;
      sender.maxWindow = window || 1;
      sender.maxEnd = (end + sender.maxWindow) >>> 0;
      if (receiver.maxWindow === 0) receiver.end = receiver.maxEnd = sack;
      else if (sack === (receiver.end + 1) >>> 0) receiver.end = sack; // answer to a keepalive
    }
  } else if (segment.syn && after(end, sender.end) && (state.state === TCP_STATE.SYN_SENT || state.state === TCP_STATE.SYN_RECV)) {
    initialise(sender, receiver, segment, rawWindow, direction);
    if (direction === 1 && !segment.acks) return "accept";
  }

  // No acknowledgment, or a broken stack's RST that acknowledges 0: take it as up to date.
  if (!segment.acks || (segment.rst && ack === 0)) ack = sack = receiver.end;
  // A RST that answers a SYN.
  if (segment.rst && sequence === 0 && state.state === TCP_STATE.SYN_SENT) sequence = end = sender.end;

  const liberal = beLiberal || (sender.flags & END_FLAG.BE_LIBERAL) !== 0;
  const fault = outside(sender, receiver, sequence, end, sack);
  if (fault !== undefined) return liberal ? "accept" : fault;

  const window = segment.syn ? rawWindow : (rawWindow << sender.scale) >>> 0;
  const span = (window + (sack - ack)) >>> 0;
  if (sender.maxWindow < span) sender.maxWindow = span;
  if (after(end, sender.end)) {
    sender.end = end;
    sender.flags |= END_FLAG.DATA_UNACKNOWLEDGED;
  }
  if (segment.acks) {
    if (!(sender.flags & END_FLAG.MAXACK_SET)) {
      sender.maxAck = ack;
      sender.flags |= END_FLAG.MAXACK_SET;
    } else if (after(ack, sender.maxAck)) sender.maxAck = ack;
  }
  if (receiver.maxWindow !== 0 && after(end, sender.maxEnd)) receiver.maxWindow = (receiver.maxWindow + (end - sender.maxEnd)) >>> 0;
  if (after((sack + window) >>> 0, (receiver.maxEnd - 1) >>> 0)) receiver.maxEnd = (sack + window + (window === 0 ? 1 : 0)) >>> 0;
  if (ack === receiver.end) receiver.flags &= ~END_FLAG.DATA_UNACKNOWLEDGED;
  if (segment.kind === SEGMENT.ACK) countRetransmission(state, direction, sequence, ack, end, rawWindow);
  return "accept";
}

/** Starts a side from its SYN or SYN+ACK; window scaling needs both sides (tcp_init_sender). */
function initialise(sender: TcpEnd, receiver: TcpEnd, { tcp, end }: Segment, window: number, direction: Direction): void {
  sender.end = sender.maxEnd = end;
  sender.maxWindow = window || 1;
  readOptions(tcp, sender);
  if (direction === 1 && !(sender.flags & receiver.flags & END_FLAG.WINDOW_SCALE)) sender.scale = receiver.scale = 0;
}

/** The four bounds of the window, each with what happens beyond it. */
function outside(
  sender: TcpEnd,
  receiver: TcpEnd,
  sequence: number,
  end: number,
  sack: number,
): Exclude<WindowVerdict, "accept"> | undefined {
  const ackWindow = Math.max(sender.maxWindow, LEAST_ACK_WINDOW);
  const ackNotTooOld = after(sack, (receiver.end - ackWindow - 1) >>> 0);
  const ackNotTooNew = before(sack, (receiver.end + 1) >>> 0);
  const reachesWindow = after(end, (sender.end - receiver.maxWindow - 1) >>> 0);
  if (!before(sequence, (sender.maxEnd + 1) >>> 0)) {
    const overshot = (end - sender.maxEnd + 1) >>> 0;
    if (receiver.maxWindow !== 0 && reachesWindow && ackNotTooOld && overshot <= receiver.maxWindow && ackNotTooNew) {
      // A sender that overruns the window a little: remember how far, so that the answer is not taken for one to unseen data.
      sender.end = end;
      sender.flags |= END_FLAG.DATA_UNACKNOWLEDGED;
      return { ignore: `${overshot} bytes more than expected` };
    }
    return { invalid: "sequence number beyond the receiver's window" };
  }
  if (!ackNotTooNew) return { invalid: "acknowledges data that was not seen yet" };
  if (receiver.maxWindow !== 0 && !reachesWindow) return { ignore: "retransmits data that was acknowledged" };
  if (!ackNotTooOld) return { ignore: "acknowledgment delayed too long" };
  return undefined;
}

function countRetransmission(state: TcpState, direction: Direction, sequence: number, ack: number, end: number, window: number): void {
  if (
    state.lastDirection === direction &&
    state.lastSequence === sequence &&
    state.lastAck === ack &&
    state.lastEnd === end &&
    state.lastWindow === window
  ) {
    state.retransmissions++;
    return;
  }
  state.lastDirection = direction;
  state.lastSequence = sequence;
  state.lastAck = ack;
  state.lastEnd = end;
  state.lastWindow = window;
  state.retransmissions = 0;
}
