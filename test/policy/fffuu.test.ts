import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { matricesOf, type ServiceMatrix } from "../../src/analysis/policy/index.ts";
import { intersect, intervals, isSubset, parseIpv4, type IntervalSet } from "../../src/packet/index.ts";
import type { Ruleset } from "../../src/ruleset/index.ts";
import { readSave } from "../../src/syntax/index.ts";

/** Published answers of a verified analyser (fffuu): for each port a partition of all addresses and the pairs of classes that may connect. */
const DIR = "../shared/corpus/fffuu";
const here = existsSync(`${DIR}/memphis.rules`);
if (!here) console.log(`fffuu: skipped, ${DIR} is not there`);

interface Published {
  readonly port: number;
  readonly sourcePort: number;
  readonly classes: ReadonlyMap<string, IntervalSet<number>>;
  readonly edges: readonly (readonly [string, string])[];
}

function published(name: string, chain: string): Published[] {
  const sections = readFileSync(`${DIR}/${name}.${chain}.out`, "utf8")
    .split(/^=========== /m)
    .slice(1);
  return sections.map(section => {
    const [, sourcePort, port] = /^TCP port (\d+)->(\d+)/.exec(section) ?? [];
    const classes = new Map<string, IntervalSet<number>>();
    for (const [, id = "", text = ""] of section.matchAll(/^(\w+) \|-> (.*)$/gm))
      classes.set(id, intervals(...text.split(" u ").map(rangeOf)));
    const edges = [...section.matchAll(/^\((\w+),(\w+)\)$/gm)].map(([, a = "", b = ""]) => [a, b] as const);
    return { port: Number(port), sourcePort: Number(sourcePort), classes, edges };
  });
}

function rangeOf(text: string): readonly [number, number] {
  const [low = "", high = low] = text.replaceAll(/[{}]/g, "").split(" .. ");
  return [parseIpv4(low.trim()) ?? -1, parseIpv4(high.trim()) ?? -1];
}

/** Hardware addresses were removed before publication, and one file has blanks behind its lines. */
function rules(name: string): Ruleset {
  const text = readFileSync(`${DIR}/${name}.rules`, "utf8").replaceAll("XX:XX:XX:XX:XX:XX", "02:00:00:00:00:01").replaceAll(/ +$/gm, "");
  const { ruleset, faults } = readSave(text, name, { family: 4, lenient: true });
  if (ruleset === undefined) throw new Error(faults[0]?.message);
  return ruleset;
}

const ask = (name: string, chain: string): ServiceMatrix[] =>
  matricesOf({ v4: rules(name) }, { chain, questions: [22, 80].map(port => ({ protocol: 6, port, sourcePort: 10_000 })) });

const key = (set: IntervalSet<number>): string => set.map(range => range.join("-")).join();

const ranges = (matrix: ServiceMatrix, id: string): IntervalSet<number> =>
  (matrix.classes.find(each => each.id === id)?.ranges ?? []).map(([low, high]) => [Number(low), Number(high)] as const);

describe.skipIf(!here)("service matrices of a verified analyser", () => {
  test.each([
    ["memphis", "FORWARD", 6, 19],
    ["veroneau", "INPUT", 3, 5],
  ])("%s %s: the same partition and the same edges", (name, chain, classCount, edgeCount) => {
    const ours = ask(name, chain);
    const theirs = published(name, chain);
    expect(theirs.map(({ port }) => port)).toEqual([22, 80]);
    for (const [index, { classes, edges }] of theirs.entries()) {
      const matrix = ours[index] as ServiceMatrix;
      expect(classes.size).toBe(classCount);
      expect(edges.length).toBe(edgeCount);
      const ids = new Map(matrix.classes.map(({ id }) => [key(ranges(matrix, id)), id]));
      expect([...ids.keys()].toSorted()).toEqual([...classes.values()].map(key).toSorted());
      const mapped = edges.map(([a, b]) => `${ids.get(key(classes.get(a) ?? []))} ${ids.get(key(classes.get(b) ?? []))}`);
      expect(matrix.edges.map(edge => edge.join(" ")).toSorted()).toEqual(mapped.toSorted());
    }
  });

  test.each([
    ["memphis", "FORWARD"],
    ["veroneau", "INPUT"],
    ["synology", "INPUT"],
    ["medium-company", "FORWARD"],
    ["docker-topos", "FORWARD"],
    ["tum-2015", "FORWARD"],
  ])("%s %s: what may be accepted is accepted there, and some is", (name, chain) => {
    const ours = ask(name, chain);
    for (const [index, { classes, edges }] of published(name, chain).entries()) {
      const matrix = ours[index] as ServiceMatrix;
      console.log(
        `fffuu ${name} ${chain} ${matrix.port}: ours ${matrix.classes.length} classes, ${matrix.edges.length} edges; published ${classes.size}, ${edges.length}`,
      );
      // By class of clients, the servers that the published answer lets them open.
      const allowed = new Map<string, IntervalSet<number>[]>();
      for (const [client, server] of edges) allowed.set(client, [...(allowed.get(client) ?? []), classes.get(server) ?? []]);
      const servers = new Map([...allowed].map(([client, sets]) => [client, intervals(...sets.flat())]));
      const wrong: string[] = [];
      for (const [client, server] of matrix.edges) {
        const [from, to] = [ranges(matrix, client), ranges(matrix, server)];
        for (const [id, set] of classes)
          if (intersect(from, set).length > 0 && !isSubset(to, servers.get(id) ?? [])) wrong.push(`${client} ${server} beyond ${id}`);
      }
      expect(wrong).toEqual([]);
      expect(matrix.edges.length).toBeGreaterThan(0);
    }
  });
});
