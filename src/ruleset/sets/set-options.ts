import type { Family, Scalar } from "../../predicate/index.ts";
import { IPV4_MAX, IPV6_MAX, mask4, mask6 } from "../../packet/index.ts";
import { addressBits } from "./address-range.ts";
import type { Extensions } from "./extras.ts";
import { HASH_BITS_MAX } from "./hash-limits.ts";
import type { CreateRequest, Refusal } from "./request.ts";
import type { SetType } from "./set-type.ts";

/** What a hash was made with, defaults filled in. */
export interface HashOptions extends Extensions {
  readonly family: Family | undefined;
  readonly maxelem: number;
  /** Bits of the first table's index. */
  readonly bits: number;
  readonly bucketsize: number;
  readonly initval: number;
  readonly forceadd: boolean;
  /** A prefix length, only when the set was made with one shorter than the address. */
  readonly netmask: number | undefined;
  readonly bitmask: Scalar | undefined;
  /** The bits of addresses that are stored, whatever they were said with. */
  readonly mask: Scalar;
  readonly markmask: number;
}

const DEFAULT_HASHSIZE = 1024;
const DEFAULT_MAXELEM = 65536;
/** Kernel: IPSET_MIMINAL_HASHSIZE. */
const HASHSIZE_MIN = 64;
/** Kernel: AHASH_MAX_SIZE. */
const BUCKETSIZE_MAX = 12;

/** The extensions that were asked for. */
export function extensionsOf({ timeout, counters, comment, skbinfo }: CreateRequest): Extensions {
  return { timeout, counters: counters === true, comment: comment === true, skbinfo: skbinfo === true };
}

/** Fills in what a hash is made with; `initval` is taken when none is asked for. Kernel: ip_set_hash_gen.h, HTYPE_create. */
export function hashOptions(type: SetType, request: CreateRequest, initval: number): HashOptions | Refusal {
  const family = type.families.length === 0 ? undefined : (request.family ?? 4);
  const { markmask = 0xffffffff, netmask, bitmask } = request;
  if (markmask === 0) return "markmask";
  const bits = addressBits(family ?? 4);
  if (netmask !== undefined && (netmask === 0 || netmask > bits)) return "netmask";
  if (bitmask === 0 || bitmask === 0n) return "netmask";
  const hashsize = Math.max(request.hashsize ?? DEFAULT_HASHSIZE, HASHSIZE_MIN);
  const hashBits = Math.ceil(Math.log2(hashsize));
  if (hashBits > HASH_BITS_MAX) return "no memory";
  return {
    ...extensionsOf(request),
    family,
    maxelem: request.maxelem ?? DEFAULT_MAXELEM,
    bits: hashBits,
    bucketsize: bucketSize(request.bucketsize ?? BUCKETSIZE_MAX),
    initval: request.initval ?? initval,
    forceadd: request.forceadd === true,
    netmask: netmask === bits ? undefined : netmask,
    bitmask,
    mask: bitmask ?? prefixMask(family, netmask),
    markmask,
  };
}

function prefixMask(family: Family | undefined, length: number | undefined): Scalar {
  if (family === 6) return length === undefined ? IPV6_MAX : mask6(length);
  return length === undefined ? IPV4_MAX : mask4(length);
}

/** Even, and within what the kernel takes. */
function bucketSize(asked: number): number {
  const size = Math.min(Math.max(asked, 2), BUCKETSIZE_MAX);
  return size + (size % 2);
}
