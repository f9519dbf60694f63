import { gzipSync } from "node:zlib";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeCapture, equalBytes, parseNotation } from "../../packet/index.ts";
import { lineText } from "../../report/index.ts";
import { NO_DOCUMENTS, type Documents } from "../state/documents.ts";
import { readFirewall, type ReadFirewall } from "../work/firewall.ts";
import type { EntryWords, Played, PlayEnd, PlayProgress } from "./played.ts";
import { packetStory } from "./packet-story.ts";
import { sampleCapture } from "./sample.ts";
import { SESSION_ORDERS, type SessionView } from "./session-view.ts";
import { createPlay, type Play, type PlayRequest } from "./work.ts";

const NAT = readFileSync("examples/nat-gateway.rules", "utf8");
const HOST = JSON.stringify({
  ferrule: "host",
  version: 1,
  interfaces: [
    { name: "lo", addresses: ["127.0.0.1/8"] },
    { name: "wan0", addresses: ["198.51.100.2/24"] },
    { name: "lan0", addresses: ["192.168.1.1/24"] },
  ],
  routes: [{ to: "default", via: "198.51.100.1", dev: "wan0" }],
  sysctls: { "net.ipv4.ip_forward": 1 },
});
const ANY: SessionView = { order: "first", descending: false, search: "", fate: "any", during: undefined };
const NOWHERE: EntryWords = { device: "", networks: "" };

const firewallOf = (texts: Partial<Documents>): ReadFirewall => readFirewall({ ...NO_DOCUMENTS, ...texts }, 0);

const GATEWAY = firewallOf({ rules4: NAT, host: HOST });

function start(
  file: Uint8Array | Blob,
  firewall = GATEWAY,
  more: Partial<PlayRequest> = {},
  clock: () => number = () => 0,
): { play: Play; heard: PlayProgress[] } {
  const heard: PlayProgress[] = [];
  const blob = file instanceof Blob ? file : new Blob([file as Uint8Array<ArrayBuffer>]);
  const play = createPlay(
    { file: blob, entry: NOWHERE, leaving: false, seed: 1, ...more },
    firewall,
    progress => heard.push(progress),
    clock,
  );
  if ("end" in play) throw new Error(play.message);
  return { play, heard };
}

async function played(file: Uint8Array | Blob, firewall = GATEWAY, more: Partial<PlayRequest> = {}): Promise<Played> {
  const end = await start(file, firewall, more).play.run();
  if (end.end === "refused") throw new Error(end.message);
  return end.played;
}

const packetsOf = (amounts: readonly { readonly packets: number }[]): number => amounts.reduce((sum, { packets }) => sum + packets, 0);
const sample = sampleCapture(GATEWAY.host);

test("the sample is the same each time, and every frame of it meets the rules", async () => {
  expect(equalBytes(sampleCapture(GATEWAY.host), sample)).toBe(true);
  const result = await played(sample);
  expect(result.faults).toEqual([]);
  expect(result.skipped).toEqual([]);
  expect(packetsOf(result.verdicts)).toBe(result.packets);
  const seen = new Set(result.verdicts.map(({ name }) => name));
  for (const name of ["delivered", "forwarded", "sent", "dropped", "rejected"]) expect(seen, name).toContain(name);
  expect(result.translations.map(({ manip }) => manip)).toContain("source");
  expect(result.assumed).toEqual([]);
  expect(result.machine).toBeUndefined();
});

test("counts of verdicts, of the plot, of droppers, sessions and rules agree", async () => {
  const { play } = start(sample);
  const end = await play.run();
  if (end.end === "refused") throw new Error(end.message);
  const result = end.played;
  const of = (...names: string[]): number => packetsOf(result.verdicts.filter(({ name }) => names.includes(name)));
  const sum = (counts: readonly number[]): number => counts.reduce((all, some) => all + some, 0);
  expect(sum(result.time.accepted)).toBe(of("delivered", "forwarded", "sent"));
  expect(sum(result.time.dropped)).toBe(of("dropped", "rejected", "ignored"));
  expect(packetsOf(result.droppedBy) + result.moreDropped).toBe(of("dropped", "rejected", "ignored"));
  const { rows, total, all } = play.sessions.page(ANY, 0, 1e6);
  expect(total).toBe(all);
  expect(rows.length).toBe(total);
  expect(packetsOf(rows)).toBe(packetsOf(result.verdicts));
  expect(sum(rows.map(({ lost }) => lost))).toBe(of("dropped", "rejected", "ignored"));
  for (const { by, packets } of result.droppedBy)
    if (by.family !== undefined && by.rule !== "") expect(result.hits.lines[by.family].get(by.line)?.packets).toBe(packets);
  for (const { packet } of rows) expect(parseNotation(packet), packet).not.toHaveProperty("message");
});

test("counters that the rules were loaded with are not the capture's", async () => {
  const loaded = NAT.replace("-A INPUT -j REJECT", "[1000:2000] -A INPUT -j REJECT").replace(":INPUT DROP [0:0]", ":INPUT DROP [55:66]");
  const one = await played(sample);
  const other = await played(sample, firewallOf({ rules4: loaded, host: HOST }));
  expect(other.hits).toEqual(one.hits);
});

test("gzip gives the same; a file that is cut gives what it has, and says where it is cut", async () => {
  const whole = await played(sample);
  expect(await played(gzipSync(sample))).toEqual(whole);
  const cut = await played(sample.subarray(0, sample.length - 10));
  expect(cut.packets).toBe(whole.packets - 1);
  expect(cut.faults.length).toBe(1);
  expect(cut.faults[0]?.offset).toBeGreaterThan(0);
  const packed = gzipSync(sample);
  const broken = await played(packed.subarray(0, packed.length / 2));
  expect(broken.faults.map(({ message }) => message).join()).toContain("gzip");
});

test("what is no capture is refused with the place", async () => {
  const said = async (bytes: Uint8Array): Promise<PlayEnd> => await start(bytes).play.run();
  expect(await said(new Uint8Array(0))).toEqual({ end: "refused", message: "byte 0: the file is empty" });
  expect(await said(new TextEncoder().encode("*filter\nCOMMIT\n"))).toMatchObject({ end: "refused" });
});

test("what leaves is a capture: as many frames as are accepted or answered, the same each time with the same luck", async () => {
  const once = async (): Promise<{ frames: number; bytes: Uint8Array; result: Played }> => {
    const end = await start(sample, GATEWAY, { leaving: true }).play.run();
    if (end.end === "refused" || end.leaving === undefined) throw new Error("nothing was written");
    return { frames: end.leaving.frames, bytes: new Uint8Array(await end.leaving.file.arrayBuffer()), result: end.played };
  };
  const { frames, bytes, result } = await once();
  const items = [...decodeCapture(bytes)];
  expect(items.every(({ kind }) => kind === "packet")).toBe(true);
  expect(items.length).toBe(frames);
  const accepted = packetsOf(result.verdicts.filter(({ name }) => ["delivered", "forwarded", "sent"].includes(name)));
  expect(frames).toBe(accepted + result.answers);
  expect(equalBytes((await once()).bytes, bytes)).toBe(true);
});

test("a run that is stopped ends early and says how far it is", async () => {
  const large = new Blob(Array.from({ length: 30 }, () => sample as Uint8Array<ArrayBuffer>));
  let time = 0;
  const { play, heard } = start(large, GATEWAY, {}, () => (time += 1000));
  const running = play.run();
  while (heard.length === 0) await new Promise(resolve => setTimeout(resolve, 1));
  play.stop();
  const end = await running;
  expect(end).toMatchObject({ end: "stopped" });
  if (end.end === "stopped") {
    expect(end.read).toBeLessThan(large.size);
    expect(end.played.packets).toBeGreaterThan(0);
  }
});

test("why: each first dropped packet is traced as it fared, with what the firewall remembered by then", async () => {
  const request: PlayRequest = { file: new Blob([sample as Uint8Array<ArrayBuffer>]), entry: NOWHERE, leaving: false, seed: 1 };
  const { play } = start(sample);
  await play.run();
  const { rows } = play.sessions.page({ ...ANY, order: "lost", descending: true }, 0, 1e6);
  const some = [...rows.slice(0, 4), ...rows.slice(-4)];
  for (const { frame, lost, by, packet } of some) {
    const story = await packetStory(request, GATEWAY, frame, () => undefined);
    if ("fault" in story) throw new Error(story.fault);
    const text = story.lines.map(lineText).join("\n");
    expect(text, packet).toMatch(lost > 0 ? /^(?:DROPPED|REJECTED) by /m : /^ACCEPTED/m);
    if (lost > 0) expect(text).toContain(by?.place);
  }
  expect(await packetStory(request, GATEWAY, 1_000_000, () => undefined)).toHaveProperty("fault");
});

test("what it came to as texts: JSON, rules with counters that can be read, connections", async () => {
  const { play } = start(sample);
  await play.run();
  const summary = JSON.parse(play.listing("summary")) as { readonly ferrule: string; readonly capture: { readonly packets: number } };
  expect(summary).toMatchObject({ ferrule: "replay", capture: { packets: (await played(sample)).packets } });
  expect(readFirewall({ ...NO_DOCUMENTS, rules4: play.listing("counters") }, 0).faults).toEqual([]);
  expect(play.listing("connections")).toMatch(/^(?:tcp|udp|icmp) +\d+ \d+ /m);
});

test("sessions: order, search, outcome and time narrow them as they say", async () => {
  const { play } = start(sample);
  await play.run();
  const page = (view: Partial<SessionView>): ReturnType<typeof play.sessions.page> => play.sessions.page({ ...ANY, ...view }, 0, 1e6);
  const whole = page({}).rows;
  for (const order of SESSION_ORDERS)
    for (const descending of [true, false]) {
      const rows = page({ order, descending }).rows;
      expect(rows.length).toBe(whole.length);
      const keys = rows.map(
        row =>
          ({ first: row.after, lasts: row.lasts, session: row.session, packets: row.packets, bytes: row.bytes, lost: row.lost })[order],
      );
      for (const [index, key] of keys.entries()) {
        const before = keys[index - 1];
        if (before !== undefined) expect(descending ? before >= key : before <= key, `${order} ${index}`).toBe(true);
      }
    }
  const ssh = page({ search: "TCP :22" }).rows;
  expect(ssh.length).toBeGreaterThan(0);
  expect(ssh.every(({ session }) => session.includes("tcp") && session.includes(":22"))).toBe(true);
  for (const fate of ["passed", "partly", "dropped", "rejected"] as const)
    expect(page({ fate }).rows.every(row => row.fate === fate)).toBe(true);
  const count = (fate: SessionView["fate"]): number => page({ fate }).total;
  expect(count("passed") + count("lossy")).toBe(whole.length);
  expect(count("partly") + count("dropped") + count("rejected")).toBe(count("lossy"));
  const start0 = 1_772_442_450_000_000_000n;
  const flood = page({ during: { from: start0, to: start0 + 5_000_000_000n } });
  expect(flood.total).toBeGreaterThan(400);
  expect(flood.total).toBeLessThan(whole.length);
  expect(play.sessions.page(ANY, 10, 5).rows).toEqual(whole.slice(10, 15));
});

test("options: networks and interfaces are believed, and refused where they cannot be", () => {
  const check = (entry: EntryWords, firewall: ReadFirewall): string => {
    const result = createPlay(
      { file: new Blob([]), entry, leaving: false, seed: 1 },
      firewall,
      () => undefined,
      () => 0,
    );
    return "end" in result ? result.message : "";
  };
  expect(check({ device: "lan0", networks: "10.0.0.0/8 = lan0\n\n2001:db8::/32=wan0" }, GATEWAY)).toBe("");
  expect(check({ device: "eth9", networks: "" }, GATEWAY)).toContain("no interface eth9");
  expect(check({ device: "", networks: "10.0.0.0/8=eth9" }, GATEWAY)).toContain("no interface eth9");
  expect(check({ device: "", networks: "lan0" }, GATEWAY)).toContain("line 1");
  expect(check({ device: "", networks: "\n10.0.0.0/99=lan0" }, GATEWAY)).toContain("line 2");
  expect(check({ device: "", networks: "ten=lan0" }, GATEWAY)).toContain('"ten" is not an address');
});

test("without a machine one is guessed, and can be taken over as a host file that gives the same", async () => {
  const guessed = firewallOf({ rules4: NAT });
  const bare = sampleCapture(undefined);
  const first = await played(bare, guessed);
  expect(first.assumed.length).toBeGreaterThan(0);
  expect(first.assumed.join()).not.toContain("--");
  const second = await played(bare, firewallOf({ rules4: NAT, host: first.machine ?? "" }));
  expect(second.verdicts).toEqual(first.verdicts);
  expect(second.hits).toEqual(first.hits);
  expect(second.machine).toBeUndefined();
});

test("whatever bytes a file holds, a run ends and its counts cross to the page", async () => {
  const hostile = fc.oneof(
    fc.uint8Array({ maxLength: 400 }),
    fc.record({ at: fc.nat(sample.length - 1), bytes: fc.uint8Array({ minLength: 1, maxLength: 40 }) }).map(({ at, bytes }) => {
      const copy = sample.slice(0, 60_000);
      copy.set(bytes.subarray(0, Math.max(0, copy.length - at)), Math.min(at, copy.length - 1));
      return copy;
    }),
  );
  await fc.assert(
    fc.asyncProperty(hostile, async bytes => {
      const { play } = start(bytes);
      const end = await play.run();
      expect(structuredClone(play.sessions.page(ANY, 0, 100)).rows.length).toBeLessThanOrEqual(100);
      if (end.end !== "refused") expect(packetsOf(end.played.verdicts) + packetsOf(end.played.skipped)).toBe(end.played.packets);
    }),
    { numRuns: 60 },
  );
});
