import type { Family } from "../../predicate/index.ts";
import { BitmapSet, bitmapOptions, sameBitmap, type BitmapOptions } from "./bitmap-set.ts";
import { HashSet, sameHash } from "./hash-set.ts";
import { listOptions, ListSet, sameList, type ListOptions } from "./list-set.ts";
import type { CreateRequest, EntryRequest, Gifts, Refusal } from "./request.ts";
import type { Directory, Listed, MemberSet, PacketCall, SetBody } from "./set-body.ts";
import { hashOptions, type HashOptions } from "./set-options.ts";
import { takesNomatch, type SetType } from "./set-type.ts";

/** What a set was made with, by the way it stores its entries. */
export type SetOptions =
  | { readonly method: "hash"; readonly options: HashOptions; readonly hashsize: number; readonly bucketsize: number }
  | { readonly method: "bitmap"; readonly options: BitmapOptions }
  | { readonly method: "list"; readonly options: ListOptions };

/** One set without its name: type, options and entries. Kernel: struct ip_set. */
export class IpSet implements MemberSet {
  readonly type: SetType;
  /** Undefined for a type that knows no families. */
  readonly family: Family | undefined;
  private readonly body: HashSet | BitmapSet | ListSet;

  private constructor(type: SetType, family: Family | undefined, body: HashSet | BitmapSet | ListSet) {
    this.type = type;
    this.family = family;
    this.body = body;
  }

  /** A set of a type, or why there can be none. `initval` is taken when none is asked for; members of lists are found in `directory`. */
  static create(type: SetType, request: CreateRequest, initval: number, directory: Directory): IpSet | Refusal {
    const family = type.families.length === 0 ? undefined : (request.family ?? 4);
    if (family !== undefined && !type.families.includes(family)) return "family";
    switch (type.method) {
      case "hash": {
        const options = hashOptions(type, request, initval);
        return typeof options === "string" ? options : new IpSet(type, family, new HashSet(type, options));
      }
      case "bitmap": {
        const options = bitmapOptions(type, request);
        return typeof options === "string" ? options : new IpSet(type, family, new BitmapSet(type, options));
      }
      case "list":
        return new IpSet(type, family, new ListSet(listOptions(request), directory));
    }
  }

  /** What the header of a listing shows. */
  get made(): SetOptions {
    if (this.body instanceof HashSet) {
      const { options, hashsize, bucketsize } = this.body;
      return { method: "hash", options, hashsize, bucketsize };
    }
    return this.body instanceof BitmapSet
      ? { method: "bitmap", options: this.body.options }
      : { method: "list", options: this.body.options };
  }

  /** Was the other made alike? The family does not count. Kernel: same_set. */
  madeLike(other: IpSet): boolean {
    const [a, b] = [this.made, other.made];
    if (this.type !== other.type) return false;
    if (a.method === "hash") return b.method === "hash" && sameHash(this.type, a.options, b.options);
    if (a.method === "bitmap") return b.method === "bitmap" && sameBitmap(a.options, b.options);
    return b.method === "list" && sameList(a.options, b.options);
  }

  /** Adds what a request means. What was added before a refusal stays. Time in µs. */
  add(request: EntryRequest, exist: boolean, now: number): Refusal | undefined {
    return this.body.add(request, exist, now);
  }

  /** Takes out what a request means. */
  delete(request: EntryRequest, exist: boolean, now: number): Refusal | undefined {
    return this.body.delete(request, exist, now);
  }

  /** Is there what a request means? Of a range the first element is asked for; what could not be there is not. Kernel: ip_set_utest. */
  test(request: EntryRequest, now: number): boolean {
    return this.body.test(request, now) === true;
  }

  /** Lets members of a list go whose time is over, so that they are no longer in use. */
  expire(now: number): void {
    if (this.body instanceof ListSet) this.body.expire(now);
  }

  /** Takes every entry out. */
  clear(): void {
    this.body.clear();
  }

  /** Entries in the kernel's order. */
  entries(now: number): Iterable<Listed> {
    return this.body.entries(now);
  }

  count(now: number): number {
    return this.body.count(now);
  }

  /** Bytes that the kernel would need. */
  memory(): number {
    return this.body.memory();
  }

  /** Is the packet in the set? A rule must name as many ends as the set has dimensions. Kernel: ip_set_core.c, ip_set_test. */
  lookup(call: PacketCall): boolean {
    if (!this.fits(call)) return false;
    const found = this.body.lookup(call);
    return found === (call.returnNomatch && takesNomatch(this.type) ? "nomatch" : "match");
  }

  /** Adds the packet. Kernel: ip_set_add. */
  addPacket(call: PacketCall, gifts: Gifts, renew: boolean): boolean {
    return this.fits(call) && this.body.addPacket(call, gifts, renew);
  }

  /** Takes the packet out. Kernel: ip_set_del. */
  deletePacket(call: PacketCall): boolean {
    return this.fits(call) && this.body.deletePacket(call);
  }

  /** The same set, to be changed apart. */
  copy(directory: Directory): IpSet {
    const body: SetBody = this.body.copy(directory);
    return new IpSet(this.type, this.family, body as HashSet | BitmapSet | ListSet);
  }

  private fits({ ends, facts }: PacketCall): boolean {
    return ends.length >= this.type.parts.length && (this.family === undefined || this.family === facts.family);
  }
}
