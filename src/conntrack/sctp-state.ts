import type { Direction } from "./direction.ts";

/** States of a tracked SCTP association; MAX marks an invalid step (enum sctp_conntrack). */
export const SCTP_STATE = {
  NONE: 0,
  CLOSED: 1,
  COOKIE_WAIT: 2,
  COOKIE_ECHOED: 3,
  ESTABLISHED: 4,
  SHUTDOWN_SENT: 5,
  SHUTDOWN_RECD: 6,
  SHUTDOWN_ACK_SENT: 7,
  HEARTBEAT_SENT: 8,
  MAX: 9,
} as const;

/** Names of the states as listings write them, by number (nf_conntrack_proto_sctp.c, sctp_conntrack_names). */
export const SCTP_STATE_NAMES: readonly string[] = Object.keys(SCTP_STATE).slice(0, SCTP_STATE.MAX);

/** What tracking remembers of an SCTP association (struct ip_ct_sctp). */
export interface SctpState {
  /** One of `SCTP_STATE`. */
  state: number;
  /** The verification tags that packets of each direction must carry, 0 where it is not known. */
  readonly tags: [number, number];
  /** Has an INIT come from this direction, and no COOKIE_ACK since? */
  readonly opened: [boolean, boolean];
  /** A heartbeat came with a wrong tag: the peer may have restarted (SCTP_FLAG_HEARTBEAT_VTAG_FAILED). */
  strayHeartbeat: boolean;
  /** From where it came. */
  strayDirection: Direction;
}

/** An association of which nothing is known. */
export function newSctpState(): SctpState {
  return { state: SCTP_STATE.NONE, tags: [0, 0], opened: [false, false], strayHeartbeat: false, strayDirection: 0 };
}

const CL = SCTP_STATE.CLOSED;
const CW = SCTP_STATE.COOKIE_WAIT;
const CE = SCTP_STATE.COOKIE_ECHOED;
const ES = SCTP_STATE.ESTABLISHED;
const SS = SCTP_STATE.SHUTDOWN_SENT;
const SR = SCTP_STATE.SHUTDOWN_RECD;
const SA = SCTP_STATE.SHUTDOWN_ACK_SENT;
const HS = SCTP_STATE.HEARTBEAT_SENT;
const IV = SCTP_STATE.MAX;

/** One chunk type's steps: columns are none, CL, CW, CE, ES, SS, SR, SA, HS. */
type Row = readonly number[];

/** What an original packet's chunk makes of a state, by chunk type (sctp_conntracks). */
const ORIGINAL: Readonly<Record<number, Row>> = {
  /* INIT              */ 1: [CL, CL, CW, CE, ES, CL, CL, SA, CW],
  /* INIT ACK          */ 2: [CL, CL, CW, CE, ES, SS, SR, SA, CL],
  /* HEARTBEAT         */ 4: [HS, CL, CW, CE, ES, SS, SR, SA, HS],
  /* HEARTBEAT ACK     */ 5: [CL, CL, CW, CE, ES, SS, SR, SA, HS],
  /* ABORT             */ 6: [CL, CL, CL, CL, CL, CL, CL, CL, CL],
  /* SHUTDOWN          */ 7: [CL, CL, CW, CE, SS, SS, SR, SA, CL],
  /* SHUTDOWN ACK      */ 8: [SA, CL, CW, CE, ES, SA, SA, SA, SA],
  /* ERROR             */ 9: [CL, CL, CW, CE, ES, SS, SR, SA, CL],
  /* COOKIE ECHO       */ 10: [CL, CL, CE, CE, ES, SS, SR, SA, CL],
  /* COOKIE ACK        */ 11: [CL, CL, CW, ES, ES, SS, SR, SA, CL],
  /* SHUTDOWN COMPLETE */ 14: [CL, CL, CW, CE, ES, SS, SR, CL, CL],
};

/** The same for packets in the reply direction. */
const REPLY: Readonly<Record<number, Row>> = {
  /* INIT              */ 1: [IV, CL, CW, CE, ES, SS, SR, SA, IV],
  /* INIT ACK          */ 2: [IV, CW, CW, CE, ES, SS, SR, SA, IV],
  /* HEARTBEAT         */ 4: [IV, CL, CW, CE, ES, SS, SR, SA, HS],
  /* HEARTBEAT ACK     */ 5: [IV, CL, CW, CE, ES, SS, SR, SA, ES],
  /* ABORT             */ 6: [IV, CL, CL, CL, CL, CL, CL, CL, IV],
  /* SHUTDOWN          */ 7: [IV, CL, CW, CE, SR, SS, SR, SA, IV],
  /* SHUTDOWN ACK      */ 8: [IV, CL, CW, CE, ES, SA, SA, SA, IV],
  /* ERROR             */ 9: [IV, CL, CW, CL, ES, SS, SR, SA, IV],
  /* COOKIE ECHO       */ 10: [IV, CL, CE, CE, ES, SS, SR, SA, IV],
  /* COOKIE ACK        */ 11: [IV, CL, CW, ES, ES, SS, SR, SA, IV],
  /* SHUTDOWN COMPLETE */ 14: [IV, CL, CW, CE, ES, SS, SR, CL, IV],
};

/** The state after a chunk; chunks that carry data or are not known leave it (nf_conntrack_proto_sctp.c, sctp_new_state). */
export function sctpStep(direction: Direction, state: number, chunk: number): number {
  return (direction === 0 ? ORIGINAL : REPLY)[chunk]?.[state] ?? state;
}
