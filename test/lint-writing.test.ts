import { describe, expect, test } from "vitest";
import { lint } from "../src/analysis/lint/index.ts";
import { hostFromFlags, type Host } from "../src/host/index.ts";
import { saveText, subjectOf } from "./lint/subject.ts";

/** Findings that the rules' own words, the chain graph and the host decide. */

const host: Host | undefined = hostFromFlags({ interfaces: ["ens3=198.51.100.2/24", "wg0=10.13.13.1/24"] }).value;

/** The findings with that code, as `chain:number message`. */
function check(code: string, lines: readonly string[], options: Parameters<typeof subjectOf>[1] = {}): string[] {
  return lint([subjectOf(saveText(lines), options)])
    .findings.filter(finding => finding.code === code)
    .map(({ at, message }) => `${at.chain}:${at.number ?? "policy"} ${message}`);
}

describe("findings about what rules say", () => {
  test.each<[code: string, lines: string[], expected: string[]]>([
    // The prefix that the kernel keeps has 29 characters.
    ["F13", ['-A INPUT -m limit --limit 5/min -j LOG --log-prefix "012345678901234567890123456789"'], ["INPUT:1 the log prefix is cut"]],
    ["F13", ['-A INPUT -m limit --limit 5/min -j LOG --log-prefix "01234567890123456789012345678"'], []],
    ["F13", ["-A INPUT -m limit --limit 5/min -j LOG --log-prefix 012345678901234567890123456789"], ["INPUT:1 the log prefix is cut"]],
    ["F18", ["-A OUTPUT -d updates.example.org -j ACCEPT"], ["OUTPUT:1 updates.example.org"]],
    ["F18", ["-A OUTPUT -d 192.0.2.1 -j ACCEPT"], []],
    ["F33", ["-A INPUT -s 10.0.0.5/8 -j ACCEPT"], ["INPUT:1 10.0.0.5/8 has bits outside its mask: it means the whole network 10.0.0.0/8"]],
    ["F33", ["-A INPUT ! -s 10.0.0.5/8 -j ACCEPT"], ["INPUT:1 10.0.0.5/8 has bits"]],
    ["F33", ["-A INPUT -s 10.0.0.0/8,10.1.2.3/16 -j ACCEPT"], ["INPUT:1 10.1.2.3/16 has bits"]],
    ["F33", ["-A INPUT -s 010.0.0.1 -j ACCEPT"], ["INPUT:1 010.0.0.1 has parts that begin with 0, which are octal: it means 8.0.0.1"]],
    ["F33", ["-A INPUT -s 10.1 -j ACCEPT"], ["INPUT:1 10.1 is short of four parts: it means 10.1.0.0"]],
    ["F33", ["-A INPUT -s 10.0.0.5/32 -j ACCEPT", "-A INPUT -s 1.0.3.0/255.0.255.0 -j DROP"], []],
    ["F32", ["-A INPUT -i eth0:0 -j DROP"], ["INPUT:1 eth0:0 is an alias"]],
    [
      "F32",
      ["-A INPUT ! -i eth0:0 -j DROP"],
      ["INPUT:1 eth0:0 is an alias, a label of addresses, and not the name of an interface: the test holds for every packet"],
    ],
    ["F32", ["-A INPUT -i eth0 -j DROP", "-A INPUT -i eth+ -j DROP"], []],
    ["F34", ["-t mangle -A FORWARD -p tcp -j DROP"], ["FORWARD:1 a rule of FORWARD in mangle refuse"]],
    ["F34", ["-t mangle -A PREROUTING -m conntrack --ctstate INVALID -j DROP", "-t raw -A PREROUTING -s 192.0.2.1 -j DROP"], []],
    ["F34", ["-t nat :PREROUTING DROP", "-t nat :OUTPUT DROP"], ["PREROUTING:policy the policies of PREROUTING, OUTPUT in nat drop"]],
    ["F25", [":a -", ":b -", "-A a -j b", "-A b -j a"], ["b:1 the chains a → b → a"]],
    ["F25", [":a -", ":b -", "-A a -j b", "-A INPUT -j a"], []],
    [
      "F24",
      [":a -", ":b -", "-A a -j b", "-A b -j DROP", "-A INPUT -j ACCEPT"],
      ["a:policy no packet enters the chain a: no rule leads", "b:policy no packet enters the chain b: only chains lead"],
    ],
    // All built-in chains empty: a fragment for iptables-restore --noflush.
    ["F24", [":a -", "-A a -j DROP"], []],
    [
      "F26",
      ["-A INPUT -j REJECT", "-A INPUT -p tcp --dport 80 -j ACCEPT", "-A INPUT -p tcp --dport 81 -j ACCEPT"],
      ["INPUT:2 rules 2 to 3 come after rule 1"],
    ],
    ["F26", ["-A INPUT -p tcp -j REJECT", "-A INPUT -p tcp --dport 80 -j ACCEPT"], []],
    ["F26", ["-A INPUT -j LOG", "-A INPUT -p tcp --dport 80 -j ACCEPT"], []],
    ["F26", [":d -", "-A INPUT -j d", "-A d -m comment --comment x -j RETURN", "-A d -i eth0 -j DROP"], ["d:2 rule 2 comes after rule 1"]],
    ["F11", ["-t nat -A POSTROUTING -j MASQUERADE"], ["POSTROUTING:1 it translates whatever leaves"]],
    [
      "F11",
      ["-t nat -A POSTROUTING -s 10.8.0.0/24 -j SNAT --to-source 192.0.2.1"],
      ["POSTROUTING:1 it translates packets from these sources"],
    ],
    ["F11", ["-t nat -A POSTROUTING -o eth0 -j MASQUERADE", "-t nat -A POSTROUTING -s 10.0.0.0/8 ! -d 10.0.0.0/8 -j MASQUERADE"], []],
    ["F11", ["-t nat :m -", "-t nat -A POSTROUTING -o eth0 -j m", "-t nat -A m -j MASQUERADE"], []],
    [
      "F11",
      ["-t nat :m -", "-t nat -A POSTROUTING -o eth0 -j m", "-t nat -A POSTROUTING -p tcp -j m", "-t nat -A m -j MASQUERADE"],
      ["m:1 it translates whatever"],
    ],
  ])("%s of %j", (code, lines, expected) => {
    const messages = check(code, lines);
    expect(messages.map((message, index) => message.slice(0, expected[index]?.length))).toEqual(expected);
  });

  test("an interface that the host does not have", () => {
    expect(host).toBeDefined();
    expect(
      check(
        "F32",
        ["-t nat -A POSTROUTING -o eth+ -j MASQUERADE", "-A INPUT -i wg0 -j ACCEPT", "-A INPUT -i lo -j ACCEPT"],
        host && { host },
      ),
    ).toEqual(["POSTROUTING:1 eth+ fits none of the host's interfaces (lo, ens3, wg0): no packet matches"]);
  });

  test("IPv6 addresses with bits outside the mask", () => {
    expect(check("F33", ["-A INPUT -s 2001:db8::5/32 -j ACCEPT"], { family: 6 })).toEqual([
      "INPUT:1 2001:db8::5/32 has bits outside its mask: it means the whole network 2001:db8::/32",
    ]);
  });

  test("rules of two backends", () => {
    const [mine, theirs] = [
      subjectOf(saveText(["-A INPUT -j ACCEPT"])),
      subjectOf(saveText([":FORWARD DROP", "-A KUBE -j DROP", ":KUBE -"])),
    ];
    const codes = (subject: typeof mine): string[] =>
      lint([subject])
        .findings.filter(({ code }) => code === "F35")
        .map(({ at }) => `${at.chain} ${at.text}`);
    expect(codes({ ...mine, beside: theirs.ruleset })).toEqual(["FORWARD policy DROP"]);
    expect(codes({ ...mine, beside: subjectOf(saveText([":INPUT ACCEPT"])).ruleset })).toEqual([]);
    expect(codes(mine)).toEqual([]);
  });
});
