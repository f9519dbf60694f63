import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { layOut } from "../layout/graph.ts";
import { NO_DOCUMENTS } from "../state/documents.ts";
import type { Hits } from "../state/hits.ts";
import { readFirewall } from "../work/firewall.ts";
import { outlineOf } from "../work/outline-of.ts";
import type { OutlineChain, OutlineTable } from "../work/outline.ts";
import { census, chainAt, counted, packetsText, reachable, shortCount } from "./census.ts";
import { callersOf, callsOf, neighbourhood, targetTally } from "./neighbours.ts";
import { boxesOf, CARD, isRowSeen, listTop, rowLevel, sceneOf } from "./scene.ts";

const RULES = `*filter
:INPUT DROP [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:__proto__ - [0:0]
:log - [0:0]
:nobody - [0:0]
-A INPUT -i lo -j ACCEPT
-A INPUT -p tcp -j __proto__
-A INPUT -p udp -g log
-A INPUT -p icmp -j __proto__
-A __proto__ -s 10.0.0.0/8 -j ACCEPT
-A __proto__ -s 10.1.0.0/16 -j ACCEPT
-A __proto__ -j log
-A log -j LOG
-A log -j DROP
COMMIT
`;

const tablesOf = (rules4: string): readonly OutlineTable[] => outlineOf(readFirewall({ ...NO_DOCUMENTS, rules4 }, 0)).tables;
const tables = tablesOf(RULES);
const chains = (from: readonly OutlineTable[], table: string): ReadonlyMap<string, OutlineChain> =>
  new Map(from.find(({ name }) => name === table)?.chains.map(chain => [chain.name, chain]));
const filter = chains(tables, "filter");

describe("what the map says of chains", () => {
  it("counts what jumps reach, whatever chains are called", () => {
    expect(reachable(filter, "INPUT")).toEqual(["__proto__", "log"]);
    expect(reachable(filter, "nobody")).toEqual([]);
    const figures = census(tables, 4, undefined);
    expect(chainAt(figures, "INPUT", "filter")).toMatchObject({ below: 2, packets: undefined });
    expect([chainAt(figures, "PREROUTING", "filter"), chainAt(figures, "INPUT", "nat")]).toEqual([undefined, undefined]);
    expect(census(tables, 6, undefined).size).toBe(0);
  });

  it("tells how many packets came into each chain, or at least how many", () => {
    const rules: Readonly<Record<string, readonly OutlineChain["rules"][number][]>> = Object.fromEntries(
      [...filter].map(([name, chain]) => [name, chain.rules]),
    );
    const hitsOf = (rows: readonly [chain: string, rule: number, packets: number][], policy: number): Hits => ({
      of: "a test",
      lines: {
        4: new Map(rows.map(([chain, rule, packets]) => [filter.get(chain)?.rules[rule - 1]?.line ?? 0, { packets, bytes: 0 }])),
        6: new Map([[rules["INPUT"]?.[0]?.line ?? 0, { packets: 100, bytes: 0 }]]),
      },
      policies: new Map([
        ["4 filter INPUT", { packets: policy, bytes: 0 }],
        ["4 nat INPUT", { packets: 50, bytes: 0 }],
      ]),
    });
    const told = (from: readonly OutlineTable[], hits: Hits): Record<string, string> =>
      Object.fromEntries([...(census(from, 4, hits).get("filter") ?? [])].map(([name, each]) => [`chain ${name}`, packetsText(each)]));
    // 3 accepted, 4 into __proto__ (1 accepted there, 3 on to log, of which 2 dropped), 5 by goto into log, all dropped.
    const hits = hitsOf(
      [
        ["INPUT", 1, 3],
        ["INPUT", 2, 4],
        ["INPUT", 3, 5],
        ["__proto__", 1, 1],
        ["__proto__", 3, 3],
        ["log", 1, 8],
        ["log", 2, 8],
      ],
      0,
    );
    expect(told(tables, hits)).toEqual({
      "chain INPUT": "12 packets",
      "chain FORWARD": "not reached",
      "chain OUTPUT": "not reached",
      "chain __proto__": "4 packets",
      "chain log": "8 packets",
      "chain nobody": "not reached",
    });
    expect(told(tables, hitsOf([["INPUT", 2, 7]], 7))["chain INPUT"]).toBe("7 packets");
    // Two chains send packets into log: how many of those that ended there came by which is not known.
    const shared = tablesOf(RULES.replace("COMMIT", "-A FORWARD -j log\nCOMMIT"));
    expect(told(shared, hits)).toMatchObject({ "chain INPUT": "12 packets", "chain FORWARD": "not reached", "chain log": "8 packets" });
    const line = shared[0]?.chains.find(({ name }) => name === "FORWARD")?.rules[0]?.line ?? 0;
    const both = { ...hits, lines: { ...hits.lines, 4: new Map([...hits.lines[4], [line, { packets: 2, bytes: 0 }]]) } };
    expect(told(shared, both)).toMatchObject({ "chain INPUT": "5+ packets", "chain FORWARD": "2+ packets", "chain log": "10 packets" });
  });

  it("writes counts short, and never larger than they are", () => {
    const rows: [number, string][] = [
      [0, "0"],
      [9999, "9,999"],
      [10_000, "10k"],
      [999_999, "999k"],
      [1_950_000, "1.9M"],
      [12_345_678, "12M"],
    ];
    for (const [count, text] of rows) expect(shortCount(count)).toBe(text);
    expect([counted(1, "rule"), counted(0, "rule")]).toEqual(["1 rule", "0 rules"]);
  });
});

const calling = (name: string, ...jumps: string[]): [string, OutlineChain] => [
  name,
  {
    name,
    policy: undefined,
    line: 0,
    rules: jumps.map((jump, at) => ({
      number: at + 1,
      line: 0,
      text: `-A ${name} -j ${jump}`,
      target: jump,
      jump,
      does: "jump" as const,
      ends: false,
    })),
  },
];

describe("who calls whom", () => {
  it("tells calls with their rules, and where all of them go for good", () => {
    expect(callsOf(filter.get("INPUT") as OutlineChain)).toEqual([
      { from: "INPUT", to: "__proto__", rules: [2, 4], goto: false },
      { from: "INPUT", to: "log", rules: [3], goto: true },
    ]);
    expect(callersOf(filter, "log").map(({ from, rules }) => [from, ...rules])).toEqual([
      ["INPUT", 3],
      ["__proto__", 3],
    ]);
    expect(callersOf(filter, "nobody")).toEqual([]);
  });

  it("draws the nearest chains, and counts the others", () => {
    const near = neighbourhood(filter, "INPUT", 2);
    expect(near?.chains.map(({ name }) => name)).toEqual(["INPUT", "__proto__"]);
    expect(near?.calls.map(({ to }) => to)).toEqual(["__proto__"]);
    expect(near?.left).toBe(1);
    expect(neighbourhood(filter, "INPUT", 9)?.left).toBe(0);
    expect(neighbourhood(filter, "constructor", 9)).toBeUndefined();
  });

  it("ends where chains call each other in a circle", () => {
    const loop = new Map([calling("INPUT", "a"), calling("a", "b"), calling("b", "a", "b", "gone")]);
    expect(reachable(loop, "a")).toEqual(["b"]);
    expect(neighbourhood(loop, "INPUT", 9)?.calls.map(({ from, to }) => `${from}>${to}`)).toEqual(["INPUT>a", "a>b", "b>a", "b>b"]);
  });

  it("draws a bounded number of calls, however many there are", () => {
    const names = Array.from({ length: 60 }, (_, at) => `c${at}`);
    const dense = new Map(names.map((name, at) => calling(name, ...names.slice(at + 1))));
    const near = neighbourhood(dense, "c0", 60);
    expect(near && [near.calls.length, near.leftCalls, near.left]).toEqual([600, (60 * 59) / 2 - 600, 0]);
    const laid = layOut({
      boxes: names.map(() => ({ width: 10, height: 10 })),
      edges: near?.calls.map(({ from, to }) => ({ from: names.indexOf(from), to: names.indexOf(to) })) ?? [],
      gaps: { ranks: 5, boxes: 5 },
    });
    expect(laid.edges.filter(points => points.length > 0)).toHaveLength(59);
  });

  it("tallies targets, most often used first", () => {
    expect(targetTally(filter.get("__proto__") as OutlineChain)).toEqual([
      { target: "ACCEPT", count: 2 },
      { target: "jump", count: 1 },
    ]);
  });
});

describe("the drawing of a chain", () => {
  const place = { family: 4, table: "filter", chain: "INPUT" } as const;
  const scene = sceneOf(place, filter, { narrow: false, height: 600 });

  it("lays out left to right, in the order of the rules, without overlaps", () => {
    if (!scene) throw new Error("no scene");
    const laid = layOut(scene.graph);
    const boxes = boxesOf(scene, laid).flatMap(box => box ?? []);
    expect(boxes).toHaveLength(3);
    const [own, called, logged] = boxes;
    expect(own && called && logged && own.x + own.width < called.x && called.x + called.width < logged.x).toBe(true);
    expect(laid.edges).toHaveLength(3);
    for (const points of laid.edges) expect(points.length).toBeGreaterThan(1);
  });

  it("shows nothing but the chain itself until it is laid out", () => {
    expect(scene && boxesOf(scene, undefined)).toMatchObject([{ x: 0, y: 0 }, undefined, undefined]);
    expect(sceneOf({ ...place, chain: "gone" }, filter, { narrow: false, height: 600 })).toBeUndefined();
  });

  it("lets edges leave at the first rule that is seen, else at the end that it is scrolled out of", () => {
    const input = filter.get("INPUT") as OutlineChain;
    const list = { top: listTop(input), bottom: listTop(input) + 3 * CARD.rule };
    const at = (rules: number[], scrolled: number): number => (rowLevel(rules, list, scrolled) - list.top) / CARD.rule;
    const rows: [number[], number, number, boolean][] = [
      [[1], 0, 0.5, true],
      [[1], 2 * CARD.rule, 0, false],
      [[1, 4], 2 * CARD.rule, 1.5, true],
      [[9], 0, 3, false],
    ];
    for (const [rules, scrolled, level, seen] of rows) {
      expect(at(rules, scrolled)).toBeCloseTo(level);
      expect(isRowSeen(rules, list, scrolled)).toBe(seen);
    }
  });
});

describe("layout", () => {
  it("takes nothing, loops and edges to itself", () => {
    expect(layOut({ boxes: [], edges: [], gaps: { ranks: 1, boxes: 1 } })).toEqual({ boxes: [], edges: [], width: 0, height: 0 });
    const box = { width: 10, height: 10 };
    const looped = layOut({
      boxes: [box, box],
      edges: [
        { from: 0, to: 1 },
        { from: 1, to: 0 },
        { from: 1, to: 1 },
      ],
      gaps: { ranks: 20, boxes: 5 },
    });
    expect(looped.boxes).toEqual([
      { x: 0, y: 0 },
      { x: 30, y: 0 },
    ]);
    expect(looped.edges[2]).toEqual([]);
  });

  const TUM = "../shared/corpus/fffuu/tum-2015.rules";
  if (!existsSync(TUM)) console.log(`layout of a real ruleset: skipped, because ${TUM} is not there`);
  it.skipIf(!existsSync(TUM))("draws every chain of a ruleset of 4,814 rules once, none over another", () => {
    const text = readFileSync(TUM, "latin1").replaceAll("XX:XX:XX:XX:XX:XX", "02:00:00:00:00:01");
    const real = chains(tablesOf(text), "filter");
    const scene = sceneOf({ family: 4, table: "filter", chain: "FORWARD" }, real, { narrow: false, height: 600 });
    if (!scene) throw new Error("no scene");
    expect(scene.near.left).toBe(0);
    expect(scene.near.chains).toHaveLength(reachable(real, "FORWARD").length + 1);
    const boxes = boxesOf(scene, layOut(scene.graph)).flatMap(box => box ?? []);
    expect(boxes.length).toBe(scene.near.chains.length);
    const crossing = boxes.flatMap((one, index) =>
      boxes
        .slice(index + 1)
        .filter(
          other =>
            one.x < other.x + other.width && other.x < one.x + one.width && one.y < other.y + other.height && other.y < one.y + one.height,
        ),
    );
    expect(crossing).toEqual([]);
  });
});
