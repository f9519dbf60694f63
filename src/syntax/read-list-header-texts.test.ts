import { expect, test } from "vitest";
import type { Family } from "../predicate/index.ts";
import { printSave } from "./print-save.ts";
import { readList } from "./read-list.ts";

/** What iptables 1.8.9 (legacy, Linux 6.18) lists with -n for a rule, and saves. */
const MEASURED: readonly (readonly [family: Family, table: string, target: string, protocol: number, text: string, saved: string])[] = [
  [6, "filter", "", 0, "ah spis:!4:9 reserved", "-m ah ! --ahspi 4:9 --ahres"],
  [6, "filter", "", 0, "ah", "-m ah"],
  [4, "filter", "", 50, "esp spi:!5", "-p esp -m esp ! --espspi 5"],
  [4, "filter", "DROP", 108, "comp spis:!5:9 reserved", "-p ipcomp -m ipcomp ! --ipcompspi 5:9 --compres -j DROP"],
  [4, "filter", "", 33, "dccp dpt:1 0,3", "-p dccp -m dccp --dport 1 --dccp-types REQUEST,ACK"],
  [
    4,
    "filter",
    "",
    33,
    "dccp spts:!22:80 dpt:!9999 ! 3 option=!3",
    "-p dccp -m dccp ! --sport 22:80 ! --dport 9999 ! --dccp-types ACK ! --dccp-option 3",
  ],
  [4, "filter", "", 6, "ECN match ECE CWR !ECT=2", "-p tcp -m ecn --ecn-tcp-ece --ecn-tcp-cwr ! --ecn-ip-ect 2"],
  [6, "filter", "", 0, "frag id:!1 length:!42 reserved first more", "-m frag ! --fragid 1 ! --fraglen 42 --fragres --fragfirst --fragmore"],
  [6, "filter", "", 0, "hbh length:4 opts 1:2,23:42,42", "-m hbh --hbh-len 4 --hbh-opts 1:2,23:42,42"],
  [6, "filter", "", 0, "dst length:!42", "-m dst ! --dst-len 42"],
  [
    6,
    "filter",
    "",
    0,
    "rt type:0 segslefts:1:5 length:4 reserved 0-addrs ::1 0-not-strict",
    "-m rt --rt-type 0 --rt-segsleft 1:5 --rt-len 4 --rt-0-res --rt-0-addrs ::1 --rt-0-not-strict",
  ],
  [
    6,
    "filter",
    "",
    0,
    "srh next-hdr:17 hdr-len-eq:!8 segs-left-gt:1 last-entry-lt:4 tag:7 psid  a::/64 lsid ! ::1/128",
    "-m srh --srh-next-hdr 17 ! --srh-hdr-len-eq 8 --srh-segs-left-gt 1 --srh-last-entry-lt 4 --srh-tag 7 --srh-psid a::/64 ! --srh-lsid ::1/128",
  ],
  [6, "filter", "", 135, "mh !5:7", "-p mobility-header -m mh ! --mh-type 5:7"],
  [6, "filter", "", 0, "ipv6header flags:0x90 soft", "-m ipv6header --header hop-by-hop,ipv6-frag --soft"],
  [4, "filter", "", 0, 'u32 ! "0x0&0xff=0x1&&0x4=0x2:0x3"', '-m u32 ! --u32 "0x0&0xff=0x1&&0x4=0x2:0x3"'],
  [
    4,
    "filter",
    "",
    0,
    'STRING match ! "foo" ALGO name bm FROM 16 TO 70 ICASE',
    '-m string ! --string "foo" --algo bm --from 16 --to 70 --icase',
  ],
  [4, "filter", "", 0, 'STRING match  "|0a0b|" ALGO name kmp', '-m string --hex-string "|0a0b|" --algo kmp'],
  [4, "filter", "AUDIT", 0, "AUDIT drop", "-j AUDIT --type drop"],
  [4, "mangle", "CONNSECMARK", 0, "CONNSECMARK save", "-j CONNSECMARK --save"],
  [6, "mangle", "SNPT", 0, "SNPT src-pfx dead::/64 dst-pfx 1c3::/48", "-j SNPT --src-pfx dead::/64 --dst-pfx 1c3::/48"],
  [4, "mangle", "ECN", 6, "ECN TCP remove", "-p tcp -j ECN --ecn-tcp-remove"],
  [4, "mangle", "ECN", 6, "ECN ECE=0 CWR=1 ECT codepoint=2", "-p tcp -j ECN --ecn-tcp-ece 0 --ecn-tcp-cwr 1 --ecn-ip-ect 2"],
  [
    4,
    "filter",
    "HMARK",
    0,
    "HMARK mod 42 + 0x1 ct, src-prefix 1 sport-mask 0x3 proto-mask 0x5 rnd 0x4 ",
    "-j HMARK --hmark-src-prefix 1 --hmark-sport-mask 0x0003 --hmark-proto-mask 0x05 --hmark-rnd 0x00000004 --hmark-mod 42 --hmark-offset 1 --hmark-tuple ct",
  ],
  [4, "filter", "IDLETIMER", 0, "timeout:5 label:x1 alarm", "-j IDLETIMER --timeout 5 --label x1 --alarm"],
  [4, "filter", "NFQUEUE", 0, "NFQUEUE balance 2:5 bypass cpu-fanout", "-j NFQUEUE --queue-balance 2:5 --queue-bypass --queue-cpu-fanout"],
  [4, "filter", "SYNPROXY", 6, "SYNPROXY ", "-p tcp -j SYNPROXY"],
  [4, "filter", "SYNPROXY", 6, "SYNPROXY sack-perm wscale 9 mss 1460 ", "-p tcp -j SYNPROXY --sack-perm --wscale 9 --mss 1460"],
  [4, "mangle", "TCPOPTSTRIP", 6, "TCPOPTSTRIP options 2,30", "-p tcp -j TCPOPTSTRIP --strip-options 2,30"],
  [6, "mangle", "TEE", 0, "TEE gw:2001:db8::1 oif=lo", "-j TEE --gateway 2001:db8::1 --oif lo"],
  [6, "mangle", "TPROXY", 6, "TPROXY redirect :::50 mark 0x1/0xff", "-p tcp -j TPROXY --on-port 50 --on-ip :: --tproxy-mark 0x1/0xff"],
];

test.each(MEASURED)("IPv%i %s %s %i %s", (family, table, target, protocol, text, saved) => {
  const chain = target === "DNPT" || target === "TPROXY" ? "PREROUTING" : target === "SNPT" ? "POSTROUTING" : "INPUT";
  const any = family === 4 ? "0.0.0.0/0" : "::/0";
  const listing = [
    `# ip${family === 6 ? "6" : ""}tables -t ${table} -n -L`,
    `Chain ${chain} (policy ACCEPT)`,
    "target     prot opt source               destination         ",
    `${target.padEnd(10)} ${String(protocol).padEnd(4)} --  ${any.padEnd(20)} ${any.padEnd(20)} ${text}`,
  ].join("\n");
  const { ruleset, faults } = readList(listing, "list", { family });
  expect(faults).toEqual([]);
  expect(ruleset && printSave(ruleset)).toContain(`\n-A ${chain} ${saved}\n`);
});
