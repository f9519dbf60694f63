import fc from "fast-check";
import { expect, test } from "vitest";
import { zeroed } from "../ruleset/index.ts";
import { readRules } from "./detect.ts";
import type { ReadOptions } from "./options.ts";
import { printSave } from "./print-save.ts";
import { readSave, type Reading } from "./save.ts";

const read = (text: string, options: ReadOptions = {}): Reading => readSave(text, "r", { ...options, family: options.family ?? 4 });
const filter = (...lines: string[]): string => ["*filter", ...lines, "COMMIT", ""].join("\n");
const CHAINS = ":INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n";

/** The rules that are saved again, or each fault as `line:column message`. */
function check(text: string, expected: readonly string[], options: ReadOptions = {}): void {
  const { ruleset, faults } = read(text, options);
  if (!ruleset) expect(faults.map(({ line, column, message }) => `${line}:${column} ${message}`)).toEqual(expected);
  else
    expect(
      printSave(ruleset, { counters: true })
        .split("\n")
        .filter(line => /^(\[|:(?!\S+ ACCEPT \[0:0\]))/.test(line)),
    ).toEqual(expected);
}

// Measured with iptables-restore -c 1.8.9, but where a comment says otherwise.
test.each<[string, readonly string[]]>([
  [filter(":INPUT DROP [5:6]", "[1:2] -A INPUT -j ACCEPT"), [":INPUT DROP [5:6]", "[1:2] -A INPUT -j ACCEPT"]],
  [filter(":INPUT - [0:0]", "-A INPUT -j ACCEPT"), ["[0:0] -A INPUT -j ACCEPT"]],
  [filter("-A INPUT -c 3 4 -j ACCEPT"), ["[3:4] -A INPUT -j ACCEPT"]],
  [filter("[1:2]-A INPUT -j ACCEPT"), ["[1:2] -A INPUT -j ACCEPT"]],
  [filter("[1:2] -A INPUT -c 3 4 -j ACCEPT"), ["2:16 multiple -c flags not allowed"]],
  [filter("[a:b] -A INPUT -j ACCEPT"), ["2:1 -c packet counter not numeric"]],
  [filter("[1] -A INPUT -j ACCEPT"), ["2:1 Bad line 2: need ]"]],
  [filter(":INPUT ACCEPT [-1:-1]"), [":INPUT ACCEPT [18446744073709551615:18446744073709551615]"]],
  [filter(":INPUT ACCEPT [99999999999999999999999:5]"), [":INPUT ACCEPT [18446744073709551615:5]"]],
  [filter(":INPUT ACCEPT [a:0]"), ["2:8 invalid policy counters for chain 'INPUT'"]],
  [filter(":INPUT FOO [0:0]"), ["2:8 Can't set policy `FOO' on `INPUT' line 2: Bad policy name"]],
  [filter(":INPUT QUEUE [0:0]"), ["2:8 Can't set policy `QUEUE' on `INPUT' line 2: Bad policy name"]],
  [filter(":foo"), ["2:1 policy invalid"]],
  [filter(":"), ["2:1 chain name invalid"]],
  [filter(":foo -"), [":foo - [0:0]"]],
  [filter(":foo ACCEPT [0:0]"), ["2:6 Can't set policy `ACCEPT' on `foo' line 2: Bad built-in chain name"]],
  [filter(":foo - [0:0]", ":foo - [0:0]"), ["3:2 error creating chain 'foo':File exists"]],
  [filter(":LOG - [0:0]", ":-foo - [0:0]"), [":-foo - [0:0]", ":LOG - [0:0]"]],
  [filter(":a1234567890123456789012345678 - [0:0]"), ["2:2 Invalid chain name `a1234567890123456789012345678' (28 chars max)"]],
  [filter("-A INPUT -j foo", ":foo - [0:0]"), ["2:10 Couldn't load target `foo':No such file or directory"]],
  [filter("-A NOPE -j ACCEPT"), ["2:1 No chain/target/match by that name."]],
  [filter("-D INPUT -j ACCEPT"), ["2:1 Bad rule (does a matching rule exist in that chain?)."]],
  [
    filter("-P INPUT DROP", "-N foo", "--append foo -j ACCEPT", "-I INPUT 1 -j foo", "-I INPUT -j DROP"),
    [":INPUT DROP [0:0]", ":foo - [0:0]", "[0:0] -A INPUT -j DROP", "[0:0] -A INPUT -j foo", "[0:0] -A foo -j ACCEPT"],
  ],
  [filter("-A INPUT --append INPUT"), ["2:10 Cannot use -A with -A"]],
  [filter("-A INPUT -t nat"), ["2:10 The -t option cannot be used in iptables-restore."]],
  [filter("foo"), ["2:1 Bad argument `foo'"]],
  [filter("   # foo"), ["2:4 Bad argument `#'"]],
  [filter("-A INPUT -j ACCEPT # foo"), ["2:20 Bad argument `#'"]],
  [filter("   "), ["2:1 no command specified"]],
  [filter("-A"), ['2:1 option "-A" requires an argument']],
  [filter("-A INPUT -p tcp -d 1.2.3.4 -6", "-6 -A INPUT -s ::1"), []],
  [filter("-A INPUT", "-Z", "-F", "-L"), []],
  ["* filter\n-A INPUT -j ACCEPT\nCOMMIT\n", ["[0:0] -A INPUT -j ACCEPT"]],
  ["*filter \n-A INPUT -j ACCEPT\nCOMMIT\n", ["[0:0] -A INPUT -j ACCEPT"]],
  ["*fliter\n-A INPUT -j ACCEPT\nCOMMIT\n", ["1:1 iptables-restore: unable to initialize table 'fliter'"]],
  [
    "*filter\n-A INPUT -j ACCEPT\n COMMIT\n",
    ["3:2 Bad argument `COMMIT'", "4:1 COMMIT expected at line 4 (for *filter, opened at line 1)"],
  ],
  ["*filter\n-A INPUT -j ACCEPT\n", ["3:1 COMMIT expected at line 3 (for *filter, opened at line 1)"]],
  ["*filter\n*nat\nCOMMIT\n", ["2:1 Bad argument `*nat'"]],
  [
    "*nat\n-A POSTROUTING -j DROP\nCOMMIT\n",
    ['2:16 The "nat" table is not intended for filtering, the use of DROP is therefore inhibited.'],
  ],
  // iptables-legacy-restore refuses the last line without its newline, iptables-nft-restore takes it.
  ["*filter\n-A INPUT -j ACCEPT\nCOMMIT", ["[0:0] -A INPUT -j ACCEPT"]],
  // Quotes: a closing one ends the word; backslashes count inside only.
  [filter('-A INPUT -m comment --comment "a\\"b c" -j ACCEPT'), ['[0:0] -A INPUT -m comment --comment "a\\"b c" -j ACCEPT']],
  [filter('-A INPUT -m comment --comment "a"b -j ACCEPT'), ["2:34 Bad argument `b'"]],
  [filter('-A INPUT -m comment --comment a"b c" -j ACCEPT'), ['[0:0] -A INPUT -m comment --comment "ab c" -j ACCEPT']],
  [filter('-A INPUT -m comment --comment "" -j ACCEPT'), ['[0:0] -A INPUT -m comment --comment "" -j ACCEPT']],
  [filter("-A INPUT -m comment --comment 'ab' -j ACCEPT"), ["[0:0] -A INPUT -m comment --comment \"\\'ab\\'\" -j ACCEPT"]],
  [filter("-A INPUT -m comment --comment a\\b -j ACCEPT"), ['[0:0] -A INPUT -m comment --comment "a\\\\b" -j ACCEPT']],
  // Bad days 1 to 7, 15 to 18, 23, 25 (iptables takes an unclosed quote and a NUL, and loses the target).
  [
    filter(":A - [0:0]", ":B - [0:0]", "-A INPUT -j A", "-A A -j B", "-A B -j A"),
    ["6:1 the chains A → B → A lead back to themselves: the kernel refuses this (Too many levels of symbolic links)"],
  ],
  [filter(":A - [0:0]", ":B - [0:0]", "-A A -j B", "-A B -j A"), [":A - [0:0]", ":B - [0:0]", "[0:0] -A A -j B", "[0:0] -A B -j A"]],
  [filter("-A FORWARD -j INPUT"), ["2:1 a rule cannot lead to the built-in chain INPUT"]],
  [
    filter('-A INPUT -m comment --comment "abc -j DROP'),
    ["2:31 unclosed quote: iptables would take the rest of the line, target included, into this word"],
  ],
  [filter('-A INPUT -m comment --comment "a\0b" -j DROP'), ["2:33 NUL byte: iptables would lose the rest of the line"]],
  [filter("-A INPUT ! -s 1.1.1.1,2.2.2.2"), ["2:10 ! not allowed with multiple source or destination IP addresses"]],
  [filter(`-A INPUT -m comment --comment ${"x".repeat(20000)} -j DROP`), ["2:31 Parameter too long!"]],
  [filter(`-A INPUT ${"-4 ".repeat(300)}`), ["2:757 Parser cannot handle more arguments"]],
  [filter('-A INPUT -m comment --comment "<script>$(id)`x`"'), ['[0:0] -A INPUT -m comment --comment "<script>$(id)`x`"']],
  [
    filter(":__proto__ - [0:0]", ":constructor - [0:0]", "-A __proto__ -j constructor"),
    [":__proto__ - [0:0]", ":constructor - [0:0]", "[0:0] -A __proto__ -j constructor"],
  ],
])("%j", (text, expected) => check(text, expected));

test("a rule is refused where the kernel would not have its extensions, whatever --test says", () => {
  for (const [table, rule] of [
    ["filter", "-A INPUT -j REDIRECT"],
    ["nat", "-A PREROUTING -j MASQUERADE"],
    ["mangle", "-A PREROUTING -j REJECT"],
    ["filter", "-A INPUT -m owner --uid-owner 0"],
    ["filter", "-A INPUT -p udp -j REJECT --reject-with tcp-reset"],
  ]) {
    const { faults } = read(`*${table}\n${rule}\nCOMMIT\n`);
    expect(faults.map(({ line, status }) => [line, status])).toEqual([[2, 1]]);
  }
});

test("every faulty line is told, not only the first", () => {
  expect(
    read(filter("-A INPUT -p tpc", "-A INPUT -j ACCEPT", "-A INPUT --dport 1", "-A FORWARD -s x.y -j DROP")).faults.map(({ line }) => line),
  ).toEqual([2, 4, 5]);
});

test("a second block for a table takes the place of the first, but policies stay", () => {
  const text = "*filter\n:INPUT DROP [1:2]\n:a - [0:0]\n-A INPUT -j a\nCOMMIT\n*filter\n-A INPUT -j ACCEPT\nCOMMIT\n";
  check(text, [":INPUT DROP [0:0]", "[0:0] -A INPUT -j ACCEPT"]);
  expect(read(text).warnings.map(({ line, message }) => `${line} ${message}`)).toEqual([
    "6 a second block for table filter: it takes the place of the first",
  ]);
});

test("-h in a restore file ends it before the open table is committed", () => {
  const { ruleset, ignored } = read("*nat\n-A PREROUTING\nCOMMIT\n*filter\n-A INPUT\n-h\nfoo\nCOMMIT\n");
  expect([...(ruleset?.tables.keys() ?? [])]).toEqual(["nat"]);
  expect(ignored.map(({ line }) => line)).toEqual([7, 8]);
});

test.each<[string, readonly string[]]>([
  [filter("-A INPUT -s 010.0.0.1"), ["2:10-22 `010.0.0.1' has octal parts: it is 8.0.0.1"]],
  [filter("-A INPUT ! -s 10.0.0.5/24"), ["2:10-26 `10.0.0.5/24' has bits outside its mask: it is 10.0.0.0/24"]],
  [filter("-A INPUT -s 10.1"), ["2:10-17 `10.1' is short: it is 10.1.0.0"]],
  [filter("-A INPUT -ieth0"), ["2:10-16 the interface is called `-ieth0': put a blank after the option"]],
  [
    filter(":INPUT ACCEPT"),
    ["2:8-14 no counters after the policy of INPUT: iptables-restore refuses such a line (\"invalid policy counters for chain 'INPUT'\")"],
  ],
  ["\ufeff*filter\nCOMMIT\n", ["1:1-2 byte-order mark: ignored (iptables-restore refuses the first line because of it)"]],
  [
    "*filter\r\n-A INPUT -j ACCEPT\r\nCOMMIT\r\n",
    ["1:1-2 lines end in CR LF: the carriage returns are ignored (iptables-restore would take them into the last word)"],
  ],
  [filter(":A - [0:0]", "-A A -j A"), ["3:1-2 the chains A → A lead back to themselves; nothing leads there"]],
])("warnings of %j", (text, expected) => {
  const { warnings, faults } = read(text);
  expect(faults).toEqual([]);
  expect(warnings.map(({ line, column, endColumn, message }) => `${line}:${column}-${endColumn} ${message}`)).toEqual(expected);
});

test("positions are those of the words", () => {
  const { ruleset } = read('*filter\n[1:2]  -A INPUT -m comment --comment "x" -j ACCEPT\nCOMMIT\n');
  expect(ruleset?.tables.get("filter")?.chains.get("INPUT")?.rules[0]?.at).toEqual({ file: "r", line: 2, column: 8 });
  const [fault] = read(filter('-A INPUT -m comment --comment "a b" ! --dpotr 3')).faults;
  expect([fault?.column, fault?.endColumn]).toEqual([39, 46]);
});

test("an unknown extension is an error that names it; lenient keeps it", () => {
  const text = filter(
    ":u - [0:0]",
    "-A INPUT -m frobnicate --level 3 ! --deep -p tcp --dport 22 -j FROB --to 1.2.3.4",
    "-A INPUT -s host.example -j u",
  );
  expect(read(text).faults.map(({ message }) => message)).toEqual([
    "Couldn't load match `frobnicate':No such file or directory",
    "host/network `host.example' not found",
  ]);
  check(
    text,
    [
      ":u - [0:0]",
      "[0:0] -A INPUT -p tcp -m frobnicate --level 3 ! --deep -m tcp --dport 22 -j FROB --to 1.2.3.4",
      "[0:0] -A INPUT -s host.example/32 -j u",
    ],
    { lenient: true },
  );
  const [rule] = read(text, { lenient: true }).ruleset?.tables.get("filter")?.chains.get("INPUT")?.rules ?? [];
  expect(rule?.target?.action.do).toBe("unknown");
  expect(rule?.conditions.map(({ predicate }) => predicate.is)).toContain("opaque");
});

test("names are looked up only where a resolver is given", () => {
  check(filter("-A INPUT -s host.example"), ["[0:0] -A INPUT -s 192.0.2.1/32", "[0:0] -A INPUT -s 192.0.2.2/32"], {
    resolve: () => [0xc0000201, 0xc0000202, 0xc0000201],
  });
});

test("equal rules may share a match, but never its state", () => {
  const { ruleset } = read(
    filter(
      "-A INPUT -m limit --limit 1/s -m state --state NEW",
      "-A INPUT -m limit --limit 1/s -m state --state NEW",
      "-A INPUT -s 1.1.1.1,2.2.2.2 -m limit --limit 1/s",
    ),
  );
  const rules = ruleset?.tables.get("filter")?.chains.get("INPUT")?.rules ?? [];
  const opaques = rules.map(({ conditions }) => conditions.find(({ text }) => text.includes("limit"))?.predicate);
  expect(new Set(opaques).size).toBe(4);
});

const piece = fc.constantFrom(
  "-s 10.0.0.0/8",
  "! -d 192.0.2.1",
  "-i eth0",
  "-i wl+",
  "-p tcp",
  "-p udp",
  "-m tcp --dport 22",
  "--sport 1:5",
  "-m state --state NEW",
  "-m limit --limit 3/min",
  "-j ACCEPT",
  '-j LOG --log-prefix "a b"',
  "-j u",
  "-g u",
  "-f",
  '-m comment --comment "it\'s \\"quoted\\""',
  "-j REJECT",
  "! -p 47",
  "-m multiport --dports 1,2,3:4",
  "-c 5 6",
  "!",
  "-x",
  "--",
  "-s a,b",
  "-m",
  '"',
  "--dp 5",
);
const line = fc.oneof(
  fc.array(piece, { maxLength: 6 }).map(pieces => `-A INPUT ${pieces.join(" ")}`),
  fc.constantFrom("-N v", "-P INPUT DROP", "-I u 1", "COMMIT", "*nat", ":w - [1:2]", "[3:4] -A u", ""),
  fc.string(),
);

test("whatever the text, nothing is thrown; what is accepted is printed as it reads", () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), lines => {
      const text = `*filter\n:u - [0:0]\n${lines.join("\n")}\nCOMMIT\n`;
      const { ruleset } = read(text);
      if (ruleset) {
        const printed = printSave(ruleset, { counters: true });
        const again = read(printed);
        expect(again.faults).toEqual([]);
        expect(printSave(again.ruleset ?? expect.fail("refused"), { counters: true })).toBe(printed);
        expect(printSave(zeroed(ruleset), { counters: true })).toBe(
          printSave(zeroed(again.ruleset ?? expect.fail("refused")), { counters: true }),
        );
      }
      readRules(lines.join("\n"), "r");
      read(lines.join("\n"), { lenient: true });
    }),
    { numRuns: 400 },
  );
});

test("an empty text is an empty ruleset, and tables come in the order a packet meets them", () => {
  expect(printSave(read("").ruleset ?? expect.fail("refused"))).toBe("");
  const text = `*nat\nCOMMIT\n*filter\nCOMMIT\n*raw\nCOMMIT\n`;
  expect(printSave(read(text).ruleset ?? expect.fail("refused"), { comments: ["one"] })).toBe(
    `# one\n*raw\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n*nat\n:PREROUTING ACCEPT [0:0]\n:INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\nCOMMIT\n*filter\n${CHAINS}COMMIT\n`,
  );
});
