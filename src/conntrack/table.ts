import { STATUS, zoneId, type Connection, type Zone } from "./connection.ts";
import type { Direction } from "./direction.ts";
import { SCTP_STATE_NAMES } from "./sctp-state.ts";
import { TCP_STATE } from "./tcp-state.ts";
import { tupleKey, type Tuple } from "./tuple.ts";

/** A connection and the direction whose tuple was found. */
export interface Found {
  readonly connection: Connection;
  readonly direction: Direction;
}

/**
 * The confirmed connections, found by either tuple. Expired ones are removed when they are met and by a sweep whose cost is
 * spread over the insertions, so that no step scans the table for each packet.
 */
export class ConnectionTable {
  readonly #found = new Map<string, Connection>();
  readonly #all = new Set<Connection>();
  readonly #onRemove: ((connection: Connection) => void)[] = [];
  #sweepAt = FIRST_SWEEP;
  /** Where early drop looks next. */
  #cursor: IterableIterator<Connection> = this.#all.values();

  get size(): number {
    return this.#all.size;
  }

  /** The live connection that has this tuple in either direction. */
  find(tuple: Tuple, zone: Zone, now: number): Found | undefined {
    const reply = this.#look(tuple, zoneId(zone, 1), 1, now);
    const original = this.#look(tuple, zoneId(zone, 0), 0, now);
    // The kernel hangs the later connection up in front, and of one connection the reply tuple, which shows when both are the same.
    if (reply && original) return original.connection.id > reply.connection.id ? original : reply;
    return reply ?? original;
  }

  /**
   * Is the tuple in use by another connection than `except`? The kernel looks where replies of the zone hang, so that a zone with a reply
   * id of its own meets no original direction there (nf_conntrack_tuple_taken).
   */
  taken(tuple: Tuple, zone: Zone, except: Connection, now: number): boolean {
    const reply = this.#look(tuple, zoneId(zone, 1), 1, now);
    if (reply && reply.connection !== except) return true;
    if (zoneId(zone, 0) !== zoneId(zone, 1)) return false;
    const original = this.#look(tuple, zoneId(zone, 0), 0, now);
    return original !== undefined && original.connection !== except;
  }

  /** False, and nothing inserted, when one of its tuples is in use. */
  insert(connection: Connection, now: number): boolean {
    if (this.#all.size >= this.#sweepAt) {
      this.sweep(now);
      this.#sweepAt = Math.max(FIRST_SWEEP, this.#all.size * 2);
    }
    const { tuples, zone } = connection;
    for (const direction of [0, 1] as const) if (this.#clashes(tuples[direction], zone, direction, now)) return false;
    for (const direction of [0, 1] as const) this.#found.set(tupleKey(tuples[direction], zoneId(zone, direction), direction), connection);
    this.#all.add(connection);
    return true;
  }

  remove(connection: Connection): void {
    if (!this.#all.delete(connection)) return;
    const { tuples, zone } = connection;
    for (const direction of [0, 1] as const) this.#found.delete(tupleKey(tuples[direction], zoneId(zone, direction), direction));
    connection.status |= STATUS.DYING;
    for (const tell of this.#onRemove) tell(connection);
  }

  /** Calls back for each connection that leaves the table. */
  onRemove(tell: (connection: Connection) => void): void {
    this.#onRemove.push(tell);
  }

  /** Removes what has expired. */
  sweep(now: number): void {
    for (const connection of this.#all) if (connection.deadline <= now) this.remove(connection);
  }

  /**
   * Makes room by removing connections that have expired, or one that is not assured; false when none of the few that are looked at may go. Each
   * call goes on where the last one stopped. The kernel looks in eight buckets of a hash with a random seed, so which one it takes cannot be known
   * (nf_conntrack_core.c, early_drop).
   */
  dropEarly(now: number): boolean {
    for (let looked = 0; looked < MOST_LOOKED_AT; looked++) {
      let next = this.#cursor.next();
      if (next.done) {
        this.#cursor = this.#all.values();
        next = this.#cursor.next();
        if (next.done) return false;
      }
      const connection = next.value;
      if (connection.deadline > now && connection.status & STATUS.ASSURED && !isClosing(connection)) continue;
      this.remove(connection);
      return true;
    }
    return false;
  }

  /** Live connections, oldest first. */
  live(now: number): readonly Connection[] {
    return [...this.#all].filter(({ deadline }) => deadline > now);
  }

  clear(): void {
    for (const connection of this.#all) this.remove(connection);
  }

  /** Is a new connection's tuple in use, in the buckets that its direction's zone leads to (nf_conntrack_core.c, __nf_conntrack_confirm)? */
  #clashes(tuple: Tuple, zone: Zone, direction: Direction, now: number): boolean {
    const id = zoneId(zone, direction);
    return ([0, 1] as const).some(each => zoneId(zone, each) === id && this.#look(tuple, id, each, now) !== undefined);
  }

  #look(tuple: Tuple, zone: number, direction: Direction, now: number): Found | undefined {
    const connection = this.#found.get(tupleKey(tuple, zone, direction));
    if (connection === undefined) return undefined;
    if (connection.deadline <= now) {
      this.remove(connection);
      return undefined;
    }
    return { connection, direction };
  }
}

/** Connections that one early drop looks at: about what hangs in eight buckets. */
const MOST_LOOKED_AT = 16;

/** Connections in the table before the first sweep. */
const FIRST_SWEEP = 1024;

/** On their way out, so that they may go early (tcp_can_early_drop, sctp_can_early_drop). */
const isClosing = ({ tcp, sctp }: Connection): boolean =>
  (tcp !== undefined && tcp.state >= TCP_STATE.FIN_WAIT && tcp.state <= TCP_STATE.CLOSE) ||
  (sctp !== undefined && (SCTP_STATE_NAMES[sctp.state] ?? "").startsWith("SHUTDOWN"));
