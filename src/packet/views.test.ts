import { describe, expect, test } from "vitest";
import {
  Ah,
  Dccp,
  Esp,
  Gre,
  Icmp,
  Ipv4,
  Ipv6,
  Sctp,
  Tcp,
  Udp,
  buildPacket,
  concat,
  dissect,
  isFault,
  mssOption,
  unhex,
  type TransportRepr,
} from "./index.ts";

/** Everything that a view says, getters and iterators, as plain data. */
function everything(view: object): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  const prototype = Object.getPrototypeOf(view) as object;
  for (const [key, { get, value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    if (get !== undefined) found[key] = get.call(view);
    else if (key === "options" || key === "chunks") found[key] = [...(value as () => Iterable<unknown>).call(view)];
    else if (key === "embedded") found[key] = [4, 6].map(family => (value as (family: number) => unknown).call(view, family));
    else if (key === "hasOption") found[key] = [0, 1, 2, 3, 255].map(kind => (value as (kind: number) => boolean).call(view, kind));
  }
  return found;
}

type Opener = (bytes: Uint8Array, offset: number, end: number) => object | undefined;
const VIEWS: Readonly<Record<string, Opener>> = {
  Tcp: (bytes, offset, end) => Tcp.at(bytes, offset, end),
  Udp: (bytes, offset, end) => Udp.at(bytes, offset, end),
  Icmp: (bytes, offset, end) => Icmp.at(bytes, offset, end),
  Sctp: (bytes, offset, end) => Sctp.at(bytes, offset, end),
  Dccp: (bytes, offset, end) => Dccp.at(bytes, offset, end),
  Gre: (bytes, offset, end) => Gre.at(bytes, offset, end),
  Esp: (bytes, offset, end) => Esp.at(bytes, offset, end),
  Ah: (bytes, offset, end) => Ah.at(bytes, offset, end),
};

const COUNTED = Uint8Array.from({ length: 64 }, (_, i) => (i * 37 + 11) & 0xff);
const ENOUGH = [1, 0, 0xff, 0xb0].flatMap(first => [COUNTED, new Uint8Array(64)].map(rest => Uint8Array.of(first, ...rest)));

describe("a view reads only its own bytes, at every length", () => {
  for (const [name, open] of Object.entries(VIEWS)) {
    test(name, () => {
      let opened = 0;
      for (const content of ENOUGH) {
        // Byte 12 decides TCP's header length, byte 8 DCCP's.
        for (const twelfth of [0x00, 0x60, 0xff]) {
          const bytes = content.slice();
          bytes[12] = twelfth;
          for (let length = 0; length <= bytes.length; length++) {
            const seen = [0x00, 0x02, 0xff].map(filler => {
              const around = concat(new Uint8Array(3).fill(filler), bytes.subarray(0, length), new Uint8Array(300).fill(filler));
              const view = open(around, 3, 3 + length);
              return view === undefined ? "refused" : everything(view);
            });
            if (seen[0] !== "refused") opened++;
            expect(seen[1]).toEqual(seen[0]);
            expect(seen[2]).toEqual(seen[0]);
            for (const value of Object.values(seen[0] ?? {})) expect(value).not.toBeNaN();
          }
          expect(open(bytes, 0, bytes.length + 1)).toBeUndefined();
        }
      }
      expect(opened).toBeGreaterThan(500);
    });
  }
});

/** The transport view of a packet that Linux sent. */
function transportOf(text: string): { readonly bytes: Uint8Array; readonly l4: number; readonly end: number } {
  const bytes = unhex(text);
  const layout = dissect(bytes);
  if (isFault(layout)) throw new Error(layout.fault);
  return { bytes, l4: layout.l4, end: layout.totalLength };
}

test("a TCP SYN of Linux", () => {
  const { bytes, l4, end } = transportOf(
    "4500003c6634400040065084c0000201c0000202ccfe1f90ca57da7500000000a002faf08b5b0000020405b40402080a87c5248b000000000103030a",
  );
  const tcp = Tcp.at(bytes, l4, end);
  expect(tcp).toMatchObject({
    sourcePort: 52478,
    destinationPort: 8080,
    sequence: 3394755189,
    acknowledgment: 0,
    headerLength: 40,
    flags: 2,
    window: 64240,
    checksum: 0x8b5b,
    payloadLength: 0,
    mss: 1460,
    optionKinds: (1n << 2n) | (1n << 4n) | (1n << 8n) | (1n << 1n) | (1n << 3n),
  });
  expect([...(tcp?.options() ?? [])].map(({ kind, length }) => [kind, length])).toEqual([
    [2, 4],
    [4, 2],
    [8, 10],
    [1, 1],
    [3, 3],
  ]);
});

test("an ICMP error of Linux and the packet in it", () => {
  const { bytes, l4, end } = transportOf(
    "45c0003b269900004001cf65c0000202c00002010303d887000000004500001fdcfc40004011d9cdc0000201c0000202c6fd14e9000b8420616263",
  );
  const icmp = Icmp.at(bytes, l4, end);
  expect(icmp).toMatchObject({ type: 3, code: 3, checksum: 0xd887 });
  const range = icmp?.embedded(4);
  expect(range).toEqual({ start: 28, end: 59 });
  const inner = Ipv4.at(bytes.subarray(range?.start, range?.end));
  expect(inner).toMatchObject({
    source: 0xc0000201,
    destination: 0xc0000202,
    protocol: 17,
    dontFragment: true,
    identification: 0xdcfc,
    ttl: 64,
  });
  expect(Udp.at(bytes, 48, 59)).toMatchObject({ sourcePort: 50941, destinationPort: 5353, length: 11, payloadLength: 3 });
});

test("an IPv4 header with a router alert", () => {
  const view = Ipv4.at(unhex("46000022dcfe4000401144c4c0000201c000020294040000ceee14eb000a841f7261"));
  expect(view).toMatchObject({ headerLength: 24, totalLength: 34, checksum: 0x44c4 });
  expect([...(view?.options() ?? [])]).toEqual([{ kind: 148, offset: 20, length: 4 }]);
});

test("an IPv6 header", () => {
  const view = Ipv6.at(unhex("60078bb80028064020010db800000000000000000000000120010db8000000000000000000000002"));
  expect(view).toMatchObject({
    trafficClass: 0,
    flowLabel: 0x78bb8,
    payloadLength: 40,
    nextHeader: 6,
    hopLimit: 64,
    source: 0x20010db8000000000000000000000001n,
    destination: 0x20010db8000000000000000000000002n,
  });
});

/** TCP options as xt_tcpudp and xt_tcpmss scan them: `hex of the options`, kinds found, MSS. */
const OPTIONS: readonly (readonly [string, readonly number[], number | undefined])[] = [
  ["", [], undefined],
  ["020405b4", [2], 1460],
  // Neither end-of-list nor padding stops the scan.
  ["00000000020405b4", [0, 2], 1460],
  ["01010101020405b4", [1, 2], 1460],
  // A length of 0 counts as 1, so the length byte is read as a kind.
  ["0500020405b40101", [5, 0, 2, 1], 1460],
  // An MSS option of a wrong length is stepped over by that length.
  ["0203050303010101", [2, 3, 1], undefined],
  // Padding is part of the options: the MSS is 0.
  ["0204", [2], 0],
  // A length beyond the end ends the scan.
  ["08ff020405b40000", [8], undefined],
];

describe("TCP options in the kernel's scan", () => {
  for (const [text, kinds, mss] of OPTIONS) {
    test(text || "none", () => {
      const bytes = buildPacket({
        family: 4,
        source: 1,
        destination: 2,
        transport: { kind: "tcp", sourcePort: 1, destinationPort: 2, options: unhex(text) },
      });
      const tcp = Tcp.at(bytes, 20, bytes.length);
      expect(tcp?.optionKinds).toBe(kinds.reduce((set, kind) => set | (1n << BigInt(kind)), 0n));
      for (let kind = 0; kind < 256; kind++) expect(tcp?.hasOption(kind)).toBe(kinds.includes(kind));
      expect(tcp?.mss).toBe(mss);
    });
  }
});

test("options that do not fit are not whole", () => {
  const bytes = buildPacket({
    family: 4,
    source: 1,
    destination: 2,
    transport: { kind: "tcp", sourcePort: 1, destinationPort: 2, options: mssOption(1400) },
  });
  expect(Tcp.at(bytes, 20, 44)?.optionsWhole).toBe(true);
  expect(Tcp.at(bytes, 20, 43)?.optionsWhole).toBe(false);
  bytes[32] = 0x40;
  expect(Tcp.at(bytes, 20, 44)).toMatchObject({ optionsWhole: false, headerLength: 16, mss: undefined, optionKinds: 0n, payload: 40 });
});

test("SCTP chunks", () => {
  const bytes = buildPacket({
    family: 4,
    source: 1,
    destination: 2,
    transport: {
      kind: "sctp",
      sourcePort: 5,
      destinationPort: 6,
      verificationTag: 0xdeadbeef,
      chunks: [{ type: 10, value: Uint8Array.of(1, 2, 3) }, { type: 0, flags: 3, value: new Uint8Array(13) }, { type: 14 }],
    },
  });
  const sctp = Sctp.at(bytes, 20, bytes.length);
  expect(sctp?.verificationTag).toBe(0xdeadbeef);
  expect([...(sctp?.chunks() ?? [])]).toEqual([
    { type: 10, flags: 0, offset: 32, length: 7 },
    { type: 0, flags: 3, offset: 40, length: 17 },
    { type: 14, flags: 0, offset: 60, length: 4 },
  ]);
  bytes[34] = 0;
  bytes[35] = 0;
  expect([...(sctp?.chunks() ?? [])]).toHaveLength(1);
});

/** What a builder is told, and what the view of its packet says. */
const BUILT: readonly (readonly [TransportRepr, Opener, object])[] = [
  [
    { kind: "gre", protocol: 0x0800, key: 42, sequence: 7 },
    (...at) => Gre.at(...at),
    { version: 0, key: 42, callId: undefined, protocol: 0x0800, payload: 32 },
  ],
  [
    { kind: "gre", protocol: 0x880b, callId: 513, payload: new Uint8Array(4) },
    (...at) => Gre.at(...at),
    { version: 1, callId: 513, key: undefined, payload: 28 },
  ],
  [
    { kind: "dccp", sourcePort: 1, destinationPort: 2, type: 7, sequence: 0x123456789abc },
    (...at) => Dccp.at(...at),
    { type: 7, headerLength: 28, sequence: 0x123456789abc, extended: true },
  ],
  [
    { kind: "udplite", sourcePort: 1, destinationPort: 2, length: 8, payload: new Uint8Array(9) },
    (...at) => Udp.at(...at),
    { coverage: 8, payloadLength: 9 },
  ],
  [
    { kind: "icmp", type: 8, id: 0xffff, sequence: 0x8001 },
    (...at) => Icmp.at(...at),
    { type: 8, id: 0xffff, sequence: 0x8001, rest: 0xffff8001 },
  ],
  [{ kind: "raw", protocol: 50, payload: unhex("0000100000000002") }, (...at) => Esp.at(...at), { spi: 4096, sequence: 2 }],
  [
    { kind: "raw", protocol: 51, payload: unhex("0604abcd0000100000000002") },
    (...at) => Ah.at(...at),
    { nextHeader: 6, headerLength: 24, reserved: 0xabcd, spi: 4096, sequence: 2 },
  ],
];

describe("builders and views agree", () => {
  for (const [transport, open, said] of BUILT) {
    test(JSON.stringify({ ...transport, payload: undefined }), () => {
      const bytes = buildPacket({ family: 4, source: 1, destination: 2, transport });
      expect(open(bytes, 20, bytes.length)).toMatchObject(said);
    });
  }
});

test("IPv4 setters keep the header checksum right", () => {
  const bytes = buildPacket({
    family: 4,
    source: 0x0a000001,
    destination: 0x0a000002,
    id: 7,
    df: true,
    transport: { kind: "udp", sourcePort: 1, destinationPort: 2 },
  });
  const view = Ipv4.at(bytes) as Ipv4;
  view.ttl = 1;
  view.tos = 0xb8;
  view.source = 0xffffffff;
  view.destination = 0;
  view.identification = 0xfffe;
  const kept = view.checksum;
  view.sealChecksum();
  expect(view.checksum).toBe(kept);
  expect(view).toMatchObject({
    ttl: 1,
    tos: 0xb8,
    source: 0xffffffff,
    destination: 0,
    identification: 0xfffe,
    protocol: 17,
    dontFragment: true,
  });
});
