import fc from "fast-check";
import { expect, test } from "vitest";
import {
  buildIpv4,
  buildIpv6,
  buildTransport,
  concat,
  dissect,
  headerChecksum,
  ICMP,
  ICMPV6,
  isFault,
  parseIpv4,
  parseIpv6,
  PROTOCOL,
  setTransportChecksum,
  setU16,
  transportChecksumHolds,
  u16,
  unhex,
  type Layout,
  type TransportRepr,
} from "../packet/index.ts";
import { manipulate, type Manip } from "./manip.ts";
import type { Tuple } from "./tuple.ts";

function layoutOf(bytes: Uint8Array): Layout {
  const layout = dissect(bytes);
  if (isFault(layout)) throw new RangeError(layout.fault);
  return layout;
}

/** A packet with right checksums. */
function packet(family: 4 | 6, source: number | bigint, destination: number | bigint, protocol: number, transport: Uint8Array): Uint8Array {
  const header =
    family === 4
      ? buildIpv4({ source: Number(source), destination: Number(destination), protocol, payloadLength: transport.length })
      : buildIpv6({ source: BigInt(source), destination: BigInt(destination), nextHeader: protocol, payloadLength: transport.length });
  const bytes = concat(header, transport);
  setTransportChecksum(bytes, layoutOf(bytes));
  return bytes;
}

const port = fc.integer({ min: 0, max: 65535 });
const payload = fc.uint8Array({ maxLength: 40 });
const KINDS = ["tcp", "udp", "udplite", "sctp", "icmp"] as const;

function transportOf(
  kind: (typeof KINDS)[number],
  family: 4 | 6,
  sourcePort: number,
  destinationPort: number,
  data: Uint8Array,
): readonly [number, Uint8Array] {
  switch (kind) {
    case "tcp":
      return [PROTOCOL.TCP, built({ kind, sourcePort, destinationPort, payload: data })];
    case "udp":
      return [PROTOCOL.UDP, built({ kind, sourcePort, destinationPort, payload: data })];
    case "udplite":
      return [PROTOCOL.UDPLITE, built({ kind, sourcePort, destinationPort, payload: data })];
    case "sctp":
      return [PROTOCOL.SCTP, built({ kind, sourcePort, destinationPort, payload: data })];
    case "icmp":
      return family === 4
        ? [PROTOCOL.ICMP, built({ kind: "icmp", type: ICMP.ECHO_REQUEST, id: sourcePort, payload: data })]
        : [PROTOCOL.ICMPV6, built({ kind: "icmpv6", type: ICMPV6.ECHO_REQUEST, id: sourcePort, payload: data })];
  }
}

const built = (repr: object): Uint8Array => buildTransport(repr as TransportRepr);

test("rewriting is the same as building anew: right checksums, and nothing else changes", () => {
  fc.assert(
    fc.property(
      fc.constantFrom<4 | 6>(4, 6),
      fc.constantFrom(...KINDS),
      fc.constantFrom<Manip>("source", "destination"),
      fc.tuple(fc.bigInt(0n, 2n ** 128n - 1n), fc.bigInt(0n, 2n ** 128n - 1n), fc.bigInt(0n, 2n ** 128n - 1n)),
      fc.tuple(port, port, port),
      payload,
      (family, kind, manip, addresses, [sport, dport, fresh], data) => {
        const [from, to, other] = addresses.map(value => (family === 4 ? Number(value & 0xffffffffn) : value)) as [number, number, number];
        const [protocol, before] = transportOf(kind, family, sport, dport, data);
        const bytes = packet(family, from, to, protocol, before);
        const source = manip === "source";
        const sourcePort = source || kind === "icmp" ? fresh : sport;
        const target: Tuple = { family, protocol, source: other, destination: other, sourcePort, destinationPort: fresh };
        expect(manipulate(bytes, 0, bytes.length, target, manip)).toBe(true);
        const [, after] = transportOf(kind, family, sourcePort, source ? dport : fresh, data);
        const wanted = packet(family, source ? other : from, source ? to : other, protocol, after);
        const layout = layoutOf(bytes);
        expect(transportChecksumHolds(bytes, layout)).toBe(true);
        if (family === 4) expect(layout.badHeaderChecksum).toBe(false);
        // All but the checksums, which may be 0 or 0xffff for the same sum.
        for (const each of [bytes, wanted]) {
          setTransportChecksum(each, layout);
          if (family === 4) setU16(each, 10, headerChecksum(each, 20));
        }
        expect(bytes).toEqual(wanted);
      },
    ),
  );
});

const A = parseIpv4("10.0.0.2") as number;
const B = parseIpv4("192.0.2.10") as number;
const target: Tuple = {
  family: 4,
  protocol: PROTOCOL.UDP,
  source: parseIpv4("192.0.2.1") as number,
  destination: B,
  sourcePort: 4000,
  destinationPort: 9,
};

test("UDP without a checksum keeps none; one that becomes 0 is written as 0xffff", () => {
  const bare = packet(4, A, B, PROTOCOL.UDP, built({ kind: "udp", sourcePort: 1, destinationPort: 2 }));
  setU16(bare, 26, 0);
  expect(manipulate(bare, 0, bare.length, target, "source")).toBe(true);
  expect(u16(bare, 26)).toBe(0);
  // The port that takes the sum to 0.
  const sums = Array.from({ length: 65536 }, (_, sourcePort) => sourcePort).filter(sourcePort => {
    const bytes = packet(4, A, B, PROTOCOL.UDP, built({ kind: "udp", sourcePort: 1, destinationPort: 2 }));
    manipulate(bytes, 0, bytes.length, { ...target, sourcePort }, "source");
    return u16(bytes, 26) === 0xffff || u16(bytes, 26) === 0;
  });
  expect(sums.length).toBe(1);
});

/** `PROTOCOL LENGTH MANIP`: is a transport header of this many bytes enough, and is its checksum then touched? */
const CUT = `
tcp 7 source drop
tcp 8 source kept
tcp 19 destination kept
tcp 20 source changed
udp 7 source drop
udp 8 source changed
sctp 7 source drop
sctp 8 source kept
sctp 11 source kept
sctp 12 source changed
icmp 7 source drop
icmp 8 source changed
`;

test.each(CUT.trim().split("\n"))("cut header: %s", row => {
  const [name = "", length = "", manip = "", outcome] = row.split(" ");
  const protocol = { tcp: PROTOCOL.TCP, udp: PROTOCOL.UDP, sctp: PROTOCOL.SCTP, icmp: PROTOCOL.ICMP }[name] as number;
  const place = { tcp: 16, udp: 6, sctp: 8, icmp: 2 }[name] as number;
  const transport = new Uint8Array(Number(length)).fill(0x11);
  if (protocol === PROTOCOL.ICMP) transport[0] = ICMP.ECHO_REQUEST;
  const bytes = concat(buildIpv4({ source: A, destination: B, protocol, payloadLength: transport.length }), transport);
  const before = bytes.slice();
  const done = manipulate(bytes, 0, bytes.length, { ...target, protocol }, manip as Manip);
  const sum = (of: Uint8Array): number | undefined => (20 + place + 2 <= of.length ? u16(of, 20 + place) : undefined);
  expect(done ? (sum(bytes) === sum(before) ? "kept" : "changed") : "drop").toBe(outcome);
});

test("what has no port keeps its bytes: GRE version 0, DCCP, ICMP errors, unknown protocols", () => {
  const rows: readonly (readonly [number, string])[] = [
    [PROTOCOL.GRE, "0000080001020304"],
    [PROTOCOL.DCCP, "0001000205000000000102030405060708090a0b"],
    [PROTOCOL.ICMP, "0301fcfe00000000"],
    [99, "0102"],
  ];
  for (const [protocol, transport] of rows) {
    const bytes = concat(buildIpv4({ source: A, destination: B, protocol, payloadLength: unhex(transport).length }), unhex(transport));
    expect(manipulate(bytes, 0, bytes.length, { ...target, protocol }, "destination")).toBe(true);
    expect(bytes.subarray(20)).toEqual(unhex(transport));
  }
});

test("GRE version 1: the receiver's call id changes, the sender's is not in the packet; other versions are dropped", () => {
  const gre = (version: number): Uint8Array =>
    concat(
      buildIpv4({ source: A, destination: B, protocol: PROTOCOL.GRE, payloadLength: 8 }),
      new Uint8Array([0x20, version, 0x88, 0x0b, 0, 0, 0, 7]),
    );
  const run = (version: number, manip: Manip): number | undefined => {
    const bytes = gre(version);
    return manipulate(bytes, 0, bytes.length, { ...target, protocol: PROTOCOL.GRE }, manip) ? u16(bytes, 26) : undefined;
  };
  expect([run(1, "destination"), run(1, "source"), run(2, "destination"), run(2, "source")]).toEqual([9, 7, undefined, 7]);
});

test("IPv6: a later fragment has its addresses rewritten only, and so has a packet whose extension headers are cut", () => {
  const source = parseIpv6("2001:db8::1") as bigint;
  const six: Tuple = { family: 6, protocol: PROTOCOL.UDP, source, destination: source, sourcePort: 1, destinationPort: 1 };
  for (const rest of ["1100000800000001aabbccddeeff0011", "1100000000000001aabb", "11"]) {
    const body = unhex(rest);
    const bytes = concat(buildIpv6({ source: 5n, destination: 6n, nextHeader: rest === "11" ? 0 : 44, payloadLength: body.length }), body);
    const cut = rest.endsWith("aabb");
    expect(manipulate(bytes, 0, bytes.length, six, "source")).toBe(!cut);
    expect(bytes.subarray(40)).toEqual(body);
    expect(u16(bytes, 8)).toBe(cut ? 0 : 0x2001);
  }
});

test("hostile bytes: never a throw, never a write past the end", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 80 }),
      fc.constantFrom(1, 6, 17, 47, 58, 132, 136),
      fc.constantFrom<4 | 6>(4, 6),
      fc.nat(30),
      (bytes, protocol, family, at) => {
        const padded = concat(bytes, new Uint8Array(8).fill(0xaa));
        manipulate(padded, Math.min(at, bytes.length), bytes.length, { ...target, family, protocol }, "source");
        expect(padded.subarray(bytes.length)).toEqual(new Uint8Array(8).fill(0xaa));
      },
    ),
  );
});
