import { icmpName, icmpNames, printAddress, printMac, protocolName, TCP_FLAG_NAMES } from "../packet/index.ts";
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
