import {
  CT_INFO,
  natHook,
  printConnection,
  runHelper,
  SYSCTLS,
  Tracker,
  type Carrier,
  type ConntrackSysctls,
  type HelperSettings,
  type NatRange,
  type TimeoutPolicy,
} from "../../src/conntrack/index.ts";
import { dissect, Ipv4, isFault, setU8, u128, u16, u32, u8 } from "../../src/packet/index.ts";

/** A rule of the nat table, already resolved. Rules count for packets that come in on tun0 only. */
export interface NatRule {
  readonly chain: "PREROUTING" | "POSTROUTING";
  readonly protocol?: number;
  readonly range: NatRange;
}

/** A rule of the raw table: packets of a protocol to a port get this helper. */
export interface HelperRule {
  readonly protocol: number;
  readonly port: number;
  readonly helper: string;
}

/** What the router did with a packet. */
export interface Passage {
  /** The bytes that left, undefined when none did. */
  readonly out: Uint8Array | undefined;
  readonly carrier: Carrier;
  /** Where it stopped. */
  readonly stopped: "track" | "invalid" | "PREROUTING" | "INPUT" | "POSTROUTING" | "helper" | "confirm" | "delivered" | undefined;
}

/** What a router is made of. */
export interface RouterOptions {
  readonly rules?: readonly NatRule[];
  readonly helpers?: readonly HelperRule[];
  readonly settings?: Partial<HelperSettings>;
  readonly sysctls?: Partial<ConntrackSysctls>;
  readonly timeoutPolicies?: readonly TimeoutPolicy[];
  /** The policy that all connections get. */
  readonly timeout?: string;
  readonly labels?: boolean;
  readonly checksum?: boolean;
  readonly dropInvalid?: boolean;
}

const LOCAL: ReadonlySet<number | bigint> = new Set([
  0x0a000001,
  0xc0000201,
  0x20010db8000100000000000000000001n,
  0x20010db8000200000000000000000001n,
]);

/**
 * A router with two arms, tun0 (10.0.0.1/8, 2001:db8:1::1/48) and tun1 (192.0.2.1, 2001:db8:2::1, and the way to all else), that
 * does nothing but tracking and NAT: the peer of the namespace in which the recordings were made.
 */
export class Router {
  readonly tracker: Tracker;
  /** What the kernel's random source would have said. */
  random = 0;
  now = 0;
  readonly #options: RouterOptions;

  constructor(options: RouterOptions = {}) {
    this.#options = options;
    const { checksum = true, sysctls, settings, timeoutPolicies, labels } = options;
    this.tracker = new Tracker({
      sysctls: { ...SYSCTLS, checksum, ...sysctls },
      random: () => this.random,
      helpers: settings,
      timeoutPolicies,
      labels,
    });
  }

  /** Takes a packet from an arm; each takes a millisecond. */
  take(packet: Uint8Array, arm: "tun0" | "tun1"): Passage {
    const bytes = packet.slice();
    const layout = dissect(bytes);
    if (isFault(layout)) throw new RangeError(layout.fault);
    const { family } = layout;
    const carrier: Carrier = {
      family,
      bytes,
      layout,
      connection: undefined,
      info: CT_INFO.ESTABLISHED,
      mark: 0,
      trackingReason: undefined,
      rewritten() {},
    };
    const stop = (stopped: Passage["stopped"]): Passage => ({ out: undefined, carrier, stopped });
    const consult = (chain: string) => (): NatRange | "accept" => this.#consult(chain, layout.protocol, arm);
    this.now += 1000;
    const helper = this.#helperOf(carrier);
    const { timeout } = this.#options;
    const asks = { ...(helper !== undefined && { helper }), ...(timeout !== undefined && { timeout }) };
    const template = Object.keys(asks).length === 0 ? undefined : ({ do: "track", notrack: false, ...asks } as const);
    if (this.tracker.track(carrier, "PREROUTING", this.now, template) === "drop") return stop("track");
    if (this.#options.dropInvalid && carrier.connection === undefined && carrier.info !== CT_INFO.UNTRACKED) return stop("invalid");
    if (natHook(this.tracker, carrier, { hook: "PREROUTING", out: "" }, consult("PREROUTING")).verdict === "drop")
      return stop("PREROUTING");
    const destination = family === 4 ? u32(bytes, 16) : u128(bytes, 24);
    if (LOCAL.has(destination)) {
      if (natHook(this.tracker, carrier, { hook: "INPUT", out: "" }, () => "accept").verdict === "drop") return stop("INPUT");
      if (runHelper(this.tracker, carrier, { hook: "INPUT" }, this.now) === "drop") return stop("helper");
      return stop(this.tracker.confirm(carrier, this.now) === "drop" ? "confirm" : "delivered");
    }
    const out = (family === 4 ? u8(bytes, 16) === 10 : u8(bytes, 29) === 1) ? "tun0" : "tun1";
    if (family === 6) setU8(bytes, 7, u8(bytes, 7) - 1);
    else (Ipv4.at(bytes) as Ipv4).ttl--;
    if (natHook(this.tracker, carrier, { hook: "POSTROUTING", out }, consult("POSTROUTING")).verdict === "drop") return stop("POSTROUTING");
    if (runHelper(this.tracker, carrier, { hook: "POSTROUTING" }, this.now) === "drop") return stop("helper");
    if (this.tracker.confirm(carrier, this.now) === "drop") return stop("confirm");
    return { out: carrier.bytes, carrier, stopped: undefined };
  }

  /** The connections without families, timeouts and marks, in alphabetical order. */
  table(): string[] {
    const lines = this.tracker.connections(this.now).map(connection => printConnection(connection, this.now, { timeouts: false }));
    return lines.map(plainLine).toSorted();
  }

  /** The one connection that there is. */
  get only(): ReturnType<Tracker["connections"]>[number] {
    const [connection, ...others] = this.tracker.connections(this.now);
    if (connection === undefined || others.length > 0) throw new Error(`${others.length + (connection ? 1 : 0)} connections`);
    return connection;
  }

  #helperOf({ bytes, layout }: Carrier): string | undefined {
    const { protocol, l4, totalLength, fragmentOffset } = layout;
    if (fragmentOffset !== 0 || l4 + 4 > totalLength) return undefined;
    return this.#options.helpers?.find(rule => rule.protocol === protocol && rule.port === u16(bytes, l4 + 2))?.helper;
  }

  #consult(chain: string, protocol: number, arm: string): NatRange | "accept" {
    if (arm !== "tun0") return "accept";
    const rule = (this.#options.rules ?? []).find(candidate => candidate.chain === chain && (candidate.protocol ?? protocol) === protocol);
    return rule?.range ?? "accept";
  }
}

/** A listing's line as far as recordings have it. */
export function plainLine(line: string): string {
  const dccp = / (?:[sd]port=0|timeout=\d+,|stream_timeout=\d+)/g;
  const plain = line
    .replace(/^ipv[46] +\d+ +/, "")
    .replace(/ mark=.*/, "")
    .replaceAll(/ +/g, " ");
  return /^(?:unknown|dccp|gre) /.test(plain) ? plain.replace(/^dccp/, "unknown").replaceAll(dccp, "") : plain;
}
