import { PROTOCOL } from "../packet/index.ts";
import { STATUS, type Connection } from "./connection.ts";
import type { Manip } from "./manip.ts";
import { chooseAddress, portInRange, sourceInRange, type NatRange } from "./nat-range.ts";
import { natSources } from "./nat-sources.ts";
import { TCP_STATE } from "./tcp-state.ts";
import type { Tracking } from "./tracking.ts";
import { invertTuple, type Tuple } from "./tuple.ts";

/** Ports tried in a row before another random one is taken. */
const NF_NAT_MAX_ATTEMPTS = 128;

/** With so few attempts left, a connection in TIME_WAIT gives its port up. */
const NF_NAT_HARDER_THRESH = NF_NAT_MAX_ATTEMPTS / 4;

/** A search with fewer attempts than this is the last. */
const NF_NAT_LEAST_ATTEMPTS = 16;

/** A connection to map, and what the mapping must know. `now` in µs. */
export interface Mapping {
  readonly tracker: Tracking;
  readonly connection: Connection;
  readonly range: NatRange;
  readonly now: number;
}

/**
 * The tuple that the connection's packets shall have on their way out, given the one that they have now: in the range and, if it
 * can be had, such that no other connection gets the same answers (nf_nat_core.c, get_unique_tuple).
 */
export function uniqueTuple(original: Tuple, mapping: Mapping): Tuple {
  const { range, connection, tracker } = mapping;
  const fixed = range.random !== true && range.randomFully !== true;
  if (range.manip === "source" && fixed) {
    if (sourceInRange(original, range)) {
      if (!isUsedAtFirst(original, mapping)) return original;
    } else {
      const mapped = natSources(tracker).find(original, connection, candidate => sourceInRange(candidate, range));
      if (mapped !== undefined && !isUsed(mapped, mapping)) return mapped;
    }
  }
  const addressed = chooseAddress(original, range, connection);
  const { ports } = range;
  if (fixed && ports === undefined && !isUsed(addressed, mapping)) return addressed;
  if (fixed && ports !== undefined && range.portBase === undefined && portInRange(addressed, ports, range.manip)) {
    // A single port is what was asked for, taken or not: the clash shows when the connection is confirmed.
    if (ports[0] === ports[1] || !isUsed(addressed, mapping)) return addressed;
  }
  return choosePort(addressed, mapping);
}

/** Which part of the tuple can be chosen, from which number on, and how many there are. */
interface Choice {
  readonly key: "sourcePort" | "destinationPort";
  readonly least: number;
  readonly size: number;
}

/**
 * A free port or id from the range's, or else from the class of the one there is; protocols without one keep their tuple. The low
 * 16 bits of a random number, modulo the size of the range, say where to begin (nf_nat_core.c, nf_nat_l4proto_unique_tuple).
 */
function choosePort(tuple: Tuple, mapping: Mapping): Tuple {
  const { range, tracker } = mapping;
  const choice = choiceOf(tuple, mapping);
  if (choice === undefined) return tuple;
  const { key, least, size } = choice;
  const random = (): number => tracker.random() & 0xffff;
  let offset = 0;
  if (range.portBase !== undefined) offset = (tuple[key] - range.portBase) & 0xffff;
  else if (range.random === true || range.randomFully === true || range.manip === "source") offset = random();
  for (let attempts = Math.min(size, NF_NAT_MAX_ATTEMPTS); ; attempts = Math.floor(attempts / 2), offset = random()) {
    let tried = tuple;
    for (let attempt = 0; attempt < attempts; attempt++) {
      tried = { ...tuple, [key]: (least + (((offset + attempt) & 0xffff) % size)) & 0xffff };
      if (!isUsedUntilForced(tried, mapping, attempts - attempt)) return tried;
    }
    // Nothing free: the last one tried stands, and the packet will be dropped when it clashes.
    if (attempts >= size || attempts < NF_NAT_LEAST_ATTEMPTS) return tried;
  }
}

function choiceOf({ protocol, sourcePort, destinationPort }: Tuple, { range, connection }: Mapping): Choice | undefined {
  const { ports, manip } = range;
  const key = manip === "source" ? "sourcePort" : "destinationPort";
  switch (protocol) {
    case PROTOCOL.ICMP:
    case PROTOCOL.ICMPV6:
      return choice("sourcePort", ports ?? [0, 65535]);
    case PROTOCOL.GRE:
      // Without a master it is no PPTP.
      return connection.master === undefined ? undefined : choice(key, ports ?? [1, 65535]);
    case PROTOCOL.TCP:
    case PROTOCOL.UDP:
    case PROTOCOL.UDPLITE:
    case PROTOCOL.SCTP:
      if (ports !== undefined) return choice(key, ports);
      return manip === "destination" ? undefined : choice(key, portClass(key === "sourcePort" ? sourcePort : destinationPort));
    default:
      return undefined;
  }
}

function choice(key: Choice["key"], [low, high]: readonly [number, number]): Choice {
  return { key, least: Math.min(low, high), size: Math.abs(high - low) + 1 };
}

/** A privileged port stays one: services trust ports below 512, and below 1024. */
function portClass(port: number): readonly [number, number] {
  if (port < 512) return [1, 511];
  return port < 1024 ? [600, 1023] : [1024, 65535];
}

/** Does another connection get the answers that this tuple would get (nf_nat_core.c, nf_nat_used_tuple)? */
function isUsed(tuple: Tuple, { tracker, connection, now }: Mapping): boolean {
  const reply = invertTuple(tuple);
  return reply !== undefined && tracker.tupleTaken(reply, connection, now);
}

/**
 * The same for a tuple that is not translated: one that only clashes with the connection of its own answers, neither of them
 * translated, is left to be settled when it is confirmed (nf_nat_core.c, nf_nat_used_tuple_new).
 */
function isUsedAtFirst(tuple: Tuple, mapping: Mapping): boolean {
  if (!isUsed(tuple, mapping)) return false;
  const { tracker, connection, now } = mapping;
  if (!clashAllowed(tuple.protocol) || connection.status & TRANSLATED) return true;
  const reply = invertTuple(tuple);
  const found = tracker.find(tuple, now, connection.zone) ?? (reply && tracker.find(reply, now, connection.zone));
  if (found === undefined) return false;
  return (found.connection.status & TRANSLATED) !== 0 || !sameTuple(found.connection.tuples[0], connection.tuples[1]);
}

const TRANSLATED = STATUS.SRC_NAT | STATUS.DST_NAT | STATUS.SEQ_ADJUST;

/** Protocols whose clashes are settled at confirmation (struct nf_conntrack_l4proto, allow_clash): all but TCP and ICMP. */
const clashAllowed = (protocol: number): boolean => protocol !== PROTOCOL.TCP && protocol !== PROTOCOL.ICMP && protocol !== PROTOCOL.ICMPV6;

/**
 * The same with few attempts left: a translated TCP connection that is over gives way to a SYN whose sequence number is beyond
 * it (nf_nat_core.c, nf_nat_used_tuple_harder).
 */
function isUsedUntilForced(tuple: Tuple, mapping: Mapping, left: number): boolean {
  const { tracker, connection, now } = mapping;
  if (left > NF_NAT_HARDER_THRESH || tuple.protocol !== PROTOCOL.TCP || connection.tcp?.state !== TCP_STATE.SYN_SENT)
    return isUsed(tuple, mapping);
  const reply = invertTuple(tuple);
  const found = reply && tracker.find(reply, now, connection.zone);
  if (found === undefined) return false;
  const { tcp, status } = found.connection;
  if (found.direction === 0 || found.connection === connection || tcp === undefined) return true;
  if (tcp.state < TCP_STATE.TIME_WAIT || status & (STATUS.FIXED_TIMEOUT | STATUS.DYING) || !(status & STATUS.SRC_NAT)) return true;
  const ahead = (connection.tcp.seen[0].end - tcp.seen[0].end) | 0;
  if (ahead <= 0) return true;
  tracker.remove(found.connection);
  return (status & STATUS.OFFLOAD) !== 0;
}

/** Do both say the same? */
export function sameTuple(a: Tuple, b: Tuple): boolean {
  return (
    a.family === b.family &&
    a.protocol === b.protocol &&
    a.source === b.source &&
    a.destination === b.destination &&
    a.sourcePort === b.sourcePort &&
    a.destinationPort === b.destinationPort
  );
}

/** What is rewritten at a hook: the source in POSTROUTING and INPUT, the destination in PREROUTING and OUTPUT (HOOK2MANIP). */
export function manipOf(hook: "PREROUTING" | "INPUT" | "OUTPUT" | "POSTROUTING"): Manip {
  return hook === "POSTROUTING" || hook === "INPUT" ? "source" : "destination";
}
