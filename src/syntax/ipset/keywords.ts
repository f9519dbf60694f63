import type { SetType } from "../../ruleset/index.ts";

/** One option of `create`, `add`, `del` or `test`. */
export interface Keyword {
  readonly name: string;
  /** What it sets; two keywords that set the same exclude each other. */
  readonly sets: string;
  readonly takes: boolean;
  /** How help shows it; hidden without. */
  readonly help?: string;
  /** Taken with a warning, and forgotten. */
  readonly ignored?: boolean;
}

/** The commands that take options of a set type. */
export type Stage = "create" | "add" | "del" | "test";

const value = (name: string, help: string, sets: string = name): Keyword => ({ name, sets, takes: true, help });
const flag = (name: string, help: string, sets: string = name): Keyword => ({ name, sets, takes: false, help });
const hidden = (name: string, sets: string = name): Keyword => ({ name, sets, takes: true });
const ignored = (name: string): Keyword => ({ name, sets: name, takes: true, ignored: true });

const FAMILY: readonly Keyword[] = [
  value("family", "[family inet|inet6]|[-4|-6]"),
  { name: "-4", sets: "family", takes: false },
  { name: "-6", sets: "family", takes: false },
];
const SIZES: readonly Keyword[] = [value("hashsize", "[hashsize VALUE]"), value("maxelem", "[maxelem VALUE]")];
const NETMASK = value("netmask", "[netmask CIDR]");
const BITMASK = value("bitmask", "[bitmask bitmask]");
const TIMEOUT = value("timeout", "[timeout VALUE]");
const EXTENSIONS: readonly Keyword[] = [TIMEOUT, flag("counters", "[counters]"), flag("comment", "[comment]", "createComment")];
const SKBINFO = flag("skbinfo", "[skbinfo]");
const HASH_TAIL: readonly Keyword[] = [
  ...EXTENSIONS,
  flag("forceadd", "[forceadd]"),
  SKBINFO,
  value("bucketsize", "[bucketsize VALUE]"),
  value("initval", "[initval VALUE]"),
];
const PROBES: readonly Keyword[] = [ignored("probes"), ignored("resize")];
const RANGES: readonly Keyword[] = [ignored("from"), ignored("to"), ignored("network")];

const REFERENCE: readonly Keyword[] = [value("before", "[before|after NAME]", "reference"), { ...hidden("after", "reference") }];
const NOMATCH = flag("nomatch", "[nomatch]");
const ENTRY_TAIL: readonly Keyword[] = [
  value("packets", "[packets VALUE]"),
  value("bytes", "[bytes VALUE]"),
  value("comment", '[comment "string"]'),
  value("skbmark", "[skbmark VALUE]"),
  value("skbprio", "[skbprio VALUE]"),
  value("skbqueue", "[skbqueue VALUE]"),
];

/** The options of a command for a set type, in the order in which listings and help show them. libipset: ipset_hash_*.c and others. */
export function keywords(type: SetType, stage: Stage): readonly Keyword[] {
  if (stage === "create") return createKeywords(type);
  const { parts } = type;
  const list = type.method === "list";
  const net = parts.includes("net");
  if (stage === "del") return list ? REFERENCE : [];
  if (stage === "test") return list ? REFERENCE : net ? [NOMATCH] : [];
  return [
    TIMEOUT,
    ...(list ? REFERENCE : []),
    ...(net ? [NOMATCH] : []),
    ...(parts.includes("iface") ? [flag("wildcard", "[wildcard]")] : []),
    ...ENTRY_TAIL,
  ];
}

function createKeywords(type: SetType): readonly Keyword[] {
  switch (type.name) {
    case "list:set":
      return [value("size", "[size VALUE]"), ...EXTENSIONS, SKBINFO];
    case "bitmap:port":
      return [
        { ...value("range", "range [PROTO:]FROM-TO", "portRange") },
        hidden("from", "port"),
        hidden("to", "portTo"),
        ...EXTENSIONS,
        SKBINFO,
      ];
    case "bitmap:ip":
      return [...ADDRESS_RANGE, NETMASK, ...EXTENSIONS, SKBINFO];
    case "bitmap:ip,mac":
      return [...ADDRESS_RANGE, ...EXTENSIONS, SKBINFO];
    case "hash:mac":
      return [...SIZES, ...HASH_TAIL];
    case "hash:ip":
      return [...FAMILY, ...SIZES, NETMASK, BITMASK, ...HASH_TAIL, ...PROBES, ignored("gc")];
    case "hash:ip,mark":
      return [...FAMILY, value("markmask", "markmask VALUE"), ...SIZES, ...HASH_TAIL];
    case "hash:net,net":
      return [...FAMILY, ...SIZES, ...HASH_TAIL, BITMASK, NETMASK];
    case "hash:ip,port":
      return [...FAMILY, ...SIZES, ...HASH_TAIL, NETMASK, BITMASK, ...PROBES, ...RANGES];
    case "hash:ip,port,ip":
    case "hash:ip,port,net":
      return [...FAMILY, ...SIZES, ...HASH_TAIL, ...PROBES, ...RANGES];
    case "hash:net":
      return [...FAMILY, ...SIZES, ...HASH_TAIL, ...PROBES];
    default:
      return [...FAMILY, ...SIZES, ...HASH_TAIL];
  }
}

const ADDRESS_RANGE: readonly Keyword[] = [
  value("range", "range IP/CIDR|FROM-TO", "ip"),
  hidden("from", "ip"),
  hidden("to", "ipTo"),
  hidden("network", "ip"),
];

/** The keyword that a word is; two dashes before it do not count. libipset: ipset.c, ipset_match_option. */
export function findKeyword(list: readonly Keyword[], word: string): Keyword | undefined {
  const name = word.startsWith("--") ? word.slice(2) : word;
  return list.find(keyword => keyword.name === name);
}
