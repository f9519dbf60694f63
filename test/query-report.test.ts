import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { AssertionResult, AssertionRun } from "../src/analysis/assertions/result.ts";
import type { AnswerPart, QueryAnswer } from "../src/analysis/query/answer.ts";
import { assertionJson } from "../src/report/assertion-json.ts";
import { assertionJunit } from "../src/report/assertion-junit.ts";
import { assertionTap } from "../src/report/assertion-tap.ts";
import { assertionLines } from "../src/report/assertion-text.ts";
import { queryJson } from "../src/report/query-json.ts";
import { queryLines } from "../src/report/query-text.ts";
import { lineText } from "../src/report/span.ts";

const HOSTILE = "a<b>&\"'#\\\u001b[31m\u202e\ud800]]>\nnext";

const PART: AnswerPart = {
  fate: "half-open",
  family: 4,
  path: "in",
  which: ["from 10.0.0.0/8", "to port 22"],
  certainty: { sure: false, depends: ["limit: avg 5/min burst 5"] },
  role: "answer",
  witness: {
    family: 4,
    path: "in",
    packet: "tcp 10.0.0.1:40000 > 192.0.2.1:22 syn in eth0",
    about: "session",
    claim: "half-open",
    role: "answer",
    depends: [{ about: "limit: avg 5/min burst 5", holds: true }],
  },
  confirmation: { confirmed: true, reason: "", decidedBy: undefined },
  decidedBy: [
    { family: 4, table: "filter", chain: "INPUT", number: 2, file: "fw.rules", line: 7, text: "-A INPUT -p tcp --dport 22 -j ACCEPT" },
    { family: 4, table: "filter", chain: "OUTPUT", number: undefined, file: "fw.rules", line: 3, text: "policy DROP" },
  ],
};

const ANSWER: QueryAnswer = {
  question: "from any to self tcp 22",
  about: "sessions",
  verdict: "depends",
  because: "some can and some cannot",
  parts: [
    PART,
    {
      ...PART,
      fate: "dropped",
      which: [],
      certainty: { sure: true },
      role: undefined,
      witness: undefined,
      confirmation: undefined,
      decidedBy: [],
    },
  ],
  complete: false,
  depends: ["limit: avg 5/min burst 5"],
  assumptions: ["no host was given"],
  lacksForwards: false,
};

test("port forwards that are not in an answer are told", () => {
  const told = (lacksForwards: boolean): string =>
    queryLines({ ...ANSWER, lacksForwards })
      .map(lineText)
      .join("\n");
  expect(told(true)).toContain("\nbut: ports that NAT leads on to other machines are not in this answer");
  expect(told(false)).not.toContain("but:");
});

test("an answer as text", () => {
  expect(queryLines(ANSWER).map(lineText)).toEqual([
    "from any to self tcp 22",
    "",
    "depends: some can and some cannot",
    "",
    "half-open  from 10.0.0.0/8, to port 22  (to this machine): the answer does not get through",
    "  depends on limit: avg 5/min burst 5",
    "  witness  session tcp 10.0.0.1:40000 > 192.0.2.1:22 syn in eth0  confirmed by the engine",
    "           where it holds: limit: avg 5/min burst 5",
    "  by       filter INPUT rule 2  fw.rules:7  -A INPUT -p tcp --dport 22 -j ACCEPT",
    "  answer   filter OUTPUT  fw.rules:3  policy DROP",
    "",
    "dropped    all of them  (to this machine)",
    "",
    "There are more classes of them (--json shows more).",
    "",
    "Assumed: no host was given.",
  ]);
});

test("an answer as JSON", () =>
  expect(queryJson(ANSWER)).toMatchObject({
    ferrule: "query",
    version: 1,
    answer: "depends",
    parts: [
      { fate: "half-open", fails: "answer", confirmed: true, decidedBy: [{ number: 2, line: 7 }, { number: null }] },
      { confirmed: null, witness: null },
    ],
  }));

const result = (more: Partial<AssertionResult>): AssertionResult => ({
  name: "the office may ssh",
  kind: "allow",
  at: { file: "fw.yaml", line: 4, column: 5, endColumn: 20 },
  outcome: "holds",
  message: "proven for all of them",
  details: [],
  counterexamples: [],
  depends: [],
  ...more,
});

const RUN: AssertionRun = {
  file: "fw.yaml",
  results: [
    result({}),
    result({
      name: "no strays",
      kind: "no strays",
      outcome: "fails",
      message: "packets are accepted outside sessions",
      counterexamples: [PART],
      depends: ["limit: avg 5/min burst 5"],
    }),
    result({ name: HOSTILE, kind: "invariant", outcome: "undecided", message: HOSTILE, details: [HOSTILE] }),
  ],
  assumptions: ["no host was given"],
};

describe("a run of assertions", () => {
  test("as text", () => {
    const text = assertionLines(RUN).map(lineText);
    expect(text.slice(0, 7)).toEqual([
      "holds  the office may ssh",
      "FAILS  no strays  fw.yaml:4",
      "       packets are accepted outside sessions",
      "       depends on limit: avg 5/min burst 5",
      "       half-open  from 10.0.0.0/8, to port 22  (to this machine): the answer does not get through",
      "         depends on limit: avg 5/min burst 5",
      "         witness  session tcp 10.0.0.1:40000 > 192.0.2.1:22 syn in eth0  confirmed by the engine",
    ]);
    expect(text).toContain("1 of 3 hold, 2 do not");
    expect(text.join("\n")).not.toContain("\u001b");
  });

  test("as TAP: a plan, a point for each, and YAML that reads back", () => {
    const lines = assertionTap(RUN).split("\n");
    expect(lines.slice(0, 4)).toEqual(["TAP version 14", "1..3", "ok 1 - the office may ssh", "not ok 2 - no strays"]);
    expect(lines.filter(line => /^(not )?ok \d+ - /.test(line))).toHaveLength(3);
    const blocks = assertionTap(RUN)
      .split("\n  ---\n")
      .slice(1)
      .map(block => parse(block.split("\n  ...")[0] as string) as Record<string, unknown>);
    expect(blocks).toMatchObject([
      {
        message: "packets are accepted outside sessions",
        severity: "fail",
        at: { file: "fw.yaml", line: 4 },
        depends: ["limit: avg 5/min burst 5"],
      },
      { severity: "todo" },
    ]);
    // A directive after an unescaped # would change the meaning of the point.
    expect(lines.find(line => line.startsWith("not ok 3"))).toContain("\\#\\\\");
    expect(lines.join("")).not.toContain("\u001b");
  });

  test("as JUnit XML with everything escaped", () => {
    const xml = assertionJunit(RUN);
    expect(xml).toContain('<testsuite name="fw.yaml" tests="3" failures="1" errors="1" skipped="0">');
    expect(xml).toContain('<testcase name="the office may ssh" classname="allow" file="fw.yaml" line="4"/>');
    expect(xml).toContain('<failure message="packets are accepted outside sessions" type="no strays">');
    expect(xml).toContain(String.raw`a&lt;b&gt;&amp;&quot;&apos;#\\x1b[31m\u202e`);
    expect(xml).toContain("\ufffd]]&gt;");
    // Nothing is left of the text's own markup.
    const tags = xml.match(/<[^>]*>/g) ?? [];
    expect(new Set(tags.map(tag => /^<[/?]?([a-z-]+)/.exec(tag)?.[1]))).toEqual(
      new Set(["xml", "testsuites", "testsuite", "testcase", "failure", "error", "system-out"]),
    );
  });

  test("as JSON", () =>
    expect(assertionJson(RUN)).toMatchObject({
      ferrule: "test",
      version: 1,
      held: 1,
      results: [{ outcome: "holds", line: 4 }, { outcome: "fails" }, {}],
    }));
});
