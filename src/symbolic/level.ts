import type { Field } from "../predicate/index.ts";
import type { Domain } from "./domain.ts";

/**
 * What a level of the diagrams asks for. A field of the packet, or a group of its bits that rules never tell apart; a condition that no analysis
 * decides, with the ranks 0 (does not hold) and 1; or a choice that netfilter makes, such as an address out of a range.
 */
export type Level =
  | {
      readonly is: "field";
      readonly field: Field;
      /** Which packet of a session it is of: 0 the client's, which stand for the session too, 1 the server's, 2 and 3 (`LATER`) their later ones. */
      readonly instance: number;
      /** The bits of a group, as a mask; undefined for the whole field. */
      readonly mask: bigint | undefined;
      readonly domain: Domain;
    }
  | {
      readonly is: "condition";
      /** What tells it from others that say the same; without the packet's part. */
      readonly key: string;
      readonly about: string;
      /** Which packet of a session it is asked of: 0 the client's, 1 the server's. */
      readonly instance: number;
      /** For a test of bits that is too fine for ranks. */
      readonly bits?: BitsOf;
    }
  | { readonly is: "choice"; readonly about: string; readonly size: number };

/** `(field & mask) = value`, of the field of a session that it is for its client's packet. */
export interface BitsOf {
  readonly field: Field;
  readonly mask: bigint;
  readonly value: bigint;
}

/** Last rank of a level. */
export function lastRank(level: Level): number {
  switch (level.is) {
    case "field":
      return level.domain.size - 1;
    case "condition":
      return 1;
    case "choice":
      return level.size - 1;
  }
}

/**
 * The order of fields from the top down, found by experiment: state and protocol, then ports, then interfaces, then addresses (destinations above
 * sources), then what few rules ask for. Conditions and choices come last, as they are met.
 */
export const FIELD_ORDER: readonly Field[] = [
  "ctstate",
  "ctdir",
  "protocol",
  "fragoff",
  "morefrags",
  "l4length",
  "icmptype",
  "icmpcode",
  "tcpflags",
  "dport",
  "ctorigdstport",
  "ctreplsrcport",
  "sport",
  "ctorigsrcport",
  "ctrepldstport",
  "oif",
  "iif",
  "physout",
  "physin",
  "daddr",
  "ctorigdst",
  "ctreplsrc",
  "saddr",
  "ctorigsrc",
  "ctrepldst",
  "mac",
  "mark",
  "ctmark",
];

/** Fields that packets are told apart by, whether rules ask for them or not; in their order. */
export const TOLD_APART: readonly Field[] = [
  "ctstate",
  "protocol",
  "icmptype",
  "icmpcode",
  "tcpflags",
  "dport",
  "sport",
  "oif",
  "iif",
  "daddr",
  "saddr",
];

/** Which packet of a session is meant: 0 the client's, 1 the server's. */
export type Instance = 0 | 1;

/** Fields of one packet rather than of its session: those of answers have levels of their own. */
export const PER_PACKET: ReadonlySet<Field> = new Set([
  "length",
  "l4length",
  "ttl",
  "tos",
  "tcpflags",
  "tcpoptions",
  "mss",
  "icmptype",
  "icmpcode",
  "mark",
  "priority",
  "mac",
  "pkttype",
  "socket",
  "uid",
  "gid",
  "ctexpire",
  "ahspi",
  "espspi",
  "ipcompcpi",
  "dccptype",
  "fragid",
  "mhtype",
  "extheaders",
  "cpu",
  "cgroup",
  "cgrouppath",
  "realm",
  "indevgroup",
  "outdevgroup",
  "rpf",
  "localsocket",
  "socketmark",
  "ipsecin",
  "ipsecout",
  "ctpacketsorig",
  "ctpacketsreply",
  "ctbytesorig",
  "ctbytesreply",
]);

/** What is not the same for all packets of one side: those after its first have levels of their own. */
export const CHANGING: readonly Field[] = ["length", "ctexpire", "ctpacketsorig", "ctpacketsreply", "ctbytesorig", "ctbytesreply"];

/** How much greater the instance is that a side's later packets have for what changes. */
export const LATER = 2;

/** The packets of a session that levels tell apart, by their instances. */
export const INSTANCES: Readonly<Record<"opener" | "answer" | "client" | "server", number>> = {
  opener: 0,
  answer: 1,
  client: LATER,
  server: 1 + LATER,
};

/** The instance of the interface that a packet of this machine sets out for, before NAT sends it by another one. */
export const SETTING_OUT = 4;

/** The field that a packet of the other direction has where this one has its own. */
export const MIRROR: Readonly<Partial<Record<Field, Field>>> = {
  saddr: "daddr",
  daddr: "saddr",
  sport: "dport",
  dport: "sport",
  iif: "oif",
  oif: "iif",
  physin: "physout",
  physout: "physin",
};
