import { expect, test } from "vitest";
import { Router, type Passage } from "../../test/conntrack/router.ts";
import {
  concat,
  dissect,
  isFault,
  parseIpv4,
  parseNotation,
  printAddress,
  setHeaderChecksum,
  setTransportChecksum,
  setU16,
  specToBytes,
  u32,
  isNotationFault,
} from "../packet/index.ts";
import type { Carrier } from "./carrier.ts";
import { CT_INFO } from "./direction.ts";
import { STATUS } from "./connection.ts";
import { natHook, type NatRange } from "./nat.ts";
import { Tracker } from "./tracker.ts";

/** A packet of the notation as bytes. */
function bytes(notation: string): Uint8Array {
  const spec = parseNotation(notation);
  if (isNotationFault(spec)) throw new Error(notation);
  return specToBytes(spec);
}

/** `ADDRESS:PORT > ADDRESS:PORT` of a packet, or where it stopped. */
function ends({ out, stopped }: Passage): string {
  if (out === undefined) return `stopped ${stopped ?? ""}`;
  const layout = dissect(out);
  if (isFault(layout)) throw new Error(layout.fault);
  const port = (at: number): number => (((out[layout.l4 + at] as number) << 8) | (out[layout.l4 + at + 1] as number)) >>> 0;
  return `${printAddress(u32(out, 12))}:${port(0)} > ${printAddress(u32(out, 16))}:${port(2)}`;
}

const at = (text: string): readonly [number, number] => {
  const [low = "", high = low] = text.split("-");
  return [parseIpv4(low) as number, parseIpv4(high) as number];
};
const snat = (addresses: string, more: Partial<NatRange> = {}): { chain: "POSTROUTING"; range: NatRange } => ({
  chain: "POSTROUTING",
  range: { manip: "source", addresses: at(addresses), ...more },
});
const dnat = (addresses: string, more: Partial<NatRange> = {}): { chain: "PREROUTING"; range: NatRange } => ({
  chain: "PREROUTING",
  range: { manip: "destination", addresses: at(addresses), ...more },
});

/** Sends packets from tun0, or from tun1 after `<`, and tells what became of each. */
function run(router: Router, rows: string): void {
  for (const row of rows.trim().split("\n")) {
    const [packet = "", outcome] = row.split(" => ");
    const back = packet.startsWith("< ");
    const passage = router.take(bytes(back ? packet.slice(2) : packet), back ? "tun1" : "tun0");
    expect(ends(passage), `${packet}: ${passage.carrier.trackingReason ?? ""}`).toBe(outcome);
  }
}

test("source NAT keeps a free port, and a source keeps its mapping", () => {
  run(
    new Router({ rules: [snat("192.0.2.200")] }),
    `
udp 10.0.0.2:40000 > 192.0.2.10:53 => 192.0.2.200:40000 > 192.0.2.10:53
< udp 192.0.2.10:53 > 192.0.2.200:40000 => 192.0.2.10:53 > 10.0.0.2:40000
udp 10.0.0.2:40000 > 192.0.2.10:53 => 192.0.2.200:40000 > 192.0.2.10:53
udp 10.0.0.2:40000 > 192.0.2.11:53 => 192.0.2.200:40000 > 192.0.2.11:53
`,
  );
});

test("a port that is taken moves within its class: below 512, below 1024, others", () => {
  const router = new Router({ rules: [snat("192.0.2.200")] });
  router.random = 7;
  run(
    router,
    `
tcp 10.0.0.2:40000 > 192.0.2.10:80 syn => 192.0.2.200:40000 > 192.0.2.10:80
tcp 10.0.0.3:40000 > 192.0.2.10:80 syn => 192.0.2.200:1031 > 192.0.2.10:80
tcp 10.0.0.4:40000 > 192.0.2.10:80 syn => 192.0.2.200:1032 > 192.0.2.10:80
tcp 10.0.0.4:40000 > 192.0.2.10:81 syn => 192.0.2.200:1032 > 192.0.2.10:81
tcp 10.0.0.2:500 > 192.0.2.10:80 syn => 192.0.2.200:500 > 192.0.2.10:80
tcp 10.0.0.3:500 > 192.0.2.10:80 syn => 192.0.2.200:8 > 192.0.2.10:80
tcp 10.0.0.2:700 > 192.0.2.10:80 syn => 192.0.2.200:700 > 192.0.2.10:80
tcp 10.0.0.3:700 > 192.0.2.10:80 syn => 192.0.2.200:607 > 192.0.2.10:80
`,
  );
});

test("ports of a range are tried from a random one on; when all are taken the packet is dropped", () => {
  const router = new Router({ rules: [snat("192.0.2.200", { ports: [5000, 5001] })] });
  router.random = 1;
  run(
    router,
    `
udp 10.0.0.2:40000 > 192.0.2.10:53 => 192.0.2.200:5001 > 192.0.2.10:53
udp 10.0.0.3:40000 > 192.0.2.10:53 => 192.0.2.200:5000 > 192.0.2.10:53
udp 10.0.0.4:40000 > 192.0.2.10:53 => stopped confirm
udp 10.0.0.4:40000 > 192.0.2.11:53 => 192.0.2.200:5001 > 192.0.2.11:53
`,
  );
});

test("without a rule, a connection that would get another's answers has its port changed all the same", () => {
  const router = new Router({ rules: [{ ...snat("192.0.2.11"), protocol: 17 }] });
  run(
    router,
    `
udp 10.0.0.2:40000 > 10.0.0.10:53 => 192.0.2.11:40000 > 10.0.0.10:53
< udp 192.0.2.11:40000 > 10.0.0.10:53 => 192.0.2.11:1024 > 10.0.0.10:53
`,
  );
});

test("destination NAT takes the first free port of a range, keeps distances from a base, and leaves the port without a range", () => {
  run(
    new Router({ rules: [dnat("10.0.0.50", { ports: [8000, 8001] })] }),
    `
udp 10.0.0.2:40000 > 192.0.2.10:53 => 10.0.0.2:40000 > 10.0.0.50:8000
udp 10.0.0.2:40000 > 192.0.2.11:53 => 10.0.0.2:40000 > 10.0.0.50:8001
`,
  );
  run(
    new Router({ rules: [dnat("10.0.0.50", { ports: [8000, 8100], portBase: 40 })] }),
    "udp 10.0.0.2:40000 > 192.0.2.10:53 => 10.0.0.2:40000 > 10.0.0.50:8013",
  );
  run(new Router({ rules: [dnat("10.0.0.50", { random: true })] }), "udp 10.0.0.2:40000 > 192.0.2.10:53 => 10.0.0.2:40000 > 10.0.0.50:53");
});

test("source and destination NAT at once are undone by the answers", () => {
  run(
    new Router({ rules: [dnat("198.51.100.50", { ports: [8080, 8080] }), snat("192.0.2.200")] }),
    `
tcp 10.0.0.2:40000 > 192.0.2.10:80 syn => 192.0.2.200:40000 > 198.51.100.50:8080
< tcp 198.51.100.50:8080 > 192.0.2.200:40000 syn+ack => 192.0.2.10:80 > 10.0.0.2:40000
`,
  );
});

test("a masqueraded connection dies when it leaves by another interface", () => {
  const router = new Router({ rules: [snat("192.0.2.1", { masqueradeInterface: "tun1" })] });
  run(router, "udp 10.0.0.2:40000 > 198.51.100.9:53 => 192.0.2.1:40000 > 198.51.100.9:53");
  expect(router.only.masqueradeInterface).toBe("tun1");
  const { carrier } = router.take(bytes("udp 10.0.0.2:40000 > 198.51.100.9:53"), "tun0");
  expect(natHook(router.tracker, carrier, { hook: "POSTROUTING", out: "tun1" }, () => "accept").verdict).toBe("accept");
  expect(natHook(router.tracker, carrier, { hook: "POSTROUTING", out: "tun0" }, () => "accept").verdict).toBe("drop");
  expect(carrier.trackingReason).toContain("tun1");
  expect(router.tracker.size).toBe(0);
});

/** An ICMP error from `source` about a packet. */
function unreachable(source: string, about: Uint8Array): Uint8Array {
  const made = bytes(`icmp ${source} > ${printAddress(u32(about, 12))} 3/1`).slice(0, 28);
  const whole = concat(made, about);
  setU16(whole, 2, whole.length);
  setHeaderChecksum(whole, 20);
  const layout = dissect(whole);
  if (isFault(layout)) throw new Error(layout.fault);
  setTransportChecksum(whole, layout);
  return whole;
}

test("an ICMP error comes back to the sender as if about its own packet; a wrong checksum or a redirect is dropped", () => {
  const router = new Router({ checksum: false, rules: [dnat("198.51.100.50"), snat("192.0.2.200")] });
  const sent = bytes("udp 10.0.0.2:40000 > 192.0.2.10:53");
  const { out } = router.take(sent, "tun0");
  const error = unreachable("192.0.2.99", out as Uint8Array);
  const back = router.take(error, "tun1");
  expect([back.carrier.info, back.carrier.connection]).toEqual([CT_INFO.RELATED_REPLY, router.only]);
  // Even what a router in between says comes from the address that the client knows, and is about what it sent.
  expect(ends(back)).toMatch(/^192\.0\.2\.10:\d+ > 10\.0\.0\.2:\d+$/);
  const inner = (back.out as Uint8Array).slice(28);
  expect(inner.subarray(12)).toEqual(sent.subarray(12));
  const layout = dissect(back.out as Uint8Array);
  expect(isFault(layout) || layout.badHeaderChecksum).toBe(false);

  const broken = error.slice();
  broken[22] = 0x55;
  expect(router.take(broken, "tun1").stopped).toBe("PREROUTING");
  const redirect = error.slice();
  redirect[20] = 5;
  setTransportChecksum(redirect, dissect(redirect) as never);
  expect(router.take(redirect, "tun1")).toMatchObject({
    stopped: "PREROUTING",
    carrier: { trackingReason: "an ICMP redirect about a translated connection" },
  });
});

/** A carrier that OUTPUT has tracked. */
function sent(tracker: Tracker, notation: string): Carrier {
  const raw = bytes(notation);
  const layout = dissect(raw);
  if (isFault(layout)) throw new Error(layout.fault);
  let told = 0;
  const carrier: Carrier & { told(): number } = {
    family: 4,
    bytes: raw,
    layout,
    connection: undefined,
    info: CT_INFO.ESTABLISHED,
    mark: 0,
    trackingReason: undefined,
    rewritten: () => void told++,
    told: () => told,
  };
  tracker.track(carrier, "OUTPUT", 1);
  return carrier;
}

test("what the hook reports: drops, rewriting, the need for another route", () => {
  const tracker = new Tracker({ random: () => 0 });
  const place = { hook: "OUTPUT", out: "eth0" } as const;
  const one = sent(tracker, "udp 10.0.0.1:1000 > 192.0.2.10:53");
  expect(natHook(tracker, one, place, () => "drop")).toEqual({ verdict: "drop", rewritten: false, reroute: false });
  expect(natHook(tracker, one, place, () => "accept")).toEqual({ verdict: "accept", rewritten: false, reroute: false });
  expect(one.connection?.status).toBe(STATUS.DST_NAT_DONE);
  // Set up once and for all.
  expect(natHook(tracker, one, place, () => "drop").verdict).toBe("accept");
  const two = sent(tracker, "udp 10.0.0.1:1001 > 192.0.2.10:53") as Carrier & { told(): number };
  expect(natHook(tracker, two, place, () => dnat("198.51.100.1").range)).toEqual({ verdict: "accept", rewritten: true, reroute: true });
  expect(two.told()).toBe(1);
  expect(two.connection?.status).toBe(STATUS.DST_NAT | STATUS.DST_NAT_DONE);
  // A port alone needs no other route.
  const three = sent(tracker, "udp 10.0.0.1:1002 > 192.0.2.10:53");
  expect(natHook(tracker, three, place, () => ({ manip: "destination", ports: [99, 99] }))).toEqual({
    verdict: "accept",
    rewritten: true,
    reroute: false,
  });
  const none: Carrier = { ...three, connection: undefined };
  expect(
    natHook(tracker, none, place, () => {
      throw new Error("asked for a packet without a connection");
    }).verdict,
  ).toBe("accept");
});

test("a mapping of a dropped connection is not kept for its source", () => {
  const router = new Router({ rules: [snat("192.0.2.200-192.0.2.219", { ports: [5000, 5900] })] });
  router.random = 3;
  for (let step = 0; step < 200; step++) {
    const { carrier } = router.take(bytes("udp 10.0.0.9:7 > 192.0.2.10:53"), "tun0");
    if (carrier.connection) router.tracker.remove(carrier.connection);
  }
  expect(router.tracker.size).toBe(0);
  // Ports of its own, not those of a connection that is gone: its random start is another by now.
  router.random = 800;
  expect(ends(router.take(bytes("udp 10.0.0.9:7 > 192.0.2.10:53"), "tun0"))).toContain(":5800 > ");
});
