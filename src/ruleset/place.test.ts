import { expect, test } from "vitest";
import { equal } from "../predicate/index.ts";
import { bindMatch, bindTarget, jumpTo, noOptions, type MatchType, type Target, type TargetType } from "../xtables/index.ts";
import { draftOf, draftTable, finished } from "./draft.ts";
import { applyEdit } from "./edit.ts";
import { checkPlaces, findLoops, hooksOf, ruleContext } from "./place.ts";
import { ZERO, type Chain, type Rule } from "./rule.ts";

const verdict = (name: string, action: Target["action"], more: Partial<TargetType<unknown>> = {}): Target => {
  const type: TargetType<unknown> = { name, help: "", options: noOptions, lower: () => action, list: () => "", ...more };
  return bindTarget(type, [], ruleContext("filter", 4, {}, []), {
    family: 4,
    protocol: "all",
    names: { user: () => undefined, group: () => undefined, service: () => undefined, serviceName: () => undefined },
    warn: () => undefined,
  });
};
const accept = verdict("ACCEPT", { do: "accept" });
const onlyForward = verdict("FWD", { do: "drop" }, { hooks: ["FORWARD"] });
const onlyNat = verdict("NAT", { do: "drop" }, { tables: ["nat"] });
const web: MatchType<unknown> = {
  name: "web",
  help: "",
  protocols: [6],
  options: noOptions,
  lower: () => ({ predicate: equal("dport", 80) }),
  list: () => "",
};

const rule = (target: Target | undefined, more: Partial<Rule> = {}): Rule => ({
  header: {},
  matches: [],
  target,
  counters: ZERO,
  at: { file: "", line: 1, column: 1 },
  conditions: [],
  ...more,
});
const picky = (protocol: number, invert = false): Rule =>
  rule(accept, {
    header: { protocol: { number: protocol, invert } },
    matches: [
      bindMatch(web, [], ruleContext("filter", 4, {}, []), {
        family: 4,
        protocol: "all",
        names: { user: () => undefined, group: () => undefined, service: () => undefined, serviceName: () => undefined },
        warn: () => undefined,
      }),
    ],
    conditions: [{ text: "-p", predicate: equal("protocol", protocol) }],
  });

/** A filter table from `chain: [target …]`; a string is a jump to the chain of that name, with a `g` in front of `>` a goto. */
function table(chains: Record<string, readonly (string | Target | Rule)[]>): ReadonlyMap<string, Chain> {
  const draft = draftOf(4);
  const known = draftTable(draft, "filter");
  for (const name of Object.keys(chains)) if (!known.has(name)) applyEdit(draft, "filter", { edit: "new", chain: name });
  for (const [chain, targets] of Object.entries(chains)) {
    applyEdit(draft, "filter", {
      edit: "append",
      chain,
      rules: targets.map(target =>
        typeof target === "string"
          ? rule(jumpTo(target.replace("g>", ""), target.startsWith("g>")))
          : "header" in target
            ? target
            : rule(target),
      ),
    });
  }
  return finished(draft).tables.get("filter")?.chains ?? expect.fail("no table");
}

const hooks = (chains: ReadonlyMap<string, Chain>, chain: string, reach: "legacy" | "nft" = "legacy"): string[] => [
  ...(hooksOf(chains, reach).get(chain) ?? []),
];

test("a chain has the hooks it can be reached from", () => {
  const chains = table({ INPUT: ["a"], FORWARD: ["g>b"], a: ["b"], b: ["c"], c: [], d: ["c"] });
  expect(hooks(chains, "a")).toEqual(["INPUT"]);
  expect(hooks(chains, "c")).toEqual(["INPUT", "FORWARD"]);
  expect(hooks(chains, "d")).toEqual([]);
});

test("the legacy kernel does not look behind a bare verdict, nf_tables does", () => {
  const chains = table({ INPUT: [accept, "a"], a: ["a"] });
  expect(hooks(chains, "a")).toEqual([]);
  expect(hooks(chains, "a", "nft")).toEqual(["INPUT"]);
  expect(findLoops(chains).map(({ reachable }) => reachable)).toEqual([false]);
  expect(findLoops(chains, "nft").map(({ reachable }) => reachable)).toEqual([true]);
});

test("loops are found with their cycle; diamonds are none", () => {
  expect(findLoops(table({ INPUT: ["a", "b"], a: ["c"], b: ["c"], c: [] }))).toEqual([]);
  const loops = findLoops(table({ INPUT: ["a"], a: ["b"], b: ["c"], c: ["g>a"], x: ["y"], y: ["x"] }));
  expect(loops.map(({ cycle, reachable, chain, index }) => [cycle.join(), reachable, chain, index])).toEqual([
    ["a,b,c", true, "c", 0],
    ["x,y", false, "y", 0],
  ]);
});

test("64 chained binary chains are walked once each", () => {
  const chains: Record<string, string[]> = { INPUT: ["c0", "c0"] };
  for (let i = 0; i < 64; i++) chains[`c${i}`] = i < 63 ? [`c${i + 1}`, `c${i + 1}`] : [];
  expect(findLoops(table(chains))).toEqual([]);
  expect(hooks(table(chains), "c63")).toEqual(["INPUT"]);
});

test("a chain of 20,000 jumps does not exhaust the stack", () => {
  const chains: Record<string, string[]> = { INPUT: ["c0"] };
  for (let i = 0; i < 20_000; i++) chains[`c${i}`] = [`c${(i + 1) % 20_000}`];
  expect(findLoops(table(chains))[0]?.cycle).toHaveLength(20_000);
});

test("rules are refused where their extensions cannot stand", () => {
  const faults = (chains: ReadonlyMap<string, Chain>): string[] =>
    checkPlaces({ name: "filter", chains }, 4).map(({ chain, index }) => `${chain} ${index}`);
  expect(faults(table({ INPUT: [onlyForward], FORWARD: [onlyForward] }))).toEqual(["INPUT 0"]);
  expect(faults(table({ INPUT: ["a"], a: [onlyForward], b: [onlyForward] }))).toEqual(["a 0"]);
  expect(faults(table({ b: [onlyNat] }))).toEqual(["b 0"]);
  expect(faults(table({ INPUT: [picky(6), picky(17), picky(6, true), picky(6)] }))).toEqual(["INPUT 1", "INPUT 2"]);
  expect(faults(table({ INPUT: ["FORWARD"] }))).toEqual(["INPUT 0"]);
});
