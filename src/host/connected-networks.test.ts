import { expect, test } from "vitest";
import { connectedNetworks, neighbourNetworks } from "./connected-networks.ts";
import { hostFromFlags } from "./flags.ts";
import type { Host } from "./host.ts";

/** A router with a bridge, whose frames meet the IP tables or do not. */
function router(called: 0 | 1): Host {
  const { value } = hostFromFlags({
    interfaces: ["wan0=203.0.113.2/24", "ppp0=198.51.100.9/32", "br0=192.168.1.1/24,2001:db8::1/64", "port1"],
    routes: [],
    sysctls: [`net.bridge.bridge-nf-call-iptables=${called}`],
  });
  if (value === undefined) throw new Error("the test's own host");
  return { ...value, interfaces: value.interfaces.map(each => (each.name === "port1" ? { ...each, bridge: "br0" } : each)) };
}

test("single addresses and loopback are no networks", () => {
  expect(connectedNetworks(router(1), 4).map(({ device, text }) => `${device} ${text}`)).toEqual([
    "wan0 203.0.113.0/24",
    "br0 192.168.1.0/24",
  ]);
  expect(connectedNetworks(router(1), 6).map(({ text }) => text)).toEqual(["2001:db8::/64"]);
});

test.each([
  [1, 4, ["wan0"]],
  [0, 4, ["wan0", "br0"]],
  // The setting for IPv6 is on, as it is by default.
  [0, 6, []],
] as const)("a bridge whose frames meet the IP tables (%i) hides no answer from this machine, IPv%i", (called, family, devices) =>
  expect(neighbourNetworks(router(called), family).map(({ device }) => device)).toEqual(devices),
);
