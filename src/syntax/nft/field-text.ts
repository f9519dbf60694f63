import { asPrefix, printAddress, printMac, printPrefix } from "../../packet/index.ts";
import type { Family, Field, Range, Scalar } from "../../predicate/index.ts";
import { Unsayable } from "./unsayable.ts";

/** What makes a field present: nothing (it always is), a connection, so many bytes of transport header, or a condition of its own. */
export type Presence = "always" | "connection" | "own" | { readonly transport: number };

/** How nft speaks of a field. */
export interface FieldText {
  /** The expression whose value is compared; `protocol` is the number that the rule asks for, if it does. */
  expression(family: Family, protocol: number | undefined): string;
  readonly presence: Presence;
  /** Decimal where it is not given. */
  value?(value: Scalar): string;
  /** Is a list of values compared as `{ a, b }`? */
  readonly scale?: (range: Range) => Range;
}

const ip = (family: Family): string => (family === 4 ? "ip" : "ip6");
/** An address as nft writes it. */
export const addressText = (value: Scalar): string => printAddress(value);

/** A range as nft writes it: one value, a network where it is one, or both ends. */
export function rangeText([low, high]: Range, value: (value: Scalar) => string): string {
  if (low === high) return value(low);
  const prefix = value === addressText ? asPrefix([[low, high]]) : undefined;
  return prefix ? printPrefix(prefix) : `${value(low)}-${value(high)}`;
}

const transportName: Readonly<Record<number, string>> = { 6: "tcp", 17: "udp", 132: "sctp", 33: "dccp", 136: "udplite" };

function port(side: "sport" | "dport"): FieldText {
  return {
    expression(_, protocol) {
      const known = protocol === undefined ? undefined : transportName[protocol];
      return known === undefined ? `meta l4proto { tcp, udp, udplite, sctp, dccp } th ${side}` : `${known} ${side}`;
    },
    presence: { transport: 4 },
  };
}

const always = (expression: string, value?: FieldText["value"]): FieldText => ({
  expression: () => expression,
  presence: "always",
  ...(value && { value }),
});
const own = (expression: string, value?: FieldText["value"]): FieldText => ({
  expression: () => expression,
  presence: "own",
  ...(value && { value }),
});
const tracked = (expression: string, value?: FieldText["value"]): FieldText => ({
  expression: () => expression,
  presence: "connection",
  ...(value && { value }),
});
const trackedAddress = (direction: string, end: string): FieldText => ({
  expression: family => `ct ${direction} ${ip(family)} ${end}`,
  presence: "connection",
  value: addressText,
});
/** nft knows what a port of a connection is only beside the protocol. */
const trackedPort = (direction: string, end: string): FieldText => ({
  expression(_, protocol) {
    const known = protocol === undefined ? undefined : transportName[protocol];
    if (known === undefined)
      throw new Unsayable("nft compares ports of a connection only where the rule asks for a protocol that has them");
    return `ct original protocol ${known} ct ${direction} ${end}`;
  },
  presence: "connection",
});
const hex = (value: Scalar): string => `0x${value.toString(16)}`;
const link = (expression: string): FieldText => own(expression, value => printMac(Number(value)));

const PACKET_TYPES: Readonly<Record<number, string>> = { 0: "host", 1: "broadcast", 2: "multicast", 3: "other" };

function packetType(value: Scalar): string {
  const name = PACKET_TYPES[Number(value)];
  if (name === undefined) throw new Unsayable("nft has no word for this packet type");
  return name;
}

const STATES: Readonly<Record<number, string>> = { 0: "invalid", 1: "new", 2: "established", 3: "related", 4: "untracked" };

/** Milliseconds, in which nft keeps what is left of a connection's time. */
const millisecondsOf = ([low, high]: Range): Range => [Number(low) * 1000, Math.min(Number(high) * 1000 + 999, 0xffffffff)];

/** nft reads at most eight digits before a unit. */
function durationText(value: Scalar): string {
  const milliseconds = Number(value) % 1000;
  return `${Math.floor(Number(value) / 1000)}s${milliseconds === 0 ? "" : `${milliseconds}ms`}`;
}

const TABLE: Partial<Readonly<Record<Field, FieldText>>> = {
  saddr: { expression: family => `${ip(family)} saddr`, presence: "always", value: addressText },
  daddr: { expression: family => `${ip(family)} daddr`, presence: "always", value: addressText },
  protocol: { expression: () => "meta l4proto", presence: { transport: 0 }, value: protocolText },
  length: always("meta length"),
  ttl: { expression: family => (family === 4 ? "ip ttl" : "ip6 hoplimit"), presence: "always" },
  tos: { expression: family => (family === 4 ? "@nh,8,8" : "@nh,4,8"), presence: "always", value: hex },
  sport: port("sport"),
  dport: port("dport"),
  tcpflags: { expression: () => "tcp flags", presence: { transport: 20 }, value: hex },
  mss: own("tcp option maxseg size"),
  icmptype: { expression: family => (family === 4 ? "icmp type" : "icmpv6 type"), presence: { transport: 8 } },
  icmpcode: { expression: family => (family === 4 ? "icmp code" : "icmpv6 code"), presence: { transport: 8 } },
  mark: always("meta mark", hex),
  priority: always("meta priority", hex),
  mac: link("ether saddr"),
  pkttype: always("meta pkttype", packetType),
  uid: own("meta skuid"),
  gid: own("meta skgid"),
  saddrtype: always("fib saddr type"),
  daddrtype: always("fib daddr type"),
  saddrtypeIn: always("fib saddr . iif type"),
  daddrtypeIn: always("fib daddr . iif type"),
  saddrtypeOut: always("fib saddr . oif type"),
  daddrtypeOut: always("fib daddr . oif type"),
  ctstate: always("ct state", value => STATES[Number(value)] ?? String(value)),
  ctstatus: tracked("ct status", hex),
  ctdir: tracked("ct direction", value => (Number(value) === 0 ? "original" : "reply")),
  ctproto: tracked("ct original protocol"),
  ctorigsrc: trackedAddress("original", "saddr"),
  ctorigdst: trackedAddress("original", "daddr"),
  ctreplsrc: trackedAddress("reply", "saddr"),
  ctrepldst: trackedAddress("reply", "daddr"),
  ctorigsrcport: trackedPort("original", "proto-src"),
  ctorigdstport: trackedPort("original", "proto-dst"),
  ctreplsrcport: trackedPort("reply", "proto-src"),
  ctrepldstport: trackedPort("reply", "proto-dst"),
  ctexpire: { ...tracked("ct expiration", durationText), scale: millisecondsOf },
  ctmark: tracked("ct mark", hex),
  ahspi: own("ah spi"),
  espspi: own("esp spi"),
  ipcompcpi: own("comp cpi"),
  dccptype: own("dccp type"),
  fragid: own("frag id"),
  mhtype: own("mh type"),
  cpu: always("meta cpu"),
  cgroup: own("meta cgroup"),
  realm: own("rt classid"),
  indevgroup: own("meta iifgroup"),
  outdevgroup: own("meta oifgroup"),
  ctpacketsorig: tracked("ct original packets"),
  ctpacketsreply: tracked("ct reply packets"),
  ctbytesorig: tracked("ct original bytes"),
  ctbytesreply: tracked("ct reply bytes"),
};

/** How nft speaks of a field. Throws Unsayable. */
export function fieldText(field: Field): FieldText {
  const text = TABLE[field];
  if (text === undefined) throw new Unsayable(`nft has no expression for ${WORDS[field] ?? field}`);
  return text;
}

const WORDS: Partial<Readonly<Record<Field, string>>> = {
  physin: "the bridge port that a packet came in on",
  physout: "the bridge port that a packet leaves by",
  bridged: "whether a routed packet was bridged",
  ctzone: "the zone of a packet",
  ctlabels: "labels by number",
};

const PROTOCOLS: Readonly<Record<number, string>> = {
  1: "icmp",
  6: "tcp",
  17: "udp",
  33: "dccp",
  50: "esp",
  51: "ah",
  58: "ipv6-icmp",
  108: "comp",
  132: "sctp",
  136: "udplite",
};

function protocolText(value: Scalar): string {
  return PROTOCOLS[Number(value)] ?? String(value);
}
