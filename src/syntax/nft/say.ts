import { intervals } from "../../packet/index.ts";
import type { Described, Family, Field, Opaque, Predicate, Range, Scalar, SetTest } from "../../predicate/index.ts";
import { fieldText, rangeText, type FieldText } from "./field-text.ts";
import { connectionKey, type SetWords } from "./set-words.ts";
import type { Literal } from "./terms.ts";
import { Unsayable } from "./unsayable.ts";
import { interfaceName } from "./words.ts";

/** What is certain of a packet before a test is asked. */
export interface Known {
  /** Bytes of transport header that are there; -1 when not even the protocol is. */
  readonly transport: number;
  readonly connection: boolean;
  readonly own: ReadonlySet<Field>;
}

/** Where a test stands. */
export interface Scene {
  readonly family: Family;
  /** Number of the protocol that the term asks for. */
  readonly protocol: number | undefined;
  /** Tracking is on, so that no fragment comes this far. */
  readonly whole: boolean;
  /** The term excludes later fragments. */
  readonly first: boolean;
  readonly known: Known;
  readonly sets: SetWords;
}

/**
 * A literal in nft's words. `match` holds exactly when its text matches; `unless` exactly when none of its texts does.
 * `loads` says what is certain when the text matches, `protocol` which protocol it demands by itself.
 */
export type Said =
  | { readonly kind: "always" }
  | { readonly kind: "never" }
  | {
      readonly kind: "match";
      readonly text: string;
      readonly loads?: Field | "transport" | "connection";
      readonly protocol?: number;
      readonly stateful?: boolean;
      /** Says nothing that another text with the same load does not. */
      readonly onlyLoads?: boolean;
    }
  | { readonly kind: "unless"; readonly texts: readonly string[] };

const ALWAYS: Said = { kind: "always" };
const NEVER: Said = { kind: "never" };

/** A literal in nft's words. Throws Unsayable. */
export function say({ of, negated }: Literal, scene: Scene): Said {
  switch (of.is) {
    case "in":
      return sayRanges(of.field, of.ranges, negated, scene);
    case "bits":
      return sayBits(of, negated, scene);
    case "name":
      return sayName(of, negated);
    case "present":
      return sayPresent(of.field, negated, scene);
    case "member":
      return saySet(of.test, negated, scene);
    case "opaque":
      return sayOpaque(of.opaque, negated, scene);
    default:
      throw new Unsayable("nft cannot say it");
  }
}

function saySet(test: SetTest, negated: boolean, { family, whole, sets }: Scene): Said {
  const said = sets.test(test, family);
  if (said === undefined) return negated ? ALWAYS : NEVER;
  const { text, total, ports } = said;
  if (ports && !whole && family === 6)
    throw new Unsayable("nft would look up ports of later fragments: let a rule ask for connection tracking");
  if (negated && total) return { kind: "match", text: text.replace(/ (@\S+)$/, " != $1") };
  return sayText(ports && !whole ? `ip frag-off & 0x1fff == 0 ${text}` : text, negated);
}

const contrary = (said: Said): Said => (said.kind === "always" ? NEVER : said.kind === "never" ? ALWAYS : said);

function sayText(text: string, negated: boolean): Said {
  return negated ? { kind: "unless", texts: [text] } : { kind: "match", text };
}

function sayRanges(field: Field, ranges: readonly Range[], negated: boolean, scene: Scene): Said {
  switch (field) {
    case "family":
      return holdsFor(ranges, scene.family) !== negated ? ALWAYS : NEVER;
    case "fragoff":
      return sayFragment(ranges, negated, scene);
    case "morefrags":
      return negated ? contrary(sayMore(ranges, scene)) : sayMore(ranges, scene);
    case "l4length":
      return sayTransportLength(ranges, negated, scene);
    case "socket":
      throw new Unsayable("nft cannot ask whether there is a local socket, only whose it is");
    case "ctstate":
      return sayState(ranges, negated);
    case "saddrtype":
    case "daddrtype":
    case "saddrtypeIn":
    case "daddrtypeIn":
    case "saddrtypeOut":
    case "daddrtypeOut":
      if (scene.family === 6 && !holdsFor(ranges, LOCAL) && !holdsFor(ranges, ANYCAST))
        throw new Unsayable("nft asks routing another question than iptables does for unreachable IPv6 addresses");
      return compare(field, ranges, negated, scene);
    default:
      return compare(field, ranges, negated, scene);
  }
}

/** Routing types. Kernel: rtnetlink.h, RTN_LOCAL and RTN_ANYCAST. */
const LOCAL = 2;
const ANYCAST = 4;

const holdsFor = (ranges: readonly Range[], value: Scalar): boolean => ranges.some(([low, high]) => low <= value && value <= high);

function sayState(ranges: readonly Range[], negated: boolean): Said {
  const states = ["invalid", "new", "established", "related", "untracked"].filter((_, state) => holdsFor(ranges, state) !== negated);
  return states.length === 0 ? NEVER : states.length === 5 ? ALWAYS : { kind: "match", text: `ct state ${states.join(",")}` };
}

/** Fragment offsets, in units of 8 bytes. In IPv6 nft knows of one only where there is a fragment header. */
function sayFragment(ranges: readonly Range[], negated: boolean, { family, whole }: Scene): Said {
  if (whole) return holdsFor(ranges, 0) !== negated ? ALWAYS : NEVER;
  const [only] = ranges;
  if (only === undefined || ranges.length > 1) throw new Unsayable("nft cannot compare fragment offsets with several ranges");
  const [low, high] = only;
  if (low === 0 && high === 0) {
    const later = family === 4 ? "ip frag-off & 0x1fff != 0" : "frag frag-off 1-8191";
    if (negated) return { kind: "match", text: later };
    // nft loads a port out of a later fragment as if it were a header (Linux 6.18, nft_payload_fast_eval), so this is always asked.
    return family === 4 ? { kind: "match", text: "ip frag-off & 0x1fff == 0" } : { kind: "unless", texts: [later] };
  }
  if (holdsFor(ranges, 0)) throw new Unsayable("nft cannot compare fragment offsets with this range");
  const value = low === high ? `${low}` : `${low}-${high}`;
  return sayText(family === 4 ? `ip frag-off & 0x1fff ${low === high ? "== " : ""}${value}` : `frag frag-off ${value}`, negated);
}

function sayMore(ranges: readonly Range[], { family, whole }: Scene): Said {
  if (whole) return holdsFor(ranges, 0) ? ALWAYS : NEVER;
  if (family === 6) return sayText("frag more-fragments 1", !holdsFor(ranges, 1));
  return { kind: "match", text: `ip frag-off & 0x2000 ${holdsFor(ranges, 1) ? "!=" : "=="} 0` };
}

/** `@th,N,8 0-255` matches where that byte is there. */
const byteThere = (index: number): string => `@th,${index * 8},8 0-255`;

function sayTransportLength(ranges: readonly Range[], negated: boolean, { first, whole }: Scene): Said {
  const [only] = ranges;
  if (only === undefined || ranges.length > 1 || only[0] !== 0 || Number(only[1]) > 254 || !(first || whole))
    throw new Unsayable("nft cannot compare the length of the transport part");
  const there = byteThere(Number(only[1]));
  return negated ? { kind: "match", text: there, loads: "transport" } : { kind: "unless", texts: [there] };
}

/** Options that end by the header's own length and within the packet: one line for each length. */
const WHOLE_OPTIONS: readonly string[] = Array.from({ length: 11 }, (_, i) => `tcp doff ${i + 5} ${byteThere((i + 5) * 4 - 1)}`);

function sayPresent(field: Field, negated: boolean, scene: Scene): Said {
  if (field === "tcpoptions") {
    if (negated) return { kind: "unless", texts: WHOLE_OPTIONS };
    if (scene.known.own.has(field)) return ALWAYS;
    throw new Unsayable("nft cannot say in one test that TCP options are whole");
  }
  const { presence, expression } = presenceOf(field);
  if (presence === "always" || (field === "protocol" && scene.family === 4)) return negated ? NEVER : ALWAYS;
  if (presence === "connection") {
    const text = "ct direction 0-1";
    return negated ? { kind: "unless", texts: [text] } : { kind: "match", text, loads: "connection", onlyLoads: true };
  }
  if (presence === "own") {
    if (field !== "mac") throw new Unsayable(`nft cannot ask whether there is ${expression(scene.family, scene.protocol)} at all`);
    const text = "ether saddr 00:00:00:00:00:00-ff:ff:ff:ff:ff:ff";
    return negated ? { kind: "unless", texts: [text] } : { kind: "match", text, loads: field, onlyLoads: true };
  }
  const text = presence.transport === 0 ? "meta l4proto 0-255" : byteThere(presence.transport - 1);
  return negated ? { kind: "unless", texts: [text] } : { kind: "match", text, loads: "transport", onlyLoads: true };
}

/** Who asks whether a connection has labels or is in a zone asks whether there is one. */
function presenceOf(field: Field): Pick<FieldText, "presence" | "expression"> {
  return field === "ctzone" || field === "ctlabels" ? { presence: "connection", expression: () => "a connection" } : fieldText(field);
}

/** Is it certain that the packet has the field? */
function isKnown(field: Field, { presence }: FieldText, { family, known, protocol }: Scene): boolean {
  if (presence === "always") return true;
  if (presence === "connection") return known.connection;
  if (presence === "own") return known.own.has(field);
  if (field === "protocol") return family === 4 || known.transport >= 0;
  return known.transport >= presence.transport && protocol !== undefined;
}

function loadOf(field: Field, { presence }: FieldText): Field | "transport" | "connection" | undefined {
  if (presence === "always") return undefined;
  return presence === "connection" ? "connection" : presence === "own" ? field : "transport";
}

function compare(field: Field, ranges: readonly Range[], negated: boolean, scene: Scene): Said {
  const text = fieldText(field);
  const said = rangesText(ranges, text);
  if (said === undefined) return negated ? ALWAYS : NEVER;
  return finish(field, text, said, negated, scene);
}

/** An expression and what it is compared with, one way or the other. */
function finish(field: Field, text: FieldText, value: string, negated: boolean, scene: Scene, expression?: string): Said {
  const left = expression ?? text.expression(scene.family, scene.protocol);
  const certain = isKnown(field, text, scene);
  if (negated && !certain) return { kind: "unless", texts: [`${left} ${value}`] };
  const loads = loadOf(field, text);
  const demands = demandedBy(field, scene);
  return {
    kind: "match",
    text: `${left} ${negated ? "!= " : ""}${value}`,
    ...(loads && field !== "protocol" && { loads }),
    ...(demands !== undefined && { protocol: demands }),
  };
}

/** The protocol that nft demands by itself for a field of a transport header. */
function demandedBy(field: Field, { family, protocol }: Scene): number | undefined {
  if (field === "sport" || field === "dport") return protocol;
  if (field === "tcpflags") return 6;
  return field === "icmptype" || field === "icmpcode" ? (family === 4 ? 1 : 58) : undefined;
}

/** One value, a range, a network, or a set of those; undefined for none. */
function rangesText(ranges: readonly Range[], { value = String, scale }: FieldText): string | undefined {
  const scaled = scale ? ranges.map(scale) : ranges;
  const merged: readonly Range[] = scaled.every(([low]) => typeof low === "bigint")
    ? intervals(...(scaled as readonly (readonly [bigint, bigint])[]))
    : intervals(...(scaled as readonly (readonly [number, number])[]));
  const items = merged.map(range => rangeText(range, value));
  return items.length > 1 ? `{ ${items.join(", ")} }` : items[0];
}

const FULL: Partial<Readonly<Record<Field, Scalar>>> = { mark: 0xffffffff, ctmark: 0xffffffff, tos: 0xff, tcpflags: 0xff };

function sayBits({ field, mask, value }: Extract<Predicate, { is: "bits" }>, negated: boolean, scene: Scene): Said {
  if (field === "tcpoptions") return sayOption(mask, negated, scene);
  const text = fieldText(field);
  const print = text.value ?? String;
  if ((BigInt(value) & ~BigInt(mask)) !== 0n) return negated ? ALWAYS : NEVER;
  const left = text.expression(scene.family, scene.protocol);
  if (field === "tos" && mask === 0xfc)
    return finish(field, text, `0x${(Number(value) >> 2).toString(16)}`, negated, scene, differentiated(scene));
  if (field === "tos" && scene.family === 6) return sayTrafficClass(Number(mask), Number(value), negated);
  if (isWhole(field, mask, scene)) return finish(field, text, print(value), negated, scene);
  const masked = `${left} & ${text.value === undefined ? `0x${mask.toString(16)}` : print(mask)}`;
  if (negated && !isKnown(field, text, scene)) return { kind: "unless", texts: [`${masked} == ${print(value)}`] };
  const loads = loadOf(field, text);
  const demands = demandedBy(field, scene);
  return {
    kind: "match",
    text: `${masked} ${negated ? "!=" : "=="} ${print(value)}`,
    ...(loads && { loads }),
    ...(demands !== undefined && { protocol: demands }),
  };
}

const differentiated = ({ family }: Scene): string => (family === 4 ? "ip dscp" : "ip6 dscp");

/** The traffic class lies across two bytes, of which nft 1.0 compares each by itself right, and both at once wrong. */
function sayTrafficClass(mask: number, value: number, negated: boolean): Said {
  const parts: string[] = [];
  const add = (bit: number, of: number, wanted: number): void => {
    if (of !== 0) parts.push(`@nh,${bit},8 & 0x${of.toString(16)} == 0x${wanted.toString(16)}`);
  };
  add(0, mask >> 4, value >> 4);
  add(8, (mask & 15) << 4, (value & 15) << 4);
  return parts.length === 0 ? (negated ? NEVER : ALWAYS) : sayText(parts.join(" "), negated);
}

const ADDRESSES: ReadonlySet<Field> = new Set(["saddr", "daddr", "ctorigsrc", "ctorigdst", "ctreplsrc", "ctrepldst"]);

function isWhole(field: Field, mask: Scalar, { family }: Scene): boolean {
  if (ADDRESSES.has(field)) return family === 4 ? mask === 0xffffffff : mask === (1n << 128n) - 1n;
  return FULL[field] === mask;
}

function sayOption(mask: Scalar, negated: boolean, { known }: Scene): Said {
  const kind = BigInt(mask).toString(2).length - 1;
  if (1n << BigInt(kind) !== BigInt(mask)) throw new Unsayable("nft asks for one TCP option at a time");
  if (kind < 2)
    throw new Unsayable("nft does not look for an option of one byte at the end of the header (Linux 6.18, nft_exthdr_tcp_eval)");
  const there = `tcp option ${kind} exists`;
  if (negated && !known.own.has("tcpoptions")) return { kind: "unless", texts: [there] };
  return { kind: "match", text: negated ? `tcp option ${kind} missing` : there, loads: "tcpoptions" };
}

function sayName({ field, text, prefix }: Extract<Predicate, { is: "name" }>, negated: boolean): Said {
  if (prefix && text === "") return negated ? NEVER : ALWAYS;
  switch (field) {
    case "iif":
    case "oif": {
      if (text === "") throw new Unsayable("nft has no word for no interface");
      return { kind: "match", text: `${field}name ${negated ? "!= " : ""}${interfaceName(text, prefix)}` };
    }
    case "cthelper":
      if (text.length > HELPER_NAME_MAX) throw new Unsayable(`nft takes no name of a helper beyond ${HELPER_NAME_MAX} letters`);
      return sayText(`ct helper ${interfaceName(text, prefix)}`, negated);
    default:
      fieldText(field);
      throw new Unsayable("nft compares no such name");
  }
}

/** Kernel: NF_CT_HELPER_NAME_LEN less the byte that ends it. */
const HELPER_NAME_MAX = 15;

const UNITS: readonly (readonly [name: string, seconds: number])[] = [
  ["second", 1],
  ["minute", 60],
  ["hour", 3600],
  ["day", 86_400],
];

function sayOpaque({ described, about }: Opaque, negated: boolean, scene: Scene): Said {
  if (described?.kind === "payload") return sayPayload(described, about, negated);
  const text = described && describe(described, negated, scene);
  if (text === undefined) throw new Unsayable(`nft cannot say: ${about}`);
  return { kind: "match", text, stateful: true };
}

/** Whole bytes only: nft 1.0 compares others wrong. */
function sayPayload({ base, bit, length, value }: Extract<Described, { kind: "payload" }>, about: string, negated: boolean): Said {
  if (bit % 8 !== 0 || length % 8 !== 0) throw new Unsayable(`nft cannot say: ${about}`);
  return sayText(`@${base === "network" ? "nh" : "th"},${bit},${length} 0x${value.toString(16)}`, negated);
}

function describe(described: Described, negated: boolean, { family, sets }: Scene): string | undefined {
  switch (described.kind) {
    case "limit": {
      const unit = UNITS.find(([, seconds]) => seconds === described.seconds);
      return unit && `limit rate ${negated ? "over " : ""}${described.packets}/${unit[0]} burst ${described.burst} packets`;
    }
    case "quota":
      // Kernel: nft_quota.c, nft_quota_do_init.
      if (described.bytes >= 1n << 63n) throw new Unsayable("a quota of 2^63 bytes and more");
      return `quota ${negated ? "over " : ""}${described.bytes} bytes`;
    case "random":
      return `numgen random mod ${described.outOf} ${negated ? ">=" : "<"} ${described.below}`;
    case "nth":
      return `numgen inc mod ${described.every} ${negated ? "!= " : ""}${described.offset}`;
    case "connections":
      return `${sets.counting(described, family)} { ${connectionKey(described, family)} ct count ${negated ? "" : "over "}${described.above} }`;
    default:
      return undefined;
  }
}
