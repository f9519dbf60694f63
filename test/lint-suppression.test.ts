import { expect, test } from "vitest";
import { lint } from "../src/analysis/lint/index.ts";
import { subjectOf } from "./lint/subject.ts";

/** Comments that say a finding is meant to be. */

const ALIAS = "-A INPUT -i eth0:0 -j DROP";

/** Lines of filter rules → for each F32 its line and what allows it. */
function check(text: string): {
  readonly found: (readonly [line: number, suppressed: string | undefined])[];
  readonly unused: readonly string[];
} {
  const { findings, unused } = lint([subjectOf(text)]);
  return {
    found: findings.filter(({ code }) => code === "F32").map(({ at, suppressed }) => [at.line, suppressed] as const),
    unused: unused.map(({ line, codes }) => `${line} ${codes.join(",")}`),
  };
}

test.each<[why: string, text: string, suppressed: string | undefined, unused: string[]]>([
  ["nothing", `*filter\n${ALIAS}\nCOMMIT\n`, undefined, []],
  ["the line above", `*filter\n# ferrule: allow F32 a reason\n${ALIAS}\nCOMMIT\n`, "a reason", []],
  ["no reason", `*filter\n#ferrule: allow F32\n${ALIAS}\nCOMMIT\n`, "", []],
  ["two codes", `*filter\n# ferrule: allow F12, F32 both\n${ALIAS}\nCOMMIT\n`, "both", ["2 F12"]],
  ["another code", `*filter\n# ferrule: allow F12 x\n${ALIAS}\nCOMMIT\n`, undefined, ["2 F12"]],
  ["another comment between", `*filter\n# ferrule: allow F32 x\n# about eth0\n\n${ALIAS}\nCOMMIT\n`, "x", []],
  ["the line before that", `*filter\n# ferrule: allow F32 x\n-A INPUT -j ACCEPT\n${ALIAS}\nCOMMIT\n`, undefined, ["2 F32"]],
  ["above the table", `# ferrule: allow F32 x\n*filter\n-A INPUT -p tcp -j ACCEPT\n${ALIAS}\nCOMMIT\n`, "x", []],
  ["above another table", `# ferrule: allow F32 x\n*nat\nCOMMIT\n*filter\n${ALIAS}\nCOMMIT\n`, undefined, ["1 F32"]],
  ["in the rule's comment", `*filter\n${ALIAS} -m comment --comment "ferrule: allow F32 label"\nCOMMIT\n`, "label", []],
  ["other words", `*filter\n# please ferrule: allow F32\n${ALIAS}\nCOMMIT\n`, undefined, []],
  ["no code", `*filter\n# ferrule: allow everything\n${ALIAS}\nCOMMIT\n`, undefined, []],
])("allowed by %s", (_, text, suppressed, unused) => {
  const result = check(text);
  expect(result.found.map(([, reason]) => reason)).toEqual([suppressed]);
  expect(result.unused).toEqual(unused);
});

test("what has no line is allowed at the top", () => {
  const text = "# ferrule: allow F22 IPv6 is off\n*filter\n:INPUT DROP [0:0]\nCOMMIT\n";
  const allowed = (lines: string): (string | undefined)[] =>
    lint([subjectOf(lines)]).findings.flatMap(({ code, suppressed }) => (code === "F22" ? [suppressed] : []));
  expect(allowed(text)).toEqual(["IPv6 is off"]);
  expect(allowed(text.replace(/^.*\n/, ""))).toEqual([undefined]);
});
