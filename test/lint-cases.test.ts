import { expect, test } from "vitest";
import { confirm } from "../src/analysis/confirm/index.ts";
import { lint, type Subject } from "../src/analysis/lint/index.ts";
import { hostFromFlags, type Host } from "../src/host/index.ts";
import { saveText, subjectOf } from "./lint/subject.ts";

/** Questions that people ask, by the finding that answers them: the rules, and what must be found where. */

const CLOSED = [":INPUT DROP", ":FORWARD DROP", ":OUTPUT DROP"];
const KNOWN = (chain: string): string => `-A ${chain} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`;

interface Given {
  readonly host?: Host | undefined;
  readonly family?: 4 | 6;
  readonly v6?: readonly string[];
}

/** Each finding as `F01 INPUT:2`; every witness is run. */
function check(lines: readonly string[], { host, family = 4, v6 }: Given = {}): { readonly codes: string[]; readonly messages: string[] } {
  const subjects: Subject[] = [subjectOf(saveText(lines), { family, ...(host && { host }) })];
  if (v6) subjects.push(subjectOf(saveText(v6), { family: 6, ...(host && { host }) }));
  const { findings } = lint(subjects);
  for (const { witness, family: own } of findings) {
    if (witness === undefined) continue;
    const subject = subjects.find(each => each.family === own);
    const stand = { ...(own === 4 ? { v4: subject?.ruleset } : { v6: subject?.ruleset }), host };
    expect(confirm(witness, stand), witness.packet).toMatchObject({ confirmed: true });
  }
  return {
    codes: findings.map(({ code, at }) => `${code} ${at.chain}:${at.number ?? "policy"}`),
    messages: findings.map(({ message }) => message),
  };
}

const hostWith = (...interfaces: string[]): Host | undefined => hostFromFlags({ interfaces }).value;

test.each<[why: string, lines: string[], found: string[], absent: string[], given?: Given]>([
  [
    "u01: answers are dropped, and OUTPUT restricts nothing",
    [":INPUT DROP", "-A INPUT -p udp --dport 53 -j ACCEPT", "-A OUTPUT -p tcp --dport 80 -j ACCEPT"],
    ["F15 INPUT:policy", "F03 OUTPUT:policy"],
    [],
  ],
  [
    "u06: NAT without a drop of INVALID",
    [
      ":FORWARD DROP",
      "-t nat -A PREROUTING -p tcp --dport 80 -j DNAT --to-destination 10.0.0.5",
      "-A FORWARD -d 10.0.0.5 -j ACCEPT",
      KNOWN("FORWARD"),
    ],
    ["F16 FORWARD:1"],
    [],
  ],
  [
    "u06: with it",
    [
      ":FORWARD DROP",
      "-t nat -A PREROUTING -p tcp --dport 80 -j DNAT --to-destination 10.0.0.5",
      "-A FORWARD -m conntrack --ctstate INVALID -j DROP",
      "-A FORWARD -d 10.0.0.5 -j ACCEPT",
      KNOWN("FORWARD"),
    ],
    [],
    ["F16"],
  ],
  [
    "u08: a source port, loopback, IPv6",
    [
      ":INPUT DROP",
      ":FORWARD DROP",
      "-A INPUT -p udp -s 192.0.2.53 --sport 53 --dport 1024:65535 -j ACCEPT",
      "-A OUTPUT -p udp --dport 53 -j ACCEPT",
    ],
    ["F07 INPUT:1", "F14 INPUT:policy", "F03 OUTPUT:policy", "F22 INPUT:policy"],
    [],
    { v6: [":INPUT ACCEPT"] },
  ],
  ["u09: a policy that nothing comes to", [":FORWARD DROP", "-A FORWARD -j ACCEPT", "-A OUTPUT -o tun0 -j ACCEPT"], ["F23 FORWARD:1"], []],
  [
    "u13: IPv6 without neighbour advertisement, and a rule twice",
    [":INPUT DROP", KNOWN("INPUT"), ...[128, 135, 134, 134].map(type => `-A INPUT -p ipv6-icmp -m icmp6 --icmpv6-type ${type} -j ACCEPT`)],
    ["F20 INPUT:policy", "F01 INPUT:5"],
    [],
    { family: 6 },
  ],
  [
    "IPv6 with all of it",
    [":INPUT DROP", KNOWN("INPUT"), "-A INPUT -p ipv6-icmp -j ACCEPT", "-A INPUT -i lo -j ACCEPT"],
    [],
    ["F20", "F14", "F15", "F19"],
    { family: 6 },
  ],
  [
    "u19: behind the catch-all",
    ["-A INPUT -p tcp --dport 22 -j ACCEPT", "-A INPUT -j REJECT", "-A INPUT -p tcp --dport 80 -j ACCEPT"],
    ["F26 INPUT:3"],
    [],
  ],
  [
    "u21: the limit is never asked",
    [
      "-A INPUT -p tcp --dport 22 -j ACCEPT",
      "-A INPUT -p tcp --dport 22 -m state --state NEW -m recent --set --name S",
      "-A INPUT -p tcp --dport 22 -m state --state NEW -m recent --update --seconds 60 --hitcount 4 --name S -j DROP",
    ],
    ["F01 INPUT:2", "F01 INPUT:3"],
    [],
  ],
  [
    "u21: in the right order",
    [
      ":INPUT DROP",
      "-A INPUT -p tcp --dport 22 -m state --state NEW -m recent --set --name S",
      "-A INPUT -p tcp --dport 22 -m state --state NEW -m recent --update --seconds 60 --hitcount 4 --name S -j DROP",
      "-A INPUT -p tcp --dport 22 -j ACCEPT",
    ],
    [],
    ["F01", "F02", "F03"],
  ],
  ["u23: banned, and still there", [KNOWN("INPUT"), "-A INPUT -s 118.24.193.122 -j REJECT"], ["F37 INPUT:2"], []],
  [
    "u25: ESTABLISHED for TCP alone",
    [
      ...CLOSED,
      "-A OUTPUT -m state --state ESTABLISHED,RELATED -p tcp -j ACCEPT",
      "-A INPUT -m state --state ESTABLISHED,RELATED -p tcp -j ACCEPT",
      "-A OUTPUT -p udp --dport 53 -j ACCEPT",
      "-A OUTPUT -p tcp --dport 80 -j ACCEPT",
    ],
    ["F15 INPUT:policy", "F36 OUTPUT:policy"],
    [],
  ],
  [
    "u28: the port before translation",
    [
      ":FORWARD DROP",
      "-t nat -A PREROUTING -i ppp0 -p tcp --dport 8080 -j DNAT --to-destination 192.168.1.212:80",
      "-A FORWARD -p tcp -d 192.168.1.212 --dport 8080 -j ACCEPT",
      KNOWN("FORWARD"),
    ],
    ["F08 PREROUTING:1"],
    [],
  ],
  [
    "u28: the port after it",
    [
      ":FORWARD DROP",
      "-t nat -A PREROUTING -i ppp0 -p tcp --dport 8080 -j DNAT --to-destination 192.168.1.212:80",
      "-A FORWARD -p tcp -d 192.168.1.212 --dport 80 -j ACCEPT",
      KNOWN("FORWARD"),
    ],
    [],
    ["F08"],
  ],
  [
    "u32: a block list that forwarded services do not meet",
    [
      ":FORWARD DROP",
      "-t nat -A PREROUTING -p tcp --dport 25 -j DNAT --to-destination 192.168.100.9",
      "-A FORWARD -d 192.168.100.9 -p tcp --dport 25 -j ACCEPT",
      "-A INPUT -s 203.0.113.66 -j DROP",
    ],
    ["F38 INPUT:1"],
    [],
  ],
  [
    "u34: no such interface",
    ["-t nat -A POSTROUTING -o eth+ -j MASQUERADE"],
    ["F32 POSTROUTING:1"],
    [],
    { host: hostWith("ens3=198.51.100.2/24", "wg0=10.13.13.1/24") },
  ],
  ["u36: FTP without its helper", [":INPUT DROP", "-A INPUT -p tcp --dport 21 -j ACCEPT", KNOWN("INPUT")], ["F27 INPUT:1"], []],
  [
    "u36: with it",
    [":INPUT DROP", "-t raw -A PREROUTING -p tcp --dport 21 -j CT --helper ftp", "-A INPUT -p tcp --dport 21 -j ACCEPT", KNOWN("INPUT")],
    ["F28 INPUT:2"],
    ["F27"],
  ],
  [
    "u40: a name, no DNS, no loopback",
    [...CLOSED, "-A INPUT -i lo -j ACCEPT", "-A OUTPUT -p tcp -d serverfault.com --dport 80 -j ACCEPT", KNOWN("INPUT")],
    ["F18 OUTPUT:1", "F14 OUTPUT:policy", "F36 OUTPUT:policy"],
    [],
  ],
  ["u42: nothing behind the limit", ["-A INPUT -p tcp --dport 22 --syn -m limit --limit 2/min -j ACCEPT"], ["F30 INPUT:1"], []],
  [
    "u42: a drop behind it",
    ["-A INPUT -p tcp --dport 22 --syn -m limit --limit 2/min -j ACCEPT", "-A INPUT -p tcp --dport 22 --syn -j DROP"],
    [],
    ["F30"],
  ],
  [
    "u46: a rate that counts open sessions",
    [
      "-A INPUT -p tcp --dport 80 -m hashlimit --hashlimit-above 10/sec --hashlimit-mode srcip --hashlimit-name web -j DROP",
      KNOWN("INPUT"),
    ],
    ["F30 INPUT:1"],
    [],
  ],
  [
    "u46: for new ones only",
    [
      "-A INPUT -p tcp --syn --dport 80 -m hashlimit --hashlimit-above 10/sec --hashlimit-mode srcip --hashlimit-name web -j DROP",
      KNOWN("INPUT"),
    ],
    [],
    ["F30"],
  ],
  [
    "u47: logging behind the verdict, and without a limit",
    ["-A INPUT -s 192.0.2.1 -j DROP", "-A INPUT -s 192.0.2.1 -j LOG", "-A INPUT -j LOG"],
    ["F13 INPUT:2", "F12 INPUT:3"],
    [],
  ],
  [
    "u49: the published port in DOCKER-USER",
    [
      ":FORWARD DROP",
      "-t nat -A PREROUTING -p tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80",
      "-A FORWARD -p tcp --dport 8080 -j DROP",
      "-A FORWARD -d 172.17.0.2 -j ACCEPT",
    ],
    ["F09 FORWARD:1"],
    [],
  ],
  [
    "u50: behind Docker's own RETURN",
    [
      "-A FORWARD -j DOCKER-USER",
      "-A DOCKER-USER -i eth0 -s 203.0.113.50 -j ACCEPT",
      "-A DOCKER-USER -j RETURN",
      "-A DOCKER-USER -i eth0 -j DROP",
    ],
    ["F26 DOCKER-USER:3"],
    [],
  ],
  [
    "u54: two negations that leave nobody",
    ["-A FORWARD ! -s 192.0.2.1 -j DROP", "-A FORWARD ! -s 192.0.2.2 -j DROP", "-A FORWARD -d 172.17.0.2 -j ACCEPT"],
    ["F26 FORWARD:3"],
    [],
  ],
  [
    "u55: IPv6 forgotten",
    [":INPUT DROP", "-A INPUT -p tcp --dport 22 -j ACCEPT", KNOWN("INPUT"), "-A INPUT -i lo -j ACCEPT"],
    ["F22 INPUT:policy"],
    ["F14", "F15"],
    { v6: [":INPUT ACCEPT"] },
  ],
  [
    "u55: the same for both",
    [":INPUT DROP", "-A INPUT -p tcp --dport 22 -j ACCEPT", KNOWN("INPUT")],
    [],
    ["F22"],
    { v6: [":INPUT DROP", "-A INPUT -p tcp --dport 22 -j ACCEPT", "-A INPUT -p ipv6-icmp -j ACCEPT", KNOWN("INPUT")] },
  ],
  [
    "a chain that is entered twice meets its rule again",
    [":C -", "-A INPUT -j C", "-A INPUT -j C", "-A C -p tcp --syn -j DROP"],
    [],
    ["F03 C"],
  ],
  ["u65: host bits", ["-A INPUT -s 1.5.9.0/18 -j DROP"], ["F33 INPUT:1"], []],
  [
    "u10: nothing but SSH",
    [
      ...CLOSED,
      "-A INPUT -i lo -j ACCEPT",
      "-A OUTPUT -o lo -j ACCEPT",
      "-A INPUT -p tcp --dport 22 -j ACCEPT",
      "-A OUTPUT -p tcp --sport 22 -m state --state ESTABLISHED -j ACCEPT",
    ],
    [],
    ["F15", "F14", "F07", "F01", "F23"],
  ],
])("%s", (_, lines, found, absent, given) => {
  const { codes } = check(lines, given);
  for (const code of found) expect(codes).toContain(code);
  for (const code of absent) expect(codes.filter(each => each.startsWith(code))).toEqual([]);
});

test("fragments are packets like others", () => {
  expect(check(["-A INPUT -f -j DROP"]).codes.filter(code => code.startsWith("F0"))).toEqual([]);
});

test("the state of packets that tracking has not seen", () => {
  expect(check(["-t raw -A PREROUTING -i eth0 -m conntrack --ctstate NEW -j DROP"]).codes).toContain("F02 PREROUTING:1");
});

test("a bridge, and nobody knows whether its frames meet the rules", () => {
  const host = hostFromFlags({ interfaces: ["br0=198.51.100.2/24"], bridges: ["br0=eth0,tap0"] }).value;
  const { assumptions } = lint([subjectOf(saveText([":FORWARD DROP"]), { ...(host && { host }) })]);
  expect(assumptions.join("; ")).toContain("what br0 passes on meets FORWARD");
});
