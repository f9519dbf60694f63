import { expect, test } from "vitest";
import { printSave } from "./print-save.ts";
import { readList } from "./read-list.ts";

const HEAD = "# iptables -n -L\nChain INPUT (policy ACCEPT)\ntarget     prot opt source               destination         \n";
const row = (text: string, target = ""): string => `${target.padEnd(10)} 0    --  0.0.0.0/0            0.0.0.0/0            ${text}\n`;
const ESTIMATORS = ["RE1", "RE2"].map(name => row(`name ${name} interval 250.0ms ewmalog 500.0ms`, "RATEEST")).join("");

/** The saved form of the rule with this text, after rules that make the estimators. */
function readBack(text: string): string {
  const { ruleset, faults } = readList(HEAD + ESTIMATORS + row(text), "list");
  if (!ruleset) return faults.map(({ message }) => message).join();
  return (
    printSave(ruleset)
      .split("\n")
      .findLast(line => line.startsWith("-A"))
      ?.replace("-A INPUT -m ", "") ?? ""
  );
}

// What iptables 1.8.9 lists and saves; the name of a table is the reader's.
test.each([
  ["limit: up to 5/sec burst 5", "--hashlimit-upto 5/sec --hashlimit-burst 5 --hashlimit-name T"],
  [
    "limit: above 512kb/s burst 1mb mode srcip-dstport srcmask 24",
    "--hashlimit-above 512kb/s --hashlimit-burst 1mb --hashlimit-mode srcip,dstport --hashlimit-name T --hashlimit-srcmask 24",
  ],
  [
    "limit: up to 1/hour burst 5 htable-size 16 htable-max 32 htable-gcinterval 60000 htable-expire 86400000",
    "--hashlimit-upto 1/hour --hashlimit-burst 5 --hashlimit-name T --hashlimit-htable-size 16 --hashlimit-htable-max 32 --hashlimit-htable-gcinterval 60000 --hashlimit-htable-expire 86400000",
  ],
  [
    "limit: up to 30/min burst 5 htable-expire 1000 rate-match rate-interval 10",
    "--hashlimit-upto 5/sec --hashlimit-burst 5 --hashlimit-name T --hashlimit-rate-match --hashlimit-rate-interval 10",
  ],
  [
    "limit: up to 5/day burst 5 rate-match rate-interval 86400",
    "--hashlimit-upto 5/sec --hashlimit-burst 5 --hashlimit-name T --hashlimit-htable-expire 86400000 --hashlimit-rate-match --hashlimit-rate-interval 86400",
  ],
])("%s", (text, saved) => expect(readBack(text).replace(/listed-\d+-\d+/, "T")).toBe(`hashlimit ${saved}`));

test.each([
  ["rateest match RE1 bps 625 gt", "--rateest RE1 --rateest-gt --rateest-bps 5000bit"],
  ["rateest match RE1 bps 5000Kbit gt", "--rateest RE1 --rateest-gt --rateest-bps 5000Kbit"],
  ["rateest match RE1 pps ! eq 5", "--rateest RE1 ! --rateest-eq --rateest-pps 5"],
  ["rateest match RE1 delta bps 1 2 lt", "--rateest-delta --rateest RE1 --rateest-bps1 8bit --rateest-lt --rateest-bps2 16bit"],
  ["rateest match RE1 delta pps 8 gt 9", "--rateest-delta --rateest RE1 --rateest-pps1 8 --rateest-gt --rateest-pps2 9"],
  ["rateest match RE1 bps lt RE2 bps", "--rateest1 RE1 --rateest-lt --rateest-bps --rateest2 RE2"],
  [
    "rateest match RE1 delta bps 1250 ! lt RE2 bps 2500",
    "--rateest-delta --rateest1 RE1 --rateest-bps1 10000bit ! --rateest-lt --rateest-bps2 20000bit --rateest2 RE2",
  ],
  [
    "rateest match RE1 delta pps 0 lt RE2 pps 42",
    "--rateest-delta --rateest1 RE1 --rateest-pps1 0 --rateest-lt --rateest-pps2 42 --rateest2 RE2",
  ],
])("%s", (text, saved) => expect(readBack(text)).toBe(`rateest ${saved}`));

test.each([
  ["rateest match RE1", "match `rateest': its text in a listing cannot be read: `rateest match RE1'"],
  ["limit: up to 5", "match `hashlimit': its text in a listing cannot be read: `limit: up to 5'"],
  ["limit: up to 5/sec burst 5x", "match `hashlimit': its text in a listing cannot be read: `limit: up to 5/sec burst 5x'"],
  ["match bpf 6 0 0", "match `bpf': its text in a listing cannot be read: `match bpf 6 0 0'"],
  ["frobnicated twice", "nothing known prints `frobnicated twice' in a listing"],
])("%s is refused", (text, message) => expect(readBack(text)).toBe(message));

test("what iptables prints no blank before, and the NUL behind it", () => {
  expect(readBack("mark match 0x1match bpf 6 0 0 1\0 limit: avg 5/sec burst 5")).toBe(
    'mark --mark 0x1 -m bpf --bytecode "1,6 0 0 1" -m limit --limit 5/sec',
  );
});
