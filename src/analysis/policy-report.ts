import type { Family } from "../predicate/index.ts";
import type { Path, Ranges, Role, RulePointer, Witness } from "./witness.ts";

/** A class of addresses that the rules do not tell apart. */
export interface AddressClass {
  /** `a`, `b` …, unique in its section. */
  readonly id: string;
  readonly ranges: Ranges;
  /** What people call it: `lan0's network`, `the set admins`, `10.0.0.0/8`, `everything else`. */
  readonly name: string;
}

/** Protocol and ports that the rules treat alike. */
export interface ServiceClass {
  readonly protocols: Ranges;
  /** Destination ports; undefined for all, and for protocols without. */
  readonly ports: Ranges | undefined;
  /** Source ports, where the rules look at them; undefined for all. */
  readonly sourcePorts: Ranges | undefined;
  /** Types of the request, for ICMP and ICMPv6; undefined for all. */
  readonly icmpTypes?: Ranges | undefined;
  /** `ssh (tcp 22)`, `tcp 8000-8100`, `ping`, `everything` */
  readonly name: string;
}

/** Is it so for every packet, or does it depend on conditions? */
export type Certainty = { readonly sure: true } | { readonly sure: false; readonly depends: readonly string[] };

/** One line of the table: a service, who may open it to whom. */
export interface PolicyRow {
  readonly path: Path;
  readonly services: readonly ServiceClass[];
  /** Interfaces that the rules tell apart; undefined where they do not ask. Names, `eth+` for all of a kind, `other` for the rest, `other eth+` for the rest of a kind. */
  readonly in: readonly string[] | undefined;
  readonly out: readonly string[] | undefined;
  /** Ids of classes in the section; all of `clients` may open the services to all of `servers`. */
  readonly clients: readonly string[];
  readonly servers: readonly string[];
  /** What the addresses of all these clients together are called, and of all these servers: `lan0's network`, `anywhere but 10.0.0.0/8`. */
  readonly from: string;
  readonly to: string;
  /** The same in words: `in lan0, out any but eth1`; empty where interfaces do not count. */
  readonly through: string;
  /** Only packets with some values of these fields: `certain hardware addresses`. */
  readonly with?: readonly string[];
  /** What NAT makes of the first packet of some of these sessions: `DNAT to 192.168.1.5:80`. */
  readonly becomes?: readonly string[];
  readonly kind: "usable" | "half-open";
  /** For half-open sessions: the first part that fails, and what stops it. */
  readonly fails?: { readonly role: Role; readonly by: RulePointer | undefined };
  readonly certainty: Certainty;
  readonly witness: Witness | undefined;
  readonly decidedBy: readonly RulePointer[];
}

/** Packets that are accepted outside any session. */
export interface StrayRow {
  readonly path: Path;
  readonly kind: "stateless-reply" | "mid-stream" | "invalid" | "source-port-hole" | "spoofed" | "untracked";
  /** `TCP segments with ACK alone` */
  readonly about: string;
  /** Where it passes: `http (tcp 80) from anywhere`. */
  readonly where: string;
  readonly certainty: Certainty;
  readonly witness: Witness;
  readonly decidedBy: readonly RulePointer[];
}

/** What one path of one family allows. */
export interface PolicySection {
  readonly family: Family;
  readonly path: Path;
  /** Classes of client and server addresses; together each covers all addresses. */
  readonly classes: readonly AddressClass[];
  /** Ids of the classes that clients and servers of this path can be in at all: no session comes from a multicast address. */
  readonly ends?: { readonly clients: readonly string[]; readonly servers: readonly string[] };
  readonly usable: readonly PolicyRow[];
  readonly halfOpen: readonly PolicyRow[];
  readonly strays: readonly StrayRow[];
  /** How unwanted openers end, most frequent first: `dropped by the policy of INPUT`. */
  readonly refusals: readonly string[];
  /** Share (0 to 1) of the classes of sessions whose answer is exact. */
  readonly exact: number;
  /** False where there are more rows than were asked for. */
  readonly complete: boolean;
}

/** What a firewall allows. */
export interface PolicyReport {
  readonly sections: readonly PolicySection[];
  /** A few sentences for someone who reads no further. */
  readonly summary: readonly string[];
  /** What is taken for granted: no host given, sets unknown … */
  readonly assumptions: readonly string[];
}
