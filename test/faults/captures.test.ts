import { gzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { concat, decodeCapture, unhex, VLAN_DEPTH_LIMIT } from "../../src/packet/index.ts";
import { block, description, enhanced, pcapSpecimen, section } from "../../src/packet/capture/specimens.ts";
import { ferrule, scratch } from "./command-line.ts";
import { bytesOf } from "./machine.ts";
import { filter } from "./refused-text.ts";

/** Faults 32 and 33: captures from enemies, through the whole command. */

const files = scratch();
afterAll(() => files.remove());
const rules = files.file("rules", filter("-A INPUT -p udp -m udp --dport 53 -j ACCEPT", "-A INPUT -j DROP"));
const ETHERNET = unhex("0200000000aa 0200000000bb");
const IP = Uint8Array.of(8, 0);
const PACKET = bytesOf("udp 192.0.2.9:4000 > 192.0.2.1:53");
const FRAME = concat(ETHERNET, IP, PACKET);
const record = { seconds: 1, fraction: 2, frame: FRAME };
const pcap = (...records: Parameters<typeof pcapSpecimen>[0]["records"][number][]): Uint8Array =>
  pcapSpecimen({ little: true, linkType: 1, snapLength: 64, records });
const NG = concat(section(true), description(true, 1, 64));
const GOOD = enhanced(true, 0, 5n, FRAME, FRAME.length);

/** What is counted, and a piece of what is said about the rest; `status` is 2 where nothing could be read. */
const CASES: readonly (readonly [name: string, file: Uint8Array, packets: number, says: string])[] = [
  [
    "a captured length of 4 GiB",
    concat(pcap(record), pcap({ ...record, lengths: [0xffffffff, 0xffffffff] }).subarray(24)),
    1,
    "4294967295",
  ],
  ["a captured length over the snapshot length", pcap(record, { ...record, frame: concat(FRAME, new Uint8Array(100)) }, record), 3, ""],
  ["a captured length over the frame's", pcap({ ...record, lengths: [FRAME.length, 1] }, record), 2, ""],
  ["a tail that is cut", pcap(record, record).subarray(0, -3), 1, "byte 82 of the capture: the file ends after 39 of the 42 bytes"],
  ["a pcapng block of length 0", concat(NG, GOOD, block(true, 6, new Uint8Array(4), 0)), 1, "0"],
  ["a pcapng block of length 7", concat(NG, GOOD, block(true, 6, new Uint8Array(4), 7)), 1, "7"],
  ["a pcapng block of length 16 that needs more", concat(NG, GOOD, block(true, 6, new Uint8Array(4), 16, 16), GOOD), 1, ""],
  ["a pcapng block that ends otherwise than it begins", concat(NG, GOOD, block(true, 6, new Uint8Array(32), 44, 48)), 1, ""],
];

test.each(CASES)("fault 32: %s is told with its offset, and what came before counts", async (_, file, packets, says) => {
  const items = [...decodeCapture(file)];
  expect(items.filter(({ kind }) => kind === "packet").length).toBeGreaterThanOrEqual(packets);
  let offset = -1;
  for (const item of items) {
    expect(item.offset).toBeGreaterThanOrEqual(offset);
    offset = item.offset;
  }
  const said = await ferrule("replay", "--counters", rules, files.file("bad.pcap", file));
  const counted = Number(/\[(\d+):\d+\] -A INPUT -p udp/.exec(said.stdout)?.[1]);
  expect(counted).toBeGreaterThanOrEqual(packets);
  if (items.some(({ kind }) => kind === "fault")) expect(said.stderr + said.stdout).toMatch(/\d/);
  expect(said.stderr).toContain(says);
});

test.each([
  ["nothing", new Uint8Array()],
  ["three bytes", Uint8Array.of(0xd4, 0xc3, 0xb2)],
  ["half a header", pcap(record).subarray(0, 20)],
  ["text", new TextEncoder().encode("*filter\nCOMMIT\n")],
  ["a broken gzip file", gzipSync(pcap(record)).subarray(0, 30)],
])("fault 32: a file of %s is refused", async (_, file) => {
  const said = await ferrule("replay", rules, files.file("empty.pcap", file));
  expect([said.status, said.stdout]).toEqual([2, ""]);
  expect(said.stderr).toContain("empty.pcap");
});

test("fault 32: a block of a quarter of a gigabyte in 256 KiB of gzip is read through in bounded memory", async () => {
  const zeros = gzipSync(new Uint8Array(1 << 24), { level: 9 });
  const head = gzipSync(concat(NG, GOOD, block(true, 99, new Uint8Array(), 16 * (1 << 24) + 12).subarray(0, 8)));
  const before = process.memoryUsage().rss;
  const said = await ferrule(
    "replay",
    "--counters",
    rules,
    files.file("bomb.pcap.gz", concat(head, ...Array.from({ length: 16 }, () => zeros))),
  );
  expect(said.stdout).toContain("-A INPUT -p udp");
  expect(process.memoryUsage().rss - before).toBeLessThan(400 << 20);
});

test("fault 33: tags within tags are followed to their limit and no further", async () => {
  const tagged = (depth: number): Uint8Array =>
    concat(ETHERNET, ...Array.from({ length: depth }, () => Uint8Array.of(0x88, 0xa8, 0, 1)), IP, PACKET);
  const counted = async (depth: number): Promise<[number, number]> => {
    const said = await ferrule("replay", "--counters", rules, files.file("tags.pcap", pcap({ ...record, frame: tagged(depth) }, record)));
    return [said.status, Number(/\[(\d+):\d+\] -A INPUT -p udp/.exec(said.stdout)?.[1])];
  };
  expect(await counted(VLAN_DEPTH_LIMIT)).toEqual([0, 2]);
  expect(await counted(50)).toEqual([0, 1]);
  expect(await counted(5000)).toEqual([0, 1]);
});

test("fault 40: stamps that run backwards in a capture are played in order of the file", async () => {
  const times = [1000, 2000, 5, 0, 4_294_967_295, 3];
  const said = await ferrule(
    "replay",
    "--counters",
    rules,
    files.file("times.pcap", pcap(...times.map(seconds => ({ ...record, seconds })))),
  );
  expect(said.status).toBe(0);
  expect(said.stdout).toMatch(/\[6:\d+\] -A INPUT -p udp/);
});
