import { expect, test } from "vitest";
import { printSave, readSave } from "../../syntax/index.ts";
import type { Ruleset } from "../../ruleset/index.ts";
import { printMadeSets, safelyOptimized, type Safe } from "./index.ts";

/** Rules of a chain INPUT as lines behind `-A INPUT `; what begins with a dash, a colon or a bracket stands as it is. */
function rulesetOf(lines: readonly string[], family: 4 | 6 = 4): Ruleset {
  const text = ["*filter", ...lines.map(line => (/^(:|-A|\[)/.test(line) ? line : `-A INPUT ${line}`)), "COMMIT", ""].join("\n");
  const { ruleset, faults } = readSave(text, "rules", { family });
  if (!ruleset) throw new Error(faults[0]?.message);
  return ruleset;
}

interface Way {
  readonly splitFrom?: number;
  readonly makeSets?: boolean;
  readonly removeDead?: boolean;
  readonly family?: 4 | 6;
  readonly whole?: boolean;
}

function safe(
  lines: readonly string[],
  { splitFrom = 0, makeSets = false, removeDead = false, family = 4, whole = false }: Way = {},
): Safe {
  const result = safelyOptimized(rulesetOf(lines, family), { splitFrom, makeSets, removeDead, whole });
  if ("reason" in result) throw new Error(result.reason);
  return result;
}

/** The rules as they are then, without what every table begins and ends with. */
function check(lines: readonly string[], expected: readonly string[], way: Way = {}): Safe {
  const result = safe(lines, way);
  expect(result.withheld).toEqual([]);
  const saved = printSave(result.result.ruleset).split("\n");
  expect(saved.filter(line => line.startsWith("-A ")).map(line => line.replace("-A INPUT ", ""))).toEqual(expected);
  return result;
}

const DPORT = (port: number | string, target = "ACCEPT"): string => `-p tcp -m tcp --dport ${port} -j ${target}`;

test.each<[string, readonly string[], readonly string[]]>([
  ["ports of one protocol and verdict", [DPORT(22), DPORT(80), DPORT(443)], ["-p tcp -m tcp -m multiport --dports 22,80,443 -j ACCEPT"]],
  ["ports that touch become a range", [DPORT(22), DPORT(23), DPORT(24)], [DPORT("22:24")]],
  [
    "lists that are lists already",
    ["-p tcp -m multiport --dports 22,80 -j ACCEPT", "-p tcp -m multiport --dports 443,8080 -j ACCEPT"],
    ["-p tcp -m multiport --dports 22,80,443,8080 -j ACCEPT"],
  ],
  ["another protocol", [DPORT(22), "-p udp -m udp --dport 22 -j ACCEPT"], [DPORT(22), "-p udp -m udp --dport 22 -j ACCEPT"]],
  ["past a rule that minds", [DPORT(22), "-s 10.0.0.0/8 -j DROP", DPORT(80)], [DPORT(22), "-s 10.0.0.0/8 -j DROP", DPORT(80)]],
  [
    "past a rule that does not mind",
    [DPORT(22), "-p udp -j DROP", DPORT(80)],
    ["-p tcp -m tcp -m multiport --dports 22,80 -j ACCEPT", "-p udp -j DROP"],
  ],
  ["neighbouring networks", ["-s 10.0.0.0/25 -j DROP", "-s 10.0.0.128/25 -j DROP"], ["-s 10.0.0.0/24 -j DROP"]],
  [
    "neighbouring hosts",
    ["-s 10.0.0.1/32 -j DROP", "-s 10.0.0.2/32 -j DROP", "-s 10.0.0.3/32 -j DROP"],
    ["-m iprange --src-range 10.0.0.1-10.0.0.3 -j DROP"],
  ],
  [
    "destinations as well",
    ["-s 10.0.0.0/8 -d 192.0.2.2/32 -j DROP", "-s 10.0.0.0/8 -d 192.0.2.3/32 -j DROP"],
    ["-s 10.0.0.0/8 -d 192.0.2.2/31 -j DROP"],
  ],
  [
    "limits of their own",
    [`-p tcp -m tcp --dport 22 -m limit --limit 3/min -j ACCEPT`, `-p tcp -m tcp --dport 80 -m limit --limit 3/min -j ACCEPT`],
    [`-p tcp -m tcp --dport 22 -m limit --limit 3/min -j ACCEPT`, `-p tcp -m tcp --dport 80 -m limit --limit 3/min -j ACCEPT`],
  ],
  ["rules that only count", ["-s 10.0.0.1/32", "-s 10.0.0.2/32"], ["-s 10.0.0.1/32", "-s 10.0.0.2/32"]],
  [
    "comments that differ",
    [`-p tcp -m tcp --dport 22 -m comment --comment ssh -j ACCEPT`, `-p tcp -m tcp --dport 80 -m comment --comment web -j ACCEPT`],
    [`-p tcp -m tcp --dport 22 -m comment --comment ssh -j ACCEPT`, `-p tcp -m tcp --dport 80 -m comment --comment web -j ACCEPT`],
  ],
  [
    "one comment",
    [
      `-p tcp -m tcp --dport 22 -m comment --comment "in, please" -j ACCEPT`,
      `-p tcp -m tcp --dport 80 -m comment --comment "in, please" -j ACCEPT`,
    ],
    [`-p tcp -m tcp -m multiport --dports 22,80 -m comment --comment "in, please" -j ACCEPT`],
  ],
  [
    "log lines of the same packets",
    [`-p tcp -m tcp --dport 22 -j LOG --log-prefix "a "`, `-p tcp -m tcp --dport 22:23 -j LOG --log-prefix "a "`],
    [`-p tcp -m tcp --dport 22 -j LOG --log-prefix "a "`, `-p tcp -m tcp --dport 22:23 -j LOG --log-prefix "a "`],
  ],
  [
    "log lines of different packets",
    [`-p tcp -m tcp --dport 22 -j LOG --log-prefix "a "`, `-p tcp -m tcp --dport 25 -j LOG --log-prefix "a "`],
    [`-p tcp -m tcp -m multiport --dports 22,25 -j LOG --log-prefix "a "`],
  ],
  [
    "inverted ports",
    ["-p tcp -m tcp ! --dport 22 -j DROP", "-p tcp -m tcp ! --dport 80 -j DROP"],
    ["-p tcp -m tcp ! --dport 22 -j DROP", "-p tcp -m tcp ! --dport 80 -j DROP"],
  ],
])("merging: %s", (_, lines, expected) => {
  check(lines, expected);
});

test("a list of ports has fifteen slots, and a range takes two", () => {
  const singles = Array.from({ length: 16 }, (_, at) => DPORT(1000 + 2 * at));
  check(singles, [
    `-p tcp -m tcp -m multiport --dports ${Array.from({ length: 15 }, (_, at) => 1000 + 2 * at).join(",")} -j ACCEPT`,
    DPORT(1030),
  ]);
  const ranges = Array.from({ length: 8 }, (_, at) => DPORT(`${1000 + 10 * at}:${1001 + 10 * at}`));
  check(ranges, [
    `-p tcp -m tcp -m multiport --dports ${Array.from({ length: 7 }, (_, at) => `${1000 + 10 * at}:${1001 + 10 * at}`).join(",")} -j ACCEPT`,
    DPORT("1070:1071"),
  ]);
});

const ESTABLISHED = "-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT";

test("what nobody counted: established connections come first, the rest stays", () => {
  check(["-i lo -j ACCEPT", DPORT(22), ESTABLISHED, "-p udp -j DROP"], [ESTABLISHED, "-i lo -j ACCEPT", DPORT(22), "-p udp -j DROP"]);
});

test("established connections do not pass a rule that drops some of them, and it is said which", () => {
  const { result } = check(["-s 10.0.0.0/8 -j DROP", DPORT(22), ESTABLISHED], ["-s 10.0.0.0/8 -j DROP", ESTABLISHED, DPORT(22)]);
  expect(result.obstacles.map(({ rule, before }) => [rule.number, before.map(({ number }) => number)])).toEqual([[3, [1]]]);
});

const counted = (packets: number, rule: string): string => `[${packets}:${packets * 60}] -A INPUT ${rule}`;

test("rules come in the order of their packets, each behind what it may not pass", () => {
  const { result } = check(
    [
      ":INPUT ACCEPT [10:600]",
      counted(1, "-s 192.0.2.1/32 -j DROP"),
      counted(5, "-p tcp -j ACCEPT"),
      counted(100, "-p udp -m udp --dport 53 -j ACCEPT"),
      counted(1000, "-p icmp -j ACCEPT"),
      counted(50, "-d 198.51.100.0/24 -j ACCEPT"),
    ],
    [
      "-s 192.0.2.1/32 -j DROP",
      "-p icmp -j ACCEPT",
      "-p udp -m udp --dport 53 -j ACCEPT",
      "-d 198.51.100.0/24 -j ACCEPT",
      "-p tcp -j ACCEPT",
    ],
    { whole: true },
  );
  const [cost] = result.costs;
  expect(cost?.before.packets).toBe(1166);
  // By hand: 1·1 + 5·2 + 100·3 + 1000·4 + 50·5 + 10·5, and 1·1 + 1000·2 + 100·3 + 50·4 + 5·5 + 10·5.
  expect(cost?.before.expected).toBeCloseTo(4611 / 1166, 9);
  expect(cost?.after.expected).toBeCloseTo(2576 / 1166, 9);
});

test("a packet whose header is cut keeps rules in their places, unless whole packets are enough", () => {
  const lines = [counted(1, DPORT(22)), counted(1000, "-d 198.51.100.0/24 -j ACCEPT")];
  const plain = lines.map(line => line.replace(/^.*-A INPUT /, ""));
  check(lines, plain);
  check(lines, plain.toReversed(), { whole: true });
});

test("counters go with their rules, and are summed where rules become one", () => {
  const { result } = safe([":INPUT DROP [3:180]", counted(1, DPORT(22)), counted(7, "-p udp -j ACCEPT"), counted(2, DPORT(80))]);
  const saved = printSave(result.ruleset, { counters: true }).split("\n");
  expect(saved.filter(line => line.includes("-A INPUT") || line.startsWith(":INPUT"))).toEqual([
    ":INPUT DROP [3:180]",
    "[7:420] -A INPUT -p udp -j ACCEPT",
    "[3:180] -A INPUT -p tcp -m tcp -m multiport --dports 22,80 -j ACCEPT",
  ]);
});

test("a mark that a later rule asks for keeps both in their places", () => {
  const lines = [
    counted(1, "-s 192.0.2.0/24 -m mark --mark 0x0 -j MARK --set-xmark 0x1/0xffffffff"),
    counted(1000, "-m mark --mark 0x1 -j DROP"),
  ];
  check(
    lines,
    lines.map(line => line.replace(/^.*-A INPUT /, "")),
  );
});

test("a set that a rule changes keeps the rules that ask it in their places", () => {
  const lines = [
    counted(1, "-m set ! --match-set seen src -j SET --add-set seen src"),
    counted(1000, "-m set --match-set seen src -j DROP"),
  ];
  check(
    lines,
    lines.map(line => line.replace(/^.*-A INPUT /, "")),
  );
});

const hosts = (count: number, target: string): string[] =>
  Array.from({ length: count }, (_, at) => `-s 10.${(at * 37) % 256}.${at % 7}.${(at * 91) % 251}/32 -j ${target}`);

test("a long run at the chain's end goes to chains by address; a packet meets few of them", () => {
  const { result, withheld } = safe(hosts(200, "DROP"), { splitFrom: 16 });
  expect(withheld).toEqual([]);
  const [cost] = result.costs;
  expect(cost?.before.worst).toBe(200);
  expect(cost?.after.worst).toBeLessThan(40);
  expect(
    result.ruleset.tables
      .get("filter")
      ?.chains.get("INPUT")
      ?.rules.every(({ target }) => target?.action.do === "goto"),
  ).toBe(true);
});

test("a long run in the middle is jumped to, and what no cell takes comes back", () => {
  const { result, withheld } = safe([...hosts(60, "DROP"), "-j LOG", "-p tcp -j REJECT"], { splitFrom: 16 });
  expect(withheld).toEqual([]);
  const rules = result.ruleset.tables.get("filter")?.chains.get("INPUT")?.rules ?? [];
  expect(rules.map(({ target }) => target?.save)).toEqual(
    ["-j INPUT.1", "-j LOG", "-p tcp -j REJECT"].map(line =>
      line.startsWith("-p") ? "-j REJECT --reject-with icmp-port-unreachable" : line,
    ),
  );
});

test("rules that only count, by source and by destination in turns, are split by both; each keeps its own counter", () => {
  const lines = Array.from({ length: 60 }, (_, at) => counted(0, `-${at % 2 ? "s" : "d"} 10.${at}.0.0/16`));
  const { result, withheld } = safe([...lines, "-j ACCEPT"], { splitFrom: 16 });
  expect(withheld).toEqual([]);
  expect(result.costs[0]?.before.worst).toBe(61);
  expect(result.costs[0]?.after.worst).toBeLessThan(30);
  const chains = [...(result.ruleset.tables.get("filter")?.chains.values() ?? [])];
  expect(chains.flatMap(({ rules }) => rules).filter(({ target }) => target === undefined)).toHaveLength(60);
});

test("RETURN stays in its chain when the run is not at the end, and may go to a cell when it is", () => {
  const chain = hosts(40, "RETURN").map(rule => `-A own ${rule}`);
  const tail = safe([":own - [0:0]", ...chain, "-j own", "-j DROP"], { splitFrom: 16 });
  expect(tail.withheld).toEqual([]);
  expect(tail.result.changes.map(({ kind }) => kind)).toContain("split");
  const middle = safe([":own - [0:0]", ...chain, "-A own -p udp -j DROP", "-j own", "-j DROP"], { splitFrom: 16 });
  expect(middle.result.changes.map(({ kind }) => kind)).not.toContain("split");
});

test.each<[string, readonly string[], 4 | 6]>([
  ["by port", Array.from({ length: 40 }, (_, at) => `-p tcp -m tcp --dport ${1000 + 3 * at} -m ttl --ttl-eq ${at + 1} -j ACCEPT`), 4],
  [
    "by protocol",
    Array.from({ length: 40 }, (_, at) => `-p ${["tcp", "udp", "icmp", "esp"][at % 4]} -m ttl --ttl-eq ${at + 1} -j ACCEPT`),
    4,
  ],
  ["by interface", Array.from({ length: 40 }, (_, at) => `-i eth${at % 5} -m ttl --ttl-eq ${at + 1} -j ACCEPT`), 4],
  ["by IPv6 prefix", Array.from({ length: 40 }, (_, at) => `-s 2001:db8:${at * 7}::/48 -j DROP`), 6],
  ["by destination", Array.from({ length: 40 }, (_, at) => `-d 10.${at}.0.0/16 -m ttl --ttl-eq ${at + 1} -j ACCEPT`), 4],
])("chains %s", (_, lines, family) => {
  const { result, withheld } = safe(lines, { splitFrom: 16, family });
  expect(withheld).toEqual([]);
  expect(result.changes.map(({ kind }) => kind)).toContain("split");
  expect(result.costs[0]?.after.worst).toBeLessThan(result.costs[0]?.before.worst ?? 0);
});

test("rules that differ in their addresses become one and an ipset with exactly these", () => {
  const lines = ["-s 10.0.0.1/32 -j DROP", "-s 192.0.2.0/24 -j DROP", "-s 10.0.0.2/31 -j DROP", "-s 172.16.0.0/12 -j DROP"];
  const { result } = check(lines, ["-m set --match-set INPUT-1 src -j DROP"], { makeSets: true });
  expect(printMadeSets(result.sets)).toBe(
    "create INPUT-1 hash:net family inet hashsize 1024 maxelem 65536\nadd INPUT-1 10.0.0.1/32\nadd INPUT-1 10.0.0.2/31\nadd INPUT-1 172.16.0.0/12\nadd INPUT-1 192.0.2.0/24\n",
  );
});

test("a set's name is one that no rule has", () => {
  const { result } = safe(
    ["-m set --match-set INPUT-1 src -j ACCEPT", "-s 10.0.0.1/32 -j DROP", "-s 10.0.0.3/32 -j DROP", "-s 10.0.0.5/32 -j DROP"],
    {
      makeSets: true,
    },
  );
  expect(result.sets.map(({ name }) => name)).toEqual(["INPUT-2"]);
});

test("dead rules go only when asked for, and are counted where nobody has", () => {
  const lines = ["-s 10.0.0.0/8 -j DROP", "-s 10.1.0.0/16 -j ACCEPT", "-p udp -j ACCEPT"];
  expect(check(lines, lines).dead).toBe(1);
  expect(check(lines, ["-s 10.0.0.0/8 -j DROP", "-p udp -j ACCEPT"], { removeDead: true }).dead).toBe(0);
  expect(check(["-p udp -j ACCEPT"], ["-p udp -j ACCEPT"]).dead).toBe(0);
});

test("a rule that no whole packet reaches stays while it drops packets with a cut header", () => {
  const lines = ["-p tcp -m multiport --dports 22 -j DROP", `${DPORT(22)}`, "-p udp -j ACCEPT"];
  const { result, withheld } = safe(lines, { removeDead: true });
  expect(result.changes).toEqual([]);
  expect(withheld).toEqual(["removing rules that no whole packet reaches, but that drop packets with a cut header: filter INPUT 2"]);
});

test("the one rule that switches connection tracking on stays, even where no packet comes to it", () => {
  const { result, withheld } = safe(["-j DROP", "-m conntrack --ctstate NEW -j ACCEPT"], { removeDead: true });
  expect(result.changes).toEqual([]);
  expect(withheld).toEqual(["removing dead rules: no rule would make the kernel switch on any more: conntrack"]);
});

test("what iptables-save cannot print as it is is refused", () => {
  const result = safelyOptimized(rulesetOf(["-p tcp -m tcp --tcp-flags NONE SYN -j DROP", DPORT(22), DPORT(25)]), {
    splitFrom: 0,
    makeSets: false,
    removeDead: false,
    whole: false,
  });
  expect(result).toEqual({ reason: "iptables-save would not print this rule as it is: -p tcp -m tcp -j DROP (rules:2)" });
});

test("ten thousand rules of one verdict take no quadratic time, nor do nested networks and chains", { timeout: 60_000 }, () => {
  const nested = Array.from(
    { length: 3000 },
    (_, at) => `-s 10.${at >> 8}.${at & 255}.0/${8 + (at % 17)} -m ttl --ttl-eq ${at % 255} -j ${at % 2 ? "DROP" : "ACCEPT"}`,
  );
  expect(() => safe(nested, { splitFrom: 16 })).not.toThrow();
  const depth = 400;
  const chains = Array.from({ length: depth }, (_, at) => `:c${at} - [0:0]`);
  const jumps = Array.from({ length: depth - 1 }, (_, at) => `-A c${at} -s 10.0.0.${at % 200}/32 -j c${at + 1}`);
  expect(() => safe([...chains, ...jumps, "-j c0"], { splitFrom: 16 })).not.toThrow();
});
