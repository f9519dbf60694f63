import { u16, u32, u8 } from "../../packet/index.ts";
import type { Payload } from "./segment.ts";

/** Control message types (nf_conntrack_pptp.h). */
export const PPTP = {
  START_REQUEST: 1,
  START_REPLY: 2,
  STOP_REQUEST: 3,
  STOP_REPLY: 4,
  ECHO_REQUEST: 5,
  ECHO_REPLY: 6,
  OUT_CALL_REQUEST: 7,
  OUT_CALL_REPLY: 8,
  IN_CALL_REQUEST: 9,
  IN_CALL_REPLY: 10,
  IN_CALL_CONNECT: 11,
  CALL_CLEAR_REQUEST: 12,
  CALL_DISCONNECT_NOTIFY: 13,
  WAN_ERROR_NOTIFY: 14,
  SET_LINK_INFO: 15,
} as const;

/** Bytes that a message's body must have, by type. */
const LEAST_BODY: readonly number[] = [0, 144, 144, 4, 4, 0, 0, 156, 20, 208, 12, 16, 4, 136, 28, 12];

/** Bytes before the body: the packet header with its cookie, and the control header. */
export const PPTP_BODY = 12;

const CONTROL = 1;
const MAGIC_COOKIE = 0x1a2b3c4d;

/** A control message: the fields that its type has, the rest 0. */
export interface PptpMessage {
  readonly type: number;
  /** First word of the body: a call id in most messages. */
  readonly first: number;
  /** Second word: the peer's call id in answers. */
  readonly second: number;
  /** The result code of the answer to a start, a stop or a call. */
  readonly result: number;
}

/** The control message in a segment; undefined where there is none in full (conntrack_pptp_help). */
export function readMessage({ bytes, start, end }: Payload): PptpMessage | undefined {
  if (start + PPTP_BODY > end || u16(bytes, start + 2) !== CONTROL || u32(bytes, start + 4) !== MAGIC_COOKIE) return undefined;
  const type = u16(bytes, start + 8);
  const body = start + PPTP_BODY;
  if (end - body < (LEAST_BODY[type] ?? 0)) return undefined;
  const word = (at: number): number => (body + at + 2 <= end ? u16(bytes, body + at) : 0);
  const results: Readonly<Record<number, number>> = {
    [PPTP.START_REPLY]: 2,
    [PPTP.STOP_REPLY]: 0,
    [PPTP.OUT_CALL_REPLY]: 4,
    [PPTP.IN_CALL_REPLY]: 4,
  };
  const at = results[type];
  return { type, first: word(0), second: word(2), result: at === undefined ? 0 : u8(bytes, body + at) };
}
