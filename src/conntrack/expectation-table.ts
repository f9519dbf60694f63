import { STATUS, type Connection, type Zone } from "./connection.ts";
import { agree, bothMasks, EXPECT_FLAG, type Expectation } from "./expectation.ts";
import type { Tuple } from "./tuple.ts";

/** What became of an expectation that was to be entered: why it was not (the kernel's EALREADY, EBUSY, EMFILE, ESHUTDOWN). */
export type Entry = "entered" | "already" | "busy" | "full" | "no helper";

/** How many connections of a class a helper may foresee for one master at a time, and for how long (struct nf_conntrack_expect_policy). */
export interface ExpectationPolicy {
  readonly name: string;
  /** 0 is no limit. */
  readonly most: number;
  readonly seconds: number;
}

/** What is kept for a connection that a helper watches. */
interface Master {
  /** By class. */
  readonly policies: readonly ExpectationPolicy[];
  /** Oldest first. */
  readonly expectations: Set<Expectation>;
}

/** The connections that helpers foresee, found by their destination, and by their master (nf_conntrack_expect.c). */
export class ExpectationTable {
  readonly #most: number;
  /** By destination, newest last. */
  readonly #buckets = new Map<string, Expectation[]>();
  readonly #all = new Set<Expectation>();
  readonly #masters = new WeakMap<Connection, Master>();
  readonly #onEnter: ((expectation: Expectation) => void)[] = [];

  /** `most` is the kernel's nf_conntrack_expect_max. */
  constructor(most: number) {
    this.#most = most;
  }

  /** From now on a helper may foresee connections for this one, as many as the policies of its classes allow. */
  admit(master: Connection, policies: readonly ExpectationPolicy[]): void {
    this.#masters.set(master, { policies, expectations: new Set() });
  }

  /** What is foreseen for a connection, oldest first; some of it may have expired. */
  of(master: Connection): readonly Expectation[] {
    return [...(this.#masters.get(master)?.expectations ?? [])];
  }

  /** Those that wait at `now`, oldest first. */
  list(now: number): readonly Expectation[] {
    return [...this.#all].filter(expectation => lives(expectation, now));
  }

  /** Calls back for each expectation that is entered. */
  onEnter(tell: (expectation: Expectation) => void): void {
    this.#onEnter.push(tell);
  }

  /**
   * Enters an expectation: an equal one of the same master is replaced, the oldest of its class gives way when there are too
   * many (nf_ct_expect_related_report). `anyMaster`: another master's equal one counts as done (NF_CT_EXP_F_SKIP_MASTER).
   */
  enter(expectation: Expectation, now: number, anyMaster = false): Entry {
    const { master, tuple } = expectation;
    const kept = this.#masters.get(master);
    if (kept === undefined) return "no helper";
    for (const other of this.#candidates(tuple, now)) {
      if (other.master.zone.id !== master.zone.id) continue;
      if ((anyMaster || other.master === master) && isEqual(other, expectation)) {
        if (other.class !== expectation.class || other.master !== master) return "already";
        this.remove(other);
        break;
      }
      if (agree(other.tuple, tuple, bothMasks(other.mask, expectation.mask))) return "busy";
    }
    const policy = kept.policies[expectation.class];
    if (policy === undefined) return "full";
    const siblings = [...kept.expectations].filter(other => other.class === expectation.class && this.#waits(other, now));
    if (policy.most > 0 && siblings.length >= policy.most) this.remove(siblings[0] as Expectation);
    if (this.#all.size >= this.#most) this.#sweep(now);
    if (this.#all.size >= this.#most) return "full";
    expectation.deadline = now + policy.seconds * 1e6;
    const key = keyOf(tuple);
    const bucket = this.#buckets.get(key);
    if (bucket === undefined) this.#buckets.set(key, [expectation]);
    else bucket.push(expectation);
    this.#all.add(expectation);
    kept.expectations.add(expectation);
    for (const tell of this.#onEnter) tell(expectation);
    return "entered";
  }

  /** The newest that a packet of this tuple fulfils, asleep or not (__nf_ct_expect_find). */
  find(tuple: Tuple, zone: Zone, now: number): Expectation | undefined {
    return this.#candidates(tuple, now).find(({ tuple: wanted, mask, master }) => agree(tuple, wanted, mask) && master.zone.id === zone.id);
  }

  /** The one that a connection's first packet fulfils, which is then used up unless it is permanent (nf_ct_find_expectation). */
  take(tuple: Tuple, zone: Zone, now: number): Expectation | undefined {
    if (this.#all.size === 0) return undefined;
    const found = this.#candidates(tuple, now).find(
      ({ tuple: wanted, mask, master, flags }) =>
        (flags & EXPECT_FLAG.INACTIVE) === 0 && agree(tuple, wanted, mask) && master.zone.id === zone.id,
    );
    if (found === undefined || !(found.master.status & STATUS.CONFIRMED) || found.master.status & STATUS.DYING) return undefined;
    if (!(found.flags & EXPECT_FLAG.PERMANENT)) this.remove(found);
    return found;
  }

  /** Takes one out; false when it was not there (nf_ct_unexpect_related). */
  remove(expectation: Expectation): boolean {
    if (!this.#all.delete(expectation)) return false;
    this.#masters.get(expectation.master)?.expectations.delete(expectation);
    const key = keyOf(expectation.tuple);
    const left = this.#buckets.get(key)?.filter(other => other !== expectation) ?? [];
    if (left.length === 0) this.#buckets.delete(key);
    else this.#buckets.set(key, left);
    return true;
  }

  /** Takes out all that a connection led to (nf_ct_remove_expectations). */
  removeOf(master: Connection): void {
    for (const expectation of this.of(master)) this.remove(expectation);
  }

  /** What has this destination, newest first, without what has expired. */
  #candidates(tuple: Tuple, now: number): Expectation[] {
    if (this.#all.size === 0) return [];
    const bucket = this.#buckets.get(keyOf(tuple));
    return bucket === undefined ? [] : bucket.filter(expectation => this.#waits(expectation, now)).toReversed();
  }

  #waits(expectation: Expectation, now: number): boolean {
    if (lives(expectation, now)) return true;
    this.remove(expectation);
    return false;
  }

  #sweep(now: number): void {
    for (const expectation of this.#all) this.#waits(expectation, now);
  }
}

/**
 * Neither it nor its master has expired. The kernel forgets it with the master too, but only when the collector of expired connections comes by,
 * within a minute.
 */
function lives({ deadline, master }: Expectation, now: number): boolean {
  return deadline > now && (!(master.status & STATUS.CONFIRMED) || master.deadline > now);
}

/** Kernel: expect_matches. */
function isEqual(a: Expectation, b: Expectation): boolean {
  return (
    a.mask.source === b.mask.source &&
    a.mask.sourcePort === b.mask.sourcePort &&
    a.tuple.source === b.tuple.source &&
    a.tuple.sourcePort === b.tuple.sourcePort &&
    agree(a.tuple, b.tuple, a.mask)
  );
}

/** Kernel: nf_ct_expect_dst_hash. */
function keyOf({ family, protocol, destination, destinationPort }: Tuple): string {
  return `${family} ${protocol} ${destination} ${destinationPort}`;
}
