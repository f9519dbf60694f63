import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Finding } from "../../analysis/index.ts";
import { NO_DOCUMENTS, type Documents } from "../state/documents.ts";
import { readFirewall } from "../work/firewall.ts";
import { outlineOf } from "../work/outline-of.ts";
import { deadLinesOf } from "../editor/dead-lines.ts";
import { wantedFindings } from "./chosen-list.ts";
import { movedFindings } from "./moved.ts";
import { allowed } from "./allowance-line.ts";
import { findingsFile } from "./file.ts";
import { previewFix } from "./fix.ts";
import { lintTexts } from "./work.ts";

const RULES = `# mine
*filter
:INPUT DROP [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:unused - [0:0]
-A INPUT -i lo -j ACCEPT
-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT
-A INPUT -s 10.0.0.0/8 -p tcp -m tcp --dport 22 -j DROP
-A unused -j DROP
COMMIT
`;
const texts = (rules4: string): Documents => ({ ...NO_DOCUMENTS, rules4 });
const found = (rules4: string): readonly Finding[] => lintTexts(texts(rules4), 0).findings;
const the = (list: readonly Finding[], code: string): Finding => {
  const one = list.find(finding => finding.code === code);
  if (!one) throw new Error(`no ${code} among ${list.map(each => each.code).join()}`);
  return one;
};

test("what lint finds crosses to the page as plain data, with what each kind means", () => {
  const report = lintTexts(texts(RULES), 0);
  expect(structuredClone(report)).toEqual(report);
  expect(the(report.findings, "F01").at).toMatchObject({ line: 9, chain: "INPUT", number: 3 });
  for (const { code } of report.findings) expect(report.kinds.get(code)?.why.length).toBeGreaterThan(20);
});

test("rules of both families are looked at together", () => {
  const open6 = "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n";
  expect(lintTexts({ ...texts(RULES), rules6: open6 }, 0).findings.some(({ code, family }) => code === "F22" && family === 6)).toBe(true);
});

test("dead rules and the rules of dead chains are greyed, each with its reason", () => {
  const { tables } = outlineOf(readFirewall(texts(RULES), 0));
  const lines = deadLinesOf(found(RULES), tables, 4);
  expect([...lines.keys()].toSorted((a, b) => a - b)).toEqual([6, 9, 10]);
  expect([...lines.values()].every(reason => reason.length > 10)).toBe(true);
  expect(deadLinesOf(found(RULES), tables, 6).size).toBe(0);
});

describe("fixes", () => {
  test("a fix changes its line alone, and says what that changes", () => {
    const preview = previewFix(texts(RULES), [the(found(RULES), "F01")], 0);
    expect(structuredClone(preview)).toEqual(preview);
    expect(preview.texts.rules4).toContain("# mine\n");
    expect(preview.edits.map(({ sign, text }) => `${sign}${text}`)).not.toEqual([]);
    expect(preview.diff.length).toBeGreaterThan(0);
    const after = lintTexts(preview.texts, 0).findings;
    expect(after.some(({ code, at }) => code === "F01" && at.text.includes("10.0.0.0/8") && at.number === 3)).toBe(false);
  });
  test("every fix of the examples can be looked at", () => {
    for (const name of ["nat-gateway", "web-stateless", "web-stateful", "docker"]) {
      const rules = readFileSync(`examples/${name}.rules`, "utf8");
      for (const finding of found(rules).filter(({ fix }) => fix)) {
        const preview = previewFix(texts(rules), [finding], 0);
        expect(preview.texts.rules4, `${name} ${finding.code}`).not.toBe(rules);
        expect(preview.edits.length, `${name} ${finding.code}`).toBeGreaterThan(0);
      }
    }
  });
  test("none is carried out where lines cannot be read, since they would be lost", () => {
    const broken = RULES.replace("-A unused", "-A INPUT --nonsense\n-A unused");
    expect(() => previewFix(texts(broken), [the(found(broken), "F01")], 0)).toThrow("line 10 cannot be read");
  });
  test("one that does not fit the rules any more is refused", () => {
    expect(() => previewFix(texts(RULES), [], 0)).toThrow("nothing that it could change");
  });
});

test("a comment that allows a finding is understood by lint", () => {
  const f01 = the(found(RULES), "F01");
  const list = found(allowed(RULES, f01.at.line, "F01", " it is\nold "));
  expect(the(list, "F01")).toMatchObject({ suppressed: "it is old", at: { line: f01.at.line + 1 } });
});

test("several fixes go together; those in each other's way wait", () => {
  const rules = readFileSync("examples/nat-gateway.rules", "utf8");
  const list = found(rules).filter(({ fix }) => fix);
  expect(list.length).toBeGreaterThan(1);
  const { texts: after, left } = previewFix(texts(rules), list, 0);
  expect(left).toBeLessThan(list.length);
  expect(found(after.rules4).filter(({ fix }) => fix).length).toBeLessThan(list.length);
});

test("older findings move with their rules, and go with them", () => {
  const list = found(RULES);
  const inserted = RULES.replace("-A INPUT -i lo", "# a line\n# another\n-A INPUT -i lo");
  const moved = movedFindings(list, outlineOf(readFirewall(texts(inserted), 0)).tables);
  expect(the(moved, "F01").at.line).toBe(11);
  const gone = RULES.replace("-A INPUT -s 10.0.0.0/8 -p tcp -m tcp --dport 22 -j DROP\n", "");
  const left = movedFindings(list, outlineOf(readFirewall(texts(gone), 0)).tables);
  expect(left.some(({ code }) => code === "F01")).toBe(false);
});

test("of rules with the same words the nearest is meant", () => {
  const rule = "-A INPUT -s 10.0.0.0/8 -p tcp -m tcp --dport 22 -j DROP";
  const one = the(found(RULES), "F01");
  const many = outlineOf(readFirewall(texts(RULES.replace(rule, `${rule}\n\n\n\n${rule}\n${rule}`)), 0)).tables;
  const moved = (line: number): number | undefined => movedFindings([{ ...one, at: { ...one.at, line } }], many)[0]?.at.line;
  expect([1, 9, 10, 11, 12, 13, 14, 99].map(moved)).toEqual([9, 9, 9, 9, 13, 13, 14, 14]);
});

test("a chain called __proto__ is one like all others", () => {
  const odd = RULES.replaceAll("unused", "__proto__");
  const { tables } = outlineOf(readFirewall(texts(odd), 0));
  expect(deadLinesOf(found(odd), tables, 4).size).toBe(3);
  expect(movedFindings(found(odd), tables)).toHaveLength(found(odd).length);
});

test("the list is narrowed by severity and by words, which must all fit", () => {
  const list = found(RULES);
  const all = { severities: new Set(["error", "warning", "info"] as const), words: "" };
  const title = (): string => "";
  expect(wantedFindings(list, title, all).open).toHaveLength(list.length);
  expect(wantedFindings(list, title, { ...all, words: "f01 10.0.0.0" }).open.map(({ code }) => code)).toEqual(["F01"]);
  expect(wantedFindings(list, title, { ...all, words: "f01 nowhere" }).open).toEqual([]);
  expect(wantedFindings(list, title, { ...all, severities: new Set() }).open).toEqual([]);
});

test("what comments allow is kept apart", () => {
  const meant = RULES.replace("-A INPUT -s 10", "# ferrule: allow F01 it is old\n-A INPUT -s 10");
  const all = { severities: new Set(["error", "warning", "info"] as const), words: "" };
  const split = wantedFindings(found(meant), () => "", all);
  expect(split.allowed.map(({ code, suppressed }) => `${code} ${suppressed}`)).toEqual(["F01 it is old"]);
  expect(split.open.some(({ code }) => code === "F01")).toBe(false);
});

test("files of findings are what the command writes", () => {
  const report = lintTexts(texts(RULES), 0);
  expect(JSON.parse(findingsFile(report, "json"))).toMatchObject({ ferrule: "lint" });
  expect(JSON.parse(findingsFile(report, "sarif"))).toMatchObject({ version: "2.1.0" });
});
