import { IPV4_MAX } from "../../packet/index.ts";
import type { Gifts, CreateRequest, EntryRequest, Refusal } from "./request.ts";
import { spanOf } from "./address-range.ts";
import type { Element } from "./element.ts";
import {
  deadline,
  expired,
  giftsRefusal,
  matchExtras,
  noExtras,
  PLAIN_INQUIRY,
  setExtras,
  type Extensions,
  type Extras,
} from "./extras.ts";
import { commentSize, elementSize } from "./layout.ts";
import { packetMac } from "./packet-element.ts";
import { packetPort } from "./packet-port.ts";
import type { Listed, Lookup, PacketCall, SetBody } from "./set-body.ts";
import { extensionsOf } from "./set-options.ts";
import type { SetType } from "./set-type.ts";

/** What a bitmap was made with. Entry `i` stands for `low + i * step`. */
export interface BitmapOptions extends Extensions {
  readonly low: number;
  readonly high: number;
  readonly step: number;
  readonly netmask: number | undefined;
  readonly elements: number;
}

/** One set bit. A pair of address and MAC may wait for its MAC; its timeout, in seconds in `until`, then has not started. */
interface Bit {
  mac: number | undefined;
  readonly extras: Extras;
}

/** Kernel: IPSET_BITMAP_MAX_RANGE + 1. */
const ELEMENTS_MAX = 65536;

/** Bytes of an empty bitmap without its bits, by type, and of an element of ip,mac. Measured on x86-64. */
const EMPTY: Readonly<Record<string, number>> = { "bitmap:ip": 88, "bitmap:ip,mac": 80, "bitmap:port": 72 };
const PAIR_BYTES = 8;
/** A tick that is over at any time. */
const LONG_PAST = 1;

/** Fills in what a bitmap is made with. Kernel: bitmap_ip_create, bitmap_ipmac_create, bitmap_port_create. */
export function bitmapOptions(type: SetType, request: CreateRequest): BitmapOptions | Refusal {
  const extensions = extensionsOf(request);
  if (type.parts[0] === "port") {
    const [low, high] = ordered(request.portFrom ?? 0, request.portTo ?? request.portFrom ?? 0);
    return { ...extensions, low, high, step: 1, netmask: undefined, elements: high - low + 1 };
  }
  const from = request.from ?? 0;
  if (request.to === undefined && (request.cidr === undefined || request.cidr >= 32))
    return request.cidr === undefined ? "protocol" : "cidr";
  const [first, last] = request.to === undefined ? spanOf(from, request.cidr ?? 32) : ordered(from, request.to);
  const netmask = request.netmask === 32 ? undefined : request.netmask;
  if (netmask === undefined) {
    const elements = last - first + 1;
    return elements > ELEMENTS_MAX ? "bitmap size" : { ...extensions, low: first, high: last, step: 1, netmask, elements };
  }
  const [low] = spanOf(first, netmask);
  const [, high] = spanOf(last, netmask);
  const length = commonPrefix(low, high);
  if (length === undefined || netmask <= length) return "bitmap range";
  const elements = 2 ** (netmask - length);
  return elements > ELEMENTS_MAX ? "bitmap size" : { ...extensions, low, high, step: 2 ** (32 - netmask), netmask, elements };
}

/** The length of the longest prefix that starts at `low` and holds `high`; undefined where there is none. Kernel: range_to_mask. */
function commonPrefix(low: number, high: number): number | undefined {
  for (let length = 31; length > 0; length--) if (spanOf(high, length)[0] === low) return length;
  return low === 0 && high === IPV4_MAX ? 0 : undefined;
}

const ordered = (a: number, b: number): readonly [number, number] => (a <= b ? [a, b] : [b, a]);

/** A set of one of the bitmap types. Kernel: ip_set_bitmap_gen.h, ip_set_bitmap_ip.c, ip_set_bitmap_ipmac.c, ip_set_bitmap_port.c. */
export class BitmapSet implements SetBody {
  readonly type: SetType;
  readonly options: BitmapOptions;
  private readonly bits: Map<number, Bit>;
  /** Counters that deleted entries left; the kernel lets new ones begin with them. */
  private readonly left = new Map<number, Pick<Extras, "packets" | "bytes">>();
  private readonly paired: boolean;
  private readonly ported: boolean;

  constructor(type: SetType, options: BitmapOptions, bits: Map<number, Bit> = new Map()) {
    this.type = type;
    this.options = options;
    this.bits = bits;
    this.paired = type.parts.includes("mac");
    this.ported = type.parts.includes("port");
  }

  add(request: EntryRequest, exist: boolean, now: number): Refusal | undefined {
    return this.each(request, id => this.set(id, request.mac, request, exist, now));
  }

  delete(request: EntryRequest, exist: boolean, now: number): Refusal | undefined {
    return this.each(request, id => (this.unset(id, now) || exist ? undefined : "exists"));
  }

  test(request: EntryRequest, now: number): boolean | Refusal {
    const range = this.range(request, true);
    if (typeof range === "string") return range;
    return this.find(range[0], request.mac, PLAIN_INQUIRY, now) !== "none";
  }

  lookup(call: PacketCall): Lookup {
    const key = this.packetKey(call);
    if (!key) return "none";
    const found = this.find(key.id, key.mac, call.inquiry, call.now);
    if (found === "waiting") this.set(key.id, key.mac, { packets: 1n, bytes: BigInt(call.inquiry.length ?? 0) }, false, call.now);
    else if (found === "match" && this.options.skbinfo) call.gift = this.bits.get(key.id)?.extras.skb ?? noExtras().skb;
    return found === "none" ? "none" : "match";
  }

  addPacket(call: PacketCall, gifts: Gifts, renew: boolean): boolean {
    const key = this.packetKey(call);
    return key !== undefined && this.set(key.id, key.mac, gifts, renew, call.now) === undefined;
  }

  deletePacket(call: PacketCall): boolean {
    const key = this.packetKey(call);
    return key !== undefined && this.unset(key.id, call.now);
  }

  clear(): void {
    for (const [id, bit] of this.bits) this.leave(id, bit);
    this.bits.clear();
  }

  *entries(now: number): Generator<Listed> {
    const { low, step } = this.options;
    for (const id of [...this.bits.keys()].toSorted((a, b) => a - b)) {
      const bit = this.bits.get(id);
      if (!bit || this.gone(bit, now)) continue;
      const waiting = this.waits(bit);
      const element: Element = this.ported ? { port: low + id } : { ip: low + id * step, ...(bit.mac !== undefined && { mac: bit.mac }) };
      yield { element, nomatch: false, extras: bit.extras, ...(waiting && { waiting }) };
    }
  }

  count(now: number): number {
    let count = 0;
    // What was made to expire by a re-addition without MAC the kernel counts until it next looks for what has expired.
    for (const bit of this.bits.values()) if (!this.gone(bit, now) || bit.extras.until === LONG_PAST) count++;
    return count;
  }

  memory(): number {
    const { elements } = this.options;
    const each = elementSize(this.paired ? PAIR_BYTES : 0, this.paired ? PAIR_BYTES : 1, this.options);
    let comments = 0;
    for (const { extras } of this.bits.values()) comments += commentSize(extras.comment);
    return (EMPTY[this.type.name] ?? 0) + Math.ceil(elements / 64) * 8 + elements * each + comments;
  }

  copy(): BitmapSet {
    const bits = [...this.bits].map(([id, { mac, extras }]): [number, Bit] => [id, { mac, extras: { ...extras } }]);
    const twin = new BitmapSet(this.type, this.options, new Map(bits));
    for (const [id, counts] of this.left) twin.left.set(id, counts);
    return twin;
  }

  /** Does something to each bit of a request's range, until one is refused. */
  private each(request: EntryRequest, act: (id: number) => Refusal | undefined): Refusal | undefined {
    const range = this.range(request, false);
    if (typeof range === "string") return range;
    for (let id = range[0]; id <= range[1]; id++) {
      const refusal = act(id);
      if (refusal) return refusal;
    }
    return undefined;
  }

  private range(request: EntryRequest, testing: boolean): readonly [number, number] | Refusal {
    const { low, high } = this.options;
    const from = (this.ported ? request.port : (request.ip as number | undefined)) ?? 0;
    const outside = from < low || from > high;
    if (outside && this.ported) return "bitmap range";
    const refusal = giftsRefusal(request, this.options);
    if (refusal || outside) return refusal ?? "bitmap range";
    const to = this.ported ? request.portTo : (request.ipTo as number | undefined);
    if (testing || (to === undefined && request.cidr === undefined)) return [this.id(from), this.id(from)];
    if (to === undefined && request.cidr === 0) return "cidr";
    const [first, last] = to === undefined ? spanOf(from, request.cidr ?? 32) : ordered(from, to);
    if (first < low || last > high) return "bitmap range";
    // The kernel goes in whole steps from the first address, and so may stop short of the last one's network.
    return [this.id(first), this.id(first) + Math.floor((last - first) / this.options.step)];
  }

  private id(value: number): number {
    return Math.floor((value - this.options.low) / this.options.step);
  }

  private packetKey({ facts, ends }: PacketCall): { readonly id: number; readonly mac: number | undefined } | undefined {
    const end = ends[0] ?? "dst";
    const { low, high } = this.options;
    const value = this.ported ? tcpOrUdpPort(facts, end) : facts.value(end === "src" ? "saddr" : "daddr");
    if (typeof value !== "number" || value < low || value > high) return undefined;
    if (!this.paired) return { id: this.id(value), mac: undefined };
    const mac = packetMac(facts, ends[1] ?? "dst");
    return mac === undefined ? undefined : { id: this.id(value), mac };
  }

  private find(id: number, mac: number | undefined, inquiry: PacketCall["inquiry"], now: number): "match" | "none" | "waiting" {
    const bit = this.bits.get(id);
    if (!bit) return "none";
    if (this.paired) {
      // Asked without a MAC, or waiting for one: the kernel has the pair completed and answers yes.
      if (mac === undefined || bit.mac === undefined) return "waiting";
      if (bit.mac !== mac) return "none";
    }
    return matchExtras(bit.extras, this.options, inquiry, now) ? "match" : "none";
  }

  /** Kernel: mtype_add and bitmap_ipmac_do_add, bitmap_ipmac_add_timeout. */
  private set(id: number, mac: number | undefined, gifts: Gifts, exist: boolean, now: number): Refusal | undefined {
    const old = this.bits.get(id);
    const completed = this.paired && old !== undefined && old.mac === undefined && mac !== undefined;
    if (old && !completed && !exist && !this.pastDue(old, now)) return "exists";
    const bit = old ?? { mac, extras: { ...noExtras(), ...this.left.get(id) } };
    if (mac !== undefined && (completed || exist || !old)) bit.mac = mac;
    const stored = bit.extras.until;
    setExtras(bit.extras, gifts, this.options, now);
    this.bits.set(id, bit);
    const { timeout } = this.options;
    if (!this.paired || timeout === undefined) return undefined;
    const seconds = gifts.timeout ?? timeout;
    if (completed) bit.extras.until = deadline(seconds === timeout ? stored : seconds, now);
    else if (mac === undefined) bit.extras.until = bit.mac === undefined ? seconds : Math.min(seconds, LONG_PAST);
    return undefined;
  }

  /** An address that waits for its MAC is taken out too, but the kernel says that it was not there: it reads the timeout as a time long past. Kernel: mtype_del. */
  private unset(id: number, now: number): boolean {
    const bit = this.bits.get(id);
    if (!bit) return false;
    this.bits.delete(id);
    this.leave(id, bit);
    return !this.pastDue(bit, now);
  }

  private leave(id: number, { extras: { packets, bytes } }: Bit): void {
    if (this.options.counters) this.left.set(id, { packets, bytes });
  }

  /** Expired as the kernel's timer sees it, which takes the seconds of a pair that still waits for a time long past. */
  private pastDue(bit: Bit, now: number): boolean {
    return this.waits(bit) ? bit.extras.until !== 0 : this.gone(bit, now);
  }

  private waits(bit: Bit): boolean {
    return this.paired && bit.mac === undefined && this.options.timeout !== undefined;
  }

  private gone(bit: Bit, now: number): boolean {
    return this.options.timeout !== undefined && !this.waits(bit) && expired(bit.extras, now);
  }
}

function tcpOrUdpPort(facts: PacketCall["facts"], end: "src" | "dst"): number | undefined {
  const found = packetPort(facts, end);
  return found && (found.protocol === 6 || found.protocol === 17) ? found.port : undefined;
}

/** Were two bitmaps made alike? Kernel: mtype_same_set. */
export function sameBitmap(a: BitmapOptions, b: BitmapOptions): boolean {
  return (
    a.low === b.low &&
    a.high === b.high &&
    a.netmask === b.netmask &&
    a.timeout === b.timeout &&
    a.counters === b.counters &&
    a.comment === b.comment &&
    a.skbinfo === b.skbinfo
  );
}
