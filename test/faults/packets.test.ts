import { expect, test } from "vitest";
import type { Outcome } from "../../src/engine/index.ts";
import { buildExtension, buildPacket, concat, fragmentPacket, parseIpv6, setHeaderChecksum, setU16 } from "../../src/packet/index.ts";
import { arrive, bytesOf, counted, machine, START } from "./machine.ts";
import { filter } from "./refused-text.ts";

/** Faults 31 and 33 to 35: chains without end, and packets within packets and in pieces. */

const STATEFUL = filter("-A INPUT -f -j DROP", "-A INPUT -m conntrack --ctstate NEW -j ACCEPT", "-A INPUT -j DROP");
const WHOLE = bytesOf(`udp 192.0.2.9:4000 > 192.0.2.1:53 data "${"x".repeat(64)}"`);
const verdicts = (outcomes: readonly Outcome[]): string[] => outcomes.map(({ verdict }) => verdict);

/** An IPv4 packet with other fields in its header. */
function changed(packet: Uint8Array, { offset, id }: { readonly offset?: number; readonly id?: number }): Uint8Array {
  const bytes = packet.slice();
  if (offset !== undefined) setU16(bytes, 6, (((bytes[6] as number) << 8) & 0x2000) | offset);
  if (id !== undefined) setU16(bytes, 4, id);
  setHeaderChecksum(bytes, 20);
  return bytes;
}

/** The packet with zeros behind it that its header counts. */
function longer(packet: Uint8Array, by: number): Uint8Array {
  const bytes = concat(packet, new Uint8Array(by));
  setU16(bytes, 2, bytes.length);
  setHeaderChecksum(bytes, 20);
  return bytes;
}

test("fault 31: 64 chains with two ways each are walked in 64 steps", () => {
  const names = Array.from({ length: 64 }, (_, i) => `c${i}`);
  const ways = names
    .slice(1)
    .flatMap((next, i) => ["", "! "].map(not => `-A c${i} -m mark ${not}--mark ${2 ** (i % 31)}/${2 ** (i % 31)} -j ${next}`));
  const firewall = machine(filter(...names.map(name => `:${name} - [0:0]`), "-A INPUT -j c0", ...ways, "-A c63 -j DROP"));
  expect(arrive(firewall, "eth0", [WHOLE])[0]).toMatchObject({ verdict: "dropped", decidedBy: { chain: "c63", number: 1 } });
  expect(counted(firewall, "c0")).toEqual([0, 1]);
});

test.each(["compiled", "reference"] as const)(
  "fault 31: 2^64 steps, where the kernel would hang, are given up with the reason (%s)",
  engine => {
    const names = Array.from({ length: 65 }, (_, i) => `c${i}`);
    const ways = names.slice(1).flatMap((next, i) => [`-A c${i} -j ${next}`, `-A c${i} -j ${next}`]);
    const firewall = machine(filter(...names.map(name => `:${name} - [0:0]`), "-A INPUT -j c0", ...ways), { engine });
    const [outcome] = arrive(firewall, "eth0", [WHOLE]);
    expect(outcome?.verdict).toBe("dropped");
    expect(outcome?.reason).toContain("the kernel would hang");
  },
);

test("fault 33: IP in IP a hundred deep is one packet", () => {
  let packet = WHOLE;
  for (let depth = 0; depth < 100; depth++)
    packet = buildPacket({
      family: 4,
      source: 0xc0000209,
      destination: 0xc0000201,
      transport: { kind: "raw", protocol: 4, payload: packet },
    });
  const firewall = machine(STATEFUL);
  expect(arrive(firewall, "eth0", [packet])[0]).toMatchObject({ verdict: "delivered", decidedBy: { number: 2 } });
});

test("fault 33: ICMP errors about ICMP errors a hundred deep", () => {
  let packet = WHOLE;
  for (let depth = 0; depth < 100; depth++) {
    const body = { kind: "icmp", type: 3, code: 3, payload: packet } as const;
    packet = buildPacket({ family: 4, source: 0xc0000209, destination: 0xc0000201, transport: body });
  }
  expect(arrive(machine(STATEFUL), "eth0", [packet])[0]).toMatchObject({ verdict: "dropped", decidedBy: { number: 3 } });
});

const PARTS = fragmentPacket(WHOLE, 52);
/** Two fragments that end at 65,543 bytes. */
const OVERSIZE = fragmentPacket(
  buildPacket({
    family: 4,
    source: 0xc0000209,
    destination: 0xc0000201,
    transport: { kind: "udp", sourcePort: 1, destinationPort: 2, payload: new Uint8Array(65_507) },
  }),
  40_000,
).map((part, index) => (index === 0 ? part : longer(part, 8)));
const HELD = "stolen";
const FRAGMENTS: readonly (readonly [
  name: string,
  parts: readonly Uint8Array[],
  verdicts: readonly string[],
  counts: readonly number[],
  reason: string,
])[] = [
  ["in order", PARTS, [HELD, HELD, "delivered"], [0, 1, 0], ""],
  ["in reverse", PARTS.toReversed(), [HELD, HELD, "delivered"], [0, 1, 0], ""],
  ["one of them twice", [PARTS[0]!, PARTS[0]!, PARTS[1]!, PARTS[2]!], [HELD, "dropped", HELD, "delivered"], [0, 1, 0], "came before"],
  ["one over another", [PARTS[0]!, changed(PARTS[1]!, { offset: 2 }), PARTS[2]!], [HELD, "dropped", HELD], [0, 0, 0], "overlapping"],
  ["one inside another (teardrop)", [PARTS[0]!, changed(PARTS[2]!, { offset: 1 })], [HELD, "dropped"], [0, 0, 0], "ends elsewhere"],
  ["past 65535 bytes (ping of death)", OVERSIZE, [HELD, "dropped"], [0, 0, 0], "oversized"],
  ["a tiny first one", fragmentPacket(bytesOf("tcp 192.0.2.9:4000 > 192.0.2.1:22 syn"), 28), [HELD, HELD, "delivered"], [0, 1, 0], ""],
];

test.each(FRAGMENTS)("fault 34: IPv4 fragments, %s", (_, parts, expected, counts, reason) => {
  const firewall = machine(STATEFUL);
  const outcomes = arrive(firewall, "eth0", parts);
  expect(verdicts(outcomes)).toEqual(expected);
  expect(outcomes.find(({ verdict }) => verdict === "dropped")?.reason ?? "").toContain(reason);
  expect(counted(firewall, "INPUT")).toEqual(counts);
});

test("fault 34: a fragment at offset 1 that would overwrite TCP flags is dropped at once where nothing reassembles", () => {
  const [first = WHOLE, second = WHOLE] = fragmentPacket(bytesOf("tcp 192.0.2.9:4000 > 10.0.0.9:22 syn"), 28);
  const firewall = machine(filter("-A FORWARD -p tcp -m tcp --dport 80 -j ACCEPT"));
  for (const outcome of arrive(firewall, "eth0", [first, second]))
    expect(outcome).toMatchObject({ verdict: "dropped", decidedBy: { chain: "FORWARD", number: 1 } });
});

test("fault 34: a flood of first fragments is held within a bound", () => {
  const firewall = machine(STATEFUL);
  const flood = Array.from({ length: 20_000 }, (_, id) => changed(PARTS[0]!, { id }));
  const outcomes = arrive(firewall, "eth0", flood, START);
  expect(outcomes.filter(({ verdict }) => verdict === "delivered").length).toBe(0);
  expect(outcomes.some(({ reason }) => reason.includes("memory"))).toBe(true);
});

const V6_RULES = filter("-A INPUT -m conntrack --ctstate NEW -j ACCEPT", "-A INPUT -j DROP");
const six = (packet: {
  readonly extensions?: readonly number[];
  readonly fragment?: { readonly offset: number; readonly more: boolean };
  readonly payload?: number;
}): Uint8Array =>
  buildPacket({
    family: 6,
    source: parseIpv6("2001:db8::9") as bigint,
    destination: parseIpv6("2001:db8::1") as bigint,
    id: 7,
    extensions: (packet.extensions ?? []).map(protocol => buildExtension(protocol, new Uint8Array())),
    ...(packet.fragment && { fragment: packet.fragment }),
    transport: { kind: "udp", sourcePort: 4000, destinationPort: 53, payload: new Uint8Array(packet.payload ?? 8) },
  });
const SIX = fragmentPacket(six({ payload: 120 }), 96, 7);

const V6: readonly (readonly [name: string, packets: readonly Uint8Array[], verdicts: readonly string[], counts: readonly number[]])[] = [
  ["an atomic fragment", [six({ fragment: { offset: 0, more: false } })], ["delivered"], [1, 0]],
  ["nine extension headers", [six({ extensions: Array.from({ length: 9 }, () => 60) })], ["delivered"], [1, 0]],
  ["a hundred extension headers", [six({ extensions: Array.from({ length: 100 }, () => 60) })], ["delivered"], [1, 0]],
  ["fragments in order", SIX, [HELD, HELD, "delivered"], [1, 0]],
  ["fragments, one over another", [SIX[0]!, moved(SIX[1]!, 8), SIX[2]!], [HELD, "dropped", HELD], [0, 0]],
];

function moved(fragment: Uint8Array, back: number): Uint8Array {
  const bytes = fragment.slice();
  setU16(bytes, 42, (((bytes[42] as number) << 8) | (bytes[43] as number)) - back);
  return bytes;
}

test.each(V6)("fault 35: IPv6, %s", (_, packets, expected, counts) => {
  const firewall = machine("", { v6: V6_RULES });
  const outcomes = arrive(firewall, "eth0", packets);
  expect(verdicts(outcomes)).toEqual(expected);
  for (const { verdict, reason } of outcomes) if (verdict !== "delivered") expect(reason).not.toBe("");
  expect(counted(firewall, "INPUT", 6)).toEqual(counts);
});
