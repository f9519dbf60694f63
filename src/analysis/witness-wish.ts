import { TIMEOUT_DEFAULTS, type TimeoutName } from "../conntrack/index.ts";
import { sessionLengths } from "../engine/index.ts";
import { connectedNetworks, type Host } from "../host/index.ts";
import { PROTOCOL, type PacketSpec } from "../packet/index.ts";
import type { Family, Field, Scalar, Value } from "../predicate/index.ts";
import { INSTANCES, ORDINARY_MSS, type Preferences, type SessionKind, type Shape, type Wish } from "../symbolic/index.ts";
import type { Path, Role, Witness } from "./witness.ts";

/** What is wanted of a witness besides that it is in the set. */
export interface WitnessWish {
  readonly path: Path;
  readonly about: Witness["about"];
  readonly claim: Witness["claim"];
  readonly role?: Role | undefined;
  /** Of a session: its kind. Of a packet: its protocol stands in the shape or in the set. */
  readonly kind?: SessionKind | undefined;
  /** Fields of the packet that the set does not ask for. */
  readonly shape?: Shape | undefined;
  /** Values to take where the set leaves it open, before the usual ones. */
  readonly prefer?: Preferences | undefined;
  /** `ct` word of a packet: what tracking is to say of it. */
  readonly state?: PacketSpec["ctState"] | undefined;
}

/** What packets of a session other than its opener are to be like, where nothing else is asked: as the engine plays them. */
export function wishesFor(family: Family, { path, kind }: WitnessWish): readonly Wish[] {
  const own = (local: boolean): readonly Value[] => (local ? [1] : []);
  const wishes: Wish[] = [
    { field: "socket", instance: INSTANCES.opener, values: own(path === "out" || path === "local") },
    { field: "socket", instance: INSTANCES.answer, values: own(path === "in" || path === "local") },
    { field: "uid", instance: INSTANCES.answer, values: [0] },
    { field: "gid", instance: INSTANCES.answer, values: [0] },
  ];
  if (kind === undefined) return wishes;
  const { protocol, icmpType } = kind;
  const address = UNSPECIFIED[family];
  const icmp = icmpType === undefined ? {} : { icmp: { type: icmpType, code: 0 } };
  const lengths = sessionLengths({ session: true, family, protocol, source: { address }, destination: { address }, ...icmp });
  const [atAnswer, later] = LEFT.get(protocol) ?? ["generic_timeout", "generic_timeout"];
  for (const part of ["answer", "client", "server"] as const)
    wishes.push(
      { field: "length", instance: INSTANCES[part], values: [lengths[part]] },
      { field: "ctexpire", instance: INSTANCES[part], values: [TIMEOUT_DEFAULTS[part === "answer" ? atAnswer : later]] },
    );
  return wishes;
}

/** The time that connections of a protocol have left at the answer and later on, unless rules or settings say otherwise. */
const LEFT: ReadonlyMap<number, readonly [answer: TimeoutName, later: TimeoutName]> = new Map([
  [PROTOCOL.ICMP, ["icmp_timeout", "icmp_timeout"]],
  [PROTOCOL.TCP, ["tcp_timeout_syn_recv", "tcp_timeout_established"]],
  [PROTOCOL.UDP, ["udp_timeout", "udp_timeout"]],
  [PROTOCOL.ICMPV6, ["icmpv6_timeout", "icmpv6_timeout"]],
  [PROTOCOL.SCTP, ["sctp_timeout_cookie_wait", "sctp_timeout_established"]],
  [PROTOCOL.UDPLITE, ["udp_timeout", "udp_timeout"]],
]);

const UNSPECIFIED: Readonly<Record<Family, Scalar>> = { 4: 0, 6: 0n };

/** Documentation addresses that stand for people outside and for this machine. */
const OUTSIDE: Readonly<Record<Family, readonly Scalar[]>> = {
  4: [0xcb007109, 0xcb007150, 0xc0000209],
  6: [(0x20010db8n << 96n) | (1n << 80n) | 9n, (0x20010db8n << 96n) | (2n << 80n) | 0x80n],
};
const OWN: Readonly<Record<Family, readonly Scalar[]>> = { 4: [0xc6336402, 0xc6336403], 6: [(0x20010db8n << 96n) | (0xfn << 64n) | 2n] };
const LOOPBACK: Readonly<Record<Family, Scalar>> = { 4: 0x7f000001, 6: 1n };

/** Values that a witness takes first, field by field. */
export function preferencesFor(family: Family, { path, kind, shape, prefer }: WitnessWish, host: Host | undefined): Preferences {
  const own = [...ownAddresses(host, family), ...OWN[family]];
  const outside = OUTSIDE[family];
  const near = neighbours(host, family);
  const wires = host?.interfaces.filter(({ link }) => link !== "loopback").map(({ name }) => name) ?? [];
  const names = [...wires, "eth0", "eth1", "wan0", "lan0"];
  const usual = new Map<Field, readonly Value[]>([
    ["sport", [40000, 50000, 1024]],
    ["dport", [22, 80, 443, 53, 40001]],
    ["protocol", [6, 17, family === 4 ? 1 : 58]],
    ["saddr", path === "out" ? own : path === "local" ? [LOOPBACK[family], ...own] : [...outside, ...near, ...own]],
    ["daddr", path === "in" ? own : path === "local" ? [...own, LOOPBACK[family]] : [outside[1] as Scalar, ...outside, ...near]],
    ["iif", path === "out" ? [""] : path === "local" ? ["lo"] : names],
    ["oif", path === "in" ? [""] : path === "local" ? ["lo"] : path === "forward" ? names.toReversed() : names],
    ["ttl", [64]],
    ["tos", [0]],
    ["length", [ORDINARY_LENGTH[family], ORDINARY_LENGTH[family] + 20]],
    ["mark", [0]],
    ["ctmark", [0]],
    ["uid", [1000, 0]],
    ["gid", [1000, 0]],
    ["mss", [ORDINARY_MSS[family]]],
    ["icmpcode", [0]],
    ["socket", [path === "out" || path === "local" ? 1 : 0]],
  ]);
  if (kind !== undefined) usual.set("protocol", [kind.protocol]);
  for (const [field, value] of shape ?? kind?.opener ?? []) usual.set(field, [value]);
  for (const [field, values] of prefer ?? []) usual.set(field, [...values, ...(usual.get(field) ?? [])]);
  return usual;
}

const ownAddresses = (host: Host | undefined, family: Family): Scalar[] =>
  host?.interfaces.flatMap(({ link, addresses }) =>
    link === "loopback" ? [] : addresses.filter(own => own.family === family).map(({ address }) => address),
  ) ?? [];

/** One host of each network that is wide enough: the first address of a network is its name, and nobody's. */
const neighbours = (host: Host | undefined, family: Family): Scalar[] =>
  host === undefined
    ? []
    : connectedNetworks(host, family).flatMap(({ range: [low, high] }) => {
        const near = typeof low === "bigint" ? low + NEAR : low + Number(NEAR);
        return near < high ? [near] : [];
      });

const NEAR = 9n;

/** Bytes of a SYN with the usual options. */
const ORDINARY_LENGTH: Readonly<Record<Family, number>> = { 4: 60, 6: 80 };
