import type { Word } from "./words.ts";
import { COUNTING_TEXTS } from "./read-list-counting.ts";
import { readPhrases, type ListText, type Phrase } from "./read-list-text.ts";
import { HEADER_TEXTS } from "./read-list-header-texts.ts";
import { readPattern } from "./read-list-patterns.ts";
import { flag, one, ports, same, type MatchText } from "./read-list-phrases.ts";
import { chunkTypes, tcpFlags } from "./read-list-values.ts";

export type { MatchText };

const compared = (option: string): readonly Phrase[] => [
  one("==", `${option}-eq`),
  { says: "!=", option: `${option}-eq`, inverted: true },
  one("<", `${option}-lt`),
  one(">", `${option}-gt`),
];
const chunks = (scope: string): Phrase => ({
  says: scope,
  option: "chunk-types",
  value: token => chunkTypes(token)?.flatMap(types => [scope, types]),
});

const CONNTRACK =
  "ctstate ctproto ctorigsrc ctorigdst ctreplsrc ctrepldst ctorigsrcport ctorigdstport ctreplsrcport ctrepldstport ctstatus ctexpire ctdir".split(
    " ",
  );

/** The texts of the match extensions, in the wording of 1.8.9 and its forerunners. */
const MATCH_TEXTS: readonly MatchText[] = [
  {
    match: "tcp",
    head: "tcp",
    alone: true,
    protocol: 6,
    phrases: [...ports, { says: "option=", option: "tcp-option" }, { says: "flags:", option: "tcp-flags", value: tcpFlags }],
  },
  { match: "udp", head: "udp", alone: true, protocol: 17, phrases: ports },
  { match: "udplite", head: "udplite", alone: true, protocol: 136, phrases: ports },
  { match: "sctp", head: "sctp", alone: true, protocol: 132, phrases: [...ports, chunks("all"), chunks("any"), chunks("only")] },
  { match: "state", phrases: [same("state")] },
  { match: "conntrack", phrases: CONNTRACK.map(same) },
  { match: "limit", head: "limit:", phrases: [one("avg", "limit"), one("burst", "limit-burst")] },
  { match: "multiport", head: "multiport", phrases: [one("sports", "sports"), one("dports", "dports"), one("ports", "ports")] },
  { match: "mark", head: "mark match", phrases: [one("", "mark")] },
  { match: "connmark", head: "connmark match", phrases: [one("", "mark")] },
  { match: "mac", head: "MAC", phrases: [one("", "mac-source")] },
  { match: "iprange", phrases: [one("source IP range", "src-range"), one("destination IP range", "dst-range")] },
  { match: "length", head: "length", phrases: [one("", "length")] },
  { match: "ttl", head: "TTL match TTL", phrases: compared("ttl") },
  { match: "hl", head: "HL match HL", phrases: compared("hl") },
  { match: "tos", phrases: [{ says: "tos match", option: "tos", glued: true }] },
  { match: "dscp", head: "DSCP match", phrases: [one("", "dscp")] },
  { match: "pkttype", head: "PKTTYPE", phrases: [one("=", "pkt-type"), { says: "!=", option: "pkt-type", inverted: true }] },
  {
    match: "addrtype",
    head: "ADDRTYPE match",
    phrases: [
      one("src-type", "src-type"),
      one("dst-type", "dst-type"),
      flag("limit-in", "limit-iface-in"),
      flag("limit-out", "limit-iface-out"),
    ],
  },
  { match: "tcpmss", head: "tcpmss match", phrases: [one("", "mss")] },
  {
    match: "owner",
    phrases: [
      flag("owner socket exists", "socket-exists"),
      one("owner UID match", "uid-owner"),
      one("owner GID match", "gid-owner"),
      flag("incl. suppl. groups", "suppl-groups"),
    ],
  },
  {
    match: "physdev",
    head: "PHYSDEV match",
    phrases: [
      flag("--physdev-is-in", "physdev-is-in"),
      one("--physdev-in", "physdev-in"),
      flag("--physdev-is-out", "physdev-is-out"),
      one("--physdev-out", "physdev-out"),
      flag("--physdev-is-bridged", "physdev-is-bridged"),
    ],
  },
  {
    match: "recent",
    head: "recent:",
    phrases: [
      flag("SET", "set"),
      flag("CHECK", "rcheck"),
      flag("UPDATE", "update"),
      flag("REMOVE", "remove"),
      one("seconds:", "seconds"),
      flag("reap", "reap"),
      one("hit_count:", "hitcount"),
      flag("TTL-Match", "rttl"),
      one("name:", "name"),
      flag("side: source", "rsource"),
      flag("side: dest", "rdest"),
      one("mask:", "mask"),
    ],
  },
  {
    match: "set",
    phrases: [
      { says: "match-set", option: "match-set", takes: "two tokens" },
      ...["return-nomatch", "update-counters", "update-subcounters"].map(word => flag(word)),
      ...["packets", "bytes"].flatMap(counter => ["eq", "lt", "gt"].map(how => one(`${counter}-${how}`))),
    ],
  },
  ...COUNTING_TEXTS,
  ...HEADER_TEXTS,
];

/** The same by the characters that they can start with, each list in their order. */
const BY_FIRST = new Map<string, MatchText[]>();
for (const text of MATCH_TEXTS) {
  const firsts = new Set(text.head === undefined ? text.phrases.map(({ says }) => says.charAt(0)) : [text.head.charAt(0)]);
  for (const first of firsts) BY_FIRST.set(first, [...(BY_FIRST.get(first) ?? []), text]);
}

const whole = (words: readonly Word[]): readonly Word[] => words;

/** What a match's text says. */
export interface MatchRead {
  /** `-m` first. */
  readonly words: readonly Word[];
  /** What it leaves out. */
  readonly loses?: string | undefined;
}

/** The match whose text stands here in a rule for that protocol; undefined (and no step taken) where none is known to. */
export function readMatchText(text: ListText, ruleProtocol: number): MatchRead | undefined {
  const start = text.at;
  const pattern = readPattern(text);
  if (pattern) return { words: ["-m", pattern.match, ...pattern.words].map(word => text.word(word, start)), loses: pattern.loses };
  for (const { match, head, phrases, alone, protocol, complete = whole, loses } of BY_FIRST.get(firstLetter(text)) ?? []) {
    if (protocol !== undefined && protocol !== ruleProtocol) continue;
    const words = head === undefined ? readPhrases(text, phrases) : readHeaded(text, head, phrases, alone ?? false);
    const add = (word: string): Word => text.word(word, start);
    if (words) return { words: [add("-m"), add(match), ...complete(words, add)], loses };
    text.at = start;
  }
  return ruleProtocol === ICMP || ruleProtocol === ICMPV6 ? readIcmp(text) : undefined;
}

const ICMP = 1;
const ICMPV6 = 58;

function firstLetter({ line, at }: ListText): string {
  return line.charAt(line.startsWith("! ", at) ? at + 2 : at);
}

function readHeaded(text: ListText, head: string, phrases: readonly Phrase[], alone: boolean): Word[] | undefined {
  const not = text.take("! ");
  if (!text.take(head)) return undefined;
  return readPhrases(text, phrases, not) ?? (alone && !not ? [] : undefined);
}

/** `icmptype 3 code 1`, `icmp !type 3`, `icmp echo-request`, `ipv6-icmptype 128`. libipt_icmp, libip6t_icmp6. */
function readIcmp(text: ListText): MatchRead | undefined {
  const start = text.at;
  const found =
    /^(ipv6-)?icmp(?: ?(!?)type (\d+)(?: codes? (\d+)(?:-(\d+))?)?|v6 (!?)([a-z][\w-]*?)| (!?)([a-zA-Z][\w-]*?))(?=[ \t]|$|match bpf |eui64 )/.exec(
      text.line.slice(start, start + MOST_ICMP),
    );
  if (!found) return undefined;
  const [whole, six, not1, type, code, last, not2, v6name, not3, name] = found;
  text.at = start + whole.length;
  const v6 = six !== undefined || v6name !== undefined;
  const number =
    type === "255" && code === undefined && !v6
      ? "any"
      : type && (code === undefined ? type : `${type}/${code}${last === undefined ? "" : `:${last}`}`);
  const words = [
    "-m",
    v6 ? "icmp6" : "icmp",
    ...(not1 || not2 || not3 ? ["!"] : []),
    v6 ? "--icmpv6-type" : "--icmp-type",
    number ?? v6name ?? name ?? "",
  ];
  return { words: words.map(word => text.word(word, start)) };
}

/** Characters that the text of an ICMP type can take. */
const MOST_ICMP = 80;
