/** Questions about filters: why something is dropped, what is open, which rule hides which. */
import type { Question } from "./question.ts";

const KILL_SWITCH = "--if eth0=192.0.2.10/24 --if tun0=10.8.0.2/24 --route 'default via 192.0.2.1 dev eth0'";
const NINTH = (ports: readonly number[], to: string): string =>
  ports.map(port => `'tcp 203.0.113.9:${port} > 192.0.2.10:${to} syn in eth0'`).join(" ");

export const FILTER_QUESTIONS: readonly Question[] = [
  {
    id: "u01",
    asks: "All output is allowed; why do DNS lookups and HTTP requests made by this host still fail?",
    settled: [
      {
        line: "trace u01.v4 'session udp 192.0.2.10:40000 > 9.9.9.9:53 out eth0'",
        status: 1,
        finds: [
          "decided by u01.v4:6: filter OUTPUT rule 1",
          "THE SESSION DIES at packet 2, the server's answer: dropped by the policy of filter INPUT",
          "-m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT",
        ],
      },
      {
        line: "trace u01.v4 'session tcp 192.0.2.10:40000 > 203.0.113.80:80 syn out eth0'",
        status: 1,
        finds: ["THE SESSION DIES at packet 2, the server's SYN+ACK: dropped by the policy of filter INPUT"],
      },
      {
        line: "trace u01-mended.v4 'session udp 192.0.2.10:40000 > 9.9.9.9:53 out eth0'",
        status: 0,
        finds: ["THE SESSION WORKS"],
      },
      {
        line: "lint u01.v4",
        status: 1,
        finds: [
          "u01.v4:2: error F15 missing ESTABLISHED",
          "u01.v4:4: warning F03",
          "the policy of OUTPUT is ACCEPT, and none of its 2 rules has any effect",
        ],
      },
      { line: "diff u01.v4 u01-mended.v4", status: 1, finds: ["half-open: the answer is dropped", "+ "], lacks: ["closed"] },
    ],
  },
  {
    id: "u03",
    asks: "Ping succeeds, yet TCP connect fails at once with 'No route to host'; is it routing?",
    settled: [
      {
        line: "trace u03.v4 'tcp 203.0.113.9:40000 > 192.0.2.10:22 syn in eth0'",
        status: 1,
        finds: [
          "REJECTED by u03.v4:8: filter INPUT rule 4",
          "icmp 192.0.2.10 > 203.0.113.9 host-prohibited",
          "No route to host (EHOSTUNREACH), at once",
        ],
      },
      { line: "trace u03.v4 'session icmp 203.0.113.9 > 192.0.2.10 echo-request in eth0'", status: 0, finds: ["THE SESSION WORKS"] },
      {
        line: "query u03.v4 'from any to self tcp 22'",
        status: 1,
        finds: ["no: all of these sessions are rejected", "filter INPUT rule 4"],
      },
    ],
  },
  {
    id: "u04",
    asks: "Bridging is layer 2, so why does FORWARD policy DROP kill traffic between bridge ports?",
    settled: ([0, 1] as const).map(calls => ({
      line: `replay u04.v4 u04.pcapng --if br0=10.0.0.1/24 --bridge br0=eth0,tap0 --sysctl net.bridge.bridge-nf-call-iptables=${calls} --counters`,
      status: 0,
      finds: calls === 1 ? [":FORWARD DROP [1:28]"] : [":FORWARD DROP [0:0]"],
    })),
  },
  {
    id: "u08",
    asks: "Do you see any holes in this per-service NEW/ESTABLISHED script?",
    settled: [
      {
        line: "trace u08.v4 --if eth0=192.0.2.10/24 'udp 192.0.2.53:53 > 192.0.2.10:5353 in eth0'",
        status: 0,
        finds: ["tracking  NEW", "ACCEPTED, delivered by u08.v4:5: filter INPUT rule 1"],
      },
      {
        line: "trace u08.v4 --if eth0=192.0.2.10/24 'session tcp 127.0.0.1:40000 > 127.0.0.1:80 syn'",
        status: 1,
        finds: ["THE SESSION DIES at packet 2", "dropped by the policy of filter INPUT"],
      },
      { line: "diff u08.v4 u08-without-output.v4", status: 0, finds: ["equal: ", "proven for all packets"] },
      {
        line: "lint u08.v4 --v6 empty.v6",
        status: 1,
        finds: [
          "empty.v6:2: error F22 IPv6 left open",
          "u08.v4:5: warning F07 source-port hole",
          "shown by: udp 192.0.2.53:53 > ",
          "the policy of OUTPUT is ACCEPT, and none of its 3 rules has any effect",
        ],
      },
      { line: "policy u08.v4 --v6 empty.v6 --path in", status: 0, finds: ["IPv6 in: anyone may open everything on this machine"] },
    ],
  },
  {
    id: "u09",
    asks: "Is this VPN kill-switch rule list tight?",
    settled: [
      {
        line: `trace u09.v4 ${KILL_SWITCH} 'tcp 192.0.2.10:40000 > 1.2.3.4:443 syn'`,
        status: 0,
        finds: ["ACCEPTED, sent by the policy of filter OUTPUT", "leaves         eth0: tcp 192.0.2.10:40000 > 1.2.3.4:443 syn"],
      },
      { line: "lint u09.v4", status: 1, finds: ["the policy of OUTPUT is ACCEPT, and none of its 3 rules has any effect"] },
      {
        line: "query u09.v4 'from self to any tcp 443 out eth0'",
        status: 0,
        finds: ["yes: all of these sessions are usable", "filter OUTPUT  u09.v4:4  policy ACCEPT"],
      },
      { line: "test u09.test.yaml", status: 1, finds: ["nothing leaves but by the tunnel", "out eth0"] },
    ],
  },
  {
    id: "u10",
    asks: "Rules that allow only inbound SSH, and how to enter them remotely without losing the session?",
    settled: [
      {
        line: "trace u10.v4 'session tcp 203.0.113.9:40000 > 192.0.2.10:22 syn in eth0'",
        status: 0,
        finds: ["THE SESSION WORKS"],
      },
      {
        line: "trace u10.v4 'tcp 203.0.113.9:40000 > 192.0.2.10:80 syn in eth0' 'tcp 192.0.2.10:22 > 203.0.113.9:40000 syn out eth0'",
        status: 1,
        finds: ["DROPPED by the policy of filter INPUT", "DROPPED by the policy of filter OUTPUT"],
      },
      { line: "iptables --store STORE -P INPUT DROP", status: 0, finds: [] },
      {
        // The store has only the first of the commands now: the session that types them is cut.
        line: "trace STORE 'tcp 203.0.113.9:40000 > 192.0.2.10:22 ack ct ESTABLISHED in eth0'",
        store: "u10-first-command.v4",
        status: 1,
        finds: ["DROPPED by the policy of filter INPUT"],
      },
      {
        line: "policy u10.v4",
        status: 0,
        finds: ["IPv4 in: anyone may open ssh (tcp 22) on this machine", "IPv4 out: no session can be opened"],
      },
      { line: "query u10.v4 'from self to any'", status: 1, finds: ["no: all of these sessions are dropped"] },
    ],
  },
  {
    id: "u15",
    asks: "What do these limit rules do, and do they cover UDP?",
    settled: [
      {
        line: `trace u15.v4 ${Array(7).fill("'icmp 203.0.113.9 > 192.0.2.10 echo-request in eth0'").join(" ")}`,
        status: 0,
        finds: ["ACCEPTED, delivered by u15.v4:5: filter INPUT rule 1"],
      },
      {
        line: "trace u15.v4 'udp 203.0.113.9:40000 > 192.0.2.10:53 in eth0'",
        status: 1,
        finds: ["DROPPED by the policy of filter INPUT", "protocol is udp, not icmp", "protocol is udp, not tcp"],
      },
      {
        line: "explain u15.v4",
        status: 0,
        finds: ["accepts ICMP echo-request (ping), 1 per second at most with bursts of 5; over the limit the packet goes on to rule 2"],
      },
      { line: "query u15.v4 'from any to self udp'", status: 1, finds: ["no: all of these sessions are dropped", "policy DROP"] },
    ],
  },
  {
    id: "u17",
    asks: "Is OUTPUT about connect() and INPUT about bind()/listen()?",
    settled: [
      {
        line: "trace u17.v4 'session tcp 203.0.113.9:40000 > 192.0.2.10:22 syn in eth0'",
        status: 0,
        finds: [
          "1  client → server  SYN",
          "filter INPUT rule 3: -p tcp -m tcp --dport 22 -j ACCEPT",
          "2  client ← server  SYN+ACK",
          "filter OUTPUT rule 2: -m conntrack --ctstate ESTABLISHED -j ACCEPT",
        ],
      },
      {
        line: "trace u17.v4 'session tcp 192.0.2.10:40000 > 203.0.113.80:443 syn out eth0'",
        status: 0,
        finds: [
          "filter OUTPUT rule 3: -p tcp -m tcp --dport 443 -j ACCEPT",
          "filter INPUT rule 2: -m conntrack --ctstate ESTABLISHED -j ACCEPT",
        ],
      },
      {
        line: "trace u17.v4 --if eth0=192.0.2.10/24 --if eth1=10.0.0.1/24 'tcp 192.0.2.77:40000 > 10.0.0.9:22 syn in eth0'",
        status: 1,
        finds: ["DROPPED by the policy of filter FORWARD"],
        lacks: ["filter INPUT", "filter OUTPUT"],
      },
    ],
  },
  {
    id: "u19",
    asks: "I added ACCEPT for port 80 with -A; why is it still refused?",
    settled: [
      {
        line: "trace u19.v4 'tcp 203.0.113.9:40000 > 192.0.2.10:80 syn in eth0'",
        status: 1,
        finds: ["REJECTED by u19.v4:9: filter INPUT rule 5"],
      },
      { line: "lint u19.v4", status: 1, finds: ["u19.v4:10: error F26", "rule 6 comes after rule 5", "fix: move rule 6 before rule 5"] },
      {
        line: "diff u19.v4 u19-mended.v4",
        status: 1,
        finds: ["+ 1 opened; nothing else differs", "+ http (tcp 80)", "before   rejected with icmp-host-prohibited"],
      },
    ],
  },
  {
    id: "u21",
    asks: "Why is ssh not rate limited by these three rules?",
    settled: [
      {
        line: `trace u21.v4 ${NINTH([40_001, 40_002, 40_003, 40_004, 40_005, 40_006], "22")}`,
        status: 0,
        finds: [],
        counts: { "ACCEPTED, delivered by u21.v4:8": 6 },
      },
      {
        line: `trace u21-mended.v4 ${NINTH([40_001, 40_002, 40_003, 40_004, 40_005, 40_006], "22")}`,
        status: 1,
        finds: [],
        counts: { "ACCEPTED, delivered": 3, "DROPPED by u21-mended.v4:9": 3 },
      },
      {
        line: "lint u21.v4",
        status: 1,
        finds: ["u21.v4:9: warning F01 shadowed rule", "u21.v4:10: error F01 shadowed rule", "see line 8, NIC-host0-TCP rule 1"],
      },
    ],
  },
  {
    id: "u23",
    asks: "The ban rule is present, so why can the banned client keep requesting?",
    settled: [
      {
        line: "trace u23.v4 'tcp 118.24.193.122:40000 > 192.0.2.10:80 psh+ack ct ESTABLISHED in eth0'",
        status: 0,
        finds: ["ACCEPTED, delivered by u23.v4:9: filter ufw-before-input rule 2: -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT"],
      },
      {
        line: "trace u23.v4 'tcp 118.24.193.122:40001 > 192.0.2.10:80 syn in eth0'",
        status: 1,
        finds: ["REJECTED by u23.v4:11: filter ufw-user-input rule 1"],
      },
      { line: "lint u23.v4 --level info", status: 1, finds: ["u23.v4:11: note F37 ban after ESTABLISHED"] },
    ],
  },
];
