import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  IPV6_MAX,
  macAt,
  macBytes,
  mask4,
  mask6,
  maskLength,
  parseAddress,
  parseIpv4,
  parseIpv4Aton,
  parseIpv6,
  parseMac,
  parsePrefix4,
  parsePrefix6,
  prefixContains,
  printAddress,
  printIpv4,
  printIpv6,
  printMac,
  printPrefix,
} from "./index.ts";

/** What `iptables -A INPUT -s TEXT` of 1.8.9 then saves (asked of it), or which part it refuses. */
const IPTABLES: readonly (readonly [text: string, saved: string, notes?: string])[] = [
  ["10.0.0.1", "10.0.0.1/32"],
  ["010.0.0.1", "8.0.0.1/32", "octal"],
  ["10.010.0.1", "10.8.0.1/32", "octal"],
  ["01.02.03.04", "1.2.3.4/32"],
  ["010/8", "8.0.0.0/8", "octal short"],
  ["10", "10.0.0.0/32", "short"],
  ["10.1", "10.1.0.0/32", "short"],
  ["10.1.2", "10.1.2.0/32", "short"],
  ["10/8", "10.0.0.0/8", "short"],
  ["10.1/16", "10.1.0.0/16", "short"],
  ["192.168/16", "192.168.0.0/16", "short"],
  ["1.2/255.255.255.0", "1.2.0.0/24", "short"],
  ["0x0a.1.2.3", "10.1.2.3/32"],
  ["0x0a000001", "10.0.0.1/32", "short"],
  ["167772161", "10.0.0.1/32", "short"],
  ["256", "0.0.1.0/32", "short"],
  ["1.256", "1.0.1.0/32", "short"],
  ["1.65536", "1.1.0.0/32", "short"],
  ["65536", "0.1.0.0/32", "short"],
  ["1.2.65535", "1.2.255.255/32", "short"],
  ["4294967295", "255.255.255.255/32", "short"],
  [" 1.2.3.4", "1.2.3.4/32"],
  ["1.2.3.4/255.255.0.255", "1.2.0.4/255.255.0.255", "hostBits"],
  ["1.2.3.4/255.0.255.0", "1.0.3.0/255.0.255.0", "hostBits"],
  ["1.2.3.4/033", "1.2.3.0/27", "hostBits"],
  ["10.0.0.0/+8", "10.0.0.0/8"],
  ["10.0.0.0/ 8", "10.0.0.0/8"],
  ["10.0.0.0/0x8", "10.0.0.0/8"],
  ["10.0.0.5/24", "10.0.0.0/24", "hostBits"],
  ["0/0", "0.0.0.0/0", "short"],
  ["1.2.3.4/0xff", "bad mask"],
  ["1.2.3.4/08", "bad mask"],
  ["1.2.3.4/33", "bad mask"],
  ["1.2.3.4/", "bad mask"],
  ["1.2.3.4/-1", "bad mask"],
  ["1.2.3.4/255", "bad mask"],
  ["1.2.3.4/255.255", "bad mask"],
  ["1.2.3.256", "bad address"],
  ["1.2.3.4.5", "bad address"],
  ["1.2.3.4 ", "bad address"],
  ["08", "bad address"],
  ["08.1.2.3", "bad address"],
  ["1..2", "bad address"],
  ["1.2.3.", "bad address"],
  ["", "bad address"],
  ["0x", "bad address"],
  ["300.1.1.1", "bad address"],
  ["4294967296/8", "bad address"],
  ["1.2.3.4/32/1", "bad address"],
  ["any", "bad address"],
  ["9".repeat(100_000), "bad address"],
];

/** The same for `ip6tables -A INPUT -s TEXT`. */
const IP6TABLES: typeof IPTABLES = [
  ["::1", "::1/128"],
  ["1::/16", "1::/16"],
  ["::ffff:1.2.3.4", "::ffff:1.2.3.4/128"],
  ["::1.2.3.4", "::1.2.3.4/128"],
  ["1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304/128"],
  ["1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0/128"],
  ["::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8/128"],
  ["1::3:4:5:6:7:8", "1:0:3:4:5:6:7:8/128"],
  ["::ffff:0:1", "::ffff:0.0.0.1/128"],
  ["::0.0.1.0", "::100/128"],
  ["::0.1.0.0", "::0.1.0.0/128"],
  ["::1:0", "::0.1.0.0/128"],
  ["::1:0:0", "::1:0:0/128"],
  ["0:0:1:0:0:1:0:0", "::1:0:0:1:0:0/128"],
  ["1:0:0:2:0:0:0:3", "1:0:0:2::3/128"],
  ["64:ff9b::1.2.3.4", "64:ff9b::102:304/128"],
  ["2001:DB8::A", "2001:db8::a/128"],
  ["2001:db8::/ffff:ffff::", "2001:db8::/32"],
  ["2001:db8::1/ffff:0:ffff::", "2001::/ffff:0:ffff::", "hostBits"],
  ["::/0", "::/0"],
  ["::/129", "bad mask"],
  ["::/0128", "bad mask"],
  ["::1/", "bad mask"],
  ["1:2:3:4:5:6:7", "bad address"],
  ["1:2:3:4:5:6:7:8::", "bad address"],
  ["::1:2:3:4:5:6:7:8", "bad address"],
  ["1::2::3", "bad address"],
  ["02001::1", "bad address"],
  ["::01.2.3.4", "bad address"],
  ["::1.2.3", "bad address"],
  ["1.2.3.4", "bad address"],
  [":1", "bad address"],
  ["1:", "bad address"],
  [":", "bad address"],
  [":::", "bad address"],
  ["::12345", "bad address"],
  ["[::1]", "bad address"],
  ["1.2.3.4::", "bad address"],
  ["", "bad address"],
];

function check(read: typeof parsePrefix4 | typeof parsePrefix6, [text, saved, notes = ""]: (typeof IPTABLES)[number]): void {
  const result = read(text);
  if ("bad" in result) {
    expect(`bad ${result.bad}`).toBe(saved);
    return;
  }
  expect(printPrefix(result.prefix)).toBe(saved);
  expect((["octal", "short", "hostBits"] as const).filter(note => result[note]).join(" ")).toBe(notes);
}

describe("iptables -s", () => {
  for (const row of IPTABLES) test(row[0].slice(0, 30) || "empty", () => check(parsePrefix4, row));
});
describe("ip6tables -s", () => {
  for (const row of IP6TABLES) test(row[0] || "empty", () => check(parsePrefix6, row));
});

describe("a strict dotted quad", () => {
  for (const text of ["10.0.0.010", "1.2.3", "1.2.3.4.", " 1.2.3.4", "1.2.3.4\n", "1.2.3.256", "1.2.3.1000", "0x1.2.3.4", "", "1.2.3.-4"]) {
    test(`refuses ${JSON.stringify(text)}`, () => expect(parseIpv4(text)).toBeUndefined());
  }
});

const ipv4 = fc.nat({ max: 0xffffffff });
/** Addresses with runs of zero groups, as uniform ones have none. */
const ipv6 = fc.oneof(
  fc.bigInt(0n, IPV6_MAX),
  fc
    .array(fc.constantFrom(0n, 0n, 0n, 1n, 0xffffn, 0xdb8n), { minLength: 8, maxLength: 8 })
    .map(groups => groups.reduce<bigint>((sum, group) => (sum << 16n) | group, 0n)),
);

test("printed addresses are read back, by every reader", () => {
  fc.assert(
    fc.property(ipv4, ipv6, (four, six) => {
      expect(parseIpv4(printIpv4(four))).toBe(four);
      expect(parseIpv4Aton(printIpv4(four))).toEqual({ address: four, octal: false, short: false });
      expect(parseIpv6(printIpv6(six))).toBe(six);
      expect(parseAddress(printAddress(four))).toBe(four);
      expect(parseAddress(printAddress(six))).toBe(six);
    }),
  );
});

test("a printed IPv6 address is the shortest, lower-case form", () => {
  fc.assert(
    fc.property(ipv6, address => {
      const text = printIpv6(address);
      expect(text).toBe(text.toLowerCase());
      expect(text.split("::").length).toBeLessThanOrEqual(2);
      // A URL's host is RFC 5952, but for the dotted quads of inet_ntop.
      if (!text.includes(".")) expect(`[${text}]`).toBe(new URL(`http://[${text}]/`).hostname);
    }),
  );
});

test("MAC addresses", () => {
  fc.assert(
    fc.property(fc.nat({ max: 2 ** 48 - 1 }), mac => {
      expect(parseMac(printMac(mac))).toBe(mac);
      expect(macAt(macBytes(mac))).toBe(mac);
    }),
  );
  for (const text of ["00:11:22:33:44", "0:11:22:33:44:55", "00:11:22:33:44:5g", "00-11-22-33-44-55", "00:11:22:33:44:55:66"])
    expect(parseMac(text)).toBeUndefined();
  expect(printMac(parseMac("00:0A:bc:Ff:44:05") ?? 0)).toBe("00:0a:bc:ff:44:05");
});

test("masks", () => {
  for (let length = 0; length <= 32; length++) expect(maskLength(mask4(length))).toBe(length);
  for (let length = 0; length <= 128; length++) expect(maskLength(mask6(length))).toBe(length);
  expect(maskLength(0xff00ff00)).toBeUndefined();
  expect(maskLength(1)).toBeUndefined();
  expect(maskLength(IPV6_MAX >> 1n)).toBeUndefined();
});

test("a prefix contains what agrees with it under its mask", () => {
  fc.assert(
    fc.property(ipv4, ipv4, ipv4, (base, mask, other) => {
      const text = `${printIpv4(base)}/${printIpv4(mask)}`;
      const read = parsePrefix4(text);
      if ("bad" in read) throw new Error(read.bad);
      expect(prefixContains(read.prefix, ((base & mask) | (other & ~mask)) >>> 0)).toBe(true);
      expect(prefixContains(read.prefix, other)).toBe((BigInt(other) & BigInt(mask)) === (BigInt(base) & BigInt(mask)));
      expect(prefixContains(read.prefix, 1n)).toBe(false);
    }),
  );
});
