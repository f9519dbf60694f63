import { readConnection } from "./connection-fields.ts";
import {
  authenticationSpi,
  compressionIndex,
  dccpType,
  encryptionSpi,
  extensionHeaders,
  fragmentId,
  mobilityType,
} from "./header-fields.ts";
import { findSocket, socketBits } from "./local-socket.ts";
import type { Field, Value } from "../predicate/index.ts";
import type { PacketState } from "./packet-state.ts";

const TCP = 6;

/** The value of any field, or undefined where the packet has none. */
export function readField(packet: PacketState, field: Field): Value {
  return READERS[field](packet);
}

/** Reads one field of a packet. */
export type FieldReader = (packet: PacketState) => Value;

/** How each field is read; the compiled rules take their readers from here. */
export const READERS: Readonly<Record<Field, FieldReader>> = {
  family: packet => packet.family,
  saddr: packet => (packet.family === 4 ? packet.saddr4 : packet.source),
  daddr: packet => (packet.family === 4 ? packet.daddr4 : packet.destination),
  iif: packet => packet.in?.name ?? "",
  oif: packet => packet.out?.name ?? "",
  physin: packet => packet.physin,
  physout: packet => packet.physout,
  bridged: packet =>
    packet.physin === undefined && packet.physout === undefined
      ? undefined
      : packet.physin !== undefined && packet.physout !== undefined
        ? 1
        : 0,
  protocol: packet => (packet.protocol < 0 ? undefined : packet.protocol),
  fragoff: packet => packet.fragoff,
  morefrags: packet => (packet.layout.moreFragments ? 1 : 0),
  l4length: packet => packet.layout.totalLength - packet.layout.l4,
  length: packet => packet.layout.totalLength,
  ttl: packet => packet.bytes[packet.family === 4 ? 8 : 7],
  tos: packet => (packet.family === 4 ? packet.bytes[1] : (((packet.bytes[0] as number) << 4) | ((packet.bytes[1] as number) >> 4)) & 0xff),
  sport: packet => (packet.sport < 0 ? undefined : packet.sport),
  dport: packet => (packet.dport < 0 ? undefined : packet.dport),
  tcpflags: packet => (hasTcp(packet) ? packet.bytes[packet.layout.l4 + 13] : undefined),
  tcpoptions: tcpOptionKinds,
  mss: maximumSegment,
  icmptype: packet => (hasIcmp(packet) ? packet.bytes[packet.layout.l4] : undefined),
  icmpcode: packet => (hasIcmp(packet) ? packet.bytes[packet.layout.l4 + 1] : undefined),
  mark: packet => packet.mark,
  priority: packet => packet.priority,
  mac: sourceHardware,
  pkttype: packet => packet.pkttype,
  socket: packet => (packet.socket ? 1 : 0),
  uid: packet => packet.uid,
  gid: packet => packet.gid,
  saddrtype: packet => packet.router.addressType(packet.family, packet.source),
  daddrtype: packet => packet.router.addressType(packet.family, packet.destination),
  saddrtypeIn: packet => packet.router.addressType(packet.family, packet.source, packet.in?.name),
  daddrtypeIn: packet => packet.router.addressType(packet.family, packet.destination, packet.in?.name),
  saddrtypeOut: packet => packet.router.addressType(packet.family, packet.source, packet.out?.name),
  daddrtypeOut: packet => packet.router.addressType(packet.family, packet.destination, packet.out?.name),
  ctstate: packet => readConnection(packet, "ctstate"),
  ctstatus: packet => readConnection(packet, "ctstatus"),
  ctdir: packet => readConnection(packet, "ctdir"),
  ctproto: packet => readConnection(packet, "ctproto"),
  ctorigsrc: packet => readConnection(packet, "ctorigsrc"),
  ctorigdst: packet => readConnection(packet, "ctorigdst"),
  ctreplsrc: packet => readConnection(packet, "ctreplsrc"),
  ctrepldst: packet => readConnection(packet, "ctrepldst"),
  ctorigsrcport: packet => readConnection(packet, "ctorigsrcport"),
  ctorigdstport: packet => readConnection(packet, "ctorigdstport"),
  ctreplsrcport: packet => readConnection(packet, "ctreplsrcport"),
  ctrepldstport: packet => readConnection(packet, "ctrepldstport"),
  ctexpire: packet => readConnection(packet, "ctexpire"),
  ctmark: packet => readConnection(packet, "ctmark"),
  ctzone: packet => readConnection(packet, "ctzone"),
  ahspi: authenticationSpi,
  espspi: encryptionSpi,
  ipcompcpi: compressionIndex,
  dccptype: dccpType,
  fragid: fragmentId,
  mhtype: mobilityType,
  extheaders: extensionHeaders,
  cpu: packet => packet.around.cpu ?? 0,
  cgroup: packet => (packet.socket ? (packet.around.cgroup ?? 0) : undefined),
  cgrouppath: packet => (packet.socket ? (packet.around.cgroupPath ?? "/") : undefined),
  realm: packet => packet.around.realm ?? packet.realm,
  indevgroup: packet => (packet.in === undefined ? undefined : (packet.around.inGroup ?? packet.in.group ?? 0)),
  outdevgroup: packet => (packet.out === undefined ? undefined : (packet.around.outGroup ?? packet.out.group ?? 0)),
  rpf: reversePathBits,
  localsocket: packet => socketBits(findSocket(packet)),
  socketmark: packet => findSocket(packet)?.mark,
  ipsecin: packet => (packet.securityPath("in").length > 0 ? 1 : 0),
  ipsecout: packet => (packet.securityPath("out").length > 0 ? 1 : 0),
  cthelper: packet => packet.connection?.master?.helper,
  ctlabels: packet => packet.connection?.labels,
  ctpacketsorig: packet => packet.connection?.counts?.[0].packets,
  ctpacketsreply: packet => packet.connection?.counts?.[1].packets,
  ctbytesorig: packet => packet.connection?.counts?.[0].bytes,
  ctbytesreply: packet => packet.connection?.counts?.[1].bytes,
};

/** Passing with the options i sets bit i: loose 1, validmark 2, accept-local 4. */
function reversePathBits(packet: PacketState): number | undefined {
  const { in: device, family, source, destination, mark, router } = packet;
  if (device === undefined) return undefined;
  const query = { family, source, destination, mark, tos: Number(READERS.tos(packet) ?? 0) };
  let passed = 0;
  for (let options = 0; options < 8; options++) {
    const asked = { loose: (options & 1) !== 0, validMark: (options & 2) !== 0, acceptLocal: (options & 4) !== 0 };
    if (packet.pkttype === LOOPED || router.reversePath(query, device, asked)) passed |= 1 << options;
  }
  return passed;
}

/** Packet type of what this machine sent to itself. */
const LOOPED = 5;

/** Behind routing the link header is that of the way out, where it has one. Kernel: ip_output.c, ip_output, which sets skb->dev. */
function sourceHardware({ hook, out, mac }: PacketState): number | undefined {
  return hook === "POSTROUTING" && out !== undefined && out.link !== "ethernet" ? undefined : mac;
}

function hasTcp({ layout }: PacketState): boolean {
  return layout.protocol === TCP && layout.fragmentOffset === 0 && layout.l4 + 20 <= layout.totalLength;
}

function hasIcmp({ family, layout }: PacketState): boolean {
  return layout.protocol === (family === 4 ? 1 : 58) && layout.fragmentOffset === 0 && layout.l4 + 2 <= layout.totalLength;
}

/** Where the TCP options end, by the header's own length; undefined when it is too short or beyond the packet. */
function tcpOptionsEnd(packet: PacketState): number | undefined {
  if (!hasTcp(packet)) return undefined;
  const { l4, totalLength } = packet.layout;
  const length = ((packet.bytes[l4 + 12] as number) >> 4) * 4;
  return length >= 20 && l4 + length <= totalLength ? l4 + length : undefined;
}

/** One bit for each option kind, walked as tcp_find_option (xt_tcpudp.c) walks: a length of 0 counts as 1. */
function tcpOptionKinds(packet: PacketState): bigint | undefined {
  const end = tcpOptionsEnd(packet);
  if (end === undefined) return undefined;
  let kinds = 0n;
  for (let at = packet.layout.l4 + 20; at < end;) {
    const kind = packet.bytes[at] as number;
    kinds |= 1n << BigInt(kind);
    at += kind < 2 ? 1 : (at + 1 < end && packet.bytes[at + 1]) || 1;
  }
  return kinds;
}

/** Kernel: xt_tcpmss.c, tcpmss_mt. */
function maximumSegment(packet: PacketState): number | undefined {
  const end = tcpOptionsEnd(packet);
  if (end === undefined) return undefined;
  const { bytes } = packet;
  for (let at = packet.layout.l4 + 20; at < end;) {
    const kind = bytes[at] as number;
    if (kind === 2 && end - at >= 4 && bytes[at + 1] === 4) return ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
    at += kind < 2 ? 1 : (at + 1 < end && bytes[at + 1]) || 1;
  }
  return undefined;
}
