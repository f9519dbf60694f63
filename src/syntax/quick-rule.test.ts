import fc from "fast-check";
import { expect, test } from "vitest";
import { draftOf, draftTable, ZERO, type Rule } from "../ruleset/index.ts";
import { settingsOf, type ReadOptions } from "./options.ts";
import { QuickRules } from "./quick-rule.ts";
import { readSave } from "./save.ts";

const AT = { file: "f", line: 1, column: 1 };

test.each([
  ["-A INPUT -s 10.0.0.0/8 -d 10.1.2.3/32 -p tcp -m tcp --dport 22 -j ACCEPT", true],
  ["-A INPUT ! -s 10.0.0.0/8 -j ACCEPT", true],
  ["-A INPUT -d 10.1.2.3 -j DROP", true],
  ["-A INPUT", true],
  [" -A INPUT -j DROP", true],
  ["-A INPUT -p tcp -s 10.0.0.0/8 -j DROP", true],
  ["-A INPUT -m limit --limit 1/s -j ACCEPT", true],
  // Two rules, and an address in front as well as behind.
  ["-A INPUT -s 10.0.0.0/8,11.0.0.0/8 -j DROP", false],
  ["-A INPUT -d 10.0.0.0/8 -s 11.0.0.0/8 -j DROP", false],
  ["-A  INPUT -j DROP", false],
  ['-A "INPUT" -j DROP', false],
  ["-I INPUT -j DROP", false],
  ["-A OUTPUT -i eth0 -j DROP", false],
  ["-A nowhere -j DROP", false],
  ["-A INPUT -j nowhere", false],
  ["-A INPUT -p tcp --dport 99999", false],
  ["-A INPUT -c 1 2 -j DROP", false],
  ["-A INPUT -s 10.0.0.1/8 -j DROP", false],
])("%s is read the quick way: %s", (line, quick) => {
  const draft = draftOf(4);
  const place = { name: "filter", chains: draftTable(draft, "filter") } as const;
  const rules = new QuickRules(settingsOf({}, 4));
  for (let i = 0; i < 2; i++) expect(rules.read(line, 0, place, { counters: ZERO, at: AT }) !== undefined).toBe(quick);
});

test("rules that agree behind their heads share what is behind them, unless it has a state", () => {
  const draft = draftOf(4);
  const place = { name: "filter", chains: draftTable(draft, "filter") } as const;
  const quick = new QuickRules(settingsOf({}, 4));
  const read = (line: string): Rule => quick.read(line, 0, place, { counters: ZERO, at: AT })?.rule as Rule;
  const tails = ["-p tcp -m tcp --dport 22 -j ACCEPT", "-m limit --limit 1/sec -j ACCEPT"];
  const shared = tails.map(
    tail => read(`-A INPUT -s 10.0.0.1/32 ${tail}`).matches[0] === read(`-A FORWARD -s 10.0.0.2/32 ${tail}`).matches[0],
  );
  expect(shared).toEqual([true, false]);
});

const address = fc.constantFrom(
  "10.0.0.0/8",
  "10.1.2.3",
  "10.1.2.3/32",
  "0.0.0.0/0",
  "10.0.0.1/8",
  "010.0.0.1",
  "any/0",
  "2001:db8::/32",
  "10.0.0.1,10.0.0.2",
  "host",
  "1.2.3.4/255.0.255.0",
  "!",
  "",
);
const part = fc.oneof(
  fc.tuple(fc.constantFrom("-s", "-d", "! -s", "! -d", "--source", "-s !"), address).map(words => words.join(" ")),
  fc.constantFrom(
    "-p tcp",
    "-p udp",
    "! -p tcp",
    "-p 6",
    "-p ipv6-icmp",
    "-m tcp --dport 80",
    "--dport 80",
    "! --sport 1:2",
    "-m udp --sport ssh",
    "--syn",
    "-m limit --limit 1/s",
    "-m state --state NEW",
    '-m comment --comment "a b"',
    "-m nope --x 1",
    "-i eth0",
    "-o eth+",
    "-i +",
    "! -o lo",
    "-f",
    "-c 1 2",
    "-t nat",
    "-4",
    "-6",
    "-v",
    "-n",
    "--",
    "!",
    "x",
    '"',
    "-h",
    "-j ACCEPT",
    "-j DROP",
    "-j user",
    "-g user",
    "-j later",
    "-g nowhere",
    "-j REJECT --reject-with tcp-reset",
    '-j LOG --log-prefix "x: "',
    "-j RETURN",
    "-jACCEPT",
    "-N later",
    "-m",
    "-m mark --mark 1/2",
    "-m set --match-set s src",
    "-m statistic --mode random --probability 0.5",
    "-m multiport --dports 1,2",
    "-w",
  ),
);
const rest = fc.tuple(
  fc.constantFrom("INPUT", "OUTPUT", "POSTROUTING", "user", "later", '"user"', "nowhere"),
  fc.array(part, { maxLength: 5 }),
  fc.constantFrom(" ", " ", " ", "  ", "\t"),
);
const counters = fc.constantFrom("", "", "[0:0] ", "[12:3456]", "[1:99999999999999999999] ", "[-1:2] ", "[x:1] ");
const line = fc.oneof(
  {
    weight: 9,
    arbitrary: fc
      .tuple(counters, rest)
      .map(([counted, [chain, parts, blank]]) => ({ head: `${counted}-A `, tail: [chain, ...parts].join(blank) })),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom("-N later", "-X later", ":later - [0:0]", "-F INPUT", "-E user later")
      .map(text => ({ head: "", tail: text })),
  },
);

/** Rules in which there is nothing wrong: one fault makes a whole text refused. */
const sound = fc
  .tuple(
    fc.constantFrom("user", "INPUT"),
    fc.constantFrom("", "-s 10.0.0.0/8 ", "! -d 10.1.2.3/32 ", "-s 10.0.0.0/8 -d 10.1.2.3/32 "),
    fc.constantFrom("-p tcp -m tcp --dport 80 ", "-p udp -m udp --sport 1:2 ", "-m mark --mark 0x1/0x2 ", "-m limit --limit 1/s ", ""),
    fc.constantFrom("-j ACCEPT", "-j DROP", "-j RETURN", '-j LOG --log-prefix "x: "', ""),
  )
  .map(([chain, ...words]) => ({ head: "-A ", tail: `${chain} ${words.join("")}`.trimEnd() }));
const text = fc.oneof(
  fc.array(line, { minLength: 1, maxLength: 6 }),
  fc.array(fc.oneof({ weight: 9, arbitrary: sound }, { weight: 1, arbitrary: line }), { minLength: 1, maxLength: 6 }),
);

/** Everything that can be told of a rule, and which other rules it shares a state with. */
function told(rules: readonly Rule[]): string {
  const states: unknown[] = [];
  return JSON.stringify(rules, (key, value: unknown) => {
    if (typeof value === "bigint") return `${value}n`;
    if (key === "type" || typeof value === "function") return undefined;
    if (key !== "opaque") return value;
    if (!states.includes(value)) states.push(value);
    return { ...(value as object), state: states.indexOf(value) };
  });
}

/** Reads rules; behind `-A` stand as many blanks as asked, of which more than one is always read the long way. */
function read(
  lines: readonly { readonly head: string; readonly tail: string }[],
  table: string,
  blanks: number,
  options: ReadOptions,
): unknown {
  const text = [
    `*${table}`,
    ":user - [0:0]",
    ...lines.map(({ head, tail }) => `${head}${head === "" ? "" : " ".repeat(blanks - 1)}${tail}`),
    "COMMIT",
    "",
  ];
  const { ruleset, faults, warnings, ignored } = readSave(text.join("\n"), "f", { ...options, family: options.family ?? 4 });
  const chains = [...(ruleset?.tables.values() ?? [])].flatMap(({ chains: all }) => [...all.values()]);
  const said = [...faults, ...warnings].map(({ line: at, message, guess, status }) => ({ at, message, guess, status }));
  return {
    chains: chains.map(({ name, rules }) => [name, told(rules)]),
    said,
    ignored: ignored.map(({ line: at, reason }) => [at, reason]),
  };
}

/** The words behind the second rule's head are known, and what they lead to is not there any more. */
const RENAMED = ["-A INPUT -j user", "-E user later", "-A INPUT -j user"].map(text => ({ head: text.slice(0, 3), tail: text.slice(3) }));

test("the quick way and the long way read the same", () => {
  const options = fc.constantFrom<ReadOptions>(
    {},
    {},
    { lenient: true },
    { oldSyntax: true },
    { keepNames: true },
    { family: 6 },
    { variant: "nft" },
  );
  let accepted = 0;
  fc.assert(
    fc.property(text, fc.constantFrom("filter", "nat", "mangle"), options, (lines, table, how) => {
      // Each line twice, so that the second is known.
      const all = lines.flatMap(each => [each, each]);
      const quick = read(all, table, 1, how);
      expect(quick).toEqual(read(all, table, 2, how));
      if ((quick as { readonly chains: readonly unknown[] }).chains.length > 0) accepted++;
    }),
    { numRuns: 1500, examples: [[RENAMED, "filter", {}]] },
  );
  expect(accepted).toBeGreaterThan(200);
});
