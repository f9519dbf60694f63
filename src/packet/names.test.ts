import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  services,
  closest,
  decodeUtf8,
  encodeUtf8,
  findIcmpName,
  icmpName,
  icmpNames,
  protocolName,
  protocolNumber,
  serviceName,
  servicePort,
} from "./index.ts";

/** Lines of a database of names without comments, as words. */
function database(path: string): string[][] {
  return readFileSync(path, "utf8")
    .split("\n")
    .map(line => line.replace(/#.*/, "").trim().split(/\s+/))
    .filter(words => words.length >= 2);
}

/** The tables are those of one Debian release: elsewhere there is nothing to compare with. */
const bookworm = existsSync("/etc/debian_version") && readFileSync("/etc/debian_version", "utf8").startsWith("12");
function skipping(what: string, reason: string): boolean {
  if (reason !== "") console.log(`skipped: ${what}: ${reason}`);
  return reason !== "";
}
const noFile = (path: string): string => (!bookworm ? "this is not Debian 12" : existsSync(path) ? "" : `${path} is missing`);

test.skipIf(skipping("services of Debian 12", noFile("/etc/services")))("services are those of Debian 12", () => {
  const listed = database("/etc/services").map(([name = "", place = "", ...aliases]) => {
    const [port, protocol] = place.split("/");
    return { name, aliases, port: Number(port), protocol };
  });
  expect(services()).toEqual(listed);
});

test.skipIf(skipping("protocols of Debian 12", noFile("/etc/protocols")))("protocols are those of Debian 12", () => {
  for (const [name = "", number] of database("/etc/protocols")) {
    expect(protocolNumber(name)).toBe(Number(number));
    if (Number(number) !== 0) expect(protocolName(Number(number))).toBe(name);
  }
});

describe("services", () => {
  const rows: readonly (readonly [string, string, number | undefined])[] = [
    ["ssh", "tcp", 22],
    ["ssh", "udp", undefined],
    ["www", "tcp", 80],
    ["domain", "udp", 53],
    ["SSH", "tcp", undefined],
    ["__proto__", "tcp", undefined],
    ["constructor", "tcp", undefined],
  ];
  for (const [name, protocol, port] of rows) test(`${name}/${protocol}`, () => expect(servicePort(name, protocol)).toBe(port));
  test("the canonical name comes back", () =>
    expect([serviceName(80, "tcp"), serviceName(53, "udp"), serviceName(1, "udp")]).toEqual(["http", "domain", undefined]));
});

describe("protocols as iptables 1.8.9 knows them", () => {
  const rows: readonly (readonly [string, number | undefined, string | undefined])[] = [
    ["tcp", 6, "tcp"],
    ["TCP", 6, "tcp"],
    ["icmpv6", 58, "ipv6-icmp"],
    ["ipv6-icmp", 58, "ipv6-icmp"],
    ["mh", 135, "mobility-header"],
    ["all", 0, undefined],
    ["hopopt", 0, undefined],
    ["ospfigp", undefined, undefined],
    ["icmp6", undefined, undefined],
    ["mptcp", 262, "mptcp"],
    ["toString", undefined, undefined],
  ];
  for (const [name, number, saved] of rows) {
    test(name, () => {
      expect(protocolNumber(name)).toBe(number);
      if (number !== undefined) expect(protocolName(number)).toBe(saved);
    });
  }
});

describe("ICMP names", () => {
  const rows: readonly (readonly [string, 4 | 6, readonly string[]])[] = [
    ["ping", 4, ["ping"]],
    ["PING", 4, ["ping"]],
    ["ech", 4, ["echo-reply", "echo-request"]],
    ["time", 4, ["time-exceeded", "timestamp-request", "timestamp-reply"]],
    ["tos-host-unreach", 4, ["TOS-host-unreachable"]],
    ["any", 6, []],
    ["info", 4, []],
  ];
  for (const [text, family, found] of rows)
    test(`${text} ${family}`, () => expect(findIcmpName(text, family).map(({ name }) => name)).toEqual(found));
  test("of numbers", () => {
    expect([icmpName(8, 0, 4), icmpName(3, 3, 4), icmpName(3, 8, 4), icmpName(8, 1, 4), icmpName(255, 0, 4), icmpName(135, 0, 6)]).toEqual([
      "echo-request",
      "port-unreachable",
      undefined,
      undefined,
      undefined,
      "neighbour-solicitation",
    ]);
  });
});

for (const [command, protocol, family] of [
  ["iptables", "icmp", 4],
  ["ip6tables", "icmpv6", 6],
] as const) {
  const help = spawnSync(command, ["-p", protocol, "-h"], { encoding: "utf8" });
  const reason = help.error !== undefined ? `${command} is not installed` : help.stdout.includes("v1.8.9") ? "" : `${command} is not 1.8.9`;
  test.skipIf(skipping(`ICMP names of ${command}`, reason))(`the names are those that ${command} lists`, () => {
    const listed = help.stdout
      .slice(help.stdout.indexOf("Valid ICMP"))
      .split("\n")
      .slice(1)
      .join(" ")
      .match(/[A-Za-z-]+/g);
    expect(icmpNames(family).map(({ name }) => name)).toEqual(listed);
  });
}

describe("guesses", () => {
  const rows: readonly (readonly [string, readonly string[], string | undefined])[] = [
    ["dpotr", ["dport", "sport"], "dport"],
    ["dprt", ["dport", "sport"], "dport"],
    ["ecoh-request", ["echo-reply", "echo-request"], "echo-request"],
    ["zzz", ["dport"], undefined],
    ["", ["dport"], undefined],
    ["x".repeat(100_000), ["x".repeat(100_000)], undefined],
  ];
  for (const [word, candidates, guess] of rows) test(word.slice(0, 20) || "empty", () => expect(closest(word, candidates)).toBe(guess));
});

describe("UTF-8", () => {
  const texts = ["", "plain", "ü", "中文", "🦀", "\u0000\u007f\u0080\u07ff\u0800\uffff"];
  for (const text of texts) {
    test(JSON.stringify(text), () => {
      expect(encodeUtf8(text)).toEqual(new TextEncoder().encode(text));
      expect(decodeUtf8(encodeUtf8(text))).toBe(text);
    });
  }
  test("a lone surrogate", () => expect(encodeUtf8("\ud800")).toEqual(new TextEncoder().encode("\ud800")));
  test("ill-formed bytes", () => {
    const fatal = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    const bytes = [0x00, 0x41, 0x7f, 0x80, 0x9f, 0xa0, 0xbf, 0xc0, 0xc2, 0xdf, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5, 0xff];
    for (const a of bytes) {
      for (const b of bytes) {
        for (const c of bytes) {
          for (const rest of [[], [0x80]]) {
            const given = Uint8Array.of(a, b, c, ...rest);
            let expected: string | undefined;
            try {
              expected = fatal.decode(given);
            } catch {
              expected = undefined;
            }
            expect(decodeUtf8(given)).toBe(expected);
          }
        }
      }
    }
  });
});
