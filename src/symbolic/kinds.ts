import { CT_STATUS, type Family, type Field, type Value } from "../predicate/index.ts";

/** Values of fields that make a packet one of a session. Status bits are those of a connection that tracking sees all of. */
export type Shape = readonly (readonly [field: Field, value: Value])[];

/** A kind of session: what its packets look like. */
export interface SessionKind {
  /** `tcp`, `udp`, `ping` … */
  readonly name: string;
  /** For all protocols that no other kind has, one of them. */
  readonly protocol: number;
  /** Does it stand for all protocols that no other kind has? */
  readonly others: boolean;
  readonly ports: boolean;
  readonly icmpType: number | undefined;
  readonly opener: Shape;
  readonly answer: Shape;
  /** What a client sends later on; all of them must get through. */
  readonly restClient: readonly Shape[];
  readonly restServer: readonly Shape[];
}

/** Flags of TCP. */
const [FIN, SYN, PSH, ACK] = [1, 2, 8, 16];

const NO_ICMP: Shape = [
  ["icmptype", undefined],
  ["icmpcode", undefined],
];
const NO_PORTS: Shape = [
  ["sport", undefined],
  ["dport", undefined],
];
const NO_TCP: Shape = [
  ["tcpflags", undefined],
  ["mss", undefined],
  ["tcpoptions", undefined],
];

/** What only packets of IPsec, IPComp and DCCP have. */
const NO_OTHER: Shape = [
  ["ahspi", undefined],
  ["espspi", undefined],
  ["ipcompcpi", undefined],
  ["dccptype", undefined],
];

/** What a segment of Ethernet has room for. */
export const ORDINARY_MSS: Readonly<Record<Family, number>> = { 4: 1460, 6: 1440 };

/** A segment; one with SYN carries the MSS of Ethernet and no other option, later ones none. */
const tcp = (flags: number, family: Family): Shape => [
  ["tcpflags", flags],
  ["mss", flags & SYN ? ORDINARY_MSS[family] : undefined],
  ["tcpoptions", flags & SYN ? 1n << 2n : 0n],
  ...NO_ICMP,
  ...NO_OTHER,
];
const DATAGRAM: Shape = [...NO_TCP, ...NO_ICMP, ...NO_OTHER];
const icmp = (type: number): Shape => [["icmptype", type], ["icmpcode", 0], ...NO_PORTS, ...NO_TCP, ...NO_OTHER];
/** Packets of DCCP by type: REQUEST 0, RESPONSE 1, ACK 3, DATAACK 4. */
const dccp = (type: number): Shape => [...NO_TCP, ...NO_ICMP, ["dccptype", type]];

const segments = (family: Family): SessionKind => {
  const later = [ACK, PSH | ACK, FIN | ACK].map(flags => tcp(flags, family));
  return {
    name: "tcp",
    protocol: 6,
    others: false,
    ports: true,
    icmpType: undefined,
    opener: tcp(SYN, family),
    answer: tcp(SYN | ACK, family),
    restClient: later,
    restServer: later,
  };
};
const TCP: Readonly<Record<Family, SessionKind>> = { 4: segments(4), 6: segments(6) };

/** A connection that was answered, before it is assured. */
const ANSWERED: Shape = [["ctstatus", CT_STATUS.SEEN_REPLY | CT_STATUS.CONFIRMED]];

/** Datagrams are assured once they have gone on for a while; both must get through. Kernel: nf_conntrack_proto_udp.c, nf_conntrack_udp_packet. */
const LATER_DATAGRAMS: readonly Shape[] = [[...DATAGRAM, ...ANSWERED], DATAGRAM];

const datagrams = (name: string, protocol: number): SessionKind => ({
  name,
  protocol,
  others: false,
  ports: true,
  icmpType: undefined,
  opener: DATAGRAM,
  answer: DATAGRAM,
  restClient: LATER_DATAGRAMS,
  restServer: LATER_DATAGRAMS,
});

/** An association is assured when the server has acknowledged the cookie. Kernel: nf_conntrack_proto_sctp.c, nf_conntrack_sctp_packet. */
const SCTP: SessionKind = { ...datagrams("sctp", 132), restServer: [DATAGRAM] };

const DCCP: SessionKind = {
  ...datagrams("dccp", 33),
  opener: dccp(0),
  answer: dccp(1),
  restClient: [[...dccp(3), ...ANSWERED]],
  restServer: [[...dccp(4), ...ANSWERED]],
};

const request = (name: string, protocol: number, type: number, reply: number): SessionKind => ({
  name,
  protocol,
  others: false,
  ports: false,
  icmpType: type,
  opener: icmp(type),
  answer: icmp(reply),
  restClient: [[...icmp(type), ...ANSWERED]],
  restServer: [[...icmp(reply), ...ANSWERED]],
});

const PLAIN: Shape = [...NO_PORTS, ...NO_TCP, ...NO_ICMP];

/** Protocols without ports that are none of the others. */
const plain = (name: string, protocol: number, others = false): SessionKind => ({
  name,
  protocol,
  others,
  ports: false,
  icmpType: undefined,
  opener: PLAIN,
  answer: PLAIN,
  restClient: [[...PLAIN, ...ANSWERED]],
  restServer: [[...PLAIN, ...ANSWERED]],
});

/** Kinds of sessions of a family. Of those in `named`, one for each protocol that rules name; the last stands for all other protocols. */
export function sessionKinds(family: Family, named: Iterable<number>): readonly SessionKind[] {
  const icmps =
    family === 4
      ? [request("ping", 1, 8, 0), request("icmp timestamp", 1, 13, 14), request("icmp address mask", 1, 17, 18)]
      : [request("ping", 58, 128, 129), request("icmpv6 node information", 58, 139, 140)];
  const known: readonly SessionKind[] = [TCP[family], datagrams("udp", 17), ...icmps];
  const taken = new Set([1, 6, 17, 58]);
  const more: SessionKind[] = [];
  for (const protocol of named) {
    if (taken.has(protocol)) continue;
    taken.add(protocol);
    const own = [DCCP, SCTP].find(kind => kind.protocol === protocol);
    if (own) more.push(own);
    else more.push(PORTED.has(protocol) ? datagrams(PORTED.get(protocol) ?? "", protocol) : plain(`protocol ${protocol}`, protocol));
  }
  return [...known, ...more, plain("other protocols", stranger(taken), true)];
}

const PORTED: ReadonlyMap<number, string> = new Map([[136, "udplite"]]);

/** Bytes of the shortest header of a protocol. */
const SHORTEST: ReadonlyMap<number, number> = new Map([
  [1, 8],
  [6, 20],
  [17, 8],
  [33, 12],
  [58, 8],
  [132, 12],
  [136, 8],
]);
/** Bytes of TCP's MSS option, and of all the options that fit. */
const MSS_BYTES = 4;
const OPTIONS_MAX = 40;
const PAYLOAD_MAX = 65_535;

/**
 * Lengths in bytes that whole packets of a shape can have, IP header included. Options that a shape does not know of, such as time stamps, may
 * be there; segments that only open or acknowledge carry nothing else.
 */
export function lengthsOf(family: Family, protocol: number, shape: Shape): readonly [least: number, most: number] {
  const ip = family === 4 ? 20 : 40;
  const header = ip + (SHORTEST.get(protocol) ?? 0);
  const flags = shape.find(([field]) => field === "tcpflags")?.[1];
  const most = family === 4 ? PAYLOAD_MAX : ip + PAYLOAD_MAX;
  if (protocol !== 6 || typeof flags !== "number") return [header, most];
  if (flags & SYN) return [header + MSS_BYTES, header + OPTIONS_MAX];
  return flags & PSH ? [header + 1, most] : [header, flags & FIN ? most : header + OPTIONS_MAX];
}

/**
 * What stands in place of ports in the tuples of a connection without ports: of ICMP type and code, the answer's in the reply; the id, which is
 * the other port, nobody knows. Of DCCP, which Linux 6.18 no longer tracks as such, tuples have none. Kernel: nf_conntrack_tuple.h, union nf_conntrack_man_proto; nf_conntrack_proto_icmp.c, icmp_pkt_to_tuple.
 */
export function tuplePorts({ protocol, ports, icmpType, answer }: SessionKind): Shape {
  if (ports && protocol !== DCCP.protocol) return [];
  if (icmpType === undefined) return TUPLE_PORTS.map(field => [field, 0] as const);
  const reply = answer.find(([field]) => field === "icmptype")?.[1];
  return [
    ["ctorigdstport", icmpType * 256],
    ["ctrepldstport", Number(reply ?? 0) * 256],
  ];
}

const TUPLE_PORTS: readonly Field[] = ["ctorigsrcport", "ctorigdstport", "ctreplsrcport", "ctrepldstport"];

/** Parts that packets of a session play as tracking sees them. */
export type Part = "opener" | "answer" | "rest";

/** Status bits that a packet's connection has unless its shape says others. */
const STATUS: Readonly<Record<Part, number>> = {
  opener: 0,
  answer: CT_STATUS.SEEN_REPLY | CT_STATUS.CONFIRMED,
  rest: CT_STATUS.SEEN_REPLY | CT_STATUS.ASSURED | CT_STATUS.CONFIRMED,
};

/** Status bits of the connection of a packet of a shape that plays a part. */
export const statusOf = (part: Part, shape: Shape): number => Number(shape.find(([field]) => field === "ctstatus")?.[1] ?? STATUS[part]);

/** A protocol that nobody names: the first of those for experiments that is free. */
function stranger(taken: ReadonlySet<number>): number {
  for (let protocol = 253; protocol > 0; protocol--) if (!taken.has(protocol)) return protocol;
  return 254;
}
