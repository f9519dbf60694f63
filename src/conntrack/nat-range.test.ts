import { expect, test } from "vitest";
import { buildIpv4, buildIpv6, IPV4_MAX, parseIpv4, parseIpv6, printAddress, PROTOCOL } from "../packet/index.ts";
import { DEFAULT_ZONE, type Connection } from "./connection.ts";
import { jhash2, reciprocalScale } from "./jhash.ts";
import { chooseAddress, netmapAddress, portInRange } from "./nat-range.ts";
import type { Address, Tuple } from "./tuple.ts";

const address = (text: string): Address => (text.includes(":") ? parseIpv6(text) : parseIpv4(text)) as Address;

/** `SOURCE > DESTINATION RANGE OPTIONS ADDRESS`: the address that Linux 6.18.44 chose on x86-64 for a UDP packet. */
const CHOSEN = `
10.0.0.3 > 192.0.2.12 192.0.2.200-192.0.2.219 source 192.0.2.205
10.0.0.4 > 192.0.2.10 192.0.2.200-192.0.2.219 source 192.0.2.204
10.20.30.40 > 8.8.8.8 192.0.2.200-192.0.2.219 source 192.0.2.200
10.0.0.3 > 192.0.2.12 192.0.2.200-192.0.2.219 source,persistent 192.0.2.216
10.20.30.40 > 8.8.8.8 192.0.2.200-192.0.2.219 source,persistent 192.0.2.209
10.0.0.3 > 192.0.2.12 198.51.100.7-203.0.113.9 source 199.150.98.202
10.0.0.4 > 192.0.2.10 198.51.100.7-203.0.113.9 source 199.59.21.1
10.20.30.40 > 8.8.8.8 198.51.100.7-203.0.113.9 source,persistent 200.133.76.81
10.0.0.3 > 192.0.2.12 192.0.2.200-192.0.2.219 destination 192.0.2.205
10.20.30.40 > 8.8.8.8 192.0.2.200-192.0.2.219 destination,persistent 192.0.2.209
2001:db8:1::3 > 2001:db8:2::12 2001:db8:2::200-2001:db8:2::221 source 2001:db8:2::206
2001:db8:1:2:3:4:5:6 > 2001:db8:ffff::8 2001:db8:2::200-2001:db8:2::221 source,persistent 2001:db8:2::21f
2001:db8:1::3 > 2001:db8:2::12 2001:db8:2::5-2001:db8:4::1:9 source 2001:db8:2:6082:3041:1e7e:3041:1e7e
2001:db8:1:2:3:4:5:6 > 2001:db8:ffff::8 2001:db8:2::5-2001:db8:4::1:9 source,persistent 2001:db8:3:d365:e9b2:32ac:e9b2:32ac
2001:db8:1::3 > 2001:db8:2::12 2001:db8:2::5-2001:db8:4::1:9 destination 2001:db8:2:6082:b221:1e7e:cc3f:3fcc
2001:db8:1:2:3:4:5:6 > 2001:db8:ffff::8 2001:db8:2::5-2001:db8:4::1:9 destination 2001:db8:3:ad24:f23c:c9c7:35f5:f539
`;

test.each(CHOSEN.trim().split("\n"))("the kernel's choice: %s", row => {
  const [source = "", , destination = "", range = "", options = "", chosen] = row.split(" ");
  const [low = "", high = ""] = range.split("-");
  const [manip, persistent] = options.split(",");
  const tuple: Tuple = {
    family: source.includes(":") ? 6 : 4,
    protocol: PROTOCOL.UDP,
    source: address(source),
    destination: address(destination),
    sourcePort: 1000,
    destinationPort: 53,
  };
  const connection = { zone: DEFAULT_ZONE } as Connection;
  const way = manip === "source" ? "source" : "destination";
  const result = chooseAddress(
    tuple,
    { manip: way, addresses: [address(low), address(high)], persistent: persistent !== undefined },
    connection,
  );
  expect(printAddress(result[way])).toBe(chosen);
});

test("jhash2 takes any number of words, reciprocalScale stays below its size", () => {
  const hashes = [0, 1, 2, 3, 4, 5, 7].map(length =>
    jhash2(
      Array.from({ length }, () => 0xffffffff),
      1,
    ),
  );
  expect(new Set(hashes).size).toBe(hashes.length);
  for (const hash of hashes) expect(hash).toBe(hash >>> 0);
  expect([reciprocalScale(IPV4_MAX, 20), reciprocalScale(0, 20), reciprocalScale(0x80000000, 20), reciprocalScale(IPV4_MAX, 0)]).toEqual([
    19, 0, 10, 0,
  ]);
});

test("NETMAP keeps the host bits", () => {
  const four = buildIpv4({
    source: parseIpv4("10.1.2.131") as number,
    destination: parseIpv4("192.0.2.200") as number,
    protocol: 17,
    payloadLength: 0,
  });
  const range4 = [address("198.51.100.0"), address("198.51.100.127")] as const;
  expect(printAddress(netmapAddress(four, 4, "source", range4))).toBe("198.51.100.3");
  expect(printAddress(netmapAddress(four, 4, "destination", range4))).toBe("198.51.100.72");
  const six = buildIpv6({
    source: parseIpv6("2001:db8::ff:5") as bigint,
    destination: parseIpv6("::9") as bigint,
    nextHeader: 17,
    payloadLength: 0,
  });
  const range6 = [address("2001:db8:9::"), address("2001:db8:9::ff:ffff")] as const;
  expect(printAddress(netmapAddress(six, 6, "source", range6))).toBe("2001:db8:9::ff:5");
  expect(printAddress(netmapAddress(six, 6, "destination", range6))).toBe("2001:db8:9::9");
});

test("ports in range: ICMP has an id in both directions, protocols without ports always fit", () => {
  const tuple: Tuple = { family: 4, protocol: PROTOCOL.TCP, source: 1, destination: 2, sourcePort: 10, destinationPort: 20 };
  const inRange = (protocol: number, manip: "source" | "destination", low: number, high: number): boolean =>
    portInRange({ ...tuple, protocol }, [low, high], manip);
  expect(inRange(PROTOCOL.TCP, "source", 10, 10)).toBe(true);
  expect(inRange(PROTOCOL.TCP, "source", 11, 20)).toBe(false);
  expect(inRange(PROTOCOL.TCP, "destination", 11, 20)).toBe(true);
  expect(inRange(PROTOCOL.ICMP, "destination", 11, 20)).toBe(false);
  expect(inRange(PROTOCOL.DCCP, "source", 11, 20)).toBe(true);
});
