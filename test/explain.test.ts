import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { nextOf } from "../src/analysis/explain/index.ts";
import type { Family } from "../src/predicate/index.ts";
import { rateNotes, ruleSentence, ruleTraffic, type Standing } from "../src/report/index.ts";
import { readRules } from "../src/syntax/index.ts";
import { chainRows, loadedRule } from "./rows.ts";

/** What `ferrule explain` says of rules: one sentence for each way a rule can be. */

interface Place {
  readonly table?: string;
  readonly chain?: string;
  readonly family?: Family;
  /** Rules after it, and whole chains. */
  readonly after?: readonly string[];
  readonly policy?: "ACCEPT" | "DROP";
}

/** The sentence of a rule that stands first in a chain. */
function sentence(rule: string, { table = "filter", chain = "INPUT", family = 4, after = [], policy = "ACCEPT" }: Place = {}): string {
  const text = `*${table}\n:${chain} ${policy}\n-N SUB\n-A ${chain} ${rule}\n${after.join("\n")}\nCOMMIT\n`.replace("-N SUB", ":SUB -");
  const { ruleset, faults } = readRules(text, "row", { family });
  const found = ruleset?.tables.values().next().value;
  const own = found?.chains.get(chain);
  const [first] = own?.rules ?? [];
  if (!found || !own || !first) throw new Error(faults.map(({ message }) => message).join("\n"));
  return ruleSentence(first, { family, table: found.name, hook: own.hook, policy: own.policy }, nextOf(own, 1), found.chains);
}

const check = (rule: string, says: string, place?: Place): void => expect(sentence(rule, place)).toBe(says);

describe("what a rule matches", () => {
  test.each([
    ["-j ACCEPT", "everything"],
    ["-p tcp -j ACCEPT", "TCP"],
    ["! -p tcp -j ACCEPT", "everything other than TCP"],
    ["-p 200 -j ACCEPT", "IP protocol 200"],
    ["-s 10.0.0.0/8 -j ACCEPT", "everything from 10.0.0.0/8"],
    ["! -s 10.0.0.0/8 -d 10.1.2.3 -j ACCEPT", "everything from anywhere except 10.0.0.0/8 to 10.1.2.3"],
    ["-s 1.0.3.0/255.0.255.0 -j ACCEPT", "everything from 1.0.3.0/255.0.255.0"],
    ["-i eth0 -j ACCEPT", "everything that comes in by eth0"],
    ["! -i eth+ -j ACCEPT", "everything that comes in by any interface but eth+"],
    ["-f -j ACCEPT", "everything that is a later fragment"],
    ["-p tcp --dport 22 -j ACCEPT", "TCP to port 22 (ssh)"],
    ["-p udp --sport 53 -j ACCEPT", "UDP from port 53 (domain)"],
    [
      "-p tcp --dport 22 -s 10.0.0.0/8 -d 192.0.2.1 -i eth0 -j ACCEPT",
      "TCP to port 22 (ssh) of 192.0.2.1 from 10.0.0.0/8 that comes in by eth0",
    ],
    [
      "-p tcp ! -d 10.0.0.0/8 --dport 443 -s 10.0.0.0/8 -j ACCEPT",
      "TCP to port 443 (https) of any address except 10.0.0.0/8 from 10.0.0.0/8",
    ],
    ["-p tcp ! --dport 22 -j ACCEPT", "TCP to any port except 22 (ssh)"],
    ["-p tcp --dport 80:90 -j ACCEPT", "TCP to ports 80-90"],
    ["-p tcp -m multiport --dports 80,443,8000:8100 -j ACCEPT", "TCP to ports 80 (http), 443 (https) or 8000-8100"],
    ["-p tcp -m multiport --ports 22 -j ACCEPT", "TCP to or from port 22 (ssh)"],
    ["-p tcp -m tcp -j ACCEPT", "TCP (not later fragments)"],
    ["-p tcp --syn -j ACCEPT", "TCP that asks for a connection (SYN)"],
    ["-p tcp ! --syn -j ACCEPT", "TCP that does not ask for a connection (anything but SYN alone)"],
    ["-p tcp --tcp-flags ALL NONE -j ACCEPT", "TCP that has no flags set at all"],
    ["-p tcp --tcp-flags SYN,FIN SYN,FIN -j ACCEPT", "TCP that has FIN and SYN set"],
    ["-p tcp --tcp-flags ACK,FIN FIN -j ACCEPT", "TCP that has FIN set and ACK clear"],
    ["-p tcp ! --tcp-flags ACK,FIN FIN -j ACCEPT", "TCP that does not have FIN set and ACK clear"],
    ["-p tcp --syn -m conntrack --ctstate NEW -j ACCEPT", "TCP that opens a connection (SYN, NEW)"],
    ["-p tcp ! --syn -m conntrack --ctstate NEW -j ACCEPT", "TCP that starts a connection without asking for one (NEW, but no SYN)"],
    ["-p tcp --tcp-option 8 -j ACCEPT", "TCP with a TCP option of kind 8"],
    ["-p icmp --icmp-type echo-request -j ACCEPT", "ICMP echo-request (ping)"],
    ["-p icmp --icmp-type 3/1 -j ACCEPT", "ICMP host-unreachable"],
    ["-p icmp ! --icmp-type 8 -j ACCEPT", "ICMP other than echo-request (ping)"],
    ["-p icmp ! --icmp-type 3/1 -j ACCEPT", "ICMP other than host-unreachable"],
    ["-p icmp --icmp-type 8/1 -j ACCEPT", "ICMP echo-request (ping) with code 1"],
    ["-m conntrack --ctstate ESTABLISHED -j ACCEPT", "everything that belongs to an open connection (ESTABLISHED)"],
    [
      "-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
      "everything that belongs or is related to an open connection (ESTABLISHED, RELATED)",
    ],
    ["-m conntrack --ctstate INVALID -j ACCEPT", "everything that fits no connection (INVALID)"],
    ["-m conntrack ! --ctstate INVALID -j ACCEPT", "everything that is in any state but INVALID"],
    ["-m conntrack --ctstate NEW,ESTABLISHED,RELATED -j ACCEPT", "everything that is in state NEW, ESTABLISHED or RELATED"],
    ["-m conntrack --ctstate DNAT -j ACCEPT", "everything whose connection has its destination translated (DNAT)"],
    [
      "-m conntrack --ctorigdst 10.0.0.0/8 --ctorigdstport 80 -j ACCEPT",
      "everything whose connection was opened to 10.0.0.0/8 and was opened to port 80",
    ],
    ["-m conntrack ! --ctstatus ASSURED -j ACCEPT", "everything whose connection is not assured"],
    [
      "-m conntrack --ctstate INVALID,DNAT -j ACCEPT",
      "everything that fits no connection (INVALID) or whose connection has its destination translated (DNAT)",
    ],
    ["-m conntrack --ctstate NEW --ctproto 6 -j ACCEPT", "everything that starts a connection (NEW) whose connection is TCP"],
    ["-m set --match-set admins src -j ACCEPT", "everything from addresses in the set admins"],
    ["-m set ! --match-set admins src -j ACCEPT", "everything from anywhere except addresses in the set admins"],
    ["-m set --match-set pairs src,dst -j ACCEPT", "everything whose source and destination are in the set pairs"],
    ["-m mark --mark 0x1/0xff -j ACCEPT", "everything with mark 0x1/0xff"],
    ["-m connmark ! --mark 0x1 -j ACCEPT", "everything with a connection mark other than 0x1"],
    ["-m dscp --dscp-class EF -j ACCEPT", "everything with DSCP 46 (EF)"],
    ["-m ttl --ttl-lt 5 -j ACCEPT", "everything with TTL 0-4"],
    ["-m length --length 0:100 -j ACCEPT", "everything with a length of 0-100 bytes"],
    ["-m mac --mac-source aa:bb:cc:dd:ee:ff -j ACCEPT", "everything that comes from the hardware address aa:bb:cc:dd:ee:ff"],
    ["-m pkttype --pkt-type unicast -j ACCEPT", "everything that arrives as unicast"],
    ["-m addrtype --dst-type LOCAL -j ACCEPT", "everything that goes to an address of this machine"],
    [
      "-m addrtype ! --src-type LOCAL,BROADCAST -j ACCEPT",
      "everything that does not come from an address of this machine or a broadcast address",
    ],
    ["-m physdev --physdev-is-bridged -j ACCEPT", "everything that leaves by a bridge port"],
    ["-m physdev --physdev-in eth0 -j ACCEPT", "everything that crosses a bridge and comes in by no bridge port but eth0"],
    ["-m physdev --physdev-out eth1 -j ACCEPT", "everything that leaves by bridge port eth1"],
    ["-m physdev ! --physdev-is-in -j ACCEPT", "everything that comes in by no bridge port"],
    ["-m policy --dir in --pol ipsec -j ACCEPT", "everything that came in through IPsec"],
    ["-m helper --helper ftp -j ACCEPT", "everything whose connection was foreseen by the helper ftp"],
    ["-m connlabel ! --label 3 -j ACCEPT", "everything whose connection has not label 3"],
    [
      "-m connbytes --connbytes 16:32 --connbytes-mode packets --connbytes-dir original -j ACCEPT",
      "everything whose connection has 16-32 packets from its opener so far",
    ],
    ["-m devgroup --src-group 5 -j ACCEPT", "everything that comes in by an interface of group 5"],
    ["-m conntrack --ctexpire 5:10 -j ACCEPT", "everything whose connection expires in 5-10 seconds"],
    ["-m cpu --cpu 1 -j ACCEPT", "everything that is handled by processor 1"],
    ["-m ecn --ecn-ip-ect 1 -j ACCEPT", "everything with ECN code point 1"],
    ["-p tcp -m tcpmss --mss 500:1000 -j ACCEPT", "TCP (or a later fragment whose bytes look like it) with MSS 500-1000"],
    ["-m comment --comment hello -j ACCEPT", "everything"],
    ["-m iprange --src-range 10.0.0.5-10.0.0.9 -j ACCEPT", "everything from 10.0.0.5-10.0.0.9"],
  ])("%s", (rule, traffic) => check(rule, `accepts ${traffic}`));

  test.each([
    ["-m owner --uid-owner 1000 -j ACCEPT", "everything that was sent by user 1000 of this machine"],
    ["-m owner --socket-exists -j ACCEPT", "everything that a local socket sent"],
    ["-o eth0 -j ACCEPT", "everything that leaves by eth0"],
  ])("%s in OUTPUT", (rule, traffic) => check(rule, `accepts ${traffic}`, { chain: "OUTPUT" }));

  test.each([
    ["-s 2001:db8::/32 -j ACCEPT", "everything from 2001:db8::/32"],
    ["-p icmpv6 --icmpv6-type 135 -j ACCEPT", "ICMPv6 neighbour-solicitation"],
    ["-m hl --hl-eq 255 -j ACCEPT", "everything with hop limit 255"],
    ["-m frag --fragid 5 -j ACCEPT", "everything with fragment id 5"],
  ])("%s in IPv6", (rule, traffic) => check(rule, `accepts ${traffic}`, { family: 6 }));

  test("rules that contradict themselves", () => {
    check(
      "-m iprange --src-range 10.0.0.9-10.0.0.1 -j ACCEPT",
      "never matches: its conditions contradict each other (it would be one that accepts everything)",
    );
    check(
      "-m mark --mark 0x100/0xff -j DROP",
      "never matches: its conditions contradict each other (it would be one that drops everything)",
    );
  });
});

describe("circumstances", () => {
  const drop = { after: ["-A INPUT -j DROP"] };
  test.each([
    [
      "-p tcp --dport 22 -m limit --limit 3/min -j ACCEPT",
      "accepts TCP to port 22 (ssh), 3 per minute at most with bursts of 5; over the limit the packet goes on to rule 2",
      drop,
    ],
    [
      "-m limit --limit 1/hour --limit-burst 1 -j ACCEPT",
      "accepts everything, 1 per hour at most with bursts of 1; over the limit the packet meets the policy, DROP",
      { policy: "DROP" },
    ],
    ["-m limit --limit 6/min -j LOG", "logs everything, 6 per minute at most with bursts of 5; over the limit nothing is logged", drop],
    [
      "-m hashlimit --hashlimit-upto 5/sec --hashlimit-burst 10 --hashlimit-mode srcip,dstport --hashlimit-name a -j ACCEPT",
      "accepts everything, 5 per second at most for each source address and destination port, with bursts of 10; over the limit the packet goes on to rule 2",
      drop,
    ],
    [
      "-m hashlimit --hashlimit-above 5/sec --hashlimit-mode srcip --hashlimit-srcmask 24 --hashlimit-name a -j DROP",
      "drops everything, but only what comes faster than 5 per second for each source network (/24) (after bursts of 5)",
      drop,
    ],
    [
      "-m hashlimit --hashlimit-upto 1mb/s --hashlimit-name a -j ACCEPT",
      "accepts everything, 1048576 bytes per second at most; over the limit the packet goes on to rule 2",
      drop,
    ],
    ["-m connlimit --connlimit-above 3 -j DROP", "drops everything if its source address has more than 3 connections open", drop],
    [
      "-m connlimit --connlimit-upto 3 --connlimit-mask 24 -j ACCEPT",
      "accepts everything if its source's /24 network has at most 3 connections open; beyond that the packet goes on to rule 2",
      drop,
    ],
    ["-m quota --quota 1000 -j ACCEPT", "accepts everything, until 1000 bytes have passed; after that the packet goes on to rule 2", drop],
    ["-m quota ! --quota 1000 -j DROP", "drops everything once 1000 bytes have passed", drop],
    [
      "-m statistic --mode random --probability 0.5 -j DROP",
      "drops everything, 50 % of it, chosen at random; otherwise the packet goes on to rule 2",
      drop,
    ],
    [
      "-m statistic --mode nth --every 3 --packet 1 -j DROP",
      "drops everything, one packet in 3 (the 2nd of each 3); otherwise the packet goes on to rule 2",
      drop,
    ],
    [
      "-m time --timestart 08:00 --timestop 17:30 --weekdays Mon,Tue -j ACCEPT",
      "accepts everything between 08:00 and 17:30 (UTC) and on Monday and Tuesday",
      drop,
    ],
    ["-m string --string secret --algo bm -j DROP", 'drops everything if this holds: the text "secret" in the packet', drop],
    ["-p tcp --dport 22 -m recent --set --name SSH", "notes the source address of TCP to port 22 (ssh) on the list SSH", drop],
    ["-m recent ! --set --name SSH -j DROP", "drops everything, but never: the rule only notes its source address on the list SSH", drop],
    ["-m recent --remove --name SSH", "takes the source address of everything off the list SSH", drop],
    ["-m recent --rcheck --name SSH -j DROP", "drops everything if its source address is on the list SSH", drop],
    [
      "-m recent --update --seconds 60 --hitcount 4 --name SSH -j DROP",
      "drops everything if its source address was noted on the list SSH at least 4 times in the last minute (and is then noted again)",
      drop,
    ],
    ["-m recent ! --rcheck --name SSH -j DROP", "drops everything unless its source address is on the list SSH", drop],
    [
      "-p udp --dport 1111 -m recent --set --name A -j REJECT",
      "rejects UDP to port 1111 with ICMP port-unreachable, noting its source address on the list A",
      drop,
    ],
  ] as const)("%s", (rule, says, place) => check(rule, says, place));
});

describe("what is done", () => {
  const nat = { table: "nat", chain: "PREROUTING" };
  const post = { table: "nat", chain: "POSTROUTING" };
  const mangle = { table: "mangle", chain: "FORWARD" };
  const raw = { table: "raw", chain: "PREROUTING" };
  test.each<[rule: string, says: string, place?: Place]>([
    ["-p tcp", "only counts TCP"],
    ["-j DROP", "drops everything"],
    ["-j REJECT", "rejects everything with ICMP port-unreachable"],
    ["-p tcp -j REJECT --reject-with tcp-reset", "rejects TCP with a TCP reset"],
    ["-j REJECT", "rejects everything with ICMPv6 port-unreachable", { family: 6 }],
    ["-j RETURN", "leaves everything to the policy, DROP", { policy: "DROP" }],
    ["-p tcp -j SUB", "hands TCP to the chain SUB (the chain is empty)"],
    [
      "-p tcp -g SUB",
      "hands TCP to the chain SUB for good (the chain logs it and drops it)",
      { after: ["-A SUB -m limit --limit 1/s -j LOG", "-A SUB -j DROP"] },
    ],
    ["-p tcp -j SUB", "hands TCP to the chain SUB", { after: ["-A SUB -p udp -j DROP"] }],
    ["-j NFQUEUE --queue-num 3", "lets the program that listens on queue 3 decide on everything, and drops it while none listens"],
    [
      "-j NFQUEUE --queue-balance 0:3 --queue-bypass",
      "lets the program that listens on the queues 0-3 decide on everything, and passes it while none listens",
    ],
    ['-j LOG --log-prefix "x: " --log-level info --log-uid', 'logs everything with the prefix "x: " at level info, with the sending user'],
    ["-j NFLOG --nflog-group 5", "logs everything to the program that listens on log group 5"],
    ["-j SET --add-set bad src --timeout 60", "adds the source of everything to the set bad for 60 s"],
    ["-j SET --del-set bad src", "takes the source of everything off the set bad"],
    ["-j ACCEPT", "leaves every connection as it is: no later rule of this table is asked at this hook", nat],
    [
      "-p tcp --dport 80 -j DNAT --to-destination 10.0.0.5:8080",
      "sends every TCP connection to port 80 (http) on to 10.0.0.5, port 8080 (DNAT)",
      nat,
    ],
    ["-p tcp --dport 80 -j REDIRECT --to-ports 3128", "redirects every TCP connection to port 80 (http) to this machine, port 3128", nat],
    ["-j NETMAP --to 10.1.0.0/16", "maps the destination network of every connection to 10.1.0.0/16, address by address", nat],
    [
      "-o eth0 -j MASQUERADE",
      "gives every connection that leaves by eth0 the address of the interface it leaves by as its source (masquerading)",
      post,
    ],
    ["-o eth0 -j SNAT --to-source 192.0.2.1", "gives every connection that leaves by eth0 the source address 192.0.2.1 (SNAT)", post],
    [
      "-o eth0 -j SNAT --to-source 192.0.2.1-192.0.2.9 --persistent",
      "gives every connection that leaves by eth0 a source address of 192.0.2.1-192.0.2.9 (the same for each client) (SNAT)",
      post,
    ],
    ["-j ACCEPT", "lets everything pass: no later rule of this table is asked at this hook", mangle],
    ["-j MARK --set-mark 1", "sets the mark of everything to 0x1", mangle],
    ["-j MARK --set-xmark 0x1/0xff", "sets the bits 0xff of the mark of everything to 0x1", mangle],
    ["-j MARK --or-mark 4", "sets the bits 0x4 of the mark of everything", mangle],
    ["-j MARK --and-mark 0xff", "clears the bits 0xffffff00 of the mark of everything", mangle],
    ["-j MARK --xor-mark 4", "flips the bits 0x4 of the mark of everything", mangle],
    ["-j CONNMARK --save-mark", "copies the mark of everything into its connection mark", mangle],
    ["-j CONNMARK --restore-mark", "copies the connection mark of everything into its mark", mangle],
    ["-j DSCP --set-dscp-class AF21", "sets the DSCP of everything to 18 (AF21)", mangle],
    ["-j TTL --ttl-inc 1", "raises the TTL of everything by 1", mangle],
    ["-j TTL --ttl-set 64", "sets the TTL of everything to 64", mangle],
    ["-j HL --hl-dec 1", "lowers the hop limit of everything by 1", { ...mangle, family: 6 }],
    ["-j CLASSIFY --set-class 1:10", "sets the queueing class of everything to 1:10", mangle],
    ["-p tcp -j ECN --ecn-tcp-remove", "clears the flags ECE and CWR of TCP", mangle],
    [
      "-p tcp --syn -j TCPMSS --clamp-mss-to-pmtu",
      "lowers the segment size that TCP that asks for a connection (SYN) offers to what the path carries",
      mangle,
    ],
    ["-p tcp -j TCPOPTSTRIP --strip-options 8", "blanks TCP options of TCP, of the kinds 8", mangle],
    ["-j TEE --gateway 10.0.0.9", "sends a copy of everything to 10.0.0.9", mangle],
    ["-j CHECKSUM --checksum-fill", "fills in the checksum of everything", mangle],
    [
      "-p tcp -j TPROXY --on-port 3129 --tproxy-mark 1/1",
      "hands TCP unchanged to the local proxy on port 3129, marked 0x1/0x1, and drops it where none listens",
      { ...mangle, chain: "PREROUTING" },
    ],
    ["-j NOTRACK", "keeps everything out of connection tracking", raw],
    ["-p tcp --dport 21 -j CT --helper ftp", "gives TCP to port 21 (ftp) the helper ftp, which foresees its further connections", raw],
    ["-j CT --zone mark", "tracks everything in the zone that its mark names", raw],
    ["-j TRACE", "has the kernel trace everything through the rules", raw],
  ])("%s", (rule, says, place) => check(rule, says, place));
});

/** The last part of a sentence about rates in the first rule of INPUT. */
function notes(rule: string): readonly string[] {
  const loaded = loadedRule({ family: 4, table: "filter", chain: "INPUT", before: [], rule });
  return rateNotes(loaded, ruleTraffic(loaded, { family: 4, table: "filter" }));
}

test("how a token bucket works is said at length", () => {
  expect(notes("-p tcp --dport 22 --syn -m limit --limit 2/min -j ACCEPT")).toEqual([
    "The rule keeps a bucket that holds 5 tokens at most (which is what a rule gets that names no burst) and is full when the rules are loaded. Each packet that fits the rule takes one out, and without one the rule does not match. One comes back every 30 seconds.",
    "So 5 packets match at once, 7 in the first minute at most, and then 2 per minute; after a pause of 150 seconds the bucket is full again.",
    "There is one bucket for all TCP to port 22 (ssh) that asks for a connection (SYN), whoever sends it. Other packets are not counted, and this rule does not limit them.",
  ]);
  expect(notes("-m limit --limit 2/min --limit-burst 2 -j ACCEPT")[0]).toContain("holds 2 tokens at most and is full");
  expect(notes("-m hashlimit --hashlimit-above 5/sec --hashlimit-mode srcip --hashlimit-name a -j DROP").join(" ")).toContain(
    "The rule matches where the bucket is empty.",
  );
});

describe("every row of every extension has a sentence", () => {
  for (const folder of ["matches", "targets"])
    for (const name of readdirSync(`src/extensions/${folder}`).filter(file => file.endsWith(".t")))
      test(name, () => {
        for (const row of chainRows(readFileSync(`src/extensions/${folder}/${name}`, "utf8")).rules) {
          if (row.outcome === "FAIL") continue;
          const rule = loadedRule(row);
          const standing: Standing = { family: row.family, table: row.table as Standing["table"], hook: undefined, policy: undefined };
          const said = ruleSentence(rule, standing, { to: "caller" });
          expect(said, row.rule).toMatch(/^[a-z][^\n]*[^\s]$/);
          expect(said, row.rule).not.toMatch(/undefined|\[object|NaN| a [AEIO][A-Z]|\?$/);
        }
      });
});
