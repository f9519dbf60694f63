import { DCCP_TYPE, icmpName, icmpNames, printAddress, printMac, protocolName, TCP_FLAG_NAMES } from "../packet/index.ts";
import { CT_STATE, CT_STATUS, type Family, type Field, type Scalar, type Value } from "../predicate/index.ts";

/** What people call a field. */
const NAMES: Partial<Record<Field, string>> = {
  saddr: "source",
  daddr: "destination",
  iif: "input",
  oif: "output",
  sport: "source port",
  dport: "destination port",
  fragoff: "fragment offset",
  morefrags: "more fragments",
  l4length: "transport length",
  tcpflags: "TCP flags",
  tcpoptions: "TCP options",
  icmptype: "ICMP type",
  icmpcode: "ICMP code",
  pkttype: "packet type",
  mac: "source MAC",
  ctstate: "state",
  ctstatus: "connection status",
  ctdir: "direction",
  ctmark: "connection mark",
  saddrtype: "source type",
  daddrtype: "destination type",
  saddrtypeIn: "source type",
  daddrtypeIn: "destination type",
  saddrtypeOut: "source type",
  daddrtypeOut: "destination type",
  physin: "bridge port in",
  physout: "bridge port out",
  ahspi: "AH SPI",
  espspi: "ESP SPI",
  ipcompcpi: "IPComp CPI",
  dccptype: "DCCP type",
  fragid: "fragment id",
  mhtype: "mobility header type",
  extheaders: "extension headers",
  cgroup: "control group class",
  cgrouppath: "control group",
  indevgroup: "input group",
  outdevgroup: "output group",
  rpf: "way back",
  localsocket: "local socket",
  socketmark: "socket mark",
  ipsecin: "IPsec in",
  ipsecout: "IPsec out",
  cthelper: "master's helper",
  ctlabels: "connection labels",
  ctpacketsorig: "original packets",
  ctpacketsreply: "reply packets",
  ctbytesorig: "original bytes",
  ctbytesreply: "reply bytes",
};

export const fieldName = (field: Field): string => NAMES[field] ?? field;

const flipped = (table: Readonly<Record<string, number>>): ReadonlyMap<number, string> =>
  new Map(Object.entries(table).map(([name, value]) => [value, name]));

const STATES = flipped(CT_STATE);
const PACKET_TYPES = ["unicast", "broadcast", "multicast", "otherhost", "outgoing", "loopback"];
const ADDRESS_TYPES = [
  "unspec",
  "unicast",
  "local",
  "broadcast",
  "anycast",
  "multicast",
  "blackhole",
  "unreachable",
  "prohibit",
  "throw",
  "nat",
  "xresolve",
];

/** Bits of the field `extheaders`. */
const EXTENSION_HEADERS: readonly (readonly [string, number])[] = [
  ["hop-by-hop", 128],
  ["destination", 64],
  ["routing", 32],
  ["fragment", 16],
  ["AH", 8],
  ["ESP", 4],
  ["no-next", 2],
  ["protocol", 1],
];

const DCCP_TYPES = flipped(DCCP_TYPE);

/** The field `rpf`, as a value or as the bit that is wanted: with which options, the fewest, the reverse path passes. */
function wayBack(passed: number): string {
  if ((passed & 1) !== 0) return "by the same interface";
  const options = ["loose", "validmark", "accept-local"];
  const asked = [1, 2, 4, 3, 5, 6, 7].find(index => (passed >> index) & 1);
  return asked === undefined ? "missing" : `there with ${options.filter((_, bit) => (asked >> bit) & 1).join(" and ")}`;
}

function labelNumbers(bits: bigint): string {
  const labels = Array.from({ length: 128 }, (_, bit) => bit).filter(bit => ((bits >> BigInt(bit)) & 1n) === 1n);
  return labels.length === 0 ? "none" : labels.join(", ");
}

const bitNames = (bits: number, names: Iterable<readonly [string, number]>, none: string): string =>
  [...names]
    .filter(([, bit]) => (bits & bit) === bit)
    .map(([name]) => name.toLowerCase())
    .join("+") || none;

/** A field's value as people write it. */
export function showValue(field: Field, value: Value, family: Family): string {
  if (value === undefined) return "absent";
  if (typeof value === "string") return value === "" ? "none" : value;
  return showScalar(field, value, family);
}

/** The same for the numbers and addresses in a predicate. */
export function showScalar(field: Field, value: Scalar, family: Family): string {
  switch (field) {
    case "saddr":
    case "daddr":
    case "ctorigsrc":
    case "ctorigdst":
    case "ctreplsrc":
    case "ctrepldst":
      return printAddress(family === 6 ? BigInt(value) : Number(value));
    case "protocol":
    case "ctproto":
      return protocolName(Number(value)) ?? `${value}`;
    case "tcpflags":
      return bitNames(Number(value), TCP_FLAG_NAMES, "none");
    case "ctstate":
      return STATES.get(Number(value)) ?? `${value}`;
    case "ctstatus":
      return bitNames(Number(value), Object.entries(CT_STATUS), "none");
    case "ctdir":
      return value === 0 ? "original" : "reply";
    case "extheaders":
      return bitNames(Number(value), EXTENSION_HEADERS, "none");
    case "localsocket":
      return [Number(value) & 1 ? "bound" : "bound to no address", ...(Number(value) & 2 ? ["transparent"] : [])].join(", ");
    case "rpf":
      return wayBack(Number(value));
    case "ipsecin":
    case "ipsecout":
      return value === 0 ? "none" : "there";
    case "dccptype":
      return DCCP_TYPES.get(Number(value)) ?? `${value}`;
    case "ctlabels":
      return labelNumbers(BigInt(value));
    case "socketmark":
    case "realm":
    case "mark":
    case "ctmark":
    case "tos":
      return `0x${value.toString(16)}`;
    case "mac":
      return printMac(Number(value));
    case "pkttype":
      return PACKET_TYPES[Number(value)] ?? `${value}`;
    case "icmptype":
      return (
        icmpNames(family).find(({ type, codes: [low, high] }) => type === value && low < high)?.name ??
        icmpName(Number(value), 0, family) ??
        `${value}`
      );
    case "saddrtype":
    case "daddrtype":
    case "saddrtypeIn":
    case "daddrtypeIn":
    case "saddrtypeOut":
    case "daddrtypeOut":
      return ADDRESS_TYPES[Number(value)] ?? `${value}`;
    default:
      return `${value}`;
  }
}
