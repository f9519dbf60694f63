import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NO_DOCUMENTS, type Documents } from "../state/documents.ts";
import type { Traced } from "../state/traced.ts";
import { traceReport, traceText } from "./work.ts";

const CHANCE = { now: 1_700_000_000_000_000, random: () => 4 };

const GATEWAY = `*nat
:PREROUTING ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
-A PREROUTING -i wan0 -p tcp --dport 80 -j DNAT --to-destination 192.168.1.10:8080
-A POSTROUTING -o wan0 -j MASQUERADE
COMMIT
*mangle
:PREROUTING ACCEPT [0:0]
-A PREROUTING -i lan0 -j MARK --set-mark 5
COMMIT
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:ssh - [0:0]
-A INPUT -i lo -j ACCEPT
-A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
-A INPUT -p tcp --dport 22 -j ssh
-A INPUT -j LOG --log-prefix "no: "
-A INPUT -p tcp -j REJECT --reject-with tcp-reset
-A ssh -s 10.0.0.0/8 -j ACCEPT
-A ssh -s 192.0.2.9/32 -j RETURN
-A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
-A FORWARD -i lan0 -o wan0 -j ACCEPT
COMMIT
`;

const HOST = JSON.stringify({
  ferrule: "host",
  version: 1,
  interfaces: [
    { name: "wan0", addresses: ["198.51.100.2/24"] },
    { name: "lan0", addresses: ["192.168.1.1/24"] },
  ],
  routes: [{ to: "0.0.0.0/0", via: "198.51.100.1", dev: "wan0" }],
  sysctls: { "net.ipv4.ip_forward": 1 },
});

const texts = (more: Partial<Documents>): Documents => ({ ...NO_DOCUMENTS, ...more });
const GATE = texts({ rules4: GATEWAY, host: HOST });

function traced(question: string, documents: Documents = GATE): Traced {
  const result = traceText(documents, question, CHANCE);
  if ("faults" in result) throw new Error(result.faults.map(({ message }) => message).join("; "));
  return result.traced;
}

describe("the two sides", () => {
  it("of a port forward: the server is the machine that the packet was led to, also where it is dropped then", () => {
    const opener = "tcp 203.0.113.9:40000 > 198.51.100.2:80 syn in wan0";
    const open = { ...GATE, rules4: GATEWAY.replace("-A FORWARD -i lan0", "-A FORWARD -i wan0 -o lan0 -j ACCEPT\n-A FORWARD -i lan0") };
    for (const asked of [opener, `session ${opener}`])
      for (const documents of [open, GATE])
        expect(traced(asked, documents).questions[0]).toMatchObject({
          good: documents === open,
          client: { address: "203.0.113.9", becomes: undefined, device: "wan0" },
          server: { address: "198.51.100.2", becomes: "192.168.1.10:8080", device: "lan0", local: false },
        });
  });
  it("of a port forward on a machine that nobody described: the server is behind its other interface", () => {
    const forward = (more: string): Documents =>
      texts({
        rules4: `*nat\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -i eth0 -p tcp --dport 8080 -j DNAT --to-destination 10.0.0.2:80\nCOMMIT\n*filter\n:FORWARD DROP [0:0]\n-A FORWARD -i eth0 -o eth1 -p tcp --dport 80 -j ACCEPT\n${more}COMMIT\n`,
      });
    const asked = "tcp 203.0.113.9 > 198.51.100.2:8080 syn in eth0";
    const ofServer = (more: string): unknown => traced(asked, forward(more)).questions[0]?.server.device;
    expect(traced(asked, forward("")).questions[0]).toMatchObject({ good: true, server: { becomes: "10.0.0.2:80", device: "eth1" } });
    expect(ofServer("-A FORWARD -s 10.0.0.0/8 -i eth0 -j ACCEPT\n")).toBe("eth0");
    expect(ofServer("-A FORWARD -i eth2 -j ACCEPT\n")).toBe("eth0");
  });
  it("of a hairpin: the answer goes past the firewall, and is told though it is no packet of its own", () => {
    const neighbour = {
      ...GATE,
      rules4: GATEWAY.replaceAll("-i wan0 ", "-d 198.51.100.2 ").replace("-A FORWARD", "-A FORWARD -i lan0 -o lan0 -j ACCEPT\n-A FORWARD"),
    };
    const { questions, packets } = traced("session tcp 192.168.1.50:40000 > 198.51.100.2:80 syn in lan0", neighbour);
    expect(questions[0]).toMatchObject({ good: false, past: "SYN+ACK", clientSees: "timed out" });
    expect(questions[0]?.summary).toContain("The session dies at packet 2, the server's SYN+ACK: 192.168.1.10 answers its neighbour");
    expect(packets).toHaveLength(1);
  });
  it("of masquerading: the server is the one that was asked for", () => {
    expect(traced("session tcp 192.168.1.10 > 203.0.113.80:443 in lan0").questions[0]?.server).toMatchObject({ becomes: undefined });
  });
});

describe("a session through NAT", () => {
  const result = traced("session tcp 192.168.1.10 > 203.0.113.80:443 in lan0");
  it("works, and says so", () => {
    expect(result).toMatchObject({
      good: true,
      session: true,
      clientSees: "connected",
      summary: "The session works: all 8 packets got through.",
    });
    expect(result.packets.map(({ name, from }) => `${from} ${name}`).slice(0, 3)).toEqual(["client SYN", "server SYN+ACK", "client ACK"]);
  });
  it("shows what NAT made of the packets", () => {
    expect(result.packets[0]).toMatchObject({
      sent: "tcp 192.168.1.10:40000 > 203.0.113.80:443 syn mss 1460",
      arrived: "tcp 198.51.100.2:40000 > 203.0.113.80:443 syn mss 1460",
      decidedBy: { table: "filter", chain: "FORWARD", number: 2, line: 24, text: "-A FORWARD -i lan0 -o wan0 -j ACCEPT" },
    });
  });
  it("shows the connection as it changes", () => {
    expect(result.packets.map(({ entry }) => entry && [entry.title, entry.seconds, entry.unreplied, entry.assured])).toEqual([
      ["tcp SYN_SENT", 120, true, false],
      ["tcp SYN_RECV", 60, false, false],
      ["tcp ESTABLISHED", 432000, false, true],
      // Data waits for its acknowledgement: nf_conntrack_tcp_timeout_unacknowledged.
      ["tcp ESTABLISHED", 300, false, true],
      ["tcp ESTABLISHED", 300, false, true],
      ["tcp FIN_WAIT", 120, false, true],
      ["tcp LAST_ACK", 30, false, true],
      ["tcp TIME_WAIT", 120, false, true],
    ]);
    expect(result.packets[0]?.entry?.translated).toBe("203.0.113.80:443 > 198.51.100.2:40000");
  });
  it("keeps each packet's fields with what they were", () => {
    const steps = result.steps.slice(0, result.packets[0]?.end);
    const last = steps.at(-1)?.fields;
    expect(last).toContainEqual({ name: "source", value: "198.51.100.2", was: "192.168.1.10" });
    expect(last).toContainEqual({ name: "ttl", value: "63", was: "64" });
    expect(last).toContainEqual({ name: "mark", value: "0x5", was: "0x0" });
    expect(last).toContainEqual({ name: "destination", value: "203.0.113.80" });
  });
  it("gives steps to the packets that they are of, without gaps", () => {
    for (const [index, packet] of result.packets.entries()) {
      expect(packet.first).toBe(index === 0 ? 0 : result.packets[index - 1]?.end);
      for (const step of result.steps.slice(packet.first, packet.end)) expect(step.packet).toBe(index);
    }
    expect(result.packets.at(-1)?.end).toBe(result.steps.length);
  });
  it("crosses to the page as it is", () => expect(structuredClone(result)).toEqual(result));
});

describe("steps", () => {
  /** `TABLE CHAIN NUMBER text` of the steps that are in a table. */
  const told = (question: string): string[] =>
    traced(question)
      .steps.filter(({ table, beside }) => table !== undefined && beside === undefined)
      .map(({ table, chain, number, text, verdict }) => `${table} ${chain} ${number}: ${text}${verdict ? ` [${verdict}]` : ""}`);
  it("say why a rule did not match, where jumps lead and who answers", () => {
    expect(told("tcp 203.0.113.9 > 198.51.100.2:22 in wan0")).toEqual([
      "mangle PREROUTING 1: input is wan0, not lan0",
      "mangle PREROUTING 0: the policy of PREROUTING decides: accepted [accept]",
      "nat PREROUTING 1: destination port is 22, not 80",
      "nat PREROUTING 0: the policy of PREROUTING decides: accepted [accept]",
      "mangle INPUT 0: the policy of INPUT decides: accepted [accept]",
      "filter INPUT 1: input is wan0, not lo",
      "filter INPUT 2: state is NEW, not ESTABLISHED or RELATED",
      "filter INPUT 3: matches: goes to ssh [other]",
      "filter ssh 1: source is 203.0.113.9, not 10.0.0.0/8",
      "filter ssh 2: source is 203.0.113.9, not 192.0.2.9",
      "filter INPUT undefined: no rule of ssh decided: back to INPUT",
      "filter INPUT 4: matches [other]",
      expect.stringMatching(/^filter INPUT 4: logged: no: IN=wan0/) as unknown as string,
      "filter INPUT 5: matches: rejected, the sender is told [reject]",
      "filter INPUT undefined: the kernel answers (tcp-reset): tcp 198.51.100.2:22 > 203.0.113.9:40000 rst+ack",
      "filter INPUT undefined: the end: rejected by a rule [drop]",
    ]);
  });
  it("tell a rule that returns from one that goes on", () => {
    expect(told("tcp 192.0.2.9 > 198.51.100.2:22 in wan0")).toContain("filter ssh 2: matches: returns to INPUT [other]");
  });
  it("mark what the answer met as beside the packet", () => {
    const { steps, packets } = traced("tcp 203.0.113.9 > 198.51.100.2:22 in wan0");
    const beside = steps.filter(step => step.beside === "answer");
    expect(beside.map(({ hook }) => hook)).toContain("OUTPUT");
    expect(beside.at(-1)).toMatchObject({ event: "emitted", text: "leaves by wan0: tcp 198.51.100.2:22 > 203.0.113.9:40000 rst+ack" });
    expect(packets[0]?.answers).toEqual([{ kind: "tcp-reset", packet: "tcp 198.51.100.2:22 > 203.0.113.9:40000 rst+ack" }]);
  });
  it("show IPv6 addresses that NAT rewrote", () => {
    const rules6 = "*nat\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -p tcp --dport 80 -j DNAT --to-destination [2001:db8::10]:8080\nCOMMIT\n";
    const { steps } = traced("tcp [2001:db8:1::9] > [2001:db8:2::2]:80 in wan0", texts({ rules6 }));
    expect(steps.filter(({ event }) => event === "rewrite").map(({ text }) => text)).toEqual([
      "destination 2001:db8:2::2 becomes 2001:db8::10",
      "destination port 80 becomes 8080",
    ]);
  });
});

describe("what the client sees", () => {
  const row = (question: string, sees: string, summary: RegExp, documents = GATE): void => {
    it(`${question}: ${sees || "nothing"}`, () => {
      const result = traced(question, documents);
      expect(result.clientSees).toBe(sees);
      expect(result.summary).toMatch(summary);
    });
  };
  row(
    "session tcp 203.0.113.9 > 198.51.100.2:22 in wan0",
    "refused",
    /^The session dies at packet 1, the client's SYN: rejected by filter INPUT rule 5\.$/,
  );
  row("session udp 203.0.113.9 > 198.51.100.2:53 in wan0", "timed out", /dropped by the policy of filter INPUT\.$/);
  row("session udp 192.168.1.10 > 9.9.9.9:53 in lan0", "answered", /works: all 3 packets/);
  row("session tcp 203.0.113.9 > 192.168.1.99:80 in wan0", "timed out", /the client's SYN: dropped by the policy of filter FORWARD\.$/);
  row("tcp 203.0.113.9 > 192.168.1.99:80 ack in wan0", "nothing", /^The packet is dropped by the policy of filter FORWARD\.$/);
  row("tcp 10.0.0.1 > 198.51.100.2:22 in wan0", "", /^The packet is delivered to this machine by filter ssh rule 1\.$/);
  row("session tcp 192.168.1.10 > 203.0.113.80:443 in lan0", "no route to host", /dies at packet 1/, {
    ...GATE,
    rules4: "*filter\n:FORWARD DROP [0:0]\n-A FORWARD -j REJECT --reject-with icmp-host-unreachable\nCOMMIT\n",
  });
});

describe("several lines", () => {
  it("meet one firewall, one after the other", () => {
    const { questions, packets } = traced(
      "tcp 192.168.1.10 > 203.0.113.80:443 in lan0\n\ntcp 203.0.113.80:443 > 198.51.100.2:40000 syn+ack in wan0",
    );
    expect(questions.map(({ first, end, good }) => [first, end, good])).toEqual([
      [0, 1, true],
      [1, 2, true],
    ]);
    expect(packets[1]).toMatchObject({ state: "ESTABLISHED", line: 2, arrived: "tcp 203.0.113.80:443 > 192.168.1.10:40000 syn+ack" });
  });
});

describe("faults", () => {
  const row = (question: string, at: string, message: RegExp, guess?: string): void => {
    it(`${JSON.stringify(question)}: ${at}`, () => {
      const result = traceText(GATE, question, CHANCE);
      if (!("faults" in result)) throw new Error("no fault");
      const [fault] = result.faults;
      expect(question.slice(fault?.start, fault?.end)).toBe(at);
      expect(fault?.message).toMatch(message);
      expect(fault?.guess).toBe(guess);
    });
  };
  row("tpc 10.0.0.1 > 10.0.0.2:22", "tpc", /unknown protocol/, "tcp");
  row("udp 10.0.0.1 > 10.0.0.2:53\n  tcp 10.0.0.1 > 10.0.0.2:22 sny", "sny", /unknown word/, "syn");
  row("tcp 10.0.0.1 > 10.0.0.2:22 in nosuch0", "nosuch0", /no interface nosuch0: it has lo, wan0, lan0/);
  row("session tcp 10.0.0.1 > 10.0.0.2:22 ack in wan0", "session", /begins with a SYN/);
  row("", "", /starts with its protocol/);
});

describe("assumptions", () => {
  it("name what was taken for granted", () => {
    expect(traced("tcp 10.0.0.1 > 10.0.0.2:22 in eth0", texts({})).assumed).toEqual([
      "there are no IPv4 rules, so nothing filters IPv4",
      "10.0.0.2 is this host's own, on eth0",
      "10.0.0.1 is reached by eth0",
      "everything not named here is reached by eth0",
      "forwarding is on",
    ]);
    const faulty = texts({ rules4: "*filter\n:INPUT DROP [0:0]\n-A INPUT --nonsense\nCOMMIT\n" });
    const result = traced("tcp 10.0.0.1 > 10.0.0.2:22 in eth0", faulty);
    expect(result.assumed[0]).toBe("the IPv4 rules have faults: line 3 left out");
    expect(result.good).toBe(false);
  });
});

it("names of chains that objects have themselves do no harm", () => {
  const rules4 = "*filter\n:INPUT ACCEPT [0:0]\n:__proto__ - [0:0]\n-A INPUT -j __proto__\n-A __proto__ -j DROP\nCOMMIT\n";
  const result = traceText(texts({ rules4 }), "udp 10.0.0.1 > 10.0.0.2:22 in eth0", CHANCE);
  expect(result).toMatchObject({ traced: { packets: [{ decidedBy: { chain: "__proto__", number: 1, line: 5 } }] } });
  expect("hits" in result && result.hits.lines[4].get(5)).toEqual({ packets: 1, bytes: 28 });
});

it("counts what rules and policies saw", () => {
  const result = traceText(GATE, "session udp 192.168.1.10 > 9.9.9.9:53 in lan0", CHANCE);
  if (!("hits" in result)) throw new Error("no answer");
  expect(result.hits.lines[4].get(24)).toEqual({ packets: 1, bytes: 33 });
  expect(result.hits.lines[4].get(23)).toEqual({ packets: 2, bytes: 67 });
  expect(result.hits.policies.get("4 nat PREROUTING")).toEqual({ packets: 1, bytes: 33 });
});

it("reports the same words as the command", () => {
  const text = traceReport(GATE, "tcp 203.0.113.9 > 198.51.100.2:22 in wan0", CHANCE, false);
  expect(text).toContain("REJECTED by rules.v4:20: filter INPUT rule 5: -p tcp -j REJECT --reject-with tcp-reset");
  expect(traceReport(GATE, "tpc 1 > 2", CHANCE, false)).toBe('unknown protocol "tpc"');
});

describe("whatever is asked", () => {
  it("is answered, or refused with a place in the question", () => {
    const word = fc.oneof(
      fc.constantFrom(
        "session",
        "tcp",
        "udp",
        "icmp",
        "gre",
        "sctp",
        ">",
        "in",
        "wan0",
        "syn",
        "ack",
        "frag",
        "0+",
        "9",
        "raw",
        "badsum",
        "mark",
        "ct",
        "NEW",
        "\n",
      ),
      fc.constantFrom(
        "10.0.0.1",
        "192.168.1.10:5",
        "203.0.113.80:443",
        "[2001:db8::1]:9",
        "224.0.0.1",
        "255.255.255.255",
        "127.0.0.1:80",
        "__proto__",
        "\u202e",
        '"',
      ),
      fc.string({ maxLength: 6 }),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 14 }), words => {
        const question = words.join(" ");
        const result = traceText(GATE, question, CHANCE);
        if ("faults" in result) {
          expect(result.faults.length).toBeGreaterThan(0);
          for (const { start, end } of result.faults) expect(0 <= start && start <= end && end <= question.length).toBe(true);
        } else expect(result.traced.packets.length).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  });
  const PACKETS = [
    "tcp 192.168.1.10:5 > 203.0.113.80:443 none in lan0",
    "tcp 192.168.1.10 > 203.0.113.80 frag 9+ in lan0",
    "udp 192.168.1.10:5 > 203.0.113.80:9 frag 0+ in lan0",
    "udp 192.168.1.10:5 > 203.0.113.80:9 ttl 1 in lan0",
    "udp 192.168.1.10:5 > 203.0.113.80:9 len 9000 df in lan0",
    "udp 192.168.1.10:5 > 203.0.113.80:9 badsum in lan0",
    "gre 192.168.1.10 > 203.0.113.80 in lan0",
    "sctp 192.168.1.10:5 > 203.0.113.80:9 chunk init in lan0",
    "icmp 192.168.1.10 > 203.0.113.80 port-unreachable in lan0",
    "udp 192.168.1.10:5 > 255.255.255.255:67 in lan0",
    "udp 192.168.1.10:5 > 224.0.0.251:5353 in lan0",
    "udp 127.0.0.1:5 > 127.0.0.1:53",
    "tcp 198.51.100.2:5 > 198.51.100.2:22",
    "session udp 198.51.100.2:5 > 192.168.1.10:53 out lan0",
    "session gre 192.168.1.10 > 203.0.113.80 in lan0",
    "udp [2001:db8::9]:5 > [2001:db8::1]:53 in wan0",
    "tcp 203.0.113.9 > 198.51.100.2:22 ct INVALID in wan0",
  ];
  it.each(PACKETS)("%s: every step has its words and fields", question => {
    const result = traced(question);
    expect(result.steps.length).toBeGreaterThan(1);
    for (const { text, fields } of result.steps) {
      expect(text).not.toBe("");
      expect(text).not.toMatch(/undefined|\[object/);
      expect(fields.length).toBeGreaterThan(3);
    }
    expect(result.summary).toMatch(/^The (?:packet|session) .+\.$/);
    expect(traceReport(GATE, question, CHANCE, true)).not.toMatch(/undefined|\[object/);
  });
});

const LARGE = "../shared/corpus/fffuu/tum-2015.rules";
describe.runIf(existsSync(LARGE))("the ruleset of 4,814 rules", () => {
  it("is traced, each rule that was asked a step", () => {
    const result = traced("session tcp 131.159.15.99 > 131.159.20.5:443 in eth1.110", texts({ rules4: readFileSync(LARGE, "utf8") }));
    expect(result.steps.filter(({ matched }) => matched === false).length).toBeGreaterThan(20);
    expect(result.steps.every(({ text }) => text !== "")).toBe(true);
  });
});
if (!existsSync(LARGE)) console.log(`skipped: ${LARGE} is not there`);
