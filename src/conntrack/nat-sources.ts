import { STATUS, zoneId, type Connection } from "./connection.ts";
import type { Tracking } from "./tracking.ts";
import { invertTuple, type Tuple } from "./tuple.ts";

/** A connection in the index; `alive` until it leaves the table. */
interface Entry {
  readonly connection: Connection;
  alive: boolean;
}

/** The connections of one source, oldest first, and how many of them are dead. */
interface Bucket {
  entries: Entry[];
  dead: number;
}

/** Connections looked at for one source. The kernel has no limit; a million connections of one source would stall us. */
const SEARCH_LIMIT = 4096;

/** Connections remembered before they are confirmed: those whose packets were dropped must not pile up. */
const PENDING_LIMIT = 64;

/** Connections by their original source, so that a source keeps its mapping for all destinations (nf_nat_core.c, nf_nat_bysource). */
export class NatSources {
  readonly #buckets = new Map<string, Bucket>();
  readonly #entries = new Map<Connection, Entry>();
  #pending: Connection[] = [];

  /** Remembers a connection whose source mapping is settled; it counts once it is confirmed. */
  add(connection: Connection): void {
    this.#settle();
    this.#pending.push(connection);
    if (this.#pending.length > PENDING_LIMIT) this.#pending.shift();
  }

  /** Forgets a connection that left the table. */
  remove(connection: Connection): void {
    const entry = this.#entries.get(connection);
    if (entry === undefined) return;
    this.#entries.delete(connection);
    entry.alive = false;
    const key = sourceKey(connection.tuples[0], zoneId(connection.zone, 0));
    const bucket = this.#buckets.get(key);
    if (bucket === undefined) return;
    bucket.dead++;
    if (bucket.dead * 2 < bucket.entries.length) return;
    bucket.entries = bucket.entries.filter(({ alive }) => alive);
    bucket.dead = 0;
    if (bucket.entries.length === 0) this.#buckets.delete(key);
  }

  /**
   * What the tuple would become with the mapping that its source already has, the newest that suits: the translated source of
   * that connection and the tuple's own destination (nf_nat_core.c, find_appropriate_src).
   */
  find(tuple: Tuple, connection: Connection, suits: (mapped: Tuple) => boolean): Tuple | undefined {
    this.#settle();
    const entries = this.#buckets.get(sourceKey(tuple, zoneId(connection.zone, 0)))?.entries ?? [];
    const stop = Math.max(0, entries.length - SEARCH_LIMIT);
    for (let at = entries.length - 1; at >= stop; at--) {
      const entry = entries[at] as Entry;
      const outgoing = entry.alive ? invertTuple(entry.connection.tuples[1]) : undefined;
      if (outgoing === undefined) continue;
      const mapped: Tuple = { ...tuple, source: outgoing.source, sourcePort: outgoing.sourcePort };
      if (suits(mapped)) return mapped;
    }
    return undefined;
  }

  #settle(): void {
    if (this.#pending.length === 0) return;
    const pending = this.#pending;
    this.#pending = [];
    for (const connection of pending) {
      if (connection.status & STATUS.DYING) continue;
      if (connection.status & STATUS.CONFIRMED) this.#insert(connection);
      else this.#pending.push(connection);
    }
  }

  #insert(connection: Connection): void {
    const entry: Entry = { connection, alive: true };
    this.#entries.set(connection, entry);
    const key = sourceKey(connection.tuples[0], zoneId(connection.zone, 0));
    const bucket = this.#buckets.get(key);
    if (bucket === undefined) this.#buckets.set(key, { entries: [entry], dead: 0 });
    else bucket.entries.push(entry);
  }
}

const SOURCES = new WeakMap<Tracking, NatSources>();

/** The index of a tracker's connections, kept up with the table from the first use on. */
export function natSources(tracker: Tracking): NatSources {
  let sources = SOURCES.get(tracker);
  if (sources === undefined) {
    const index = new NatSources();
    tracker.onRemove(connection => index.remove(connection));
    SOURCES.set(tracker, index);
    sources = index;
  }
  return sources;
}

function sourceKey({ family, protocol, source, sourcePort }: Tuple, zone: number): string {
  return `${family} ${protocol} ${zone} ${source} ${sourcePort}`;
}
