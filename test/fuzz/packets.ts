/** Packets: the notation, their bytes, and the engine that takes them. */
import fc from "fast-check";
import { expect } from "vitest";
import {
  bytesToSpec,
  dissect,
  hex,
  isFault,
  isNotationFault,
  parseNotation,
  printNotation,
  specToBytes,
  unhex,
} from "../../src/packet/index.ts";
import { printable, printableLines } from "../../src/report/index.ts";
import { anyWord, damaged, scrambled, scribbled } from "../faults/corrupt.ts";
import { bytesOf, machine, START } from "../faults/machine.ts";
import { lawsOfRun, SCENES } from "../faults/run-laws.ts";
import { target, type Target } from "./target.ts";

const NOTATIONS = [
  "tcp 203.0.113.9:40000 > 198.51.100.2:22 syn+ack in eth0 out eth1 mark 0x7 ttl 3 tos 16 len 100 mac 02:00:00:00:00:01",
  'udp [2001:db8::9]:53 > [2001:db8::1]:33000 in wan0 data "a\\x00b"',
  "icmp 10.0.0.5 > 10.0.0.1 echo-request in lan0 frag 0+ ipid 7",
  "session tcp 10.0.0.5:50000 > 192.0.2.80:80 syn in lan0 uid 1000 ct NEW",
  "icmpv6 fe80::1 > ff02::1 135/0 in lan0",
];
const notation = fc
  .constantFrom(...NOTATIONS)
  .chain(text =>
    damaged(text.split(" "), fc.oneof(anyWord, fc.constantFrom(...NOTATIONS.join(" ").split(" "))), 3).map(words => words.join(" ")),
  );
const PACKETS = NOTATIONS.map(text => bytesOf(text.replace(/^session /, "")));
const packet = fc.oneof(scrambled(PACKETS), fc.uint8Array({ maxLength: 200 })).map(hex);

function lawsOfNotation(text: string): void {
  const spec = parseNotation(text);
  if (isNotationFault(spec)) {
    expect(0 <= spec.start && spec.start <= spec.end && spec.end <= text.length + 1).toBe(true);
    expect(printable(spec.message)).toBe(spec.message);
    expect(spec.message.length).toBeLessThan(400);
    return;
  }
  const printed = printNotation(spec);
  expect(printed).toMatch(/^[\x20-\x7e]*$/);
  expect(parseNotation(printed)).toEqual(spec);
  expect(specToBytes(spec).length).toBeLessThanOrEqual(65_575);
}

function lawsOfBytes(text: string): void {
  const bytes = unhex(text);
  const layout = dissect(bytes);
  const spec = bytesToSpec(bytes);
  expect(isFault(layout)).toBe("fault" in spec);
  if ("fault" in spec) return;
  const printed = printNotation(spec);
  const read = parseNotation(printed);
  if (isNotationFault(read)) throw new Error(`${printed}: ${read.message}`);
  expect(printNotation(read)).toBe(printed);
}

/** Rules that look at every kind of header, and at what the packets before did. */
const LOOKING = `*raw
-A PREROUTING -p tcp --dport 21 -j CT --helper ftp
COMMIT
*mangle
-A PREROUTING -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --set-mss 1000
-A POSTROUTING -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu
-A PREROUTING -p tcp -j TCPOPTSTRIP --strip-options timestamp
-A PREROUTING -m u32 --u32 "0>>22&0x3C@0>>16=1:65535" -j TOS --set-tos 16
-A PREROUTING -m string --algo bm --string ab -j MARK --set-mark 1
-A PREROUTING -p tcp -m tcpmss --mss 1:1400
-A PREROUTING -p tcp -m osf --genre Linux
-A PREROUTING -p sctp --chunk-types any INIT
-A PREROUTING -p dccp --dccp-types REQUEST
-A PREROUTING -p icmp --icmp-type any -j TTL --ttl-dec 1
COMMIT
*nat
-A PREROUTING -i eth0 -p udp -j DNAT --to-destination 10.0.0.7
-A POSTROUTING -o eth0 -j MASQUERADE
COMMIT
*filter
-A INPUT -m conntrack --ctstate INVALID -j LOG --log-tcp-options --log-ip-options
-A INPUT -m recent --set
-A INPUT -m hashlimit --hashlimit-upto 1/s --hashlimit-mode srcip,dstport --hashlimit-name f
-A INPUT -p tcp -j REJECT --reject-with tcp-reset
-A INPUT -j REJECT
COMMIT
`;
const LOOKING6 = `*mangle
-A PREROUTING -m hbh --hbh-len 8
-A PREROUTING -m dst --dst-opts 1
-A PREROUTING -m rt --rt-type 0
-A PREROUTING -m frag --fragmore
-A PREROUTING -m ipv6header --header hop,dst,frag --soft
-A PREROUTING -p ipv6-mh -m mh --mh-type 1
-A PREROUTING -m srh --srh-next-hdr 6
-A PREROUTING -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --set-mss 1000
-A PREROUTING -j HL --hl-dec 1
COMMIT
*filter
-A INPUT -j LOG --log-tcp-options --log-ip-options
-A INPUT -j REJECT
COMMIT
`;

/** Any bytes may come in, one after the other, and be sent. */
function lawsOfArrival(frames: readonly string[]): void {
  const firewall = machine(LOOKING, { v6: LOOKING6 });
  for (const [at, text] of frames.entries()) {
    const device = at % 2 === 0 ? "eth0" : "lan0";
    for (const trace of [true, false]) firewall.receive({ bytes: unhex(text), in: device }, START + at, { trace });
    firewall.send({ bytes: unhex(text) }, START + at, { trace: at % 3 === 0 });
  }
  expect(firewall.connections(START).length).toBeLessThanOrEqual(4 * frames.length);
}

function lawsOfTerminal(text: string): void {
  const shown = printable(text);
  expect(/[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u.test(shown)).toBe(false);
  expect(printable(shown)).toBe(shown);
  expect(printableLines(text).split("\n").map(printable).join("\n")).toBe(printableLines(text));
  expect(shown.length).toBeLessThanOrEqual(6 * text.length);
}

const ARRIVING = [
  "tcp 203.0.113.9:40000 > 192.0.2.1:21 syn in eth0",
  "udp 203.0.113.9:53 > 192.0.2.1:3300 in eth0",
  "icmp 203.0.113.9 > 192.0.2.1 echo-request in eth0",
  "icmp 203.0.113.9 > 192.0.2.1 echo-request frag 0+ ipid 7",
  "tcp 10.0.0.5:5000 > 203.0.113.80:80 syn in lan0",
  "icmpv6 2001:db8::9 > 2001:db8::1 128/0",
  "tcp [2001:db8::9]:53 > [2001:db8::1]:33000 syn",
].map(bytesOf);
const OTHERS = [
  // SCTP INIT, DCCP request, GRE with a key, ESP, AH; hop-by-hop, routing, fragment and destination options.
  "45000034000100004084000000cb007109c000020100160050000000000000000001000014000000010000ffff0001000100000001",
  "450000240001000040210000cb007109c0000201001600500500000000000001000000000000",
  "4500002000010000402f0000cb007109c00002012000080000000001450000000000",
  "450000240001000040320000cb007109c0000201000000010000000200000000000000000000",
  "6000000000100040200100db8000000000000000000000000920010db80000000000000000000000013a00050200000100800000000001000100",
  "600000000018002b20010db800000000000000000000000920010db80000000000000000000000013a020001000000000000000000000000000000008000000000010001",
  "600000000018002c20010db800000000000000000000000920010db80000000000000000000000013a00000100000007800000000001000100000000000000000000",
].map(text => unhex(text.length % 2 === 0 ? text : `${text}0`));

export const PACKET_TARGETS: readonly Target[] = [
  target("notation", fc.oneof(notation, scribbled(notation)), lawsOfNotation),
  target("packet", packet, lawsOfBytes),
  target("engine", fc.array(scrambled([...ARRIVING, ...OTHERS]).map(hex), { minLength: 1, maxLength: 8 }), lawsOfArrival),
  target("run", SCENES, lawsOfRun),
  target("terminal", fc.string({ unit: "binary", maxLength: 100 }), lawsOfTerminal),
];
