import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createFirewall, type Firewall } from "../src/engine/index.ts";
import { ruleCosts } from "../src/analysis/optimize/index.ts";
import { hostFromFlags } from "../src/host/index.ts";
import { readRules } from "../src/syntax/index.ts";
import { ferrule, scratch } from "./faults/command-line.ts";

/** `ferrule optimize` as a person meets it: what is printed, written and refused. */

const { file, remove } = scratch();
afterAll(remove);

const RULES = [
  "*filter",
  ":INPUT DROP [0:0]",
  "# the ban list",
  "-A INPUT -s 192.0.2.77/32 -j DROP",
  "-A INPUT -i lo -j ACCEPT",
  "# for the admins",
  "# (ask Kim)",
  "-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT",
  "-A INPUT -p tcp -m tcp --dport 443 -j ACCEPT",
  '-A INPUT -j LOG --log-prefix "dropped "',
  "COMMIT",
  "",
].join("\n");

let rules = "";
let capture = "";
beforeAll(() => {
  rules = file("v4", RULES);
  capture = file("web.pcap", pcapOf(Array.from({ length: 50 }, (_, at) => syn(40_000 + at, at % 10 === 0 ? 22 : 443))));
});

/** An IPv4 SYN from 203.0.113.9 to 198.51.100.2. */
function syn(source: number, destination: number): Uint8Array {
  const packet = new Uint8Array(40);
  const view = new DataView(packet.buffer);
  packet.set([0x45, 0, 0, 40, 0, 1, 0x40, 0, 64, 6]);
  view.setUint32(12, 0xcb007109);
  view.setUint32(16, 0xc6336402);
  view.setUint16(20, source);
  view.setUint16(22, destination);
  view.setUint32(24, source);
  packet.set([0x50, 0x02, 0xfa, 0xf0], 32);
  const sum = (from: number, to: number, start: number): number => {
    let total = start;
    for (let at = from; at < to; at += 2) total += view.getUint16(at);
    while (total > 0xffff) total = (total & 0xffff) + (total >>> 16);
    return ~total & 0xffff;
  };
  view.setUint16(10, sum(0, 20, 0));
  view.setUint16(36, sum(12, 40, 6 + 20));
  return packet;
}

/** A pcap file of raw IP packets, a millisecond apart. */
function pcapOf(packets: readonly Uint8Array[]): Uint8Array {
  const words = (...values: number[]): number[] =>
    values.flatMap(value => [value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24]);
  const frames = packets.flatMap((packet, at) => [...words(1, at * 1000, packet.length, packet.length), ...packet]);
  return Uint8Array.from([...words(0xa1b2c3d4, 0x00040002, 0, 0, 65535, 101), ...frames]);
}

test("the rules come with the report as comments, and load again as they are", async () => {
  const { status, stdout, stderr } = await ferrule("optimize", rules);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toContain("# IPv4: rules tested for one packet\n");
  expect(stdout).toContain("# merged   filter INPUT 3, 4: -p tcp -m tcp -m multiport --dports 22,443 -j ACCEPT\n");
  expect(stdout).toContain("# equal    proven for all packets");
  expect(readRules(stdout, "again").faults).toEqual([]);
});

test("comment lines stay above the rules that they stood above", async () => {
  const { stdout } = await ferrule("optimize", rules);
  expect(stdout).toContain("# the ban list\n-A INPUT -s 192.0.2.77/32 -j DROP\n");
  expect(stdout).toContain("# for the admins\n# (ask Kim)\n-A INPUT -p tcp -m tcp -m multiport --dports 22,443 -j ACCEPT\n");
});

test("diff finds no difference between the rules and what was made of them", async () => {
  const made = file("made", "");
  const { status, stdout } = await ferrule("optimize", rules, "-w", made);
  expect(status).toBe(0);
  expect(stdout).not.toContain("*filter");
  expect(readFileSync(made, "utf8")).not.toContain("# equal");
  const compared = await ferrule("diff", rules, made, "--strict");
  expect({ status: compared.status, stdout: compared.stdout }).toMatchObject({ status: 0 });
});

test.each([
  // 5 of 50 packets to port 22 met 3 rules, 45 to 443 met 4. The merged rule comes third, since a cut header from lo is accepted before it …
  [[], 3],
  // … and second, behind the ban list, where only whole packets count.
  [["--whole"], 2],
])("a capture gives the order, and both costs are what its packets met (%j)", async (words, expected) => {
  const { stdout } = await ferrule("optimize", rules, "--weights", capture, "--if", "eth0=198.51.100.2/24", "--json", ...words);
  const [family] = (JSON.parse(stdout) as Report).families;
  expect(family?.measuredWith).toBe(capture);
  const input = family?.costs.find(({ chain }) => chain === "INPUT");
  expect(input?.packets).toBe(50);
  expect(input?.before.expected).toBeCloseTo((5 * 3 + 45 * 4) / 50, 9);
  expect(input?.after.expected).toBeCloseTo(expected, 9);
});

interface Report {
  readonly families: readonly {
    readonly measuredWith: string;
    readonly costs: readonly {
      readonly chain: string;
      readonly packets: number;
      readonly before: { readonly expected: number };
      readonly after: { readonly expected: number };
    }[];
  }[];
}

test("expected tests are what a trace of the same packets counts", () => {
  const text = RULES.replace(
    "-A INPUT -i lo",
    "-A INPUT -p tcp -j own\n-A own -p tcp -m tcp --dport 25 -j DROP\n-A own -s 198.18.0.0/15 -j RETURN\n-A INPUT -i lo",
  ).replace(":INPUT DROP [0:0]", ":INPUT DROP [0:0]\n:own - [0:0]");
  const ruleset = readRules(text, "rules", { family: 4 }).ruleset;
  const { value: host } = hostFromFlags({ interfaces: ["eth0=198.51.100.2/24"], routes: ["default via 198.51.100.1 dev eth0"] });
  if (!ruleset || !host) throw new Error("no rules");
  const firewall: Firewall = createFirewall({ v4: ruleset, host, start: 0, random: () => 1 });
  let tests = 0;
  for (const [at, port] of [22, 22, 443, 25, 80, 443, 443].entries()) {
    const { events } = firewall.receive({ bytes: syn(40_000 + at, port), in: "eth0" }, at * 1000, { trace: true });
    tests += events.filter(
      event => event.event === "rule" && event.place.table === "filter" && ["INPUT", "own"].includes(event.place.chain),
    ).length;
  }
  const counted = firewall.rulesetWithCounters(4);
  const cost =
    counted &&
    ruleCosts(counted)
      .get("filter")
      ?.find(({ chain }) => chain === "INPUT");
  expect(cost?.packets).toBe(7);
  expect(cost?.expected).toBeCloseTo(tests / 7, 9);
});

test("an ipset file is made for the rules that ask it", async () => {
  const list = file(
    "list",
    `*filter\n${Array.from({ length: 5 }, (_, at) => `-A INPUT -s 10.0.${at * 3}.0/24 -j DROP\n`).join("")}COMMIT\n`,
  );
  const sets = file("sets", "");
  const { status, stdout } = await ferrule("optimize", list, "--ipset-out", sets);
  expect(status).toBe(0);
  expect(stdout).toContain("-A INPUT -m set --match-set INPUT-1 src -j DROP\nCOMMIT\n");
  expect(readFileSync(sets, "utf8").split("\n").slice(0, 2)).toEqual([
    "create INPUT-1 hash:net family inet hashsize 1024 maxelem 65536",
    "add INPUT-1 10.0.0.0/24",
  ]);
});

test("counters are printed when they are asked for", async () => {
  const counted = file("counted", RULES.replace("-A INPUT -s", "[7:420] -A INPUT -s"));
  expect((await ferrule("optimize", counted)).stdout).toContain("\n-A INPUT -s 192.0.2.77/32");
  expect((await ferrule("optimize", counted, "-c")).stdout).toContain("\n[7:420] -A INPUT -s 192.0.2.77/32");
});

test("both families come in one text that can be read again", async () => {
  const { status, stdout } = await ferrule(
    "optimize",
    rules,
    "--v6",
    file("v6", "*filter\n-A INPUT -p tcp --dport 22 -j ACCEPT\n-A INPUT -p tcp --dport 80 -j ACCEPT\nCOMMIT\n"),
  );
  expect(status).toBe(0);
  expect(stdout).toContain("# Generated by ip6tables-save, for ferrule optimize\n# IPv6: rules tested for one packet\n");
  const both = await ferrule("show", file("both", stdout), "--family", "6");
  expect(both.stdout).toContain("--dports 22,80");
});

test("what cannot be printed as it is ends in status 1, and no rules", async () => {
  const { status, stdout, stderr } = await ferrule(
    "optimize",
    file("lossy", "*filter\n-A INPUT -p tcp --tcp-flags NONE SYN -j DROP\nCOMMIT\n"),
  );
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toContain(
    "no rules are printed, because they could not be proven equal: iptables-save would not print this rule as it is",
  );
});

test.each([
  [["--split-from", "1"], "expected a number of rules"],
  [["--weights", "nowhere.pcap"], "nowhere.pcap"],
  [["--weights", "-"], "cannot come from standard input"],
  [["-w", "no/such/folder/rules"], "cannot be written"],
])("%j is refused", async (words, sentence) => {
  const { status, stdout, stderr } = await ferrule("optimize", rules, ...words);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toContain(sentence);
});

test.skipIf(process.getuid?.() === 0)("the kernel is not asked by anybody but root, and it is said why", async () => {
  const { status, stdout } = await ferrule("optimize", rules, "--kernel");
  expect(status).toBe(0);
  expect(stdout).toContain("# kernel   not measured: that takes root");
});
