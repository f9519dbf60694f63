import { describe, expect, test } from "vitest";
import { FINDING_KINDS, lint, type Subject } from "../src/analysis/lint/index.ts";
import { hostFromFlags, type Host } from "../src/host/index.ts";
import { saveText, subjectOf } from "./lint/subject.ts";

/** What `--explain` says: each kind's example must have that finding. */

const router: Host | undefined = hostFromFlags({
  interfaces: ["wan0=198.51.100.2/24", "lan0=192.168.1.1/24"],
  routes: ["default via 198.51.100.1 dev wan0"],
}).value;

/** What some examples need besides their rules. */
const MORE: Readonly<Record<string, (subject: Subject) => readonly Subject[]>> = {
  // The rules of the other family, or of the other backend.
  F22: ({ ruleset }) => [
    subjectOf(saveText([":INPUT DROP", "-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT"])),
    { ...subjectOf("*filter\nCOMMIT\n", { family: 6 }), ruleset },
  ],
  F35: () => [{ ...subjectOf(saveText(["-A INPUT -j ACCEPT"])), beside: subjectOf(saveText(["-A INPUT -j DROP"])).ruleset }],
  F29: subject => [{ ...subject, host: router }],
};

const SIX = new Set(["F20", "F22"]);

describe("examples", () => {
  test.each(FINDING_KINDS.map(({ code, example }) => [code, example] as const))("%s is found in its example", (code, example) => {
    const lines = example.filter(line => !line.startsWith("#") && line !== "*filter" && line !== "COMMIT");
    const rules = lines.flatMap(line =>
      line.startsWith("…") ? Array.from({ length: 20 }, (_, i) => `-A INPUT -s 198.18.${i}.0/24 -j DROP`) : [line],
    );
    const subject = subjectOf(saveText(rules), { family: SIX.has(code) ? 6 : 4 });
    const { findings } = lint(MORE[code]?.(subject) ?? [subject]);
    expect(findings.map(finding => finding.code)).toContain(code);
  });

  test("there are 38 kinds, numbered without gaps", () => {
    expect(FINDING_KINDS.map(({ code }) => code)).toEqual(Array.from({ length: 38 }, (_, i) => `F${String(i + 1).padStart(2, "0")}`));
  });
});
