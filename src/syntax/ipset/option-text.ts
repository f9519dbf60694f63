import { readAddress, readHost, readNetworkOrRange, type AddressText } from "./address-text.ts";
import { readNumber, readPrefixLength, readSmall } from "./c-numbers.ts";
import { addressFamily, type Draft } from "./draft.ts";
import type { Keyword, Stage } from "./keywords.ts";
import { readPort, readTcpUdpPort } from "./port-text.ts";
import { FAILED, type Failed } from "./report.ts";
import { byteLength, checkSetName } from "./set-name.ts";

const U32_MAX = 0xffffffff;
/** The most seconds that fit into the kernel's timers. libipset: parse.c, ipset_parse_timeout. */
const TIMEOUT_MAX = 2147483;
/** Kernel: IPSET_MAX_COMMENT_SIZE. */
const COMMENT_MAX = 255;

/** Reads one option into the draft. Undefined when that went well. libipset: parse.c, ipset_call_parser. */
export function readOption(draft: Draft, keyword: Keyword, text: string, stage: Stage): Failed | undefined {
  if (draft.given.has(keyword.sets)) return draft.report.syntax(`${keyword.name} already specified`);
  if (keyword.ignored) {
    draft.report.doubt(`Option '--${keyword.name} ${text}' is ignored. Please upgrade your syntax.`);
    return undefined;
  }
  const done = stage === "create" ? readCreate(draft, keyword, text) : readEntryOption(draft, keyword, text);
  // Flags share one field of libipset's, which does not tell them apart.
  if (done !== FAILED && (keyword.takes || keyword.sets === "family")) draft.given.add(keyword.sets);
  return done;
}

function readCreate(draft: Draft, keyword: Keyword, text: string): Failed | undefined {
  const { create, report } = draft;
  switch (keyword.sets) {
    case "family":
      return readFamily(draft, text);
    case "hashsize":
    case "maxelem":
    case "markmask":
    case "initval":
    case "size":
      return keep(readSmall(report, text, U32_MAX), value => (create[keyword.sets as "size"] = value));
    case "bucketsize":
      return keep(readSmall(report, text, 255), value => (create.bucketsize = value));
    case "timeout":
      return keep(readSmall(report, text, TIMEOUT_MAX), value => (create.timeout = value));
    case "netmask":
      return readNetmask(draft, text);
    case "bitmask":
      return readBitmask(draft, text);
    case "ip":
      if (keyword.name === "from") return keep(readAddress(draft, text, "single"), ({ ip }) => (create.from = Number(ip)));
      return keep(keyword.name === "network" ? readAddress(draft, text, "any") : readNetworkOrRange(draft, text), range =>
        keepRange(draft, range),
      );
    case "ipTo":
      return keep(readAddress(draft, text, "single"), ({ ip }) => (create.to = Number(ip)));
    case "portRange":
      return keep(readPortRange(draft, text), () => undefined);
    case "port":
      return keep(readPort(draft, text, "tcp"), value => (create.portFrom = value));
    case "portTo":
      return keep(readPort(draft, text, "tcp"), value => (create.portTo = value));
    case "createComment":
      create.comment = true;
      return undefined;
    default:
      create[keyword.sets as "counters" | "skbinfo" | "forceadd"] = true;
      return undefined;
  }
}

/** Stores what was read, unless nothing was. */
function keep<T>(value: T | Failed, store: (value: T) => void): Failed | undefined {
  if (value === FAILED) return FAILED;
  store(value as T);
  return undefined;
}

function keepRange(draft: Draft, { ip, to, cidr }: AddressText): void {
  draft.create.from = Number(ip);
  if (to !== undefined) {
    draft.create.to = Number(to);
    draft.given.add("ipTo");
  }
  if (cidr !== undefined) draft.create.cidr = cidr;
}

function readPortRange(draft: Draft, text: string): Failed | undefined {
  if (readTcpUdpPort(draft, text) === FAILED) return FAILED;
  const { port, portTo } = draft.entry;
  if (port !== undefined) draft.create.portFrom = port;
  if (portTo !== undefined) draft.create.portTo = portTo;
  draft.given.add("port");
  if (portTo !== undefined) draft.given.add("portTo");
  return undefined;
}

function readFamily(draft: Draft, text: string): Failed | undefined {
  switch (text) {
    case "inet":
    case "ipv4":
    case "-4":
      draft.family = 4;
      return undefined;
    case "inet6":
    case "ipv6":
    case "-6":
      draft.family = 6;
      return undefined;
    case "any":
    case "unspec":
      draft.family = 0;
      return undefined;
    default:
      return draft.report.syntax(`unknown inet family ${text}`);
  }
}

const EXCLUSIVE = "bitmask and netmask are mutually exclusive, provide only one";

function readNetmask(draft: Draft, text: string): Failed | undefined {
  const bits = addressFamily(draft) === 4 ? 32 : 128;
  if (draft.given.has("bitmask")) return draft.report.syntax(EXCLUSIVE);
  const length = readPrefixLength(draft.report, text, 1, bits);
  if (length === FAILED) return draft.report.syntax(`netmask is out of the inclusive range of 1-${bits}`);
  draft.create.netmask = length;
  return undefined;
}

function readBitmask(draft: Draft, text: string): Failed | undefined {
  const family = addressFamily(draft);
  if (draft.given.has("netmask")) return draft.report.syntax(EXCLUSIVE);
  const mask = readHost(draft, text);
  if (mask === FAILED) return draft.report.syntax(`bitmask is not valid for family = ${family === 4 ? "inet" : "inet6"}`);
  draft.create.bitmask = mask;
  return undefined;
}

function readEntryOption(draft: Draft, keyword: Keyword, text: string): Failed | undefined {
  const { entry, report } = draft;
  switch (keyword.sets) {
    case "timeout":
      return keep(readSmall(report, text, TIMEOUT_MAX), value => (entry.timeout = value));
    case "packets":
    case "bytes":
      return keep(readNumber(report, text, (1n << 64n) - 2n), value => (entry[keyword.sets as "packets"] = value));
    case "comment":
      return readComment(draft, text);
    case "skbmark":
      return readSkbMark(draft, text);
    case "skbprio":
      return readSkbPriority(draft, text);
    case "skbqueue":
      return keep(readSmall(report, text, 65535), value => (entry.skbQueue = value));
    case "reference":
      if (checkSetName(report, text)) return FAILED;
      entry.reference = text;
      entry.before = keyword.name === "before";
      return undefined;
    default:
      entry[keyword.sets as "nomatch" | "wildcard"] = true;
      return undefined;
  }
}

function readComment(draft: Draft, text: string): Failed | undefined {
  if (text.includes('"')) return draft.report.syntax('" character is not permitted in comments');
  if (byteLength(text) > COMMENT_MAX) return draft.report.syntax(`Comment is longer than the maximum allowed ${COMMENT_MAX} characters`);
  draft.entry.comment = text;
  return undefined;
}

/** As C's sscanf reads `0x%lx/0x%lx`: what follows the numbers does not matter. */
function readSkbMark(draft: Draft, text: string): Failed | undefined {
  const [, mark, mask] = /^0x(?:0x)?([0-9a-f]+)(?:\/0x(?:0x)?([0-9a-f]+))?/i.exec(text) ?? [];
  if (mark === undefined) return draft.report.syntax("Invalid skbmark format, it should be:  MARK/MASK or MARK (see manpage)");
  draft.entry.skbMark = { mark: lowBits(mark), mask: mask === undefined ? U32_MAX : lowBits(mask) };
  return undefined;
}

/** As C's sscanf reads `%x:%x`. */
function readSkbPriority(draft: Draft, text: string): Failed | undefined {
  const [, major, minor] = /^[ \t-\r]*[-+]?(?:0x)?([0-9a-f]+):[ \t-\r]*[-+]?(?:0x)?([0-9a-f]+)/i.exec(text) ?? [];
  if (major === undefined || minor === undefined)
    return draft.report.syntax("Invalid skbprio format, it should be:MAJOR:MINOR (see manpage)");
  draft.entry.skbPriority = ((lowBits(major) << 16) | (lowBits(minor) & 0xffff)) >>> 0;
  return undefined;
}

/** The low 32 bits of hexadecimal digits; beyond 64 bits C stops at the largest number. */
function lowBits(digits: string): number {
  const significant = digits.replace(/^0+/, "");
  return significant.length > 16 ? U32_MAX : Number.parseInt(significant.slice(-8) || "0", 16);
}
