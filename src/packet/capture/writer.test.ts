import fc from "fast-check";
import { expect, test } from "vitest";
import { hex, unhex } from "../bytes.ts";
import {
  buildFrame,
  decodeCapture,
  decodeLink,
  encodeCapture,
  LINK_TYPE,
  PcapngWriter,
  PcapWriter,
  rewriteFrame,
  writeCapture,
  type CapturedPacket,
  type FrameToWrite,
  type NetworkPacket,
} from "./index.ts";

const anyFrame = fc.record({
  time: fc.bigInt({ min: 0n, max: 4_294_967_295_999_999_999n }),
  linkType: fc.constantFrom(1, 101, 113, 276),
  frame: fc.uint8Array({ maxLength: 100 }),
  originalLength: fc.nat(0xffffffff),
  interfaceName: fc.constantFrom("eth0", "wän0", "", "ppp0"),
});

function read(file: Uint8Array): CapturedPacket[] {
  return Array.from(decodeCapture(file), item => {
    if (item.kind === "fault") throw new Error(item.message);
    return item;
  });
}

const told = ({ time, linkType, frame, originalLength }: FrameToWrite): string => `${time} ${linkType} ${originalLength} ${hex(frame)}`;

test("pcap gives back what was written", () => {
  fc.assert(
    fc.property(fc.array(anyFrame), fc.constantFrom<"us" | "ns">("us", "ns"), (frames, precision) => {
      const unit = precision === "ns" ? 1n : 1000n;
      const same = frames.map(frame => ({ ...frame, linkType: 1, time: (frame.time / unit) * unit }));
      const packets = read(encodeCapture(new PcapWriter({ linkType: 1, precision }), same));
      expect(packets.map(told)).toEqual(same.map(told));
      for (const packet of packets) expect(packet.precision).toBe(precision);
    }),
  );
});

test("pcapng gives back what was written, with interfaces and link types mixed", () => {
  fc.assert(
    fc.property(fc.array(anyFrame), frames => {
      const packets = read(encodeCapture(new PcapngWriter(), frames));
      expect(packets.map(told)).toEqual(frames.map(told));
      expect(packets.map(packet => packet.interfaceName ?? "")).toEqual(frames.map(frame => frame.interfaceName));
    }),
  );
});

test("pcapng starts a new section when it has too many interfaces", () => {
  const frames = Array.from({ length: 4100 }, (_, i) => ({ time: 0n, linkType: 1, frame: new Uint8Array(1), interfaceName: `if${i}` }));
  const packets = read(encodeCapture(new PcapngWriter(), [...frames, ...frames]));
  expect(packets.map(packet => packet.interfaceName)).toEqual([...frames, ...frames].map(frame => frame.interfaceName));
});

test("chunks are the same bytes", async () => {
  const frames = [{ time: 5n, linkType: 1, frame: unhex("00") }];
  const chunks: number[] = [];
  for await (const chunk of writeCapture(new PcapngWriter(), frames)) chunks.push(...chunk);
  expect(Uint8Array.from(chunks)).toEqual(encodeCapture(new PcapngWriter(), frames));
});

test("what a format cannot hold becomes its nearest", () => {
  const frame = unhex("00");
  const times = (writer: PcapWriter | PcapngWriter): bigint[] =>
    read(
      encodeCapture(
        writer,
        [-1n, 1n << 40n, 1n << 80n].map(time => ({ time, linkType: 1, frame })),
      ),
    ).map(packet => packet.time);
  expect(times(new PcapWriter({ linkType: 1 }))).toEqual([0n, 1n << 40n, 4_294_967_295_999_999_999n]);
  expect(times(new PcapngWriter())).toEqual([0n, 1n << 40n, (1n << 64n) - 1n]);
  const [long] = read(encodeCapture(new PcapWriter({ linkType: 1 }), [{ time: 0n, linkType: 1, frame: new Uint8Array(300_000) }]));
  expect([long?.capturedLength, long?.originalLength]).toEqual([262_144, 300_000]);
  const [named] = read(encodeCapture(new PcapngWriter(), [{ time: 0n, linkType: 1, frame, interfaceName: `\ud800${"ü".repeat(200)}` }]));
  expect(named?.interfaceName).toBe(`\ufffd${"ü".repeat(126)}`);
});

test("a pcap file has one link type", () => {
  expect(() => new PcapWriter({ linkType: 1 }).write({ time: 0n, linkType: 101, frame: unhex("00") })).toThrow("link type 101");
});

const IP4 = unhex("45000014000040004011f96fc0000201c6336402");
const LONGER = unhex("45000018000040004011f96fc0000201c633640201020304");

/** The frame's IP packet is replaced by the longer one, and back by the first: `expected` and the frame itself must come out. */
function checkRewrite(name: string, linkType: number, frame: string, expected: string): void {
  test(`rewritten: ${name}`, () => {
    const captured = unhex(frame);
    const longer = rewriteFrame(packet(linkType, captured), LONGER);
    expect(hex(longer)).toBe(hex(unhex(expected)));
    expect(packet(linkType, longer).network.bytes).toEqual(LONGER);
    expect(hex(rewriteFrame(packet(linkType, captured), IP4))).toBe(hex(captured));
  });
}

function packet(linkType: number, frame: Uint8Array): { frame: Uint8Array; network: NetworkPacket } {
  const { network, skipped } = decodeLink(linkType, frame);
  if (network === undefined) throw new Error(skipped);
  return { frame, network };
}

const MACS = "0200000000aa 0200000000bb";
checkRewrite("Ethernet", 1, `${MACS} 0800 ${hex(IP4)}`, `${MACS} 0800 ${hex(LONGER)}`);
checkRewrite("padded Ethernet", 1, `${MACS} 0800 ${hex(IP4)} ${"00".repeat(26)}`, `${MACS} 0800 ${hex(LONGER)} ${"00".repeat(22)}`);
checkRewrite("VLAN", 1, `${MACS} 8100 0005 0800 ${hex(IP4)}`, `${MACS} 8100 0005 0800 ${hex(LONGER)}`);
checkRewrite("SNAP", 1, `${MACS} 001c aaaa03 000000 0800 ${hex(IP4)}`, `${MACS} 0020 aaaa03 000000 0800 ${hex(LONGER)}`);
checkRewrite("PPPoE", 1, `${MACS} 8864 1100 0001 0016 0021 ${hex(IP4)}`, `${MACS} 8864 1100 0001 001a 0021 ${hex(LONGER)}`);
checkRewrite("raw", 101, hex(IP4), hex(LONGER));
checkRewrite("cooked", 113, `0000 0001 0006 0200000000bb 0000 0800 ${hex(IP4)}`, `0000 0001 0006 0200000000bb 0000 0800 ${hex(LONGER)}`);
checkRewrite("NFLOG", 239, `0200 0005 1800 0900 ${hex(IP4)}`, `0200 0005 1c00 0900 ${hex(LONGER)}`);

test("a trailer goes when the packet is rewritten, and the frame stays as long as Ethernet needs", () => {
  const rewritten = rewriteFrame(packet(1, unhex(`${MACS} 0800 ${hex(IP4)} ${"ff".repeat(50)}`)), IP4);
  expect(hex(rewritten)).toBe(hex(unhex(`${MACS} 0800 ${hex(IP4)} ${"00".repeat(26)}`)));
});

for (const [name, linkType] of Object.entries(LINK_TYPE)) {
  test(`a frame built for ${name} carries its packet`, () => {
    const addresses = { sourceMac: unhex("020304050607"), destinationMac: unhex("08090a0b0c0d") };
    for (const [family, bytes] of [
      [4, IP4],
      [6, unhex("600000000000 3b40 20010db8000000000000000000000001 20010db8000000000000000000000002")],
    ] as const) {
      const frame = buildFrame(linkType, family, bytes, addresses);
      if (frame === undefined) {
        expect(["PPP", "PPP_SERIAL", "PPPOE", "CISCO_HDLC", "PPP_WITH_DIRECTION", "NFLOG", family === 4 ? "IPV6" : "IPV4"]).toContain(name);
        continue;
      }
      const { network } = packet(linkType, frame);
      expect([network.family, hex(network.bytes)]).toEqual([family, hex(bytes)]);
      if (network.sourceMac !== undefined) expect(network.sourceMac).toEqual(addresses.sourceMac);
      if (network.destinationMac !== undefined) expect(network.destinationMac).toEqual(addresses.destinationMac);
    }
  });
}
