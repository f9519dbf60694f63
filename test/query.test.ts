import { afterAll, describe, expect, test } from "vitest";
import { ask, isQuestionFault, readQuestion, type QueryAnswer, type QueryStand } from "../src/analysis/query/index.ts";
import { hostFromFlags } from "../src/host/index.ts";
import { readIpsets, readRules } from "../src/syntax/index.ts";
import { ferrule, scratch } from "./faults/command-line.ts";

const HEAD = ":INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n";
const filter = (...rules: string[]): string => `*filter\n${HEAD}${rules.map(rule => `-A ${rule}\n`).join("")}COMMIT\n`;
const STATEFUL = "INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT";

function standOf(text: string, more: Partial<QueryStand> = {}, family: 4 | 6 = 4): QueryStand {
  const { ruleset, faults } = readRules(text, "fw.rules", { family });
  if (!ruleset || faults.length > 0) throw new Error(JSON.stringify(faults));
  return { ...(family === 4 ? { v4: ruleset } : { v6: ruleset }), ...more };
}

const HOST = (() => {
  const { value } = hostFromFlags({
    interfaces: ["wan0=198.51.100.2/24", "lan0=192.168.1.1/24"],
    routes: ["default via 198.51.100.1 dev wan0"],
    sysctls: ["net.ipv4.ip_forward=1"],
  });
  if (!value) throw new Error("no host");
  return value;
})();

const SETS = readIpsets("create admins hash:ip family inet\nadd admins 203.0.113.5\nadd admins 203.0.113.6\n", "sets", 0).sets;

function answer(text: string, stand: QueryStand): QueryAnswer {
  const question = readQuestion(text);
  if (isQuestionFault(question)) throw new Error(question.message);
  const answered = ask(question, stand);
  if (isQuestionFault(answered)) throw new Error(answered.message);
  return answered;
}

/** `usable in: from port 20 [limit…]`, one line for each part. */
const parts = ({ parts: all }: QueryAnswer): string[] =>
  all.map(
    ({ fate, path, which, certainty, role }) =>
      `${fate}${role ? ` (${role})` : ""} ${path}: ${which.join(", ")}${certainty.sure ? "" : ` [${certainty.depends.join("; ")}]`}`,
  );

const SSH_LIMITED = filter(
  STATEFUL,
  "INPUT -p tcp -m tcp --dport 22 -s 10.0.0.0/8 -j ACCEPT",
  "INPUT -p tcp -m tcp --dport 80 -m limit --limit 5/min -j ACCEPT",
  "INPUT -p tcp -m tcp --dport 113 -j REJECT --reject-with tcp-reset",
);
const NAT = `*nat\n:PREROUTING ACCEPT [0:0]\n:INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\n-A PREROUTING -i wan0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 192.168.1.80:80\nCOMMIT\n${filter("FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT", "FORWARD -d 192.168.1.80/32 -i wan0 -p tcp -m tcp --dport 80 -j ACCEPT")}`;

describe("answers", () => {
  const rows: readonly (readonly [
    about: string,
    rules: string,
    question: string,
    verdict: string,
    parts: readonly string[],
    more?: Partial<QueryStand>,
  ])[] = [
    ["all may", SSH_LIMITED, "from 10.0.0.0/8 to self tcp 22", "yes", ["usable in: "]],
    [
      "some of them may",
      SSH_LIMITED,
      "from 10.0.0.0/8,192.0.2.0/24 to self tcp 22",
      "depends",
      ["usable in: from 10.0.0.0/8 (private)", "dropped in: from 192.0.2.0/24 (documentation)"],
    ],
    [
      "by address and port",
      SSH_LIMITED,
      "from any to self tcp 22,23",
      "depends",
      [
        "usable in: ssh (tcp 22), from 10.0.0.0/8 (private)",
        "dropped in: telnet (tcp 23)",
        "dropped in: from any but 10.0.0.0/8 (private)",
      ],
    ],
    ["nobody may", SSH_LIMITED, "from any to self udp 53", "no", ["dropped in: "]],
    ["refused with an answer", SSH_LIMITED, "from any to self tcp 113", "no", ["rejected in: "]],
    [
      "a limit",
      SSH_LIMITED,
      "from any to self tcp 80",
      "depends",
      ["usable in:  [limit: avg 5/min burst 5]", "dropped in:  [limit: avg 5/min burst 5]"],
    ],
    [
      "no answer comes back",
      filter("INPUT -p udp -m udp --dport 53 -j ACCEPT"),
      "from self port 1024-65535 to 9.9.9.9 udp 53",
      "no",
      ["half-open (answer) out: "],
    ],
    [
      "ordinary source ports suffice",
      filter(STATEFUL, "INPUT -p tcp -m tcp --sport 1024: --dport 22 -j ACCEPT"),
      "from any to self tcp 22",
      "yes",
      ["usable in: from port 1024-65535", "dropped in: from port 0-1023"],
    ],
    [
      "but not where a port is asked for",
      filter(STATEFUL, "INPUT -p tcp -m tcp --sport 1024: --dport 22 -j ACCEPT"),
      "from any port 1-2000 to self tcp 22",
      "depends",
      ["usable in: from port 1024-2000", "dropped in: from port 1-1023"],
    ],
    [
      "a source-port hole",
      filter(STATEFUL, "INPUT -p udp -m udp --sport 53 -j ACCEPT"),
      "from any port 53 to self udp",
      "yes",
      ["usable in: "],
    ],
    [
      "an unknown set",
      filter(STATEFUL, "INPUT -p tcp -m tcp --dport 22 -m set --match-set admins src -j ACCEPT"),
      "from any to self tcp 22",
      "depends",
      ["usable in:  [source is in the set admins]", "dropped in:  [source is in the set admins]"],
    ],
    [
      "an unknown set that is asked for",
      filter(STATEFUL, "INPUT -p tcp -m tcp --dport 22 -m set --match-set admins src -j ACCEPT"),
      "from @admins to self tcp 22",
      "yes",
      ["usable in: "],
    ],
    [
      "a known set",
      filter(STATEFUL, "INPUT -p tcp -m tcp --dport 22 -m set --match-set admins src -j ACCEPT"),
      "from 203.0.113.0/28 to self tcp 22",
      "depends",
      ["usable in: from the set admins", "dropped in: from any but the set admins"],
      { sets: SETS },
    ],
    ["ping", filter(STATEFUL, "INPUT -p icmp -m icmp --icmp-type 8 -j ACCEPT"), "from any to self ping", "yes", ["usable in: "]],
    ["what no session opens", SSH_LIMITED, "from any to self icmp 3", "no", []],
    [
      "an interface",
      filter(STATEFUL, "INPUT -i lan0 -p tcp -m tcp --dport 22 -j ACCEPT"),
      "from any to self tcp 22",
      "depends",
      ["usable in: in lan0", "dropped in: in any but lan0"],
    ],
    [
      "an interface that is asked for",
      filter(STATEFUL, "INPUT -i lan+ -p tcp -m tcp --dport 22 -j ACCEPT"),
      "from any to self tcp 22 in lan7",
      "yes",
      ["usable in: "],
    ],
    ["over loopback", filter("INPUT -i lo -j ACCEPT"), "from self to self tcp 3306", "yes", ["usable local: "]],
    ["translated", NAT, "from any to self tcp 8080 in wan0", "yes", ["usable forward: "], { host: HOST }],
    [
      "addresses before translation",
      NAT,
      "from any to 192.168.1.80 tcp 8080 in wan0 out lan0",
      "yes",
      ["usable forward: "],
      { host: HOST },
    ],
    ["addresses after translation", NAT, "from any to 192.168.1.80 tcp 80 in wan0 after nat", "yes", ["usable forward: "], { host: HOST }],
    ["routing says that nobody comes that way", NAT, "from 192.168.1.0/24 to any tcp 80 in wan0", "no", [], { host: HOST }],
    [
      "a packet to many",
      filter("OUTPUT -d 224.0.0.251 -j ACCEPT"),
      "packets from self to 224.0.0.251 udp 5353",
      "yes",
      ["accepted out: "],
      { host: HOST },
    ],
    ["no session is with many", filter(), "from self to 224.0.0.251 udp 5353", "no", [], { host: HOST }],
    ["the network of an interface", NAT, "from net(lan0) to self tcp 22", "no", ["dropped in: "], { host: HOST }],
    [
      "other protocols",
      filter(STATEFUL, "INPUT -p gre -j ACCEPT"),
      "from any to self gre,esp",
      "depends",
      ["usable in: gre", "dropped in: esp"],
    ],
    [
      "a hardware address",
      filter(STATEFUL, "INPUT -p tcp -m mac --mac-source 00:11:22:33:44:55 -j ACCEPT"),
      "from any to self tcp 22",
      "depends",
      ["usable in: with the hardware address 00:11:22:33:44:55", "dropped in: with the hardware address any but 00:11:22:33:44:55"],
    ],
    [
      "a user",
      "*filter\n:INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n-A OUTPUT -p tcp -m owner --uid-owner 33 -j REJECT\nCOMMIT\n",
      "from self to any tcp 25",
      "depends",
      ["usable out: of user any but 33", "rejected out: of user 33"],
    ],
    ["packets", filter("INPUT -p tcp -m tcp --dport 22 -j ACCEPT"), "packets from any to self tcp 22 ack", "yes", ["accepted in: "]],
    [
      "packets by their state",
      filter(STATEFUL, "INPUT -p tcp --syn -m tcp --dport 22 -j ACCEPT"),
      "packets from any to self tcp 22",
      "depends",
      [
        "accepted in: state ESTABLISHED, RELATED",
        "accepted in: with the flags syn",
        "dropped in: state INVALID, NEW, without the flags syn",
      ],
    ],
    ["packets of a state", filter(STATEFUL), "from any to self tcp 22 state INVALID", "no", ["dropped in: "]],
    ["no rules at all for the family", SSH_LIMITED, "ipv6 from any to self tcp 22", "yes", ["usable in: "]],
  ];
  for (const [about, rules, question, verdict, wanted, more] of rows)
    test(`${about}: ${question}`, () => {
      const answered = answer(question, standOf(rules, more));
      expect([answered.verdict, ...parts(answered)]).toEqual([verdict, ...wanted]);
      for (const { confirmation, witness } of answered.parts)
        expect([witness?.packet, confirmation?.confirmed, confirmation?.reason]).toEqual([witness?.packet, true, ""]);
    });

  test("who asks about sessions where there can be none is told of packets", () => {
    const about = (words: string): string =>
      answer(`${words}from self to 224.0.0.251 udp 5353`, { ...standOf(filter()), host: HOST }).because;
    expect(about("")).toMatch(/^there can be no such sessions: .*`packets from …`/);
    expect(about("packets ")).toBe("all of these packets are accepted");
  });

  test("both families where both have rules", () => {
    const { v6 } = standOf(filter(STATEFUL), {}, 6);
    const answered = answer("from any to self tcp 22", { ...standOf(filter(STATEFUL, "INPUT -p tcp -m tcp --dport 22 -j ACCEPT")), v6 });
    expect(answered.verdict).toBe("depends");
    expect(answered.parts.map(({ family, fate }) => [family, fate])).toEqual([
      [4, "usable"],
      [6, "dropped"],
    ]);
  });

  test("the deciding rule with its line", () => {
    const [part] = answer("from 10.0.0.1 to self tcp 22", standOf(SSH_LIMITED)).parts;
    expect(part?.decidedBy).toMatchObject([
      { chain: "INPUT", number: 2, file: "fw.rules", line: 6 },
      { chain: "OUTPUT", number: undefined, file: "fw.rules", line: 4 },
    ]);
  });

  test("more than the budget allows is said so", () => {
    const many = Array.from(
      { length: 60 },
      (_, i) => `INPUT -s 10.${i}.0.0/16 -p tcp -m tcp --dport ${i * 100}:${i * 100 + 150} -j ACCEPT`,
    );
    const answered = answer("from any to self tcp", standOf(filter(...many), { budget: 200 }));
    expect([answered.verdict, answered.because]).toEqual(["depends", "unknown within the budget of 200 diagram nodes"]);
  });
});

describe("the command", () => {
  const place = scratch();
  afterAll(() => place.remove());
  const rules = place.file("fw.rules", SSH_LIMITED);

  test("says yes, no and depends, also by its status", async () => {
    const said = async (...words: string[]): Promise<readonly [number, string | undefined]> => {
      const { status, stdout } = await ferrule("query", rules, ...words);
      return [status, stdout.split("\n")[2]];
    };
    expect(await said("from 10.0.0.0/8 to self tcp 22")).toEqual([0, "yes: all of these sessions are usable"]);
    expect(await said("from", "11.0.0.0/8", "to", "self", "tcp", "22")).toEqual([1, "no: all of these sessions are dropped"]);
    expect(await said("from any to self tcp 22")).toEqual([3, "depends: some are usable and some are dropped"]);
    expect(await said("from any to self tcp 80")).toEqual([
      3,
      "depends: some may be usable, which depends on 5 per minute at most with bursts of 5",
    ]);
  });

  test("a fault has a caret and a guess", async () => {
    const { status, stderr } = await ferrule("query", rules, "from any to self tpc 22");
    expect([status, stderr]).toEqual([
      2,
      'question:1:18: "tpc" is no protocol\n  from any to self tpc 22\n                   ^^^\n  did you mean tcp?\n',
    ]);
  });

  test("as JSON", async () => {
    const { status, stdout } = await ferrule("query", rules, "from any to self tcp 22", "--json");
    expect(status).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      ferrule: "query",
      version: 1,
      question: "from any to self tcp 22",
      answer: "depends",
      complete: true,
      parts: [
        {
          fate: "usable",
          which: ["from 10.0.0.0/8 (private)"],
          confirmed: true,
          decidedBy: [
            { chain: "INPUT", number: 2 },
            { chain: "OUTPUT", number: null },
          ],
        },
        { fate: "dropped", decidedBy: [{ chain: "INPUT", number: null, text: "policy DROP" }] },
      ],
    });
  });

  test("names of a hosts file", async () => {
    const hosts = place.file("hosts", "10.0.0.9 db db.example.org\n");
    expect((await ferrule("query", rules, "from db to self tcp 22", "--resolve", hosts)).status).toBe(0);
    expect((await ferrule("query", rules, "from bd to self tcp 22", "--resolve", hosts)).status).toBe(2);
  });
});
