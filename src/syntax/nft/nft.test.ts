import { expect, test } from "vitest";
import { readIpsets } from "../ipset/index.ts";
import { readSave } from "../save.ts";
import { printNft } from "./index.ts";

/** The lines of one chain of the translation of filter rules, or the reasons why there is none. */
function translate(
  rules: string,
  { family = 4, table = "filter", chain = "INPUT" }: { family?: 4 | 6; table?: string; chain?: string } = {},
): string[] {
  const { ruleset, faults } = readSave(`*${table}\n${rules}\nCOMMIT\n`, "rules", { family });
  if (ruleset === undefined) throw new Error(faults.map(({ message }) => message).join("\n"));
  const printed = printNft([ruleset]);
  if (printed.faults.length > 0) return printed.faults.map(({ line, message }) => `${line}: ${message}`);
  const [, body = ""] = printed.text.split(`\tchain ${table}_${chain} {\n`);
  return body
    .slice(0, body.indexOf("\t}"))
    .split("\n")
    .map(line => line.trim())
    .filter(line => line !== "" && !line.startsWith("type "));
}

test.each<[rule: string, line: string]>([
  ["-s 10.0.0.0/8 ! -d 192.0.2.1", "ip saddr 10.0.0.0/8 ip daddr != 192.0.2.1 counter"],
  ["-s 10.0.5.0/255.0.255.0", "ip saddr & 255.0.255.0 == 10.0.5.0 counter"],
  ["-i eth+ -j ACCEPT", 'iifname "eth*" counter accept'],
  ["! -i eth0 -p icmp", 'iifname != "eth0" meta l4proto icmp counter'],
  ["-m conntrack --ctstate NEW,RELATED", "ct state new,related counter"],
  ["-m conntrack ! --ctstate NEW", "ct state invalid,established,related,untracked counter"],
  ["-m mark --mark 0x10/0xf0 -j DROP", "meta mark & 0xf0 == 0x10 counter drop"],
  ["-m addrtype --dst-type LOCAL,BROADCAST", "fib daddr type 2-3 counter"],
  ["-m pkttype ! --pkt-type broadcast", "meta pkttype != broadcast counter"],
  ["-m ttl --ttl-lt 5", "ip ttl 0-4 counter"],
  ["-m dscp --dscp-class EF", "ip dscp 0x2e counter"],
  ["-m length --length 100:200", "meta length 100-200 counter"],
  ['-m comment --comment "two words" -j DROP', 'counter drop comment "two words"'],
  ['-j LOG --log-prefix "in: " --log-level 6 --log-uid', 'counter log prefix "in: " level info flags skuid'],
  ["-j NFLOG --nflog-group 5 --nflog-size 40", "counter log group 5 snaplen 40"],
  ["-j REJECT", "counter reject with icmp type port-unreachable"],
  ["-j NFQUEUE --queue-num 3 --queue-bypass", "counter queue flags bypass to 3"],
  ["-j MARK --set-mark 0x1/0xf", "counter meta mark set meta mark & 0xfffffff0 ^ 0x1"],
  ["-j MARK --or-mark 0x4", "counter meta mark set meta mark | 0x4"],
])("filter INPUT %s is %s", (rule, line) => {
  expect(translate(`-A INPUT ${rule}`)).toEqual([line]);
});

test("a match that drops broken headers becomes a guard, asked once of the same packets", () => {
  const state = "-m conntrack --ctstate NEW";
  expect(
    translate(
      `-A INPUT -p tcp ${state} -m tcp --dport 22\n-A INPUT -p tcp ${state} -m multiport --dports 80,443\n-A INPUT -p tcp -m tcp --dport 25`,
    ),
  ).toEqual([
    "meta l4proto tcp ct state new jump shorter-than-20",
    "ct state new tcp dport 22 counter",
    "ct state new tcp dport { 80, 443 } counter",
    "meta l4proto tcp jump shorter-than-20",
    "tcp dport 25 counter",
  ]);
});

test("without tracking fragments are looked at", () => {
  expect(translate("-A INPUT -p udp -m udp --dport 53 -j ACCEPT")).toEqual([
    "meta l4proto udp jump shorter-than-8",
    "ip frag-off & 0x1fff == 0 udp dport 53 counter accept",
  ]);
});

test("two negated neighbours are ranges, which nft does not merge", () => {
  const [, line] = translate("-A INPUT -p udp -m udp ! --sport 1 ! --dport 2 -m state --state NEW -j DROP");
  expect(line).toBe("udp sport != 1-1 udp dport != 2-2 ct state new counter drop");
});

test("the contrary of an absent field is asked by returning", () => {
  const text = printNft([readSave("*filter\n-A OUTPUT -m owner ! --uid-owner 5 -j DROP\nCOMMIT\n", "rules", { family: 4 }).ruleset!]).text;
  expect(text).toContain("\tchain case {\n\t\tmeta skuid 5 return\n\t\tcounter drop\n\t}\n");
  expect(text).toContain("\t\tjump case\n");
});

test("alternatives follow each other, so that one rule acts once", () => {
  const text = printNft([
    readSave("*filter\n-A INPUT -p tcp -m multiport --ports 25 -m state --state NEW -j LOG\nCOMMIT\n", "rules", { family: 4 }).ruleset!,
  ]).text;
  expect(text.match(/ log /g)).toHaveLength(1);
  expect(text).toContain("tcp sport 25 ct state new goto action");
  expect(text).toContain("tcp dport 25 ct state new goto action");
});

test("marks are mixed bit by bit", () => {
  const lines = translate("-A PREROUTING -j CONNMARK --restore-mark --nfmask 0x3 --ctmask 0x3", { table: "mangle", chain: "PREROUTING" });
  expect(lines).toEqual(["counter jump mix"]);
});

test.each<[chain: string, rule: string, line: string]>([
  ["PREROUTING", "-p tcp -m tcp --dport 80 -j DNAT --to-destination 10.0.0.1:8080", "tcp dport 80 counter dnat to 10.0.0.1:8080"],
  ["POSTROUTING", "-o ppp0 -j MASQUERADE --random", 'oifname "ppp0" counter masquerade random'],
  ["POSTROUTING", "-j SNAT --to-source 192.0.2.1-192.0.2.9 --persistent", "counter snat to 192.0.2.1-192.0.2.9 persistent"],
  ["PREROUTING", "-p udp -j REDIRECT --to-ports 53", "meta l4proto udp counter redirect to :53"],
  ["PREROUTING", "-j NETMAP --to 10.1.0.0/24", "counter dnat ip prefix to ip daddr map { 0.0.0.0/0 : 10.1.0.0/24 }"],
])("nat %s %s is %s", (chain, rule, line) => {
  expect(translate(`-A ${chain} ${rule}`, { table: "nat", chain }).at(-1)).toBe(line);
});

test.each<[table: string, chain: string, rule: string, reason: string]>([
  ["filter", "FORWARD", "-m physdev --physdev-in eth0", "bridge port"],
  ["mangle", "FORWARD", "-j TTL --ttl-dec 1", "not add to it"],
  ["mangle", "FORWARD", "-p tcp -m tcp --syn -j TCPMSS --set-mss 1400", "-m tcpmss --mss 1:65535"],
  ["filter", "INPUT", '-j LOG --log-prefix "$x"', "cannot quote"],
  ["filter", "INPUT", "-m recent --name list --rcheck", "list"],
])("%s %s %s is refused: %s", (table, chain, rule, reason) => {
  const [fault] = translate(`-A ${chain} ${rule}`, { table, chain });
  expect(fault).toMatch(/^2: /);
  expect(fault).toContain(reason);
  expect(fault).toContain(`in -A ${chain}`);
});

test("names that nft has no letters for get others, each its own", () => {
  const { ruleset } = readSave("*filter\n:a+b - [0:0]\n:a_x2b_b - [0:0]\n-A INPUT -j a+b\n-A INPUT -j a_x2b_b\nCOMMIT\n", "rules", {
    family: 4,
  });
  const { text } = printNft([ruleset!]);
  const chains = [...text.matchAll(/chain (\S+) \{/g)].map(match => match[1]);
  expect(new Set(chains).size).toBe(chains.length);
});

const SETS = `create a hash:ip
add a 10.0.0.1
create n hash:net
add n 10.0.0.0/8
add n 10.1.0.0/16
create p hash:ip,port timeout 60
add p 10.0.0.1,tcp:80
create x hash:net
add x 10.0.0.0/8
add x 10.1.0.0/16 nomatch
create o hash:net,port
add o 10.0.0.0/8,tcp:80
add o 10.1.0.0/16,tcp:80
`;

function withSets(rule: string): string {
  const { ruleset } = readSave(`*filter\n-A INPUT ${rule}\nCOMMIT\n`, "rules", { family: 4 });
  const printed = printNft(ruleset ? [ruleset] : [], { sets: readIpsets(SETS, "sets", 0).sets, now: 0 });
  return printed.faults.map(({ message }) => message).join("\n") + printed.text;
}

test.each<[rule: string, ...lines: string[]]>([
  ["-m set --match-set a src -j DROP", "elements = { 10.0.0.1 }", "ip saddr @set_a counter drop"],
  ["-m set ! --match-set a dst", "typeof ip daddr", "ip daddr != @set_a counter"],
  ["-m set --match-set n src", "flags interval", "elements = { 10.0.0.0/8 }"],
  [
    "-p tcp -m set --match-set p src,dst",
    "flags timeout",
    "elements = { 10.0.0.1 . tcp . 80 timeout 60s }",
    "ip saddr . meta l4proto . th dport @set_p",
  ],
])("%s looks into an nft set", (rule, ...lines) => {
  const text = withSets(rule);
  for (const line of lines) expect(text).toContain(line);
});

test.each<[rule: string, reason: string]>([
  ["-m set --match-set x src", "nomatch"],
  ["-m set --match-set o src,dst", "overlap"],
  ["-m set --match-set unknown src", "--ipset FILE"],
  ["-m set --match-set a src --packets-gt 5", "counters of set elements"],
  ["-j SET --add-set a src", "a set that rules change"],
])("%s is refused: %s", (rule, reason) => {
  expect(withSets(rule)).toContain(reason);
});
