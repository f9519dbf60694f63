import { PROTOCOL, protocolName, protocolNumber, servicePort } from "../../packet/index.ts";
import { separatorAt, splitRange, stripBrackets } from "./address-text.ts";
import { addressFamily, type Draft } from "./draft.ts";
import { readSmall } from "./c-numbers.ts";
import { findIcmpCode } from "./icmp-codes.ts";
import { FAILED, type Failed } from "./report.ts";

const WITH_PORTS: readonly number[] = [PROTOCOL.TCP, PROTOCOL.UDP, PROTOCOL.SCTP, PROTOCOL.UDPLITE];

/** `[PROTO:]PORT[-PORT]` or `icmp:TYPE`, into the draft's entry. libipset: parse.c, ipset_parse_proto_port. */
export function readProtocolPort(draft: Draft, text: string): Failed | undefined {
  const colon = separatorAt(text, ":");
  if (colon < 0) {
    draft.entry.protocol = PROTOCOL.TCP;
    return readPorts(draft, text, "tcp");
  }
  const [name, rest] = [text.slice(0, colon), text.slice(colon + 1)];
  const protocol = readProtocol(draft, name);
  if (protocol === FAILED) return FAILED;
  draft.entry.protocol = protocol;
  if (WITH_PORTS.includes(protocol)) return readPorts(draft, rest, name);
  if (protocol === PROTOCOL.ICMP || protocol === PROTOCOL.ICMPV6) {
    const family = protocol === PROTOCOL.ICMP ? 4 : 6;
    // libipset forgets to stop here, and then finds that the error has emptied its draft.
    if (addressFamily(draft) !== family) {
      draft.report.syntax(`Protocol ${icmpWord(family)} can be used with family ${family === 4 ? "inet" : "inet6"} only`);
      return undefined;
    }
    const code = findIcmpCode(rest, family) ?? readTypeAndCode(draft, rest, family);
    if (code === FAILED) return FAILED;
    draft.entry.port = code;
    return undefined;
  }
  if (rest !== "0") return draft.report.syntax(`Protocol ${name} can be used with pseudo port value 0 only.`);
  draft.entry.port = 0;
  return undefined;
}

/** The same for bitmaps of ports, where the protocol only serves to find a service's number. libipset: parse.c, ipset_parse_tcp_udp_port. */
export function readTcpUdpPort(draft: Draft, text: string): Failed | undefined {
  if (readProtocolPort(draft, text) === FAILED || draft.report.emptied) return FAILED;
  const { protocol } = draft.entry;
  delete draft.entry.protocol;
  return protocol === PROTOCOL.TCP || protocol === PROTOCOL.UDP ? undefined : draft.report.syntax("Only protocols TCP and UDP are valid");
}

/** One port into a field of the draft; numbers first, then services. libipset: parse.c, ipset_parse_port. */
export function readPort(draft: Draft, text: string, protocol: string): number | Failed {
  const { report } = draft;
  const number = readSmall(report, text, 65535, true);
  if (number !== FAILED) return number;
  const name = stripBrackets(draft, text);
  const database = readSmall(report, protocol, 255, true);
  const port = name === FAILED ? undefined : servicePort(name, database === FAILED ? protocol : (protocolName(database) ?? protocol));
  if (port === undefined) {
    report.doubt(`cannot parse '${text}' as a ${protocol} port`);
    return report.confirm();
  }
  report.reset();
  return port;
}

function readPorts(draft: Draft, text: string, protocol: string): Failed | undefined {
  const ends = splitRange(draft, text);
  if (ends === FAILED) return FAILED;
  if (ends[1] !== undefined) {
    const to = readPort(draft, ends[1], protocol);
    if (to === FAILED) return FAILED;
    draft.entry.portTo = to;
  }
  const port = readPort(draft, ends[0], protocol);
  if (port === FAILED) return FAILED;
  draft.entry.port = port;
  return undefined;
}

/** A number, or a name of the protocols database: as it stands there, or as its alias in capitals. libipset: parse.c, ipset_parse_proto. */
function readProtocol(draft: Draft, text: string): number | Failed {
  const { report } = draft;
  const number = readSmall(report, text, 255, true);
  report.reset();
  if (number !== FAILED) return number;
  const name = text.toLowerCase();
  const written = name === "icmpv6" || text === name || text === text.toUpperCase() || text === "IPv6-ICMP";
  const known = written && name !== "all" ? protocolNumber(text) : undefined;
  if (known === undefined) return report.syntax(`cannot parse '${text}' as a protocol`);
  return known === 0 ? report.syntax(`Unsupported protocol '${text}'`) : known & 255;
}

function readTypeAndCode(draft: Draft, text: string, family: 4 | 6): number | Failed {
  const slash = separatorAt(text, "/");
  if (slash < 0) return draft.report.error(`Cannot parse ${text} as an ${icmpWord(family)} type/code.`);
  const type = readSmall(draft.report, text.slice(0, slash), 255);
  if (type === FAILED) return FAILED;
  const code = readSmall(draft.report, text.slice(slash + 1), 255);
  return code === FAILED ? FAILED : type * 256 + code;
}

const icmpWord = (family: 4 | 6): string => (family === 4 ? "ICMP" : "ICMPv6");
