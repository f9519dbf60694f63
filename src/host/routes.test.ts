import { expect, test } from "vitest";
import { parseIpv4, parseIpv6 } from "../packet/index.ts";
import { LOOPBACK, Router, RTN, TABLE, selectAddress6, type Host, type PolicyRule, type Route } from "./index.ts";

const four = (text: string): number => parseIpv4(text) ?? Number.NaN;
const six = (text: string): bigint => parseIpv6(text) ?? -1n;

const route = (destination: string, prefixLength: number, more: Partial<Route>): Route => ({
  family: 4,
  table: TABLE.MAIN,
  type: "unicast",
  destination: four(destination),
  prefixLength,
  metric: 0,
  ...more,
});

/** A router with a provider, a local net and a second way out. */
function hostWith(sysctls: Readonly<Record<string, number>> = {}, rules: readonly PolicyRule[] = []): Host {
  return {
    interfaces: [
      LOOPBACK,
      {
        name: "wan0",
        link: "ethernet",
        up: true,
        mtu: 1500,
        addresses: [
          { family: 4, address: four("198.51.100.2"), prefixLength: 24 },
          { family: 4, address: four("198.51.100.3"), prefixLength: 24 },
          { family: 6, address: six("2001:db8::2"), prefixLength: 64 },
          { family: 6, address: six("fe80::2"), prefixLength: 64 },
        ],
      },
      { name: "lan0", link: "ethernet", up: true, mtu: 1400, addresses: [{ family: 4, address: four("10.0.0.1"), prefixLength: 8 }] },
      { name: "alt0", link: "none", up: true, mtu: 1280, addresses: [{ family: 4, address: four("192.0.2.1"), prefixLength: 32 }] },
      { name: "off0", link: "ethernet", up: false, mtu: 1500, addresses: [] },
    ],
    routes: [
      route("0.0.0.0", 0, { device: "wan0", gateway: four("198.51.100.254") }),
      route("203.0.113.0", 24, { device: "alt0", metric: 10 }),
      route("203.0.113.0", 24, { device: "off0", metric: 1 }),
      route("203.0.113.128", 25, { type: "unreachable" }),
      route("203.0.113.192", 26, { type: "blackhole" }),
      route("203.0.113.240", 28, { type: "prohibit" }),
      route("0.0.0.0", 0, { device: "alt0", table: 100 }),
      route("10.9.0.0", 16, { type: "throw", table: 100 }),
    ],
    rules,
    sysctls: new Map(Object.entries({ "net.ipv4.ip_forward": 1, ...sysctls })),
    assumed: [],
  };
}

/** Where a packet from `source` that came in on `device` goes. */
function way(source: string, destination: string, device: string, sysctls: Readonly<Record<string, number>> = {}): string {
  const router = new Router(hostWith(sysctls));
  const from = router.interfaces.get(device);
  if (from === undefined) throw new Error(device);
  const found = router.input({ family: 4, source: four(source), destination: four(destination), mark: 0, tos: 0 }, from);
  switch (found.to) {
    case "local":
      return `local ${found.kind}`;
    case "forward":
      return `forward ${found.device.name} ${found.mtu}`;
    case "drop":
      return "drop";
    case "error":
      return found.error;
  }
}

test.each<[string, string, string, string, Readonly<Record<string, number>>?]>([
  ["8.8.8.8", "198.51.100.2", "wan0", "local unicast"],
  // Weak host model: any own address on any interface.
  ["10.1.2.3", "198.51.100.2", "lan0", "local unicast"],
  ["10.1.2.3", "8.8.8.8", "lan0", "forward wan0 1500"],
  ["8.8.8.8", "10.1.2.3", "wan0", "forward lan0 1400"],
  ["10.1.2.3", "203.0.113.5", "lan0", "forward alt0 1280"],
  ["10.1.2.3", "203.0.113.130", "lan0", "EHOSTUNREACH"],
  ["10.1.2.3", "203.0.113.200", "lan0", "drop"],
  ["10.1.2.3", "203.0.113.241", "lan0", "EACCES"],
  // Martians.
  ["127.0.0.1", "198.51.100.2", "wan0", "drop"],
  ["127.0.0.1", "198.51.100.2", "wan0", "local unicast", { "net.ipv4.conf.wan0.route_localnet": 1, "net.ipv4.conf.all.accept_local": 1 }],
  ["8.8.8.8", "127.0.0.1", "wan0", "drop"],
  ["224.0.0.1", "198.51.100.2", "wan0", "drop"],
  ["255.255.255.255", "198.51.100.2", "wan0", "drop"],
  ["0.1.2.3", "198.51.100.2", "wan0", "drop"],
  ["10.0.0.1", "198.51.100.2", "wan0", "drop"],
  ["8.8.8.8", "0.0.0.1", "wan0", "drop"],
  // Broadcasts and multicasts.
  ["0.0.0.0", "255.255.255.255", "lan0", "local broadcast"],
  ["10.1.2.3", "10.255.255.255", "lan0", "local broadcast"],
  ["10.1.2.3", "224.0.0.1", "lan0", "local multicast"],
  ["10.1.2.3", "224.0.0.5", "lan0", "drop"],
  // Reverse path filter: strict wants the way back to be the way in, loose any way back.
  ["10.1.2.3", "198.51.100.2", "wan0", "local unicast"],
  ["10.1.2.3", "198.51.100.2", "wan0", "drop", { "net.ipv4.conf.all.rp_filter": 1 }],
  ["10.1.2.3", "198.51.100.2", "wan0", "local unicast", { "net.ipv4.conf.all.rp_filter": 2 }],
  ["203.0.113.130", "198.51.100.2", "wan0", "drop", { "net.ipv4.conf.wan0.rp_filter": 2 }],
  // No forwarding: dropped without a word.
  ["10.1.2.3", "8.8.8.8", "lan0", "drop", { "net.ipv4.ip_forward": 0 }],
  ["10.1.2.3", "203.0.113.130", "lan0", "drop", { "net.ipv4.ip_forward": 0 }],
])("%s > %s in %s: %s", (source, destination, device, expected, sysctls) => {
  expect(way(source, destination, device, sysctls)).toBe(expected);
});

const marked: readonly PolicyRule[] = [
  { family: 4, priority: 0, action: "table", table: TABLE.LOCAL },
  { family: 4, priority: 10, mark: { value: 1, mask: 1 }, action: "table", table: 100 },
  { family: 4, priority: 20, from: { address: four("10.66.0.0"), prefixLength: 16 }, action: "prohibit" },
  { family: 4, priority: 32766, action: "table", table: TABLE.MAIN },
];

test.each<[string, number, string | undefined, string]>([
  ["8.8.8.8", 0, undefined, "wan0 198.51.100.2"],
  ["8.8.8.8", 1, undefined, "alt0 192.0.2.1"],
  ["10.9.0.1", 1, undefined, "lan0 10.0.0.1"],
  ["10.1.2.3", 0, undefined, "lan0 10.0.0.1"],
  ["8.8.8.8", 0, "10.66.1.1", "EACCES"],
  ["198.51.100.3", 0, undefined, "lo 198.51.100.2"],
  ["203.0.113.200", 0, undefined, "EINVAL"],
])("out to %s with mark %s from %s: %s", (destination, mark, source, expected) => {
  const found = new Router(hostWith({}, marked)).output({
    family: 4,
    source: source === undefined ? undefined : four(source),
    destination: four(destination),
    mark,
    tos: 0,
  });
  const from = found.to === "device" ? Number(found.source) : 0;
  const printed = [24, 16, 8, 0].map(shift => (from >>> shift) & 255).join(".");
  expect(found.to === "device" ? `${found.device.name} ${printed}` : found.error).toBe(expected);
});

test.each<[string, keyof typeof RTN, string?]>([
  ["198.51.100.2", "LOCAL"],
  ["198.51.100.2", "UNICAST", "lan0"],
  ["127.9.9.9", "LOCAL"],
  ["198.51.100.255", "BROADCAST"],
  ["0.1.1.1", "BROADCAST"],
  ["224.0.0.9", "MULTICAST"],
  ["8.8.8.8", "UNICAST"],
])("%s is %s, asked of %s", (address, type, device) => {
  expect(new Router(hostWith()).addressType(4, four(address), device)).toBe(RTN[type]);
});

test.each<[string, string]>([
  ["2001:db8::99", "2001:db8::2"],
  ["fe80::99", "fe80::2"],
  ["2606:4700::1", "2001:db8::2"],
])("the IPv6 source for %s is %s", (destination, source) => {
  const host = hostWith();
  expect(selectAddress6(host, host.interfaces[1], six(destination))).toBe(six(source));
});
