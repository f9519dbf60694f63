import { describe, expect, test } from "vitest";
import { readRules, type Fault } from "../../../syntax/index.ts";
import { NO_DOCUMENTS } from "../../state/documents.ts";
import { readFirewall } from "../../work/firewall.ts";
import { outlineOf } from "../../work/outline-of.ts";
import { describeValue } from "../work.ts";
import { offersAt, type Place } from "./complete.ts";
import { describeAt } from "./describe.ts";
import { ruleGrammar } from "./grammar.ts";
import { guessEdit } from "./guess-edit.ts";

const GRAMMAR = ruleGrammar();
const CHAINS: Place["chains"] = [
  { name: "INPUT", builtin: true, about: "2 rules" },
  { name: "web", builtin: false, about: "1 rule" },
  { name: "__proto__", builtin: false, about: "0 rules" },
];

/** What is offered where `|` stands. */
function offered(text: string, more: Partial<Place> = {}): readonly string[] {
  const column = text.indexOf("|");
  const place: Place = {
    grammar: "rules",
    line: text.replace("|", ""),
    column,
    family: 4,
    table: "filter",
    chains: CHAINS,
    interfaces: ["eth0", "lan0"],
    sets: ["bad"],
    ...more,
  };
  return offersAt(place, GRAMMAR)?.offers.map(({ label }) => label) ?? [];
}

const has = (text: string, wanted: readonly string[], more: Partial<Place> = {}): void =>
  expect(offered(text, more)).toEqual(expect.arrayContaining([...wanted]));
const lacks = (text: string, unwanted: readonly string[], more: Partial<Place> = {}): void => {
  for (const each of unwanted) expect(offered(text, more)).not.toContain(each);
};

describe("completion", () => {
  test("tables outside of one, commands inside", () => {
    expect(offered("|", { table: undefined })).toEqual(["*raw", "*mangle", "*nat", "*filter", "*security"]);
    has("|", ["-A", "COMMIT"]);
    expect(offered(":|")).toEqual([":FORWARD", ":OUTPUT"]);
    expect(offered(":FORWARD |")).toEqual(["ACCEPT", "DROP"]);
  });
  test("chains of the table after -A, -j and -g", () => {
    expect(offered("-A |")).toEqual(["INPUT", "web", "__proto__"]);
    expect(offered("-A INPUT -g |")).toEqual(["web", "__proto__"]);
    has("-A INPUT -j |", ["web", "ACCEPT", "REJECT"]);
    lacks("-A INPUT -j |", ["INPUT", "DNAT", "TPROXY"]);
    has("-A PREROUTING -j |", ["DNAT"], { table: "nat" });
  });
  test("matches of the family", () => {
    has("-A INPUT -m |", ["conntrack", "tcp", "icmp"]);
    lacks("-A INPUT -m |", ["icmp", "frag"].slice(0, 1), { family: 6 });
    has("-A INPUT -m |", ["icmp6", "frag"], { family: 6 });
  });
  test("options of what the line has loaded, -p and target too", () => {
    has("-A INPUT -m conntrack --|", ["--ctstate", "-j"]);
    has("-A INPUT -p tcp --d|", ["--dport", "--destination-port"]);
    has("-A INPUT -p udp -j REJECT --|", ["--reject-with", "--sport"]);
    lacks("-A INPUT -p udp --|", ["--tcp-flags", "--ctstate"]);
  });
  test("values that the grammar lists, in lists too", () => {
    has("-A INPUT -m conntrack --ctstate |", ["NEW", "ESTABLISHED"]);
    has("-A INPUT -m conntrack --ctstate NEW,|", ["ESTABLISHED"]);
    has("-A INPUT -p tcp -m tcp --tcp-flags SYN,ACK |", ["SYN"]);
    has("-A INPUT -j REJECT --reject-with |", ["tcp-reset", "icmp-port-unreachable"]);
    lacks("-A INPUT -j REJECT --reject-with |", ["icmp-port-unreachable"], { family: 6 });
    has("-A INPUT -p |", ["tcp", "udp"]);
  });
  test("interfaces, sets and their flags", () => {
    expect(offered("-A INPUT -i |")).toEqual(["eth0", "lan0"]);
    expect(offered("-A INPUT -m set --match-set |")).toEqual(["bad"]);
    expect(offered("-A INPUT -m set --match-set bad |")).toEqual(["src", "dst"]);
  });
  test("nothing where a word of one's own is wanted, nor in comments", () => {
    expect(offered("-A INPUT -s |")).toEqual([]);
    expect(offered("-A INPUT -m comment --comment |")).toEqual([]);
    expect(offered("# -A |")).toEqual([]);
  });
  test("sets", () => {
    has("|", ["create", "add"], { grammar: "sets" });
    has("create x |", ["hash:net"], { grammar: "sets" });
    has("add |", ["bad"], { grammar: "sets" });
  });
});

describe("help", () => {
  const rules4 =
    "*filter\n:INPUT DROP [0:0]\n:web - [0:0]\n-A INPUT -p tcp -m tcp --dport 80 -j web\n-A INPUT -j web\n-A web -s 10.0.0.0/8 -j ACCEPT\nCOMMIT\n";
  const { tables } = outlineOf(readFirewall({ ...NO_DOCUMENTS, rules4 }, 0));
  const told = (text: string): string => {
    const found = describeAt({ line: text.replace("|", ""), column: text.indexOf("|"), family: 4, table: "filter", tables }, GRAMMAR);
    return found ? [found.title, ...found.lines].join("; ") : "";
  };
  const rows: readonly (readonly [string, RegExp])[] = [
    ["*fil|ter", /^table filter; Which packets may pass/],
    [":we|b - [0:0]", /^chain web of filter; 1 rule; called by 2 rules$/],
    ["-A INP|UT -j web", /^chain INPUT of filter; Packets for this machine.; 2 rules; policy DROP$/],
    ["-A INPUT -p tcp --dpo|rt 80", /--destination-port port.*also --dport/],
    ["-A INPUT -m connt|rack", /^-m conntrack; .*--ctstate/],
    ["-A INPUT -j REJ|ECT", /^-j REJECT; /],
    ["-A INPUT -i| eth0", /^\[!\] -i interface; /],
    ["-A INPUT -j nowhe|re", /^$/],
    ["# com|ment", /^$/],
  ];
  for (const [text, wanted] of rows) test(text, () => expect(told(text)).toMatch(wanted));
  test("values are asked of the worker", () => {
    const at = describeAt({ line: "-A INPUT -p udp --dport 53", column: 24, family: 4, table: "filter", tables }, GRAMMAR);
    expect(at?.value).toEqual({ sort: "ports", text: "53", protocol: "udp" });
  });
});

test("what values are", () => {
  const said = (sort: "ports" | "addresses", text: string, family: 4 | 6 = 4, protocol = "tcp"): string =>
    describeValue({ sort, text, family, protocol }).join("; ");
  expect(said("ports", "22,80,5:7,99999")).toMatch(/^22\/tcp is ssh; 80\/tcp is http$/);
  expect(said("ports", "53", 4, "17")).toMatch(/^53\/udp is d/);
  expect(said("addresses", "192.168.1.0/24")).toMatch(/^192.168.1.0\/24: 256 addresses, 192.168.1.0 to 192.168.1.255; .*private/);
  expect(said("addresses", "2001:db8::1", 6)).toMatch(/2001:db8::1; .*documentation/);
  expect(said("addresses", "::/0", 6)).toMatch(/2\^128 addresses/);
  expect(said("addresses", "nobody")).toBe("");
});

describe("a guess goes where its fault is", () => {
  const rows: readonly (readonly [line: string, mended: string | undefined])[] = [
    ["-A INPUT -p tcp --dprt 22 -j ACCEPT", "-A INPUT -p tcp --dport 22 -j ACCEPT"],
    ["-A INPUT -m contrack --ctstate NEW -j ACCEPT", "-A INPUT -m conntrack --ctstate NEW -j ACCEPT"],
    ["-A INPUT -j ACEPT", "-A INPUT -j ACCEPT"],
    ["-A INPUT -p tpc -j ACCEPT", "-A INPUT -p tcp -j ACCEPT"],
    ["-A INPUT -s ! 192.0.2.1 -j DROP", "-A INPUT ! -s 192.0.2.1 -j DROP"],
    ["-A INPUT -s 1.2.3.400 -j DROP", undefined],
  ];
  for (const [line, mended] of rows)
    test(line, () => {
      const { faults } = readRules(`*filter\n${line}\nCOMMIT\n`, "x", { family: 4, keepNames: true });
      const edit = guessEdit(line, faults[0] as Fault);
      expect(edit && line.slice(0, edit.from) + edit.insert + line.slice(edit.to)).toBe(mended);
      if (mended !== undefined) expect(readRules(`*filter\n${mended}\nCOMMIT\n`, "x", { family: 4 }).faults).toEqual([]);
    });
  test("a table's name keeps its star", () => {
    const { faults } = readRules("*filtr\nCOMMIT\n", "x", { family: 4 });
    const edit = guessEdit("*filtr", faults[0] as Fault);
    expect(edit && "*filtr".slice(0, edit.from) + edit.insert + "*filtr".slice(edit.to)).toBe("*filter");
  });
});
