import { expect, test } from "vitest";
import { parseIpv4 } from "../packet/index.ts";
import { Router, assumeHost, type Passenger } from "./index.ts";

const four = (text: string): number => parseIpv4(text) ?? 0;

/** Where a packet goes on a host that was assumed for it alone. */
function wayOf(passenger: Omit<Passenger, "family">): string {
  const host = assumeHost([], [{ family: 4, ...passenger }]);
  const router = new Router(host);
  const query = { family: 4, source: passenger.source, destination: passenger.destination, mark: 0, tos: 0 } as const;
  const device = passenger.in === undefined ? undefined : router.interfaces.get(passenger.in);
  if (device === undefined) {
    const route = router.output(query);
    return route.to === "device" ? `out ${route.device.name}` : route.error;
  }
  const route = router.input(query, device);
  return route.to === "forward" ? `forward ${route.device.name}` : route.to;
}

const a = four("203.0.113.9");
const b = four("198.51.100.2");

test.each<[Omit<Passenger, "family">, string]>([
  [{ source: a, destination: b, in: "eth0" }, "local"],
  [{ source: a, destination: b, out: "eth1" }, "out eth1"],
  [{ source: a, destination: b, in: "lan0", out: "wan0" }, "forward wan0"],
  [{ source: b, destination: a, in: "wan0", out: "lan0" }, "forward lan0"],
  // Addresses that the machine would otherwise be given for want of others.
  [{ source: four("192.0.2.1"), destination: four("192.0.2.2"), in: "lan0", out: "wan0" }, "forward wan0"],
])("%o goes %s", (passenger, way) => {
  expect(wayOf(passenger)).toBe(way);
});

test("every assumption is a sentence", () => {
  expect(assumeHost([], [{ family: 4, source: a, destination: b, in: "eth0" }]).assumed).toEqual([
    "198.51.100.2 is this host's own, on eth0",
    "203.0.113.9 is reached by eth0",
    "everything not named here is reached by eth0",
    "forwarding is on",
  ]);
});
