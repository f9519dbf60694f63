/** Questions about state, helpers, limits, knocking, logging and the connection table. */
import type { Question } from "./question.ts";

/** A control connection that is under way, and what the server says on it. */
const ftp = (said: string): string =>
  [
    "'tcp 203.0.113.9:40000 > 192.0.2.10:21 syn seq 100 in eth0'",
    "'tcp 192.0.2.10:21 > 203.0.113.9:40000 syn+ack seq 500 ack 101 out eth0'",
    "'tcp 203.0.113.9:40000 > 192.0.2.10:21 ack seq 101 ack 501 in eth0'",
    `'tcp 192.0.2.10:21 > 203.0.113.9:40000 psh+ack seq 501 ack 101 data "220 ready\\r\\n" out eth0'`,
    `'tcp 203.0.113.9:40000 > 192.0.2.10:21 psh+ack seq 101 ack 512 data "PASV\\r\\n" in eth0'`,
    `'tcp 192.0.2.10:21 > 203.0.113.9:40000 psh+ack seq 512 ack 107 data "${said}\\r\\n" out eth0'`,
    "'tcp 203.0.113.9:40001 > 192.0.2.10:50000 syn in eth0'",
  ].join(" ");
const PASSIVE = "227 Entering Passive Mode (192,0,2,10,195,80)";
const syns = (count: number, port: number): string =>
  Array.from({ length: count }, (_, index) => `'tcp 203.0.113.9:${40_001 + index} > 192.0.2.10:${port} syn in eth0'`).join(" ");
/** From one client, in this order. */
const knocks = (...ports: readonly number[]): string => ports.map(port => `'udp 203.0.113.9:4000 > 192.0.2.10:${port} in eth0'`).join(" ");
const SSH = "'session tcp 203.0.113.9:40000 > 192.0.2.10:22 syn in eth0'";
const segments = (count: number): string =>
  [
    "'tcp 203.0.113.9:40001 > 192.0.2.10:80 syn seq 100 in eth0'",
    "'tcp 192.0.2.10:80 > 203.0.113.9:40001 syn+ack seq 500 ack 101 out eth0'",
    ...Array<string>(count).fill("'tcp 203.0.113.9:40001 > 192.0.2.10:80 ack seq 101 ack 501 in eth0'"),
  ].join(" ");

export const STATE_QUESTIONS: readonly Question[] = [
  {
    id: "u25",
    asks: "Best practice for a default-deny OUTPUT on a server, and stateful or stateless?",
    settled: [
      {
        line: "trace u25-stateless.v4 'session tcp 203.0.113.9:80 > 192.0.2.10:22 syn in eth0'",
        status: 0,
        finds: ["filter INPUT rule 1: -i eth0 -p tcp -m multiport --sports 80,443 -j ACCEPT"],
      },
      {
        line: "trace u25.v4 'session tcp 192.0.2.10:40000 > 203.0.113.80:80 syn out eth0' 'session udp 192.0.2.10:40000 > 9.9.9.9:53 out eth0'",
        status: 1,
        finds: ["THE SESSION WORKS", "THE SESSION DIES at packet 2, the server's answer: dropped by the policy of filter INPUT"],
      },
      {
        line: "lint u25-stateless.v4",
        status: 1,
        finds: ["u25-stateless.v4:6: error F07 source-port hole", "shown by: tcp 203.0.113.9:80 > 198.51.100.2:22 syn in eth0 (accepted)"],
      },
      { line: "lint u25.v4", status: 1, finds: ["error F15 missing ESTABLISHED: sessions from this machine (udp) are let begin"] },
      {
        line: "diff u25.v4 u25-stateless.v4",
        status: 1,
        finds: ["+ tcp all but 22 from port 80, 443  in eth0", "witness  session tcp 203.0.113.9:80 > "],
      },
    ],
  },
  {
    id: "u26",
    asks: "Why does '--state NEW' let packets without SYN through, and what does this rule fix?",
    settled: [
      {
        line: "trace u26-open.v4 'tcp 203.0.113.9:40001 > 192.0.2.10:80 ack in eth0'",
        status: 0,
        finds: ["tracking  NEW", "ACCEPTED, delivered by u26-open.v4:5"],
      },
      {
        line: "trace u26.v4 'tcp 203.0.113.9:40001 > 192.0.2.10:80 ack in eth0'",
        status: 1,
        finds: [
          "DROPPED by u26.v4:5: filter INPUT rule 1",
          "tracking takes up connections in the middle (net.netfilter.nf_conntrack_tcp_loose=1)",
        ],
      },
      {
        line: `trace u26-open.v4 ${["fin", "syn+fin", "none", "syn+ack", "rst", "fin+psh+urg"].map((flags, index) => `'tcp 203.0.113.9:${41_000 + index} > 192.0.2.10:80 ${flags} in eth0'`).join(" ")}`,
        status: 1,
        finds: [],
        counts: { "tracking  INVALID": 6 },
      },
      {
        line: "trace u26-open.v4 --if eth0=192.0.2.10/24 --sysctl net.netfilter.nf_conntrack_tcp_loose=0 'tcp 192.0.2.77:40001 > 192.0.2.10:80 ack in eth0'",
        status: 1,
        finds: ["tracking  INVALID"],
      },
      { line: "policy u26-open.v4 --path in", status: 0, finds: ["TCP segments with ACK alone"] },
      { line: "policy u26.v4 --path in", status: 0, finds: ["IPv4, to this machine"], lacks: ["TCP segments with ACK alone"] },
    ],
  },
  {
    id: "u36",
    asks: "nf_conntrack_ftp is loaded and RELATED is accepted, yet FTP data connections are dropped on kernel 6.x; why?",
    settled: [
      {
        line: `trace u36.v4 ${ftp(PASSIVE)}`,
        status: 1,
        finds: ["DROPPED by the policy of filter INPUT", "state is NEW, not ESTABLISHED or RELATED"],
        lacks: ["tracking  RELATED"],
      },
      {
        line: `trace u36-mended.v4 ${ftp(PASSIVE)}`,
        status: 0,
        finds: ["tracking  RELATED", "ACCEPTED, delivered by u36-mended.v4:10: filter INPUT rule 1"],
      },
      { line: "lint u36.v4", status: 1, finds: ["u36.v4:6: warning F27 helper missing", "fix: assign the helper"] },
    ],
  },
  {
    id: "u38",
    asks: "Why does FTP over TLS fail behind a stateful firewall although plain FTP works?",
    settled: [
      {
        // The same words, encrypted: the helper reads nothing.
        line: `trace u36-mended.v4 ${ftp("\\x17\\x03\\x03\\x00\\x20\\x9c\\x41\\x07")}`,
        status: 1,
        finds: ["DROPPED by the policy of filter INPUT"],
        lacks: ["tracking  RELATED"],
      },
    ],
  },
  {
    id: "u40",
    asks: "Step 3 fails with 'host/network serverfault.com not found'; why, and what else is missing?",
    settled: [
      {
        line: "trace u40.v4 'session udp 192.0.2.10:40000 > 9.9.9.9:53 out eth0'",
        status: 1,
        finds: [
          "THE SESSION DIES at packet 1, the client's query: dropped by the policy of filter OUTPUT",
          "serverfault.com was not looked up",
        ],
      },
      {
        line: "trace u40.v4 'tcp 127.0.0.1:40000 > 127.0.0.1:80 syn'",
        status: 1,
        finds: ["DROPPED by the policy of filter OUTPUT"],
      },
      {
        line: "lint u40.v4",
        status: 1,
        finds: ["u40.v4:7: warning F18 name in a rule: serverfault.com is looked up once", "warning F36"],
      },
    ],
  },
  {
    id: "u42",
    asks: "I allowed 2 per minute; why did more than two get in?",
    settled: [
      {
        line: `trace u42.v4 ${syns(8, 22)}`,
        status: 1,
        finds: [],
        counts: { "ACCEPTED, delivered by u42.v4:5": 5, "DROPPED by u42.v4:6": 3 },
      },
      { line: `trace u42-two.v4 ${syns(8, 22)}`, status: 1, finds: [], counts: { "ACCEPTED, delivered": 2, "DROPPED by u42-two.v4:6": 6 } },
      { line: `trace u42-alone.v4 ${syns(8, 22)}`, status: 0, finds: [], counts: { "ACCEPTED, delivered": 8 } },
      { line: "lint u42-alone.v4", status: 1, finds: ["u42-alone.v4:5: warning F30 limit without effect"] },
      { line: "lint u42.v4", status: 1, finds: [], lacks: ["F30"] },
      { line: "explain u42.v4", status: 0, finds: ["2 per minute", "5"] },
    ],
  },
  {
    id: "u44",
    asks: "What does this rule set require before ssh opens, and does the ssh session then work?",
    settled: [
      {
        line: `trace u44.v4 ${knocks(1111, 2222, 3333)} ${SSH}`,
        status: 1,
        finds: [
          "decided by u44.v4:22: filter STEP3 rule 2",
          "THE SESSION DIES at packet 3, the client's ACK: rejected by u44.v4:14: filter STEP0 rule 2",
        ],
      },
      { line: `trace u44-mended.v4 ${knocks(1111, 2222, 3333)} ${SSH}`, status: 1, finds: ["THE SESSION WORKS"] },
      { line: `trace u44-mended.v4 ${knocks(1111, 3333, 2222)} ${SSH}`, status: 1, finds: ["THE SESSION DIES at packet 1"] },
      { line: `trace u44-mended.v4 ${knocks(1111, 2222, 9, 3333)} ${SSH}`, status: 1, finds: ["THE SESSION DIES at packet 1"] },
    ],
  },
  {
    id: "u46",
    asks: "Why does the limiter throttle normal established traffic?",
    settled: [
      {
        line: `trace u46.v4 ${segments(10)}`,
        status: 1,
        finds: ["DROPPED by the policy of filter INPUT"],
        // The opener took one of the five tokens.
        counts: { "ACCEPTED, delivered by u46.v4:5": 5, "DROPPED by the policy of filter INPUT": 6 },
      },
      { line: `trace u46-mended.v4 ${segments(10)}`, status: 0, finds: [], counts: { "ACCEPTED, delivered": 11 } },
    ],
  },
  {
    id: "u47",
    asks: "Can one rule both log and drop?",
    settled: [
      {
        line: "trace u47.v4 'tcp 203.0.113.9:40000 > 192.0.2.10:22 syn in eth0'",
        status: 1,
        finds: ["INPUT:DROP:IN=eth0 OUT= ", "SRC=203.0.113.9 DST=192.0.2.10", "DROPPED by u47.v4:7: filter INPUT rule 3"],
      },
      {
        line: "trace u47-late.v4 'tcp 203.0.113.9:40000 > 192.0.2.10:22 syn in eth0'",
        status: 1,
        finds: ["DROPPED by u47-late.v4:6: filter INPUT rule 2"],
        lacks: ["INPUT:DROP:IN=eth0"],
      },
      { line: "lint u47-late.v4", status: 1, finds: ["u47-late.v4:7: error F26"] },
      { line: "lint u47.v4", status: 1, finds: ["u47.v4:6: warning F12 unlimited logging"] },
    ],
  },
  {
    id: "u63",
    asks: "Random health-check failures with 'nf_conntrack: table full, dropping packet'; which rule drops?",
    settled: [
      {
        line: `trace u63.v4 --sysctl net.netfilter.nf_conntrack_max=1 --if eth0=192.0.2.10/24 ${segments(1).replaceAll("203.0.113.9", "192.0.2.77")} 'tcp 192.0.2.77:40009 > 192.0.2.10:80 syn in eth0'`,
        status: 1,
        finds: ["nf_conntrack: table full, dropping packet"],
      },
    ],
  },
  {
    id: "u71",
    asks: "A new DNAT rule is in place, so why do packets of an old UDP flow still go to the host?",
    settled: [
      {
        line: "trace u71.v4 --if eth0=192.0.2.10/24 --if docker0=172.17.0.1/16 'udp 192.0.2.77:40000 > 192.0.2.10:5000 in eth0'",
        status: 0,
        finds: ["destination 192.0.2.10 becomes 172.17.0.2 (NAT)", "leaves         docker0:"],
      },
      {
        line: "trace u71.v4 --if eth0=192.0.2.10/24 --if docker0=172.17.0.1/16 'udp 192.0.2.77:40000 > 192.0.2.10:5000 in eth0 ct ESTABLISHED'",
        status: 0,
        finds: ["delivered   udp 192.0.2.77:40000 > 192.0.2.10:5000"],
        lacks: ["nat PREROUTING"],
      },
    ],
  },
];
