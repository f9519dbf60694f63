import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { concat, unhex } from "../bytes.ts";
import { decodeCapture, encodeCapture, PcapngWriter, PcapWriter, type CapturedPacket, type CaptureItem } from "./index.ts";
import { ascii, description, enhanced, numbers, oldPacket, option, pcapSpecimen, section, simple } from "./specimens.ts";

/** Our reading beside that of libpcap: what tcpdump writes as nanosecond pcap when it reads the same file. */

const CORPUS = fileURLToPath(new URL("../../../../shared/corpus/pcap/", import.meta.url));
const tcpdump = (input: Uint8Array, ...args: readonly string[]): { bytes: Uint8Array; errors: string } => {
  const run = spawnSync("tcpdump", ["-r", "-", ...args], { input, maxBuffer: 1 << 28 });
  return { bytes: run.stdout ?? new Uint8Array(0), errors: String(run.stderr) };
};
const installed = spawnSync("tcpdump", ["--version"]).status === 0;
const missing = !installed ? "tcpdump is not installed" : "";

function skipping(what: string, reason: string): boolean {
  if (reason !== "") console.log(`skipped: ${what}: ${reason}`);
  return reason !== "";
}

interface Seen {
  readonly time: bigint;
  readonly original: number;
  readonly frame: string;
}

/** What tcpdump saw: its output is little-endian nanosecond pcap, read here by hand so that our reader does not judge itself. */
function seenByTcpdump(file: Uint8Array, ...filter: readonly string[]): Seen[] {
  const { bytes } = tcpdump(file, "--time-stamp-precision=nano", "-w", "-", ...filter);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const seen: Seen[] = [];
  for (let at = 24; at < bytes.length;) {
    const captured = view.getUint32(at + 8, true);
    const time = BigInt(view.getUint32(at, true)) * 1_000_000_000n + BigInt(view.getUint32(at + 4, true));
    seen.push({
      time,
      original: view.getUint32(at + 12, true),
      frame: Buffer.from(bytes.subarray(at + 16, at + 16 + captured)).toString("hex"),
    });
    at += 16 + captured;
  }
  return seen;
}

/** Link types of whose filters we mean the same: those for PPP know no compressed protocol numbers. */
const FILTERED: ReadonlySet<number> = new Set([0, 1, 101, 108, 113, 228, 229, 276]);
/** The one file of the corpus with a frame longer than its snapshot length, which is 119. */
const CUT_BY_TCPDUMP = "tcpdump/ipv6_missing_jumbo_payload_option.pcap";

const packetsOf = (items: readonly CaptureItem[]): CapturedPacket[] => items.filter(item => item.kind === "packet");
/** libpcap cuts frames to the file's snapshot length; we keep them and say so. */
const seen = ({ time, originalLength, frame }: CapturedPacket, snapLength: number): Seen => ({
  time,
  original: originalLength,
  frame: Buffer.from(frame.subarray(0, snapLength)).toString("hex"),
});

/** As `tcpdump -tt` prints it. */
const seconds = (time: bigint): string => `${time / 1_000_000_000n}.${String((time % 1_000_000_000n) / 1000n).padStart(6, "0")}`;

const files = existsSync(CORPUS)
  ? (readdirSync(CORPUS, { recursive: true }) as string[]).filter(name => /\.pcap(ng)?(\.gz)?$/.test(name)).toSorted()
  : [];

function readCorpus(name: string): Uint8Array {
  const file = readFileSync(join(CORPUS, name));
  return name.endsWith(".gz") ? gunzipSync(file) : file;
}

test.skipIf(skipping("captures of the corpus against tcpdump", missing || (files.length === 0 ? "../shared/corpus/pcap is absent" : "")))(
  `${files.length} captures of the corpus: packets, times, lengths and bytes are tcpdump's`,
  () => {
    let packets = 0;
    let captured = 0;
    let original = 0;
    for (const name of files) {
      const file = readCorpus(name);
      const items = [...decodeCapture(file)];
      const snapLength = name === CUT_BY_TCPDUMP ? 119 : Infinity;
      expect(items.filter(item => item.kind === "fault").length, name).toBe(snapLength === Infinity ? 0 : 1);
      expect(
        packetsOf(items).map(item => seen(item, snapLength)),
        name,
      ).toEqual(seenByTcpdump(file));
      const text = new TextDecoder("latin1").decode(tcpdump(file, "-nn", "-tt", "-e").bytes);
      const stamps = Array.from(text.matchAll(/^(\d+\.\d{6}) /gm), ([, stamp]) => stamp);
      expect(
        packetsOf(items).map(item => seconds(item.time)),
        `${name}, printed`,
      ).toEqual(stamps);
      for (const item of packetsOf(items)) {
        packets++;
        captured += item.capturedLength;
        original += item.originalLength;
      }
    }
    console.log(`tcpdump agrees on ${files.length} captures: ${packets} packets, ${captured} bytes captured of ${original}`);
  },
);

test.skipIf(
  skipping(
    "IP packets found in the corpus against tcpdump's filters",
    missing || (files.length === 0 ? "../shared/corpus/pcap is absent" : ""),
  ),
)("the filters `ip` and `ip6` choose the frames in which we find IP right behind the link header", () => {
  let chosen = 0;
  let deeper = 0;
  for (const name of files) {
    const file = readCorpus(name);
    const packets = packetsOf([...decodeCapture(file)]);
    if (name === CUT_BY_TCPDUMP || packets.some(({ linkType }) => !FILTERED.has(linkType))) continue;
    for (const family of [4, 6] as const) {
      const ours = packets.filter(({ network }) => network?.family === family);
      const plain = ours.filter(({ network }) => network?.vlan.length === 0 && network.lengthFields.length === 0);
      deeper += ours.length - plain.length;
      const theirs = seenByTcpdump(file, family === 4 ? "ip" : "ip6");
      expect(
        plain.map(packet => seen(packet, Infinity)),
        `${name}, IPv${family}`,
      ).toEqual(theirs);
      chosen += theirs.length;
    }
  }
  console.log(`tcpdump's filters choose the same ${chosen} frames; ${deeper} more lie behind VLAN tags, PPPoE or SNAP`);
});

const FRAME = unhex("0200000000aa 0200000000bb 0800 45000014000040004011f96fc0000201c6336402");
const record = { seconds: 1_700_000_000, fraction: 123_456, frame: FRAME };
const specimens: [string, Uint8Array][] = [];
for (const little of [true, false]) {
  const extra = numbers(little, [4, 7], [2, 0x800], [2, 0]);
  for (const magic of [0xa1b2c3d4, 0xa1b23c4d]) {
    specimens.push([
      `pcap ${magic.toString(16)} ${little}`,
      pcapSpecimen({ little, magic, linkType: 1, records: [record, { ...record, seconds: 0xfffffff0, lengths: [34, 99] }] }),
    ]);
  }
  specimens.push([
    `Kuznetzov ${little}`,
    pcapSpecimen({
      little,
      magic: 0xa1b2cd34,
      linkType: 1,
      records: [
        { ...record, extra },
        { ...record, extra },
      ],
    }),
  ]);
  specimens.push([
    `pcap 2.2 ${little}`,
    pcapSpecimen({ little, version: [2, 2], linkType: 1, records: [{ ...record, lengths: [60, 34] }] }),
  ]);
  specimens.push([
    `pcap 2.3 ${little}`,
    pcapSpecimen({
      little,
      version: [2, 3],
      linkType: 1,
      records: [
        { ...record, lengths: [60, 34] },
        { ...record, lengths: [34, 60] },
      ],
    }),
  ]);
  specimens.push([`no snapshot length ${little}`, pcapSpecimen({ little, snapLength: 0, linkType: 1, records: [record] })]);
  const packets = (ticks: bigint): Uint8Array =>
    concat(enhanced(little, 0, ticks, FRAME, 77), oldPacket(little, 0, ticks + 3n, FRAME), simple(little, 34, FRAME));
  for (const [resolution, ticks] of [
    [undefined, 1_700_000_000_123_456n],
    [9, 1_700_000_000_123_456_789n],
    [7, 17_000_000_001_234_567n],
    [0, 1_700_000_000n],
    [12, 1_700_000_000_123_456_789_012n],
    [0x8a, 1_700_000_000n * 1024n + 517n],
    [0xa0, 1_700_000_000n * 4_294_967_296n + 3n],
  ] as const) {
    const options = resolution === undefined ? [] : [option(little, 9, Uint8Array.of(resolution))];
    specimens.push([
      `pcapng ${little} if_tsresol ${resolution}`,
      concat(section(little), description(little, 1, 0, ...options), packets(ticks & 0xffffffffffffffffn)),
    ]);
  }
  const offset = option(
    little,
    14,
    numbers(
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
    ),
  );
  specimens.push([
    `pcapng ${little} if_tsoffset`,
    concat(section(little), description(little, 1, 65535, offset, option(little, 2, ascii("eth0"))), packets(5n)),
  ]);
}

test.skipIf(skipping("made captures against tcpdump", missing))(`${specimens.length} made captures: tcpdump reads them as we do`, () => {
  for (const [name, file] of specimens) {
    const ours = [...decodeCapture(file)];
    expect(
      ours.filter(item => item.kind === "fault"),
      name,
    ).toEqual([]);
    expect(
      packetsOf(ours).map(item => seen(item, Infinity)),
      name,
    ).toEqual(seenByTcpdump(file));
  }
});

function patch(file: Uint8Array, at: number, ...bytes: readonly number[]): Uint8Array {
  const copy = file.slice();
  copy.set(bytes, at);
  return copy;
}

test.skipIf(skipping("what tcpdump refuses", missing))("tcpdump refuses what we call a fatal fault, after the same packets", () => {
  const good = pcapSpecimen({ little: true, linkType: 1, records: [record, record] });
  const ng = concat(section(true), description(true, 1, 0), enhanced(true, 0, 1n, FRAME), enhanced(true, 0, 1n, FRAME));
  const second = ng.length - 68;
  const bad: readonly (readonly [string, Uint8Array])[] = [
    ["cut record", good.subarray(0, good.length - 1)],
    ["cut record header", good.subarray(0, 24 + 50 + 7)],
    ["caplen 4 GiB", patch(good, 24 + 50 + 8, 255, 255, 255, 255)],
    ["version 3", patch(good, 4, 3)],
    ["gzip", unhex("1f8b0800")],
    ...[0, 7, 16, 30].map(length => [`block length ${length}`, patch(ng, second + 4, length)] as const),
    ["unequal lengths", patch(ng, ng.length - 4, 40)],
    ["cut block", ng.subarray(0, ng.length - 5)],
  ];
  for (const [name, file] of bad) {
    const ours = [...decodeCapture(file)];
    const last = ours.at(-1);
    expect(last?.kind === "fault" && last.fatal, name).toBe(true);
    expect(tcpdump(file, "-w", "-").errors, name).toMatch(/truncated|bigger than|length|unknown file format|unsupported/);
    expect(packetsOf(ours).length, name).toBe(seenByTcpdump(file).length);
  }
});

test.skipIf(skipping("our files read by tcpdump", missing))("tcpdump reads what we write", () => {
  const times = [0n, 1n, 1_700_000_000_123_456_789n, 4_294_967_295_999_999_999n];
  const frames = times.map((time, i) => ({
    time,
    linkType: 1,
    frame: concat(FRAME, new Uint8Array(i)),
    originalLength: 100 + i,
    interfaceName: "eth0",
  }));
  for (const [writer, unit] of [
    [new PcapWriter({ linkType: 1 }), 1n],
    [new PcapWriter({ linkType: 1, precision: "us" }), 1000n],
    [new PcapngWriter(), 1n],
  ] as const) {
    const expected = frames.map(({ time, frame, originalLength }) => ({
      time: (time / unit) * unit,
      original: originalLength,
      frame: Buffer.from(frame).toString("hex"),
    }));
    expect(seenByTcpdump(encodeCapture(writer, frames))).toEqual(expected);
  }
});
