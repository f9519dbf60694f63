import { expect, test } from "vitest";
import { concat, hex, unhex } from "../bytes.ts";
import { CaptureDecoder, decodeCapture, readCapture, type CaptureItem } from "./index.ts";
import {
  ascii,
  block,
  description,
  enhanced,
  numbers,
  oldPacket,
  option,
  pcapSpecimen,
  section,
  simple,
  type PcapSpecimen,
  type SpecimenRecord,
} from "./specimens.ts";

const FRAME = unhex("45000014000040004011f96fc0000201c6336402");
const RECORD: SpecimenRecord = { seconds: 1_700_000_000, fraction: 123_456, frame: FRAME };
const SECONDS = 1_700_000_000_000_000_000n;

/** One line for an item: `number time/original name kind bytes`, or `offset: message`, with `!` when fatal. */
function line(item: CaptureItem): string {
  if (item.kind === "fault") return `${item.offset}${item.fatal ? "!" : ""}: ${item.message}`;
  const words = [`#${item.number}`, `${item.time}`, item.precision, `${item.capturedLength}/${item.originalLength}`];
  if (item.interfaceName !== undefined) words.push(item.interfaceName);
  if (item.interfaceIndex !== undefined) words.push(`index ${item.interfaceIndex}`);
  if (item.network?.pkttype !== undefined) words.push(item.network.pkttype);
  words.push(hex(item.frame) === hex(FRAME) ? "frame" : hex(item.frame));
  return words.join(" ");
}

/** Reads the file whole and byte by byte; both must give these lines. */
function check(name: string, file: Uint8Array, ...expected: readonly string[]): void {
  test(name, () => {
    expect(Array.from(decodeCapture(file), line)).toEqual(expected);
    expect(byteByByte(file).map(line)).toEqual(expected);
  });
}

function byteByByte(file: Uint8Array): CaptureItem[] {
  const decoder = new CaptureDecoder();
  const items: CaptureItem[] = [];
  const drain = (): void => {
    for (let item = decoder.next(); item !== undefined; item = decoder.next()) items.push(item);
  };
  for (const byte of file) {
    decoder.push(Uint8Array.of(byte));
    drain();
  }
  decoder.end();
  drain();
  return items;
}

const pcap = (changes: Partial<PcapSpecimen> = {}): Uint8Array =>
  pcapSpecimen({ little: true, linkType: 101, records: [RECORD], ...changes });
const one = `#1 ${SECONDS + 123_456_000n} us 20/20 frame`;

for (const little of [true, false]) {
  const order = little ? "little-endian" : "big-endian";
  const kuznetzov = { ...RECORD, extra: numbers(little, [4, 7], [2, 0x800]) };
  const extra = (kind: number): SpecimenRecord => ({ ...kuznetzov, extra: concat(kuznetzov.extra, Uint8Array.of(kind, 0)) });
  check(`pcap ${order}`, pcap({ little }), one);
  check(`pcap ${order} in nanoseconds`, pcap({ little, magic: 0xa1b23c4d }), `#1 ${SECONDS + 123_456n} ns 20/20 frame`);
  check(
    `pcap ${order} of Kuznetzov`,
    pcap({ little, magic: 0xa1b2cd34, records: [extra(4)] }),
    `#1 ${SECONDS + 123_456_000n} us 20/20 index 7 outgoing frame`,
  );
  check(`pcap ${order} with FCS bits beside the link type`, pcap({ little, linkType: (0x24000000 | 101) >>> 0 }), one);

  const packets = [
    enhanced(little, 0, 1_700_000_000_123_456n, FRAME),
    oldPacket(little, 0, 1_700_000_000_123_456n, FRAME),
    simple(little, 20, FRAME),
  ];
  check(
    `pcapng ${order}`,
    concat(section(little), description(little, 101, 0), ...packets),
    one,
    one.replace("#1", "#2"),
    "#3 0 us 20/20 frame",
  );
  const flagged = [1, 2 << 2, 3 << 2, 4 << 2, 1 << 2, 2].map(flags =>
    enhanced(little, 0, 0n, FRAME, 20, option(little, 2, numbers(little, [4, flags]))),
  );
  check(
    `pcapng ${order} flags`,
    concat(section(little), description(little, 101, 0, option(little, 2, ascii("eth0")), option(little, 0, ascii(""))), ...flagged),
    ...["", "multicast ", "broadcast ", "otherhost ", "host ", "outgoing "].map((kind, i) => `#${i + 1} 0 us 20/20 eth0 ${kind}frame`),
  );
  const offset = numbers(
    little,
    ...(little
      ? ([
          [4, 100],
          [4, 0],
        ] as const)
      : ([
          [4, 0],
          [4, 100],
        ] as const)),
  );
  const negative = numbers(little, [4, 0xffffffff], [4, 0xffffffff]);
  const clocks: readonly (readonly [number, bigint, string])[] = [
    [9, 1_000_000_001n, "1000000001 ns"],
    [6, 1_000_001n, "1000001000 us"],
    [3, 1_001n, "1001000000 us"],
    [0, 7n, "7000000000 us"],
    [12, 1_000_000_001_999n, "1000000001 ns"],
    [0x80, 7n, "7000000000 us"],
    [0x8a, 1536n, "1500000000 us"],
    [0xa0, 0x1_8000_0000n, "1500000000 ns"],
    [0xff, 1n, "0 ns"],
    [127, 1n, "0 ns"],
  ];
  for (const [resolution, ticks, expected] of clocks) {
    const file = concat(
      section(little),
      description(little, 101, 0, option(little, 9, Uint8Array.of(resolution))),
      enhanced(little, 0, ticks, FRAME),
    );
    check(`pcapng ${order}, if_tsresol ${resolution}`, file, `#1 ${expected} 20/20 frame`);
  }
  check(
    `pcapng ${order}, if_tsoffset`,
    concat(
      section(little),
      description(little, 101, 0, option(little, 14, offset)),
      description(little, 101, 0, option(little, 14, negative)),
      enhanced(little, 0, 1n, FRAME),
      enhanced(little, 1, 3_000_000n, FRAME),
    ),
    "#1 100000001000 us 20/20 frame",
    "#2 2000000000 us 20/20 frame",
  );
}

check(
  "pcap 2.2 has its lengths swapped",
  pcap({ version: [2, 2], records: [{ ...RECORD, lengths: [60, 20] }] }),
  one.replace("20/20", "20/60"),
);
check(
  "pcap 2.3 has them either way",
  pcap({
    version: [2, 3],
    records: [
      { ...RECORD, lengths: [60, 20] },
      { ...RECORD, lengths: [20, 60] },
    ],
  }),
  one.replace("20/20", "20/60"),
  one.replace("20/20", "20/60").replace("#1", "#2"),
);
check("pcap 543.0", pcap({ version: [543, 0], records: [{ ...RECORD, lengths: [60, 20] }] }), one.replace("20/20", "20/60"));
check("pcap 1.0", pcap({ version: [1, 0] }), "0!: pcap version 1.0 is too old to be read");
check("pcap 2.5", pcap({ version: [2, 5] }), "0!: pcap version 2.5 is not known");
check("pcap without packets", pcap({ records: [] }));
check(
  "an empty packet",
  pcap({ records: [{ ...RECORD, frame: new Uint8Array(0) }, RECORD] }),
  `#1 ${SECONDS + 123_456_000n} us 0/0 `,
  one.replace("#1", "#2"),
);
check(
  "more captured bytes than the snapshot length: said once, and kept",
  pcap({ snapLength: 10, records: [RECORD, RECORD] }),
  "24: packet 1 has 20 captured bytes, more than the file's snapshot length of 10",
  one,
  one.replace("#1", "#2"),
);
check("no snapshot length", pcap({ snapLength: 0 }), one);
check(
  "4 GiB captured",
  pcap({ records: [RECORD, { ...RECORD, lengths: [0xffffffff, 20] }, RECORD] }),
  one,
  "60!: packet 2 claims 4294967295 captured bytes, more than the limit of 262144",
);

check("empty file", new Uint8Array(0), "0!: the file is empty");
check("three bytes", unhex("d4c3b2"), "0!: the file has only 3 bytes");
check("gzip", unhex("1f8b0800"), "0!: the file is compressed by gzip: decompress it first");
check("text", ascii("*filter\n"), "0!: the file is neither pcap nor pcapng");
check("cut pcap header", pcap().subarray(0, 23), "0!: the file ends after 23 of the 24 bytes of a pcap header");
check("cut record header", pcap().subarray(0, 30), "24!: the file ends after 6 of the 16 bytes of packet 1's header");
check("cut record", concat(pcap(), pcap().subarray(24, 59)), one, "60!: the file ends after 19 of the 20 bytes of packet 2");

const ng = (...blocks: readonly Uint8Array[]): Uint8Array => concat(section(true), description(true, 101, 0), ...blocks);
const EPB = enhanced(true, 0, 1n, FRAME);
const first = "#1 1000 us 20/20 frame";
for (const [length, why] of [
  [0, "it has at least 32"],
  [7, "it has at least 32"],
  [16, "it has at least 32"],
  [34, "which is no multiple of 4"],
  [0x10000000, "more than the limit of 327680"],
] as const) {
  const claim = `the enhanced packet block claims a length of ${length} bytes`;
  check(`pcapng block length ${length}`, ng(EPB, block(true, 6, EPB, length)), first, `100!: ${claim}${length < 32 ? ";" : ","} ${why}`);
}
for (const length of [0, 7, 11]) {
  check(
    `pcapng unknown block of length ${length}`,
    ng(block(true, 99, EPB, length)),
    `48!: the block of type 99 claims a length of ${length} bytes; it has at least 12`,
  );
}
check(
  "pcapng unequal lengths",
  ng(block(true, 6, new Uint8Array(40), 52, 48)),
  "48!: the block begins with a length of 52 bytes and ends with one of 48",
);
check(
  "pcapng unequal lengths of an unknown block",
  ng(block(true, 99, EPB, 64, 48)),
  "48!: the block begins with a length of 64 bytes and ends with one of 48",
);
check("pcapng unknown blocks are skipped", ng(block(true, 4, FRAME), block(true, 0x80000001, FRAME), EPB, block(true, 5, FRAME)), first);
check("pcapng unknown block over the limit is skipped", ng(block(true, 10, new Uint8Array(400_000)), EPB), first);
check("pcapng cut block", ng(EPB, EPB.subarray(0, 51)), first, "100!: the file ends after 51 of the 52 bytes of a block");
check("pcapng cut block header", ng(EPB, EPB.subarray(0, 9)), first, "100!: the file ends after 9 of the 12 bytes that every block has");
check(
  "pcapng cut unknown block",
  ng(EPB, block(true, 99, FRAME).subarray(0, 20)),
  first,
  "100!: the file ends after 20 of the 32 bytes of a block",
);
check(
  "pcapng cut close of an unknown block",
  ng(EPB, block(true, 99, FRAME).subarray(0, 30)),
  first,
  "100!: the file ends after 30 of the 32 bytes of a block",
);
check(
  "pcapng without an interface",
  concat(section(true), EPB, simple(true, 20, FRAME), description(true, 101, 0), EPB),
  "28: packet 1 is of interface 0, which is not described",
  "80: packet 2 is of interface 0, which is not described",
  first.replace("#1", "#3"),
);
const boastful = EPB.slice();
boastful[20] = 21;
check(
  "pcapng captured length over its block",
  ng(boastful, EPB),
  "48: packet 1 claims 21 captured bytes; its block has room for 20",
  first.replace("#1", "#2"),
);
const huge = enhanced(true, 0, 1n, new Uint8Array(262_148));
check(
  "pcapng frame over the limit",
  ng(huge, EPB),
  "48: packet 1 has 262148 captured bytes, more than the limit of 262144",
  first.replace("#1", "#2"),
);
check("pcapng bad option", concat(section(true), description(true, 101, 0, numbers(true, [2, 2], [2, 9], [4, 0])), EPB), first);
check(
  "pcapng simple packet cut to the snapshot length",
  concat(section(true), description(true, 101, 20), simple(true, 60, FRAME)),
  "#1 0 us 20/60 frame",
);
check("pcapng without byte-order magic", block(true, 0x0a0d0d0a, new Uint8Array(16)), "0!: the section header has no byte-order magic");
check(
  "pcapng sections of both orders and with their own interfaces",
  concat(
    ng(EPB),
    section(false),
    description(false, 101, 0, option(false, 2, ascii("wan"))),
    enhanced(false, 0, 2n, FRAME),
    section(true),
    EPB,
  ),
  first,
  "#2 2000 us 20/20 wan frame",
  "236: packet 3 is of interface 0, which is not described",
);
for (const [name, bytes, printed] of [
  ["UTF-8", unhex("c3bc30"), "ü0"],
  ["Latin-1", unhex("fc30"), "ü0"],
  ["NUL", unhex("6574006830"), "et"],
  ["percent", ascii("%41"), "%41"],
] as const) {
  check(
    `interface name: ${name}`,
    concat(section(true), description(true, 101, 0, option(true, 2, bytes)), EPB),
    `#1 1000 us 20/20 ${printed} frame`,
  );
}
check(
  "too many interfaces",
  concat(section(true), ...Array.from({ length: 4097 }, () => description(true, 101, 0)), EPB),
  `${28 + 4096 * 20}!: more than 4096 interfaces in one section`,
);

test("readCapture tells its progress and delivers what it has before it asks for more", async () => {
  const file = concat(pcap(), pcap().subarray(24));
  const events: string[] = [];
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (const [from, to] of [
      [0, 70],
      [70, 90],
      [90, 96],
    ] as const) {
      events.push(`give ${to}`);
      yield file.subarray(from, to);
    }
  }
  for await (const item of readCapture(chunks(), { onProgress: read => events.push(`read ${read}`) })) events.push(line(item));
  expect(events).toEqual(["give 70", one, "read 70", "give 90", "read 90", "give 96", one.replace("#1", "#2"), "read 96"]);
});

test("frames within one chunk are views of it", () => {
  const file = pcap();
  const [item] = decodeCapture(file);
  expect(item?.kind === "packet" && item.frame.buffer === file.buffer).toBe(true);
});

test("after a fatal fault nothing is kept and nothing follows", () => {
  const decoder = new CaptureDecoder();
  decoder.push(ascii("nonsense"));
  expect(decoder.next()?.kind).toBe("fault");
  decoder.push(pcap());
  decoder.end();
  expect(decoder.next()).toBeUndefined();
});
