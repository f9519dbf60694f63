import { expect, test } from "vitest";
import { printSave } from "./print-save.ts";
import { readList } from "./read-list.ts";

/** The saved matches of a rule whose listing says this. */
function readBack(text: string, chain = "INPUT", table = "filter"): string {
  const listing = `# iptables -t ${table} -vnxL\nChain ${chain} (policy ACCEPT 0 packets, 0 bytes)\n    pkts      bytes target     prot opt in     out     source               destination\n       0        0 ACCEPT     0    --  *      *       0.0.0.0/0            0.0.0.0/0            ${text}\n`;
  const { ruleset, faults } = readList(listing, "listing");
  if (!ruleset) return `refused: ${faults.map(({ message }) => message).join()}`;
  const line = printSave(ruleset)
    .split("\n")
    .find(each => each.startsWith("-A"));
  return line?.replace(/^-A \S+ -m /, "").replace(/ -j ACCEPT$/, "") ?? "";
}

test.each([
  ["#conn src/24 > 3", "connlimit --connlimit-above 3 --connlimit-mask 24 --connlimit-saddr"],
  ["#conn dst/32 <= 3", "connlimit --connlimit-upto 3 --connlimit-mask 32 --connlimit-daddr"],
  [
    "! connbytes 5:10 connbytes mode bytes connbytes direction both",
    "connbytes ! --connbytes 5:10 --connbytes-mode bytes --connbytes-dir both",
  ],
  ["quota: 18446744073709551615 bytes", "quota --quota 18446744073709551615"],
  ["statistic mode random ! probability 0.25000000000", "statistic --mode random ! --probability 0.25000000000"],
  ["statistic mode nth every 5", "statistic --mode nth --every 5 --packet 0"],
  ["statistic mode nth ! every 5 packet 2", "statistic --mode nth ! --every 5 --packet 2"],
  ["TIME from 10:00:00 to 23:59:59 UTC", "time --timestart 10:00:00 --timestop 23:59:59 --datestop 2038-01-19T03:14:07"],
  [
    "TIME on Mon,Fri on 1st,2nd,31st starting from 2021-01-01 00:00:00 until date 2022-01-01 04:05:06",
    "time --monthdays 1,2,31 --weekdays Mon,Fri --datestart 2021-01-01T00:00:00 --datestop 2022-01-01T04:05:06 --kerneltz",
  ],
  [
    "TIME from 23:00:00 to 01:00:00 UTC contiguous",
    "time --timestart 23:00:00 --timestop 01:00:00 --datestop 2038-01-19T03:14:07 --contiguous",
  ],
  ["! realm 0x5/0x3", "realm ! --realm 0x5/0x3"],
  ["! src-group 0x5/0x7", "devgroup ! --src-group 0x5/0x7"],
  ["cpu ! 1", "cpu ! --cpu 1"],
  ["cgroup ! 65537", "cgroup ! --cgroup 65537"],
  ["cgroup /user.slice", 'cgroup --path "/user.slice"'],
  ["connlabel ! 3 set", 'connlabel ! --label "3" --set'],
  ['helper match ! "ftp"', "helper ! --helper ftp"],
  ["nfacct-name  x", "nfacct --nfacct-name  x"],
  [
    "cluster !node_mask=0x00000001 total_nodes=2 hash_seed=0x00000005",
    "cluster ! --cluster-local-nodemask 0x00000001 --cluster-total-nodes 2 --cluster-hash-seed 0x00000005",
  ],
  ["policy match dir in pol none", "policy --dir in --pol none"],
  [
    "policy match dir in pol ipsec strict ! reqid 1 proto 50 mode tunnel tunnel-dst 10.0.0.0/8",
    "policy --dir in --pol ipsec --strict ! --reqid 1 --proto esp --mode tunnel --tunnel-dst 10.0.0.0/8",
  ],
  ["policy match dir in pol ipsec strict [0] reqid 1 [1] ! reqid 2", "policy --dir in --pol ipsec --strict --reqid 1 --next ! --reqid 2"],
  ["socket --transparent --nowildcard", "socket --transparent --nowildcard"],
  ["socket", "socket"],
] as const)("%s", (text, saved) => expect(readBack(text)).toBe(saved));

test("rpfilter", () => expect(readBack("rpfilter loose invert", "PREROUTING", "mangle")).toBe("rpfilter --loose --invert"));
