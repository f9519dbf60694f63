import { expect, test } from "vitest";
import { conditionKeys } from "../../symbolic/index.ts";
import { readSave } from "../../syntax/index.ts";
import type { Behind, Condition, Path, Role, Witness } from "../witness.ts";
import { confirm } from "./confirm.ts";

const CLOSED = ":INPUT DROP\n:FORWARD DROP\n:OUTPUT DROP\n";
const KNOWN = "-m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT";
const STATEFUL = `${CLOSED}-A INPUT ${KNOWN}\n-A FORWARD ${KNOWN}\n-A OUTPUT ${KNOWN}\n`;

interface Claim {
  readonly claim: Witness["claim"];
  readonly role?: Role;
  readonly depends?: readonly Condition[];
  readonly behind?: Behind;
}

/** What `confirm` says of a session or packet: `yes` and the deciding rule's number, or the reason. */
function said(tables: string, about: Witness["about"], path: Path, packet: string, { claim, role, behind, depends = [] }: Claim): string {
  const family = packet.includes("[") || packet.includes("::") ? 6 : 4;
  const text = tables.includes("*") ? tables : `*filter\n${tables}COMMIT\n`;
  const { ruleset, faults } = readSave(text, "rules", { family });
  if (ruleset === undefined) throw new Error(faults.map(({ message }) => message).join("; "));
  const witness: Witness = { family, path, packet, about, claim, depends, ...(role && { role }), ...(behind && { behind }) };
  const { confirmed, reason, decidedBy } = confirm(witness, family === 4 ? { v4: ruleset } : { v6: ruleset });
  if (!confirmed) return reason;
  return decidedBy === undefined ? "yes" : `yes ${decidedBy.chain} ${decidedBy.number ?? decidedBy.text}`;
}

const SSH = "tcp 203.0.113.9:40000 > 198.51.100.2:22 syn in eth0";
const ALLOW_SSH = `${STATEFUL}-A INPUT -p tcp --dport 22 -j ACCEPT\n`;

test.each<[string, string, Path, string, Claim, string]>([
  ["usable", ALLOW_SSH, "in", SSH, { claim: "usable" }, "yes INPUT 2"],
  ["not refused", ALLOW_SSH, "in", SSH, { claim: "refused" }, "usable"],
  ["refused", STATEFUL, "in", SSH, { claim: "refused" }, "yes INPUT policy DROP"],
  ["not usable", STATEFUL, "in", SSH, { claim: "usable" }, "refused: dropped by the policy"],
  ["rejected", "-A INPUT -p tcp -j REJECT\n", "in", SSH, { claim: "refused" }, "yes INPUT 1"],
  ["the answer is lost", `:OUTPUT DROP\n`, "in", SSH, { claim: "half-open", role: "answer" }, "yes OUTPUT policy DROP"],
  [
    "the answer is not the rest",
    `:OUTPUT DROP\n`,
    "in",
    SSH,
    { claim: "half-open", role: "rest-client" },
    "it ends at the answer: dropped by the policy",
  ],
  [
    "the rest is lost",
    `:INPUT DROP\n-A INPUT -p tcp --syn -j ACCEPT\n`,
    "in",
    SSH,
    { claim: "half-open", role: "rest-client" },
    "yes INPUT policy DROP",
  ],
  [
    "a service's own answers",
    `${STATEFUL}-A OUTPUT -p udp --dport 53 -j ACCEPT\n`,
    "out",
    "udp 198.51.100.2:40000 > 9.9.9.9:53 out eth0",
    { claim: "usable" },
    "yes OUTPUT 2",
  ],
  [
    "forwarded",
    `${STATEFUL}-A FORWARD -i lan0 -o wan0 -j ACCEPT\n`,
    "forward",
    "tcp 10.0.0.5:40000 > 192.0.2.80:80 syn in lan0 out wan0",
    { claim: "usable" },
    "yes FORWARD 2",
  ],
  [
    "forwarded the wrong way",
    `${STATEFUL}-A FORWARD -i lan0 -o wan0 -j ACCEPT\n`,
    "forward",
    "tcp 10.0.0.5:40000 > 192.0.2.80:80 syn in wan0 out lan0",
    { claim: "refused" },
    "yes FORWARD policy DROP",
  ],
  [
    "a forwarded port: where it goes is found out",
    `*nat\n-A PREROUTING -i wan0 -p tcp --dport 8080 -j DNAT --to-destination 192.168.1.5:80\nCOMMIT\n*filter\n${STATEFUL}-A FORWARD -i wan0 -o lan0 -d 192.168.1.5 -p tcp --dport 80 -j ACCEPT\nCOMMIT\n`,
    "forward",
    "tcp 198.51.100.9:40000 > 203.0.113.7:8080 syn in wan0 out lan0",
    { claim: "usable" },
    "yes FORWARD 2",
  ],
  [
    "a forwarded port of an address that must be the machine's own",
    `*nat\n-A PREROUTING ! -i docker0 -p tcp -m addrtype --dst-type LOCAL --dport 3306 -j DNAT --to-destination 172.17.0.3:3306\nCOMMIT\n*filter\n${STATEFUL}-A FORWARD ! -i docker0 -o docker0 -d 172.17.0.3 -p tcp --dport 3306 -j ACCEPT\nCOMMIT\n`,
    "forward",
    "tcp 203.0.113.9:40000 > 203.0.113.80:3306 syn in eth0",
    { claim: "usable" },
    "yes FORWARD 2",
  ],
  [
    "redirected to this machine",
    `*nat\n-A PREROUTING -i lan0 -p tcp --dport 80 -j REDIRECT --to-ports 3128\nCOMMIT\n*filter\n${STATEFUL}-A INPUT -p tcp --dport 3128 -j ACCEPT\nCOMMIT\n`,
    "in",
    "tcp 10.0.0.5:40000 > 192.0.2.80:80 syn in lan0",
    { claim: "usable" },
    "yes INPUT 2",
  ],
  [
    "to itself",
    `${CLOSED}-A INPUT -i lo -j ACCEPT\n-A OUTPUT -o lo -j ACCEPT\n`,
    "local",
    "tcp 10.0.1.1:40000 > 10.0.1.1:80 syn",
    { claim: "usable" },
    "yes INPUT 1",
  ],
  [
    "to itself, refused",
    `${CLOSED}-A INPUT -s 127.0.0.1 -j ACCEPT\n-A OUTPUT -j ACCEPT\n`,
    "local",
    "tcp 10.0.1.1:40000 > 10.0.1.1:80 syn in lo",
    { claim: "refused" },
    "yes INPUT policy DROP",
  ],
  [
    "IPv6",
    `${STATEFUL}-A INPUT -p tcp --dport 22 -j ACCEPT\n`,
    "in",
    "tcp [2001:db8::9]:40000 > [2001:db8::1]:22 syn in eth0",
    { claim: "usable" },
    "yes INPUT 2",
  ],
  [
    "ping",
    `${STATEFUL}-A INPUT -p icmp --icmp-type echo-request -j ACCEPT\n`,
    "in",
    "icmp 203.0.113.9 > 198.51.100.2 echo-request in eth0",
    { claim: "usable" },
    "yes INPUT 2",
  ],
  [
    "a time stamp",
    `${STATEFUL}-A INPUT -p icmp --icmp-type timestamp-request -j ACCEPT\n`,
    "in",
    "icmp 203.0.113.9 > 198.51.100.2 timestamp-request in eth0",
    { claim: "usable" },
    "yes INPUT 2",
  ],
  [
    "SCTP",
    `${STATEFUL}-A INPUT -p sctp --dport 3868 -j ACCEPT\n`,
    "in",
    "sctp 203.0.113.9:40000 > 198.51.100.2:3868 in eth0",
    { claim: "usable" },
    "yes INPUT 2",
  ],
  [
    "DCCP",
    `${STATEFUL}-A INPUT -p dccp --dport 5001 -j ACCEPT\n`,
    "in",
    "dccp 203.0.113.9:40000 > 198.51.100.2:5001 in eth0",
    { claim: "usable" },
    "yes INPUT 2",
  ],
  [
    "UDP-Lite, whose checksum tracking takes for wrong",
    `${STATEFUL}-A INPUT -p udplite -j ACCEPT\n`,
    "in",
    "udplite 203.0.113.9:40000 > 198.51.100.2:53 in eth0",
    { claim: "half-open", role: "answer" },
    "yes OUTPUT policy DROP",
  ],
  ["GRE", `${STATEFUL}-A INPUT -p gre -j ACCEPT\n`, "in", "gre 203.0.113.9 > 198.51.100.2 in eth0", { claim: "usable" }, "yes INPUT 2"],
  ["ESP", `${STATEFUL}-A INPUT -p esp -j ACCEPT\n`, "in", "esp 203.0.113.9 > 198.51.100.2 in eth0", { claim: "usable" }, "yes INPUT 2"],
  [
    "an unknown protocol without an answer",
    `:OUTPUT DROP\n`,
    "in",
    "200 203.0.113.9 > 198.51.100.2 in eth0",
    { claim: "half-open", role: "answer" },
    "yes OUTPUT policy DROP",
  ],
  [
    "UDP whose second answer is lost",
    `-A OUTPUT -m connbytes --connbytes 2: --connbytes-dir reply --connbytes-mode packets -j DROP\n`,
    "in",
    "udp 203.0.113.9:40000 > 198.51.100.2:53 in eth0",
    { claim: "half-open", role: "rest-server" },
    "yes OUTPUT 1",
  ],
  [
    "an ACK opens nothing",
    ALLOW_SSH,
    "in",
    "tcp 203.0.113.9:40000 > 198.51.100.2:22 ack in eth0",
    { claim: "usable" },
    "a TCP session begins with a SYN",
  ],
  [
    "no packet",
    ALLOW_SSH,
    "in",
    "tcp nonsense",
    { claim: "usable" },
    "the packet cannot be read: between source and destination belongs >",
  ],
  [
    "the opener is as long as it says",
    `:INPUT DROP\n-A INPUT -p tcp -m length --length 60 -j ACCEPT\n`,
    "in",
    `${SSH} len 60`,
    { claim: "half-open" },
    "yes INPUT policy DROP",
  ],
  [
    "what it does not say is ordinary",
    `:INPUT DROP\n-A INPUT -p tcp -m tcpmss --mss 1460 -j ACCEPT\n`,
    "in",
    SSH,
    { claim: "half-open", role: "rest-client" },
    "yes INPUT policy DROP",
  ],
  [
    "a GRE packet has a header that NAT can look at",
    `*nat\n-A POSTROUTING -p gre -j SNAT --to-source 198.51.100.7\nCOMMIT\n`,
    "forward",
    "gre 10.0.0.5 > 192.0.2.80 in lan0 out wan0",
    { claim: "usable" },
    "yes POSTROUTING 1",
  ],
  [
    "the server's hardware address",
    `-A FORWARD -m mac --mac-source 02:00:00:00:00:09 -j DROP\n`,
    "forward",
    "tcp 10.0.0.5:40000 > 192.0.2.80:80 syn in lan0 out wan0",
    { claim: "half-open", role: "answer", behind: { server: { mac: 0x020000000009 } } },
    "yes FORWARD 1",
  ],
  [
    "how long later packets are",
    `-A INPUT -p udp -m length --length 28:1000 -j ACCEPT\n-A INPUT -p udp -j DROP\n`,
    "in",
    "udp 203.0.113.9:40000 > 198.51.100.2:53 in eth0",
    { claim: "half-open", role: "rest-client", behind: { lengths: { client: 1400 } } },
    "yes INPUT 2",
  ],
  [
    "an assured stream of datagrams",
    `-A INPUT -p udp -m conntrack --ctstatus ASSURED -j DROP\n`,
    "in",
    "udp 203.0.113.9:40000 > 198.51.100.2:53 in eth0",
    { claim: "half-open", role: "rest-client" },
    "yes INPUT 1",
  ],
  [
    "with its own hops left",
    `:INPUT DROP\n-A INPUT -m ttl --ttl-eq 9 -j ACCEPT\n`,
    "in",
    `${SSH} ttl 9`,
    { claim: "usable" },
    "yes INPUT 1",
  ],
  [
    "the client's hardware address",
    `${STATEFUL}-A INPUT -m mac --mac-source 02:00:00:00:00:09 -j ACCEPT\n`,
    "in",
    `${SSH} mac 02:00:00:00:00:09`,
    { claim: "usable" },
    "yes INPUT 2",
  ],
])("session: %s", (_, rules, path, packet, claim, expected) => {
  expect(said(rules, "session", path, packet, claim)).toBe(expected);
});

const UNTRACKED = `*raw
-A PREROUTING -p tcp -j NOTRACK
COMMIT
*filter
${STATEFUL}COMMIT
`;
const LIMIT = "-A INPUT -p tcp -m limit --limit 5/min -j ACCEPT\n";
const about = "limit: avg 5/min burst 5";

test.each<[string, string, Path, string, Claim, string]>([
  ["accepted", ALLOW_SSH, "in", SSH, { claim: "accepted" }, "yes INPUT 2"],
  ["not dropped", ALLOW_SSH, "in", SSH, { claim: "dropped" }, "accepted"],
  ["dropped", STATEFUL, "in", SSH, { claim: "dropped" }, "yes INPUT policy DROP"],
  ["dropped is not rejected", STATEFUL, "in", SSH, { claim: "rejected" }, "dropped: dropped by the policy"],
  ["rejected", "-A INPUT -j REJECT\n", "in", SSH, { claim: "rejected" }, "yes INPUT 1"],
  [
    "of a connection",
    STATEFUL,
    "in",
    "tcp 203.0.113.9:40000 > 198.51.100.2:22 ack in eth0 ct ESTABLISHED",
    { claim: "accepted" },
    "yes INPUT 1",
  ],
  [
    "INVALID",
    `${STATEFUL}-A INPUT -m conntrack --ctstate INVALID -j ACCEPT\n`,
    "in",
    "tcp 203.0.113.9:40000 > 198.51.100.2:22 ack in eth0 ct INVALID",
    { claim: "accepted" },
    "yes INPUT 2",
  ],
  [
    "mid-stream",
    `${STATEFUL}-A INPUT -p tcp --sport 80 -j ACCEPT\n`,
    "in",
    "tcp 203.0.113.9:80 > 198.51.100.2:22 ack in eth0",
    { claim: "accepted" },
    "yes INPUT 2",
  ],

  [
    "a state that NOTRACK does not allow",
    UNTRACKED,
    "in",
    "tcp 203.0.113.9:40000 > 198.51.100.2:22 ack in eth0 ct ESTABLISHED",
    { claim: "dropped" },
    "yes INPUT policy DROP",
  ],
  ["a condition that holds", `:INPUT DROP\n${LIMIT}`, "in", SSH, { claim: "accepted", depends: [{ about, holds: true }] }, "yes INPUT 1"],
  [
    "a condition that does not hold",
    `:INPUT DROP\n${LIMIT}`,
    "in",
    SSH,
    { claim: "dropped", depends: [{ about, holds: false }] },
    "yes INPUT policy DROP",
  ],
  [
    "a condition under not",
    `:INPUT DROP\n-A INPUT -m statistic --mode random --probability 0 -j ACCEPT\n`,
    "in",
    SSH,
    { claim: "dropped" },
    "yes INPUT policy DROP",
  ],
  [
    "a set that nobody knows",
    `:INPUT DROP\n-A INPUT -m set --match-set admins src -j ACCEPT\n`,
    "in",
    SSH,
    { claim: "accepted", depends: [{ about: "source is in the set admins", holds: true }] },
    "yes INPUT 1",
  ],
  [
    "a set that it is not in",
    `:INPUT DROP\n-A INPUT -m set ! --match-set admins src,dst -j ACCEPT\n`,
    "in",
    SSH,
    { claim: "dropped", depends: [{ about: "source,destination is in the set admins", holds: true }] },
    "yes INPUT policy DROP",
  ],
])("packet: %s", (_, rules, path, packet, claim, expected) => {
  expect(said(rules, "packet", path, packet, claim)).toBe(expected);
});

const TWICE = `:INPUT DROP
-A INPUT -m limit --limit 5/min -j DROP
-A INPUT -m limit --limit 5/min -j ACCEPT
`;
const TEXT = 'the text "x y" in the packet';
const STRING = `:OUTPUT DROP
-A OUTPUT -m string --string "x y" --algo bm -j ACCEPT
`;

/** What tells the conditions of a filter apart, in the order of its rules. */
function keysOf(filter: string): readonly string[] {
  const { ruleset } = readSave(`*filter\n${filter}COMMIT\n`, "rules", { family: 4 });
  return ruleset === undefined ? [] : [...conditionKeys(ruleset).values()];
}

test.each<[string, string, Witness["about"], Claim, string]>([
  [
    "two that say the same",
    TWICE,
    "packet",
    {
      claim: "accepted",
      depends: [
        { about, key: keysOf(TWICE)[0] ?? "", holds: false },
        { about, key: keysOf(TWICE)[1] ?? "", holds: true },
      ],
    },
    "yes INPUT 2",
  ],
  [
    "one that the server's packets meet",
    STRING,
    "session",
    {
      claim: "usable",
      depends: [
        { about: TEXT, key: TEXT, holds: false, answers: false },
        { about: TEXT, key: TEXT, holds: true, answers: true },
      ],
    },
    "yes INPUT policy ACCEPT",
  ],
  [
    "a set in a mirror",
    `:INPUT DROP
-A INPUT -m set --match-set admins src -j ACCEPT
-A OUTPUT -m set ! --match-set admins dst -j DROP
`,
    "session",
    { claim: "usable", depends: [{ about: "source is in the set admins", key: "set admins", holds: true, answers: false }] },
    "yes INPUT 1",
  ],
  [
    "no way back",
    `*raw
-A PREROUTING -m rpfilter --invert -j DROP
COMMIT
`,
    "packet",
    { claim: "dropped", depends: [{ about: "the way back", key: "surroundings rpf 1", holds: false, answers: false }] },
    "yes PREROUTING 1",
  ],
  [
    "one that depends on an earlier witness",
    `:INPUT DROP
-A INPUT -m limit --limit 1/day --limit-burst 1 -j ACCEPT
`,
    "packet",
    { claim: "accepted", depends: [{ about: "limit: avg 1/day burst 1", holds: true }] },
    "yes INPUT 1",
  ],
])("condition: %s", (_, rules, kind, claim, expected) => {
  expect(said(rules, kind, "in", SSH, claim)).toBe(expected);
});

test("witnesses follow each other through the same rules", () => {
  const { ruleset } = readSave(`*filter\n:INPUT DROP\n${LIMIT}COMMIT\n`, "rules", { family: 4 });
  const witness = (holds: boolean): Witness => ({
    family: 4,
    path: "in",
    packet: SSH,
    about: "packet",
    claim: holds ? "accepted" : "dropped",
    depends: [{ about, holds }],
  });
  const stand = { v4: ruleset };
  const answers = [true, false, true, false, true, true, true, true, true, true].map(holds => confirm(witness(holds), stand).confirmed);
  expect(answers).toEqual(answers.map(() => true));
});
