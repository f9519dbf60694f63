import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hostFromFlags, LOOPBACK, parseHostFile, printHost, Router, type Host, type HostFlags } from "./index.ts";

function read(flags: HostFlags, base?: Host): Host {
  const { value, faults } = hostFromFlags(flags, base);
  expect(faults).toEqual([]);
  if (!value) throw new Error("no host");
  return value;
}

const LAN = { interfaces: ["eth0=192.0.2.1/24,2001:db8::1/64", "eth1=10.0.0.1/8"] };

describe("flags that describe a host", () => {
  const interfaces: readonly (readonly [flag: string, wanted: object])[] = [
    ["eth0", { name: "eth0", link: "ethernet", up: true, mtu: 1500, addresses: [] }],
    ["eth0=", { name: "eth0", addresses: [] }],
    ["eth0=192.0.2.1", { addresses: [{ family: 4, address: 0xc0000201, prefixLength: 32 }] }],
    ["eth0=192.0.2.1/24,192.0.2.2/24", { addresses: [{ address: 0xc0000201 }, { address: 0xc0000202, secondary: true }] }],
    [
      "eth0=::1/64,mtu=9000,mac=02:00:00:00:00:01,down",
      { mtu: 9000, mac: 0x020000000001, up: false, addresses: [{ family: 6, address: 1n, prefixLength: 64 }] },
    ],
    ["ppp0=10.1.1.1>10.1.1.2", { link: "none", addresses: [{ address: 0x0a010101, peer: 0x0a010102, prefixLength: 32 }] }],
    ["tun0", { link: "none" }],
    ["tap0=link=none", { link: "none" }],
    ["eth2=bridge=br0", { bridge: "br0" }],
    ["eth2=group=5", { group: 5 }],
  ];
  for (const [flag, wanted] of interfaces)
    test(`--if ${flag}`, () =>
      expect(read({ interfaces: [flag] }).interfaces.find(each => each.name === flag.split("=")[0])).toMatchObject(wanted));

  const routes: readonly (readonly [flag: string, wanted: object])[] = [
    [
      "default via 192.0.2.254 dev eth0",
      { family: 4, destination: 0, prefixLength: 0, gateway: 0xc00002fe, device: "eth0", table: 254, metric: 0, type: "unicast" },
    ],
    ["default via 192.0.2.254", { device: "eth0" }],
    [
      "172.16.0.0/12 via 10.9.9.9 metric 5 table 100 mtu 1400 src 10.0.0.1",
      { device: "eth1", metric: 5, table: 100, mtu: 1400, source: 0x0a000001 },
    ],
    ["default via 2001:db8::2", { family: 6, destination: 0n, device: "eth0", metric: 1024 }],
    ["-6 default dev eth1", { family: 6, prefixLength: 0, device: "eth1" }],
    ["203.0.113.7/24 dev eth1", { destination: 0xcb007100, prefixLength: 24 }],
    ["10.66.0.0/16 dev eth1 realm 7", { realm: 7 }],
    ["10.66.0.0/16 dev eth1 realms 3/9", { realm: 0x30009 }],
    ["blackhole 10.66.0.0/16", { type: "blackhole", destination: 0x0a420000 }],
    ["local 198.51.100.0/24 dev lo table local", { type: "local", device: "lo", table: 255 }],
  ];
  for (const [flag, wanted] of routes)
    test(`--route ${flag}`, () => expect(read({ ...LAN, routes: [flag] }).routes).toMatchObject([wanted]));

  const rules: readonly (readonly [flag: string, wanted: readonly object[]])[] = [
    [
      "fwmark 1 table 100",
      [
        { family: 4, priority: 32765, mark: { value: 1, mask: 0xffffffff }, action: "table", table: 100 },
        { family: 6, priority: 32765, table: 100 },
      ],
    ],
    ["from 10.0.0.0/8 lookup 100 priority 7", [{ family: 4, priority: 7, from: { address: 0x0a000000, prefixLength: 8 }, table: 100 }]],
    ["-6 fwmark 0x10/0xf0 prohibit", [{ family: 6, mark: { value: 0x10, mask: 0xf0 }, action: "prohibit" }]],
    [
      "not to 2001:db8::/32 iif eth0 oif eth1 tos 0x10 goto 40000",
      [{ family: 6, invert: true, iif: "eth0", oif: "eth1", tos: 16, action: "goto", goto: 40000 }],
    ],
    ["-4 from all lookup main suppress_prefixlength 0", [{ family: 4, action: "table", table: 254, suppressPrefixLength: 0 }]],
  ];
  const kernels = [0, 32766, 32767];
  for (const [flag, wanted] of rules)
    test(`--rule ${flag}`, () =>
      expect(read({ ...LAN, rules: [flag] }).rules.filter(rule => !kernels.includes(rule.priority))).toMatchObject(wanted));

  test("rules come before those that were there, and the kernel's own stay", () => {
    const { rules: found } = read({ ...LAN, rules: ["-4 fwmark 1 table 1", "-4 fwmark 2 table 2"] });
    expect(found.filter(rule => rule.family === 4).map(rule => [rule.priority, rule.table])).toEqual([
      [0, 255],
      [32764, 2],
      [32765, 1],
      [32766, 254],
      [32767, 253],
    ]);
  });

  test("a mark leads by the other gateway", () => {
    const router = new Router(
      read({ ...LAN, routes: ["default via 192.0.2.254", "default via 10.0.0.2 table 100"], rules: ["fwmark 1 table 100"] }),
    );
    const out = (mark: number): string | undefined => {
      const found = router.output({ family: 4, source: undefined, destination: 0x08080808, mark, tos: 0 });
      return found.to === "device" ? found.device.name : undefined;
    };
    expect([out(0), out(1)]).toEqual(["eth0", "eth1"]);
  });

  test("--bridge and --sysctl", () => {
    const host = read({
      interfaces: ["br0=192.0.2.1/24"],
      bridges: ["br0=eth1,eth2"],
      sysctls: ["net.ipv4.ip_forward=1", "net/ipv4/conf/eth1.7/rp_filter=2"],
    });
    expect(host.interfaces.map(({ name, bridge }) => [name, bridge])).toEqual([
      ["lo", undefined],
      ["br0", undefined],
      ["eth1", "br0"],
      ["eth2", "br0"],
    ]);
    expect(host.sysctls).toEqual(
      new Map([
        ["net.ipv4.ip_forward", 1],
        ["net.ipv4.conf.eth1.7.rp_filter", 2],
      ]),
    );
  });

  test("flags add to a file", () => {
    const base = read({ ...LAN, sysctls: ["net.ipv4.ip_forward=1"] });
    const more = read({ interfaces: ["eth0=192.0.2.9/24,mtu=1400", "eth2"], routes: ["default via 192.0.2.254"] }, base);
    expect(more.interfaces.map(each => each.name)).toEqual(["lo", "eth0", "eth1", "eth2"]);
    expect(more.interfaces[1]).toMatchObject({ mtu: 1400, addresses: [{}, {}, { address: 0xc0000209, secondary: true }] });
    expect(more.sysctls.get("net.ipv4.ip_forward")).toBe(1);
    expect(parseHostFile({ file: "", text: printHost(more) }).value).toEqual(more);
  });

  test("no flags: a machine with lo only", () => expect(read({}).interfaces).toEqual([LOOPBACK]));

  const faults: readonly (readonly [flags: HostFlags, place: string, message: RegExp])[] = [
    [{ interfaces: ["=1.2.3.4"] }, "--if:1:1-2", /cannot be the name of an interface/],
    [{ interfaces: ["averyveryverylongname"] }, "--if:1:1-22", /cannot be the name/],
    [{ interfaces: ["eth0=1.2.3.4/33"] }, "--if:1:6-16", /neither an address nor one of/],
    [{ interfaces: ["eth0=10.0.0.1/8,mtu=x"] }, "--if:1:17-22", /"x" is not an MTU/],
    [{ interfaces: ["eth0=mac=zz"] }, "--if:1:6-12", /hardware address/],
    [{ interfaces: ["eth0=link=x"] }, "--if:1:6-12", /kind of link/],
    [{ interfaces: ["eth0=bridge=a b"] }, "--if:1:6-16", /cannot be the name/],
    [{ bridges: ["br0=br0"] }, "--bridge:1:5-8", /its own port/],
    [{ bridges: ["b/r"] }, "--bridge:1:1-4", /cannot be the name/],
    [{ routes: [""] }, "--route:1:1-2", /needs a network/],
    [{ routes: ["nowhere via 1.2.3.4"] }, "--route:1:1-8", /"nowhere" is not a network/],
    [{ ...LAN, routes: ["default via"] }, "--route:1:9-12", /via needs an address after it/],
    [{ ...LAN, routes: ["default via 1.2.3"] }, "--route:1:13-18", /"1.2.3" is not an address/],
    [{ ...LAN, routes: ["default via 203.0.113.1"] }, "--route:1:1-24", /no interface leads there/],
    [{ ...LAN, routes: ["default dev eth9"] }, "--route:1:13-17", /"eth9" is not an interface/],
    [{ ...LAN, routes: ["default dev eth0 speed 5"] }, "--route:1:18-23", /unknown word "speed"/],
    [{ ...LAN, routes: ["10.0.0.0/8 via 2001:db8::2 dev eth0"] }, "--route:1:1-36", /both families/],
    [{ rules: ["fwmark x table 1"] }, "--rule:1:8-9", /"x" is not a mark/],
    [{ rules: ["from 10.0.0.0/8 to ::/1 table 1"] }, "--rule:1:1-32", /both families/],
    [{ rules: ["-6 from 10.0.0.0/8 table 1"] }, "--rule:1:1-27", /other family/],
    [{ rules: ["table best"] }, "--rule:1:7-11", /routing table/],
    [{ rules: ["jump"] }, "--rule:1:1-5", /unknown word "jump"/],
    [{ sysctls: ["ip_forward=1"] }, "--sysctl:1:1-11", /start with net\./],
    [{ sysctls: ["net.ipv4.ip_forward"] }, "--sysctl:1:1-20", /NAME=VALUE/],
    [{ sysctls: ["net.ipv4.ip_forward=yes"] }, "--sysctl:1:21-24", /whole number/],
  ];
  for (const [flags, place, message] of faults)
    test(`${JSON.stringify({ ...flags, ...(flags.interfaces === LAN.interfaces && { interfaces: undefined }) })} is refused`, () => {
      const { value, faults: found } = hostFromFlags(flags);
      expect(value).toBeUndefined();
      expect(found[0]?.message).toMatch(message);
      expect(`${found[0]?.file}:${found[0]?.line}:${found[0]?.column}-${found[0]?.endColumn}`).toBe(place);
    });

  test("any words are read or refused, never thrown at", () => {
    const words = fc.array(
      fc.oneof(
        fc.constantFrom("via", "dev", "from", "table", "fwmark", "not", "eth0", "10.0.0.1/8", "::1", "-6", "=", ",", "1"),
        fc.string(),
      ),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(words, words, words, words, words, (...texts) => {
        const [a, b, c, d, e] = texts.map(each => [each.join(" ")]);
        const { value, faults: found } = hostFromFlags({
          interfaces: a ?? [],
          bridges: b ?? [],
          routes: c ?? [],
          rules: d ?? [],
          sysctls: e ?? [],
        });
        expect(value === undefined).toBe(found.length > 0);
      }),
    );
  });
});
