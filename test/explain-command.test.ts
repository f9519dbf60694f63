import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ferrule, scratch, type Said } from "./faults/command-line.ts";

/** `ferrule explain` as people meet it: the listing, one rule at length, JSON, and the questions that people really asked. */

const folder = scratch();
afterAll(() => folder.remove());

/** The text without line breaks, which depend on the width. */
const flowing = (text: string): string => text.replaceAll(/\s+/g, " ");
const filter = (rules: readonly string[], policy = "DROP"): string =>
  `*filter\n:INPUT ${policy} [0:0]\n:FORWARD ${policy} [0:0]\n:OUTPUT ACCEPT [0:0]\n${rules.map(rule => `-A ${rule}\n`).join("")}COMMIT\n`;

describe("the listing", () => {
  let said: Said;
  beforeAll(async () => {
    const path = folder.file(
      "listing.rules",
      filter([
        "INPUT -i lo -j ACCEPT",
        "INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
        "INPUT -p tcp --dport 80:89 -j DROP",
        'INPUT -p tcp --dport 85 -m comment --comment "web \\"two\\"" -j ACCEPT',
        "INPUT -p tcp --dport 22 -j ACCEPT",
      ]),
    );
    said = await ferrule("explain", path);
  });

  test("each rule has its number and a sentence, each chain its purpose and its policy", () => {
    expect(said.status).toBe(0);
    expect(said.stdout).toContain("  5  accepts TCP to port 22 (ssh)\n");
    expect(flowing(said.stdout)).toContain(
      "filter INPUT Sees every packet for this machine: what clients send to it, and the answers to what it asked for itself.",
    );
    expect(flowing(said.stdout)).toContain("What no rule decides on is dropped by its policy, DROP.");
  });

  test("comments stand beside, and rules that never act are said to be so", () => {
    expect(said.stdout).toContain('# web "two"');
    expect(said.stdout).toMatch(/^ {5}\S.*\brule 3\b.*\(F01\)\.$/m);
  });

  test("without the proof nothing is said of rules that never act", async () => {
    const { stdout } = await ferrule(
      "explain",
      folder.file("dead.rules", filter(["INPUT -j DROP", "INPUT -p tcp -j ACCEPT"])),
      "--no-proof",
    );
    expect(stdout).not.toContain("F26");
    expect(stdout).toContain("2  accepts TCP");
  });
});

describe("one rule", () => {
  const rules = filter([
    "INPUT -i lo -j ACCEPT",
    "INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
    "INPUT -p tcp --dport 80:89 -j DROP",
    "INPUT -p tcp --dport 80:90 -s 10.0.0.0/8 -j ACCEPT",
    "INPUT -p tcp --dport 85 -j ACCEPT",
  ]);
  const explain = async (...rule: string[]): Promise<string> => {
    const { stdout } = await ferrule("explain", folder.file("one.rules", rules), ...rule.flatMap(name => ["--rule", name]));
    return flowing(stdout);
  };

  test("what earlier rules leave of it, and a packet that the engine shows", async () => {
    const said = await explain("INPUT:4");
    expect(said).toContain("Accepts TCP to ports 80-90 from 10.0.0.0/8.");
    expect(said).toContain(
      "Rules before it take a part of what it matches: rule 1 (everything that comes in by lo), rule 2 (everything that belongs or is related to an open connection (ESTABLISHED, RELATED)) and rule 3 (TCP to ports 80-89).",
    );
    expect(said).toContain(
      "What is left for it is TCP to port 90 from 10.0.0.0/8 that is in state NEW, INVALID or UNTRACKED and comes in by any interface but lo.",
    );
    expect(said).toContain("For instance: tcp 10.0.0.1:40000 > 198.51.100.2:90 syn in eth0 ct NEW; the engine has shown that it matches.");
    expect(said).toContain("What does not match goes on to rule 5, which accepts TCP to port 85.");
    expect(said).toContain(
      "Without it 1 class of sessions and packets would end otherwise: + tcp 90 to this machine from 10.0.0.0/8 (private): usable; without it dropped session tcp 10.0.0.1:40000 > 198.51.100.2:90 syn in eth0",
    );
    const drop = await explain("INPUT:3");
    expect(drop).toContain("- tcp 80-89 to this machine from 10.0.0.0/8 (private): dropped; without it usable");
    expect(drop).toContain("- tcp 85 to this machine: dropped; without it usable");
  });

  test("of several rules with the same limit only its own sessions are told", async () => {
    const limited = [22, 53, 123].map(port => `INPUT -p tcp --dport ${port} -m limit --limit 3/min -j ACCEPT`);
    const { stdout } = await ferrule(
      "explain",
      folder.file("limits.rules", filter(["INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT", ...limited])),
      "--rule",
      "INPUT:2",
      "--json",
    );
    const { served } =
      (JSON.parse(stdout) as { chains: { rules: { served: { classes: { services: string[] }[] } }[] }[] }).chains[0]?.rules[0] ?? {};
    const services = (served?.classes ?? []).flatMap(each => each.services);
    expect(services).toContain("ssh (tcp 22)");
    expect(services.join(" ")).not.toMatch(/tcp 53|tcp 123/);
  });

  test("without the proof only what stands in the rule", async () => {
    const { stdout } = await ferrule("explain", folder.file("one.rules", rules), "--no-proof", "--rule", "INPUT:4");
    expect(flowing(stdout)).toContain("Accepts TCP to ports 80-90 from 10.0.0.0/8. What does not match goes on to rule 5");
    expect(stdout).not.toContain("Without it");
  });

  test("a dead one", async () => {
    const said = await explain("filter:INPUT:5");
    expect(said).toMatch(/\. [^.]*\brule 3\b[^.]*\(F01\)\. /);
    expect(said).toContain("Rules before it take all of what it matches:");
    expect(said).not.toContain("For instance");
    expect(said).toContain("Without it every session and every packet would end the same");
  });

  test("several, and names that are none", async () => {
    expect(await explain("INPUT:1", "INPUT:2")).toMatch(/INPUT rule 1 .*INPUT rule 2 /);
    const path = folder.file("one.rules", rules);
    for (const [name, message] of [
      ["INPUT:6", "there is no rule filter:INPUT:6: INPUT has 5"],
      ["NONE:1", "the table filter has no chain NONE"],
      ["nat:INPUT:1", "the table nat has no chain INPUT"],
      ["INPUT", "expected TABLE:CHAIN:NUMBER or CHAIN:NUMBER, not INPUT"],
      ["INPUT:0", "expected TABLE:CHAIN:NUMBER or CHAIN:NUMBER, not INPUT:0"],
    ] as const) {
      const { status, stderr, stdout } = await ferrule("explain", path, "--rule", name);
      expect([status, stdout]).toEqual([2, ""]);
      expect(stderr).toContain(message);
    }
  });

  test("by its line in the file", async () => {
    const path = folder.file("one.rules", rules);
    const { stdout } = await ferrule("explain", path, "--no-proof", "--line", "8", "--line", "5");
    expect(flowing(stdout)).toMatch(/^filter INPUT rule 4 \S+:8 .* filter INPUT rule 1 \S+:5 /);
    expect(await ferrule("explain", path, "--line", "2")).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("there is no rule in line 2") as unknown,
    });
    expect((await ferrule("explain", path, "--line", "x")).status).toBe(2);
  });

  test("a policy-routing rule of the host goes by the same option", async () => {
    const path = folder.file("one.rules", rules);
    const { status, stdout } = await ferrule(
      "explain",
      path,
      "--if",
      "eth0=192.0.2.1/24",
      "--rule",
      "fwmark 1 table 100",
      "--rule",
      "INPUT:1",
    );
    expect(status).toBe(0);
    expect(stdout).toContain("Accepts everything that comes in by lo.");
  });
});

test("JSON", async () => {
  const path = folder.file(
    "json.rules",
    filter(["INPUT -p tcp --dport 22 -m limit --limit 2/min -j ACCEPT", "INPUT -m recent --set --name SEEN"]),
  );
  const whole = JSON.parse((await ferrule("explain", path, "--json")).stdout) as {
    chains: { rules: Record<string, unknown>[]; sentence: string; policy: string }[];
    addressLists: unknown;
  };
  expect(whole).toMatchObject({ ferrule: "explain", version: 1 });
  expect(whole.chains[0]).toMatchObject({
    family: 4,
    table: "filter",
    chain: "INPUT",
    policy: "DROP",
    calledBy: [],
    reachable: true,
    decides: false,
  });
  expect(whole.chains[0]?.rules[0]).toMatchObject({
    number: 1,
    line: 5,
    text: "-p tcp -m tcp --dport 22 -m limit --limit 2/min -j ACCEPT",
    sentence: "accepts TCP to port 22 (ssh), 2 per minute at most with bursts of 5; over the limit the packet goes on to rule 2",
    matches: "TCP to port 22 (ssh)",
    conditions: ["2 per minute at most with bursts of 5"],
    comment: null,
    otherwise: { to: "rule", number: 2 },
  });
  expect(whole.addressLists).toEqual([
    { family: 4, lists: [{ name: "SEEN", uses: [{ table: "filter", chain: "INPUT", number: 2, mode: "set" }] }], sequences: [] },
  ]);
  const one = JSON.parse((await ferrule("explain", path, "--json", "--rule", "INPUT:1")).stdout) as {
    chains: { rules: Record<string, unknown>[] }[];
  };
  expect(one.chains).toHaveLength(1);
  expect(one.chains[0]?.rules).toHaveLength(1);
  expect(one.chains[0]?.rules[0]).toMatchObject({
    takenBefore: [],
    witness: { path: "in", depends: [{ about: "limit: avg 2/min burst 5", holds: true }] },
    served: {
      classes: expect.arrayContaining([
        expect.objectContaining({ change: "opens", path: "in", services: ["ssh (tcp 22)"], confirmed: true }),
      ]) as unknown,
      left: 0,
      undone: [],
    },
  });
});

test("hostile names and comments are shown, never obeyed", async () => {
  const evil = `${String.fromCodePoint(27)}[31m${String.fromCodePoint(0x202e)}x`;
  const path = folder.file("evil.rules", filter([`INPUT -m comment --comment "${evil}" -j LOG --log-prefix "${evil}"`]));
  for (const more of [[], ["--rule", "INPUT:1"], ["--json"]]) {
    const { stdout } = await ferrule("explain", path, ...more);
    expect(stdout).not.toContain(String.fromCodePoint(27));
    expect(stdout).not.toContain(String.fromCodePoint(0x202e));
  }
});

describe("questions that people asked", () => {
  test("u15: what do limit rules do, and do they cover UDP?", async () => {
    const path = folder.file(
      "u15.rules",
      filter([
        "INPUT -p icmp -m limit --limit 1/s -j ACCEPT",
        "INPUT -p tcp --tcp-flags SYN,ACK,FIN,RST RST -m limit --limit 2/s --limit-burst 2 -j ACCEPT",
        "INPUT -p icmp -m limit -j ACCEPT",
      ]),
    );
    const listing = flowing((await ferrule("explain", path)).stdout);
    expect(listing).toContain("1 accepts ICMP, 1 per second at most with bursts of 5; over the limit the packet goes on to rule 2");
    expect(listing).toContain(
      "accepts TCP that has RST set and FIN, SYN and ACK clear, 2 per second at most with bursts of 2; over the limit the packet goes on to rule 3",
    );
    expect(listing).toContain("accepts ICMP, 3 per hour at most with bursts of 5; over the limit the packet meets the policy, DROP");
    const said = flowing((await ferrule("explain", path, "--rule", "INPUT:1")).stdout);
    expect(said).toContain("One comes back every 1 second.");
    expect(said).toContain(
      "There is one bucket for all ICMP, whoever sends it. Other packets are not counted, and this rule does not limit them.",
    );
  });

  test("u42: two a minute were allowed, why did five get in?", async () => {
    const rules = (more: string): string =>
      filter([`INPUT -p tcp --dport 22 --syn -m limit --limit 2/min ${more} -j ACCEPT`, "INPUT -p tcp --dport 22 --syn -j DROP"], "ACCEPT");
    const said = flowing((await ferrule("explain", folder.file("u42.rules", rules("")), "--rule", "INPUT:1")).stdout);
    expect(said).toContain("2 per minute at most with bursts of 5; over the limit the packet goes on to rule 2.");
    expect(said).toContain("holds 5 tokens at most (which is what a rule gets that names no burst) and is full when the rules are loaded.");
    expect(said).toContain("So 5 packets match at once, 7 in the first minute at most, and then 2 per minute");
    expect(said).toContain("goes on to rule 2, which drops TCP to port 22 (ssh) that asks for a connection (SYN).");
    const two = flowing((await ferrule("explain", folder.file("u42-2.rules", rules("--limit-burst 2")), "--rule", "INPUT:1")).stdout);
    expect(two).toContain("So 2 packets match at once, 4 in the first minute at most");
  });

  test("u44: what does the knocking require before ssh opens, and does the session then work?", async () => {
    const recent = (name: string, what: string): string => `-m recent --name ${name} --${what}`;
    const lines = [
      `INPUT ${recent("INSTEP3", "rcheck")} -j STEP3`,
      `INPUT ${recent("INSTEP2", "rcheck")} -j STEP2`,
      `INPUT ${recent("INSTEP1", "rcheck")} -j STEP1`,
      "INPUT -j STEP0",
      `STEP0 -p udp --dport 1111 ${recent("INSTEP1", "set")} -j REJECT`,
      "STEP0 -j REJECT",
      `STEP1 ${recent("INSTEP1", "remove")}`,
      `STEP1 -p udp --dport 2222 ${recent("INSTEP2", "set")} -j REJECT`,
      "STEP1 -j STEP0",
      `STEP2 ${recent("INSTEP2", "remove")}`,
      `STEP2 -p udp --dport 3333 ${recent("INSTEP3", "set")} -j REJECT`,
      "STEP2 -j STEP0",
      `STEP3 ${recent("INSTEP3", "remove")}`,
      "STEP3 -p tcp --dport 22 -j ACCEPT",
      "STEP3 -j STEP0",
    ];
    const text = filter(lines, "ACCEPT").replace("-A", ":STEP0 -\n:STEP1 -\n:STEP2 -\n:STEP3 -\n-A");
    const path = folder.file("u44.rules", text);
    const said = flowing((await ferrule("explain", path)).stdout);
    expect(said).toContain(
      "STEP3 rule 2 accepts TCP to port 22 (ssh) only after the same address has sent, in this order: 1. UDP to port 1111 (STEP0 rule 1), 2. UDP to port 2222 (STEP1 rule 2), 3. UDP to port 3333 (STEP2 rule 2).",
    );
    expect(said).toContain(
      "Another packet in between that gets to these rules takes the address off the lists INSTEP1, INSTEP2 and INSTEP3, and it has to start again.",
    );
    expect(said).toContain("the further packets of its connection need a rule of their own, such as one for ESTABLISHED.");
    const knock = [1111, 2222, 3333].map(port => `udp 203.0.113.9:40000 > 198.51.100.2:${port} in eth0`);
    const ssh = "session tcp 203.0.113.9:40000 > 198.51.100.2:22 syn in eth0";
    const cut = await ferrule("trace", path, ...knock, ssh);
    expect(flowing(cut.stdout)).toMatch(/THE SESSION DIES at packet 3, the client's ACK: rejected by \S+: filter STEP0 rule 2/);
    const mended = folder.file(
      "u44-established.rules",
      text.replace("-A INPUT", "-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT\n-A INPUT"),
    );
    expect((await ferrule("trace", mended, ...knock, ssh)).stdout).not.toContain("THE SESSION DIES");
  });

  test("u17: is OUTPUT about connect() and INPUT about listen()?", async () => {
    const said = flowing((await ferrule("explain", folder.file("u17.rules", filter([])))).stdout);
    expect(said).toContain(
      "filter INPUT Sees every packet for this machine: what clients send to it, and the answers to what it asked for itself.",
    );
    expect(said).toContain("filter OUTPUT Sees every packet that this machine sends: what it asks for itself, and its answers to clients.");
    expect(said).toContain("filter FORWARD Sees every packet that passes through from one network to another, in both directions.");
  });
});
