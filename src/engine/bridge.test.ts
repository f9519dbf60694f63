import { expect, test } from "vitest";
import { LOOPBACK, type Host, type Interface } from "../host/index.ts";
import { dissect, isFault, isNotationFault, parseIpv4, parseNotation, specToBytes } from "../packet/index.ts";
import { readSave } from "../syntax/index.ts";
import { createFirewall } from "./firewall.ts";

const BRIDGE = 0x02aa00000301;
const [A, B, STRANGER, EVERYONE] = [0x02ff00000a01, 0x02ff00000b01, 0x02ff00000c01, 0xffffffffffff] as const;

const port = (name: string, mac: number, station: number): Interface => ({
  name,
  link: "ethernet",
  up: true,
  mtu: 1500,
  mac,
  addresses: [],
  bridge: "br0",
  stations: [station],
});

/** A bridge with hosts A and B behind its ports, and a way out. */
const host = (filters: number): Host => ({
  interfaces: [
    LOOPBACK,
    {
      name: "br0",
      link: "ethernet",
      up: true,
      mtu: 1500,
      mac: BRIDGE,
      addresses: [{ family: 4, address: parseIpv4("10.0.0.1") ?? 0, prefixLength: 24 }],
    },
    port("p0", 0x02aa00000a01, A),
    port("p1", 0x02aa00000b01, B),
    { name: "wan0", link: "none", up: true, mtu: 1500, addresses: [] },
  ],
  routes: [{ family: 4, table: 254, type: "unicast", destination: 0, prefixLength: 0, device: "wan0", metric: 0 }],
  rules: [],
  sysctls: new Map([
    ["net.ipv4.ip_forward", 1],
    ["net.bridge.bridge-nf-call-iptables", filters],
  ]),
  assumed: [],
});

/** What leaves, as `port or interface/TTL`, and whether this machine got it. */
function fate(rules: string, packet: string, destinationMac: number, filters = 1): string {
  const { ruleset, faults } = readSave(`*filter\n${rules}\nCOMMIT\n`, "test", { family: 4 });
  if (ruleset === undefined) throw new Error(faults.map(fault => fault.message).join("; "));
  const spec = parseNotation(packet);
  if (isNotationFault(spec)) throw new Error(spec.message);
  const firewall = createFirewall({ v4: ruleset, host: host(filters), random: () => 7, start: 0 });
  const outcome = firewall.receive({ bytes: specToBytes(spec), in: "p0", mac: A, destinationMac }, 0);
  const left = outcome.emitted.map(frame => {
    const layout = dissect(frame.bytes);
    return `${frame.port ?? frame.interface}/${isFault(layout) ? "?" : frame.bytes[8]}`;
  });
  return [...left, ...(outcome.delivered === undefined ? [] : ["delivered"])].join(" ");
}

const TO_B = "udp 10.0.0.2:40000 > 10.0.0.3:53";

test.each<[string, string, number, string, number?]>([
  // Bridged: the TTL stays 64. Routed: it is 63.
  ["", TO_B, B, "p1/64"],
  ["", "udp 10.0.0.2:40000 > 8.8.8.8:53", BRIDGE, "wan0/63"],
  ["", "udp 10.0.0.2:40000 > 10.0.0.1:53", BRIDGE, "delivered"],
  ["", TO_B, STRANGER, "p1/64"],
  ["", TO_B, A, ""],
  ["", "udp 10.0.0.2:40000 > 10.0.0.255:53", EVERYONE, "p1/64 delivered"],
  // Rules see the bridge as the interface, and the ports as physical ones.
  ["-A FORWARD -i br0 -o br0 -j DROP", TO_B, B, ""],
  ["-A FORWARD -m physdev --physdev-in p0 --physdev-out p1 -j DROP", TO_B, B, ""],
  ["-A FORWARD -m physdev --physdev-is-bridged -j DROP", "udp 10.0.0.2:40000 > 8.8.8.8:53", BRIDGE, "wan0/63"],
  ["-A INPUT -m physdev --physdev-in p0 -j DROP", "udp 10.0.0.2:40000 > 10.0.0.1:53", BRIDGE, ""],
  // Without bridge-nf-call-iptables they see nothing of it.
  ["-A FORWARD -j DROP", TO_B, B, "p1/64", 0],
  ["-A INPUT -m physdev --physdev-in p0 -j DROP", "udp 10.0.0.2:40000 > 10.0.0.1:53", BRIDGE, "delivered", 0],
])("%s with %s to %s: %s", (rules, packet, destination, expected, filters) => {
  expect(fate(rules, packet, destination, filters)).toBe(expected);
});
