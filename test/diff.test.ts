import fc from "fast-check";
import { expect, test } from "vitest";
import { compareFamilies, compareFirewalls, isEqual } from "../src/analysis/diff/index.ts";
import { diffJson, diffLines, lineText } from "../src/report/index.ts";
import { compared, doubts, ROUTER, rulesFrom, shownDifference } from "./diff/planted.ts";
import { changed, PACKETS, plan, smallRules } from "./diff/small-rules.ts";
import { readSave } from "../src/syntax/index.ts";
import type { Ruleset } from "../src/ruleset/index.ts";

const STATE = "-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT";

/** A filter that drops what it is not told, but for answers and loopback. */
const closed = (...rules: string[]): string =>
  [
    "*filter",
    ":INPUT DROP [0:0]",
    ":FORWARD DROP [0:0]",
    ":OUTPUT ACCEPT [0:0]",
    `-A INPUT ${STATE}`,
    "-A INPUT -i lo -j ACCEPT",
    `-A FORWARD ${STATE}`,
    ...rules,
    "COMMIT",
  ].join("\n");

const rules = (text: string, family: 4 | 6 = 4): Ruleset => {
  const { ruleset, faults } = readSave(`${text}\n`, "rules", { family });
  if (ruleset === undefined) throw new Error(faults.map(({ message }) => message).join("; "));
  return ruleset;
};

/** The first lines of all classes: sign, services, ends; and what becomes of them. */
function told(before: string, after: string, options: { strict?: boolean; host?: boolean } = {}): string[] {
  const host = options.host ? ROUTER : undefined;
  const report = compareFirewalls(
    { v4: rules(before), host },
    { v4: rules(after), host },
    { names: ["A", "B"], strict: options.strict ?? false },
  );
  expect(doubts(report)).toEqual([]);
  const lines = diffLines(report, { all: true }).map(lineText);
  return lines
    .filter(line => /^[-+~] /.test(line))
    .map((line, index) => `${line} | ${report.rows[index]?.before.text} → ${report.rows[index]?.after.text}`);
}

const SSH = "-A INPUT -p tcp --dport 22 -j ACCEPT";
const NAT = (to: string): string => `*nat\n-A PREROUTING -i wan0 -p tcp --dport 8080 -j DNAT --to-destination ${to}\nCOMMIT\n`;

test.each<[string, string, string, readonly string[], { strict?: boolean; host?: boolean }?]>([
  ["the same rules", closed(SSH), closed(SSH), []],
  ["rules in another order", closed(SSH, "-A INPUT -p udp --dport 53 -j ACCEPT"), closed("-A INPUT -p udp --dport 53 -j ACCEPT", SSH), []],
  ["a rule that is covered", closed(SSH), closed(SSH, "-A INPUT -s 10.0.0.0/8 -p tcp --dport 22 -j ACCEPT"), []],
  [
    "all but a service",
    closed(SSH),
    closed("-A INPUT -s 10.0.0.0/8 -j ACCEPT", SSH),
    ["+ everything but ssh (tcp 22)  from 10.0.0.0/8 (private) | dropped → usable"],
  ],
  [
    "one rule for two",
    closed(SSH, "-A INPUT -p tcp --dport 80 -j ACCEPT"),
    closed("-A INPUT -p tcp -m multiport --dports 22,80 -j ACCEPT"),
    [],
  ],
  [
    "a chain for a rule",
    closed(SSH),
    `${closed("-A INPUT -p tcp -j TCP").replace("-A INPUT -m", ":TCP - [0:0]\n-A INPUT -m").replace("COMMIT", "-A TCP -p tcp --dport 22 -j ACCEPT\nCOMMIT")}`,
    [],
  ],
  ["a service more", closed(), closed(SSH), ["+ ssh (tcp 22) | dropped → usable"]],
  ["a service less", closed(SSH), closed(), ["- ssh (tcp 22) | usable → dropped"]],
  [
    "for fewer clients",
    closed(SSH),
    closed(`${SSH.replace("-p", "-s 10.0.0.0/8 -p")}`),
    ["- ssh (tcp 22)  from anywhere but 10.0.0.0/8 (private) | usable → dropped"],
  ],
  [
    "through one interface",
    closed(),
    closed("-A FORWARD -i lan0 -o wan0 -j ACCEPT"),
    ["+ everything  in lan0, out wan0 | dropped → usable"],
  ],
  [
    "appended after a catch-all (u19)",
    closed(SSH, "-A INPUT -j REJECT"),
    closed(SSH, "-A INPUT -j REJECT", "-A INPUT -p tcp --dport 80 -j ACCEPT"),
    [],
  ],
  [
    "inserted before a catch-all (u19)",
    closed(SSH, "-A INPUT -j REJECT"),
    closed(SSH, "-A INPUT -p tcp --dport 80 -j ACCEPT", "-A INPUT -j REJECT"),
    ["+ http (tcp 80) | rejected with icmp-port-unreachable → usable"],
  ],
  [
    "rejected instead of dropped",
    closed(SSH),
    closed(SSH, "-A INPUT -j REJECT"),
    ["~ everything else that was dropped | dropped → rejected with icmp-port-unreachable"],
  ],
  [
    "another answer",
    closed("-A INPUT -p tcp -j REJECT"),
    closed("-A INPUT -p tcp -j REJECT --reject-with tcp-reset"),
    ["~ everything else that was rejected with icmp-port-unreachable | rejected with icmp-port-unreachable → rejected with tcp-reset"],
  ],
  [
    "another target of NAT",
    NAT("192.168.1.5:80") + closed("-A FORWARD -i wan0 -j ACCEPT"),
    NAT("192.168.1.6:80") + closed("-A FORWARD -i wan0 -j ACCEPT"),
    ["~ http-alt (tcp 8080)  in wan0 | usable (DNAT to 192.168.1.5:80) → usable (DNAT to 192.168.1.6:80)"],
  ],
  [
    "a limit",
    closed("-A INPUT -p icmp --icmp-type echo-request -j ACCEPT"),
    closed("-A INPUT -p icmp --icmp-type echo-request -m limit --limit 5/sec -j ACCEPT"),
    ["- ping | usable → dropped"],
  ],
  [
    "answers of a service are lost",
    closed(SSH),
    closed(SSH, "-A OUTPUT -p tcp --sport 22 -j DROP"),
    [
      "- ssh (tcp 22) | usable → half-open: the answer is dropped",
      "- tcp from port 22 | usable → dropped",
      "- tcp from port 22 | usable → dropped",
      "- ssh (tcp 22) from port all but 22 | usable → half-open: the answer is dropped",
    ],
  ],
  [
    "loopback by address or by interface (u75)",
    closed().replace("-A INPUT -i lo -j ACCEPT", "-A INPUT -s 127.0.0.1 -j ACCEPT"),
    closed(),
    ["+ everything  from anywhere but 127.0.0.1 | dropped → usable"],
  ],
  ["stateless answers (u25)", closed(`-A INPUT -p tcp --sport 80 -j ACCEPT`), closed(), ["- tcp from port 80 | usable → dropped"]],
  [
    "connections that are picked up in the middle",
    closed("-A INPUT -p tcp -m conntrack --ctstate NEW -m tcp --dport 22 -j ACCEPT"),
    closed("-A INPUT -p tcp -m conntrack --ctstate NEW -m tcp --dport 22 --syn -j ACCEPT"),
    ["- ssh (tcp 22): packets of connections that tracking takes up in the middle | let through → dropped"],
  ],
  [
    "INVALID packets",
    closed("-A INPUT -m conntrack --ctstate INVALID -j ACCEPT"),
    closed(),
    ["- everything: packets that tracking calls INVALID | let through → dropped"],
  ],
  [
    "errors about sessions",
    closed(),
    closed().replace(
      "-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
      "-A INPUT -p icmp --icmp-type fragmentation-needed -j DROP\n-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
    ),
    // To this machine, and over loopback.
    [
      "- icmp fragmentation-needed: packets about sessions | let through → dropped",
      "- icmp fragmentation-needed: packets about sessions | let through → dropped",
    ],
  ],
  ["logging, which does not count", closed(SSH), closed("-A INPUT -p tcp --dport 22 -j LOG", SSH), []],
  [
    "logging, which counts",
    closed(SSH),
    closed('-A INPUT -p tcp --dport 22 -m conntrack --ctstate NEW -j LOG --log-prefix "ssh "', SSH),
    ['~ ssh (tcp 22) | usable → usable (log "ssh ")'],
    { strict: true },
  ],
  [
    "logging of what is dropped",
    closed(SSH),
    closed(SSH, "-A INPUT -j LOG"),
    ['~ everything else that was dropped: packets that open sessions | dropped → dropped (log "")'],
    { strict: true },
  ],
  [
    "on a machine that is known",
    closed(),
    closed("-A INPUT -i lan0 -p tcp --dport 22 -j ACCEPT"),
    ["+ ssh (tcp 22)  from lan0's network | dropped → usable"],
    { host: true },
  ],
])("%s", (_, before, after, expected, options) => {
  expect(told(before, after, options)).toEqual(expected);
});

test("who decides, and what shows it", () => {
  const report = compareFirewalls({ v4: rules(closed()) }, { v4: rules(closed(SSH)) }, { names: ["old.v4", "new.v4"] });
  expect(diffLines(report, { all: false }).map(lineText)).toEqual([
    "old.v4 → new.v4: + 1 opened; nothing else differs (IPv4)",
    "",
    "IPv4, to this machine",
    "+ ssh (tcp 22)",
    "    before   dropped  the policy of filter INPUT (policy DROP)",
    "    after    usable  rules:8 filter INPUT rule 3: -A INPUT -p tcp -m tcp --dport 22 -j ACCEPT",
    "    witness  session tcp 203.0.113.9:40000 > 198.51.100.2:22 syn in eth0",
  ]);
});

test("both families in one run", () => {
  const v4 = rules(closed(SSH));
  const v6 = rules(closed(SSH), 6);
  const more = rules(closed(SSH, "-A INPUT -p tcp --dport 80 -j ACCEPT"), 6);
  const options = { names: ["A", "B"] as const };
  const same = compareFirewalls({ v4, v6 }, { v4, v6 }, options);
  expect([isEqual(same), same.families]).toEqual([true, [4, 6]]);
  expect(diffLines(same, { all: false }).map(lineText)).toEqual([
    "equal: A and B let the same sessions and packets through, proven for all packets (IPv4 and IPv6)",
  ]);
  const other = compareFirewalls({ v4, v6 }, { v4, v6: more }, options);
  expect(other.rows.map(({ family, change, services }) => [family, change, services.map(({ name }) => name)])).toEqual([
    [6, "opens", ["http (tcp 80)"]],
  ]);
  expect(doubts(other)).toEqual([]);
});

test("the families of one ruleset, service by service", () => {
  const v4 = rules(
    closed(
      "-A INPUT -s 10.0.0.0/8 -p tcp --dport 22 -j ACCEPT",
      "-A INPUT -p tcp --dport 25 -j ACCEPT",
      "-A INPUT -p icmp --icmp-type 8 -j ACCEPT",
    ),
  );
  const v6 = rules(
    closed(SSH, "-A INPUT -p ipv6-icmp --icmpv6-type 128 -j ACCEPT", "-A INPUT -p ipv6-icmp --icmpv6-type 136 -j ACCEPT"),
    6,
  );
  const report = compareFamilies({ v4, v6 }, {});
  expect(
    report.rows.map(({ change, services, before, after }) => [change, services.map(({ name }) => name).join(), before.text, after.text]),
  ).toEqual([
    ["opens", "ssh (tcp 22)", "open to some addresses", "open to everyone"],
    ["closes", "smtp (tcp 25)", "open to everyone", "open to nobody"],
  ]);
  expect(doubts(report)).toEqual([]);
  const alone = compareFamilies({ v4 }, {});
  expect(alone.assumptions).toContain("there are no IPv6 rules, so that nothing filters IPv6");
  expect(alone.rows.every(({ change }) => change === "opens")).toBe(true);
  expect(isEqual(compareFamilies({ v4: rules(closed(SSH)), v6: rules(closed(SSH), 6) }, {}))).toBe(true);
});

test("what a budget does not allow is said", () => {
  const report = compareFirewalls({ v4: rules(closed()) }, { v4: rules(closed(SSH)) }, { names: ["A", "B"], budget: 10 });
  expect(isEqual(report)).toBe(false);
  expect(report.undone.length).toBeGreaterThan(0);
  expect(diffLines(report, { all: false }).map(lineText).join("\n")).toContain("not compared: IPv4, to this machine: ");
});

test("hostile names stay on their line", () => {
  const report = compareFirewalls({ v4: rules(closed()) }, { v4: rules(closed(SSH)) }, { names: ["a\u001b[31m", "b\n"] });
  const lines = diffLines(report, { all: true }).map(lineText);
  expect(lines.every(line => !/[\u0000-\u001f]/.test(line))).toBe(true);
});

test("JSON says all of it", () => {
  const report = compareFirewalls({ v4: rules(closed()) }, { v4: rules(closed(SSH)) }, { names: ["A", "B"] });
  expect(JSON.parse(JSON.stringify(diffJson(report)))).toMatchObject({
    ferrule: "diff",
    version: 1,
    equal: false,
    rows: [
      {
        change: "opens",
        path: "in",
        services: [{ protocols: [[6, 6]], ports: [[22, 22]] }],
        before: { text: "dropped", confirmed: true, witness: { claim: "refused" } },
        after: { text: "usable", confirmed: true, witness: { claim: "usable" }, decidedBy: { chain: "INPUT", number: 3 } },
      },
    ],
  });
});

/** Every tenth packet of the pool, another tenth each time. */
const some = (at: number): readonly string[] => PACKETS.filter((_, index) => index % 10 === at % 10);

test("nothing is said to come from a broadcast address of the machine itself", () => {
  const open = ["*filter", ":INPUT ACCEPT [0:0]", ":FORWARD DROP [0:0]", ":OUTPUT ACCEPT [0:0]"];
  const before = rules([...open, "COMMIT"].join("\n"));
  const after = rules([...open, "-A INPUT -s 192.168.1.255 -d 192.168.1.1 -j DROP", "COMMIT"].join("\n"));
  const report = compared(before, after, ROUTER);
  expect(doubts(report)).toEqual([]);
  expect(report.rows.filter(({ path, from }) => path === "local" || from.includes("192.168.1.255"))).toEqual([]);
});

test("a change that the engine can show is found, nothing differs from itself, and witnesses show what they claim", () => {
  const counts = { pairs: 0, shown: 0, equal: 0, witnesses: 0 };
  fc.assert(
    fc.property(smallRules, plan, (lines, change) => {
      const [before, after] = [rulesFrom(lines), rulesFrom(changed(lines, change))];
      expect(isEqual(compared(before, before, undefined))).toBe(true);
      const report = compared(before, after, ROUTER);
      const shown = shownDifference(before, after, some(change.at));
      counts.pairs++;
      if (isEqual(report)) counts.equal++;
      if (shown !== undefined) {
        counts.shown++;
        expect(isEqual(report), shown).toBe(false);
      }
      counts.witnesses += 2 * report.rows.length;
      expect(doubts(report)).toEqual([]);
    }),
    { numRuns: 25 },
  );
  console.log(
    `${counts.pairs} planted changes: the engine shows ${counts.shown} with a few packets, ${counts.equal} are proven to change nothing, ${counts.witnesses} witnesses confirmed`,
  );
});
