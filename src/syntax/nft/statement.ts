import { maskLength, printAddress } from "../../packet/index.ts";
import type { Action, Family, FieldSource, Log, Nat, Scalar, SetField } from "../../predicate/index.ts";
import { Unsayable } from "./unsayable.ts";
import { quoted } from "./words.ts";

/** What an action is in nft. `leaves` says that it leads out of the chain in a way that only works where the rule stands. */
export interface Statement {
  readonly text: string;
  readonly leaves: boolean;
  /** nft wants to see a test of the transport protocol before it. */
  readonly demands: boolean;
}

/** What a statement may look at beside its action. */
export interface Place {
  readonly family: Family;
  readonly hook: string | undefined;
  /** Does the text before it already test the transport protocol? nft wants to see that where ports are mapped. */
  readonly protocol: number | undefined;
  /** The identifier of a chain of the same table. */
  chain(name: string): string;
  /** Makes a chain of such lines and gives its identifier. */
  make(wish: string, lines: readonly string[]): string;
  /** Gives the identifier of a helper's object; only in the pass that gives helpers. */
  readonly helper?: ((name: string, protocol: number | undefined) => string) | undefined;
  /** Does the text before it hold only for packets with an MSS option? */
  readonly hasMss: boolean;
}

const plain = (text: string, demands = false): Statement => ({ text, leaves: false, demands });

/** An action in nft's words. Throws Unsayable. */
export function statement(action: Action, place: Place): Statement {
  switch (action.do) {
    case "continue":
      return plain("");
    case "accept":
    case "drop":
      return plain(action.do);
    case "return":
      return { text: "return", leaves: true, demands: false };
    case "jump":
      return plain(`jump ${place.chain(action.chain)}`);
    case "goto":
      return { text: `goto ${place.chain(action.chain)}`, leaves: true, demands: false };
    case "reject":
      return plain(rejection(action, place), action.with.kind === "tcp-reset");
    case "queue":
      return plain(queue(action));
    case "log":
      return plain(log(action));
    case "nflog":
      return plain(
        `log ${action.prefix === "" ? "" : `prefix ${quoted(action.prefix, "log prefix")} `}group ${action.group}` +
          `${action.size === undefined ? "" : ` snaplen ${action.size}`}${action.threshold > 1 ? ` queue-threshold ${action.threshold}` : ""}`,
      );
    case "set":
      return plain(setField(action, place));
    case "nat":
      return plain(nat(action, place), action.ports !== undefined);
    case "track":
      return plain(track(action, place));
    case "strip":
      return plain(action.kinds.map(kind => `reset tcp option ${kind}`).join(" "));
    case "tproxy":
      return plain(tproxy(action, place), true);
    case "synproxy":
      return plain(synproxy(action), true);
    case "trace":
      return plain("meta nftrace set 1");
    case "mss":
      if (!place.hasMss)
        throw new Unsayable(
          "nft lowers the MSS of a SYN that has one, but gives none to a SYN that has none: say -m tcpmss --mss 1:65535 in the rule",
        );
      return plain(`tcp option maxseg size set ${action.to === "path" ? "rt mtu" : action.to}`);
    case "add":
      throw new Unsayable("nft can set the TTL to a number, but not add to it");
    case "checksum":
      throw new Unsayable("nft cannot fill in a checksum");
    case "tee":
      return plain(
        `dup to ${printAddress(action.gateway)}${action.device === undefined ? "" : ` device ${quoted(action.device, "interface name")}`}`,
      );
    case "prefix":
      throw new Unsayable("nft has no prefix translation that leaves checksums alone");
    case "sets":
      throw new Unsayable("a set that rules change is not translated");
    case "effect":
    case "unknown":
      throw new Unsayable(`nft cannot say: ${action.about}`);
  }
}

const REJECTIONS: Readonly<Record<Family, Readonly<Record<string, string>>>> = {
  4: {
    "3/0": "net-unreachable",
    "3/1": "host-unreachable",
    "3/2": "prot-unreachable",
    "3/3": "port-unreachable",
    "3/9": "net-prohibited",
    "3/10": "host-prohibited",
    "3/13": "admin-prohibited",
  },
  6: {
    "1/0": "no-route",
    "1/1": "admin-prohibited",
    "1/3": "addr-unreachable",
    "1/4": "port-unreachable",
    "1/5": "policy-fail",
    "1/6": "reject-route",
  },
};

function rejection({ with: how }: Extract<Action, { do: "reject" }>, { family }: Place): string {
  if (how.kind === "tcp-reset") return "reject with tcp reset";
  const name = REJECTIONS[family][`${how.type}/${how.code}`];
  if (name === undefined) throw new Unsayable(`nft has no reject with ${how.name}`);
  return `reject with ${family === 4 ? "icmp" : "icmpv6"} type ${name}`;
}

function queue({ low, high, bypass, byCpu }: Extract<Action, { do: "queue" }>): string {
  const flags = [...(bypass ? ["bypass"] : []), ...(byCpu === true ? ["fanout"] : [])];
  return `queue ${flags.length ? `flags ${flags.join(",")} to` : "num"} ${low === high ? low : `${low}-${high}`}`;
}

const LEVELS = ["emerg", "alert", "crit", "err", "warn", "notice", "info", "debug"];

function log({ prefix, level, tcpSequence, tcpOptions, ipOptions, uid, macDecode }: Log): string {
  const tcp = [...(tcpSequence ? ["sequence"] : []), ...(tcpOptions ? ["options"] : [])];
  const flags = [
    ...(tcp.length ? [`flags tcp ${tcp.join(",")}`] : []),
    ...(ipOptions ? ["flags ip options"] : []),
    ...(uid ? ["flags skuid"] : []),
    ...(macDecode ? ["flags ether"] : []),
  ];
  const words = [...(prefix === "" ? [] : [`prefix ${quoted(prefix, "log prefix")}`]), `level ${LEVELS[level] ?? "warn"}`, ...flags];
  return `log ${words.join(" ")}`;
}

const hex = (value: Scalar): string => `0x${value.toString(16)}`;
const ALL = 0xffffffff;
const MARKS: Readonly<Record<string, string>> = { mark: "meta mark", ctmark: "ct mark" };

function setField({ next, ...action }: SetField, place: Place): string {
  if (next) return `${setField(action, place)} ${setField(next, place)}`;
  const { family } = place;
  switch (action.field) {
    case "mark":
    case "ctmark":
      return setMark(action, MARKS[action.field] as string, place);
    case "priority":
      if (action.clear !== ALL || typeof action.value !== "number") break;
      return `meta priority set ${hex(action.value)}`;
    case "ttl":
      if (typeof action.value !== "number") break;
      return `${family === 4 ? "ip ttl" : "ip6 hoplimit"} set ${action.value}`;
    case "tos":
      return setService(action, family);
    default:
      break;
  }
  throw new Unsayable(`nft cannot set ${action.field} like this`);
}

/** `(mark & ~clear) ^ value`, in the shortest form that nft has. */
function setMark({ clear, value }: SetField, name: string, place: Place): string {
  if (typeof value === "number") {
    if (clear === ALL) return `${name} set ${hex(value)}`;
    if (clear === 0) return `${name} set ${name} ^ ${hex(value)}`;
    if (clear === value) return `${name} set ${name} | ${hex(value)}`;
    const kept = `${name} set ${name} & ${hex(~clear >>> 0)}`;
    return value === 0 ? kept : `${kept} ^ ${hex(value)}`;
  }
  if (!("field" in value)) throw new Unsayable(`nft cannot compute ${value.about}`);
  return clear === ALL ? `${name} set ${sourceText(value)}` : `jump ${place.make("mix", mixedBits(clear, value, name))}`;
}

/** Bits of two marks in one: nft 1.0 has no such expression, so the bits are flipped one by one, if there is a connection at all. */
function mixedBits(clear: number, { field, mask, shift, flip = 0 }: FieldSource, name: string): readonly string[] {
  const source = MARKS[field];
  if (source === undefined) throw new Unsayable(`nft cannot copy ${field} into a mark`);
  const lines = [`ct direction 0-1 ${name} set ${name} & ${hex(~clear >>> 0)}${flip === 0 ? "" : ` ^ ${hex(flip)}`}`];
  for (let bit = 0; bit < 32; bit++) {
    const to = bit + shift;
    if (((mask >>> bit) & 1) === 0 || to < 0 || to > 31) continue;
    const from = hex((1 << bit) >>> 0);
    lines.push(`${source} & ${from} == ${from} ct direction 0-1 ${name} set ${name} ^ ${hex((1 << to) >>> 0)}`);
  }
  return lines;
}

function sourceText({ field, mask, shift, flip = 0 }: FieldSource): string {
  const name = MARKS[field];
  if (name === undefined) throw new Unsayable(`nft cannot copy ${field} into a mark`);
  const masked = mask === ALL ? name : `${name} & ${hex(mask)}`;
  const shifted = shift === 0 ? masked : `${mask === ALL ? name : `(${masked})`} ${shift > 0 ? "<<" : ">>"} ${Math.abs(shift)}`;
  if (flip === 0) return shifted;
  return `${shift === 0 ? shifted : `(${shifted})`} ^ ${hex(flip)}`;
}

const DSCP = 0xfc;
const ECN = 3;

/** In IPv4 the six bits of DSCP and the two of ECN are set one by one, and each all or not at all. */
function setService({ clear, value }: SetField, family: Family): string {
  if (typeof value !== "number") throw new Unsayable("nft cannot compute a type of service");
  // The traffic class lies across two bytes, where nft 1.0 writes a DSCP to the wrong bits; no checksum covers it.
  if (family === 6)
    return `${setByte(0, 0xf0 | ((~clear >> 4) & 15), value >> 4)} ${setByte(8, 0x0f | ((~clear & 15) << 4), (value & 15) << 4)}`;
  const words: string[] = [];
  for (const [name, bits, shift] of [
    ["dscp", DSCP, 2],
    ["ecn", ECN, 0],
  ] as const) {
    if ((clear & bits) === bits) words.push(`ip ${name} set ${hex((value & bits) >> shift)}`);
    else if (((clear | value) & bits) !== 0) throw new Unsayable(`nft sets all bits of ${name} or none`);
  }
  return words.join(" ");
}

const setByte = (bit: number, kept: number, flipped: number): string => `@nh,${bit},8 set @nh,${bit},8 & ${hex(kept)} ^ ${hex(flipped)}`;

const PORTED: readonly number[] = [6, 17, 132, 33, 136];

function nat(action: Nat, place: Place): string {
  const { family, protocol } = place;
  const { address, manip, ports, portBase } = action;
  if (ports !== undefined && ports[0] > ports[1]) throw new Unsayable("nft takes no range from a higher port to a lower one");
  if (portBase !== undefined) throw new Unsayable("nft maps no ports by their distance from a base");
  const flags = [
    ...(action.random ? ["random"] : []),
    ...(action.randomFully ? ["fully-random"] : []),
    ...(action.persistent ? ["persistent"] : []),
  ].join(",");
  const to = ports === undefined ? "" : `:${ports[0] === ports[1] ? ports[0] : `${ports[0]}-${ports[1]}`}`;
  if (to !== "" && (protocol === undefined || !PORTED.includes(protocol)))
    throw new Unsayable("nft maps ports only where the rule asks for a protocol that has them");
  const end = flags === "" ? "" : ` ${flags}`;
  switch (address.from) {
    case "interface":
      return `${manip === "source" ? "masquerade" : "redirect"}${to === "" ? "" : ` to ${to}`}${end}`;
    case "packet":
      return `${manip === "source" ? "snat" : "dnat"} to ${to}${end}`;
    case "range": {
      if (address.low > address.high) throw new Unsayable("nft takes no range from a higher address to a lower one");
      const low = printAddress(address.low);
      const high = printAddress(address.high);
      const bracket = (text: string): string => (family === 6 && to !== "" ? `[${text}]` : text);
      const range = low === high ? bracket(low) : `${bracket(low)}-${bracket(high)}`;
      return `${manip === "source" ? "snat" : "dnat"} to ${range}${to}${end}`;
    }
    case "netmap":
      return netmap(address, place);
  }
}

/** Any address may come: the map's key is everything, and the host bits stay. The hook says which end is meant. */
function netmap({ network, mask }: Extract<Nat["address"], { from: "netmap" }>, { family, hook }: Place): string {
  const length = maskLength(mask);
  if (length === undefined) throw new Unsayable("nft maps to networks, and this mask has holes");
  if (hook === undefined) throw new Unsayable("which end of the packet is mapped depends on the hook that leads to this chain");
  const source = hook === "POSTROUTING" || hook === "INPUT";
  const [ip, all] = family === 4 ? ["ip", "0.0.0.0/0"] : ["ip6", "::/0"];
  return `${source ? "snat" : "dnat"} ${ip} prefix to ${ip} ${source ? "saddr" : "daddr"} map { ${all} : ${printAddress(network)}/${length} }`;
}

function track(action: Extract<Action, { do: "track" }>, place: Place): string {
  const { notrack, helper, timeout, zone, events, expectationEvents } = action;
  if (place.helper) return helper === undefined ? "accept" : `ct helper set "${place.helper(helper, place.protocol)}" accept`;
  if (notrack) return "notrack";
  if (timeout !== undefined)
    throw new Unsayable("nft gives a timeout policy only to a connection that is tracked already, which in raw none is");
  if (events !== undefined || expectationEvents !== undefined)
    throw new Unsayable("nft chooses events only for a connection that is tracked already");
  if (zone === undefined) return "";
  if (zone.id === "mark") throw new Unsayable("nft 1.0 takes no zone from the mark");
  return `ct ${zone.direction === undefined ? "" : `${zone.direction} `}zone set ${zone.id}`;
}

function tproxy({ address, port, mark, mask }: Extract<Action, { do: "tproxy" }>, place: Place): string {
  const { family, protocol } = place;
  if (protocol !== 6 && protocol !== 17) throw new Unsayable("nft hands packets to a socket only for tcp and udp");
  const to = `${family === 6 ? `[${printAddress(address)}]` : printAddress(address)}${port === 0 ? "" : `:${port}`}`;
  const set = mask === 0 && mark === 0 ? "" : ` ${setMark({ do: "set", field: "mark", clear: mask, value: mark }, "meta mark", place)}`;
  if (BigInt(address) === 0n) {
    if (port === 0) throw new Unsayable("nft wants an address or a port to hand packets to");
    return `tproxy to :${port}${set} accept`;
  }
  return `tproxy to ${to}${set} accept`;
}

function synproxy({ mss, windowScale, timestamp, selectiveAck, ecn }: Extract<Action, { do: "synproxy" }>): string {
  if (ecn) throw new Unsayable("nft's synproxy knows no ECN");
  const options = [
    mss ? `mss ${mss}` : "",
    windowScale < 0 ? "" : `wscale ${windowScale}`,
    timestamp ? "timestamp" : "",
    selectiveAck ? "sack-perm" : "",
  ];
  return ["synproxy", ...options.filter(Boolean)].join(" ");
}
