import { expect, test } from "vitest";
import { NO_DOCUMENTS, type Documents } from "../state/documents.ts";
import { bothTraces } from "./both-traces.ts";
import type { CompareWish } from "./view.ts";
import { compareTexts } from "./work.ts";

const rules = (...lines: readonly string[]): Documents => ({
  ...NO_DOCUMENTS,
  rules4: ["*filter", ":INPUT DROP [0:0]", ":FORWARD DROP [0:0]", ":OUTPUT ACCEPT [0:0]", ...lines, "COMMIT", ""].join("\n"),
});
const TRACKED = "-A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT";
const WISH: CompareWish = { compared: "rulesets", names: ["old", "new"], families: [4], strict: false, all: false };

const BEFORE = rules(TRACKED, "-A INPUT -p tcp --dport 22 -j ACCEPT");
const AFTER = rules(TRACKED, "-A INPUT -s 10.0.0.0/8 -p tcp --dport 22 -j ACCEPT", "-A INPUT -p tcp --dport 80 -j ACCEPT");

test("opened and closed sessions, each with the rules of both sides and a witness", () => {
  const found = compareTexts(BEFORE, AFTER, WISH, 0);
  expect(found.equal).toBe(false);
  expect(found.counts.opens).toBeGreaterThan(0);
  expect(found.counts.closes).toBeGreaterThan(0);
  const changes = found.sections.flatMap(section => section.changes);
  const opens = changes.find(({ change, about }) => change === "opens" && about === "session");
  expect(opens).toMatchObject({
    services: "http (tcp 80)",
    after: { text: "usable", doubt: "", by: { chain: "INPUT", number: 3, line: 7 } },
  });
  const closes = changes.find(({ change, about }) => change === "closes" && about === "session");
  expect(closes).toMatchObject({
    services: "ssh (tcp 22)",
    before: { text: "usable" },
    after: { text: "dropped", by: { number: undefined } },
  });
  expect(structuredClone(found)).toEqual(found);
});

test("equal rules are proven equal; logging counts where it is wished for", () => {
  const logged = rules(TRACKED, "-A INPUT -p tcp --dport 22 -j LOG", "-A INPUT -p tcp --dport 22 -j ACCEPT");
  expect(compareTexts(BEFORE, logged, WISH, 0)).toMatchObject({ equal: true, sections: [], left: 0 });
  expect(compareTexts(BEFORE, logged, { ...WISH, strict: true }, 0).equal).toBe(false);
});

test("interfaces are told as the command line tells them", () => {
  const one = rules(TRACKED, "-A INPUT -i eth0 -p tcp --dport 22 -j ACCEPT");
  const changes = compareTexts(one, BEFORE, WISH, 0).sections.flatMap(section => section.changes);
  expect(changes.map(({ through }) => through)).toContain("in any other");
});

test("families that are not looked at do not count", () => {
  const both = { ...BEFORE, rules6: AFTER.rules4.replaceAll("10.0.0.0/8", "2001:db8::/32") };
  expect(compareTexts(both, BEFORE, WISH, 0).equal).toBe(true);
  expect(compareTexts(both, both, { ...WISH, families: [4, 6] }, 0)).toMatchObject({ equal: true, families: [4, 6] });
});

test("the families of one ruleset are compared service by service", () => {
  const both = { ...BEFORE, rules6: rules(TRACKED).rules4 };
  const found = compareTexts(both, both, { ...WISH, compared: "families" }, 0);
  const [change] = found.sections.flatMap(section => section.changes);
  expect(change).toMatchObject({ change: "closes", services: "ssh (tcp 22)" });
});

test("faulty lines are left out and counted by side", () =>
  expect(compareTexts(rules(TRACKED, "-A INPUT --dport"), BEFORE, WISH, 0).skipped).toEqual([1, 0]));

test("a witness traces on both sides", () => {
  const found = compareTexts(BEFORE, AFTER, WISH, 0);
  const witness = found.sections.flatMap(section => section.changes).find(({ change }) => change === "opens")?.after.witness ?? "";
  const { before, after } = bothTraces(BEFORE, AFTER, [witness, witness], { now: 0, random: () => 7 });
  expect(before).toMatchObject({ good: false, packets: [{ name: "SYN", accepted: false }] });
  expect(after).toMatchObject({ good: true });
  expect(bothTraces(BEFORE, AFTER, ["", "no packet"], { now: 0, random: () => 7 }).before).toMatch(/^there is no packet/);
});
