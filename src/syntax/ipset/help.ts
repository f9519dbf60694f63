import { findSetType, SET_TYPES, type SetType } from "../../ruleset/index.ts";
import { COMMANDS, GLOBAL_OPTIONS } from "./commands.ts";
import { icmpCodeNames } from "./icmp-codes.ts";
import { keywords, type Stage } from "./keywords.ts";

/** The version of ipset whose language this is. */
export const IPSET_VERSION = "7.17";

/** Commands and options. libipset: ipset.c, default_help. */
export function generalHelp(): string {
  const commands = COMMANDS.map(({ name, help }) => `${name} ${help}\n`).join("");
  const options = GLOBAL_OPTIONS.map(({ names, help }) => `${names[0]} ${help}\n`).join("");
  return `ipset v${IPSET_VERSION}\n\nUsage: ipset [options] COMMAND\n\nCommands:\n${commands}\nOptions:\n${options}`;
}

/** What each revision of each type brought, the newest first. */
const REVISIONS: Readonly<Record<string, string>> = {
  "list:set": "skbinfo support,comment support,counters support,Initial revision",
  "hash:mac": "bucketsize, initval support;Initial revision",
  "hash:ip,mac": "bucketsize, initval support;Initial revision",
  "hash:net,iface":
    "bucketsize, initval support;skbinfo and wildcard support;skbinfo support;forceadd support;comment support;counters support;/0 network support;nomatch flag support;Initial revision",
  "hash:net,port":
    "bucketsize, initval support;skbinfo support;forceadd support;comment support;counters support;nomatch flag support;Add/del range support;SCTP and UDPLITE support",
  "hash:net,port,net": "bucketsize, initval support;skbinfo support;forceadd support;initial revision",
  "hash:net,net": "netmask and bitmask support;bucketsize, initval support;skbinfo support;forceadd support;initial revision",
  "hash:net":
    "bucketsize, initval support;skbinfo support;forceadd support;comment support;counters support;nomatch flag support;Add/del range support;Initial revision",
  "hash:ip,port,net":
    "bucketsize, initval support;skbinfo support;forceadd support;comment support;counters support;nomatch flag support;Add/del range support;SCTP and UDPLITE support",
  "hash:ip,port,ip":
    "bucketsize, initval support;skbinfo support;forceadd support;comment support;counters support;SCTP and UDPLITE support",
  "hash:ip,mark": "bucketsize, initval support;skbinfo support;forceadd support;initial revision",
  "hash:ip,port":
    "netmask and bitmask support;bucketsize, initval support;skbinfo support;forceadd support;comment support;counters support;SCTP and UDPLITE support",
  "hash:ip":
    "bitmask support;bucketsize, initval support;skbinfo support;forceadd support;comment support;counters support;Initial revision",
  "bitmap:port": "skbinfo support,comment support,counters support,Initial revision",
  "bitmap:ip,mac": "skbinfo support,comment support,counters support,Initial revision",
  "bitmap:ip": "skbinfo support,comment support,counters support,Initial revision",
};

/** The types that there are. */
export function typesHelp(): string {
  const lines = SET_TYPES.flatMap(({ name, revision }) => {
    const revisions = REVISIONS[name] ?? "";
    const texts = revisions.split(revisions.includes(";") ? ";" : ",");
    return texts.map((text, i) => `    ${name}\t${name.length < 12 ? "\t" : ""}${revision - i}\t${text}\n`);
  });
  return `\nSupported set types:\n${lines.join("")}`;
}

const NET_FORM = "IP[/CIDR]";
const NET_RANGE = "IP[/CIDR]|FROM-TO";
const PORT_FORM = "[PROTO:]PORT";

/** How an entry is written, for `add` and `del`, and for `test`. */
const FORMS: Readonly<Record<string, readonly [change: string, test: string]>> = {
  "list:set": ["NAME [before|after NAME]", "NAME [before|after NAME]"],
  "hash:mac": ["MAC", "MAC"],
  "hash:ip,mac": ["IP,MAC", "IP,MAC"],
  "hash:net,iface": [`${NET_RANGE},[physdev:]IFACE`, `${NET_FORM},[physdev:]IFACE`],
  "hash:net,port": [`${NET_RANGE},${PORT_FORM}`, `${NET_FORM},${PORT_FORM}`],
  "hash:net,port,net": [`${NET_FORM},${PORT_FORM},${NET_FORM}`, `${NET_FORM},${PORT_FORM},${NET_FORM}`],
  "hash:net,net": [`${NET_RANGE},${NET_RANGE}`, `${NET_FORM},${NET_FORM}`],
  "hash:net": [NET_FORM, NET_FORM],
  "hash:ip,port,net": [`IP,${PORT_FORM},${NET_FORM}`, `IP,${PORT_FORM},${NET_FORM}`],
  "hash:ip,port,ip": [`IP,${PORT_FORM},IP`, `IP,${PORT_FORM},IP`],
  "hash:ip,mark": ["IP,MARK", "IP,MARK"],
  "hash:ip,port": [`IP,${PORT_FORM}`, `IP,${PORT_FORM}`],
  "hash:ip": ["IP", "IP"],
  "bitmap:port": ["[PROTO:]PORT|FROM-TO", PORT_FORM],
  "bitmap:ip,mac": ["IP[,MAC]", "IP[,MAC]"],
  "bitmap:ip": ["IP|IP/CIDR|FROM-TO", "IP"],
};

/** Help of one type, or undefined for a name that none has. libipset: ipset.c, ipset_parser. */
export function typeHelp(name: string): string | undefined {
  const type = findSetType(name);
  if (!type) return undefined;
  const [change = "", test = ""] = FORMS[type.name] ?? [];
  const stage = (start: string, which: Stage, form: string): string => {
    const options = keywords(type, which).flatMap(({ help }) => (help === undefined ? [] : [`               ${help}\n`]));
    const bound = which === "create" && type.method === "bitmap";
    const [range = "", ...rest] = options;
    return `${start} SETNAME ${type.name} ${bound ? `${range.trimStart()}${rest.join("")}` : `${form}\n${options.join("")}`}`;
  };
  const families =
    type.families.length === 0
      ? `Type ${type.name} is family neutral.`
      : type.families.length === 2
        ? `Type ${type.name} supports inet and inet6.`
        : `Type ${type.name} supports family inet only.`;
  return (
    `\n${type.name} type specific options:\n\n` +
    `${stage("create", "create", "")}${stage("add   ", "add", change)}${stage("del   ", "del", change)}${stage("test  ", "test", test)}` +
    `\n${usage(type)}\n${type.parts.includes("port") && type.method === "hash" ? portHelp() : ""}\n${families}\n`
  );
}

const WHERE = "where depending on the INET family\n";
const CIDR_LINE = "      CIDR is a valid IPv4 or IPv6 CIDR prefix.\n";
const MULTIPLE = "      Adding/deleting multiple elements in IP/CIDR or FROM-TO form\n";
const PORT_LINES =
  "      Adding/deleting multiple elements with TCP/SCTP/UDP/UDPLITE\n      port range is supported both for IPv4 and IPv6.\n";

function usage({ name }: SetType): string {
  switch (name) {
    case "list:set":
      return "where NAME are existing set names.";
    case "hash:mac":
      return "";
    case "hash:ip,mac":
      return `${WHERE}      IP is a valid IPv4 or IPv6 address (or hostname),\n      MAC is a MAC address.\n`.trimEnd();
    case "hash:net,iface":
      return `${WHERE}      IP is a valid IPv4 or IPv6 address (or hostname),\n${CIDR_LINE}      Adding/deleting multiple elements with IPv4 is supported.`;
    case "hash:net,port":
      return `${WHERE}      IP is a valid IPv4 or IPv6 address (or hostname),\n${CIDR_LINE}${PORT_LINES}`.trimEnd();
    case "hash:net,port,net":
      return `${WHERE}      IP are valid IPv4 or IPv6 addresses (or hostnames),\n${CIDR_LINE}${MULTIPLE}      in both IP components are supported for IPv4.\n${PORT_LINES}`.trimEnd();
    case "hash:net,net":
      return `${WHERE}      IP is an IPv4 or IPv6 address (or hostname),\n${CIDR_LINE}      IP range is not supported with IPv6.`;
    case "hash:net":
      return `${WHERE}      IP is an IPv4 or IPv6 address (or hostname),\n${CIDR_LINE}`.trimEnd();
    case "hash:ip,port,net":
      return `${WHERE}      IP are valid IPv4 or IPv6 addresses (or hostnames),\n${CIDR_LINE}${MULTIPLE}      in the first IP component is supported for IPv4.\n${PORT_LINES}`.trimEnd();
    case "hash:ip,port,ip":
      return `${WHERE}      IP is a valid IPv4 or IPv6 address (or hostname).\n${MULTIPLE}      in the first IP component is supported for IPv4.\n${PORT_LINES}`.trimEnd();
    case "hash:ip,mark":
      return `${WHERE}      IP is a valid IPv4 or IPv6 address (or hostname).\n${MULTIPLE}      is supported for IPv4.\n      Adding/deleting single mark element\n      is supported both for IPv4 and IPv6.`;
    case "hash:ip,port":
      return `${WHERE}      IP is a valid IPv4 or IPv6 address (or hostname).\n${MULTIPLE}      is supported for IPv4.\n${PORT_LINES}`.trimEnd();
    case "hash:ip":
      return `${WHERE}      IP is a valid IPv4 or IPv6 address (or hostname),\n${CIDR_LINE}${MULTIPLE}      is supported for IPv4.`;
    case "bitmap:port":
      return "where PORT, FROM and TO are port numbers or port names from /etc/services.\n      PROTO is only needed if a service name is used and it does not exist\n      as a TCP service; just the resolved service numer is stored in the set.";
    default: {
      const where = "where IP, FROM and TO are IPv4 addresses (or hostnames),\n      CIDR is a valid IPv4 CIDR prefix.";
      return name === "bitmap:ip,mac" ? `${where}\n      MAC is a valid MAC address.` : where;
    }
  }
}

function portHelp(): string {
  const names = (family: 4 | 6): string =>
    icmpCodeNames(family)
      .map(name => `               ${name}\n`)
      .join("");
  return (
    "      [PROTO:]PORT is a valid pattern of the following:\n" +
    "           PORTNAME         TCP port name from /etc/services\n" +
    "           PORTNUMBER       TCP port number identifier\n" +
    "           tcp|sctp|udp|udplite:PORTNAME|PORTNUMBER\n" +
    "           icmp:CODENAME    supported ICMP codename\n" +
    "           icmp:TYPE/CODE   ICMP type/code value\n" +
    "           icmpv6:CODENAME  supported ICMPv6 codename\n" +
    "           icmpv6:TYPE/CODE ICMPv6 type/code value\n" +
    "           PROTO:0          all other protocols\n\n" +
    `           Supported ICMP codenames:\n${names(4)}           Supported ICMPv6 codenames:\n${names(6)}`
  );
}
