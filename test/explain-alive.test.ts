import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { explainedChains, livesOf, placeKey, ruleRemains, servedBy, type Alive, type Lives } from "../src/analysis/explain/index.ts";
import { all, not } from "../src/predicate/index.ts";
import { NO } from "../src/symbolic/index.ts";
import { readRules } from "../src/syntax/index.ts";

/** What is said to be left of a rule is left of it: no packet that comes to it lies outside, and where it is said exactly, none inside fails to come. */

const files = [
  ...readdirSync("examples")
    .filter(name => name.endsWith(".rules"))
    .map(name => `examples/${name}`),
  ...readdirSync("test/golden")
    .filter(name => name.endsWith(".rules"))
    .map(name => `test/golden/${name}`),
];

const NOTHING = { host: undefined, sets: undefined };

/** Rules that take parts of each other in every field. */
const OVERLAPPING = `*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:SUB - [0:0]
-A INPUT -i lo -j ACCEPT
-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A INPUT -p tcp --dport 80:89 -j DROP
-A INPUT -s 10.0.0.0/8 -p tcp --dport 80:90 -j ACCEPT
-A INPUT -s 10.1.0.0/16 -j DROP
-A INPUT -s 10.0.0.0/8 -m mark ! --mark 1/1 -j SUB
-A INPUT -p udp -m limit --limit 1/s -j ACCEPT
-A INPUT -p udp -j DROP
-A INPUT ! -p icmp -j ACCEPT
-A INPUT -m ttl --ttl-lt 5 -j DROP
-A INPUT -j ACCEPT
-A SUB -i eth+ -p tcp --syn -j ACCEPT
-A SUB ! -i eth0 -j DROP
-A SUB -p tcp --dport 90:100 -j RETURN
-A SUB -p tcp -j ACCEPT
-A FORWARD -i lan0 -o wan0 -j ACCEPT
-A FORWARD -i lan0 -o wan0 -p tcp -j DROP
-A FORWARD -i lan0 -j DROP
-A FORWARD -o lan0 -j ACCEPT
-A FORWARD -s 10.0.0.0/8 -j DROP
-A FORWARD -j DROP
-A FORWARD -j ACCEPT
COMMIT
`;

function holds({ matter }: Lives, table: string, { matching, effective, narrower, exact, dead }: Alive): void {
  const { diagrams } = matter.space;
  const lowering = matter.table(table as never)?.diagrams.lowering;
  if (lowering === undefined) throw new Error(`no table ${table}`);
  const said = lowering.set(all(...narrower.map(({ of, negated }) => (negated ? not(of) : of))));
  expect(diagrams.minus(effective, matching)).toBe(NO);
  expect(effective === NO).toBe(dead);
  expect(diagrams.minus(effective, said)).toBe(NO);
  if (exact && !dead) expect(diagrams.minus(diagrams.and(matching, said), effective)).toBe(NO);
}

/** Findings that say that nothing would change without the rule. */
const NEEDLESS: readonly string[] = ["F01", "F02", "F03", "F26"];

describe("a rule that is found to be needless serves nothing", () => {
  let needless = 0;
  for (const [name, text] of [["overlapping", OVERLAPPING] as const, ...files.map(file => [file, readFileSync(file, "utf8")] as const)])
    test(name, () => {
      const { ruleset } = readRules(text, name, {});
      if (ruleset === undefined) throw new Error(`${name} cannot be read`);
      const lives = livesOf(ruleset, NOTHING);
      for (const { table, chain } of explainedChains(ruleset))
        for (const [index] of chain.rules.entries()) {
          const found = lives.findings.get(placeKey(table, chain.name, index + 1)) ?? [];
          if (!found.some(({ code }) => NEEDLESS.includes(code))) continue;
          needless++;
          const { rows, left, undone } = servedBy(ruleset, table, chain.name, index + 1, NOTHING);
          expect({ rows, left, undone }, `${table} ${chain.name} ${index + 1}`).toEqual({ rows: [], left: 0, undone: [] });
        }
    });
  test("there are some", () => expect(needless).toBeGreaterThan(5));
});

describe("what is left of each rule", () => {
  let narrowed = 0;
  let exact = 0;
  let shown = 0;
  let living = 0;
  for (const [name, text] of [["overlapping", OVERLAPPING] as const, ...files.map(file => [file, readFileSync(file, "utf8")] as const)])
    test(name, () => {
      const { ruleset } = readRules(text, name, {});
      if (ruleset === undefined) throw new Error(`${name} cannot be read`);
      const lives = livesOf(ruleset, NOTHING);
      for (const chain of explainedChains(ruleset))
        for (const [index] of chain.chain.rules.entries()) {
          const { alive, shown: packet } = ruleRemains(ruleset, lives, chain, index + 1, NOTHING);
          if (alive === undefined) continue;
          holds(lives, chain.table, alive);
          if (alive.dead) continue;
          living++;
          shown += Number(packet !== undefined);
          narrowed += Number(alive.narrower.length > 0);
          exact += Number(alive.narrower.length > 0 && alive.exact);
        }
    });

  test("enough of them are narrowed, and the engine shows nearly all", () => {
    expect({ narrowed: narrowed > 15, exact: exact > 10 }).toEqual({ narrowed: true, exact: true });
    expect(shown / living).toBeGreaterThan(0.9);
  });
});
