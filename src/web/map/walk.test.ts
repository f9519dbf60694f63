import { expect, it } from "vitest";
import { NO_DOCUMENTS } from "../state/documents.ts";
import type { Traced } from "../state/traced.ts";
import { traceText } from "../trace/work.ts";
import { chainsEntered, traceIn } from "./chain-trace.ts";
import { plan } from "./arrangement.ts";
import { spotKey, walkTo } from "./walk.ts";

const RULES = `*nat
:PREROUTING ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
-A PREROUTING -i wan0 -p tcp --dport 80 -j DNAT --to-destination 192.168.1.10:8080
COMMIT
*mangle
:OUTPUT ACCEPT [0:0]
-A OUTPUT -p udp -j MARK --set-mark 5
COMMIT
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:ssh - [0:0]
-A INPUT -p tcp --dport 22 -j ssh
-A INPUT -i lo -j ACCEPT
-A INPUT -p udp -j REJECT
-A ssh -s 10.0.0.0/8 -j DROP
-A ssh -s 10.9.0.0/16 -j ACCEPT
-A FORWARD -d 192.168.1.10/32 -j ACCEPT
COMMIT
`;

const HOST = JSON.stringify({
  ferrule: "host",
  version: 1,
  interfaces: [
    { name: "wan0", addresses: ["198.51.100.2/24"] },
    { name: "lan0", addresses: ["192.168.1.1/24"] },
  ],
  routes: [{ to: "0.0.0.0/0", via: "198.51.100.1", dev: "wan0" }],
  sysctls: { "net.ipv4.ip_forward": 1 },
});

function traced(question: string): Traced {
  const result = traceText({ ...NO_DOCUMENTS, rules4: RULES, host: HOST }, question, { now: 1e15, random: () => 4 });
  if ("faults" in result) throw new Error(result.faults.map(({ message }) => message).join("; "));
  return result.traced;
}

/** The ways of a packet at its last step, and where it ends. */
function way(trace: Traced, index: number): [string, string] {
  const { arrows, here } = walkTo(trace, index);
  return [[...arrows].join(" "), here ? spotKey(here) : ""];
}

const lastOf = (trace: Traced, beside: "answer" | undefined): number => trace.steps.findLastIndex(each => each.beside === beside);

it("draws the way of a packet through the hooks", () => {
  const rows: [string, string, string][] = [
    [
      "tcp 203.0.113.9:4000 > 198.51.100.2:80 in wan0",
      "in>PREROUTING PREROUTING>routing routing>FORWARD FORWARD>POSTROUTING POSTROUTING>out",
      "out",
    ],
    ["tcp 10.1.0.9:4000 > 198.51.100.2:22 in wan0", "in>PREROUTING PREROUTING>routing routing>INPUT", "INPUT filter"],
    ["tcp 198.51.100.2:4000 > 203.0.113.9:443 out wan0", "process>OUTPUT OUTPUT>POSTROUTING POSTROUTING>out", "out"],
    [
      "tcp 127.0.0.1:4000 > 127.0.0.1:25 out lo",
      "process>OUTPUT OUTPUT>POSTROUTING POSTROUTING>PREROUTING PREROUTING>routing routing>INPUT INPUT>process",
      "process",
    ],
  ];
  for (const [question, arrows, end] of rows) {
    const trace = traced(question);
    expect([question, ...way(trace, lastOf(trace, undefined))]).toEqual([question, arrows, end]);
  }
});

it("starts outside or at a process, and goes nowhere without a step", () => {
  const start = (question: string): string => way(traced(question), 0)[1];
  expect([start("tcp 203.0.113.9:4000 > 198.51.100.2:80 in wan0"), start("tcp 198.51.100.2:4000 > 203.0.113.9:443 out wan0")]).toEqual([
    "in",
    "process",
  ]);
  expect(walkTo(traced("tcp 203.0.113.9:4000 > 198.51.100.2:80 in wan0"), 9999)).toMatchObject({ here: undefined });
});

it("lets an answer of the kernel go its own way", () => {
  const trace = traced("udp 203.0.113.9:4000 > 198.51.100.2:53 in wan0");
  expect(way(trace, lastOf(trace, undefined))).toEqual(["in>PREROUTING PREROUTING>routing routing>INPUT", "INPUT filter"]);
  expect(way(trace, lastOf(trace, "answer"))).toEqual(["process>OUTPUT OUTPUT>POSTROUTING POSTROUTING>out", "out"]);
});

it("names only spots that the drawing has", () => {
  const drawn = plan("wide");
  const known = new Set([
    ...drawn.places.map(({ name }) => String(name)),
    ...drawn.hooks.flatMap(({ hook, rows }) => [hook, ...rows.map(({ name }) => `${hook} ${name}`)]),
  ]);
  const ways = new Set(drawn.arrows.map(({ from, to }) => `${from}>${to}`));
  for (const question of [
    "session tcp 203.0.113.9 > 198.51.100.2:80 in wan0",
    "udp 198.51.100.2:4000 > 203.0.113.9:53 out wan0",
    "icmp 127.0.0.1 > 127.0.0.1 echo-request out lo",
    "udp 203.0.113.9:4000 > 198.51.100.2:53 in wan0",
  ]) {
    const trace = traced(question);
    for (const index of trace.steps.keys()) {
      const { spots, arrows } = walkTo(trace, index);
      expect([...spots].filter(spot => !known.has(spot))).toEqual([]);
      expect([...arrows].filter(arrow => !ways.has(arrow))).toEqual([]);
    }
  }
});

it("passes each row where something happened", () => {
  const trace = traced("udp 198.51.100.2:4000 > 203.0.113.9:53 out wan0");
  const { spots } = walkTo(trace, trace.steps.length - 1);
  expect([...spots].filter(spot => spot.startsWith("OUTPUT "))).toEqual([
    "OUTPUT conntrack",
    "OUTPUT mangle",
    "OUTPUT reroute",
    "OUTPUT nat",
    "OUTPUT filter",
  ]);
});

it("says of each rule of a chain whether it matched, as far as the packet is", () => {
  const trace = traced("tcp 10.1.0.9:4000 > 198.51.100.2:22 in wan0");
  const last = trace.steps.length - 1;
  const input = { family: 4, table: "filter", chain: "INPUT" } as const;
  expect([...traceIn(trace, last, input).rules]).toEqual([[1, true]]);
  expect([...traceIn(trace, last, { ...input, chain: "ssh" }).rules]).toEqual([[1, true]]);
  expect([...chainsEntered(trace, last, "filter")]).toEqual(["INPUT", "ssh"]);
  const called = trace.steps.findIndex(({ chain, number }) => chain === "INPUT" && number === 1);
  expect(traceIn(trace, called, input)).toMatchObject({ here: 1 });
  expect(traceIn(trace, called, { ...input, chain: "ssh" })).toMatchObject({ here: undefined });
  expect(traceIn(trace, last, { ...input, family: 6 }).rules.size).toBe(0);
  const failed = traced("tcp 192.0.2.9:4000 > 198.51.100.2:22 in wan0");
  expect([...traceIn(failed, failed.steps.length - 1, { ...input, chain: "ssh" }).rules]).toEqual([
    [1, false],
    [2, false],
  ]);
  expect([...traceIn(failed, failed.steps.length - 1, input).rules]).toEqual([
    [1, true],
    [2, false],
    [3, false],
    [0, true],
  ]);
});
