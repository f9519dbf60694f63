/** Questions about translation, port forwards, containers and what NAT hides from filters. */
import type { Question } from "./question.ts";

const CLUSTER = "--if eth0=10.0.0.1/24 --if cni0=10.244.1.1/24";
/** A connection to the service that is under way, then a segment of the server's far behind its window. */
const OUT_OF_WINDOW = [
  "'tcp 10.0.0.5:40000 > 10.96.0.10:80 syn seq 100 in eth0'",
  "'tcp 10.244.1.5:8080 > 10.0.0.5:40000 syn+ack seq 500 ack 101 in cni0'",
  "'tcp 10.0.0.5:40000 > 10.96.0.10:80 ack seq 101 ack 501 in eth0'",
  "'tcp 10.244.1.5:8080 > 10.0.0.5:40000 ack seq 500000000 ack 101 in cni0'",
].join(" ");
const DSL = "--if ppp0=198.51.100.2/32 --if lan0=192.168.1.1/24 --route 'default dev ppp0'";
const LAN = "--if wan0=198.51.100.2/24 --if lan0=192.168.1.1/24 --route 'default via 198.51.100.1 dev wan0'";
const MAIL = "--if wan0=198.51.100.2/24 --if lan0=192.168.100.1/24 --route 'default via 198.51.100.1 dev wan0'";
const WIREGUARD = "--if ens3=198.51.100.2/24 --if wg0=10.13.13.1/24 --route 'default via 198.51.100.1 dev ens3'";
const DOCKER = "--if eth0=198.51.100.2/24 --if docker0=172.17.0.1/16 --if tun0=10.8.0.1/24 --route 'default via 198.51.100.1 dev eth0'";
const published = (client: string): string => `'session tcp ${client}:40000 > 198.51.100.2:8080 syn in eth0'`;

export const NAT_QUESTIONS: readonly Question[] = [
  {
    id: "u06",
    asks: "Long transfers through a DNATed service IP are randomly reset; why?",
    settled: [
      {
        line: `trace u06.v4 ${CLUSTER} ${OUT_OF_WINDOW}`,
        status: 0,
        finds: [
          "leaves         eth0: tcp 10.96.0.10:80 > 10.0.0.5:40000 syn+ack",
          "tracking  INVALID",
          // The server's own address: nothing was translated back.
          "leaves         eth0: tcp 10.244.1.5:8080 > 10.0.0.5:40000 ack",
        ],
      },
      {
        line: `trace u06-mended.v4 ${CLUSTER} ${OUT_OF_WINDOW}`,
        status: 1,
        finds: ["DROPPED by u06-mended.v4:14: filter KUBE-FORWARD rule 1: -m conntrack --ctstate INVALID -j DROP"],
        lacks: ["leaves         eth0: tcp 10.244.1.5:8080"],
      },
      {
        line: `trace u06.v4 ${CLUSTER} --sysctl net.netfilter.nf_conntrack_tcp_be_liberal=1 ${OUT_OF_WINDOW}`,
        status: 0,
        finds: [],
        lacks: ["tracking  INVALID", "leaves         eth0: tcp 10.244.1.5:8080"],
      },
      {
        line: "diff u06.v4 u06-mended.v4",
        status: 1,
        finds: ["packets that tracking calls INVALID no longer pass"],
        lacks: ["opened"],
      },
    ],
  },
  {
    id: "u28",
    asks: "Port forward stopped working with a FORWARD default deny: what is wrong with this pair?",
    settled: [
      {
        line: `trace u28.v4 ${DSL} 'session tcp 203.0.113.9:40000 > 198.51.100.2:8080 syn in ppp0'`,
        status: 1,
        finds: [
          "destination port 8080 becomes 80 (NAT)",
          "THE SESSION DIES at packet 1, the client's SYN: dropped by the policy of filter FORWARD",
          "filter FORWARD rule 2 waits for destination port 8080, but NAT has made it 80 before this table sees the packet",
        ],
      },
      {
        line: `trace u28-mended.v4 ${DSL} 'session tcp 203.0.113.9:40000 > 198.51.100.2:8080 syn in ppp0'`,
        status: 0,
        finds: ["THE SESSION WORKS"],
      },
      {
        line: "lint u28.v4",
        status: 1,
        finds: ["u28.v4:6: error F08 DNAT that leads nowhere", "rule 2 of FORWARD names the packets as they were before the translation"],
      },
    ],
  },
  {
    id: "u30",
    asks: "External clients work, LAN clients using the public IP time out; why?",
    settled: [
      {
        line: `trace u30.v4 ${LAN} 'tcp 192.168.1.10:40000 > 198.51.100.2:80 syn in lan0'`,
        status: 0,
        finds: ["leaves         lan0: tcp 192.168.1.10:40000 > 192.168.1.80:80 syn"],
      },
      {
        line: `trace u30.v4 ${LAN} 'session tcp 192.168.1.10:40000 > 198.51.100.2:80 syn in lan0'`,
        status: 1,
        finds: [
          "THE SESSION DIES at packet 2, the server's SYN+ACK: 192.168.1.80 answers its neighbour in 192.168.1.0/24 directly, past this machine",
          "-t nat -A POSTROUTING -s 192.168.1.0/24 -d 192.168.1.80 -j MASQUERADE",
        ],
      },
      {
        line: `trace u30-mended.v4 ${LAN} 'session tcp 192.168.1.10:40000 > 198.51.100.2:80 syn in lan0'`,
        status: 0,
        finds: ["arrives as tcp 192.168.1.1:40000 > 192.168.1.80:80 syn", "THE SESSION WORKS"],
      },
      {
        line: `lint u30.v4 ${LAN}`,
        status: 1,
        finds: ["u30.v4:6: warning F10 hairpin without SNAT: clients in 192.168.1.0/24", "fix: translate the source of such packets too"],
      },
      { line: `lint u30-mended.v4 ${LAN}`, status: 0, finds: [], lacks: ["F10"] },
    ],
  },
  {
    id: "u32",
    asks: "Blocklisted IPs still reach the mail VM behind DNAT; why?",
    settled: [
      {
        line: `trace u32.v4 ${MAIL} 'tcp 203.0.113.9:40000 > 198.51.100.2:25 syn in wan0'`,
        status: 0,
        finds: ["ACCEPTED, forwarded by u32.v4:15: filter FORWARD rule 2"],
        lacks: ["filter INPUT"],
      },
      { line: "lint u32.v4", status: 1, finds: ["u32.v4:12: warning F38 block list that DNAT avoids"] },
    ],
  },
  {
    id: "u34",
    asks: "Handshake works but peers have no internet; why?",
    settled: [
      {
        line: `trace u34.v4 ${WIREGUARD} 'udp 10.13.13.2:40000 > 8.8.8.8:53 in wg0'`,
        status: 0,
        finds: [
          "1 -o eth+ -j MASQUERADE                                 output is ens3, not eth+",
          "leaves         ens3: udp 10.13.13.2:40000 > 8.8.8.8:53",
        ],
      },
      {
        line: `lint u34.v4 ${WIREGUARD}`,
        status: 1,
        finds: ["u34.v4:6: warning F32 impossible interface: eth+ fits none of the host's interfaces (lo, ens3, wg0)"],
      },
    ],
  },
  {
    id: "u49",
    asks: "Why does '-A DOCKER-USER -p tcp --dport <published port> -j DROP' not block a published port?",
    settled: [
      {
        line: `trace u49.v4 ${DOCKER} --all 'tcp 203.0.113.9:40000 > 198.51.100.2:8080 syn in eth0'`,
        status: 0,
        finds: ["destination port 8080 becomes 80 (NAT)", "destination port is 80, not 8080", "ACCEPTED, forwarded by"],
      },
      {
        line: `trace u49-mended.v4 ${DOCKER} ${published("203.0.113.9")}`,
        status: 1,
        finds: ["--ctorigdstport 8080 --ctdir ORIGINAL -j DROP", "THE SESSION DIES at packet 1"],
      },
      {
        line: `query u49.v4 ${DOCKER} 'from any to 198.51.100.2 tcp 8080 in eth0'`,
        status: 0,
        finds: ["yes: all of these sessions are usable"],
      },
      {
        line: `query u49-mended.v4 ${DOCKER} 'from any to 198.51.100.2 tcp 8080 in eth0'`,
        status: 1,
        finds: ["no: all of these sessions are dropped"],
      },
    ],
  },
  {
    id: "u50",
    asks: "Does this recipe block everyone else?",
    settled: [
      { line: `trace u50.v4 ${DOCKER} ${published("203.0.113.9")}`, status: 0, finds: ["THE SESSION WORKS"] },
      {
        line: `trace u50-mended.v4 ${DOCKER} ${published("203.0.113.9")}`,
        status: 1,
        finds: ["filter DOCKER-USER rule 2: -i eth0 -j DROP"],
      },
      { line: `lint u50.v4 ${DOCKER}`, status: 1, finds: ["u50.v4:25: error F26", "move rule 3 before rule 2"] },
    ],
  },
  {
    id: "u51",
    asks: "VPN clients get no internet on a host that also runs Docker; which rule drops them?",
    settled: [
      {
        line: `trace u51.v4 ${DOCKER} 'session tcp 10.8.0.6:40000 > 8.8.8.8:443 syn in tun0'`,
        status: 1,
        finds: ["THE SESSION DIES at packet 1, the client's SYN: dropped by the policy of filter FORWARD"],
      },
      {
        line: `trace u51-mended.v4 ${DOCKER} 'session tcp 10.8.0.6:40000 > 8.8.8.8:443 syn in tun0'`,
        status: 0,
        finds: ["THE SESSION WORKS", "filter DOCKER-USER rule 1: -i tun0 -o eth0 -j ACCEPT", "filter DOCKER-USER rule 2: -i eth0 -o tun0"],
      },
      {
        line: `query u51.v4 ${DOCKER} 'from 10.8.0.0/24 to 8.8.8.8 in tun0 out eth0'`,
        status: 1,
        finds: ["no: all of these sessions are dropped", "policy DROP"],
      },
      {
        line: `query u51-mended.v4 ${DOCKER} 'from 10.8.0.0/24 to 8.8.8.8 in tun0 out eth0'`,
        status: 0,
        finds: ["yes: all of these sessions are usable"],
      },
    ],
  },
  {
    id: "u54",
    asks: "How to allow two source IPs - can I add a second '! -s ip2 DROP' rule?",
    settled: [
      {
        line: `trace u54.v4 ${DOCKER} ${["192.0.2.2", "192.0.2.3", "203.0.113.9"].map(published).join(" ")}`,
        status: 1,
        finds: [],
        counts: { "THE SESSION DIES at packet 1": 3 },
      },
      {
        line: `trace u54-mended.v4 ${DOCKER} ${["192.0.2.2", "192.0.2.3", "203.0.113.9"].map(published).join(" ")}`,
        status: 1,
        finds: [],
        counts: { "THE SESSION WORKS": 2, "THE SESSION DIES at packet 1": 1 },
      },
      {
        line: `query u54.v4 ${DOCKER} 'from 192.0.2.2,192.0.2.3 to 198.51.100.2 tcp 8080 in eth0'`,
        status: 1,
        finds: ["no: all of these sessions are dropped"],
      },
      {
        line: `query u54-mended.v4 ${DOCKER} 'from 192.0.2.2,192.0.2.3 to 198.51.100.2 tcp 8080 in eth0'`,
        status: 0,
        finds: ["yes: all of these sessions are usable"],
      },
    ],
  },
  {
    id: "u73",
    asks: "Why does the proxy loop until file descriptors run out without the owner match?",
    settled: [
      {
        line: "trace u73-loop.v4 'tcp 192.0.2.10:40000 > 203.0.113.80:443 syn out eth0 uid 0'",
        status: 0,
        // The proxy runs as root: its own connection comes back to itself.
        finds: [
          "destination 203.0.113.80 becomes 127.0.0.1 (NAT)",
          "destination port 443 becomes 8080 (NAT)",
          "delivered   tcp 192.0.2.10:40000 > 127.0.0.1:8080 syn",
        ],
      },
      {
        line: "trace u73.v4 'tcp 192.0.2.10:40000 > 203.0.113.80:443 syn out eth0 uid 0'",
        status: 0,
        finds: ["leaves         eth0: tcp 192.0.2.10:40000 > 203.0.113.80:443 syn"],
        lacks: ["becomes 8080"],
      },
      {
        line: "trace u73.v4 'tcp 192.0.2.10:40000 > 203.0.113.80:443 syn out eth0 uid 1000'",
        status: 0,
        finds: ["destination port 443 becomes 8080 (NAT)"],
      },
    ],
  },
];
