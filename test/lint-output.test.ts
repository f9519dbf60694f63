import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FINDING_KINDS, lint } from "../src/analysis/lint/index.ts";
import { lineText, lintAnnotations, lintJson, lintLines, lintSarif } from "../src/report/index.ts";
import { ferrule } from "./faults/command-line.ts";
import { FILE, subjectOf } from "./lint/subject.ts";

/** What lint prints: text, JSON, SARIF, annotations; and its exit status. */

const ESC = String.fromCodePoint(27);
const BIDI = String.fromCodePoint(0x202e);
/** A comment that tries to break out of every form of output. */
const HOSTILE = `${ESC}[31m${BIDI}%0A::error::gone,:<script>$(id)`;
const TEXT = `*filter
:INPUT DROP [0:0]
:${BIDI}x - [0:0]
-A INPUT -i eth0:0 -m comment --comment "${HOSTILE}" -j ACCEPT
-A INPUT -s 10.0.0.5/8 -j ACCEPT
# ferrule: allow F12 a quiet ${ESC}[1m host
-A INPUT -j LOG --log-prefix "${ESC}[2Jx"
-A INPUT -j REJECT
-A INPUT -p udp --sport 53 -j ACCEPT
-A ${BIDI}x -j DROP
COMMIT
`;
const report = lint([subjectOf(TEXT)]);
const codes = new Set(report.findings.map(({ code }) => code));

const isPrintable = (text: string): boolean => [...text].every(letter => letter === "\n" || (letter >= " " && letter !== BIDI));

test("the ruleset has findings of several kinds", () => {
  expect([...codes].toSorted()).toEqual(expect.arrayContaining(["F12", "F24", "F26", "F32", "F33"]));
});

const linesOf = (text: string): string => {
  const source = (_: string, line: number): string | undefined => text.split("\n")[line - 1];
  return lintLines(lint([subjectOf(text)]), { level: "info", width: 100, suppressed: true, verbose: false, source })
    .map(lineText)
    .join("\n");
};

test("what is marked is what the message begins with, where the line has it as a word of its own; else the target", () => {
  const named = linesOf("*filter\n:OUTPUT ACCEPT\n-A OUTPUT -d updates.example.org -j ACCEPT\nCOMMIT\n");
  expect(named).toContain(`  -A OUTPUT -d updates.example.org -j ACCEPT\n${" ".repeat(15)}${"^".repeat(19)}\n`);
  // Not within another word.
  const line = "-A OUTPUT -m comment --comment xa.example.org -d a.example.org -j ACCEPT";
  const inside = linesOf(`*filter\n:OUTPUT ACCEPT\n${line}\nCOMMIT\n`);
  expect(inside).toContain(`  ${line}\n${" ".repeat(2 + line.lastIndexOf("a.example"))}${"^".repeat(13)}\n`);
});

test("what IPv6 leaves open is told as a service, and shown by a port that people know", () => {
  const v4 = subjectOf("*filter\n:INPUT DROP\n-A INPUT -p tcp -m multiport --dports 22,80 -j ACCEPT\nCOMMIT\n");
  const v6 = subjectOf("*filter\n:INPUT ACCEPT\nCOMMIT\n", { family: 6 });
  const found = lint([
    { ...v4, other: v6.ruleset },
    { ...v6, other: v4.ruleset },
  ]).findings.filter(({ code, at }) => code === "F22" && at.chain === "INPUT");
  expect(found.map(({ message }) => message)).toEqual([
    "strangers get tcp all but 22, 80 on this machine by IPv6, and not by IPv4",
    "strangers get all udp on this machine by IPv6, and not by IPv4",
  ]);
  expect(found.map(({ witness }) => witness?.packet)).toEqual([expect.stringContaining("]:443 "), expect.stringContaining("]:22 ")]);
});

describe("no output passes hostile text on", () => {
  test("text", () => {
    const source = (file: string, line: number): string | undefined => (file === FILE ? TEXT.split("\n")[line - 1] : undefined);
    const text = lintLines(report, { level: "info", width: 100, suppressed: true, verbose: false, source }).map(lineText).join("\n");
    expect(isPrintable(text)).toBe(true);
    expect(text).toContain("rules:5: warning F33 silent rewrite: 10.0.0.5/8 has bits outside its mask");
    expect(text).toContain("\n              ^^^^^^^^^^\n");
    expect(text).toContain("allowed: a quiet \\x1b[1m host");
  });

  test("annotations: one line each, and no command in a message", () => {
    const lines = lintAnnotations(report.findings).trimEnd().split("\n");
    expect(lines.length).toBe(report.findings.filter(({ suppressed }) => suppressed === undefined).length);
    for (const line of lines)
      expect(line).toMatch(/^::(?:error|warning|notice) (?:file=[^,:]+(?:,line=\d+)?,)?title=F\d\d [^,:]+::[^%]*(?:%25[^%]*)*$/u);
    expect(isPrintable(lines.join("\n"))).toBe(true);
  });

  test("JSON", () => {
    const json = JSON.parse(JSON.stringify(lintJson(report)));
    expect(json).toMatchObject({ ferrule: "lint", version: 1 });
    for (const finding of json.findings) {
      expect(finding).toMatchObject({ family: 4, file: expect.any(String), line: expect.any(Number), message: expect.any(String) });
      expect(["error", "warning", "info"]).toContain(finding.severity);
      expect(finding.rule === null || finding.rule > 0).toBe(true);
    }
    expect(json.findings.find((finding: { code: string }) => finding.code === "F12").suppressed).toContain("a quiet");
  });
});

/** The rules of the SARIF 2.1.0 schema that a log of ours can break. */
describe("SARIF", () => {
  const log = JSON.parse(JSON.stringify(lintSarif(report.findings, "1.2.3")));
  const [run] = log.runs;

  test("log, run and tool", () => {
    expect(log).toMatchObject({ version: "2.1.0", $schema: expect.stringContaining("sarif") });
    expect(log.runs).toHaveLength(1);
    expect(run.tool.driver).toMatchObject({ name: "ferrule", semanticVersion: "1.2.3" });
    expect(["utf16CodeUnits", "unicodeCodePoints"]).toContain(run.columnKind);
  });

  test("rules have unique ids, and names that are identifiers", () => {
    const { rules } = run.tool.driver;
    expect(rules.map(({ id }: { id: string }) => id)).toEqual(FINDING_KINDS.map(({ code }) => code));
    for (const rule of rules) {
      expect(rule.name).toMatch(/^[A-Z][A-Za-z0-9]+$/);
      expect(["none", "note", "warning", "error"]).toContain(rule.defaultConfiguration.level);
      expect(rule.shortDescription.text.length * rule.fullDescription.text.length * rule.help.text.length).toBeGreaterThan(0);
    }
  });

  test("results point at rules and at lines", () => {
    expect(run.results).toHaveLength(report.findings.length);
    for (const result of run.results) {
      expect(run.tool.driver.rules[result.ruleIndex].id).toBe(result.ruleId);
      expect(["none", "note", "warning", "error"]).toContain(result.level);
      expect(result.message.text).not.toBe("");
      for (const { physicalLocation, logicalLocations } of [...result.locations, ...(result.relatedLocations ?? [])]) {
        expect(logicalLocations[0].fullyQualifiedName).toMatch(/^ipv4\/(?:raw|mangle|nat|filter)\//);
        if (physicalLocation === undefined) continue;
        expect(physicalLocation.artifactLocation.uri).toMatch(/^[\w/.%-]+$/);
        if (physicalLocation.region !== undefined) expect(physicalLocation.region.startLine).toBeGreaterThan(0);
      }
      for (const { kind } of result.suppressions ?? []) expect(["inSource", "external"]).toContain(kind);
    }
    expect(run.results.filter(({ suppressions }: { suppressions?: unknown[] }) => suppressions)).toHaveLength(1);
  });
});

describe("the command", () => {
  let folder = "";
  const at = (name: string): string => join(folder, name);
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "ferrule-lint-"));
    writeFileSync(at("hostile"), TEXT);
    writeFileSync(
      at("clean"),
      "*filter\n:INPUT DROP [0:0]\n-A INPUT -i lo -j ACCEPT\n-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n-A INPUT -m conntrack --ctstate INVALID -j DROP\n-A INPUT -p tcp -m tcp --dport 22 --syn -j ACCEPT\nCOMMIT\n",
    );
    writeFileSync(at("legacy"), "*filter\n-A INPUT -j DROP\nCOMMIT\n");
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each<[status: number, args: string[]]>([
    [1, ["hostile"]],
    [0, ["hostile", "--fail-on", "never"]],
    [0, ["hostile", "--only", "F33", "--fail-on", "error"]],
    [1, ["hostile", "--only", "F33"]],
    [0, ["clean"]],
    [1, ["clean", "--also-legacy", "legacy"]],
    [0, ["--explain"]],
    [0, ["--explain", "f07"]],
    [2, ["--explain", "F99"]],
    [2, []],
    [2, ["absent"]],
    [2, ["clean", "--level", "grave"]],
    [2, ["clean", "--only", "F77"]],
  ])("exit %i of lint %j", async (status, args) => {
    const words = args.map(word => (["hostile", "clean", "legacy", "absent"].includes(word) ? at(word) : word));
    expect((await ferrule("lint", ...words)).status).toBe(status);
  });

  test("--fix prints rules that load, and what they change", async () => {
    const { stdout } = await ferrule("lint", at("hostile"), "--only", "F33", "--fix");
    expect(stdout).toContain("-A INPUT -s 10.0.0.0/8 -j ACCEPT\n");
    expect(stdout).toContain("# ferrule: allow F12");
    expect(stdout.slice(stdout.indexOf("COMMIT"))).toMatch(/^COMMIT\n(?:#.*\n)+$/);
    expect(stdout).toContain("F33 write what it means");
  });

  test("--explain says what a finding is", async () => {
    const { stdout } = await ferrule("lint", "--explain", "F07");
    expect(stdout).toContain("source-port hole (error)");
    expect(stdout).toContain("-A INPUT -p udp -m udp --sport 53 -j ACCEPT");
  });

  test.each(["--json", "--sarif"])("%s is JSON", async flag => {
    const { stdout } = await ferrule("lint", at("hostile"), flag);
    expect(JSON.parse(stdout)).toBeTypeOf("object");
    expect(isPrintable(stdout)).toBe(true);
  });

  test("--fix --json says what was done", async () => {
    const { stdout } = await ferrule("lint", at("hostile"), "--only", "F33", "--fix", "--json");
    expect(JSON.parse(stdout)).toMatchObject({ ferrule: "lint-fix", rules: [{ family: 4, applied: [{ code: "F33" }], left: [] }] });
  });
});
