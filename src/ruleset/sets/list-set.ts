import type { CreateRequest, EntryRequest, Gifts, Refusal } from "./request.ts";
import { expired, giftsRefusal, matchExtras, noExtras, setExtras, type Extensions, type Extras } from "./extras.ts";
import { commentSize, elementSize } from "./layout.ts";
import type { Directory, Listed, Lookup, PacketCall, SetBody } from "./set-body.ts";
import { extensionsOf } from "./set-options.ts";

/** What a list was made with; `size` is kept and shown, and limits nothing. */
export interface ListOptions extends Extensions {
  readonly size: number;
}

interface Member {
  readonly name: string;
  readonly extras: Extras;
}

const SIZE_DEFAULT = 8;
/** Kernel: IP_SET_LIST_MIN_SIZE. */
const SIZE_MIN = 4;
/** Bytes of an empty list and of a member. Measured on x86-64. */
const EMPTY = 80;
const MEMBER_BYTES = 48;

/** Fills in what a list is made with. Kernel: list_set_create. */
export function listOptions(request: CreateRequest): ListOptions {
  return { ...extensionsOf(request), size: Math.max(request.size ?? SIZE_DEFAULT, SIZE_MIN) };
}

/** A set of sets, in order. Members are known by name: a member cannot be renamed, and a swap leaves the name where it was. Kernel: ip_set_list_set.c. */
export class ListSet implements SetBody {
  readonly options: ListOptions;
  private readonly directory: Directory;
  private members: Member[];

  constructor(options: ListOptions, directory: Directory, members: Member[] = []) {
    this.options = options;
    this.directory = directory;
    this.members = members;
  }

  add(request: EntryRequest, exist: boolean, now: number): Refusal | undefined {
    const read = this.read(request);
    if (typeof read === "string") return read;
    this.expire(now);
    const { name, reference, before } = read;
    const at = reference === undefined ? -1 : this.members.findIndex(member => member.name === reference && reference !== name);
    if (reference !== undefined && at < 0) return "reference not in list";
    const old = this.members.find(member => member.name === name);
    if (old) {
      if (!exist) return "exists";
      setExtras(old.extras, request, this.options, now);
      return undefined;
    }
    const member: Member = { name, extras: noExtras() };
    setExtras(member.extras, request, this.options, now);
    this.members.splice(reference === undefined ? this.members.length : before ? at : at + 1, 0, member);
    this.directory.refer(name, 1);
    return undefined;
  }

  delete(request: EntryRequest, exist: boolean, now: number): Refusal | undefined {
    const read = this.read(request);
    if (typeof read === "string") return read;
    this.expire(now);
    const at = this.members.findIndex(({ name }) => name === read.name);
    if (read.reference !== undefined && (at < 0 || this.neighbour(at, read.before) !== read.reference)) return "reference not in list";
    if (at < 0) return exist ? undefined : "exists";
    this.members.splice(at, 1);
    this.directory.refer(read.name, -1);
    return undefined;
  }

  test(request: EntryRequest, now: number): boolean | Refusal {
    const read = this.read(request);
    if (typeof read === "string") return read;
    const there = this.members.filter(({ extras }) => !this.gone(extras, now));
    const at = there.findIndex(({ name }) => name === read.name);
    if (at < 0) return false;
    return read.reference === undefined || there[read.before ? at + 1 : at - 1]?.name === read.reference;
  }

  /** The first member that has the packet, if the list's own entry for it agrees. Kernel: list_set_ktest. */
  lookup(call: PacketCall): Lookup {
    const { inquiry, subcounters } = call;
    const asked = { length: subcounters ? inquiry.length : undefined, packets: undefined, bytes: undefined };
    for (const { name, extras } of this.members) {
      const inner: PacketCall = { ...call, inquiry: asked };
      if (this.directory.get(name)?.lookup(inner) !== true) continue;
      if (!matchExtras(extras, this.options, inquiry, call.now)) continue;
      const gift = this.options.skbinfo ? extras.skb : inner.gift;
      if (gift) call.gift = gift;
      return "match";
    }
    return "none";
  }

  /** To the first member that takes it. Kernel: list_set_kadd. */
  addPacket(call: PacketCall, gifts: Gifts, renew: boolean): boolean {
    this.members.some(
      ({ name, extras }) => !this.gone(extras, call.now) && this.directory.get(name)?.addPacket(call, gifts, renew) === true,
    );
    return true;
  }

  /** From the first member that had it. Kernel: list_set_kdel. */
  deletePacket(call: PacketCall): boolean {
    this.members.some(({ name, extras }) => !this.gone(extras, call.now) && this.directory.get(name)?.deletePacket(call) === true);
    return true;
  }

  /** Lets members go whose time is over. Kernel: list_set_gc. */
  expire(now: number): void {
    for (const { name, extras } of this.members) if (this.gone(extras, now)) this.directory.refer(name, -1);
    this.members = this.members.filter(({ extras }) => !this.gone(extras, now));
  }

  clear(): void {
    for (const { name } of this.members) this.directory.refer(name, -1);
    this.members = [];
  }

  *entries(now: number): Generator<Listed> {
    for (const { name, extras } of this.members) if (!this.gone(extras, now)) yield { element: {}, name, nomatch: false, extras };
  }

  count(now: number): number {
    return this.members.filter(({ extras }) => !this.gone(extras, now)).length;
  }

  memory(): number {
    const each = elementSize(MEMBER_BYTES, 8, this.options);
    return this.members.reduce((sum, { extras }) => sum + each + commentSize(extras.comment), EMPTY);
  }

  /** The same list among other sets. */
  copy(directory: Directory): ListSet {
    const members = this.members.map(({ name, extras }) => ({ name, extras: { ...extras } }));
    return new ListSet(this.options, directory, members);
  }

  /** Kernel: list_set_uadt. */
  private read(
    request: EntryRequest,
  ): { readonly name: string; readonly reference: string | undefined; readonly before: boolean } | Refusal {
    const refusal = giftsRefusal(request, this.options);
    if (refusal) return refusal;
    const { name = "", reference, before = false } = request;
    const set = this.directory.get(name);
    if (!set) return "member unknown";
    if (set.type.method === "list") return "list in list";
    if (reference !== undefined && !this.directory.get(reference)) return "reference unknown";
    return { name, reference, before };
  }

  private neighbour(at: number, before: boolean): string | undefined {
    return this.members[before ? at + 1 : at - 1]?.name;
  }

  private gone(extras: Extras, now: number): boolean {
    return this.options.timeout !== undefined && expired(extras, now);
  }
}

/** Were two lists made alike? Kernel: list_set_same_set. */
export function sameList(a: ListOptions, b: ListOptions): boolean {
  return a.size === b.size && a.timeout === b.timeout && a.counters === b.counters && a.comment === b.comment && a.skbinfo === b.skbinfo;
}
