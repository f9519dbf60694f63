import { describe, expect, test } from "vitest";
import type { Family } from "../predicate/index.ts";
import measuredRows from "./print-list-rows.measured.json" with { type: "json" };
import measured from "./print-list.measured.json" with { type: "json" };
import { printSave } from "./print-save.ts";
import { looksLikeList, readList, tableOfChains } from "./read-list.ts";
import { readSave } from "./save.ts";

const WIDE = " pkts bytes target     prot opt in     out     source               destination         ";
const NARROW = "target     prot opt source               destination         ";

/** Reads rows of the chain INPUT and gives back the rules, or the first fault as `line:column-end message`. */
function read(columns: string, rows: readonly string[], more: { family?: Family; lenient?: boolean; table?: string } = {}): string[] {
  const { table = "filter", ...options } = more;
  const text = [
    `# ${more.family === 6 ? "ip6tables" : "iptables"} -t ${table} -L`,
    "Chain INPUT (policy ACCEPT)",
    columns,
    ...rows,
    "",
    "Chain user (0 references)",
    columns,
  ].join("\n");
  const { ruleset, faults } = readList(text, "list", options);
  if (!ruleset) return faults.map(({ line, column, endColumn, message }) => `${line}:${column}-${endColumn} ${message}`);
  return printSave(ruleset)
    .split("\n")
    .filter(line => line.startsWith("-A INPUT"))
    .map(line => line.slice("-A INPUT".length).trimStart());
}

/** A row whose columns say nothing, and the texts after them. */
const row = (target: string, protocol: string, text: string): string =>
  `${target.padEnd(10)} ${protocol.padEnd(4)} --  0.0.0.0/0            0.0.0.0/0            ${text}`;

describe("what 1.8.9 lists reads back to what it saves", () => {
  test.each([4, 5] as const)("every extension's text, column %i", column => {
    const wrong: string[] = [];
    for (const cells of measuredRows.rows) {
      const [family, table, chain, rule] = cells;
      const listing = `# ip${family === 6 ? "6" : ""}tables -t ${table} -L\nChain ${chain} (policy ACCEPT 0 packets, 0 bytes)\n${WIDE}\n${cells[column]}\n`;
      const { ruleset, faults } = readList(listing, "list");
      const got = ruleset
        ? printSave(ruleset)
            .split("\n")
            .find(line => line.startsWith("-A"))
        : JSON.stringify(faults[0]);
      if (got !== `-A ${chain}${rule === "" ? "" : " "}${rule}`) wrong.push(`list ${cells[column]}\nwant ${rule}\ngot  ${got}`);
    }
    expect(wrong).toEqual([]);
  });

  for (const { family, rules, lists } of measured.cases) {
    const original = readSave(`${rules.join("\n")}\n`, "rules", { family: family as Family });
    const whole = (style: string): string =>
      lists
        .filter(list => list.style === style)
        .flatMap(({ table, text }) => [`$ ip${family === 6 ? "6" : ""}tables -t ${table} -L`, ...text, ""])
        .join("\n");

    test(`IPv${family} -v -n -x tells everything`, () => {
      const { ruleset, warnings, ignored } = readList(whole("-v -n -x --line-numbers"), "list");
      expect(ruleset && printSave(ruleset, { counters: true })).toBe(original.ruleset && printSave(original.ruleset, { counters: true }));
      expect(warnings).toEqual([]);
      expect(ignored.every(({ text }) => text.startsWith("$ "))).toBe(true);
    });
    test(`IPv${family} -v -n tells all but exact counters`, () => {
      const { ruleset, warnings } = readList(whole("-v -n"), "list");
      expect(ruleset && printSave(ruleset)).toBe(original.ruleset && printSave(original.ruleset));
      expect(warnings.map(({ message }) => message)).toEqual(["counters are rounded to thousands or more: -x lists them in full"]);
    });
    test(`IPv${family} -n tells neither counters nor interfaces`, () => {
      const { ruleset, warnings } = readList(whole("-n --line-numbers"), "list");
      const save = original.ruleset ? printSave(original.ruleset) : "";
      expect(ruleset && printSave(ruleset)).toBe(save.replaceAll(/ (?:! )?-[io] \S+/g, ""));
      expect(warnings.map(({ message }) => message)).toEqual([
        "a listing without -v shows no interfaces: rules that hold for some interfaces only are taken to hold for all",
      ]);
    });
  }
  test("IPv6 without -n calls every prefix of :: anywhere", () => {
    expect(read(WIDE, ["    0     0 ACCEPT     all  --  any    any     anywhere            !anywhere            "], { family: 6 })).toEqual(
      ["! -d ::/0 -j ACCEPT"],
    );
  });
});

test.each([
  ["ACCEPT     all  --  0.0.0.0/0            0.0.0.0/0           ", "-j ACCEPT"],
  ["           all  --  10.0.0.1             0.0.0.0/0           ", "-s 10.0.0.1/32"],
  ["ACCEPT     tcp  --  anywhere             anywhere            tcp dpt:www ", "-p tcp -m tcp --dport 80 -j ACCEPT"],
  ["ACCEPT     icmp --  anywhere             anywhere            icmp type 8 code 0 ", "-p icmp -m icmp --icmp-type 8/0 -j ACCEPT"],
  ["ACCEPT     icmp --  anywhere             anywhere            icmp !echo-request", "-p icmp -m icmp ! --icmp-type 8 -j ACCEPT"],
  [
    "LOG        all  --  anywhere             anywhere            LOG level debug uid prefix `a b: ' ",
    '-j LOG --log-prefix "a b: " --log-level 7 --log-uid',
  ],
  [
    'LOG        all  --  anywhere             anywhere            limit: avg 5/min burst 5 LOG flags 6 level 3 prefix ""quoted" "',
    '-m limit --limit 5/min -j LOG --log-prefix "\\"quoted\\" " --log-level 3 --log-tcp-options --log-ip-options',
  ],
  ["ACCEPT    !udplite--  anywhere             anywhere            ", "! -p udplite -j ACCEPT"],
  ["user       all  --  anywhere             loopback/8          [goto] ", "-d 127.0.0.0/8 -g user"],
  ["user       all  -f  anywhere            !localhost           ", "! -d 127.0.0.1/32 -f -j user"],
  [
    "user       tcp  --  anywhere             anywhere            [goto]  tcp spts:!1:5 dpt:!7 flags:!0x17/0x02 /* to: me */",
    '-p tcp -m tcp ! --sport 1:5 ! --dport 7 ! --tcp-flags FIN,SYN,RST,ACK SYN -m comment --comment "to: me" -g user',
  ],
  [
    "DROP       tcp  --  anywhere             anywhere            /* a */ tcp dpt:3 /* b */",
    "-p tcp -m comment --comment a -m tcp --dport 3 -m comment --comment b -j DROP",
  ],
  [
    "DROP       all  --  anywhere             anywhere            /* a */ tcp dpt:3 /* b */",
    '-m comment --comment "a */ tcp dpt:3 /* b" -j DROP',
  ],
  [
    "DROP       all  --  anywhere             anywhere            /*  */ /* -- */",
    '-m comment --comment "" -m comment --comment -- -j DROP',
  ],
  [
    "DROP       all  --  anywhere             anywhere            ctstate NEW ctstate INVALID",
    "-m conntrack --ctstate NEW -m conntrack --ctstate INVALID -j DROP",
  ],
] as const)("older forms and corners: %s", (line, rule) => {
  expect(read(NARROW, [line])).toEqual([rule]);
});

test("ip6tables of old leaves the opt column blank", () => {
  const rows = [
    "ACCEPT     tcp      ::/0                 fe80::/64            tcp dpt:22",
    "           all      ::/0                 ::/0                ",
  ];
  expect(read(NARROW, rows, { family: 6 })).toEqual(["-d fe80::/64 -p tcp -m tcp --dport 22 -j ACCEPT", ""]);
});

describe("what cannot be read is refused where it stands", () => {
  test.each([
    [
      row("ACCEPT", "tcp", "tcp dpt:22 limit: up to many mode srcip"),
      "4:74-102 match `hashlimit': its text in a listing cannot be read: `limit: up to many mode srcip'",
    ],
    [row("DNAT", "tcp", "frobnicated to:10.0.0.1:80"), "4:63-74 nothing known prints `frobnicated' in a listing"],
    [row("NFQUEUE", "all", "NFQUEUE 5"), "4:63-72 nothing known prints `NFQUEUE 5' in a listing"],
    [row("FROB", "all", ""), "4:1-5 Couldn't load target `FROB':No such file or directory"],
    [row("ACCEPT", "frob", ""), '4:12-16 unknown protocol "frob" specified'],
    [row("ACCEPT", "tcp", "tcp dpt:99999"), "4:67-76 invalid port/service `99999' specified"],
    ["ACCEPT     all  --  camera.example       0.0.0.0/0            ", "4:21-35 host/network `camera.example' not found"],
    [row("DROP", "all", "/* a\0b */"), "4:67-68 NUL byte in a listed rule"],
    [row("DROP", "all", "ctstate NEW ".repeat(1000)), "4:1-12063 more tests than a rule can have"],
  ] as const)("%s", (line, fault) => {
    expect(read(NARROW, [line])).toEqual([fault]);
  });

  test("or kept, when told to be lenient", () => {
    const rows = [
      row("ACCEPT", "tcp", "tcp dpt:22 limit: up to many burst 5 /* x */"),
      row("DNAT", "tcp", "frob 1 to:10.0.0.1:80"),
      row("FROB", "all", "FROB num 5"),
    ];
    expect(read(NARROW, rows.slice(0, 1), { lenient: true })).toEqual([
      '-p tcp -m unknown --listed "limit: up to many burst 5" -m tcp --dport 22 -m comment --comment x -j ACCEPT',
    ]);
    expect(read(NARROW, rows.slice(2), { lenient: true })).toEqual(['-j FROB --listed "FROB num 5"']);
    const text = ["# iptables -t nat -L", "Chain PREROUTING (policy ACCEPT)", NARROW, rows[1]].join("\n");
    const { ruleset } = readList(text, "list", { lenient: true });
    expect(ruleset && printSave(ruleset)).toContain(
      '-A PREROUTING -p tcp -m unknown --listed "frob 1" -j DNAT --to-destination 10.0.0.1:80',
    );
  });

  test("a text without chains, a policy that is none, a chain with a bad name", () => {
    const fault = (text: string): string | undefined => readList(text, "list").faults[0]?.message;
    expect(fault("hello")).toMatch(/no chain is listed here/);
    expect(fault("Chain INPUT (policy REJECT)\n")).toBe("Can't set policy `REJECT' on `INPUT' line 1: Bad policy name");
    expect(fault("Chain user (policy DROP)\n")).toBe("Can't set policy `DROP' on `user' line 1: Bad built-in chain name");
    expect(fault("Chain -x (0 references)\n")).toBe("chain name not allowed to start with `-'");
  });
});

describe("tables", () => {
  const chain = (name: string): string => `Chain ${name} (policy ACCEPT)\n${NARROW}\n`;
  const tablesOf = (text: string): string => {
    const { ruleset, faults } = readList(text, "list");
    return ruleset ? [...ruleset.tables.keys()].join(" ") : String(faults[0]?.message);
  };
  test.each([
    ["PREROUTING OUTPUT INPUT FORWARD OUTPUT PREROUTING POSTROUTING OUTPUT", "raw nat filter"],
    ["PREROUTING INPUT OUTPUT POSTROUTING PREROUTING INPUT FORWARD OUTPUT POSTROUTING", "mangle nat"],
    ["POSTROUTING", "nat"],
    ["INPUT", "filter"],
    [
      "INPUT FORWARD OUTPUT INPUT FORWARD OUTPUT",
      "a second listing that looks like table filter: say which by a line such as `# iptables -t security -L' above it",
    ],
  ] as const)("are known by their chains: %s", (names, tables) => {
    expect(tablesOf(names.split(" ").map(chain).join("\n"))).toBe(tables);
  });
  test.each([
    ["root@host:~# iptables -t security -vnL", "security"],
    ["[me@host ~]$ sudo /sbin/iptables --list --table=security -n", "security"],
    ["# iptables -L -ntsecurity; iptables -nvt security --list-rules", "filter"],
    ["iptables -F && iptables -L -t security && iptables -t raw -L", "security"],
  ])("and by the command above them: %s", (command, table) => {
    expect(tablesOf(`${command}\n${["INPUT", "FORWARD", "OUTPUT"].map(chain).join("\n")}`)).toBe(table);
  });
  test("the later listing counts, and is told of", () => {
    const listing = (target: string): string => `# iptables -L INPUT\n${chain("INPUT")}${row(target, "all", "")}\n`;
    const { ruleset, warnings } = readList(listing("ACCEPT") + listing("DROP"), "list");
    expect(ruleset && printSave(ruleset)).toContain("-A INPUT -j DROP");
    expect(ruleset && printSave(ruleset)).not.toContain("-j ACCEPT");
    expect(warnings.map(({ line }) => line)).toContain(6);
  });
  test("chains as a set", () => {
    expect(
      [["INPUT"], ["OUTPUT", "PREROUTING"], ["user"], ["POSTROUTING", "FORWARD"], []].map(names => tableOfChains(new Set(names))),
    ).toEqual(["filter", "raw", "filter", "mangle", "filter"]);
  });
});

test("what is missing or strange is told of", () => {
  const { ruleset, warnings, ignored } = readList(
    [
      "the firewall of ours:",
      "",
      "Chain INPUT (policy DROP 5 packets, 10K bytes)",
      `num  ${WIDE}`,
      "1        0     0 user       all  --  *      *       0.0.0.0/0            0.0.0.0/0           ",
      "3        0     0 ACCEPT     all  --  lo     *       0.0.0.0/0            0.0.0.0/0           ",
      "… (cut)",
      "",
      "Chain user (4 references)",
      `num  ${WIDE}`,
      "",
      "bye",
    ].join("\n"),
    "list",
  );
  expect(ruleset && printSave(ruleset, { counters: true })).toContain(":INPUT DROP [5:10000]");
  expect(warnings.map(({ line, message }) => `${line} ${message}`)).toEqual([
    "3 counters are rounded to thousands or more: -x lists them in full",
    "3 the text does not say which table this is: taken for filter",
    "6 rule 3 follows rule 1: rules are missing or double",
    "7 a line between rules that is none: ignored",
    "9 4 rules lead to user, but only 1 of them are here: a part of the listing is missing",
  ]);
  expect(ignored.map(({ line }) => line)).toEqual([1, 7, 12]);
  expect([looksLikeList("x\nChain a (1 references)\n"), looksLikeList("*filter\nCOMMIT\n")]).toEqual([true, false]);
});

test("blank lines between rows, and chains without a line of columns", () => {
  const rows = [row("ACCEPT", "tcp", "tcp dpt:22"), row("DROP", "all", "")];
  const { ruleset, warnings, ignored } = readList(
    [
      "# iptables -L",
      "Chain INPUT (policy ACCEPT)",
      "",
      NARROW,
      "",
      ...rows.flatMap(each => [each, ""]),
      "and prose",
      ...rows,
      "Chain FORWARD (policy ACCEPT)",
      rows[0],
    ].join("\n"),
    "list",
  );
  expect(ruleset && printSave(ruleset)).toContain("-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\n-A INPUT -j DROP\nCOMMIT");
  expect(ignored.map(({ line }) => line)).toEqual([1, 10, 11, 12, 14]);
  expect(warnings.map(({ line }) => line)).toEqual([4, 13, 14]);
});
