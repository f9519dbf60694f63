import fc from "fast-check";
import { expect, test } from "vitest";
import { confirm } from "../src/analysis/confirm/index.ts";
import { compareFirewalls, isEqual } from "../src/analysis/diff/index.ts";
import { changedText, lint } from "../src/analysis/lint/index.ts";
import { subjectOf } from "./lint/subject.ts";

/** Laws of findings on random rulesets: rules that are said to do nothing can go, and what shows a finding is true. */

const pick = (...texts: string[]): fc.Arbitrary<string> => fc.constantFrom(...texts);

const rule = fc
  .record({
    chain: pick("INPUT", "INPUT", "FORWARD", "OUTPUT", "one", "one", "two"),
    source: pick("", "", "-s 10.0.0.0/8", "-s 10.1.0.0/16", "! -s 10.0.0.0/8", "-s 192.0.2.1"),
    match: pick(
      "",
      "-p tcp",
      "-p udp",
      "-p tcp --dport 22",
      "-p tcp --dport 1:1023",
      "-p udp --sport 53",
      "-p tcp --syn",
      "-m conntrack --ctstate ESTABLISHED",
      "-m conntrack --ctstate NEW,RELATED",
      "-p tcp --dport 80 -m limit --limit 5/min",
      "-f",
      "-p icmp",
    ),
    target: pick("ACCEPT", "ACCEPT", "DROP", "DROP", "REJECT", "RETURN", "one", "two", "LOG"),
  })
  // `two` may not lead back to `one`.
  .filter(({ chain, target }) => !(chain === "one" && target === "one") && !(chain === "two" && (target === "one" || target === "two")))
  .map(({ chain, source, match, target }) => `-A ${chain} ${source} ${match} -j ${target}`.replaceAll(/ +/g, " "));

const ruleset = fc
  .record({
    input: pick("ACCEPT", "DROP"),
    forward: pick("ACCEPT", "DROP"),
    output: pick("ACCEPT", "DROP"),
    rules: fc.array(rule, { maxLength: 14 }),
  })
  .map(({ input, forward, output, rules }) =>
    `*filter\n:INPUT ${input} [0:0]\n:FORWARD ${forward} [0:0]\n:OUTPUT ${output} [0:0]\n:one - [0:0]\n:two - [0:0]\n${rules.join("\n")}\nCOMMIT\n`.replaceAll(
      "\n\n",
      "\n",
    ),
  );

/** Findings whose fix takes away what does nothing. */
const IDLE = new Set(["F01", "F02", "F03", "F24"]);

test("rules that are said to do nothing can all go together", () => {
  fc.assert(
    fc.property(ruleset, text => {
      const subject = subjectOf(text);
      const idle = lint([subject]).findings.filter(
        ({ code, fix }) => IDLE.has(code) && fix !== undefined && fix.edits.every(edit => edit.do === "delete"),
      );
      const changed = changedText(subject.ruleset, idle, text, {});
      const report = compareFirewalls({ v4: subject.ruleset }, { v4: changed.ruleset }, { names: ["before", "after"] });
      expect(isEqual(report), `${text}\n→\n${changed.text}`).toBe(true);
    }),
    { numRuns: 150 },
  );
}, 120_000);

test("every witness is as it is said", () => {
  let shown = 0;
  fc.assert(
    fc.property(ruleset, text => {
      const subject = subjectOf(text);
      for (const { witness, code } of lint([subject]).findings) {
        if (witness === undefined) continue;
        shown++;
        expect(confirm(witness, { v4: subject.ruleset }), `${code} ${witness.packet}\n${text}`).toMatchObject({ confirmed: true });
      }
    }),
    { numRuns: 100 },
  );
  expect(shown).toBeGreaterThan(100);
}, 120_000);
