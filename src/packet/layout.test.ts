import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  buildAh,
  buildExtension,
  buildPacket,
  concat,
  dissect,
  equalBytes,
  fragmentPacket,
  isFault,
  unhex,
  type Fault,
  type Layout,
  type PacketRepr6,
} from "./index.ts";

const UDP = { kind: "udp", sourcePort: 1, destinationPort: 2 } as const;
const V4 = buildPacket({
  family: 4,
  source: 1,
  destination: 2,
  id: 9,
  options: Uint8Array.of(148, 4, 0, 0),
  transport: { ...UDP, payload: new Uint8Array(5) },
});
const v6 = (more: Partial<PacketRepr6>): Uint8Array =>
  buildPacket({ family: 6, source: 1n, destination: 2n, transport: { ...UDP, payload: new Uint8Array(5) }, ...more });

const HOP = buildExtension(0, unhex("050200000100"));
const DST = buildExtension(60, new Uint8Array());
const ROUTING = buildExtension(43, unhex("0400000000000000000000000000"));
const AH = { protocol: 51, bytes: buildAh(0, 1, 1) };

/** The packet with some bytes replaced: `[offset, …bytes]`. */
function patched(bytes: Uint8Array, at: number, ...values: readonly number[]): Uint8Array {
  const copy = bytes.slice();
  copy.set(values, at);
  return copy;
}

const LAYOUTS: readonly (readonly [what: string, bytes: Uint8Array, layout: Partial<Layout>])[] = [
  [
    "IPv4 with options",
    V4,
    { family: 4, headerLength: 24, l4: 24, totalLength: 37, protocol: 17, identification: 9, badHeaderChecksum: false },
  ],
  ["link padding", concat(V4, new Uint8Array(9)), { totalLength: 37 }],
  ["bad header checksum", patched(V4, 8, 63), { badHeaderChecksum: true }],
  ["reserved bit only", patched(V4, 6, 0x80), { dontFragment: false, moreFragments: false, fragmentOffset: 0 }],
  ["IPv4 later fragment", patched(V4, 6, 0x3f, 0xff), { moreFragments: true, fragmentOffset: 0x1fff, dontFragment: false }],
  [
    "empty payload",
    buildPacket({ family: 4, source: 1, destination: 2, transport: { kind: "raw", protocol: 6, payload: new Uint8Array() } }),
    { l4: 20, totalLength: 20 },
  ],
  ["IPv6", v6({}), { family: 6, headerLength: 40, l4: 40, totalLength: 53, protocol: 17, extensions: [], fragmentHeader: undefined }],
  [
    "IPv6 chain",
    v6({ extensions: [HOP, ROUTING, DST, AH] }),
    {
      protocol: 17,
      l4: 96,
      headerLength: 96,
      totalLength: 109,
      extensions: [
        { protocol: 0, offset: 40, length: 8 },
        { protocol: 43, offset: 48, length: 16 },
        { protocol: 60, offset: 64, length: 8 },
        { protocol: 51, offset: 72, length: 24 },
      ],
    },
  ],
  [
    "IPv6 first fragment",
    v6({ id: 0xdaef4811, fragment: { offset: 0, more: true } }),
    { protocol: 17, l4: 48, fragmentHeader: 40, moreFragments: true, fragmentOffset: 0, identification: 0xdaef4811 },
  ],
  [
    "IPv6 atomic fragment",
    v6({ fragment: { offset: 0, more: false } }),
    { protocol: 17, l4: 48, fragmentHeader: 40, moreFragments: false, fragmentOffset: 0 },
  ],
  ["IPv6 later fragment", v6({ fragment: { offset: 100, more: false } }), { protocol: 17, l4: 48, fragmentOffset: 100 }],
  [
    "IPv6 later fragment of an extension header",
    patched(v6({ fragment: { offset: 100, more: false } }), 40, 60),
    { protocol: -1, fragmentOffset: 100 },
  ],
  ["IPv6 no next header", patched(v6({}), 6, 59), { protocol: 59, l4: 40 }],
  ["IPv6 header cut by the packet's end", patched(v6({ extensions: [DST] }), 41, 255), { protocol: 17, l4: 61, headerLength: 61 }],
  [
    "IPv6 chain that ends in an extension header",
    v6({ transport: { kind: "raw", protocol: 60, payload: new Uint8Array(1) } }),
    { protocol: -1 },
  ],
  ["IPv6 routing header of 3 bytes", v6({ transport: { kind: "raw", protocol: 43, payload: new Uint8Array(3) } }), { protocol: -1 }],
  [
    "IPv6 destination options of 3 bytes",
    v6({ transport: { kind: "raw", protocol: 60, payload: Uint8Array.of(6, 0, 0) } }),
    { protocol: 6, l4: 43 },
  ],
  ["mobility is no extension header", patched(v6({}), 6, 135), { protocol: 135, l4: 40 }],
  ["ESP ends the chain", patched(v6({}), 6, 50), { protocol: 50, l4: 40 }],
];

describe("layouts", () => {
  for (const [what, bytes, layout] of LAYOUTS) test(what, () => expect(dissect(bytes)).toMatchObject(layout));
});

const hop = (options: string): Uint8Array => v6({ extensions: [buildExtension(0, unhex(options))] });
const FAULTS: readonly (readonly [what: string, bytes: Uint8Array, fault: RegExp])[] = [
  ["nothing", new Uint8Array(), /^empty packet$/],
  ["version 5", patched(V4, 0, 0x56), /^IP version 5$/],
  ["IPv4 cut in its header", V4.subarray(0, 19), /^IPv4 header cut at 19/],
  ["IPv4 cut in its options", V4.subarray(0, 22), /^IPv4 options cut at 22 of 24/],
  ["header length below 20", patched(V4, 0, 0x44), /^IPv4 header length 16/],
  ["total length below the header", patched(V4, 2, 0, 23), /^IPv4 total length 23/],
  ["total length beyond the bytes", V4.subarray(0, 36), /^IPv4 packet cut at 36 of 37/],
  ["IPv6 cut in its header", v6({}).subarray(0, 39), /^IPv6 header cut at 39/],
  ["IPv6 cut", v6({}).subarray(0, 52), /^IPv6 packet cut at 52 of 53/],
  ["hop-by-hop header cut", v6({ transport: { kind: "raw", protocol: 0, payload: new Uint8Array(7) } }), /^hop-by-hop header cut/],
  ["unknown option that discards", hop("450200000100"), /^unknown hop-by-hop option 69/],
  ["padding over 7", hop("010600000000000001020000"), /^hop-by-hop padding too long/],
  ["padding not zero", hop("010400000001"), /^hop-by-hop padding not zero/],
  ["nine options", hop("1e00".repeat(9)), /^too many hop-by-hop options/],
  ["router alert of 3 bytes", hop("0503000000"), /^router alert/],
  ["jumbo in a small packet", hop("c20400010000"), /^jumbo option in a packet that is none/],
  ["option cut", hop("1eff00000000"), /^hop-by-hop option cut/],
];

describe("faults", () => {
  for (const [what, bytes, fault] of FAULTS) test(what, () => expect((dissect(bytes) as Fault).fault).toMatch(fault));
  test("eight options pass", () => expect(isFault(dissect(hop("1e00".repeat(8))))).toBe(false));
  test("seven bytes of padding pass", () =>
    expect(isFault(dissect(hop("1e04000000000105000000000000".slice(0, 26) + "1e00")))).toBe(false));
});

test("any bytes: no exception, and everything lies within the packet", () => {
  const heads = fc.constantFrom([0x45], [0x4f], [0x60], []);
  fc.assert(
    fc.property(heads, fc.uint8Array({ maxLength: 200 }), (head, rest) => {
      const bytes = Uint8Array.of(...head, ...rest);
      const layout = dissect(bytes);
      if (isFault(layout)) {
        expect(layout.offset).toBeLessThanOrEqual(bytes.length);
        return;
      }
      expect(layout.totalLength).toBeLessThanOrEqual(bytes.length);
      expect(layout.l4).toBeLessThanOrEqual(layout.totalLength);
      for (const { offset, length } of layout.extensions) expect(offset + length).toBeLessThanOrEqual(layout.totalLength);
    }),
    { numRuns: 2000 },
  );
});

test("mutated IPv6 chains: no exception, and everything lies within the packet", () => {
  const whole = v6({ extensions: [HOP, ROUTING, DST, AH], fragment: { offset: 0, more: false } });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat({ max: whole.length - 1 }), fc.constantFrom(0, 1, 6, 43, 44, 51, 58, 59, 60, 255)), { maxLength: 6 }),
      changes => {
        const bytes = whole.slice();
        for (const [at, value] of changes) if (at >= 6) bytes[at] = value;
        const layout = dissect(bytes);
        if (isFault(layout)) return;
        expect(layout.l4).toBeLessThanOrEqual(layout.totalLength);
        expect(layout.protocol).toBeGreaterThanOrEqual(-1);
      },
    ),
    { numRuns: 1000 },
  );
});

/** The datagram that fragments make when put together by their offsets. */
function reassemble(fragments: readonly Uint8Array[]): Uint8Array {
  let whole = new Uint8Array();
  for (const fragment of fragments) {
    const layout = dissect(fragment) as Layout;
    const at = layout.fragmentOffset * 8;
    const grown = new Uint8Array(Math.max(whole.length, at + layout.totalLength - layout.l4));
    grown.set(whole);
    grown.set(fragment.subarray(layout.l4, layout.totalLength), at);
    whole = grown;
  }
  return whole;
}

test("fragments fit the MTU, say so, and together are the packet", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(4 as const, 6 as const),
      fc.uint8Array({ minLength: 1, maxLength: 400 }),
      fc.integer({ min: 80, max: 300 }),
      (family, payload, mtu) => {
        const transport = { ...UDP, payload };
        const packet =
          family === 4
            ? buildPacket({ family, source: 1, destination: 2, id: 77, options: Uint8Array.of(7, 4, 4, 0, 148, 4, 0, 0), transport })
            : buildPacket({ family, source: 1n, destination: 2n, extensions: [HOP, DST], transport });
        const fragments = fragmentPacket(packet, mtu, 77);
        const layouts = fragments.map(each => dissect(each) as Layout);
        if (packet.length <= mtu) {
          expect(fragments).toEqual([packet]);
          return;
        }
        for (const [i, layout] of layouts.entries()) {
          expect(layout).toMatchObject({
            protocol: 17,
            identification: 77,
            badHeaderChecksum: false,
            moreFragments: i < layouts.length - 1,
          });
          expect(layout.totalLength).toBeLessThanOrEqual(mtu);
        }
        const l4 = (dissect(packet) as Layout).l4;
        expect(equalBytes(reassemble(fragments), packet.subarray(l4))).toBe(true);
        // Record route (7) is not copied into later fragments, router alert (148) is.
        if (family === 4) expect([...(fragments[1] as Uint8Array).subarray(20, 28)]).toEqual([1, 1, 1, 1, 148, 4, 0, 0]);
      },
    ),
  );
});
