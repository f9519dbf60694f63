import type { Direction } from "./direction.ts";

/** States of a tracked TCP connection; MAX marks an invalid step and IGNORE one that changes nothing (enum tcp_conntrack). */
export const TCP_STATE = {
  NONE: 0,
  SYN_SENT: 1,
  SYN_RECV: 2,
  ESTABLISHED: 3,
  FIN_WAIT: 4,
  CLOSE_WAIT: 5,
  LAST_ACK: 6,
  TIME_WAIT: 7,
  CLOSE: 8,
  SYN_SENT2: 9,
  INVALID: 10,
  IGNORE: 11,
} as const;

/** Names of the states as listings write them, by number. */
export const TCP_STATE_NAMES: readonly string[] = Object.keys(TCP_STATE);

/** What a segment is to the tracker: its strongest flag (enum tcp_bit_set). */
export const SEGMENT = { SYN: 0, SYNACK: 1, FIN: 2, ACK: 3, RST: 4, NONE: 5 } as const;

/** Bits of `TcpEnd.flags` and `TcpState.lastFlags` (IP_CT_TCP_FLAG_*, nf_conntrack_tcp.h). */
export const END_FLAG = {
  WINDOW_SCALE: 0x01,
  SACK_PERMITTED: 0x02,
  CLOSE_INIT: 0x04,
  BE_LIBERAL: 0x08,
  DATA_UNACKNOWLEDGED: 0x10,
  MAXACK_SET: 0x20,
  CHALLENGE_ACK: 0x40,
  SIMULTANEOUS_OPEN: 0x80,
} as const;

/** What one sender has shown; sequence numbers are unsigned 32-bit (struct ip_ct_tcp_state). */
export interface TcpEnd {
  /** Highest sequence number sent, plus length. */
  end: number;
  /** Highest that the other side's window allows. */
  maxEnd: number;
  /** Largest window announced, scaled, in bytes. */
  maxWindow: number;
  maxAck: number;
  scale: number;
  flags: number;
}

/** What tracking remembers of a TCP connection (struct ip_ct_tcp). */
export interface TcpState {
  state: number;
  readonly seen: readonly [TcpEnd, TcpEnd];
  lastDirection: Direction;
  lastSegment: number;
  lastSequence: number;
  lastAck: number;
  lastEnd: number;
  lastWindow: number;
  lastScale: number;
  lastFlags: number;
  retransmissions: number;
}

/** A connection of which nothing is known. */
export function newTcpState(): TcpState {
  return {
    state: TCP_STATE.NONE,
    seen: [newEnd(), newEnd()],
    lastDirection: 0,
    lastSegment: SEGMENT.NONE,
    lastSequence: 0,
    lastAck: 0,
    lastEnd: 0,
    lastWindow: 0,
    lastScale: 0,
    lastFlags: 0,
    retransmissions: 0,
  };
}

/** Forgets what a side has shown, but not that it is judged liberally (nf_ct_tcp_state_reset). */
export function resetEnd(end: TcpEnd): void {
  Object.assign(end, newEnd(), { flags: end.flags & END_FLAG.BE_LIBERAL });
}

const newEnd = (): TcpEnd => ({ end: 0, maxEnd: 0, maxWindow: 0, maxAck: 0, scale: 0, flags: 0 });

const {
  SYN_SENT: SS,
  SYN_RECV: SR,
  ESTABLISHED: ES,
  FIN_WAIT: FW,
  CLOSE_WAIT: CW,
  LAST_ACK: LA,
  TIME_WAIT: TW,
  CLOSE: CL,
  SYN_SENT2: S2,
  INVALID: IV,
  IGNORE: IG,
} = TCP_STATE;

const NO_WAY: readonly number[] = [IV, IV, IV, IV, IV, IV, IV, IV, IV, IV];
const RESET: readonly number[] = [IV, CL, CL, CL, CL, CL, CL, CL, CL, CL];

/** The next state by direction, segment and state. Columns: none, SS, SR, ES, FW, CW, LA, TW, CL, S2 (tcp_conntracks). */
export const TCP_STEPS: readonly (readonly (readonly number[])[])[] = [
  [
    /* SYN    */ [SS, SS, IG, IG, IG, IG, IG, SS, SS, S2],
    /* SYNACK */ [IV, IV, SR, IV, IV, IV, IV, IV, IV, SR],
    /* FIN    */ [IV, IV, FW, FW, LA, LA, LA, TW, CL, IV],
    /* ACK    */ [ES, IV, ES, ES, CW, CW, TW, TW, CL, IV],
    /* RST    */ RESET,
    /* none   */ NO_WAY,
  ],
  [
    /* SYN    */ [IV, S2, IV, IV, IV, IV, IV, SS, IV, S2],
    /* SYNACK */ [IV, SR, IG, IG, IG, IG, IG, IG, IG, SR],
    /* FIN    */ [IV, IV, FW, FW, LA, LA, LA, TW, CL, IV],
    /* ACK    */ [IV, IG, SR, ES, CW, CW, TW, TW, CL, IG],
    /* RST    */ RESET,
    /* none   */ NO_WAY,
  ],
];
