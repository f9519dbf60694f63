import { existsSync, readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseNotation } from "../../packet/index.ts";
import { NO_DOCUMENTS, type Documents } from "../state/documents.ts";
import { assertionTokens } from "./assertion-tokens.ts";
import type { TestedTexts, TestRun } from "./run.ts";
import { starterFile } from "./starter.ts";
import { checkTests } from "./work.ts";

const EXAMPLES = readdirSync("examples").filter(name => name.endsWith(".rules"));
const read = (name: string): string => readFileSync(`examples/${name}`, "utf8");
const EXAMPLE = readFileSync("src/web/tests/example.yaml", "utf8");
const STATEFUL: Documents = { ...NO_DOCUMENTS, rules4: read("web-stateful.rules") };

function check(text: string, now: Documents = STATEFUL, more: Partial<TestedTexts> = {}): TestRun {
  return checkTests({ now, opened: now, attached: new Map(), name: "firewall.yaml", ...more }, text, 0);
}

const outcomes = ({ results }: TestRun): string => results.map(({ outcome }) => outcome).join(" ");

test("the example can be read, and what it compares with is there", () => {
  const run = check(EXAMPLE);
  expect(run.faults).toEqual([]);
  expect(run.missing).toEqual([]);
  expect(run.results.length).toBe(8);
  expect(run.results.at(-1)).toMatchObject({ kind: "equal to", outcome: "holds" });
});

test("a failing assertion shows sessions that the engine confirms, and the rule with its line", () => {
  const run = check("assert:\n  - deny: from any to self tcp 22\n  - no strays\n");
  expect(outcomes(run)).toBe("fails holds");
  const [failed] = run.results;
  expect(failed?.line).toBe(2);
  const [shown] = failed?.counterexamples ?? [];
  expect(shown).toMatchObject({ fate: "usable", doubt: "" });
  expect(shown?.which).toContain("IPv4, to this machine");
  expect(parseNotation(shown?.witness ?? "")).toMatchObject({ session: true, destination: { port: 22 } });
  const line = shown?.decidedBy[0]?.line ?? 0;
  expect(STATEFUL.rules4.split("\n")[line - 1]).toContain("-A INPUT");
  expect(run.tap).toContain("not ok 1");
  expect(run.junit).toContain('failures="1"');
  expect(() => structuredClone(run)).not.toThrow();
});

const faults: readonly (readonly [text: string, line: number, words: string])[] = [
  ["assert: [", 1, ""],
  ["assert:\n  - alow: from any to self", 2, "unknown key"],
  ["assert:\n  - allow: from any to self tpc 22", 2, "tpc"],
  ["assert:\n  - allow: from any to @nobody", 2, "nobody"],
  ["just words", 1, "expected keys"],
];
for (const [text, line, words] of faults)
  test(`a fault has its place: ${JSON.stringify(text)}`, () => {
    const run = check(text);
    expect(run.faults[0]?.line).toBe(line);
    expect(run.faults[0]?.message).toContain(words);
    expect(run.results).toEqual([]);
    expect(run.tap).toBe("");
  });

test("comparing: as opened, the editor's texts, attached files; what is missing is said and leaves the rest alone", () => {
  const opened = STATEFUL;
  const now = { ...STATEFUL, rules4: STATEFUL.rules4.replace("--dports 22,80,443", "--dports 22,80,443,8443") };
  expect(now.rules4).not.toBe(opened.rules4);
  const text =
    "assert:\n  - equal to: as opened\n  - equal to: rules.v4\n  - equal to: old/last-week.rules\n  - deny: from any to self udp 161\n";
  const run = check(text, now, { opened });
  expect(outcomes(run)).toBe("fails holds undecided holds");
  expect(run.results.map(({ line }) => line)).toEqual([2, 3, 4, 5]);
  expect(run.missing).toEqual(["old/last-week.rules"]);
  expect(run.results[0]?.details.join()).toContain("8443");
  const attached = check(text, now, { opened, attached: new Map([["last-week.rules", now]]) });
  expect(outcomes(attached)).toBe("fails holds holds holds");
  expect(attached.missing).toEqual([]);
  const faulty = check(text, now, {
    opened,
    attached: new Map([["last-week.rules", { ...NO_DOCUMENTS, rules4: "*filter\n-A INPUT -j NOBODY\nCOMMIT\n" }]]),
  });
  expect(faulty.results[2]).toMatchObject({ outcome: "undecided" });
  expect(faulty.results[2]?.message).toContain("line 2");
});

test("keys for the command are told to count for nothing here; faulty lines are told too", () => {
  const run = check("rules: a.rules\nresolve: hosts\nassert:\n  - no strays\n", {
    ...STATEFUL,
    rules4: `${STATEFUL.rules4.replace("COMMIT", "-A INPUT -p nonsense -j DROP\nCOMMIT")}`,
  });
  expect(run.notes.join()).toContain("`rules:`, `resolve:`");
  expect(run.notes.join()).toContain("1 faulty line");
});

for (const name of EXAMPLES)
  test(`the starter of ${name} holds, and says something`, () => {
    const host = EXAMPLES.includes(name) ? hostOf(name) : "";
    for (const texts of [
      { ...NO_DOCUMENTS, rules4: read(name) },
      { ...NO_DOCUMENTS, rules4: read(name), host },
    ]) {
      const text = starterFile(texts, 0);
      const run = check(text, texts);
      expect(run.faults, text).toEqual([]);
      expect(new Set(run.results.map(({ outcome }) => outcome)), text).toEqual(new Set(["holds"]));
      expect(run.results.length).toBeGreaterThan(2);
    }
  });

function hostOf(name: string): string {
  const path = `examples/${name.replace(".rules", ".host.json")}`;
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

test("the starter fails as soon as the rules let more in", () => {
  const text = starterFile(STATEFUL, 0);
  const now = { ...STATEFUL, rules4: STATEFUL.rules4.replace("-A INPUT", "-A INPUT -p tcp --dport 9000 -j ACCEPT\n-A INPUT") };
  expect(outcomes(check(text, now))).toContain("fails");
});

test("without rules, and with rules of both families, the starter still holds", () => {
  const six = {
    ...STATEFUL,
    rules6:
      "*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n-A INPUT -p tcp -m tcp --dport 443 -j ACCEPT\n-A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT\n-A INPUT -p ipv6-icmp -j ACCEPT\nCOMMIT\n",
  };
  const run = check(starterFile(six, 0), six);
  expect(run.faults).toEqual([]);
  expect(new Set(run.results.map(({ outcome }) => outcome))).toEqual(new Set(["holds"]));
  expect(check(starterFile(NO_DOCUMENTS, 0), NO_DOCUMENTS).faults).toEqual([]);
});

test("names and comments from rules cannot leave the comments and quotes of the starter", () => {
  const rules4 = `*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT DROP [0:0]
-A INPUT -i "e\\"x" -p tcp -m tcp --dport 22 -m comment --comment "one\u2028- allow: from any to self" -j ACCEPT
-A INPUT -i $(id) -p udp -m udp --dport 53 -j ACCEPT
-A INPUT -i #x -p udp -m udp --dport 67 -j ACCEPT
-A OUTPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT
COMMIT
`;
  const texts = { ...NO_DOCUMENTS, rules4 };
  const text = starterFile(texts, 0);
  const run = check(text, texts);
  expect(run.faults, text).toEqual([]);
  expect(new Set(run.results.map(({ outcome }) => outcome)), text).toEqual(new Set(["holds"]));
  expect(text).toContain("$(id)");
  expect(text).not.toContain("\u2028");
});

test("colours cover no letter twice, in order, whatever is typed", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ maxLength: 80 }), fc.stringMatching(/^[ a-z#"':$@!,-]*$/)), line => {
      let end = 0;
      for (const { from, to } of assertionTokens(line)) {
        expect(from).toBeGreaterThanOrEqual(end);
        expect(to).toBeGreaterThan(from);
        expect(to).toBeLessThanOrEqual(line.length);
        end = to;
      }
    }),
  );
  const kinds = assertionTokens("  - deny: from ! $office to self tcp 22 # why").map(({ kind }) => kind);
  expect(kinds).toEqual(["key", "word", "not", "name", "word", "group", "comment"]);
});

test("whatever is typed, a run ends with faults or results", () => {
  const pieces = [
    "assert:",
    "\n  - ",
    "allow: ",
    "from any",
    " to self",
    " tcp 22",
    "no strays",
    "\n",
    "vars:\n  a: b\n",
    "$a",
    "[",
    "&x ",
    "*x",
    "!!binary x",
    ": ",
    "'",
    '"',
    "__proto__: x\n",
    "equal to: as opened",
    "invariant: any implies drop",
    "no finding: F07",
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 14 }), words => {
      const run = check(words.join(""));
      expect(run.faults.length + run.results.length).toBeGreaterThan(0);
    }),
    { numRuns: 150 },
  );
  expect(({} as Record<string, unknown>)["x"]).toBeUndefined();
});
