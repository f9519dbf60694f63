import type { Family, Scalar } from "../../predicate/index.ts";

/** What `create` asks for. What is missing takes the kernel's default; `initval` is then made from the name. */
export interface CreateRequest {
  readonly family?: Family;
  /** Range of a bitmap of addresses: to an address, or a prefix length. */
  readonly from?: number;
  readonly to?: number;
  readonly cidr?: number;
  readonly portFrom?: number;
  readonly portTo?: number;
  readonly netmask?: number;
  readonly bitmask?: Scalar;
  readonly markmask?: number;
  readonly hashsize?: number;
  readonly maxelem?: number;
  readonly bucketsize?: number;
  readonly initval?: number;
  /** Of list:set. */
  readonly size?: number;
  /** Seconds; 0 for entries that stay unless they say otherwise. */
  readonly timeout?: number;
  readonly counters?: boolean;
  readonly comment?: boolean;
  readonly skbinfo?: boolean;
  readonly forceadd?: boolean;
}

/** Packet mark with the bits of it that count, traffic class and hardware queue that an entry gives to packets. Kernel: struct ip_set_skbinfo. */
export interface SkbInfo {
  readonly mark: number;
  readonly mask: number;
  readonly priority: number;
  readonly queue: number;
}

/** What an entry may carry beside its key. */
export interface Gifts {
  /** Seconds; 0 for ever. */
  readonly timeout?: number;
  readonly packets?: bigint;
  readonly bytes?: bigint;
  readonly comment?: string;
  readonly skbMark?: { readonly mark: number; readonly mask: number };
  readonly skbPriority?: number;
  readonly skbQueue?: number;
}

/** One entry, or many of them by ranges, as `add`, `del` and `test` send it to the kernel: the attributes of libipset's IPSET_ATTR_*. */
export interface EntryRequest extends Gifts {
  readonly ip?: Scalar;
  readonly ipTo?: Scalar;
  readonly cidr?: number;
  readonly ip2?: Scalar;
  readonly ip2To?: Scalar;
  readonly cidr2?: number;
  readonly protocol?: number;
  /** A port, or ICMP type times 256 plus code. */
  readonly port?: number;
  readonly portTo?: number;
  readonly mark?: number;
  readonly mac?: number;
  readonly iface?: string;
  readonly physdev?: boolean;
  readonly wildcard?: boolean;
  readonly nomatch?: boolean;
  /** The member of a list:set, and the member it stands before or after. */
  readonly name?: string;
  readonly reference?: string;
  readonly before?: boolean;
}

/** Why the kernel says no. The names follow its error codes (include/uapi/linux/netfilter/ipset/ip_set*.h). */
export type Refusal =
  | "no set"
  | "set exists"
  | "unknown type"
  | "family"
  | "too many sets"
  | "busy"
  | "second set"
  | "referenced"
  | "type mismatch"
  | "exists"
  | "cidr"
  | "netmask"
  | "markmask"
  | "timeout"
  | "counter"
  | "comment"
  | "skbinfo"
  | "invalid argument"
  | "no memory"
  | "protocol"
  | "hash full"
  | "null element"
  | "invalid protocol"
  | "missing protocol"
  | "range unsupported"
  | "whole range"
  | "bitmap range"
  | "bitmap size"
  | "member unknown"
  | "list in list"
  | "reference unknown"
  | "reference not in list";
