import { Sctp, SCTP_CHUNK, transportChecksumHolds, u32, type SctpChunk } from "../packet/index.ts";
import type { Direction } from "./direction.ts";
import { STATUS, type Connection } from "./connection.ts";
import type { ProtocolTracker, Scene, Step } from "./protocol.ts";
import { newSctpState, SCTP_STATE, sctpStep, type SctpState } from "./sctp-state.ts";
import type { TimeoutName } from "./timeouts.ts";

/** SCTP (nf_conntrack_proto_sctp.c, nf_conntrack_sctp_packet). */
export const sctp: ProtocolTracker = {
  packet(connection, { bytes, layout }, scene) {
    const header = Sctp.at(bytes, layout.l4, layout.totalLength);
    if (header === undefined) return { invalid: "SCTP header cut short" };
    if (scene.verify && transportChecksumHolds(bytes, layout) === false) return { invalid: "bad SCTP checksum" };
    const chunks = [...header.chunks()];
    const fault = chunksFault(chunks);
    if (fault !== undefined) return { invalid: fault };
    const types = new Set(chunks.map(({ type }) => type));
    if (!(connection.status & STATUS.CONFIRMED)) {
      const refused = begin(connection, header, chunks, types);
      if (refused !== undefined) return { invalid: refused };
    }
    const { sctp: state } = connection;
    if (state === undefined) return { invalid: "no SCTP state" };
    const tag = header.verificationTag;
    if (![...types].some(type => CHECKED_LATER.has(type)) && tag !== state.tags[scene.direction])
      return { invalid: "SCTP verification tag does not match" };
    return walk(connection, state, { header, chunks, types }, scene);
  },
};

/** A packet and what is in it. */
interface Message {
  readonly header: Sctp;
  readonly chunks: readonly SctpChunk[];
  readonly types: ReadonlySet<number>;
}

/** An INIT, its answer and the last chunk of all stand alone; a cookie comes first (nf_conntrack_proto_sctp.c, do_basic_checks). */
function chunksFault(chunks: readonly SctpChunk[]): string | undefined {
  if (chunks.length === 0) return "SCTP packet without chunks";
  if (chunks.some(({ length }) => length === 0)) return "SCTP chunk of length 0";
  if (chunks.length === 1) return undefined;
  const alone = chunks.some(({ type }) => ALONE.has(type));
  const late = chunks.some(({ type }, at) => at > 0 && FIRST.has(type));
  return alone || late ? "SCTP chunks that cannot come together" : undefined;
}

const ALONE: ReadonlySet<number> = new Set([SCTP_CHUNK.INIT, SCTP_CHUNK.INIT_ACK, SCTP_CHUNK.SHUTDOWN_COMPLETE]);
const FIRST: ReadonlySet<number> = new Set([SCTP_CHUNK.COOKIE_ACK, SCTP_CHUNK.COOKIE_ECHO]);

/** No association begins with these: they answer one (RFC 9260, 8.4). */
const NEVER_FIRST: readonly number[] = [SCTP_CHUNK.ABORT, SCTP_CHUNK.SHUTDOWN_COMPLETE, SCTP_CHUNK.COOKIE_ACK];

/** Chunks whose packets have rules of their own for the tag, or change it (RFC 9260, 8.5.1). */
const CHECKED_LATER: ReadonlySet<number> = new Set([
  SCTP_CHUNK.INIT,
  SCTP_CHUNK.SHUTDOWN_COMPLETE,
  SCTP_CHUNK.COOKIE_ECHO,
  SCTP_CHUNK.ABORT,
  SCTP_CHUNK.SHUTDOWN_ACK,
  SCTP_CHUNK.HEARTBEAT,
  SCTP_CHUNK.HEARTBEAT_ACK,
]);

/** Starts an association from its first packet; says why it cannot (nf_conntrack_proto_sctp.c, sctp_new). */
function begin(connection: Connection, header: Sctp, chunks: readonly SctpChunk[], types: ReadonlySet<number>): string | undefined {
  if (NEVER_FIRST.some(type => types.has(type))) return "no SCTP association begins with this chunk";
  const state = newSctpState();
  const tag = header.verificationTag;
  for (const chunk of chunks) {
    const next = sctpStep(0, SCTP_STATE.NONE, chunk.type);
    if (next === SCTP_STATE.NONE || next === SCTP_STATE.MAX) return "no SCTP association begins with this chunk";
    if (chunk.type === SCTP_CHUNK.INIT) {
      const initiate = initiateTag(header, chunk);
      if (tag !== 0) return "an SCTP INIT with a verification tag";
      if (initiate === undefined) return "SCTP INIT cut short";
      state.tags[1] = initiate;
    } else if (chunk.type === SCTP_CHUNK.HEARTBEAT) state.tags[0] = tag;
    else if (chunk.type === SCTP_CHUNK.SHUTDOWN_ACK) state.tags[1] = tag;
  }
  connection.sctp = state;
  return undefined;
}

/** Takes the chunks one by one; what earlier ones changed stays when a later one is refused. */
function walk(connection: Connection, state: SctpState, { header, chunks, types }: Message, scene: Scene): Step {
  const { direction } = scene;
  const tag = header.verificationTag;
  let stray = false;
  let next: number = SCTP_STATE.NONE;
  for (const chunk of chunks) {
    const tagged = checkTag(state, chunk, tag, direction, types.has(SCTP_CHUNK.DATA) || stray);
    if (tagged === "refuse") return { invalid: "SCTP verification tag does not match" };
    if (tagged === "skip") {
      stray = true;
      continue;
    }
    const from = state.state;
    next = sctpStep(direction, from, chunk.type);
    if (next === SCTP_STATE.MAX) return { invalid: "an SCTP chunk that this state of the association does not allow" };
    if (!noteInitiateTag(state, header, chunk, direction)) return { invalid: "an SCTP handshake that does not fit the one before" };
    // An INIT sent again does not keep a closed association, and its mapping, alive.
    if (chunk.type === SCTP_CHUNK.INIT && from === SCTP_STATE.CLOSED && next === from && connection.status & STATUS.CONFIRMED) stray = true;
    state.state = next;
    if (from !== next && next === SCTP_STATE.ESTABLISHED) connection.status |= STATUS.ASSURED;
  }
  if (!stray) scene.refresh(scene.timeouts[TIMEOUTS[next] ?? "sctp_timeout_closed"]);
  return "accept";
}

const TIMEOUTS: Readonly<Record<number, TimeoutName>> = {
  [SCTP_STATE.CLOSED]: "sctp_timeout_closed",
  [SCTP_STATE.COOKIE_WAIT]: "sctp_timeout_cookie_wait",
  [SCTP_STATE.COOKIE_ECHOED]: "sctp_timeout_cookie_echoed",
  [SCTP_STATE.ESTABLISHED]: "sctp_timeout_established",
  [SCTP_STATE.SHUTDOWN_SENT]: "sctp_timeout_shutdown_sent",
  [SCTP_STATE.SHUTDOWN_RECD]: "sctp_timeout_shutdown_recd",
  [SCTP_STATE.SHUTDOWN_ACK_SENT]: "sctp_timeout_shutdown_ack_sent",
  [SCTP_STATE.HEARTBEAT_SENT]: "sctp_timeout_heartbeat_sent",
};

const otherOf = (direction: Direction): Direction => (direction === 0 ? 1 : 0);

/** T bit: the sender had no association and reflects the tag that it got. */
const REFLECTED = 0x01;

/**
 * May a chunk come under this tag? "skip": a heartbeat from a peer that may have restarted, which is let through and changes
 * nothing else. `lone` says that such a one is not, since the packet carries data or the second of its kind.
 */
function checkTag(
  state: SctpState,
  { type, flags }: SctpChunk,
  tag: number,
  direction: Direction,
  lone: boolean,
): "take" | "skip" | "refuse" {
  const { tags } = state;
  const other = otherOf(direction);
  switch (type) {
    case SCTP_CHUNK.INIT:
      return tag === 0 ? "take" : "refuse";
    case SCTP_CHUNK.ABORT:
    case SCTP_CHUNK.SHUTDOWN_COMPLETE:
      return tag === tags[flags & REFLECTED ? other : direction] ? "take" : "refuse";
    case SCTP_CHUNK.COOKIE_ECHO:
      return tag === tags[direction] ? "take" : "refuse";
    case SCTP_CHUNK.COOKIE_ACK:
      state.opened.fill(false);
      return "take";
    case SCTP_CHUNK.HEARTBEAT:
      if (adoptTag(state, tag, direction)) return "take";
      if (lone) return "refuse";
      state.strayHeartbeat = true;
      state.strayDirection = direction;
      return "skip";
    case SCTP_CHUNK.HEARTBEAT_ACK:
      if (adoptTag(state, tag, direction)) return "take";
      if (lone || !state.strayHeartbeat || state.strayDirection === direction) return "refuse";
      // The heartbeat was real: both tags are those of the new association.
      state.strayHeartbeat = false;
      tags[direction] = tag;
      tags[other] = 0;
      return "take";
    default:
      return "take";
  }
}

/** Is it the tag of this direction, or the first one seen? Forgets a stray heartbeat when it is. */
function adoptTag(state: SctpState, tag: number, direction: Direction): boolean {
  if (state.tags[direction] === 0) state.tags[direction] = tag;
  else if (state.tags[direction] !== tag) return false;
  else state.strayHeartbeat = false;
  return true;
}

/** Takes down the tag that an INIT or INIT ACK asks the other side to use; false when it cannot be, and the packet is INVALID. */
function noteInitiateTag(state: SctpState, header: Sctp, chunk: SctpChunk, direction: Direction): boolean {
  if (chunk.type !== SCTP_CHUNK.INIT && chunk.type !== SCTP_CHUNK.INIT_ACK) return true;
  const initiate = initiateTag(header, chunk);
  if (initiate === undefined) return false;
  const { tags, opened } = state;
  const other = otherOf(direction);
  if (chunk.type === SCTP_CHUNK.INIT) {
    // The one that is known already comes late, or again, and says nothing new (6.18.y; not in earlier kernels).
    if (state.state !== SCTP_STATE.NONE && tags[other] === initiate) return true;
    if (opened[direction] && opened[other]) opened[other] = false;
    opened[direction] = true;
  } else {
    const known = tags[other];
    if (!opened[other] && known !== 0 && known !== initiate) return false;
    // Both sides called: only the answer to the call that counts may come.
    if (opened[direction] && opened[other] && known !== initiate) return false;
  }
  tags[other] = initiate;
  return true;
}

/** The first field of an INIT or INIT ACK; undefined when not all its 16 bytes are there (struct sctp_inithdr). */
function initiateTag({ bytes, end }: Sctp, { offset }: SctpChunk): number | undefined {
  return offset + 20 <= end ? u32(bytes, offset + 4) : undefined;
}
