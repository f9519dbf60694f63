import { expect, test } from "vitest";
import type { Family } from "../predicate/index.ts";
import { emptyRuleset, type Ruleset } from "../ruleset/index.ts";
import type { Status } from "../xtables/index.ts";
import { applyCommand } from "./command.ts";
import type { ReadOptions } from "./options.ts";
import { printSpecs } from "./print-save.ts";
import { wordsOf } from "./words.ts";

const argv = (line: string): string[] => wordsOf(line).map(({ text }) => text);

function run(ruleset: Ruleset, lines: readonly string[], options: ReadOptions = {}): Ruleset {
  return lines.reduce((before, line) => {
    const { ruleset: after, status, error } = applyCommand(before, argv(line), options);
    expect([line, status, error]).toEqual([line, 0, ""]);
    return after;
  }, ruleset);
}

/** One rule appended to a chain: the saved rules, or the sentence it is refused with. */
function check(chain: string, rule: string, expected: string | readonly string[], family: Family = 4, options: ReadOptions = {}): void {
  const { ruleset, status, error } = applyCommand(emptyRuleset(family), ["-A", chain, ...argv(rule)], options);
  if (typeof expected === "string" && !expected.startsWith("-A")) {
    expect([error, status]).toEqual([expected, 2]);
    return;
  }
  expect(error).toBe("");
  const table = ruleset.tables.get("filter");
  const saved = table
    ? printSpecs(table)
        .split("\n")
        .filter(line => line.startsWith("-A"))
    : [];
  expect(saved).toEqual(typeof expected === "string" ? [expected] : expected);
}

// Every row was measured with iptables 1.8.9 (legacy).
test.each<[string, string | readonly string[]]>([
  ["", "-A INPUT"],
  ["-s ! 1.2.3.4 -j ACCEPT", "Bad argument `1.2.3.4'"],
  ["-s", 'option "-s" requires an argument'],
  ["--dport 80", 'unknown option "--dport"'],
  ["-p tcp --dp 80", "-A INPUT -p tcp -m tcp --dport 80"],
  ["-p tcp --dp=80", "-A INPUT -p tcp -m tcp --dport 80"],
  ["-p tcp --d 80", 'unknown option "--d"'],
  ["-p tcp --s 80", 'unknown option "--s"'],
  ["-p tcp --source-p 80", "-A INPUT -p tcp -m tcp --sport 80"],
  ["-p tcp --destination-po 80 --tcp-f SYN SYN --tcp-o 5", "-A INPUT -p tcp -m tcp --dport 80 --tcp-option 5 --tcp-flags SYN SYN"],
  ["-p tcp --tcp 80", 'unknown option "--tcp"'],
  ["-ptcp --dport 80", 'unknown protocol "-ptcp" specified'],
  ["-mtcp -p tcp", "-A INPUT -p tcp -m tcp"],
  ["-jACCEPT", "Couldn't load target `-jACCEPT':No such file or directory"],
  ["--jump=ACCEPT", "Couldn't load target `--jump=ACCEPT':No such file or directory"],
  ["--source=1.2.3.4", "host/network `--source=1.2.3.4' not found"],
  ["-ieth0", "-A INPUT -i -ieth0"],
  ["-gfoo", "goto 'foo' is not a chain"],
  ["-j ACCEPT -j DROP", "multiple -j flags not allowed"],
  ["-j ACCEPT -g DROP", "multiple -j flags not allowed"],
  ["-p tcp -p udp", "multiple -p flags not allowed"],
  ["-s 1.1.1.1 -s 2.2.2.2", "multiple -s flags not allowed"],
  ["! ! -s 1.1.1.1", "multiple consecutive ! not allowed"],
  ["! -j ACCEPT", "cannot have ! before -j"],
  ["! -m tcp", "unexpected ! flag before --match"],
  ["! -c 1 2", "cannot have ! before -c"],
  ["! foo", "Bad argument `foo'"],
  ["foo", "Bad argument `foo'"],
  ["-", "Bad argument `-'"],
  ["!", "nothing appropriate following !"],
  ["-p tcp --dport 8 !", "nothing appropriate following !"],
  ["-- -j ACCEPT", "unknown arguments found on commandline"],
  ["! -f -j ACCEPT", "-A INPUT ! -f -j ACCEPT"],
  ["-fj ACCEPT", "-A INPUT -f -j ACCEPT"],
  ["--frag -j ACCEPT", "-A INPUT -f -j ACCEPT"],
  ["-f -p tcp -i eth0 -s 1.1.1.1", "-A INPUT -s 1.1.1.1/32 -i eth0 -p tcp -f"],
  ["-c 1 -j ACCEPT", "-c requires packet and byte counter"],
  ["-c 1,2", "-A INPUT"],
  ["-c 1, 2", "-c byte counter not numeric"],
  ["-c a b", "-c packet counter not numeric"],
  ["-m foo", "Couldn't load match `foo':No such file or directory"],
  ["-m icmp6", "Couldn't load match `icmp6':No such file or directory"],
  ["-j foo", "Couldn't load target `foo':No such file or directory"],
  ["-j accept", "Couldn't load target `accept':No such file or directory"],
  ['-j ""', "Invalid target name (too short)"],
  ['-j "a b"', "Invalid target name `a b'"],
  ["-j verylongchainname_verylongchain", "Invalid target name `verylongchainname_verylongchain' (28 chars max)"],
  ["-m verylongchainname_verylongchainname", 'Invalid match name "verylongchainname_verylongchainname" (28 chars max)'],
  ['-i ""', "Empty interface is likely to be undesired"],
  ["-i eth0123456789abcde", "interface name `eth0123456789abcde' must be shorter than IFNAMSIZ (15)"],
  ['-i "a b"', "-A INPUT -i a b"],
  ["-i +", "-A INPUT"],
  ["-i eth+ ! -i lo", "multiple -i flags not allowed"],
  ["-o eth0", "Can't use -o with INPUT"],
  ["--in-i lo", "-A INPUT -i lo"],
  ["-p foo", 'unknown protocol "foo" specified'],
  ["-p 300", 'unknown protocol "300" specified'],
  ["-p -1", 'unknown protocol "-1" specified'],
  ["-p all", "-A INPUT"],
  ["-p ip", "-A INPUT"],
  ["! -p all", "rule would never match protocol"],
  ["! -p 0", "rule would never match protocol"],
  ["-p TCP", "-A INPUT -p tcp"],
  ["-p 0x6 --dport 8", "-A INPUT -p tcp -m tcp --dport 8"],
  ["-p 1 --icmp-type 8", "-A INPUT -p icmp -m icmp --icmp-type 8"],
  ["-p 135", "-A INPUT -p mobility-header"],
  ["-p 200", "-A INPUT -p 200"],
  ["-p 4", "-A INPUT -p ipencap"],
  ["--pro tcp", "-A INPUT -p tcp"],
  ["--p tcp", 'unknown option "--p"'],
  ["-s 1.2.3.4/33", "invalid mask `33' specified"],
  ["-s 1.2.3.4/", "invalid mask `' specified"],
  ["-s 1.2.3.4/255.0.255.0", "-A INPUT -s 1.0.3.0/255.0.255.0"],
  ["-s 1.2.3.4/0", "-A INPUT"],
  ["! -s 1.2.3.4/0", "-A INPUT ! -s 0.0.0.0/0"],
  ["-s 0.0.0.0", "-A INPUT -s 0.0.0.0/32"],
  ["-s any/0", "-A INPUT"],
  ["-s 10/8", "-A INPUT -s 10.0.0.0/8"],
  ["-s 0x7f000001", "-A INPUT -s 127.0.0.1/32"],
  ["-s 010.0.0.1", "-A INPUT -s 8.0.0.1/32"],
  ["-s 1.1.1.1/0x8", "-A INPUT -s 1.0.0.0/8"],
  ["-s ::1", "host/network `::1' not found"],
  ["-s ::1/64", "invalid mask `64' specified"],
  ["-s localhost", "-A INPUT -s 127.0.0.1/32"],
  ['-s ""', "host/network `' not found"],
  ["-s 1.2.3.4,", "host/network `' not found"],
  ['-s "1.1.1.1, 2.2.2.2"', ["-A INPUT -s 1.1.1.1/32", "-A INPUT -s 2.2.2.2/32"]],
  [
    "-s 1.2.3.4,5.6.7.8 -d 1.1.1.1,2.2.2.2/16",
    [
      "-A INPUT -s 1.2.3.4/32 -d 1.1.1.1/32",
      "-A INPUT -s 1.2.3.4/32 -d 2.2.0.0/16",
      "-A INPUT -s 5.6.7.8/32 -d 1.1.1.1/32",
      "-A INPUT -s 5.6.7.8/32 -d 2.2.0.0/16",
    ],
  ],
  ["! -s 1.2.3.4,5.6.7.8", "! not allowed with multiple source or destination IP addresses"],
  ["--sr 1.1.1.1", "-A INPUT -s 1.1.1.1/32"],
  ["-m tcp -p tcp --dport 80", "-A INPUT -p tcp -m tcp --dport 80"],
  ["-p tcp -m tcp -m tcp --dport 80", "-A INPUT -p tcp -m tcp -m tcp --dport 80"],
  ["-p tcp --dport 80 -m tcp --sport 80", "-A INPUT -p tcp -m tcp --dport 80 -m tcp --sport 80"],
  ["-p tcp -m multiport --dport 80", "-A INPUT -p tcp -m multiport --dports 80"],
  ["-p tcp -j LOG --log-prefix x --dport 80", "-A INPUT -p tcp -m tcp --dport 80 -j LOG --log-prefix x"],
  ["-p tcp --log-prefix x -j LOG", 'unknown option "--log-prefix"'],
  ["-j LOG --log-prefix", 'option "--log-prefix" requires an argument'],
  ["-j LOG --log-prefix -j DROP", "Bad argument `DROP'"],
  ["-j LOG --log-tcp-sequence=3", 'unknown option "--log-tcp-sequence=3"'],
  ["-j LOG --log-ip", "-A INPUT -j LOG --log-ip-options"],
  ["-p tcp -j REJECT --reject tcp-reset", "-A INPUT -p tcp -j REJECT --reject-with tcp-reset"],
  ["-p tcp ! --syn", "-A INPUT -p tcp -m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN"],
  ["-p tcp --tcp-flags SYN", "--tcp-flags requires two args."],
  ["-p tcp --syn=1", 'unknown option "--syn=1"'],
  ["-m comment ! --comment foo", 'comment: option "--comment" cannot be inverted.'],
  ["-m limit -m limit --limit 1/s", "-A INPUT -m limit --limit 3/hour -m limit --limit 1/sec"],
  ["-m state --state NEW --state ESTABLISHED", 'state: option "--state" can only be used once.'],
  ["-x", "Illegal option `-x' with this command"],
  ["-n -j ACCEPT", "Illegal option `-n' with this command"],
  ["--line-numbers -j ACCEPT", "Illegal option `-0' with this command"],
  ["-Z", "Cannot use -Z with -A"],
  ["-L", "Cannot use -L with -A"],
  ["-k", 'unknown option "-k"'],
  ["--foo=bar", 'unknown option "--foo=bar"'],
  ["-4 -w -j ACCEPT", "-A INPUT -j ACCEPT"],
])("INPUT %s", (rule, expected) => check("INPUT", rule, expected));

test.each<[string, string]>([
  ["-f -j ACCEPT", "`-f' is not supported in IPv6, use -m frag instead"],
  ["-s 1.1.1.1", "host/network `1.1.1.1' not found"],
  ["-s 2001:DB8::1", "-A INPUT -s 2001:db8::1/128"],
  ["-s 2001:db8::1/32 ! -d fe80::/ffff::", "-A INPUT -s 2001:db8::/32 ! -d fe80::/16"],
  ["-d ::1/::1", "-A INPUT -d ::1/::1"],
  ["-p icmp --icmp-type 8", 'unknown option "--icmp-type"'],
  ["-p icmpv6 --icmpv6-type 128", "-A INPUT -p ipv6-icmp -m icmp6 --icmpv6-type 128"],
  ["-m icmpv6 -p 58", 'icmp6: option "--icmpv6-type" must be specified'],
])("IPv6 INPUT %s", (rule, expected) => check("INPUT", rule, expected, 6));

test.each<[string, string]>([
  ["! -s 1.2.3.4 -j ACCEPT", "-A INPUT ! -s 1.2.3.4/32 -j ACCEPT"],
  ["-s ! 1.2.3.4 -i ! eth0 -p ! tcp", "-A INPUT ! -s 1.2.3.4/32 ! -i eth0 ! -p tcp"],
  ["-p tcp --dport ! 80", "-A INPUT -p tcp -m tcp ! --dport 80"],
])("old syntax: %s", (rule, expected) => check("INPUT", rule, expected, 4, { oldSyntax: true }));

test("-i is refused where a packet has no input interface", () => {
  check("OUTPUT", "-i eth0", "Can't use -i with OUTPUT");
  check("FORWARD", "-i eth0 ! -o a+b", "-A FORWARD -i eth0 ! -o a+b");
});

// Commands on a ruleset with a user chain foo of one rule, to which INPUT jumps; measured likewise.
test.each<[string, 0 | Status, string]>([
  ["-I INPUT 0", 2, "Invalid rule number `0'"],
  ["-I INPUT x", 2, "Invalid rule number `x'"],
  ["-I INPUT 3", 1, "Index of insertion too big."],
  ["-I INPUT 2", 0, ""],
  ["-R INPUT -s 1.1.1.1", 2, "-R requires a rule number"],
  ["-R INPUT 2 -s 1.1.1.1", 1, "Index of replacement too big."],
  ["-R INPUT 1 -s 1.1.1.1,2.2.2.2", 2, "Replacement rule does not specify a unique address"],
  ["-D INPUT 1 -s 1.1.1.1", 2, "Illegal option `-s' with this command"],
  ["-D INPUT 2", 1, "Index of deletion too big."],
  ["-D INPUT", 1, "Bad rule (does a matching rule exist in that chain?)."],
  ["-D INPUT -j foo", 0, ""],
  ["-C INPUT -j foo", 0, ""],
  ["-C INPUT -j ACCEPT", 1, "Bad rule (does a matching rule exist in that chain?)."],
  ["-A NOPE", 1, "No chain/target/match by that name."],
  ["-N -foo", 2, "chain name not allowed to start with `-'"],
  ["-N INPUT", 1, "Chain already exists."],
  ["-N foo", 1, "Chain already exists."],
  ["-N ACCEPT", 2, "chain name may not clash with target name"],
  ['-N ""', 2, "chain name may not clash with target name"],
  ['-N "a b"', 2, "Invalid chain name `a b'"],
  ["-N a1234567890123456789012345678", 2, "chain name `a1234567890123456789012345678' too long (must be under 29 chars)"],
  ["-N a123456789012345678901234567", 0, ""],
  ["-N __proto__", 0, ""],
  ["-X INPUT", 1, "Invalid argument. Run `dmesg' for more information."],
  ["-X nope", 1, "No chain/target/match by that name."],
  ["-X foo", 1, "Too many links."],
  ["-F nope", 1, "No chain/target/match by that name."],
  ["-Z nope", 1, "No chain/target/match by that name."],
  ["-P nope ACCEPT", 1, "Bad built-in chain name."],
  ["-P INPUT FOO", 1, "Bad policy name. Run `dmesg' for more information."],
  ["-P INPUT", 2, "-P requires a chain and a policy"],
  ["-E INPUT bar", 1, "No chain/target/match by that name."],
  ["-E nope bar", 1, "No chain/target/match by that name."],
  ["-E nope", 2, "-E requires old-chain-name and new-chain-name"],
  ["-E foo bar", 0, ""],
  [
    "-t foo -L",
    3,
    "can't initialize iptables table `foo': Table does not exist (do you need to insmod?)\nPerhaps iptables or your kernel needs to be upgraded.",
  ],
  ["", 2, "no command specified"],
  ["-s 1.1.1.1", 2, "no command specified"],
  // The rule stands behind an ACCEPT that takes every packet, so the kernel never looks at it.
  ["-A foo -j foo", 0, ""],
  ["-I foo -j foo", 1, "Too many levels of symbolic links."],
  ["-I foo -s 1.1.1.1 -j foo", 1, "Too many levels of symbolic links."],
  ["-A INPUT -g INPUT", 1, "Invalid argument. Run `dmesg' for more information."],
  ["-A FORWARD -j INPUT", 1, "Invalid argument. Run `dmesg' for more information."],
  ["-A INPUT -m tcp --dport 80", 1, "Invalid argument. Run `dmesg' for more information."],
  ["-A INPUT ! -p tcp --dport 80", 1, "Invalid argument. Run `dmesg' for more information."],
  ["-t nat -A POSTROUTING -j DROP", 2, 'The "nat" table is not intended for filtering, the use of DROP is therefore inhibited.'],
])("%s", (command, status, error) => {
  const before = run(emptyRuleset(4), ["-N foo", "-A foo -j ACCEPT", "-A INPUT -j foo"]);
  const result = applyCommand(before, argv(command));
  expect([result.status, result.error]).toEqual([status, error]);
  if (status !== 0) expect(result.ruleset).toBe(before);
});

test("an edit gives a new ruleset and leaves the old one alone", () => {
  const specs = (ruleset: Ruleset): string[] =>
    printSpecs(ruleset.tables.get("filter") ?? expect.fail("no table"))
      .split("\n")
      .filter(line => /^-[AN]/.test(line));
  const one = run(emptyRuleset(4), [
    "-N b",
    "-N a",
    "-A INPUT -s 1.1.1.1,2.2.2.2",
    "-I INPUT -s 3.3.3.3,4.4.4.4",
    "-I INPUT 2 -s 5.5.5.5,6.6.6.6 -j b",
  ]);
  expect(specs(one)).toEqual([
    "-N a",
    "-N b",
    "-A INPUT -s 4.4.4.4/32",
    "-A INPUT -s 6.6.6.6/32 -j b",
    "-A INPUT -s 5.5.5.5/32 -j b",
    "-A INPUT -s 3.3.3.3/32",
    "-A INPUT -s 1.1.1.1/32",
    "-A INPUT -s 2.2.2.2/32",
  ]);
  const two = run(one, ["-E b c", "-D INPUT 1", "-D INPUT -s 3.3.3.3,1.1.1.1", "-R INPUT 3 -j ACCEPT", "-A a -g c", "-P FORWARD DROP"]);
  expect(specs(two)).toEqual([
    "-N a",
    "-N c",
    "-A INPUT -s 6.6.6.6/32 -j c",
    "-A INPUT -s 5.5.5.5/32 -j c",
    "-A INPUT -j ACCEPT",
    "-A a -g c",
  ]);
  expect(two.tables.get("filter")?.chains.get("FORWARD")?.policy).toBe("DROP");
  expect(specs(one)).toHaveLength(8);
  expect(one.tables.get("filter")?.chains.get("FORWARD")?.policy).toBe("ACCEPT");
  expect(specs(run(two, ["-F", "-X"]))).toEqual([]);
});

test("deleting a list of rules is all or nothing", () => {
  const before = run(emptyRuleset(4), ["-A INPUT -s 1.1.1.1,2.2.2.2"]);
  expect(applyCommand(before, argv("-D INPUT -s 1.1.1.1,1.1.1.1")).status).toBe(1);
  expect(printSpecs(run(before, ["-D INPUT -s 2.2.2.2,1.1.1.1"]).tables.get("filter") ?? expect.fail("no table"))).not.toContain("-A");
});

test("iptables-nft differs where its own translation does", () => {
  const nft = (line: string): [number, string] => {
    const { status, error } = applyCommand(emptyRuleset(4), argv(line), { variant: "nft" });
    return [status, error];
  };
  expect(nft("-A INPUT ! -p tcp --dport 80")).toEqual([0, ""]);
  expect(nft("-A INPUT -m udp --sport 1")).toEqual([2, "UDP match requires '-p udp'"]);
  expect(nft("-A INPUT -m tcp")).toEqual([4, " RULE_APPEND failed (Invalid argument): rule in chain INPUT"]);
  expect(nft("-A INPUT -j foo")).toEqual([2, "Chain 'foo' does not exist"]);
});

test("a misspelt word gets a guess", () => {
  const guess = (line: string): string | undefined => applyCommand(emptyRuleset(4), argv(line)).guess;
  expect(guess("-A INPUT -p tcp --dprot 80")).toBe("--dport");
  expect(guess("-A INPUT -m conntrak --ctstate NEW")).toBe("conntrack");
  expect(guess("-A INPUT -j ACEPT")).toBe("ACCEPT");
  expect(guess("-A INPUT -p tpc")).toBe("tcp");
  expect(guess("-A INPUT -s ! 1.2.3.4")).toBe("! -s 1.2.3.4");
});
