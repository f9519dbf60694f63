import type { Family, Scalar } from "../predicate/index.ts";

/** How far an address or a route reaches. Kernel: rtnetlink.h, RT_SCOPE_*. */
export type Scope = "global" | "site" | "link" | "host";

/** An address of an interface: a number for IPv4, a bigint for IPv6. */
export interface InterfaceAddress {
  readonly family: Family;
  readonly address: Scalar;
  readonly prefixLength: number;
  /** IPv4 only; the last address of the prefix where it is not given and the prefix is shorter than 31 bits. */
  readonly broadcast?: number;
  /** The other end of a point-to-point link; the prefix is then the peer's. */
  readonly peer?: Scalar;
  readonly scope?: Scope;
  /** IPv4: a later address of the same prefix. Never chosen as a source by itself. */
  readonly secondary?: boolean;
  /** IPv6: not preferred as a source. */
  readonly deprecated?: boolean;
  /** The kernel made no route for the prefix (`noprefixroute`). */
  readonly noPrefixRoute?: boolean;
}

/** A network interface. */
export interface Interface {
  readonly name: string;
  /** What its frames are: Ethernet has hardware addresses, `none` (tun, ppp) has not. */
  readonly link: "ethernet" | "loopback" | "none";
  /** Hardware address as a 48-bit number. */
  readonly mac?: number;
  /** In the kernel's order: the first is the primary one. */
  readonly addresses: readonly InterfaceAddress[];
  readonly up: boolean;
  /** Bytes of the largest IP packet. */
  readonly mtu: number;
  /** The bridge that it is a port of. */
  readonly bridge?: string;
  /** Of a bridge port: hardware addresses known to be behind it (`bridge fdb`), as 48-bit numbers. */
  readonly stations?: readonly number[];
  /** Multicast groups joined besides the all-hosts groups. */
  readonly groups?: readonly Scalar[];
  /** Device group (`ip link set group`), 0 by default. */
  readonly group?: number;
}

/** What a route does with a packet. Kernel: rtnetlink.h, RTN_*. */
export type RouteType = "unicast" | "local" | "broadcast" | "anycast" | "multicast" | "blackhole" | "unreachable" | "prohibit" | "throw";

/** One route. */
export interface Route {
  readonly family: Family;
  /** Table number: local 255, main 254, default 253. */
  readonly table: number;
  readonly type: RouteType;
  /** Network, host bits zero. */
  readonly destination: Scalar;
  readonly prefixLength: number;
  readonly gateway?: Scalar;
  readonly device?: string;
  /** Preferred source address (`src`). */
  readonly source?: Scalar;
  /** Lower wins. */
  readonly metric: number;
  readonly scope?: Scope;
  readonly mtu?: number;
  /** Routing realms (`realms FROM/TO`): FROM in the upper 16 bits, TO in the lower. IPv4 only. */
  readonly realm?: number;
}

/** A policy-routing rule (`ip rule`). */
export interface PolicyRule {
  readonly family: Family;
  /** Asked in ascending order. */
  readonly priority: number;
  readonly invert?: boolean;
  readonly from?: { readonly address: Scalar; readonly prefixLength: number };
  readonly to?: { readonly address: Scalar; readonly prefixLength: number };
  readonly mark?: { readonly value: number; readonly mask: number };
  readonly iif?: string;
  readonly oif?: string;
  readonly tos?: number;
  readonly action: "table" | "blackhole" | "unreachable" | "prohibit" | "goto" | "nop";
  /** The table to ask, for `table`. */
  readonly table?: number;
  /** The priority to go on at, for `goto`. */
  readonly goto?: number;
  /** `suppress_prefixlength N`: routes with at most this prefix length do not count. */
  readonly suppressPrefixLength?: number;
  /** Routing realms, as a route has them. */
  readonly realm?: number;
}

/** A port on which a program listens. Without an address it is any. */
export interface Listener {
  readonly protocol: "tcp" | "udp";
  readonly port: number;
  readonly address?: Scalar;
  /** The program takes what comes and the stack never answers for it, as with a socket filter that drops everything. */
  readonly silent?: boolean;
  /** IP_TRANSPARENT: TPROXY may send it what is for others. */
  readonly transparent?: boolean;
  /** SO_MARK. */
  readonly mark?: number;
}

/** The machine that a ruleset stands on. */
export interface Host {
  /** Loopback included. */
  readonly interfaces: readonly Interface[];
  /** What `ip route` says. Local and connected routes are derived from the addresses where this list lacks them. */
  readonly routes: readonly Route[];
  /** False when `routes` is the kernel's whole list (`table all`), to which nothing must be added. True by default. */
  readonly deriveRoutes?: boolean;
  /** Empty means the kernel's own three rules. */
  readonly rules: readonly PolicyRule[];
  /** Settings by full name: `net.ipv4.ip_forward` → 1. What is missing has the kernel's default. */
  readonly sysctls: ReadonlyMap<string, number>;
  /** When given, the stack answers for what is delivered locally: RST for closed ports, echo replies …; otherwise delivery is the end. */
  readonly listeners?: readonly Listener[];
  /** What is taken for granted about this machine, one sentence each, for answers. */
  readonly assumed: readonly string[];
}

/** Table numbers. Kernel: rtnetlink.h, RT_TABLE_*. */
export const TABLE = { DEFAULT: 253, MAIN: 254, LOCAL: 255 } as const;

/** The loopback interface as every Linux machine has it. */
export const LOOPBACK: Interface = {
  name: "lo",
  link: "loopback",
  up: true,
  mtu: 65536,
  mac: 0,
  addresses: [
    { family: 4, address: 0x7f000001, prefixLength: 8, scope: "host" },
    { family: 6, address: 1n, prefixLength: 128, scope: "host" },
  ],
};
