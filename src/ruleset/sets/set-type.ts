import type { Family } from "../../predicate/index.ts";

/** What one dimension of an entry is. A `net` is an address with a prefix length. */
export type Part = "ip" | "net" | "port" | "mac" | "mark" | "iface" | "name";

/** How a set stores its entries. */
export type Method = "bitmap" | "hash" | "list";

/** One of ipset's set types, in the revision of Linux 6.18 that ipset 7.17 speaks. */
export interface SetType {
  readonly name: string;
  readonly method: Method;
  /** Its dimensions, in order. */
  readonly parts: readonly Part[];
  readonly revision: number;
  /** The families a set may have; none means that the type knows no families. */
  readonly families: readonly Family[];
  /** Names of old that `create` still takes. */
  readonly aliases: readonly string[];
  /** Takes `netmask`; hash types that do also take `bitmask`. */
  readonly netmask: boolean;
  /** A prefix may have the length 0. Kernel: IP_SET_HASH_WITH_NET0. */
  readonly zeroPrefix: boolean;
}

const both: readonly Family[] = [4, 6];

function setType(name: string, revision: number, families: readonly Family[], more: Partial<SetType> = {}): SetType {
  const [method, parts] = name.split(":") as [Method, string];
  const kinds = method === "list" ? ["name"] : parts.split(",");
  return { name, method, parts: kinds as Part[], revision, families, aliases: [], netmask: false, zeroPrefix: false, ...more };
}

/** Every set type, in the order of ipset's help. Kernel: net/netfilter/ipset. */
export const SET_TYPES: readonly SetType[] = [
  setType("list:set", 3, [], { aliases: ["setlist"] }),
  setType("hash:mac", 1, []),
  setType("hash:ip,mac", 1, both),
  setType("hash:net,iface", 8, both, { zeroPrefix: true }),
  setType("hash:net,port", 8, both, { aliases: ["netporthash"] }),
  setType("hash:net,port,net", 3, both, { aliases: ["netportnethash"], zeroPrefix: true }),
  setType("hash:net,net", 4, both, { aliases: ["netnethash"], netmask: true }),
  setType("hash:net", 7, both, { aliases: ["nethash"] }),
  setType("hash:ip,port,net", 8, both, { aliases: ["ipportnethash"] }),
  setType("hash:ip,port,ip", 6, both, { aliases: ["ipportiphash"] }),
  setType("hash:ip,mark", 3, both, { aliases: ["ipmarkhash"] }),
  setType("hash:ip,port", 7, both, { aliases: ["ipporthash"], netmask: true }),
  setType("hash:ip", 6, both, { aliases: ["iphash"], netmask: true }),
  setType("bitmap:port", 3, [], { aliases: ["portmap"] }),
  setType("bitmap:ip,mac", 3, [4], { aliases: ["macipmap"] }),
  setType("bitmap:ip", 3, [4], { aliases: ["ipmap"], netmask: true }),
];

const BY_NAME: ReadonlyMap<string, SetType> = new Map(
  SET_TYPES.flatMap(type => [type.name, ...type.aliases].map((name): [string, SetType] => [name, type])),
);

/** The type of that name or old name. */
export function findSetType(name: string): SetType | undefined {
  return BY_NAME.get(name);
}

/** Has the type entries that can be marked `nomatch`? Kernel: IPSET_TYPE_NOMATCH. */
export function takesNomatch(type: SetType): boolean {
  return type.parts.includes("net");
}

/** What the kernel compares when sets are swapped: the kinds of data, not how they are stored. Kernel: ip_set_core.c, ip_set_swap. */
export function features(type: SetType): string {
  return `${type.parts.map(part => (part === "net" ? "ip" : part)).join()}${takesNomatch(type) ? " nomatch" : ""}`;
}
