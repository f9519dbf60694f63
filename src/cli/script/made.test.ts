import { expect, test } from "vitest";
import { afterScript, madeFrom } from "./made.ts";

const conf = (device: string, key: string, value: number): string => `/proc/sys/net/ipv4/conf/${device}/${key}:${value}\n`;

test.each([
  ["what did not change is not made", conf("all", "rp_filter", 0), conf("all", "rp_filter", 0), [], {}],
  ["a change", conf("all", "rp_filter", 0), conf("all", "rp_filter", 1), [], { "net.ipv4.conf.all.rp_filter": 1 }],
  ["a device with a dot", conf("eth0.5", "rp_filter", 0), conf("eth0.5", "rp_filter", 2), [], { "net.ipv4.conf.eth0.5.rp_filter": 2 }],
  [
    "a new device starts as default says",
    conf("default", "rp_filter", 0),
    conf("default", "rp_filter", 1) + conf("br0", "rp_filter", 1) + conf("br0", "forwarding", 1),
    [],
    { "net.ipv4.conf.default.rp_filter": 1, "net.ipv4.conf.br0.forwarding": 1 },
  ],
  [
    "what the kernel has no place for",
    "",
    "",
    ["net/netfilter/nf_conntrack_tcp_loose=0", "net/bridge/x=y"],
    { "net.netfilter.nf_conntrack_tcp_loose": 0 },
  ],
  ["what is no setting", "", "rubbish\n/proc/sys/net/ipv4/ip_forward\n/etc/passwd:1\n", [], {}],
])("%s", (_, before, after, set, wanted) => {
  const parts = new Map([
    ["before", before],
    ["after", after],
  ]);
  expect(Object.fromEntries(madeFrom(parts, set).sysctls)).toEqual(wanted);
});

test("interfaces that the script made come before those of the host", () => {
  const bridge =
    '[{"ifname":"br0","flags":["UP"],"mtu":1500,"link_type":"ether","address":"02:00:00:00:00:01","addr_info":[{"family":"inet","local":"10.0.0.1","prefixlen":24,"scope":"global"}]}]';
  const { host } = madeFrom(new Map([["after-addresses", bridge]]), []);
  const eth = { name: "eth0", link: "ethernet", addresses: [], up: true, mtu: 1500 } as const;
  const both = afterScript(
    { interfaces: [eth, { ...eth, name: "br0" }], routes: [], rules: [], sysctls: new Map(), assumed: [] },
    { sysctls: new Map([["net.ipv4.ip_forward", 1]]), host },
  );
  expect(both.interfaces.map(({ name, addresses }) => [name, addresses.length])).toEqual([
    ["eth0", 0],
    ["br0", 1],
  ]);
  expect(both.sysctls.get("net.ipv4.ip_forward")).toBe(1);
});
