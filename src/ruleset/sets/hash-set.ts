import type { Gifts, EntryRequest, Refusal } from "./request.ts";
import { network } from "./address-range.ts";
import type { Element } from "./element.ts";
import { giftsRefusal, matchExtras, PLAIN_INQUIRY, type Inquiry } from "./extras.ts";
import { coversEverything, hashElements } from "./hash-elements.ts";
import type { Entry } from "./hash-entry.ts";
import { HashTable } from "./hash-table.ts";
import { commentSize, elementSize, layoutOf } from "./layout.ts";
import { hostLengths, packetElement } from "./packet-element.ts";
import { regionsOf } from "./regions.ts";
import type { Listed, Lookup, PacketCall, SetBody } from "./set-body.ts";
import type { HashOptions } from "./set-options.ts";
import type { SetType } from "./set-type.ts";

/** Bytes of a region's lock. Kernel: struct ip_set_region. */
const LOCK_BYTES = 24;

/** A set of one of the hash types. Kernel: ip_set_hash_gen.h. */
export class HashSet implements SetBody {
  readonly type: SetType;
  readonly options: HashOptions;
  private readonly table: HashTable;

  constructor(type: SetType, options: HashOptions, table?: HashTable) {
    this.type = type;
    this.options = options;
    const { maxelem, initval, forceadd, bits, bucketsize } = options;
    const addresses = type.parts.filter(part => part === "ip" || part === "net");
    const prefixes = addresses.flatMap((part, side) => (part === "net" ? [side === 0 ? (0 as const) : (1 as const)] : []));
    const layout = layoutOf(type, options.family);
    const slotBytes = elementSize(layout.size, layout.align, options);
    const shape = { layout, extensions: options, slotBytes, maxelem, initval, forceadd, prefixes };
    this.table = table ?? new HashTable({ ...shape, multi: type.parts.includes("iface") }, bits, bucketsize);
  }

  /** Buckets in the table as it is now. */
  get hashsize(): number {
    return 2 ** this.table.bits;
  }

  /** Entries in a bucket at most; grows when many interfaces share a network. */
  get bucketsize(): number {
    return this.table.bucketsize;
  }

  add(request: EntryRequest, exist: boolean, now: number): Refusal | undefined {
    return this.each(request, element => this.insert(element, request.nomatch === true, request, exist, now));
  }

  delete(request: EntryRequest, exist: boolean, now: number): Refusal | undefined {
    const elements = this.read(request, false);
    if (
      exist &&
      typeof elements !== "string" &&
      elements.many &&
      elements.count > this.table.size &&
      !coversEverything(this.type, request)
    ) {
      const there = [...this.table.all()];
      for (const { element } of there) if (elements.has(element)) this.table.delete(element, now);
      return undefined;
    }
    return this.each(request, element => (this.table.delete(element, now) || exist ? undefined : "exists"));
  }

  test(request: EntryRequest, now: number): boolean | Refusal {
    const elements = this.read(request, true);
    if (typeof elements === "string") return elements;
    const found = this.search(elements.first, PLAIN_INQUIRY, now);
    return request.nomatch === true && this.table.shape.prefixes.length > 0 ? found.lookup === "nomatch" : found.lookup === "match";
  }

  lookup(call: PacketCall): Lookup {
    const element = packetElement(this.type, this.options, call.facts, call.ends, hostLengths(this.options));
    if (!element) return "none";
    const { lookup, entry } = this.search(element, call.inquiry, call.now);
    if (entry && this.options.skbinfo) call.gift = entry.extras.skb;
    return lookup;
  }

  addPacket(call: PacketCall, gifts: Gifts, renew: boolean): boolean {
    const element = packetElement(this.type, this.options, call.facts, call.ends, this.longest());
    // The table does not grow for a packet: where its bucket is full, the packet is not added.
    return element !== undefined && this.table.add(element, false, gifts, renew, call.now) === "added";
  }

  deletePacket(call: PacketCall): boolean {
    const element = packetElement(this.type, this.options, call.facts, call.ends, this.longest());
    return element !== undefined && this.table.delete(element, call.now);
  }

  clear(): void {
    this.table.clear();
  }

  *entries(now: number): Generator<Listed> {
    yield* this.table.live(now);
  }

  count(now: number): number {
    let count = 0;
    for (const _ of this.table.live(now)) count++;
    return count;
  }

  memory(): number {
    let comments = 0;
    if (this.options.comment) for (const { extras } of this.table.all()) comments += commentSize(extras.comment);
    return this.table.shape.layout.empty + regionsOf(this.table.bits) * LOCK_BYTES + this.table.bytes + comments;
  }

  copy(): HashSet {
    return new HashSet(this.type, this.options, this.table.copy());
  }

  private read(request: EntryRequest, testing: boolean): ReturnType<typeof hashElements> {
    return giftsRefusal(request, this.options) ?? hashElements(this.type, this.options, request, testing);
  }

  /** Does something to each element of a request, until one is refused. What was done stays done. */
  private each(request: EntryRequest, act: (element: Element) => Refusal | undefined): Refusal | undefined {
    const elements = this.read(request, false);
    if (typeof elements === "string") return elements;
    if (!elements.many) return act(elements.first);
    if (coversEverything(this.type, request)) return "whole range";
    for (const element of elements.all()) {
      const refusal = act(element);
      if (refusal) return refusal;
    }
    return undefined;
  }

  private insert(element: Element, nomatch: boolean, gifts: Gifts, exist: boolean, now: number): Refusal | undefined {
    for (;;) {
      switch (this.table.add(element, nomatch, gifts, exist, now)) {
        case "added":
          return undefined;
        case "exists":
          return exist ? undefined : "exists";
        case "full":
          return "hash full";
        case "again":
          if (!this.table.grow(now)) return "hash full";
      }
    }
  }

  /** Single hosts are looked for under every prefix length that occurs, the longest first; networks as they are. Kernel: mtype_test, mtype_test_cidrs. */
  private search(element: Element, inquiry: Inquiry, now: number): { readonly lookup: Lookup; readonly entry?: Entry } {
    const [host] = hostLengths(this.options);
    const { prefixes } = this.table.shape;
    const hosts = prefixes.length > 0 && prefixes.every(side => (side === 0 ? element.cidr : element.cidr2) === host);
    if (!hosts) return this.among(element, inquiry, now) ?? NOTHING;
    const ones = prefixes.includes(0) ? this.table.prefixes.lengths(0) : [undefined];
    const twos = prefixes.includes(1) ? this.table.prefixes.lengths(1) : [undefined];
    for (const one of ones) {
      for (const two of twos) {
        const found = this.among(atLengths(element, one, two), inquiry, now);
        if (found) return found;
        if (this.table.stopped) return NOTHING;
      }
    }
    return NOTHING;
  }

  private among(element: Element, inquiry: Inquiry, now: number): { readonly lookup: Lookup; readonly entry: Entry } | undefined {
    const entry = this.table.find(element, ({ extras }) => matchExtras(extras, this.options, inquiry, now));
    return entry && { lookup: entry.nomatch ? "nomatch" : "match", entry };
  }

  /** The longest prefix lengths that occur: with these packets are added. Kernel: INIT_CIDR. */
  private longest(): readonly [number, number] {
    const [one, two] = hostLengths(this.options);
    return [this.table.prefixes.lengths(0)[0] ?? one, this.table.prefixes.lengths(1)[0] ?? two];
  }
}

const NOTHING: { readonly lookup: Lookup } = { lookup: "none" };

function atLengths(element: Element, one: number | undefined, two: number | undefined): Element {
  const { ip, ip2 } = element;
  const shortened: { -readonly [K in keyof Element]: Element[K] } = { ...element };
  if (one !== undefined && ip !== undefined) {
    shortened.ip = network(ip, one);
    shortened.cidr = one;
  }
  if (two !== undefined && ip2 !== undefined) {
    shortened.ip2 = network(ip2, two);
    shortened.cidr2 = two;
  }
  return shortened;
}

/** Were two hashes of a type made alike? The sizes of their tables do not count, nor their families where the type has no masks. Kernel: mtype_same_set. */
export function sameHash({ netmask }: SetType, a: HashOptions, b: HashOptions): boolean {
  return (
    a.maxelem === b.maxelem &&
    a.timeout === b.timeout &&
    (!netmask || a.mask === b.mask) &&
    a.markmask === b.markmask &&
    a.counters === b.counters &&
    a.comment === b.comment &&
    a.skbinfo === b.skbinfo
  );
}
