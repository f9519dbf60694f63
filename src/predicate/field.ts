import type { Family } from "./family.ts";

/** What a field's values are: an unsigned number, an IP address (number for IPv4, bigint for IPv6), a set of bits, or a name. */
export type FieldKind = "number" | "address" | "bits" | "name";

/** What is known of a field: its kind, its width in bits, and when a packet has no such field. */
export interface FieldInfo {
  readonly kind: FieldKind;
  readonly bits: number;
  readonly doc: string;
}

const number = (bits: number, doc: string): FieldInfo => ({ kind: "number", bits, doc });
const address = (doc: string): FieldInfo => ({ kind: "address", bits: 128, doc });
const bitSet = (bits: number, doc: string): FieldInfo => ({ kind: "bits", bits, doc });
const name = (doc: string): FieldInfo => ({ kind: "name", bits: 0, doc });

/**
 * Every attribute that a rule can test. A field can be absent from a packet: its value is then `undefined`,
 * and every test of it but `present` is false. Interfaces are never absent: where there is none the name is "",
 * as the kernel compares with an empty device name.
 */
export const FIELDS: Readonly<Record<Field, FieldInfo>> = {
  family: number(8, "4 or 6"),
  saddr: address("source address in the IP header"),
  daddr: address("destination address in the IP header"),
  iif: name("interface the packet came in on, empty where it has none"),
  oif: name("interface the packet leaves by, empty where it has none"),
  physin: name("bridge port the packet came in on; absent when it crossed no bridge"),
  physout: name("bridge port the packet leaves by; absent when it crosses no bridge"),
  bridged: number(1, "1 when the packet is bridged rather than routed; absent when it crossed no bridge"),
  protocol: number(8, "IPv4 protocol, or the last header of an IPv6 chain"),
  fragoff: number(13, "fragment offset in units of 8 bytes, 0 for a whole packet or a first fragment"),
  morefrags: number(1, "1 when more fragments follow"),
  l4length: number(16, "bytes from the start of the transport header to the end of the packet"),
  length: number(17, "length of the whole IP packet in bytes"),
  ttl: number(8, "time to live, or hop limit"),
  tos: number(8, "the whole type-of-service byte, or traffic class"),
  sport: number(16, "source port; absent in later fragments and in truncated headers"),
  dport: number(16, "destination port; absent in later fragments and in truncated headers"),
  tcpflags: bitSet(8, "the TCP flag byte: FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32, ECE 64, CWR 128"),
  tcpoptions: bitSet(256, "one bit for each TCP option kind that occurs, as a bigint; absent when the options do not fit"),
  mss: number(16, "value of the TCP MSS option; absent without one"),
  icmptype: number(8, "ICMP or ICMPv6 type"),
  icmpcode: number(8, "ICMP or ICMPv6 code"),
  mark: bitSet(32, "packet mark"),
  priority: number(32, "queueing class, as CLASSIFY sets it"),
  mac: number(48, "source hardware address as a number; absent when the packet came over no Ethernet-like link"),
  pkttype: number(3, "link-layer packet type: host 0, broadcast 1, multicast 2, otherhost 3, outgoing 4, loopback 5"),
  socket: number(1, "1 when a local socket owns the packet"),
  uid: number(32, "user of the owning socket; absent without one"),
  gid: number(32, "group of the owning socket; absent without one"),
  saddrtype: number(8, "routing type of the source address (RTN_*: UNICAST 1, LOCAL 2, BROADCAST 3 …) on any interface"),
  daddrtype: number(8, "routing type of the destination address on any interface"),
  saddrtypeIn: number(8, "routing type of the source address, asked of the input interface"),
  daddrtypeIn: number(8, "routing type of the destination address, asked of the input interface"),
  saddrtypeOut: number(8, "routing type of the source address, asked of the output interface"),
  daddrtypeOut: number(8, "routing type of the destination address, asked of the output interface"),
  ctstate: number(3, "connection state of the packet, one of CT_STATE; always present: INVALID where nothing is tracked"),
  ctstatus: bitSet(32, "status bits of the connection, see CT_STATUS; absent without one"),
  ctdir: number(1, "0 original, 1 reply; absent without a connection"),
  ctproto: number(8, "protocol of the connection"),
  ctorigsrc: address("source of the original direction"),
  ctorigdst: address("destination of the original direction"),
  ctreplsrc: address("source of the reply direction"),
  ctrepldst: address("destination of the reply direction"),
  ctorigsrcport: number(16, "source port or id of the original direction"),
  ctorigdstport: number(16, "destination port or id of the original direction"),
  ctreplsrcport: number(16, "source port or id of the reply direction"),
  ctrepldstport: number(16, "destination port or id of the reply direction"),
  ctexpire: number(32, "seconds until the connection expires"),
  ctmark: bitSet(32, "connection mark; absent without a connection"),
  ctzone: number(16, "conntrack zone of the packet"),
  ahspi: number(32, "security parameters index of the authentication header; absent in later fragments and in truncated headers"),
  espspi: number(32, "security parameters index of the ESP header; absent in later fragments and in truncated headers"),
  ipcompcpi: number(16, "compression parameter index of the IPComp header; absent in later fragments and in truncated headers"),
  dccptype: number(4, "DCCP packet type; absent in later fragments and in truncated headers"),
  fragid: number(32, "identification of the IPv6 fragment header; absent without one"),
  mhtype: number(8, "type of the IPv6 mobility header; absent without one"),
  extheaders: bitSet(
    8,
    "IPv6 extension headers that occur: a protocol 1, no next header 2, ESP 4, AH 8, fragment 16, routing 32, destination options 64, hop-by-hop options 128; absent when one is cut",
  ),
  cpu: number(32, "number of the processor that handles the packet"),
  cgroup: number(32, "net_cls class of the sending process's control group; absent without a socket"),
  cgrouppath: name("control group of the sending process, as a path; absent without a socket"),
  realm: number(32, "routing realm of the packet's route"),
  indevgroup: number(32, "group of the input interface; absent where there is none"),
  outdevgroup: number(32, "group of the output interface; absent where there is none"),
  rpf: bitSet(
    8,
    "results of the reverse-path test: bit i is set where it passes with the options i (loose 1, validmark 2, accept-local 4)",
  ),
  localsocket: bitSet(
    2,
    "a local socket is the packet's: bit 0 set where it is bound to one address, bit 1 where it is transparent; absent without one",
  ),
  socketmark: bitSet(32, "mark of the local socket; absent without one"),
  ipsecin: number(1, "1 when the packet came in through IPsec, else 0"),
  ipsecout: number(1, "1 when the packet leaves through IPsec, else 0"),
  cthelper: name("name of the helper that led to the packet's connection, which is the master connection's; absent without one"),
  ctlabels: bitSet(128, "labels of the connection, as a bigint; absent without any"),
  ctpacketsorig: number(53, "packets in the original direction; absent where connections are not counted"),
  ctpacketsreply: number(53, "packets in the reply direction; absent where connections are not counted"),
  ctbytesorig: number(53, "bytes in the original direction; absent where connections are not counted"),
  ctbytesreply: number(53, "bytes in the reply direction; absent where connections are not counted"),
};

/** The name of a field. */
export type Field =
  | "family"
  | "saddr"
  | "daddr"
  | "iif"
  | "oif"
  | "physin"
  | "physout"
  | "bridged"
  | "protocol"
  | "fragoff"
  | "morefrags"
  | "l4length"
  | "length"
  | "ttl"
  | "tos"
  | "sport"
  | "dport"
  | "tcpflags"
  | "tcpoptions"
  | "mss"
  | "icmptype"
  | "icmpcode"
  | "mark"
  | "priority"
  | "mac"
  | "pkttype"
  | "socket"
  | "uid"
  | "gid"
  | "saddrtype"
  | "daddrtype"
  | "saddrtypeIn"
  | "daddrtypeIn"
  | "saddrtypeOut"
  | "daddrtypeOut"
  | "ctstate"
  | "ctstatus"
  | "ctdir"
  | "ctproto"
  | "ctorigsrc"
  | "ctorigdst"
  | "ctreplsrc"
  | "ctrepldst"
  | "ctorigsrcport"
  | "ctorigdstport"
  | "ctreplsrcport"
  | "ctrepldstport"
  | "ctexpire"
  | "ctmark"
  | "ctzone"
  | "ahspi"
  | "espspi"
  | "ipcompcpi"
  | "dccptype"
  | "fragid"
  | "mhtype"
  | "extheaders"
  | "cpu"
  | "cgroup"
  | "cgrouppath"
  | "realm"
  | "indevgroup"
  | "outdevgroup"
  | "rpf"
  | "localsocket"
  | "socketmark"
  | "ipsecin"
  | "ipsecout"
  | "cthelper"
  | "ctlabels"
  | "ctpacketsorig"
  | "ctpacketsreply"
  | "ctbytesorig"
  | "ctbytesreply";

/** Fields of a packet's connection, absent where it has none; besides these `ctstate` and `ctzone`, which every packet has. */
export const CONNECTION_FIELDS: readonly Field[] = [
  "ctstatus",
  "ctdir",
  "ctproto",
  "ctorigsrc",
  "ctorigdst",
  "ctreplsrc",
  "ctrepldst",
  "ctorigsrcport",
  "ctorigdstport",
  "ctreplsrcport",
  "ctrepldstport",
  "ctexpire",
  "ctmark",
  "cthelper",
  "ctlabels",
  "ctpacketsorig",
  "ctpacketsreply",
  "ctbytesorig",
  "ctbytesreply",
];

/** An unsigned number, or a bigint where 53 bits do not suffice (IPv6 addresses, TCP option sets). */
export type Scalar = number | bigint;

/** What a packet has in a field: `undefined` where the field is absent. */
export type Value = Scalar | string | undefined;

/** Values of the field `ctstate`. */
export const CT_STATE = { INVALID: 0, NEW: 1, ESTABLISHED: 2, RELATED: 3, UNTRACKED: 4 } as const;

/** Bits of the field `ctstatus`, as in the kernel's enum ip_conntrack_status. */
export const CT_STATUS = {
  EXPECTED: 1,
  SEEN_REPLY: 2,
  ASSURED: 4,
  CONFIRMED: 8,
  SRC_NAT: 16,
  DST_NAT: 32,
  SRC_NAT_DONE: 128,
  DST_NAT_DONE: 256,
  DYING: 512,
} as const;

/** Addresses, ports and protocol of one direction of a connection; ports are 0 where there are none. */
export interface FlowTuple {
  readonly family: Family;
  readonly protocol: number;
  readonly source: Scalar;
  readonly destination: Scalar;
  readonly sourcePort: number;
  readonly destinationPort: number;
}

/** A step of IPsec that a packet came through or will go through. Kernel: struct xt_policy_elem. */
export interface SecurityStep {
  readonly mode: "transport" | "tunnel";
  /** ESP 50, AH 51, IPComp 108. */
  readonly protocol: number;
  readonly spi: number;
  readonly reqid: number;
  /** Ends of a tunnel. */
  readonly source?: Scalar;
  readonly destination?: Scalar;
}

/** The connection table, as conditions that count connections ask it. */
export interface ConnectionLookup {
  /** The original direction of the packet's connection; without one, the packet's own; undefined where it has no ports to read. */
  flow(): FlowTuple | undefined;
  /** Is there still a connection with this tuple, and is it over (TCP in TIME_WAIT or CLOSE)? Kernel: nf_conncount.c, find_or_evict. */
  find(flow: FlowTuple, zone: number): { readonly closed: boolean; readonly confirmed: boolean } | undefined;
}

/** Where nothing is tracked. */
export const NO_CONNECTIONS: ConnectionLookup = { flow: () => undefined, find: () => undefined };

/** What a predicate may ask of one packet where it stands. */
export interface Facts {
  readonly family: Family;
  /** The value of a field, or `undefined` where the packet has none. */
  value(field: Field): Value;
  /** The packet from its IP header on, as it is now. Not to be written. */
  readonly bytes: Uint8Array;
  /** Offset in bytes of the transport header in `bytes`. */
  readonly l4: number;
  /** Bytes of the packet by its own header; link padding lies beyond. */
  readonly end: number;
  readonly connections: ConnectionLookup;
  /** IPsec that the packet came through, or that its route leads it through, outermost first; empty without. */
  securityPath(direction: "in" | "out"): readonly SecurityStep[];
  /** Sets labels of the packet's connection; false without a connection. Kernel: nf_conntrack_labels.c, nf_connlabel_set. */
  setLabel(bit: number): boolean;
  /** Gives the packet a mark: the one side effect of a condition on the packet itself. Kernel: xt_socket.c, --restore-skmark. */
  setMark(mark: number): void;
}

/** Clock and randomness, given by whoever runs the engine. */
export interface Moment {
  /** Microseconds since the epoch; never runs backwards. */
  readonly now: number;
  /** A uniformly random unsigned 32-bit number. */
  random(): number;
}
