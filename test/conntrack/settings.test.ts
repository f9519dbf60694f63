import { expect, test } from "vitest";
import { printConnection, printConnections, printExpectation } from "../../src/conntrack/index.ts";
import { parseNotation, isNotationFault, specToBytes } from "../../src/packet/index.ts";
import { Router, type RouterOptions } from "./router.ts";

function packet(notation: string): Uint8Array {
  const spec = parseNotation(notation);
  if (isNotationFault(spec)) throw new Error(notation);
  return specToBytes(spec);
}

/** Sends packets, those after `<` from the other arm, and says of each whether it passed, or why not. */
function send(router: Router, ...rows: readonly string[]): string[] {
  return rows.map(row => {
    const back = row.startsWith("< ");
    const { out, carrier } = router.take(packet(back ? row.slice(2) : row), back ? "tun1" : "tun0");
    return out === undefined ? (carrier.trackingReason ?? "stopped") : "passed";
  });
}

const flow = (port: number): string => `udp 10.0.0.5:${port} > 192.0.2.10:53`;
const answer = (port: number): string => `< udp 192.0.2.10:53 > 10.0.0.5:${port}`;
const FULL = "nf_conntrack: table full, dropping packet";

test("fault 37: a table that is full of assured connections drops new ones, and known ones pass", () => {
  const router = new Router({ sysctls: { max: 3 } });
  for (const port of [1001, 1002, 1003]) {
    send(router, flow(port), answer(port));
    // A stream that lasts is assured, and no early drop may take it.
    router.now += 3_000_000;
    send(router, flow(port), answer(port));
  }
  expect(send(router, flow(1004), flow(1002), answer(1003))).toEqual([FULL, "passed", "passed"]);
});

test("fault 37: a connection that is not assured gives way", () => {
  const router = new Router({ sysctls: { max: 2 } });
  expect(send(router, flow(1001), flow(1002), flow(1003))).toEqual(["passed", "passed", "passed"]);
  expect(router.tracker.connections(router.now).map(({ tuples }) => tuples[0].sourcePort)).toEqual([1002, 1003]);
});

test("a timeout policy gives its seconds, and the settings' for what it leaves out", () => {
  const options: RouterOptions = {
    timeoutPolicies: [{ name: "short", values: { udp_timeout: 7, tcp_timeout_syn_sent: 9 } }],
    timeout: "short",
    sysctls: {},
  };
  const router = new Router(options);
  send(router, flow(1001), "tcp 10.0.0.5:1002 > 192.0.2.10:80 syn");
  const seconds = router.tracker.connections(router.now).map(({ deadline }) => Math.round((deadline - router.now) / 1e6));
  expect(seconds).toEqual([7, 9]);
  router.now += 3_000_000;
  send(router, answer(1001), answer(1001));
  const [first] = router.tracker.connections(router.now);
  expect(Math.round(((first?.deadline ?? 0) - router.now) / 1e6)).toBe(120);
  expect(new Router({ timeout: "unknown" }).tracker.timeoutsOf("unknown").udp_timeout).toBe(30);
});

test("new connections count, have labels and a beginning only where that is asked for", () => {
  const bare = new Router();
  send(bare, flow(1001));
  expect([bare.only.counts, bare.only.labels, bare.only.startedAt]).toEqual([undefined, undefined, undefined]);
  const full = new Router({ labels: true, sysctls: { timestamp: true } });
  full.tracker.accounting = true;
  send(full, flow(1001), flow(1001), answer(1001));
  expect(full.only.counts?.map(({ packets }) => packets)).toEqual([2, 1]);
  expect(full.only.labels).toBe(0n);
  expect(full.only.startedAt).toBe(1000);
});

test("lines as conntrack prints them", () => {
  const router = new Router({ helpers: [{ protocol: 17, port: 69, helper: "tftp" }], sysctls: { timestamp: true, acct: true } });
  send(router, 'udp 10.0.0.5:1001 > 192.0.2.10:69 data "\\x00\\x01f"');
  const [waiting] = router.tracker.expectations.list(router.now);
  if (waiting === undefined) throw new Error("nothing is expected");
  expect(printExpectation(waiting, router.now)).toBe(
    "300 proto=17 src=192.0.2.10 dst=10.0.0.5 sport=0 dport=1001 mask-src=255.255.255.255 mask-dst=255.255.255.255 sport=0 dport=65535 master-src=10.0.0.5 master-dst=192.0.2.10 sport=1001 dport=69 class=0 helper=tftp",
  );
  send(router, "< udp 192.0.2.10:3000 > 10.0.0.5:1001");
  expect(printConnections(router.tracker.connections(router.now), router.now + 2_000_000)).toEqual([
    "udp      17 27 src=10.0.0.5 dst=192.0.2.10 sport=1001 dport=69 packets=1 bytes=31 [UNREPLIED] src=192.0.2.10 dst=10.0.0.5 sport=69 dport=1001 packets=0 bytes=0 mark=0 delta-time=2 helper=tftp use=2",
    "udp      17 28 src=192.0.2.10 dst=10.0.0.5 sport=3000 dport=1001 packets=1 bytes=28 [UNREPLIED] src=10.0.0.5 dst=192.0.2.10 sport=1001 dport=3000 packets=0 bytes=0 mark=0 delta-time=2 use=1",
  ]);
  const [master] = router.tracker.connections(router.now);
  expect(master && printConnection(master, router.now, { use: true, timeouts: false })).toBe(
    "ipv4     2 udp      17 src=10.0.0.5 dst=192.0.2.10 sport=1001 dport=69 packets=1 bytes=31 [UNREPLIED] src=192.0.2.10 dst=10.0.0.5 sport=69 dport=1001 packets=0 bytes=0 mark=0 zone=0 delta-time=0 use=2",
  );
});
