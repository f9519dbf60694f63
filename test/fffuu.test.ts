import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { all, any, bits, CT_STATE, equal, not, present } from "../src/predicate/index.ts";
import { NO, YES, type Diagram } from "../src/symbolic/index.ts";
import { readSave } from "../src/syntax/index.ts";
import type { Ruleset } from "../src/ruleset/index.ts";
import { ferrule } from "./faults/command-line.ts";
import { opener, walkChain, type FieldValues } from "./laws/chain-walk.ts";
import { leafFor } from "./laws/evaluate.ts";
import { freeChains, type FreeChains } from "./laws/free-chains.ts";
import { answers, matrixText, missing, readAnswer, simpleRuleset, type Answer, type Matrix } from "./laws/fffuu.ts";
import { borders, meeting } from "./laws/borders.ts";
import { seededRandom } from "./kernel/generate/random.ts";

if (missing) console.log(`skipped: the comparison with a verified analyser, because ${missing}`);

const SAMPLE = `== to simple firewall ==
ACCEPT     tcp  --  10.0.0.0/8            0.0.0.0/0 in: eth1  out: eth0.2  sports: 0:1023 dports: 22
DROP     all  --  0.0.0.0/0            0.0.0.0/0    
== calculating service matrices ==
=========== TCP port 10000->22 =========
a |-> {0.0.0.0 .. 9.255.255.255} u 11.0.0.1
b |-> 10.0.0.2

(b,a)
(b,b)
`;

test("an answer is read to the last word", () => {
  const { simple, matrices } = readAnswer(SAMPLE);
  expect(simple[0]).toEqual({
    accept: true,
    protocol: "tcp",
    source: [0x0a000000, 0x0affffff],
    destination: [0, 0xffffffff],
    in: "eth1",
    out: "eth0.2",
    sports: [0, 1023],
    dports: [22, 22],
  });
  expect(simple).toHaveLength(2);
  const [matrix] = matrices;
  expect(matrix?.classes).toEqual([
    [
      [0, 0x09ffffff],
      [0x0b000001, 0x0b000001],
    ],
    [[0x0a000002, 0x0a000002]],
  ]);
  expect(matrix?.edges).toEqual([
    [1, 0],
    [1, 1],
  ]);
});

test("matrices are equal whatever their letters, and different when an edge is", () => {
  const [matrix] = readAnswer(SAMPLE).matrices;
  if (!matrix) throw new Error("no matrix");
  const swapped = { classes: matrix.classes.toReversed(), edges: matrix.edges.map(([a, b]) => [1 - a, 1 - b] as const) };
  expect(matrixText(swapped)).toBe(matrixText(matrix));
  expect(matrixText({ ...swapped, edges: swapped.edges.slice(1) })).not.toBe(matrixText(matrix));
});

/** Rules of the filter table, read. */
function load(text: string, name: string): Ruleset {
  const { ruleset, faults } = readSave(text, name, { family: 4 });
  expect(faults).toEqual([]);
  if (!ruleset) throw new Error(`${name} was refused`);
  return ruleset;
}

describe.skipIf(missing !== undefined)("openers that a chain accepts are within the verified analyser's answer", () => {
  test.each((missing ? [] : answers()).map(answer => [`${answer.name} ${answer.chain}`, answer] as const))("%s", (_, answer) => {
    const { accepted, outside } = sample(answer, 10_000);
    expect(outside).toEqual([]);
    expect(accepted).toBeGreaterThan(50);
  });
});

/** Random openers at the borders of the rules, through the rules and through the answer. */
function sample({ name, chain, rules, simple }: Answer, count: number): { accepted: number; outside: FieldValues[] } {
  const random = seededRandom(1);
  const real = load(rules, `${name}.rules`);
  const theirs = load(simpleRuleset(simple, chain), `${name} simplified`);
  const pool = borders([real], "filter");
  const rulesOf = [...(real.tables.get("filter")?.chains.values() ?? [])].flatMap(each => each.rules);
  const outside: FieldValues[] = [];
  let accepted = 0;
  for (let i = 0; i < count; i++) {
    const fields = opener(4, {
      saddr: random.pick(pool.saddr),
      daddr: random.pick(pool.daddr),
      sport: random.pick(pool.sport),
      dport: random.pick(pool.dport),
      iif: random.pick(pool.iif),
      oif: chain === "FORWARD" ? random.pick(pool.oif) : "",
      mac: random.pick(pool.mac),
      // What two of the rules ask for: chance alone would seldom get through.
      ...meeting(random.pick(rulesOf), random.below),
      ...meeting(random.pick(rulesOf), random.below),
      protocol: 6,
      ctstate: 1,
      tcpflags: 2,
    });
    const whim = { opaque: () => random.oneIn(5), member: () => random.oneIn(2) };
    if (walkChain(real, "filter", chain, fields, whim).verdict !== "accept") continue;
    accepted++;
    if (walkChain(theirs, "filter", chain, fields, whim).verdict !== "accept") outside.push(fields);
  }
  return { accepted, outside };
}

/** The chain of a ruleset as sets of new connections' first packets: UDP and others too, TCP with SYN alone. */
function openers(answer: Answer): { model: FreeChains; real: Diagram; theirs: Diagram; first: Diagram } {
  const { name, chain, rules, simple } = answer;
  const model = freeChains([load(rules, name), load(simpleRuleset(simple, chain), `${name} simplified`)], [FIRST]);
  const { results, space, chains } = model;
  const accepted = (index: number): Diagram => {
    const diagram = chains[index]?.(chain);
    if (diagram === undefined) throw new Error("no chain");
    return space.diagrams.mapLeaves(diagram, leaf => (results.of(leaf).ending === "accept" ? YES : NO));
  };
  return { model, real: accepted(0), theirs: accepted(1), first: model.set(FIRST) };
}

/** ctstate NEW; of TCP the flags SYN, RST, ACK and FIN are SYN alone; no fragment, and headers are whole. */
const FIRST = all(
  equal("ctstate", CT_STATE.NEW),
  equal("fragoff", 0),
  equal("l4length", 40),
  any(not(equal("protocol", 6)), all(present("tcpflags"), present("dport"), present("sport"), bits("tcpflags", 0x17, 2))),
);

describe.skipIf(missing !== undefined)("all openers that a chain may accept, whatever its conditions, are within the answer", () => {
  test.each((missing ? [] : answers()).map(answer => [`${answer.name} ${answer.chain}`, answer] as const))("%s", (_, answer) => {
    const { model, real, theirs, first } = openers(answer);
    const { diagrams } = model.space;
    const possible = diagrams.and(first, real);
    expect(possible).not.toBe(NO);
    expect(diagrams.minus(possible, theirs)).toBe(NO);
    // Their answer is no mere "everything".
    expect(diagrams.minus(first, theirs)).not.toBe(NO);
  });
});

/** Chains on which their answer is exact; one looks at an interface, and they take lo for 127.0.0.0/8. */
const EXACT = ["memphis FORWARD", "veroneau INPUT"];

describe.skipIf(missing !== undefined)("service matrices are the published ones", () => {
  test.each(
    (missing ? [] : answers())
      .filter(({ name, chain }) => EXACT.includes(`${name} ${chain}`))
      .map(answer => [answer.name, answer] as const),
  )("%s", (_, answer) => {
    const { model, real } = openers(answer);
    for (const matrix of answer.matrices) {
      const wrong: string[] = [];
      const points = pointsOf(model, matrix);
      for (const saddr of points)
        for (const daddr of points) {
          const fields = opener(4, {
            saddr,
            daddr,
            sport: matrix.sourcePort,
            dport: matrix.port,
            iif: saddr >>> 24 === 127 ? "lo" : "eth0",
            oif: answer.chain === "INPUT" ? "" : "eth1",
            l4length: 40,
          });
          const accepts = leafFor(model.space, real, fields, () => 0) === YES;
          const may = matrix.edges.some(([client, server]) => client === classOf(matrix, saddr) && server === classOf(matrix, daddr));
          if (accepts !== may) wrong.push(`${saddr} to ${daddr}: ${accepts}`);
        }
      expect(wrong.slice(0, 5)).toEqual([]);
      console.log(
        `${answer.name}, port ${matrix.port}: ${points.length} × ${points.length} addresses, ${matrix.classes.length} classes, ${matrix.edges.length} edges`,
      );
    }
  });
});

const classOf = ({ classes }: Matrix, address: number): number =>
  classes.findIndex(ranges => ranges.some(([low, high]) => low <= address && address <= high));

/** An address of every stretch in which neither the rules nor the matrix have a border. */
function pointsOf({ space }: FreeChains, { classes }: Matrix): number[] {
  const points = new Set<number>();
  const domain = space.domainOf("saddr");
  for (let rank = 0; rank < domain.size; rank++) points.add(Number(domain.lowOf(rank)));
  for (const ranges of classes) for (const [low] of ranges) points.add(low);
  return [...points];
}

describe.skipIf(missing !== undefined)("the command prints the published matrices", () => {
  const folder = mkdtempSync(join(tmpdir(), "ferrule-fffuu-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const exact = (missing ? [] : answers()).filter(({ name, chain }) => EXACT.includes(`${name} ${chain}`));
  test.each(exact.map(answer => [answer.name, answer] as const))("ferrule policy %s.rules --matrix tcp/22,tcp/80", async (_, answer) => {
    const file = join(folder, `${answer.name}.rules`);
    writeFileSync(file, answer.rules);
    const { status, stdout, stderr } = await ferrule("policy", file, "--matrix", "tcp/22,tcp/80", "--chain", answer.chain);
    expect({ status, stderr }).toMatchObject({ status: 0 });
    const printed = readAnswer(stdout).matrices;
    expect(printed.map(({ port }) => port)).toEqual(answer.matrices.map(({ port }) => port));
    for (const [index, matrix] of printed.entries())
      expect(matrixText(matrix)).toBe(matrixText(answer.matrices[index] ?? { classes: [], edges: [] }));
  });
});
