import { IPV4_MAX, IPV6_MAX, maskLength } from "../../packet/index.ts";
import { all, among, any, bits, CT_STATUS, equal, invertIf, not, type Field, type Predicate } from "../../predicate/index.ts";
import {
  hostMask,
  integerRange,
  loosePorts,
  printBits,
  printHostMask,
  printRange,
  someOf,
  UsageError,
  wordBits,
  badValue,
  type Given,
  type HostMask,
  type IntegerRange,
  type MatchType,
  type Parsed,
  type Value,
  type Word,
} from "../../xtables/index.ts";
import { anyStatus, hasConnection, lowerState, PRINTED_STATES, STATE, STATE_WORDS } from "../connection-state.ts";
import { protocolValue } from "../protocol-value.ts";

const ADDRESSES = ["ctorigsrc", "ctorigdst", "ctreplsrc", "ctrepldst"] as const;
const PORTS = ["ctorigsrcport", "ctorigdstport", "ctreplsrcport", "ctrepldstport"] as const;

/** Kernel: struct xt_conntrack_mtinfo3. Each part is there when its option is. */
interface Conntrack
  extends Partial<Record<(typeof ADDRESSES)[number], Parsed<HostMask>>>, Partial<Record<(typeof PORTS)[number], Parsed<IntegerRange>>> {
  /** Bits of STATE. */
  readonly ctstate?: Parsed<number>;
  readonly ctproto?: Parsed<number>;
  /** Bits of CT_STATUS; none for NONE. */
  readonly ctstatus?: Parsed<number>;
  readonly ctexpire?: Parsed<IntegerRange>;
  /** 0 original, 1 reply. */
  readonly ctdir?: Parsed<number>;
}

const CTSTATES: readonly Word<number>[] = [...STATE_WORDS, ["SNAT", STATE.SNAT], ["DNAT", STATE.DNAT]];
const STATUSES: readonly Word<number>[] = [
  ["NONE", 0],
  ["EXPECTED", CT_STATUS.EXPECTED],
  ["SEEN_REPLY", CT_STATUS.SEEN_REPLY],
  ["ASSURED", CT_STATUS.ASSURED],
  ["CONFIRMED", CT_STATUS.CONFIRMED],
];
const DIRECTIONS = ["ORIGINAL", "REPLY"] as const;

const words = (name: string, known: readonly Word<number>[], printed: readonly Word<number>[], none: string): Value<number> => ({
  shape: `${name}[,${name}...]`,
  words: known.map(([word]) => word),
  parse: text => wordBits(text, known, rest => new UsageError(`Bad ${name} "${rest}"`)),
  print: mask => printBits(mask, printed) || none,
});
const states = words("ctstate", CTSTATES, PRINTED_STATES, "");
const statuses = words("ctstatus", STATUSES, STATUSES, "NONE");

const direction: Value<number> = {
  shape: "ORIGINAL|REPLY",
  words: DIRECTIONS,
  parse(text, context) {
    const index = DIRECTIONS.findIndex(name => name === text.toUpperCase());
    if (index < 0) throw badValue(text, context);
    return index;
  },
  print: index => DIRECTIONS[index] ?? "",
};

const seconds = integerRange(0xffffffff);
const address = { value: hostMask, invert: true };
const port = { value: loosePorts, invert: true };

const grammar = someOf({
  ctstate: { value: states, invert: true, help: "The connection is in one of these states, or translated by SNAT or DNAT." },
  ctproto: { value: protocolValue, invert: true, help: "Protocol of the connection." },
  ctorigsrc: { ...address, help: "Source address of the original direction." },
  ctorigdst: { ...address, help: "Destination address of the original direction." },
  ctreplsrc: { ...address, help: "Source address of the reply direction." },
  ctrepldst: { ...address, help: "Destination address of the reply direction." },
  ctorigsrcport: { ...port, help: "Source port of the original direction." },
  ctorigdstport: { ...port, help: "Destination port of the original direction." },
  ctreplsrcport: { ...port, help: "Source port of the reply direction." },
  ctrepldstport: { ...port, help: "Destination port of the reply direction." },
  ctstatus: { value: statuses, invert: true, help: "One of these is true of the connection." },
  ctexpire: { value: seconds, invert: true, help: "Seconds until the connection expires." },
  ctdir: { value: direction, help: "Direction of the packet in its connection." },
});

const ORDER = ["ctstate", "ctproto", ...ADDRESSES, ...PORTS, "ctstatus", "ctexpire", "ctdir"] as const;

/** Everything but the state, in the kernel's order. */
function lowerRest(info: Conntrack): Predicate[] {
  const parts: Predicate[] = [];
  const add = <T>(parsed: Parsed<T> | undefined, lower: (value: T) => Predicate): void => {
    if (parsed) parts.push(invertIf(parsed.invert, lower(parsed.value)));
  };
  add(info.ctdir, value => equal("ctdir", value));
  for (const field of ADDRESSES) add(info[field], value => lowerAddress(field, value));
  add(info.ctproto, value => equal("ctproto", value));
  for (const field of PORTS) add(info[field], range => among(field, range));
  add(info.ctstatus, anyStatus);
  add(info.ctexpire, range => among("ctexpire", range));
  return parts;
}

/** A mask with holes is lost in iptables 1.8.9: all bits are compared, and none of it is saved. */
function lowerAddress(field: Field, { address, mask }: HostMask): Predicate {
  if (typeof address === "number" && typeof mask === "number") {
    const whole = maskLength(mask) === undefined ? IPV4_MAX : mask;
    return bits(field, whole, (address & whole) >>> 0);
  }
  const whole = maskLength(BigInt(mask)) === undefined ? IPV6_MAX : BigInt(mask);
  return bits(field, whole, BigInt(address) & whole);
}

function show(info: Conntrack, key: (typeof ORDER)[number]): string | undefined {
  switch (key) {
    case "ctstate":
      return info.ctstate && states.print(info.ctstate.value, 4);
    case "ctproto":
      return info.ctproto && `${info.ctproto.value}`;
    case "ctstatus":
      return info.ctstatus && statuses.print(info.ctstatus.value, 4);
    case "ctexpire":
      return info.ctexpire && printRange(info.ctexpire.value);
    case "ctdir":
      return info.ctdir && direction.print(info.ctdir.value, 4);
    case "ctorigsrc":
    case "ctorigdst":
    case "ctreplsrc":
    case "ctrepldst":
      return info[key] && printHostMask(info[key].value);
    case "ctorigsrcport":
    case "ctorigdstport":
    case "ctreplsrcport":
    case "ctrepldstport":
      return info[key] && printRange(info[key].value);
  }
}

/**
 * `-m conntrack`: what is known of the packet's connection. Kernel: xt_conntrack.c, conntrack_mt_v3. Without a connection the state is
 * INVALID or UNTRACKED, and then the rule matches by its state alone, whatever else it asks; without `--ctstate` it does not match.
 */
export const conntrack: MatchType<Conntrack> = {
  name: "conntrack",
  help: "Match the state, status, addresses and age of the packet's connection.",
  needs: () => ["conntrack"],
  options: {
    options: grammar.options,
    parse(given, context) {
      const found: Conntrack = grammar.parse(given, context);
      if (found.ctproto?.value === 0 && statusInvertedBefore(given)) throw new UsageError("conntrack: rule would never match protocol");
      if (Object.keys(found).length === 0) throw new UsageError("conntrack: At least one option is required");
      return found;
    },
    save: info =>
      ORDER.filter(key => info[key])
        .map(key => `${info[key]?.invert ? "! " : ""}--${key} ${show(info, key)}`)
        .join(" "),
  },
  lower(info) {
    const inState = info.ctstate && invertIf(info.ctstate.invert, lowerState(info.ctstate.value));
    const rest = lowerRest(info);
    if (!inState) return { predicate: all(hasConnection, ...rest) };
    return { predicate: rest.length === 0 ? inState : all(inState, any(not(hasConnection), all(...rest))) };
  },
  list: (info, { numeric }) =>
    ORDER.filter(key => info[key])
      .map(key => `${info[key]?.invert ? "! " : ""}${key} ${anywhere(info, key, numeric) ?? show(info, key)}`)
      .join(" "),
};

/** The zero address in a listing without -n. */
function anywhere(info: Conntrack, key: (typeof ORDER)[number], numeric: boolean): string | undefined {
  const value = info[key]?.value;
  return !numeric && typeof value === "object" && "mask" in value && BigInt(value.address) === 0n ? "anywhere" : undefined;
}

/** libxt_conntrack takes the bit of an inverted `--ctstatus` for that of an inverted protocol when `--ctproto 0` comes after it. */
function statusInvertedBefore(given: readonly Given[]): boolean {
  const status = given.findIndex(({ option, invert }) => option === "ctstatus" && invert);
  return status >= 0 && status < given.findIndex(({ option }) => option === "ctproto");
}
