import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  buildPacket,
  crc32c,
  dissect,
  encodeUtf8,
  headerChecksum,
  internetChecksum,
  isFault,
  setTransportChecksum,
  transportChecksum,
  transportChecksumHolds,
  unhex,
  updateChecksum16,
  updateChecksum32,
  type Layout,
  type PacketRepr,
} from "./index.ts";

function layoutOf(bytes: Uint8Array): Layout {
  const layout = dissect(bytes);
  if (isFault(layout)) throw new Error(layout.fault);
  return layout;
}

describe("vectors", () => {
  test("RFC 1071's example", () => expect(internetChecksum(unhex("0001f203f4f5f6f7"), 0, 8)).toBe(0x220d));
  test("an odd byte counts as if a zero followed", () =>
    expect(internetChecksum(unhex("0102ff"), 0, 3)).toBe(internetChecksum(unhex("0102ff00"), 0, 4)));
  test("CRC-32C of 123456789, as it is stored", () => expect(crc32c(encodeUtf8("123456789"), 0, 9)).toBe(0x839206e3));
  test("CRC-32C of 32 zero bytes (RFC 3720, B.4)", () => expect(crc32c(new Uint8Array(32), 0, 32)).toBe(0xaa36918a));
  test("an IPv4 header of Linux", () => expect(headerChecksum(unhex("4500003c6634400040065084c0000201c0000202"), 20)).toBe(0x5084));
});

/** Packets that Linux 6.18 put on a wire with these checksums; in TCP's case the field waits for the hardware and tcpdump says what belongs there. */
const REAL: readonly (readonly [what: string, bytes: string, checksum: number])[] = [
  [
    "TCP SYN",
    "4500003c6634400040065084c0000201c0000202ccfe1f90ca57da7500000000a002faf084320000020405b40402080a87c5248b000000000103030a",
    0x8b5b,
  ],
  [
    "IPv6 TCP with data",
    "60078bb80026064020010db800000000000000000000000120010db8000000000000000000000002b6521f907881bc3883d8bd7a801800405ba100000101080a0c1ca45d940cc9e668656c6c6f36",
    0x7c95,
  ],
  ["UDP of an odd length", "4500001fdcfc40004011d9cdc0000201c0000202c6fd14e9000b8420616263", 0xdb8a],
  [
    "ICMP port unreachable",
    "45c0003b269900004001cf65c0000202c00002010303d887000000004500001fdcfc40004011d9cdc0000201c0000202c6fd14e9000b8420616263",
    0xd887,
  ],
  [
    "UDPLite that covers 12 of 25 bytes",
    "4500002d383d400040887e08c0000201c000020298760007000cfffa7061727469616c6c7920636f7665726564",
    0xfffa,
  ],
  [
    "IPv6 UDP behind a router alert",
    "600421c90013004020010db800000000000000000000000120010db80000000000000000000000021100050200000100a6b614eb000b185f686268",
    0x185f,
  ],
  [
    "ICMPv6 neighbour solicitation",
    "6000000000203aff20010db8000000000000000000000001ff0200000000000000000001ff000002870026750000000020010db8000000000000000000000002010156753011712c",
    0x2675,
  ],
];

describe("real packets", () => {
  for (const [what, text, checksum] of REAL) {
    test(what, () => {
      const bytes = unhex(text);
      const layout = layoutOf(bytes);
      expect(layout.badHeaderChecksum).toBe(false);
      expect(transportChecksum(bytes, layout)).toBe(checksum);
      expect(setTransportChecksum(bytes, layout)).toBe(true);
      expect(transportChecksumHolds(bytes, layout)).toBe(true);
    });
  }
});

const port = fc.integer({ min: 0, max: 65535 });
const payload = fc.uint8Array({ maxLength: 41 });
const ports = { sourcePort: port, destinationPort: port, payload };
const transport = fc.oneof(
  fc.record({ kind: fc.constant("tcp" as const), ...ports, flags: fc.integer({ min: 0, max: 255 }) }),
  fc.record({ kind: fc.constantFrom("udp" as const, "udplite" as const), ...ports }),
  fc.record({ kind: fc.constant("sctp" as const), ...ports }),
  fc.record({ kind: fc.constant("dccp" as const), ...ports, type: fc.integer({ min: 0, max: 9 }) }),
  fc.record({ kind: fc.constantFrom("icmp" as const, "icmpv6" as const), type: fc.integer({ min: 0, max: 255 }), payload }),
);
const packet: fc.Arbitrary<PacketRepr> = fc.oneof(
  fc.record({ family: fc.constant(4 as const), source: fc.nat(), destination: fc.nat(), transport }),
  fc.record({
    family: fc.constant(6 as const),
    source: fc.bigInt(0n, 2n ** 128n - 1n),
    destination: fc.bigInt(0n, 2n ** 128n - 1n),
    transport,
  }),
);

test("a built packet's checksum holds, and no longer after one bit of what it covers flips", () => {
  fc.assert(
    fc.property(packet, fc.nat(), fc.nat({ max: 7 }), (repr, where, bit) => {
      const bytes = buildPacket(repr);
      const layout = layoutOf(bytes);
      expect(transportChecksumHolds(bytes, layout)).toBe(true);
      // Not in a UDP length field: that would say that fewer bytes are covered.
      const place = layout.l4 + (where % (bytes.length - layout.l4));
      const lengthField = place >= layout.l4 + 4 && place < layout.l4 + 6;
      if (lengthField && (repr.transport.kind === "udp" || repr.transport.kind === "udplite" || repr.transport.kind === "dccp")) return;
      bytes[place] = (bytes[place] as number) ^ (1 << bit);
      const again = layoutOf(bytes);
      const udpWithout = layout.family === 4 && repr.transport.kind === "udp" && bytes[layout.l4 + 6] === 0 && bytes[layout.l4 + 7] === 0;
      expect(transportChecksumHolds(bytes, again)).toBe(udpWithout);
    }),
  );
});

test("an incremental update is a recomputation", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 20, maxLength: 60 }), fc.nat({ max: 8 }), fc.nat({ max: 0xffffffff }), (bytes, word, to) => {
      const at = word * 2;
      const before = internetChecksum(bytes, 0, bytes.length);
      const view = new DataView(bytes.buffer, bytes.byteOffset);
      const from = view.getUint32(at);
      view.setUint32(at, to);
      const after = internetChecksum(bytes, 0, bytes.length);
      // One's complement has two zeros.
      expect(updateChecksum32(before, from, to) % 0xffff).toBe(after % 0xffff);
      expect(updateChecksum16(before, from >>> 16, from >>> 16) % 0xffff).toBe(before % 0xffff);
    }),
  );
});

test("fragments, cut headers and other protocols have no checksum to check", () => {
  const bytes = buildPacket({
    family: 4,
    source: 1,
    destination: 2,
    fragment: { offset: 0, more: true },
    transport: { kind: "udp", sourcePort: 1, destinationPort: 2 },
  });
  expect(transportChecksumHolds(bytes, layoutOf(bytes))).toBeUndefined();
  const cut = buildPacket({ family: 4, source: 1, destination: 2, transport: { kind: "raw", protocol: 6, payload: new Uint8Array(19) } });
  expect(transportChecksumHolds(cut, layoutOf(cut))).toBeUndefined();
  const esp = buildPacket({ family: 4, source: 1, destination: 2, transport: { kind: "raw", protocol: 50, payload: new Uint8Array(40) } });
  expect(transportChecksumHolds(esp, layoutOf(esp))).toBeUndefined();
});
