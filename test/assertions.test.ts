import { spawn } from "node:child_process";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { checkAssertions, readAssertions, type AssertionResult, type CheckedRules } from "../src/analysis/assertions/index.ts";
import { hostFromFlags } from "../src/host/index.ts";
import { readRules } from "../src/syntax/index.ts";
import { ferrule, scratch } from "./faults/command-line.ts";

const filter = (policies: string, ...rules: string[]): string => {
  const [input, forward, output] = policies.split(" ");
  return `*filter\n:INPUT ${input} [0:0]\n:FORWARD ${forward} [0:0]\n:OUTPUT ${output} [0:0]\n${rules.map(rule => `-A ${rule}\n`).join("")}COMMIT\n`;
};
const STATEFUL = "INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT";
const WEB = filter(
  "DROP DROP ACCEPT",
  "INPUT -i lo -j ACCEPT",
  STATEFUL,
  "INPUT -p tcp -m tcp --syn --dport 80 -j ACCEPT",
  "INPUT -p tcp -m tcp --syn -s 10.0.0.0/8 --dport 22 -j ACCEPT",
  "INPUT -p tcp -m tcp --dport 113 -j REJECT --reject-with tcp-reset",
);
const STATELESS = filter("DROP DROP ACCEPT", "INPUT -p tcp -m tcp --dport 80 -j ACCEPT", "INPUT -p tcp -m tcp --sport 80 -j ACCEPT");
/** The rules of a VPN client whose second line was meant to be OUTPUT. */
const KILL_SWITCH = filter("DROP DROP ACCEPT", STATEFUL, "OUTPUT -o lo -j ACCEPT", "OUTPUT -o tun0 -j ACCEPT");
const LIMITED = filter("DROP DROP ACCEPT", STATEFUL, "INPUT -p tcp -m tcp --syn --dport 80 -m limit --limit 5/min -j ACCEPT");

function rulesOf(text: string, more: Partial<CheckedRules> = {}): CheckedRules {
  const { ruleset, faults } = readRules(text, "fw.rules", { family: 4 });
  if (!ruleset || faults.length > 0) throw new Error(JSON.stringify(faults));
  return { v4: ruleset, texts: new Map([["fw.rules", text.split("\n")]]), ...more };
}

function check(rules: CheckedRules, assertion: unknown, others: ReadonlyMap<string, CheckedRules> = new Map()): AssertionResult {
  const { value, faults } = readAssertions("fw.yaml", JSON.stringify({ assert: [assertion] }));
  if (value === undefined) throw new Error(JSON.stringify(faults));
  const run = checkAssertions(value, rules, others);
  if ("faults" in run) throw new Error(JSON.stringify(run.faults));
  return run.results[0] as AssertionResult;
}

describe("assertions hold or fail, and what fails has counterexamples that the engine shows", () => {
  const rows: readonly (readonly [
    rules: string,
    assertion: unknown,
    outcome: "holds" | "fails",
    message: string,
    counterexamples?: readonly string[],
  ])[] = [
    [WEB, { allow: "from any to self tcp 80" }, "holds", "all of these sessions are usable"],
    [
      WEB,
      { allow: "from any to self tcp 22" },
      "fails",
      "some of these sessions are dropped",
      ["dropped in: from any but 10.0.0.0/8 (private)"],
    ],
    [WEB, { allow: "from any to self tcp 23" }, "fails", "all of these sessions are dropped", ["dropped in: "]],
    [WEB, { allow: "from 10.0.0.0/8 to self icmp 3" }, "fails", "there can be no such sessions", []],
    [WEB, { deny: "from ! 10.0.0.0/8 to self tcp 22" }, "holds", "all of these sessions are dropped"],
    [WEB, { deny: "from any to self tcp 22" }, "fails", "some of these sessions are usable", ["usable in: from 10.0.0.0/8 (private)"]],
    [WEB, { deny: "from any to self tcp 113" }, "holds", "all of these sessions are rejected"],
    [WEB, { reject: "from any to self tcp 113" }, "holds", "all of these sessions are rejected"],
    [WEB, { reject: "from any to self tcp 22-113" }, "fails", "some of these sessions are usable or dropped"],
    [WEB, { deny: "from any to self tcp 23 state INVALID" }, "holds", "all of these packets are dropped"],
    [WEB, { "no strays": true }, "holds", "no packet is accepted outside sessions"],
    [
      WEB,
      { "at most": ["from any to self tcp 80", "from 10.0.0.0/8 to self tcp 22"], path: "in" },
      "holds",
      "all other sessions are refused",
    ],
    [
      WEB,
      { "at most": ["from any to self tcp 80"], path: "in" },
      "fails",
      "other sessions are usable",
      ["usable in: ssh (tcp 22), from 10.0.0.0/8 (private)"],
    ],
    [
      WEB,
      { "at most": ["from any to self tcp 80", "from 10.0.0.0/8 to self tcp 22"] },
      "fails",
      "other sessions are usable",
      ["usable out: "],
    ],
    [
      WEB,
      { "at most": ["from any to self tcp 80", "from 10.0.0.0/8 to self tcp 22", "from self to any"] },
      "holds",
      "all other sessions are refused",
    ],
    [WEB, { invariant: "state = NEW and proto = udp implies drop", path: "in" }, "holds", "all of these packets are dropped"],
    [
      WEB,
      { invariant: "in != lo and state = INVALID and dport != 113 implies drop", path: "in" },
      "fails",
      "some of these packets are accepted",
    ],
    [STATELESS, { "no strays": true, path: "in" }, "fails", "packets are accepted that belong to no session and open none"],
    [STATELESS, { deny: "from any port 80 to self tcp 22" }, "fails", "all of these sessions are usable", ["usable in: "]],
    [STATELESS, { deny: "from any to self tcp 22" }, "fails", "some of these sessions are usable", ["usable in: from port 80"]],
    [
      filter("DROP DROP ACCEPT", "INPUT -p udp -m udp --dport 5000 -j ACCEPT", "OUTPUT -p udp -j DROP"),
      { "half-open": "from any to self udp 5000" },
      "holds",
      "all of these sessions are half-open",
    ],
    [
      filter("DROP DROP ACCEPT", "INPUT -p udp -m udp --dport 5000 -j ACCEPT", "OUTPUT -p udp -j DROP"),
      { deny: "from any to self udp 5000" },
      "fails",
      "all of these sessions are half-open",
      ["half-open in: "],
    ],
    [KILL_SWITCH, { invariant: "out != tun0 implies drop", path: "out" }, "fails", "all of these packets are accepted", ["accepted out: "]],
    [
      filter("DROP DROP DROP", STATEFUL, "OUTPUT -o tun0 -j ACCEPT"),
      { invariant: "out != tun0 implies drop" },
      "holds",
      "all of these packets are dropped",
    ],
    [
      filter("DROP DROP DROP", STATEFUL, "OUTPUT -o tun0 -j ACCEPT", "OUTPUT -j REJECT"),
      { invariant: "out != tun0 implies drop", path: "out" },
      "fails",
      "all of these packets are rejected",
    ],
    [
      filter("DROP DROP DROP", STATEFUL, "OUTPUT -o tun0 -j ACCEPT", "OUTPUT -j REJECT"),
      { invariant: "out != tun0 implies deny", path: "out" },
      "holds",
      "all of these packets are rejected",
    ],
    [
      LIMITED,
      { allow: "from any to self tcp 80" },
      "fails",
      "some of these sessions may be dropped",
      ["dropped in:  [limit: avg 5/min burst 5]"],
    ],
    [
      LIMITED,
      { deny: "from any to self tcp 80" },
      "fails",
      "some of these sessions may be usable",
      ["usable in:  [limit: avg 5/min burst 5]"],
    ],
    [WEB, { "no finding": ["F07", "F18"] }, "holds", "nothing was found"],
    [WEB, { deny: "ipv6 from any to self tcp 80" }, "fails", "all of these sessions are usable", ["usable in: "]],
    [WEB, { allow: "from any to self tcp 80", family: 6 }, "holds", "all of these sessions are usable"],
    [WEB, { deny: "from any to self tcp 3306", path: "local" }, "fails", "all of these sessions are usable", ["usable local: "]],
  ];
  for (const [rules, assertion, outcome, message, counterexamples] of rows)
    test(JSON.stringify(assertion), () => {
      const result = check(rulesOf(rules), assertion);
      expect([result.outcome, result.message]).toEqual([outcome, message]);
      const shown = result.counterexamples.map(
        ({ fate, path, which, certainty }) =>
          `${fate} ${path}: ${which.join(", ")}${certainty.sure ? "" : ` [${certainty.depends.join("; ")}]`}`,
      );
      if (counterexamples) expect(shown).toEqual(counterexamples);
      else if (outcome === "holds") expect(shown).toEqual([]);
      for (const { witness, confirmation } of result.counterexamples)
        expect([witness?.packet, confirmation?.confirmed, confirmation?.reason]).toEqual([witness?.packet, true, ""]);
    });

  test("equal to the rules of another file, and not", () => {
    const same = rulesOf(WEB.replace("INPUT -i lo -j ACCEPT\n", "INPUT -i lo -j ACCEPT\n-A INPUT -i lo -j ACCEPT\n"));
    expect(check(rulesOf(WEB), { "equal to": "other.rules" }, new Map([["other.rules", same]]))).toMatchObject({ outcome: "holds" });
    const other = rulesOf(WEB.replace("--dport 80", "--dport 81"));
    const result = check(rulesOf(WEB), { "equal to": "other.rules", path: "in" }, new Map([["other.rules", other]]));
    expect(result.outcome).toBe("fails");
    expect(result.details.join("\n")).toContain("tcp 80");
    expect(result.counterexamples.length).toBeGreaterThan(0);
  });

  test("findings are told with their places", () => {
    const result = check(rulesOf(filter("DROP DROP ACCEPT", STATEFUL, "INPUT -p udp -m udp --sport 53 -j ACCEPT")), {
      "no finding": "F07",
    });
    expect([result.outcome, result.details[0]?.startsWith("F07 fw.rules:6: ")]).toEqual(["fails", true]);
  });

  test("a budget that is spent leaves it undecided", () => {
    const many = Array.from(
      { length: 60 },
      (_, i) => `INPUT -s 10.${i}.0.0/16 -p tcp -m tcp --dport ${i * 100}:${i * 100 + 150} -j ACCEPT`,
    );
    const result = check(rulesOf(filter("DROP DROP DROP", ...many), { budget: 200 }), { allow: "from any to self tcp" });
    expect([result.outcome, result.message]).toEqual(["undecided", "unknown within the budget of 200 diagram nodes"]);
  });

  test("names that mean nothing have their place in the file", () => {
    const text = "assert:\n  - allow: from net(lan0) to self\n  - at most: [from any to self, from @nobody to self]\n";
    const { value } = readAssertions("fw.yaml", text);
    if (value === undefined) throw new Error("not read");
    const run = checkAssertions(value, rulesOf(WEB), new Map());
    expect("faults" in run && run.faults.map(({ line, column, message }) => [line, column, message.slice(0, 30)])).toEqual([
      [2, 17, "net(lan0) needs to know the ma"],
      [3, 38, 'there is no set "nobody": neit'],
    ]);
    const { value: host } = hostFromFlags({ interfaces: ["lan0=192.168.1.1/24"] });
    expect("faults" in checkAssertions(value, rulesOf(WEB, { host }), new Map())).toBe(true);
  });
});

describe("the command", () => {
  const place = scratch();
  afterAll(() => place.remove());
  const rules = place.file("fw.rules", WEB);
  const folder = rules.slice(0, -"fw.rules".length);
  place.file(
    "good.yaml",
    "rules: fw.rules\nvars:\n  lan: 10.0.0.0/8\nassert:\n  - name: the LAN may ssh\n    allow: from $lan to self tcp 22\n  - no strays\n",
  );
  place.file(
    "bad.yaml",
    "rules: fw.rules\nassert:\n  - allow: from any to self tcp 80\n  - name: nobody may ssh\n    deny: from any to self tcp 22\n",
  );

  test("files are relative to the file of assertions; the status says whether all hold", async () => {
    const good = await ferrule("test", `${folder}good.yaml`);
    expect([good.status, good.stdout.split("\n").slice(0, 4)]).toEqual([
      0,
      ["holds  the LAN may ssh", "holds  no strays", "", "2 of 2 hold"],
    ]);
    const bad = await ferrule("test", `${folder}bad.yaml`);
    expect(bad.status).toBe(1);
    expect(bad.stdout).toContain(`FAILS  nobody may ssh  ${folder}bad.yaml:4\n`);
    expect(bad.stdout).toContain("witness  session tcp 10.0.0.5:40000 > 198.51.100.2:22 syn in eth0  confirmed by the engine");
    expect(bad.stdout).toContain(`filter INPUT rule 4  ${rules}:8  -A INPUT -s 10.0.0.0/8 -p tcp -m tcp --dport 22`);
  });

  test("other rules, TAP, JUnit and JSON", async () => {
    const other = place.file("other.rules", filter("DROP DROP DROP"));
    const tap = await ferrule("test", `${folder}bad.yaml`, "--rules", other, "--tap", "--junit", `${folder}junit.xml`);
    expect([tap.status, tap.stdout.split("\n").slice(0, 3)]).toEqual([
      1,
      ["TAP version 14", "1..2", "not ok 1 - allow from any to self tcp 80"],
    ]);
    expect(readFileSync(`${folder}junit.xml`, "utf8")).toContain('tests="2" failures="1" errors="0"');
    const json = await ferrule("test", `${folder}bad.yaml`, "--json");
    expect(JSON.parse(json.stdout)).toMatchObject({
      ferrule: "test",
      version: 1,
      held: 1,
      results: [{ outcome: "holds" }, { outcome: "fails", counterexamples: [{ confirmed: true, fate: "usable" }] }],
    });
  });

  test("faults of the file, of the rules and of missing files", async () => {
    place.file("typo.yaml", "rules: fw.rules\nassert:\n  - deny: from any to slef tcp 22\n");
    expect(await ferrule("test", `${folder}typo.yaml`)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(`${folder}typo.yaml:3:23: `) as unknown,
    });
    place.file("lost.yaml", "rules: lost.rules\nassert:\n  - no strays\n");
    expect(await ferrule("test", `${folder}lost.yaml`)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("lost.rules: cannot be read") as unknown,
    });
    place.file("none.yaml", "assert:\n  - no strays\n");
    expect(await ferrule("test", `${folder}none.yaml`)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("says no rules") as unknown,
    });
  });

  test("--watch runs again when a file changes, and waits out faults", async () => {
    const watched = place.file("watched.rules", WEB);
    const yaml = place.file("watched.yaml", "rules: watched.rules\nassert:\n  - allow: from any to self tcp 80\n");
    const child = spawn(process.execPath, ["--import", "tsx", "src/cli/main.ts", "test", yaml, "--watch"], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    const until = async (text: string): Promise<void> => {
      while (!said.includes(text)) await new Promise<void>(resolve => void child.stdout.once("data", () => resolve()));
    };
    child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      child.stdout.emit("data", "");
    });
    try {
      await until("1 of 1 hold");
      said = "";
      writeFileSync(watched, WEB.replace("--dport 80", "--dport 81"));
      await until("0 of 1 hold");
      said = "";
      appendFileSync(yaml, "  - allow: from any to slef\n");
      await until("no host of that name");
      said = "";
      writeFileSync(yaml, "rules: watched.rules\nassert:\n  - allow: from any to self tcp 81\n");
      await until("1 of 1 hold");
    } finally {
      child.kill();
    }
  });
});
