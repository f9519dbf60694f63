import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import {
  buildFrame,
  decodeCapture,
  encodeCapture,
  isNotationFault,
  LINK_TYPE,
  parseNotation,
  PcapngWriter,
  PcapWriter,
  specToBytes,
  type CaptureItem,
  type FrameToWrite,
} from "../src/packet/index.ts";
import { createReplay } from "../src/report/index.ts";

const folder = mkdtempSync(join(tmpdir(), "ferrule-replay-"));
afterAll(() => rmSync(folder, { recursive: true }));
const RULES = "examples/web-stateful.rules";

function frame(notation: string, at: number, linkType: number = LINK_TYPE.ETHERNET): FrameToWrite {
  const spec = parseNotation(notation);
  if (isNotationFault(spec)) throw new Error(spec.message);
  return {
    time: 1_795_219_200_000_000_000n + BigInt(at) * 1_000_000_000n,
    linkType,
    frame: buildFrame(linkType, 4, specToBytes(spec)) as Uint8Array,
  };
}

const FRAMES = [
  frame("tcp 203.0.113.9:40000 > 198.51.100.2:80 syn", 0),
  frame("tcp 198.51.100.2:80 > 203.0.113.9:40000 syn+ack", 1),
  frame("tcp 203.0.113.9:40001 > 198.51.100.2:23 syn", 2),
];
const CAPTURE = encodeCapture(new PcapWriter({ linkType: LINK_TYPE.ETHERNET }), FRAMES);

function file(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

interface Ran {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

function ferrule(args: readonly string[], input?: Uint8Array): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", "src/cli/main.ts", "replay", ...args], {
    input,
    env: { ...process.env, NO_COLOR: "1", COLUMNS: "100" },
    timeout: 60_000,
  });
  return { status, out: String(stdout), err: String(stderr) };
}

const packetsOf = (bytes: Uint8Array): CaptureItem[] => [...decodeCapture(new Uint8Array(bytes))];

/** What --json says of the capture and the verdicts. */
function figures({ out }: Ran): readonly [packets: number, delivered: number, sent: number, dropped: number] {
  const {
    ferrule: kind,
    version,
    capture,
    verdicts,
  } = JSON.parse(out) as { ferrule: string; version: number; capture: { packets: number }; verdicts: Record<string, { packets: number }> };
  expect([kind, version]).toEqual(["replay", 1]);
  return [capture.packets, verdicts["delivered"]?.packets ?? 0, verdicts["sent"]?.packets ?? 0, verdicts["dropped"]?.packets ?? 0];
}

test.each<readonly [name: string, path: string, input: Uint8Array | undefined]>([
  ["a pcap file", file("plain.pcap", CAPTURE), undefined],
  ["a pcapng file", file("plain.pcapng", encodeCapture(new PcapngWriter(), FRAMES)), undefined],
  ["a file compressed by gzip, whatever its name", file("packed.pcap", gzipSync(CAPTURE)), undefined],
  ["standard input", "-", CAPTURE],
  ["standard input compressed by gzip", "-", gzipSync(CAPTURE)],
])("replays %s", (_, path, input) => {
  const ran = ferrule([RULES, path, "--json"], input);
  expect([ran.status, ran.err]).toEqual([0, ""]);
  expect(figures(ran)).toEqual([3, 1, 1, 1]);
});

test.each<readonly [name: string, args: readonly string[], message: RegExp]>([
  [
    "no capture at all",
    [RULES, file("junk.pcap", Buffer.from("#!/bin/sh\necho no\n"))],
    /junk\.pcap: byte 0: the file is neither pcap nor pcapng/,
  ],
  ["an empty file", [RULES, file("empty.pcap", new Uint8Array(0))], /empty\.pcap: byte 0: the file is empty/],
  ["a file that is not there", [RULES, join(folder, "none.pcap")], /none\.pcap: cannot be read: no such file/],
  ["broken gzip", [RULES, file("broken.gz", Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xff, 0xff, 0xff]))], /broken\.gz: byte 0: /],
  ["both from standard input", ["-", "-"], /cannot both come from standard input/],
  [
    "an interface that the host lacks",
    [RULES, file("in.pcap", CAPTURE), "--if", "eth0=198.51.100.2/24", "--in", "eth1"],
    /--in: the host has no interface eth1: it has lo, eth0/,
  ],
  ["a network that is none", [RULES, file("from.pcap", CAPTURE), "--from", "10.0.0.0/40=eth0"], /"40" is not a prefix length/],
])("refuses %s, writes nothing and exits with 2", (_, args, message) => {
  const target = join(folder, "refused-out.pcap");
  const { status, out, err } = ferrule([...args, "-w", target], new Uint8Array(0));
  expect(err).toMatch(message);
  expect([status, out]).toEqual([2, ""]);
  expect(readdirSync(folder).filter(name => name.startsWith("refused-out"))).toEqual([]);
});

test("-w writes what got through, through a symbolic link and with the file's times", () => {
  const target = file("kept.pcap", new Uint8Array([1, 2, 3]));
  const link = join(folder, "link.pcap");
  symlinkSync(target, link);
  const { status, err } = ferrule([RULES, file("w.pcap", CAPTURE), "-w", link]);
  expect([status, err]).toEqual([0, `${link}: 2 frames written\n`]);
  const seen = packetsOf(readFileSync(target)).map(item =>
    item.kind === "packet" ? [item.time, Buffer.from(item.frame).toString("hex")] : item,
  );
  expect(seen).toEqual(FRAMES.slice(0, 2).map(({ time, frame: bytes }) => [time, Buffer.from(bytes).toString("hex")]));
  expect(readdirSync(folder).filter(name => name.endsWith(".partial"))).toEqual([]);
});

test("-w refuses several link types in pcap, takes the half-written file away, and writes them to pcapng", () => {
  const mixed = file(
    "mixed.pcapng",
    encodeCapture(new PcapngWriter(), [...FRAMES, frame("tcp 198.51.100.2:80 > 203.0.113.9:40000 ack", 3, LINK_TYPE.RAW)]),
  );
  const refused = ferrule([RULES, mixed, "-w", join(folder, "mixed-out.pcap")]);
  expect([refused.status, refused.out]).toEqual([2, ""]);
  expect(refused.err).toMatch(/several link types/);
  expect(readdirSync(folder).filter(name => name.startsWith("mixed-out"))).toEqual([]);
  expect(ferrule([RULES, mixed, "-w", join(folder, "mixed-out.pcapng")]).status).toBe(0);
  expect(packetsOf(readFileSync(join(folder, "mixed-out.pcapng"))).map(item => item.kind === "packet" && item.linkType)).toEqual([
    LINK_TYPE.ETHERNET,
    LINK_TYPE.ETHERNET,
    LINK_TYPE.RAW,
  ]);
});

test("a truncated tail is told with its offset, and what came before it is replayed", () => {
  const { status, out } = ferrule([RULES, file("cut.pcap", CAPTURE.subarray(0, CAPTURE.length - 3)), "--plain"]);
  expect(status).toBe(0);
  expect(out).toMatch(/^Capture +2 packets/);
  expect(out).toMatch(/Fault +byte \d+ of the capture/);
});

test("--counters prints the rules with what they counted, and --connections what is tracked", () => {
  const { status, out } = ferrule([RULES, file("count.pcap", CAPTURE), "--counters", "--connections"]);
  expect(status).toBe(0);
  expect(out).toContain(":INPUT DROP [1:40]");
  expect(out).toContain(
    "[1:40] -A INPUT -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -m multiport --dports 22,80,443 -m conntrack --ctstate NEW -j ACCEPT",
  );
  expect(out).toMatch(/^tcp +6 \d+ SYN_RECV src=203\.0\.113\.9 dst=198\.51\.100\.2 sport=40000 dport=80 src=198\.51\.100\.2 /m);
});

const CORPUS = "../shared/corpus/pcap";
const captures = existsSync(CORPUS)
  ? (readdirSync(CORPUS, { recursive: true }) as string[]).filter(name => /\.pcap(ng)?(\.gz)?$/.test(name)).toSorted()
  : [];
const missing =
  captures.length === 0 ? `${CORPUS} is absent` : spawnSync("tcpdump", ["--version"]).status === 0 ? "" : "tcpdump is not installed";
if (missing !== "") console.log(`skipped: totals of the corpus against tcpdump: ${missing}`);

/** Packets and bytes on the wire as tcpdump reads them: its own nanosecond pcap, counted by hand. */
function totalsOfTcpdump(bytes: Uint8Array): readonly [packets: number, bytes: number] {
  const { stdout } = spawnSync("tcpdump", ["-r", "-", "-w", "-"], { input: bytes, maxBuffer: 1 << 28 });
  let [packets, total] = [0, 0];
  for (let at = 24; at + 16 <= stdout.length; at += 16 + stdout.readUInt32LE(at + 8)) {
    packets++;
    total += stdout.readUInt32LE(at + 12);
  }
  return [packets, total];
}

test.skipIf(missing !== "")(`${captures.length} captures of the corpus replay; packets and bytes are those of tcpdump`, () => {
  const disagreements: string[] = [];
  let all = 0;
  for (const name of captures) {
    const stored = readFileSync(join(CORPUS, name));
    const bytes = new Uint8Array(name.endsWith(".gz") ? gunzipSync(stored) : stored);
    const replay = createReplay({ frames: true, random: () => 4 });
    for (const item of decodeCapture(bytes)) replay.take(item);
    replay.end();
    const { capture, verdicts, skipped } = replay.summary();
    const accounted = [...Object.values(verdicts), ...skipped.map(([, amount]) => amount)].reduce((sum, { packets }) => sum + packets, 0);
    if (accounted !== capture.packets) disagreements.push(`${name}: ${accounted} accounted for of ${capture.packets}`);
    const [packets, total] = totalsOfTcpdump(bytes);
    if (packets !== capture.packets || total !== capture.bytes)
      disagreements.push(`${name}: ${capture.packets} packets and ${capture.bytes} bytes, tcpdump has ${packets} and ${total}`);
    all += packets;
  }
  console.log(`${captures.length} captures, ${all} packets`);
  expect(disagreements).toEqual([]);
});
