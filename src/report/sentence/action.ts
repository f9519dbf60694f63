import { maskLength } from "../../packet/index.ts";
import type { Action, ChangeSets, Family, Log, Nat, Rejection, Scalar, SetField, Track } from "../../predicate/index.ts";
import type { Hook, TableName } from "../../xtables/index.ts";
import { showScalar } from "../value.ts";
import { dscpText } from "./bits-phrase.ts";
import { flagNames } from "./flags.ts";
import { both } from "./words.ts";

/** Where a rule stands, as far as its sentence depends on it. */
export interface Standing {
  readonly family: Family;
  readonly table: TableName;
  /** Hook of a built-in chain. */
  readonly hook: Hook | undefined;
  readonly policy: "ACCEPT" | "DROP" | undefined;
}

/** What a rule without a target does to traffic that `x` names. */
export const countText = (x: string): string => `only counts ${x}`;

/** `accepts TCP to port 22 (ssh)`: what an action does to traffic that `x` names. */
export function actionText(action: Action, x: string, standing: Standing): string {
  switch (action.do) {
    case "continue":
      return countText(x);
    case "accept":
      return acceptText(x, standing);
    case "drop":
      return `drops ${x}`;
    case "return":
      return returnText(x, standing);
    case "jump":
      return `hands ${x} to the chain ${action.chain}`;
    case "goto":
      return `hands ${x} to the chain ${action.chain} for good`;
    case "reject":
      return `rejects ${x} with ${rejectionText(action.with, standing.family)}`;
    case "queue": {
      const queues = action.low === action.high ? `queue ${action.low}` : `the queues ${action.low}-${action.high}`;
      return `lets the program that listens on ${queues} decide on ${x}, and ${action.bypass ? "passes" : "drops"} it while none listens`;
    }
    case "log":
      return logText(action, x);
    case "nflog":
      return `logs ${x} to the program that listens on log group ${action.group}${prefixText(action.prefix)}`;
    case "set":
      return setText(action, x, standing.family);
    case "add":
      return `${action.delta < 0 ? "lowers" : "raises"} the ${standing.family === 6 ? "hop limit" : "TTL"} of ${x} by ${Math.abs(action.delta)}`;
    case "mss":
      return action.to === "path"
        ? `lowers the segment size that ${x} offers to what the path carries`
        : `lowers the segment size that ${x} offers to ${action.to} bytes`;
    case "nat":
      return natText(action, x, standing);
    case "track":
      return trackText(action, x);
    case "strip":
      return action.kinds.length === 0
        ? `blanks no TCP option of ${x}`
        : `blanks TCP options of ${x}, of the kinds ${action.kinds.join(", ")}`;
    case "tee":
      return `sends a copy of ${x} to ${addressText(action.gateway, standing.family)}${action.device === undefined ? "" : ` by ${action.device}`}`;
    case "tproxy":
      return tproxyText(action, x, standing.family);
    case "synproxy":
      return `answers ${x} in the server's place until the client has proved itself, and then opens the connection to the server`;
    case "prefix": {
      const show = ({ network, prefixLength }: typeof action.from): string => `${showScalar("saddr", network, 6)}/${prefixLength}`;
      return `replaces the prefix ${show(action.from)} of the ${action.end} of ${x} by ${show(action.to)}`;
    }
    case "sets":
      return setsText(action, x);
    case "effect":
      return `takes note of ${x} (${action.about})`;
    case "checksum":
      return `fills in the checksum of ${x}`;
    case "trace":
      return `has the kernel trace ${x} through the rules`;
    case "unknown":
      return `does to ${x} what Ferrule does not know (${action.about.includes(action.name) ? "" : `${action.name}, `}${action.about})`;
  }
}

function rejectionText(rejection: Rejection, family: Family): string {
  if (rejection.kind === "tcp-reset") return "a TCP reset";
  const dash = rejection.name.startsWith("icmp") ? rejection.name.indexOf("-") : -1;
  return `ICMP${family === 6 ? "v6" : ""} ${rejection.name.slice(dash + 1)}`;
}

function acceptText(x: string, { table }: Standing): string {
  switch (table) {
    case "nat":
      return `leaves ${x} as it is: no later rule of this table is asked at this hook`;
    case "raw":
    case "mangle":
      return `lets ${x} pass: no later rule of this table is asked at this hook`;
    case "filter":
    case "security":
      return `accepts ${x}`;
  }
}

function returnText(x: string, { hook, policy }: Standing): string {
  if (hook === undefined) return `sends ${x} back to the chain it came from`;
  return `leaves ${x} to the policy, ${policy}`;
}

const LEVELS = ["emerg", "alert", "crit", "error", "warning", "notice", "info", "debug"];
const DEFAULT_LEVEL = 4;

function logText(log: Log, x: string): string {
  const level = log.level === DEFAULT_LEVEL ? "" : ` at level ${LEVELS[log.level] ?? log.level}`;
  const details = [
    ...(log.tcpSequence ? ["TCP sequence numbers"] : []),
    ...(log.tcpOptions ? ["TCP options"] : []),
    ...(log.ipOptions ? ["IP options"] : []),
    ...(log.uid ? ["the sending user"] : []),
    ...(log.macDecode ? ["hardware addresses"] : []),
  ];
  return `logs ${x}${prefixText(log.prefix)}${level}${details.length > 0 ? `, with ${both(details)}` : ""}`;
}

const prefixText = (prefix: string): string => (prefix === "" ? "" : ` with the prefix "${prefix}"`);

const ALL_BITS = 0xffffffff;
const DSCP_MASK = 0xfc;

const SET_NAMES: Readonly<Partial<Record<SetField["field"], string>>> = {
  mark: "mark",
  ctmark: "connection mark",
  priority: "queueing class",
  tos: "type of service",
  ttl: "TTL",
  tcpflags: "TCP flags",
};

function setText(action: SetField, x: string, family: Family): string {
  const { field, clear, value, next } = action;
  const rest = next ? `, and ${setText(next, "it", family)}` : "";
  const name = field === "ttl" && family === 6 ? "hop limit" : (SET_NAMES[field] ?? field);
  if (typeof value === "object" && "about" in value) return `sets the ${name} of ${x} to ${value.about}${rest}`;
  if (typeof value === "object") {
    const same = value.field === field;
    const bits = value.mask >>> 0 === ALL_BITS ? "" : ` (the bits ${hex(value.mask)})`;
    const shift = value.shift === 0 ? "" : `, shifted by ${Math.abs(value.shift)} bits to the ${value.shift > 0 ? "left" : "right"}`;
    if (same) return `shifts the ${name} of ${x}${shift.replace(", shifted", "")}${rest}`;
    const from = SET_NAMES[value.field] ?? value.field;
    return `copies the ${from}${bits} of ${x} into its ${name}${shift}${rest}`;
  }
  if (field === "tos" && clear === DSCP_MASK) return `sets the DSCP of ${x} to ${dscpText(value >> 2)}${rest}`;
  return `${changeText(clear >>> 0, value >>> 0, field, name, x)}${rest}`;
}

const hex = (value: number): string => `0x${(value >>> 0).toString(16)}`;

/** `(old & ~clear) ^ value` as people say it. */
function changeText(clear: number, value: number, field: SetField["field"], name: string, x: string): string {
  const bytes = field === "tos" || field === "ttl" || field === "tcpflags";
  const whole = bytes ? 0xff : ALL_BITS;
  const bits = (mask: number): string =>
    field === "tcpflags" ? `the flags ${both(flagNames(mask))}` : `the bits ${hex(mask)} of the ${name}`;
  const shown = field === "ttl" ? `${value}` : field === "priority" ? classText(value) : hex(value);
  if ((clear & whole) >>> 0 === whole) return `sets the ${name} of ${x} to ${shown}`;
  if (clear === 0) return value === 0 ? `leaves the ${name} of ${x} as it is` : `flips ${bits(value)} of ${x}`;
  if (clear === value) return `sets ${bits(value)} of ${x}`;
  if (value === 0) return `clears ${bits(clear)} of ${x}`;
  if ((value & ~clear) === 0) return `sets ${bits(clear)} of ${x} to ${field === "tcpflags" ? both(flagNames(value)) : shown}`;
  return `clears ${bits(clear)} of ${x} and then flips ${bits(value)}`;
}

const classText = (value: number): string => `${(value >>> 16).toString(16)}:${(value & 0xffff).toString(16)}`;

function natText({ manip, address, ports, portBase, random, randomFully, persistent }: Nat, x: string, { family, hook }: Standing): string {
  const port = ports === undefined ? "" : ports[0] === ports[1] ? `port ${ports[0]}` : `ports ${ports[0]}-${ports[1]}`;
  const how = [
    ...(randomFully ? ["with a fully random port"] : random ? ["with a random port"] : []),
    ...(persistent ? ["the same for each client"] : []),
    ...(portBase === undefined ? [] : [`ports counted from ${portBase}`]),
  ];
  const tail = how.length > 0 ? ` (${how.join(", ")})` : "";
  switch (address.from) {
    case "packet":
      return manip === "source"
        ? `gives ${x} the source ${port}${tail} (SNAT)`
        : `sends ${x} on to ${port} of the same address${tail} (DNAT)`;
    case "interface":
      if (manip === "source")
        return `gives ${x} the address of the interface it leaves by as its source${port === "" ? "" : `, and a source port of ${portRange(ports)}`}${tail} (masquerading)`;
      return `redirects ${x} to this machine${port === "" ? "" : `, ${port}`}${tail}`;
    case "netmap": {
      const end = hook === "POSTROUTING" || hook === "INPUT" ? "source" : hook === undefined ? manip : "destination";
      const network = `${showScalar("saddr", address.network, family)}/${maskLength(family === 6 ? BigInt(address.mask) : Number(address.mask)) ?? "?"}`;
      return `maps the ${end} network of ${x} to ${network}, address by address${tail}`;
    }
    case "range": {
      const low = showScalar("saddr", address.low, family);
      const to = address.low === address.high ? low : `an address of ${low}-${showScalar("saddr", address.high, family)}`;
      if (manip === "source")
        return `gives ${x} ${address.low === address.high ? `the source address ${low}` : `a source ${to.slice("an ".length)}`}${port === "" ? "" : ` and ${port}`}${tail} (SNAT)`;
      return `sends ${x} on to ${to}${port === "" ? "" : `, ${port}`}${tail} (DNAT)`;
    }
  }
}

const portRange = (ports: Nat["ports"]): string => (ports ? (ports[0] === ports[1] ? `${ports[0]}` : `${ports[0]}-${ports[1]}`) : "");

function trackText({ notrack, helper, timeout, zone, events, expectationEvents }: Track, x: string): string {
  if (notrack) return `keeps ${x} out of connection tracking`;
  const parts = [
    ...(helper === undefined ? [] : [`gives ${x} the helper ${helper}, which foresees its further connections`]),
    ...(timeout === undefined ? [] : [`gives ${x} the timeouts ${timeout}`]),
    ...(zone === undefined
      ? []
      : [
          `tracks ${x} in ${zone.id === "mark" ? "the zone that its mark names" : `zone ${zone.id}`}${zone.direction ? ` (${zone.direction} direction)` : ""}`,
        ]),
    ...(events === undefined && expectationEvents === undefined
      ? []
      : [`reports of ${x} only the events ${[...(events ?? []), ...(expectationEvents ?? [])].join(", ")}`]),
  ];
  return parts.length > 0 ? both(parts) : `has ${x} tracked`;
}

function tproxyText({ address, port, mark, mask }: Extract<Action, { do: "tproxy" }>, x: string, family: Family): string {
  const own = BigInt(address) === 0n ? "" : ` at ${addressText(address, family)}`;
  const marked = mask === 0 ? "" : `, marked ${hex(mark)}/${hex(mask)}`;
  return `hands ${x} unchanged to the local proxy${own}${port === 0 ? "" : ` on port ${port}`}${marked}, and drops it where none listens`;
}

const ENDS = { src: "source", dst: "destination" } as const;
const endsText = (dimensions: readonly ("src" | "dst")[]): string => both(dimensions.map(end => ENDS[end]));

function setsText({ add, remove, map }: ChangeSets, x: string): string {
  const parts = [
    ...(add
      ? [
          `adds the ${endsText(add.dimensions)} of ${x} to the set ${add.set}${add.timeout === undefined ? "" : ` for ${add.timeout} s`}${add.renew ? ", anew if it is there" : ""}`,
        ]
      : []),
    ...(remove ? [`takes the ${endsText(remove.dimensions)} of ${x} off the set ${remove.set}`] : []),
    ...(map
      ? [
          `gives ${x} the ${both([...(map.mark ? ["mark"] : []), ...(map.priority ? ["class"] : []), ...(map.queue ? ["queue"] : [])])} that its ${endsText(map.dimensions)} has in the set ${map.set}`,
        ]
      : []),
  ];
  return parts.length > 0 ? both(parts) : `changes no set for ${x}`;
}

const addressText = (address: Scalar, family: Family): string => showScalar("saddr", address, family);
