import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { LOOPBACK, TABLE, type Host, type Interface, type Listener, type Route } from "../../src/host/index.ts";
import {
  dissect,
  hex,
  isFault,
  parseIpv4,
  parseIpv6,
  pseudoHeaderSum4,
  setU16,
  setU32,
  transportChecksumHolds,
  u16,
  unhex,
  type Layout,
} from "../../src/packet/index.ts";
import type { Family, Scalar } from "../../src/predicate/index.ts";

/** The machine of a measured case. */
export interface Topology {
  readonly interfaces: Readonly<Record<string, readonly string[]>>;
  /** Interface → network (battery), or network → interface (flows). */
  readonly routes: Readonly<Record<string, string>>;
  readonly default?: string;
  readonly mac?: Readonly<Record<string, string>>;
  readonly peer_mac?: Readonly<Record<string, string>>;
}

/** Ports that something silent listens on. */
export interface Listeners {
  readonly tcp: readonly number[];
  readonly udp: readonly number[];
}

/** The value of a gzipped JSON file. */
export function gzippedJson<T>(path: string): T {
  return JSON.parse(gunzipSync(readFileSync(path)).toString("utf8")) as T;
}

/** An address in text as the engine has it. */
export function addressOf(text: string, family: Family): Scalar {
  const address = family === 4 ? parseIpv4(text) : parseIpv6(text);
  if (address === undefined) throw new Error(`no address: ${text}`);
  return address;
}

/** `02:aa:00:00:00:01` as a number. */
export function macOf(text: string): number {
  return Number.parseInt(text.replaceAll(":", ""), 16);
}

/** The host of a topology: forwarding, no reverse path filter, and what the measuring machine set. */
export function hostOf(
  topology: Topology,
  family: Family,
  listeners: Listeners | undefined,
  networks: readonly (readonly [network: string, device: string])[],
): Host {
  const interfaces = Object.entries(topology.interfaces).map(([name, addresses]): Interface => ({
    name,
    link: "ethernet",
    up: true,
    mtu: 1500,
    ...(topology.mac?.[name] !== undefined && { mac: macOf(topology.mac[name]) }),
    addresses: addresses.map(address => ({ family, address: addressOf(address, family), prefixLength: family === 4 ? 24 : 64 })),
  }));
  const routes = networks.map(([network, device]): Route => {
    const [address = "", length] = network === "default" ? [family === 4 ? "0.0.0.0" : "::", "0"] : network.split("/");
    const own = topology.interfaces[device]?.[0];
    return {
      family,
      table: TABLE.MAIN,
      type: "unicast",
      destination: addressOf(address, family),
      prefixLength: Number(length ?? (family === 4 ? 32 : 128)),
      device,
      metric: 0,
      // Everything goes by a gateway, the interface's address with 254 at the end.
      ...(own !== undefined && { gateway: gatewayOf(addressOf(own, family)) }),
    };
  });
  return {
    interfaces: [LOOPBACK, ...interfaces],
    routes,
    rules: [],
    sysctls: new Map([
      ["net.ipv4.ip_forward", 1],
      ["net.ipv6.conf.all.forwarding", 1],
      ["net.ipv4.icmp_echo_ignore_all", 1],
      ["net.ipv6.icmp.echo_ignore_all", 1],
      ["net.ipv4.conf.all.accept_source_route", 1],
      ["net.ipv4.conf.default.accept_source_route", 1],
    ]),
    ...(listeners && { listeners: listenersOf(listeners) }),
    assumed: [],
  };
}

function gatewayOf(own: Scalar): Scalar {
  return typeof own === "number" ? ((own & 0xffffff00) | 0xfe) >>> 0 : (own & ~0xffffn) | 0xfen;
}

function listenersOf({ tcp, udp }: Listeners): Listener[] {
  return [
    ...tcp.map((port): Listener => ({ protocol: "tcp", port, silent: true })),
    ...udp.map((port): Listener => ({ protocol: "udp", port, silent: true })),
  ];
}

/**
 * A frame without what the kernel draws or reads off a clock for packets that it makes: IPv4 id and header checksum, IPv6 flow label,
 * ICMP timestamps.
 */
export function masked(frame: string): string {
  const bytes = unhex(frame);
  const layout = dissect(bytes);
  if (isFault(layout)) return frame;
  if (layout.family === 4) {
    setU16(bytes, 4, 0);
    setU16(bytes, 10, 0);
    // The first timestamp of an option.
    if (layout.headerLength > 24 && bytes[20] === 68) bytes.fill(0, 24, 28);
    normaliseChecksum(bytes, layout);
    if (layout.protocol === 1 && bytes[layout.l4] === 14) {
      setU16(bytes, layout.l4 + 2, 0);
      bytes.fill(0, layout.l4 + 12, layout.l4 + 20);
    }
  } else setU32(bytes, 0, 0x60000000);
  return hex(bytes);
}

/** A checksum that the kernel left to the hardware is as good as a right one: both become 0, and a wrong one stays. */
function normaliseChecksum(bytes: Uint8Array, layout: Layout): void {
  if (layout.protocol !== 6 || layout.l4 + 20 > layout.totalLength) return;
  const at = layout.l4 + 16;
  const partial = pseudoHeaderSum4(bytes, 6, layout.totalLength - layout.l4);
  if (transportChecksumHolds(bytes, layout) || u16(bytes, at) === partial) setU16(bytes, at, 0);
}

/** Random numbers that are the same in every run; `prime` makes the next ones what the kernel drew. */
export interface FixedRandom {
  next(): number;
  prime(value: number | undefined): void;
}

export function fixedRandom(): FixedRandom {
  let state = 0x9e3779b9;
  let primed: number | undefined;
  return {
    next() {
      state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5) >>> 0;
      return primed ?? (state ^ (state >>> 13)) >>> 0;
    },
    prime(value) {
      primed = value;
    },
  };
}

/** The lines of one list that the other lacks, each as often as it lacks it, sorted. */
export function without(lines: readonly string[], others: readonly string[]): string {
  const left = [...others];
  return lines
    .filter(line => {
      const at = left.indexOf(line);
      if (at >= 0) left.splice(at, 1);
      return at < 0;
    })
    .toSorted()
    .join("\n");
}
