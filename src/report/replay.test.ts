import { expect, test } from "vitest";
import fc from "fast-check";
import { hostFromFlags, type Host } from "../host/index.ts";
import {
  buildFrame,
  decodeCapture,
  dissect,
  encodeCapture,
  isFault,
  LINK_TYPE,
  parseNotation,
  isNotationFault,
  PcapngWriter,
  PcapWriter,
  setHeaderChecksum,
  specToBytes,
  transportChecksumHolds,
  u16,
  type CaptureItem,
  type FrameToWrite,
} from "../packet/index.ts";
import { packetText } from "./packet-text.ts";
import { readSave } from "../syntax/index.ts";
import { DROPPED_SESSION_LIMIT, SessionTable } from "./replay-sessions.ts";
import { createReplay, type Replay, type ReplayOptions } from "./replay.ts";
import { replayClock } from "./replay-clock.ts";
import { replayJson } from "./replay-json.ts";
import { replayLines } from "./replay-lines.ts";
import { lineText } from "./span.ts";
import { Tally } from "./replay-tally.ts";

const RULES = `*filter
:INPUT DROP [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A INPUT -p tcp --dport 80 -j ACCEPT
-A INPUT -p tcp --dport 23 -j LOG --log-prefix "telnet "
-A INPUT -p tcp --dport 23 -j REJECT
COMMIT
`;
const NAT = `*nat
:PREROUTING ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
-A PREROUTING -i wan0 -p tcp --dport 8080 -j DNAT --to-destination 10.0.0.5:80
-A POSTROUTING -o wan0 -j MASQUERADE
COMMIT
`;

/** 2026-11-21, in nanoseconds. */
const START = 1_795_219_200_000_000_000n;
const MS = 1_000_000n;

function bytesOf(notation: string): Uint8Array {
  const spec = parseNotation(notation);
  if (isNotationFault(spec)) throw new Error(`${notation}: ${spec.message}`);
  return specToBytes(spec);
}

const mac = (last: number): Uint8Array => new Uint8Array([2, 0, 0, 0, 0, last]);

interface Step {
  readonly packet: string | Uint8Array;
  /** Milliseconds after the start. */
  readonly at?: number;
  readonly sourceMac?: number;
  readonly destinationMac?: number;
  readonly linkType?: number;
  readonly interfaceName?: string;
  /** Bytes that the capture kept of the frame. */
  readonly snap?: number;
}

function frameOf({
  packet,
  at = 0,
  sourceMac = 9,
  destinationMac = 1,
  linkType = LINK_TYPE.ETHERNET,
  interfaceName,
  snap,
}: Step): FrameToWrite {
  const bytes = typeof packet === "string" ? bytesOf(packet) : packet;
  const frame = buildFrame(linkType, (bytes[0] as number) >> 4 === 6 ? 6 : 4, bytes, {
    sourceMac: mac(sourceMac),
    destinationMac: mac(destinationMac),
  }) as Uint8Array;
  return {
    time: START + BigInt(at) * MS,
    linkType,
    frame: snap === undefined ? frame : frame.subarray(0, snap),
    originalLength: frame.length,
    interfaceName,
  };
}

const captureOf = (steps: readonly Step[]): CaptureItem[] => [...decodeCapture(encodeCapture(new PcapngWriter(), steps.map(frameOf)))];

function rulesetOf(text: string): NonNullable<ReplayOptions["v4"]> {
  const { ruleset, faults } = readSave(text, "rules.v4", { family: 4 });
  if (ruleset === undefined) throw new Error(faults.map(({ message }) => message).join("\n"));
  return ruleset;
}

function hostWith(interfaces: readonly string[], routes: readonly string[] = []): Host {
  const { value, faults } = hostFromFlags({ interfaces, routes, sysctls: ["net.ipv4.ip_forward=1"] });
  if (value === undefined) throw new Error(JSON.stringify(faults));
  return value;
}

function run(
  steps: readonly Step[],
  options: Partial<ReplayOptions> = {},
): { readonly replay: Replay; readonly left: readonly FrameToWrite[] } {
  const replay = createReplay({ v4: rulesetOf(RULES), frames: true, random: () => 4, ...options });
  const left = [...captureOf(steps).flatMap(item => replay.take(item)), ...replay.end()];
  return { replay, left };
}

const textOf = ({ replay }: { readonly replay: Replay }): string =>
  replayLines(replay.summary(), { width: 80, unicode: false, top: 10 })
    .map(line => lineText(line).trimEnd())
    .join("\n");

const CONVERSATION: readonly Step[] = [
  { packet: "tcp 203.0.113.9:40000 > 198.51.100.2:80 syn seq 1" },
  { packet: "tcp 198.51.100.2:80 > 203.0.113.9:40000 syn+ack seq 100 ack 2", at: 1, sourceMac: 1, destinationMac: 9 },
  { packet: "tcp 203.0.113.9:40000 > 198.51.100.2:80 ack seq 2 ack 101", at: 2 },
  { packet: "tcp 203.0.113.9:40001 > 198.51.100.2:23 syn", at: 1000 },
  { packet: "tcp 203.0.113.9:40001 > 198.51.100.2:23 syn", at: 2000 },
  { packet: "udp 203.0.113.9:53 > 198.51.100.2:33000", at: 2500 },
];

/** What each packet was: the verdicts' packets by name, those that are not zero. */
function verdictsOf({ replay }: { readonly replay: Replay }): Record<string, number> {
  return Object.fromEntries(
    Object.entries(replay.summary().verdicts).flatMap(([verdict, { packets }]) => (packets > 0 ? [[verdict, packets]] : [])),
  );
}

const skippedOf = ({ replay }: { readonly replay: Replay }): Record<string, number> =>
  Object.fromEntries(replay.summary().skipped.map(([reason, { packets }]) => [reason, packets]));

test("a server's capture without a host: the summary as a person reads it", () => {
  expect(`${textOf(run(CONVERSATION))}\n`).toMatchInlineSnapshot(`
    "Capture     6 packets, 312 B (312 bytes) in 2.5 s, from 2026-11-21 00:00:00 UTC
    Way         5 came in on eth0, 1 sent by this machine

    Verdicts
      delivered  2  80 B  33.3 %  ########                  to this machine
      sent       1  40 B  16.7 %  ####                      out of this machine
      dropped    1  28 B  16.7 %  ####                      by a rule or a policy
      rejected   2  80 B  33.3 %  ########                  by a rule, with an answer
      and 2 answers by the kernel itself

    Over time
      accepted: 3 packets, at most 3 in 34.8 ms
       3 +#
         |#
         |#
      dropped: 3 packets, at most 1 in 34.8 ms
       1 +                            #                            #             #
         +------------------------------------------------------------------------
          2026-11-21 00:00:00.000 UTC                                       +2.5 s

    What dropped them
      2  80 B  66.7 %  rules.v4:8: filter INPUT rule 4: -p tcp -m tcp --dport 23 -j REJECT --reject-with icmp-port-unreachable
      1  28 B  33.3 %  rules.v4:2: the policy of filter INPUT

    Sessions that lost packets  packets lost, first after, client > server
                2 of 2    +1 s  tcp 203.0.113.9:40001 > 198.51.100.2:23  rules.v4:8
      1 of 1 (answers)  +2.5 s  udp 198.51.100.2:33000 > 203.0.113.9:53  rules.v4:2
      Ask why: ferrule trace RULES 'tcp 203.0.113.9:40001 > 198.51.100.2:23 syn in eth0'

    Sessions    3 seen: 2 tcp, 1 udp
    Logged      2 lines; the first: telnet IN=eth0 OUT= MAC=02:00:00:00:00:01:02:00:00:00:00:09:08:00 SRC=203.0.113.9 DST=198.51.100.2 LEN=40 TOS=0x00 PREC=0x00 TTL=64 ID=0 PROTO=TCP SPT=40001 DPT=23 WINDOW=64240 RES=0x00 SYN URGP=0

    Assumed, for no host was given (--host, --if, --route):
      packets come in on eth0 (--in)
      198.51.100.2 is this machine's own, for it takes part in all of the first 6 IPv4 packets (--if eth0=198.51.100.2/24)
      everything else is reached by eth0
      forwarding is on
    "
  `);
});

test("the capture as it leaves: what was accepted, and the answers, in the frames' own headers", () => {
  const { left } = run(CONVERSATION);
  const seen = left.map(({ frame }) => packetText(frame.subarray(14)));
  expect(seen).toEqual([
    packetText(bytesOf(CONVERSATION[0]?.packet as string)),
    packetText(bytesOf(CONVERSATION[1]?.packet as string)),
    packetText(bytesOf(CONVERSATION[2]?.packet as string)),
    expect.stringContaining("icmp 198.51.100.2 > 203.0.113.9 port-unreachable"),
    expect.stringContaining("icmp 198.51.100.2 > 203.0.113.9 port-unreachable"),
  ]);
  expect([...(left[3]?.frame.subarray(0, 12) ?? [])]).toEqual([...mac(9), ...mac(1)]);
});

test.each<
  readonly [
    name: string,
    steps: readonly Step[],
    options: Partial<ReplayOptions>,
    verdicts: Record<string, number>,
    skipped: Record<string, number>,
  ]
>([
  ["no packet at all", [], {}, {}, {}],
  ["the host's own address sends", [{ packet: "udp 10.0.0.1:5 > 10.0.0.2:6" }], { host: hostWith(["eth0=10.0.0.1/24"]) }, { sent: 1 }, {}],
  [
    "loopback is sent and delivered here",
    [{ packet: "udp 127.0.0.1:5 > 127.0.0.1:6", linkType: LINK_TYPE.NULL }],
    { v4: rulesetOf(RULES.replace("INPUT DROP", "INPUT ACCEPT")), host: hostWith(["eth0=10.0.0.1/24"]) },
    { delivered: 1 },
    {},
  ],
  [
    "outgoing in a cooked header, and from another address: already passed on",
    [{ packet: "udp 10.0.0.9:5 > 10.0.0.2:6", linkType: LINK_TYPE.COOKED }],
    { host: hostWith(["eth0=10.0.0.1/24"]) },
    {},
    { "already passed on: seen again on its way out": 1 },
  ],
  [
    "the host's hardware address on another's packet: already passed on",
    [{ packet: "udp 10.0.0.9:5 > 10.0.0.2:6", sourceMac: 1, destinationMac: 2 }],
    {
      host: {
        ...hostWith(["eth0=10.0.0.1/24"]),
        interfaces: hostWith(["eth0=10.0.0.1/24"]).interfaces.map(each => (each.name === "eth0" ? { ...each, mac: 0x020000000001 } : each)),
      },
    },
    {},
    { "already passed on: seen again on its way out": 1 },
  ],
  [
    "for another's hardware address",
    [{ packet: "udp 10.0.0.9:5 > 10.0.0.2:6", destinationMac: 2 }],
    {
      host: {
        ...hostWith(["eth0=10.0.0.1/24"]),
        interfaces: hostWith(["eth0=10.0.0.1/24"]).interfaces.map(each => (each.name === "eth0" ? { ...each, mac: 0x020000000001 } : each)),
      },
    },
    {},
    { "for another machine's hardware address": 1 },
  ],
  [
    "by the route back to the source, and on",
    [{ packet: "udp 10.0.0.9:5 > 192.0.2.7:6" }],
    { host: hostWith(["lan0=10.0.0.1/24", "wan0=192.0.2.1/24"]) },
    { forwarded: 1 },
    {},
  ],
  [
    "cut too short to be judged",
    [{ packet: "udp 10.0.0.9:5 > 10.0.0.1:6 len 300", snap: 14 + 24 }],
    { host: hostWith(["eth0=10.0.0.1/24"]) },
    {},
    { "cut too short by the capture": 1 },
  ],
])("%s", (_, steps, options, verdicts, skipped) => {
  const ran = run(steps, options);
  expect([verdictsOf(ran), skippedOf(ran)]).toEqual([verdicts, skipped]);
});

test.each<readonly [name: string, step: Partial<Step>, options: Partial<ReplayOptions>, device: string]>([
  ["the capture names the interface", { interfaceName: "wan0" }, {}, "wan0"],
  ["an interface that the host lacks is no hint", { interfaceName: "en7" }, {}, "lan0"],
  [
    "--from, the longest prefix",
    {},
    {
      hints: {
        in: "wan0",
        from: [
          { prefix: { family: 4, address: 0, mask: 0 }, device: "wan0" },
          { prefix: { family: 4, address: 0x0a000000, mask: 0xff000000 }, device: "lan1" },
        ],
      },
    },
    "lan1",
  ],
  ["--in", {}, { hints: { in: "wan0" } }, "wan0"],
  ["the route back", {}, {}, "lan0"],
])("comes in on: %s", (_, step, options, device) => {
  const host = hostWith(["lan0=10.0.0.1/24", "lan1=10.0.1.1/24", "wan0=192.0.2.1/24"]);
  const { replay } = run([{ packet: "udp 10.0.0.9:5 > 192.0.2.7:6", ...step }], { host, ...options });
  expect(replay.summary().entered.map(([name]) => name)).toEqual([device]);
});

test("NAT: sessions are translated, counted once with their answers, and leave translated", () => {
  const host = hostWith(["lan0=10.0.0.1/24", "wan0=198.51.100.1/24"], ["default via 198.51.100.254 dev wan0"]);
  const ran = run(
    [
      { packet: "udp 10.0.0.9:5000 > 192.0.2.7:53" },
      { packet: "udp 192.0.2.7:53 > 198.51.100.1:5000", at: 1 },
      { packet: "tcp 203.0.113.9:40000 > 198.51.100.1:8080 syn", at: 2 },
    ],
    { v4: rulesetOf(NAT), host },
  );
  expect(ran.replay.summary().translations).toEqual([
    { manip: "source", from: "10.0.0.9", to: "198.51.100.1", sessions: 1 },
    { manip: "destination", from: "198.51.100.1 port 8080", to: "10.0.0.5 port 80", sessions: 1 },
  ]);
  expect([...ran.replay.summary().sessions.seen]).toEqual([
    [17, 1],
    [6, 1],
  ]);
  expect(ran.left.map(({ frame }) => packetText(frame.subarray(14)))).toEqual([
    expect.stringContaining("udp 198.51.100.1:5000 > 192.0.2.7:53"),
    expect.stringContaining("udp 192.0.2.7:53 > 10.0.0.9:5000"),
    expect.stringContaining("tcp 203.0.113.9:40000 > 10.0.0.5:80 syn"),
  ]);
  for (const { frame } of ran.left) {
    const layout = dissect(frame.subarray(14));
    expect(!isFault(layout) && transportChecksumHolds(frame.subarray(14), layout)).toBe(true);
  }
});

test("a router's capture on all interfaces: what was masqueraded and is seen again on its way out is not sent once more", () => {
  const host = hostWith(["lan0=10.0.0.1/24", "wan0=198.51.100.1/24"], ["default via 198.51.100.254 dev wan0"]);
  const packet = "tcp 10.0.0.9:5000 > 192.0.2.7:80 syn ipid 7 seq 9";
  const again = "tcp 198.51.100.1:5000 > 192.0.2.7:80 syn ipid 7 seq 9 ttl 63";
  const ran = run([{ packet }, { packet: again }, { packet: again }], { v4: rulesetOf(NAT), host });
  expect([verdictsOf(ran), skippedOf(ran)]).toEqual([{ forwarded: 1, sent: 1 }, { "already passed on: seen again on its way out": 1 }]);
});

test("the kernel's own answer, which the captured machine made too, is not sent once more; another's is", () => {
  const { left } = run([{ packet: "tcp 203.0.113.9:40001 > 198.51.100.2:23 syn seq 5" }], {
    host: hostWith(["eth0=198.51.100.2/24"], ["default via 198.51.100.1 dev eth0"]),
  });
  expect(left.length).toBe(1);
  const answer = left[0]?.frame.subarray(14) as Uint8Array;
  const renumbered = answer.slice();
  renumbered[4] = 0x12;
  renumbered[5] = 0x34;
  setHeaderChecksum(renumbered, 20);
  const ran = run(
    [{ packet: "tcp 203.0.113.9:40001 > 198.51.100.2:23 syn seq 5" }, { packet: renumbered, at: 1 }, { packet: renumbered, at: 2 }],
    { host: hostWith(["eth0=198.51.100.2/24"], ["default via 198.51.100.1 dev eth0"]) },
  );
  expect([verdictsOf(ran), skippedOf(ran)]).toEqual([{ rejected: 1, sent: 1 }, { "the kernel's own answer, which was made here too": 1 }]);
});

test("merged segments are passed on whole, and a packet that is too long for the next link is not", () => {
  const host = hostWith(["lan0=10.0.0.1/24", "wan0=192.0.2.1/24"]);
  const long = "tcp 10.0.0.9:5 > 192.0.2.7:6 syn len 3000 df";
  const merged = run([{ packet: long }], { host });
  expect([verdictsOf(merged), merged.replay.summary().merged, merged.left.map(({ frame }) => frame.length)]).toEqual([
    { forwarded: 1 },
    1,
    [3014],
  ]);
  const jumbo = { ...host, interfaces: host.interfaces.map(each => (each.name === "lan0" ? { ...each, mtu: 9000 } : each)) };
  expect(verdictsOf(run([{ packet: long }], { host: jumbo }))).toEqual({ ignored: 1 });
});

test("a packet cut by the snapshot length is judged by its headers, and leaves as long as it was", () => {
  const { replay, left } = run([{ packet: "tcp 203.0.113.9:40000 > 198.51.100.2:80 syn len 1000", snap: 68 }], {
    host: hostWith(["eth0=198.51.100.2/24"]),
  });
  expect(verdictsOf({ replay })).toEqual({ delivered: 1 });
  expect(replay.summary().filled).toBe(1);
  expect(left.map(({ frame, originalLength }) => [frame.length, originalLength])).toEqual([[68, 1014]]);
});

test("a checksum left to the network card is completed, so that tracking takes the packet", () => {
  const bytes = bytesOf("udp 203.0.113.9:53 > 198.51.100.2:33000");
  const layout = dissect(bytes);
  if (isFault(layout)) throw new Error("no packet");
  // The pseudo header's sum by hand: addresses, 17 and the UDP length of 8.
  let sum = [12, 14, 16, 18].reduce((total, at) => total + u16(bytes, at), 17 + 8);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  bytes[26] = sum >> 8;
  bytes[27] = sum & 0xff;
  expect(transportChecksumHolds(bytes, layout)).toBe(false);
  const rules = rulesetOf(RULES.replace("RELATED,ESTABLISHED", "NEW"));
  const host = hostWith(["eth0=198.51.100.2/24"]);
  expect(verdictsOf(run([{ packet: bytes }], { v4: rules, host }))).toEqual({ delivered: 1 });
  bytes[27] = (bytes[27] ?? 0) ^ 1;
  expect(verdictsOf(run([{ packet: bytes }], { v4: rules, host }))).toEqual({ dropped: 1 });
});

test("the clock never runs backwards, and goes on after it was set back", () => {
  const clock = replayClock();
  const at = [0n, 10n, 9n, 11n].map(second => clock.at(second * 1_000_000_000n + 5n));
  expect(at.map(time => Math.floor(time / 1e6))).toEqual([0, 10, 10, 11]);
  expect(clock.stepsBack).toBe(0);
  expect([2n, 3n, 2n, 4n].map(second => Math.floor(clock.at(second * 1_000_000_000n + 5n) / 1e6))).toEqual([11, 12, 12, 13]);
  expect(clock.stepsBack).toBe(1);
  fc.assert(
    fc.property(fc.array(fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n })), times => {
      const any = replayClock();
      let last = 0;
      for (const time of times) {
        const now = any.at(time);
        expect(now).toBeGreaterThanOrEqual(last);
        expect(Number.isSafeInteger(now)).toBe(true);
        last = now;
      }
    }),
  );
});

test("a limit does not refill when the capture's clock is set back", () => {
  const rules = rulesetOf(
    RULES.replace("-A INPUT -p tcp --dport 80 -j ACCEPT", "-A INPUT -p tcp --dport 80 -m limit --limit 1/hour --limit-burst 2 -j ACCEPT"),
  );
  const steps = [0, 1, 2, 3_600_000 * -5, 3_600_000 * -5 + 1, 3_600_000 * -5 + 2].map((at, index) => ({
    packet: `tcp 203.0.113.9:${40000 + index} > 198.51.100.2:80 syn`,
    at,
  }));
  const { replay } = run(steps, { v4: rules, host: hostWith(["eth0=198.51.100.2/24"]) });
  expect(verdictsOf({ replay })).toEqual({ delivered: 2, dropped: 4 });
  expect(replay.summary().capture.stepsBack).toBe(1);
});

test("dropped sessions are kept up to their limit, and the rest is counted", () => {
  const table = new SessionTable();
  const over = 5;
  const packet = bytesOf("udp 203.0.113.9:1 > 198.51.100.2:7");
  const layout = dissect(packet);
  if (isFault(layout)) throw new Error("no packet");
  const passing = { way: {}, frame: 1, time: 0n };
  for (let i = 0; i < DROPPED_SESSION_LIMIT + over; i++) {
    packet[12] = i >> 8;
    packet[13] = i & 0xff;
    for (let twice = 0; twice < 2; twice++)
      table.drop(table.meet(packet, layout, passing), packet, layout, passing, { decidedBy: undefined, at: undefined, reason: "" });
  }
  expect([table.dropped.length, table.untold, table.seen.get(17)]).toEqual([DROPPED_SESSION_LIMIT, over, DROPPED_SESSION_LIMIT + over]);
  expect(table.dropped[0]).toMatchObject({ packets: 2, droppedFromClient: 2, droppedFromServer: 0 });
});

test("keys that the input chooses are bounded", () => {
  const tally = new Tally<string>(3, "rest");
  for (const key of ["a", "b", "c", "d", "e", "a"]) tally.add(key, 1);
  expect(tally.sorted().map(([key, { packets }]) => `${key} ${packets}`)).toEqual(["a 2", "rest 2", "b 1", "c 1"]);
});

test("whatever a capture holds: nothing throws, every frame is accounted for, and lines are printable", () => {
  const v4 = rulesetOf(RULES);
  const linkTypes = [LINK_TYPE.ETHERNET, LINK_TYPE.COOKED, LINK_TYPE.COOKED_V2, LINK_TYPE.RAW, LINK_TYPE.NULL, LINK_TYPE.NFLOG, 999];
  const valid = fc.constantFrom(
    ...CONVERSATION.map(step => frameOf(step).frame),
    frameOf({ packet: "udp 203.0.113.9:5 > 198.51.100.2:6 frag 0+" }).frame,
  );
  const broken = fc
    .tuple(valid, fc.array(fc.tuple(fc.nat(80), fc.nat(255)), { maxLength: 6 }), fc.nat(90))
    .map(([frame, edits, length]) => {
      const copy = frame.slice();
      for (const [at, value] of edits) if (at < copy.length) copy[at] = value;
      return copy.subarray(0, Math.max(1, Math.min(length, copy.length)));
    });
  const frame = fc.record({
    time: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    linkType: fc.constantFrom(...linkTypes),
    frame: fc.oneof(valid, broken, fc.uint8Array({ minLength: 1, maxLength: 90 })),
    originalLength: fc.option(fc.nat(70_000), { nil: undefined }),
    interfaceName: fc.option(fc.string({ maxLength: 20 }), { nil: undefined }),
  });
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 12 }), fc.boolean(), (frames, given) => {
      const replay = createReplay({ v4, host: given ? hostWith(["eth0=198.51.100.2/24"]) : undefined, frames: true, random: () => 4 });
      for (const item of decodeCapture(encodeCapture(new PcapngWriter(), frames))) replay.take(item);
      replay.end();
      const summary = replay.summary();
      const met = Object.values(summary.verdicts).reduce((sum, { packets }) => sum + packets, 0);
      const skipped = summary.skipped.reduce((sum, [, { packets }]) => sum + packets, 0);
      expect(met + skipped).toBe(summary.capture.packets);
      const shown = replayLines(summary, { width: 80, unicode: false, top: 10 }).map(lineText).join("");
      // oxlint-disable-next-line no-control-regex
      expect(shown).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
      expect(() => JSON.stringify(replayJson(summary))).not.toThrow();
    }),
    { numRuns: 300 },
  );
});

test("a truncated tail is told, and what came before it counts", () => {
  const file = encodeCapture(new PcapWriter({ linkType: LINK_TYPE.ETHERNET }), CONVERSATION.map(frameOf));
  const replay = createReplay({ v4: rulesetOf(RULES), random: () => 4 });
  for (const item of decodeCapture(file.subarray(0, file.length - 5))) replay.take(item);
  replay.end();
  const { capture } = replay.summary();
  expect([capture.packets, capture.faultCount]).toEqual([5, 1]);
  expect(textOf({ replay })).toMatch(/Fault +byte \d+ of the capture: /);
});
