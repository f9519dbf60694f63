/** What people ask of a firewall: questions, files of assertions, invariants, comments that allow findings; and the analyses of hostile rules. */
import fc from "fast-check";
import { expect } from "vitest";
import { readAssertions } from "../../src/analysis/assertions/index.ts";
import { familyModel, PATHS } from "../../src/analysis/index.ts";
import { isQuestionFault, printQuestion, readQuestion } from "../../src/analysis/question/index.ts";
import { SpentBudget } from "../../src/symbolic/index.ts";
import { readSave } from "../../src/syntax/index.ts";
import { anyWord, damaged, scribbled } from "../faults/corrupt.ts";
import { target, type Target } from "./target.ts";

const QUESTIONS = [
  "from 10.0.0.0/8 to self tcp 22,80-90 in eth0",
  "packets from ! @admins port 53 to any udp state NEW out wan+",
  "from net(lan0), 192.0.2.1-192.0.2.9 to 2001:db8::/32 icmp echo-request before nat",
  "from any to any any",
];
const word = fc.oneof(
  anyWord,
  fc.constantFrom("from", "to", "port", "!", ",", "-", "@", "self", "net(", ")", "65536", "1-0", "::", "/33", "__proto__"),
);
const question = fc.oneof(
  fc.constantFrom(...QUESTIONS).chain(text => damaged(text.split(/(?<=[\s,-])/), word, 4).map(words => words.join(""))),
  scribbled(fc.constantFrom(...QUESTIONS)),
);

const FILE = `rules: web.rules
vars:
  admins: 10.0.0.0/8
assert:
  - name: ssh for admins
    allow: from $admins to self tcp 22
  - name: no strays
    no strays: true
  - invariant: "out != tun0 implies drop"
    path: out
  - at most: [from any to self tcp 80]
  - no finding: [F07, F16]
`;
const yaml = fc.oneof(
  damaged(
    FILE.split(/(?<=[\s:\n])/),
    fc.oneof(word, fc.constantFrom("&a", "*a", "? ", "- ", "!!js/function", "<<: *a", "\\t", "{", "[")),
    5,
  ).map(words => words.join("")),
  scribbled(fc.constant(FILE)),
);

const RULE_WORDS = [
  "-A INPUT",
  "-A FORWARD",
  "-A a",
  "-A b",
  "-p tcp",
  "-p udp",
  "! -p icmp",
  "--dport 22",
  "--sport 80:90",
  "-s 10.0.0.0/8",
  "! -d 192.0.2.1",
  "-i eth+",
  "-o lan0",
  "-m conntrack --ctstate NEW",
  "-m limit --limit 1/s",
  "-m mark --mark 1/3",
  "-j MARK --set-mark 1",
  "-j ACCEPT",
  "-j DROP",
  "-j a",
  "-g b",
  "-j RETURN",
  "-j LOG",
  "-j REJECT",
];
/** Small rulesets that mostly load: chains that jump to each other included. */
const rules = fc.array(fc.array(fc.constantFrom(...RULE_WORDS), { minLength: 1, maxLength: 5 }), { maxLength: 12 });

/** Nodes that a small ruleset may take. */
const BUDGET = 200_000;

export const QUESTION_TARGETS: readonly Target[] = [
  target("question", question, text => {
    const read = readQuestion(text);
    if (isQuestionFault(read)) return;
    const printed = printQuestion(read);
    const again = readQuestion(printed);
    expect(isQuestionFault(again) ? again : printQuestion(again)).toBe(printed);
  }),
  target("assertions", yaml, text => {
    const { value, faults } = readAssertions("file", text);
    expect(value === undefined).toBe(faults.length > 0);
    for (const { line, column } of faults) expect(line >= 1 && line <= text.split("\n").length + 1 && column >= 1).toBe(true);
  }),
  target("analyses", rules, lines => {
    const text = `*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:a - [0:0]\n:b - [0:0]\n${lines.map(words => words.join(" ")).join("\n")}\nCOMMIT\n`;
    const { ruleset, faults } = readSave(text, "rules", { family: 4 });
    if (ruleset === undefined || faults.length > 0) return;
    try {
      const { sessions } = familyModel(4, [{ v4: ruleset }], { budget: BUDGET });
      for (const path of PATHS) expect(sessions[0]?.on(path).length).toBeGreaterThan(0);
    } catch (fault) {
      if (!(fault instanceof SpentBudget)) throw fault;
    }
  }),
];
