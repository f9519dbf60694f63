import { jhash2 } from "../../conntrack/jhash.ts";
import type { ChangeSets, Facts, Moment, SetChange, SetTest } from "../../predicate/index.ts";
import { PLAIN_INQUIRY } from "./extras.ts";
import { IpSet } from "./ip-set.ts";
import type { Directory } from "./set-body.ts";
import type { CreateRequest, Refusal } from "./request.ts";
import type { PacketCall } from "./set-body.ts";
import { features, findSetType } from "./set-type.ts";

/** A place in the kernel's array of sets: the name stays when sets are swapped. */
interface Slot {
  name: string;
  set: IpSet;
  /** Lists that have it as a member. */
  lists: number;
}

/** A set as it is listed. */
export interface NamedSet {
  readonly name: string;
  readonly set: IpSet;
  readonly references: number;
}

/** What an entry gives a packet (`--map-set`); undefined where the rule does not ask for it. */
export interface MappedGift {
  /** The mark becomes `(mark & ~mask) ^ value`. */
  readonly mark?: { readonly value: number; readonly mask: number } | undefined;
  readonly priority?: number | undefined;
  readonly queue?: number | undefined;
}

/** Kernel: IPSET_INVALID_ID. */
const SETS_MAX = 65535;
/** The longest timeout in seconds that the kernel's timers take. Kernel: IPSET_MAX_TIMEOUT. */
const TIMEOUT_MAX = 2147483;

/**
 * The ipsets of a machine by name, in the kernel's order: a new set takes the first free place. Changes happen in place; `copy` gives sets
 * that change apart. Kernel: ip_set_core.c.
 */
export class Sets implements Directory {
  private readonly slots: (Slot | undefined)[] = [];
  private readonly byName = new Map<string, number>();
  /** Places that have become free, the first one last. */
  private readonly free: number[] = [];
  private readonly ruleReferences: (name: string) => number;

  /** `ruleReferences` counts the rules that use a set: it can then be neither renamed nor destroyed. */
  constructor(ruleReferences: (name: string) => number = () => 0) {
    this.ruleReferences = ruleReferences;
  }

  get(name: string): IpSet | undefined {
    return this.slot(name)?.set;
  }

  has(name: string): boolean {
    return this.byName.has(name);
  }

  refer(name: string, by: 1 | -1): void {
    const slot = this.slot(name);
    if (slot) slot.lists += by;
  }

  /** Lets members of lists go whose time is over at `now` (µs). */
  expire(now: number): void {
    for (const slot of this.slots) slot?.set.expire(now);
  }

  /** Every set; lists come last, as the kernel dumps them. */
  *list(): Generator<NamedSet> {
    for (const last of [false, true])
      for (const slot of this.slots)
        if (slot && (slot.set.type.method === "list") === last) yield { name: slot.name, set: slot.set, references: this.references(slot) };
  }

  /** One set. */
  named(name: string): NamedSet | undefined {
    const slot = this.slot(name);
    return slot && { name, set: slot.set, references: this.references(slot) };
  }

  /** Kernel: ip_set_create. Without an `initval` the hash starts from the name, so that the same commands give the same listing. */
  create(name: string, typeName: string, request: CreateRequest, exist: boolean): Refusal | undefined {
    const type = findSetType(typeName);
    if (!type) return "unknown type";
    const set = IpSet.create(type, request, jhash2(codes(name), 0), this);
    if (typeof set === "string") return set;
    const old = this.get(name);
    if (old) return exist && old.madeLike(set) ? undefined : "set exists";
    if (this.byName.size >= SETS_MAX) return "too many sets";
    const place = this.free.pop() ?? this.slots.length;
    this.slots[place] = { name, set, lists: 0 };
    this.byName.set(name, place);
    return undefined;
  }

  /** One set, or all of them if none is in use; with `exist` a set that is not there is no fault. Kernel: ip_set_destroy. */
  destroy(name?: string, exist = false): Refusal | undefined {
    if (name === undefined) {
      for (const slot of this.slots) if (slot && this.references(slot) > 0) return "busy";
      this.slots.length = 0;
      this.byName.clear();
      this.free.length = 0;
      return undefined;
    }
    const place = this.byName.get(name);
    const slot = place === undefined ? undefined : this.slots[place];
    if (place === undefined || !slot) return exist ? undefined : "no set";
    if (this.references(slot) > 0) return "busy";
    slot.set.clear();
    this.slots[place] = undefined;
    this.byName.delete(name);
    this.release(place);
    return undefined;
  }

  /** Empties one set, or all. */
  flush(name?: string): Refusal | undefined {
    if (name !== undefined) {
      const set = this.get(name);
      set?.clear();
      return set ? undefined : "no set";
    }
    for (const slot of this.slots) slot?.set.clear();
    return undefined;
  }

  /** Kernel: ip_set_rename. */
  rename(from: string, to: string): Refusal | undefined {
    const place = this.byName.get(from);
    const slot = this.slot(from);
    if (place === undefined || !slot) return "no set";
    if (this.references(slot) > 0) return "referenced";
    if (this.byName.has(to)) return "set exists";
    slot.name = to;
    this.byName.delete(from);
    this.byName.set(to, place);
    return undefined;
  }

  /** The sets exchange their names, or as here their contents; who refers to a name then finds the other set. Kernel: ip_set_swap. */
  swap(from: string, to: string): Refusal | undefined {
    const [one, two] = [this.slot(from), this.slot(to)];
    if (!one) return "no set";
    if (!two) return "second set";
    if (features(one.set.type) !== features(two.set.type) || one.set.family !== two.set.family) return "type mismatch";
    [one.set, two.set] = [two.set, one.set];
    return undefined;
  }

  /** Is the packet in the set? False for a set that does not exist. Kernel: xt_set.c, set_match_v4. */
  member(test: SetTest, facts: Facts, moment: Moment): boolean {
    const length = test.updateCounters ? packetLength(facts) : undefined;
    return (
      this.get(test.set)?.lookup({
        facts,
        ends: test.dimensions,
        now: moment.now,
        inquiry: { length, packets: test.packets, bytes: test.bytes },
        returnNomatch: test.returnNomatch,
        subcounters: test.updateSubcounters,
      }) === true
    );
  }

  /** Adds the packet to sets, takes it out, and finds what an entry gives it, in this order. Kernel: xt_set.c, set_target_v3. */
  change({ add, remove, map }: ChangeSets, facts: Facts, moment: Moment): MappedGift {
    const length = packetLength(facts);
    const call = ({ dimensions }: SetChange): PacketCall => ({
      facts,
      ends: dimensions,
      now: moment.now,
      inquiry: { ...PLAIN_INQUIRY, length },
      returnNomatch: false,
      subcounters: true,
    });
    if (add) {
      const timeout = add.timeout === undefined ? {} : { timeout: Math.min(add.timeout, TIMEOUT_MAX) };
      this.get(add.set)?.addPacket(call(add), { packets: 1n, bytes: BigInt(length), ...timeout }, add.renew);
    }
    if (remove) this.get(remove.set)?.deletePacket(call(remove));
    if (!map) return {};
    const asked = call(map);
    if (this.get(map.set)?.lookup(asked) !== true) return {};
    const { mark, mask, priority, queue } = asked.gift ?? { mark: 0, mask: 0, priority: 0, queue: 0 };
    return {
      mark: map.mark ? { value: mark, mask } : undefined,
      priority: map.priority ? priority : undefined,
      queue: map.queue ? queue : undefined,
    };
  }

  /** The same sets, to be changed apart: what a running firewall works on. */
  copy(): Sets {
    const twin = new Sets(this.ruleReferences);
    twin.free.push(...this.free);
    for (const [place, slot] of this.slots.entries()) {
      twin.slots[place] = undefined;
      if (!slot) continue;
      twin.slots[place] = { name: slot.name, set: slot.set.copy(twin), lists: slot.lists };
      twin.byName.set(slot.name, place);
    }
    return twin;
  }

  private release(place: number): void {
    let [low, high] = [0, this.free.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.free[middle] ?? 0) > place) low = middle + 1;
      else high = middle;
    }
    this.free.splice(low, 0, place);
  }

  private slot(name: string): Slot | undefined {
    const place = this.byName.get(name);
    return place === undefined ? undefined : this.slots[place];
  }

  private references({ name, lists }: Slot): number {
    return lists + this.ruleReferences(name);
  }
}

function packetLength(facts: Facts): number {
  const length = facts.value("length");
  return typeof length === "number" ? length : facts.end;
}

function codes(text: string): readonly number[] {
  return Array.from(text, char => char.codePointAt(0) ?? 0);
}
