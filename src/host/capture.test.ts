import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { printAddress } from "../packet/index.ts";
import { hostFromCapture, parseHostFile, printHost, Router, summarizeHost, type Capture, type Host } from "./index.ts";
import { readAddress } from "./network-text.ts";

/** What `ip -j` and sysctl printed in a network namespace with veth pairs, a bridge, a tun device and every kind of route and rule. */
const captured = (name: string): string => readFileSync(new URL(`./captured/${name}`, import.meta.url), "utf8");
const CAPTURE: Capture = {
  addresses: captured("addr-details.json"),
  routes4: captured("route4.json"),
  routes6: captured("route6.json"),
  rules4: captured("rule4.json"),
  rules6: captured("rule6.json"),
  sysctls: captured("sysctl.txt"),
};

function read(capture: Capture): Host {
  const { value, faults } = hostFromCapture(capture);
  expect(faults).toEqual([]);
  if (!value) throw new Error("no host");
  return value;
}

describe("a captured machine", () => {
  const host = read(CAPTURE);
  const device = (name: string) => host.interfaces.find(each => each.name === name);

  test("interfaces", () => {
    expect(host.interfaces.map(each => each.name)).toEqual(["lo", "eth0p", "eth0", "veth1", "veth0", "br0", "tun0"]);
    expect(device("eth0")).toMatchObject({ link: "ethernet", mtu: 1400, up: true });
    expect(device("eth0")?.addresses).toMatchObject([
      { family: 4, address: 0xc0000201, prefixLength: 24, scope: "global" },
      { family: 4, address: 0xc0000202, prefixLength: 24, secondary: true },
      { family: 6, address: (0x20010db8n << 96n) + 1n, prefixLength: 64 },
    ]);
    expect(device("veth1")?.bridge).toBe("br0");
    expect(device("br0")?.addresses[0]).toMatchObject({ broadcast: 0xc633647f });
    expect(device("br0")?.addresses[1]).toMatchObject({ noPrefixRoute: true });
    expect(device("tun0")).toMatchObject({ link: "none", addresses: [{ address: 0x0a080001, peer: 0x0a080002, prefixLength: 32 }] });
    expect(device("lo")).toMatchObject({ link: "loopback", mac: 0 });
  });

  test("routes, rules and settings", () => {
    expect(host.deriveRoutes).toBe(false);
    expect(host.routes).toContainEqual({
      family: 4,
      table: 100,
      type: "unicast",
      destination: 0,
      prefixLength: 0,
      gateway: 0xc00002fd,
      device: "eth0",
      metric: 0,
    });
    expect(host.routes).toContainEqual({
      family: 4,
      table: 254,
      type: "unreachable",
      destination: 0x0a430000,
      prefixLength: 16,
      metric: 5,
    });
    expect(host.routes.find(route => route.destination === 0x0a470000)).toMatchObject({ mtu: 1300 });
    expect(host.rules.find(rule => rule.priority === 500)).toEqual({
      family: 4,
      priority: 500,
      from: { address: 0x0a000000, prefixLength: 8 },
      to: { address: 0xc0000200, prefixLength: 24 },
      mark: { value: 0x10, mask: 0xf0 },
      iif: "eth0",
      action: "table",
      table: 100,
    });
    expect(host.rules.find(rule => rule.priority === 600)).toMatchObject({ invert: true, table: 250 });
    expect(host.rules.find(rule => rule.priority === 700)).toMatchObject({ oif: "eth0", tos: 0x10, action: "unreachable" });
    expect(host.rules.find(rule => rule.priority === 800)).toMatchObject({ suppressPrefixLength: 0, table: 254 });
    expect(host.rules.find(rule => rule.priority === 901)).toMatchObject({ action: "goto", goto: 32766 });
    expect(host.rules.filter(rule => rule.family === 6)).toHaveLength(3);
    expect(host.sysctls.get("net.ipv4.conf.eth0.rp_filter")).toBe(0);
    expect(host.sysctls.get("net.netfilter.nf_conntrack_tcp_loose")).toBe(1);
  });

  test("what cannot be said is named", () => {
    expect(host.assumed.filter(sentence => !sentence.includes("tentative"))).toEqual([
      "of the 2 next hops of the route to 10.70.0.0/16 the first one is used",
      "the route to 10.72.0.0/16 needs no gateway, since its own is of the other family",
      "the IPv4 policy rule 902 does not apply: its test of ipproto is not modelled",
      "the IPv4 policy rule 903 does not apply: its test of uid is not modelled",
    ]);
  });

  test("printed and read again it is the same host", () =>
    expect(parseHostFile({ file: "host.json", text: printHost(host) }).value).toEqual(host));

  test("the summary names what a person set", () => {
    const summary = summarizeHost(host);
    for (const words of [
      "default via 192.0.2.254 dev eth0 metric 100",
      "500: from 10.0.0.0/8 to 192.0.2.0/24 fwmark 0x10/0xf0 iif eth0 lookup 100",
      "port of br0",
    ])
      expect(summary).toContain(words);
    expect(summary).not.toContain("32766: from all lookup main");
    expect(summary).not.toContain("127.255.255.255");
  });

  const router = new Router(host);
  const ERRORS: Readonly<Record<string, string>> = {
    "Invalid argument": "EINVAL",
    "No route to host": "EHOSTUNREACH",
    "Permission denied": "EACCES",
    "Network is unreachable": "ENETUNREACH",
  };
  for (const line of captured("route-get.txt").trim().split("\n")) {
    const [question = "", answer = ""] = line.split("|");
    const [to = "", ...words] = question.split(" ");
    // Of several next hops the kernel takes one by a hash.
    if (to === "10.70.0.1") continue;
    test(`ip route get ${question}`, () => {
      const destination = readAddress(to);
      if (!destination) throw new Error(to);
      const oif = words[0] === "oif" ? words[1] : undefined;
      const mark = words[0] === "mark" ? Number(words[1]) : 0;
      const got = router.output({ family: destination.family, source: undefined, destination: destination.address, mark, tos: 0, oif });
      const error = /RTNETLINK answers: (.*?) *$/.exec(answer)?.[1];
      if (error !== undefined) return expect(got).toEqual({ to: "error", error: ERRORS[error] });
      const [wanted] = JSON.parse(answer) as { dev: string; gateway?: string; prefsrc?: string }[];
      if (got.to !== "device") throw new Error(`no route: ${got.error}`);
      expect({ dev: got.device.name, gateway: got.gateway === undefined ? undefined : printAddress(got.gateway) }).toEqual({
        dev: wanted?.dev,
        gateway: wanted?.gateway,
      });
      return wanted?.prefsrc === undefined || expect(printAddress(got.source)).toBe(wanted.prefsrc);
    });
  }
});

describe("captures that lack something", () => {
  test("nothing at all is a machine with lo only", () => {
    const host = read({});
    expect(host.interfaces.map(each => each.name)).toEqual(["lo"]);
    expect(host.assumed).toEqual(["the machine has no interface but lo", "every setting has the kernel's default"]);
  });

  test("without -d a master is taken for a bridge, and that is said", () => {
    const host = read({ ...CAPTURE, addresses: captured("addr.json") });
    expect(host.interfaces.find(each => each.name === "veth1")?.bridge).toBe("br0");
    expect(host.assumed).toContain("br0, the master of veth1, is a bridge");
  });

  test("without local routes these follow from the addresses", () => {
    const host = read({ ...CAPTURE, routes4: "[]", routes6: "" });
    expect(host.deriveRoutes).toBeUndefined();
    expect(new Router(host).isLocal(4, 0xc0000202)).toBe(true);
  });

  test("tables with names of their own stay apart", () => {
    const host = read({
      routes4: '[{"dst":"default","dev":"lo","table":"vpn"},{"dst":"default","dev":"lo","table":"dmz"}]',
      rules4: '[{"priority":5,"src":"all","table":"dmz"}]',
    });
    const [vpn, dmz] = host.routes.map(route => route.table);
    expect(vpn).not.toBe(dmz);
    expect(host.rules[0]?.table).toBe(dmz);
  });

  const faults: readonly (readonly [capture: Capture, place: string, message: RegExp])[] = [
    [{ addresses: "[{" }, "ip -d -j addr show:1:3", /expected a key/],
    [{ addresses: '[{"ifname":5}]' }, "ip -d -j addr show:1:12", /expected a text in quotes, found 5/],
    [{ addresses: '[{"ifname":"a","mtu":-1}]' }, "ip -d -j addr show:1:22", /whole number from 0/],
    [
      { addresses: '[{"ifname":"a","addr_info":[{"local":"1.2.3","prefixlen":8}]}]' },
      "ip -d -j addr show:1:38",
      /"1.2.3" is not an address/,
    ],
    [{ routes4: '[{"dev":"lo"}]' }, "ip -j -4 route show table all:1:2", /a route has no dst/],
    [{ routes4: '[\n {"dst":"::/0","dev":"lo"}]' }, "ip -j -4 route show table all:2:9", /is not a network/],
    [{ routes6: '[{"type":"weird","dst":"::/0"}]' }, "ip -j -6 route show table all:1:10", /unknown type of route "weird"/],
    [{ rules4: '[{"src":"all"}]' }, "ip -j -4 rule:1:2", /no priority/],
    [{ rules6: '[{"priority":1,"src":"all","action":"dance"}]' }, "ip -j -6 rule:1:37", /unknown action/],
    [{ sysctls: "net.ipv4.ip_forward = 1\nwhat\n" }, "sysctl -a:2:1", /NAME = VALUE/],
  ];
  for (const [capture, place, message] of faults)
    test(`${JSON.stringify(capture)} is refused`, () => {
      const { value, faults: found } = hostFromCapture(capture);
      expect(value).toBeUndefined();
      expect(`${found[0]?.file}:${found[0]?.line}:${found[0]?.column}`).toBe(place);
      expect(found[0]?.message).toMatch(message);
    });
});
