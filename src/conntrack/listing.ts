import { printAddress, PROTOCOL } from "../packet/index.ts";
import { STATUS, type Connection, type Count } from "./connection.ts";
import { SCTP_STATE_NAMES } from "./sctp-state.ts";
import { TCP_STATE_NAMES } from "./tcp-state.ts";
import { isIcmpOf, type Tuple } from "./tuple.ts";

/** What a line shows beside the tuples. */
export interface ListingOptions {
  /** Leave out the seconds until expiry, which differ from run to run. */
  readonly timeouts?: boolean | undefined;
  /** The zone and use columns of /proc/net/nf_conntrack. */
  readonly use?: boolean | undefined;
  /** Leave out the family, as `conntrack -L` does without `-o extended`. */
  readonly plain?: boolean | undefined;
  /** conntrack's use column: 1, and 1 more for each connection that this one led to. */
  readonly references?: number | undefined;
}

const NAMES: Readonly<Record<number, string>> = {
  [PROTOCOL.TCP]: "tcp",
  [PROTOCOL.UDP]: "udp",
  [PROTOCOL.ICMP]: "icmp",
  [PROTOCOL.ICMPV6]: "icmpv6",
  [PROTOCOL.UDPLITE]: "udplite",
  [PROTOCOL.SCTP]: "sctp",
  [PROTOCOL.GRE]: "gre",
  [PROTOCOL.DCCP]: "dccp",
};

/** One line of /proc/net/nf_conntrack, without its newline; IPv6 addresses in short form, as conntrack -L has them (ct_seq_show). */
export function printConnection(connection: Connection, now: number, options: ListingOptions = {}): string {
  const { tuples, status, counts, zone } = connection;
  const { family, protocol } = tuples[0];
  // Linux 6.18 tracks DCCP by addresses alone; conntrack -L still prints its name and ports of 0, /proc does not.
  const named = options.use && protocol === PROTOCOL.DCCP ? undefined : NAMES[protocol];
  const words = [...(options.plain ? [] : [family === 4 ? "ipv4     2" : "ipv6     10"]), `${(named ?? "unknown").padEnd(8)} ${protocol}`];
  if (options.timeouts !== false)
    words.push(`${Math.max(0, Math.floor((connection.deadline - (status & STATUS.CONFIRMED ? now : 0)) / 1e6))}`);
  if (connection.tcp) words.push(TCP_STATE_NAMES[connection.tcp.state] ?? "NONE");
  const { gre_timeout: alone, gre_timeout_stream: answered } = connection.timeouts;
  if (options.use && protocol === PROTOCOL.GRE) words.push(`timeout=${alone}, stream_timeout=${answered}`);
  if (connection.sctp) words.push(SCTP_STATE_NAMES[connection.sctp.state] ?? "NONE");
  words.push(tupleText(tuples[0], named !== undefined));
  if (zone.original && !zone.reply) words.push(`zone-orig=${zone.id}`);
  if (counts) words.push(countText(counts[0]));
  if (!(status & STATUS.SEEN_REPLY)) words.push("[UNREPLIED]");
  words.push(tupleText(tuples[1], named !== undefined));
  if (zone.reply && !zone.original) words.push(`zone-reply=${zone.id}`);
  if (counts) words.push(countText(counts[1]));
  if (status & STATUS.ASSURED) words.push("[ASSURED]");
  words.push(`mark=${connection.mark}`);
  if (zone.original && zone.reply && (options.use || zone.id !== 0)) words.push(`zone=${zone.id}`);
  if (connection.startedAt !== undefined) words.push(`delta-time=${Math.floor((now - connection.startedAt) / 1e6)}`);
  if (options.use) words.push("use=2");
  else if (connection.helper !== undefined) words.push(`helper=${connection.helper}`);
  if (options.references !== undefined) words.push(`use=${options.references}`);
  return words.join(" ");
}

/** All lines of `conntrack -L`, with the family first where `extended` asks for it (conntrack -L -o extended). */
export function printConnections(connections: readonly Connection[], now: number, extended = false): string[] {
  const led = new Map<Connection, number>();
  for (const { master } of connections) if (master !== undefined) led.set(master, (led.get(master) ?? 0) + 1);
  return connections.map(one => printConnection(one, now, { plain: !extended, references: 1 + (led.get(one) ?? 0) }));
}

function tupleText(tuple: Tuple, named: boolean): string {
  const { protocol, sourcePort, destinationPort } = tuple;
  const addresses = `src=${printAddress(tuple.source)} dst=${printAddress(tuple.destination)}`;
  if (!named) return addresses;
  if (isIcmpOf(tuple)) return `${addresses} type=${destinationPort >> 8} code=${destinationPort & 0xff} id=${sourcePort}`;
  switch (protocol) {
    case PROTOCOL.TCP:
    case PROTOCOL.UDP:
    case PROTOCOL.UDPLITE:
    case PROTOCOL.SCTP:
    case PROTOCOL.DCCP:
      return `${addresses} sport=${sourcePort} dport=${destinationPort}`;
    case PROTOCOL.GRE:
      return `${addresses} srckey=0x${sourcePort.toString(16)} dstkey=0x${destinationPort.toString(16)}`;
    default:
      return addresses;
  }
}

const countText = ({ packets, bytes }: Count): string => `packets=${packets} bytes=${bytes}`;
