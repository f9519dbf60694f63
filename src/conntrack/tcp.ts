import { PROTOCOL, Tcp } from "../packet/index.ts";
import type { Carrier } from "./carrier.ts";
import type { Direction } from "./direction.ts";
import { sumHolds } from "./checksum.ts";
import { STATUS, type Connection } from "./connection.ts";
import type { ProtocolTracker, Scene, Step } from "./protocol.ts";
import { sequenceOffset } from "./sequence.ts";
import type { ConntrackSysctls } from "./sysctls.ts";
import { END_FLAG, newTcpState, resetEnd, SEGMENT, TCP_STATE, TCP_STATE_NAMES, TCP_STEPS, type TcpState } from "./tcp-state.ts";
import { before, inWindow, readOptions, readSegment, type Segment } from "./tcp-window.ts";
import type { TimeoutName } from "./timeouts.ts";

/** TCP (nf_conntrack_proto_tcp.c, nf_conntrack_tcp_packet). */
export const tcp: ProtocolTracker = { packet };

/** Legal combinations of FIN 1, SYN 2, RST 4, ACK 16 and URG 32 (tcp_valid_flags). */
const LEGAL_FLAGS: ReadonlySet<number> = new Set([0x02, 0x22, 0x12, 0x04, 0x14, 0x11, 0x31, 0x10, 0x30]);

const other = (direction: Direction): Direction => (direction === 0 ? 1 : 0);
/** Kernel: nf_conntrack_tcp_established. */
const established = ({ status, tcp: state }: Connection): boolean =>
  state?.state === TCP_STATE.ESTABLISHED && (status & STATUS.ASSURED) !== 0;

function packet(connection: Connection, carrier: Carrier, scene: Scene): Step {
  const { layout } = carrier;
  const header = Tcp.at(carrier.bytes, layout.l4, layout.totalLength);
  if (!header) return { invalid: "TCP header cut short" };
  const length = header.headerLength;
  if (length < 20 || layout.l4 + length > layout.totalLength) return { invalid: "TCP header length is wrong" };
  if (scene.verify && !sumHolds(carrier, PROTOCOL.TCP)) return { invalid: "bad TCP checksum" };
  if (!LEGAL_FLAGS.has(header.flags & 0x37)) return { invalid: "illegal combination of TCP flags" };

  const segment = readSegment(header, layout.totalLength);
  if (!(connection.status & STATUS.CONFIRMED)) {
    const fault = begin(connection, segment, scene.sysctls);
    if (fault !== undefined) return { invalid: fault };
  }
  const state = connection.tcp;
  if (state === undefined) return { invalid: "no TCP state" };
  return step(connection, state, segment, scene);
}

/** Starts a connection from its first segment; says why it cannot (tcp_new). */
function begin(connection: Connection, segment: Segment, sysctls: ConntrackSysctls): string | undefined {
  const next = TCP_STEPS[0]?.[segment.kind]?.[TCP_STATE.NONE] ?? TCP_STATE.INVALID;
  if (next >= TCP_STATE.INVALID) return "no TCP connection begins with this segment";
  if (next !== TCP_STATE.SYN_SENT && !sysctls.tcpLoose) return "in the middle of an unknown connection, and tcp_loose is 0";
  const state = newTcpState();
  const [sender, receiver] = state.seen;
  sender.end = sender.maxEnd = segment.end;
  sender.maxWindow = segment.tcp.window || 1;
  if (next === TCP_STATE.SYN_SENT) readOptions(segment.tcp, sender);
  else {
    sender.maxEnd = (segment.end + sender.maxWindow) >>> 0;
    sender.flags = receiver.flags = END_FLAG.SACK_PERMITTED | END_FLAG.BE_LIBERAL;
  }
  connection.tcp = state;
  return undefined;
}

function step(connection: Connection, state: TcpState, segment: Segment, scene: Scene): Step {
  const { direction } = scene;
  let from = state.state;
  let to = TCP_STEPS[direction]?.[segment.kind]?.[from] ?? TCP_STATE.INVALID;
  let checkWindow = true;
  switch (to) {
    case TCP_STATE.SYN_SENT:
      if (from < TCP_STATE.TIME_WAIT) break;
      // A new SYN on a connection that was closed: forget it and begin anew. On one that was not, the SYN is ignored.
      if (
        (state.seen[0].flags | state.seen[1].flags) & END_FLAG.CLOSE_INIT ||
        (state.lastDirection === direction && state.lastSegment === SEGMENT.RST)
      )
        return "repeat";
      if (!answersIgnoredSyn(state, segment, direction)) return ignore(state, segment, direction, from);
      [from, to] = catchUp(state, direction);
      break;
    case TCP_STATE.IGNORE:
      if (!answersIgnoredSyn(state, segment, direction)) return ignore(state, segment, direction, from);
      [from, to] = catchUp(state, direction);
      break;
    case TCP_STATE.INVALID:
      return {
        invalid: `${SEGMENT_NAMES[segment.kind]} from the ${direction === 0 ? "client" : "server"} in state ${TCP_STATE_NAMES[from]}`,
      };
    case TCP_STATE.TIME_WAIT:
      if (from === TCP_STATE.LAST_ACK && segment.kind === SEGMENT.ACK && isChallenge(state, direction)) {
        state.lastFlags &= ~END_FLAG.CHALLENGE_ACK;
        return "accept";
      }
      break;
    case TCP_STATE.SYN_SENT2:
      state.lastFlags |= END_FLAG.SIMULTANEOUS_OPEN;
      break;
    case TCP_STATE.SYN_RECV:
      if (direction === 1 && segment.kind === SEGMENT.ACK && state.lastFlags & END_FLAG.SIMULTANEOUS_OPEN) to = TCP_STATE.ESTABLISHED;
      break;
    case TCP_STATE.CLOSE:
      if (segment.kind === SEGMENT.RST) {
        const reset = judgeReset(connection, state, segment, direction, scene.sysctls);
        if (reset === "invalid") return { invalid: "RST before the window" };
        if (reset === "stay") to = from;
        if (reset === "close") checkWindow = false;
      }
      break;
    default:
      break;
  }
  if (checkWindow) {
    const verdict = inWindow(state, direction, segment, scene.sysctls.tcpBeLiberal, sequence =>
      sequenceOffset(connection, other(direction), sequence),
    );
    if (verdict !== "accept") {
      if ("ignore" in verdict) return "accept";
      shortenAfterInvalid(connection, state, segment, scene);
      return verdict;
    }
  }
  return take(connection, state, segment, scene, from, to);
}

/** The other side's answer to a SYN that was ignored: it only asks whether the connection still lives (RFC 5961). */
const isChallenge = (state: TcpState, direction: Direction): boolean =>
  state.lastDirection !== direction && state.lastSegment === SEGMENT.SYN && (state.lastFlags & END_FLAG.CHALLENGE_ACK) !== 0;

const SEGMENT_NAMES = ["SYN", "SYN+ACK", "FIN", "ACK", "RST", "a segment without flags"];

/** A SYN+ACK that answers a SYN which was ignored: both ends agree, only the firewall does not. */
function answersIgnoredSyn(state: TcpState, segment: Segment, direction: Direction): boolean {
  return (
    segment.kind === SEGMENT.SYNACK &&
    state.lastSegment === SEGMENT.SYN &&
    state.lastDirection !== direction &&
    segment.ack === state.lastEnd
  );
}

/** Takes over what was noted of the ignored SYN. */
function catchUp(state: TcpState, direction: Direction): [from: number, to: number] {
  const opener = state.seen[state.lastDirection];
  opener.end = opener.maxEnd = state.lastEnd;
  opener.maxWindow = state.lastWindow || 1;
  opener.scale = state.lastScale;
  state.lastFlags &= ~END_FLAG.CHALLENGE_ACK;
  opener.flags = state.lastFlags;
  resetEnd(state.seen[direction]);
  return [TCP_STATE.SYN_SENT, TCP_STATE.SYN_RECV];
}

/** Lets the segment through without moving the state, but notes it: the other end may answer. */
function ignore(state: TcpState, segment: Segment, direction: Direction, from: number): Step {
  state.lastSegment = segment.kind;
  state.lastDirection = direction;
  state.lastSequence = segment.sequence;
  state.lastEnd = segment.end;
  state.lastWindow = segment.tcp.window;
  if (segment.kind === SEGMENT.SYN && direction === 0) {
    const seen = { scale: 0, flags: 0 };
    readOptions(segment.tcp, seen);
    state.lastScale = seen.flags & END_FLAG.WINDOW_SCALE ? seen.scale : 0;
    state.lastFlags = seen.flags & (END_FLAG.WINDOW_SCALE | END_FLAG.SACK_PERMITTED);
    if (from === TCP_STATE.LAST_ACK) state.lastFlags |= END_FLAG.CHALLENGE_ACK;
  }
  if (from === TCP_STATE.SYN_SENT && segment.kind === SEGMENT.ACK && direction === 1) state.lastAck = segment.ack;
  return "accept";
}

/** What a RST does: closes at once, is asked about its window, leaves the state as it is, or is INVALID. */
function judgeReset(
  connection: Connection,
  state: TcpState,
  segment: Segment,
  direction: Direction,
  sysctls: ConntrackSysctls,
): "close" | "ask" | "stay" | "invalid" {
  // On its way out anyway: the ports may already be in use again.
  if (state.state >= TCP_STATE.FIN_WAIT && state.state <= TCP_STATE.CLOSE) return "close";
  const peer = state.seen[other(direction)];
  let stay = false;
  if (peer.flags & END_FLAG.MAXACK_SET && state.lastSegment !== SEGMENT.SYN) {
    const { sequence } = segment;
    if (sequence === 0 && !established(connection)) return "ask";
    if (before(sequence, peer.maxAck) && !sysctls.tcpIgnoreInvalidRst) return "invalid";
    if (!established(connection) || sequence === peer.maxAck) return "ask";
    if (state.lastSegment === SEGMENT.ACK && state.lastDirection === direction && sequence === state.lastEnd) return "ask";
    // Near, but not exact: the receiver may answer with a challenge ACK, so the connection lives on (RFC 5961).
    stay = true;
  }
  const answersSyn = (connection.status & STATUS.SEEN_REPLY) !== 0 && state.lastSegment === SEGMENT.SYN;
  const answersAck = !(connection.status & STATUS.ASSURED) && state.lastSegment === SEGMENT.ACK;
  if ((answersSyn || answersAck) && state.lastDirection !== direction && segment.ack === state.lastEnd) return "close";
  // The client's RST to a challenge ACK that answered its SYN.
  if (
    direction === 0 &&
    state.state === TCP_STATE.SYN_SENT &&
    answersAck &&
    state.lastDirection === 1 &&
    segment.sequence === state.lastAck
  )
    return "close";
  return stay ? "stay" : "ask";
}

/** The segment counts: moves the state, the timeout and the status bits. */
function take(connection: Connection, state: TcpState, segment: Segment, scene: Scene, from: number, to: number): Step {
  const { direction, sysctls } = scene;
  state.lastSegment = segment.kind;
  state.lastDirection = direction;
  state.state = to;
  if (from !== to && to === TCP_STATE.FIN_WAIT) state.seen[direction].flags |= END_FLAG.CLOSE_INIT;

  const { timeouts } = scene;
  let seconds = to === TCP_STATE.SYN_SENT2 ? SIMULTANEOUS_OPEN_SECONDS : timeouts[STATE_TIMEOUTS[to] ?? "tcp_timeout_close"];
  if (state.retransmissions >= sysctls.tcpMaxRetrans && seconds > timeouts.tcp_timeout_max_retrans)
    seconds = timeouts.tcp_timeout_max_retrans;
  else if (segment.kind === SEGMENT.RST) seconds = timeouts.tcp_timeout_close;
  else if ((state.seen[0].flags | state.seen[1].flags) & END_FLAG.DATA_UNACKNOWLEDGED && seconds > timeouts.tcp_timeout_unacknowledged)
    seconds = timeouts.tcp_timeout_unacknowledged;
  else if (state.lastWindow === 0 && seconds > timeouts.tcp_timeout_max_retrans) seconds = timeouts.tcp_timeout_max_retrans;

  if (!(connection.status & STATUS.SEEN_REPLY)) {
    if (segment.rst) {
      scene.kill();
      return "accept";
    }
    // A SYN that is sent again does not renew the timeout.
    if (segment.kind === SEGMENT.SYN && from === TCP_STATE.SYN_SENT) return "accept";
    if (to === TCP_STATE.ESTABLISHED && seconds > timeouts.tcp_timeout_unacknowledged) seconds = timeouts.tcp_timeout_unacknowledged;
  } else if (
    !(connection.status & STATUS.ASSURED) &&
    (from === TCP_STATE.SYN_RECV || from === TCP_STATE.ESTABLISHED) &&
    to === TCP_STATE.ESTABLISHED
  ) {
    connection.status |= STATUS.ASSURED;
  }
  scene.refresh(seconds);
  return "accept";
}

/** FIN or RST out of the window from both sides: the connection need not live for days (nf_tcp_handle_invalid). */
function shortenAfterInvalid(connection: Connection, state: TcpState, segment: Segment, scene: Scene): void {
  if (!(connection.status & STATUS.ASSURED) || connection.status & STATUS.FIXED_TIMEOUT) return;
  if (segment.kind !== SEGMENT.FIN && segment.kind !== SEGMENT.RST) return;
  if (state.lastDirection !== scene.direction && (state.lastSegment === SEGMENT.FIN || state.lastSegment === SEGMENT.RST)) {
    if (connection.deadline - scene.now < LEAST_TO_SHORTEN) return;
    connection.deadline = Math.min(connection.deadline, scene.now + scene.timeouts.tcp_timeout_unacknowledged * 1e6);
    return;
  }
  state.lastSegment = segment.kind;
  state.lastDirection = scene.direction;
}

/** µs that a connection must still live for its timeout to be cut. */
const LEAST_TO_SHORTEN = 120e6;

/** Both sides sent a SYN: no setting changes this one (tcp_timeouts). */
const SIMULTANEOUS_OPEN_SECONDS = 120;

const STATE_TIMEOUTS: Readonly<Record<number, TimeoutName>> = {
  [TCP_STATE.SYN_SENT]: "tcp_timeout_syn_sent",
  [TCP_STATE.SYN_RECV]: "tcp_timeout_syn_recv",
  [TCP_STATE.ESTABLISHED]: "tcp_timeout_established",
  [TCP_STATE.FIN_WAIT]: "tcp_timeout_fin_wait",
  [TCP_STATE.CLOSE_WAIT]: "tcp_timeout_close_wait",
  [TCP_STATE.LAST_ACK]: "tcp_timeout_last_ack",
  [TCP_STATE.TIME_WAIT]: "tcp_timeout_time_wait",
  [TCP_STATE.CLOSE]: "tcp_timeout_close",
};
