import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Sets } from "../../ruleset/index.ts";
import { readIpsets, runIpset } from "./index.ts";

const NOW = 1_767_225_600_000_000;

/** Runs lines of words, the last one is answered. A word in quotes may have blanks. */
function answer(...lines: readonly string[]): readonly [status: number, stderr: string, stdout: string] {
  const sets = new Sets();
  let last: readonly [number, string, string] = [0, "", ""];
  for (const line of lines) {
    const argv = (line.match(/"[^"]*"|\S+/g) ?? []).map(word => (word.startsWith('"') ? word.slice(1, -1) : word));
    const { status, stderr, stdout } = runIpset(sets, argv, "", NOW);
    last = [status, stderr, stdout];
  }
  return last;
}

const says = (sentence: string): string => `ipset v7.17: ${sentence}\n`;
const misuse = (sentence: string): string => `${says(sentence)}Try \`ipset help' for more information.\n`;

describe("commands, with answers of the real tool", () => {
  test.each<[readonly string[], number, string]>([
    [[""], 2, misuse("No command specified.")],
    [["createx a hash:ip"], 2, misuse("No command specified: unknown argument createx")],
    [["--N a hash:ip"], 2, misuse("No command specified: unknown argument --N")],
    [["create"], 2, misuse("Missing mandatory argument to command create")],
    [["d a"], 2, misuse("Missing second mandatory argument to command del")],
    [["restore foo"], 2, misuse("Unknown argument foo")],
    [["-o"], 2, misuse("Missing mandatory argument to option -o")],
    [["list -o json"], 1, says("Syntax error: unknown output mode 'json'")],
    [["create a hash:xx"], 1, says("Syntax error: typename 'hash:xx' is unknown")],
    [["create a hash:ip bogus"], 2, misuse("Unknown argument: `bogus'")],
    [["create a hash:ip hashsize"], 2, misuse("Missing mandatory argument of option `hashsize'")],
    [["create a hash:ip family inet family inet"], 1, says("Syntax error: family already specified")],
    [
      ["create a hash:ip netmask 24 bitmask 255.0.0.0"],
      1,
      says("Syntax error: bitmask and netmask are mutually exclusive, provide only one"),
    ],
    [
      ["create a hash:ip netmask 0"],
      1,
      says("Syntax error: '0' is out of range 1-32\nSyntax error: netmask is out of the inclusive range of 1-32"),
    ],
    [["create a bitmap:ip"], 2, misuse("Mandatory option `range' is missing")],
    [["create a bitmap:ip range 1.0.0.0/8"], 1, says("The range you specified exceeds the size limit of the set type")],
    [["create a bitmap:ip range 1.1.1.1/32"], 1, says("The value of the CIDR parameter of the IP address is invalid")],
    [["create a hash:ip hashsize 4294967295"], 1, says("Kernel error received: Cannot allocate memory")],
    [
      ["create a iphash probes 8 resize 50"],
      0,
      "Warning: Option '--probes 8' is ignored. Please upgrade your syntax.\nOption '--resize 50' is ignored. Please upgrade your syntax.\n",
    ],
    [[`create ${"x".repeat(31)} hash:ip`], 0, ""],
    [[`create ${"x".repeat(32)} hash:ip`], 1, says(`Syntax error: setname '${"x".repeat(32)}' is longer than 31 characters`)],
    [["n a hash:ip", "create a hash:ip"], 1, says("Set cannot be created: set with the same name already exists")],
    [["n a hash:ip", "-! create a hash:ip"], 0, ""],
    [["n a hash:ip", "-exist create a hash:ip maxelem 3"], 1, says("Set cannot be created: set with the same name already exists")],
    [["add a 1.1.1.1"], 1, says("The set with the given name does not exist")],
    [["n a hash:ip", "add a 1.1.1.1,2"], 1, says("Syntax error: Elem separator in 1.1.1.1,2, but settype hash:ip supports none.")],
    [["n a hash:ip", "add a 1.1.1.1/33"], 1, says("Syntax error: '33' is out of range 0-32")],
    [["n a hash:ip", "add a ::1"], 1, says("Syntax error: cannot parse ::1: resolving to IPv4 address failed")],
    [["n a hash:ip", "add a 0.0.0.0"], 1, says("Null-valued element, cannot be stored in a hash type of set")],
    [["n a hash:ip", "add a 1.1.1.1 timeout 3"], 1, says("Timeout cannot be used: set was created without timeout support")],
    [["n a hash:ip", "add a 1.1.1.1 nomatch"], 2, misuse("Unknown argument: `nomatch'")],
    [["n a hash:ip comment", 'add a 1.1.1.1 comment x"y'], 1, says('Syntax error: " character is not permitted in comments')],
    [["n a hash:ip", "add a 1.1.1.0/30", "add a 1.1.1.2"], 1, says("Element cannot be added to the set: it's already added")],
    [["n a hash:ip", "del a 1.1.1.2"], 1, says("Element cannot be deleted from the set: it's not added")],
    [["n a hash:ip", "test a 1.1.1.2"], 1, "1.1.1.2 is NOT in set a.\n"],
    [["n a hash:ip", "add a 1.1.1.2", "test a 1.1.1.2-1.1.1.9"], 0, "Warning: 1.1.1.2-1.1.1.9 is in set a.\n"],
    [["n a hash:ip", "add a 1.1.1.2", "-q test a 1.1.1.2"], 0, ""],
    [["n a hash:ip", "-q test a 1.1.1.2"], 1, ""],
    [["n a hash:ip,port", "add a 1.1.1.1"], 1, says("Syntax error: Second element is missing from 1.1.1.1.")],
    [
      ["n a hash:ip,port", "add a 1.1.1.1,vrrp"],
      1,
      says("Syntax error: 'vrrp' is invalid as number\nSyntax error: 'tcp' is invalid as number\ncannot parse 'vrrp' as a tcp port"),
    ],
    [["n a hash:ip,port", "add a 1.1.1.1,icmp:8"], 1, says("Cannot parse 8 as an ICMP type/code.")],
    [
      ["n a hash:ip,port", "add a 1.1.1.1,icmpv6:ping"],
      1,
      says("Syntax error: Protocol ICMPv6 can be used with family inet6 only\nInvalid add command: missing setname"),
    ],
    [
      ["n a hash:ip,port", "test a 1.1.1.1,80-90"],
      1,
      says("FROM-TO port range is not allowed in command test with set type hash:ip,port and family inet"),
    ],
    [
      ["n a hash:ip,port,ip", "add a 1.1.1.1,80,2.2.2.2/32"],
      1,
      says("There are not allowed options (28) but can't resolve them. It's a bug, please report the problem."),
    ],
    [["n a hash:net", "add a 0.0.0.0/0"], 1, says("The value of the CIDR parameter of the IP address is invalid")],
    [["n a hash:net", "add a 0.0.0.0-255.255.255.255"], 1, says("Invalid range, covers the whole address space")],
    [
      ["n a hash:net,iface", "add a 10.0.0.0/8,eth wildcard", "add a 10.0.0.0/8,eth0"],
      1,
      says("Element cannot be added to the set: it's already added"),
    ],
    [["n a list:set", "add a a"], 1, says("Sets with list:set type cannot be added to the set.")],
    [["n a list:set", "add a b"], 1, says("Set to be added/deleted/tested as element does not exist.")],
    [["n b hash:ip", "n a list:set", "add a b", "destroy b"], 1, says("Set cannot be destroyed: it is in use by a kernel component")],
    [["n b hash:ip", "n a list:set", "add a b", "e b c"], 1, says("Set cannot be renamed: it is in use by another system")],
    [["n a hash:ip", "n b hash:net", "w a b"], 1, says("The sets cannot be swapped: their type does not match")],
    [["n a hash:ip", "w a b"], 1, says("Sets cannot be swapped: the second set does not exist")],
    [["-r list"], 2, misuse("-resolve is not to be had here: addresses are not looked up")],
  ])("%j", (lines, status, stderr) => expect(answer(...lines).slice(0, 2)).toEqual([status, stderr]));

  test("listings", () => {
    const lines = [
      "n t hash:ip initval 7 timeout 10 counters comment skbinfo",
      'add t 1.1.1.2 timeout 0 packets 5 bytes 6 comment "a b" skbmark 0x10/0xff skbprio 1:10 skbqueue 7',
    ];
    const made = "family inet hashsize 1024 maxelem 65536 timeout 10 counters comment skbinfo bucketsize 12 initval 0x00000007";
    const entry = '1.1.1.2 timeout 0 packets 5 bytes 6 comment "a b" skbmark 0x10/0xff skbprio 1:10 skbqueue 7';
    expect(answer(...lines, "list")[2]).toBe(
      `Name: t\nType: hash:ip\nRevision: 6\nHeader: ${made}\nSize in memory: 380\nReferences: 0\nNumber of entries: 1\nMembers:\n${entry}\n`,
    );
    expect(answer(...lines, "save t")[2]).toBe(`create t hash:ip ${made}\nadd t ${entry}\n`);
    expect(answer(...lines, "-n -o xml list")[2]).toBe('<ipsets>\n<ipset name="t"/>\n</ipsets>\n');
    expect(answer(...lines, "list -o xml")[2]).toContain("<member><elem>1.1.1.2</elem><timeout>0</timeout><packets>5</packets>");
  });

  test("the kernel's own order, when the hash starts from the same number", () => {
    const [, , stdout] = answer("n a hash:ip initval 0x6b8b4567", "add a 10.0.0.0/29", "save a");
    expect(stdout.match(/(?<=10\.0\.0\.)\d+/g)?.join("")).toBe("25674013");
    expect(
      answer("n a hash:net", "add a 10.0.0.0/8", "add a 9.0.0.0/16", "add a 9.0.0.0/8", "add a 10.0.0.0/16", "-s save a")[2].match(
        /[\d.]+\/\d+/g,
      ),
    ).toEqual(["9.0.0.0/16", "9.0.0.0/8", "10.0.0.0/16", "10.0.0.0/8"]);
  });
});

describe("restore", () => {
  const saved = (text: string, argv: readonly string[] = ["restore"]): readonly [number, string, string[]] => {
    const sets = new Sets();
    const { status, stderr } = runIpset(sets, argv, text, NOW);
    return [
      status,
      stderr,
      runIpset(sets, ["save"], "", NOW)
        .stdout.split("\n")
        .filter(line => line.startsWith("add ")),
    ];
  };
  const make = "create a hash:ip comment initval 1\n";

  test.each<[string, string, number, string, string[]]>([
    [
      "the kernel's refusal names its line, what came before stays",
      `${make}add a 1.1.1.1\nadd a 1.1.1.1\nadd a 1.1.1.2\n`,
      1,
      says("Error in line 3: Element cannot be added to the set: it's already added"),
      ["add a 1.1.1.1"],
    ],
    [
      "a line that cannot be read loses what has not been sent",
      `${make}add a 1.1.1.1\nadd a bogus\n`,
      1,
      says("Error in line 3: Syntax error: cannot parse bogus: resolving to IPv4 address failed"),
      [],
    ],
    [
      "unless it was committed",
      `${make}add a 1.1.1.1\nCOMMIT\nadd a bogus\n`,
      1,
      says("Error in line 4: Syntax error: cannot parse bogus: resolving to IPv4 address failed"),
      ["add a 1.1.1.1"],
    ],
    [
      "-exist on a later line comes too late for the message",
      `${make}add a 1.1.1.1\n-exist add a 1.1.1.1\n`,
      1,
      says("Error in line 3: Element cannot be added to the set: it's already added"),
      ["add a 1.1.1.1"],
    ],
    ["-exist stays for the lines that follow", `${make}-exist add a 1.1.1.1\nadd a 1.1.1.1\n`, 0, "", ["add a 1.1.1.1"]],
    [
      "a successful test ends everything",
      `${make}add a 1.1.1.1\ntest a 1.1.1.1\nadd a 1.1.1.2\n`,
      0,
      "Warning: 1.1.1.1 is in set a.\n",
      ["add a 1.1.1.1"],
    ],
    [
      "quotes",
      `${make}add a 1.1.1.1 comment "a b"\nadd a 1.1.1.2 comment a"b c"d\n`,
      0,
      "",
      ['add a 1.1.1.1 comment "a b"', 'add a 1.1.1.2 comment "ab cd"'],
    ],
    [
      "an open quote at the end of a line takes its word along",
      `${make}add a 1.1.1.3 comment "a b\n`,
      2,
      misuse("Missing mandatory argument of option `comment'"),
      [],
    ],
    ["an open quote at the end of the text", `${make}add a 1.1.1.3 comment "a b`, 2, misuse("Missing close quote!"), []],
    ["empty words are none", `${make}add a 1.1.1.1 comment ""\n`, 2, misuse("Missing mandatory argument of option `comment'"), []],
    ["comments, blank lines, CR LF", `# x\r\n\r\n  ${make}add a 1.1.1.1\r\nCOMMIT\r\n`, 0, "", ["add a 1.1.1.1"]],
    ["quit", `${make}add a 1.1.1.1\nquit\n`, 0, "", []],
    ["what is not for restored text", `${make}version\n`, 2, misuse("Command `version' is invalid in restore mode."), []],
    ["too many words", `${make}add a 1.1.1.1 ${"x ".repeat(40)}\n`, 2, misuse("Line is too long to parse."), []],
    ["a NUL hides the rest of its line", `${make}add a 1.1.1.1\0 bogus\nadd a 1.1.1.2\n`, 0, "", ["add a 1.1.1.1", "add a 1.1.1.2"]],
  ])("%s", (_, text, status, stderr, entries) => {
    const [mine, said, kept] = saved(text);
    expect([mine, said, kept.toSorted()]).toEqual([status, stderr, entries]);
  });

  test("files", () => {
    const sets = new Sets();
    const read = (path: string): string | undefined => (path === "in" ? `${make}add a 1.1.1.1\n` : undefined);
    expect(runIpset(sets, ["restore", "-f", "in"], "", NOW, { read }).status).toBe(0);
    expect(runIpset(sets, ["-f", "no", "restore"], "", NOW, { read })).toMatchObject({
      status: 1,
      stderr: says("Cannot open no for reading: No such file or directory"),
    });
    expect(runIpset(sets, ["-n", "list", "-f", "out"], "", NOW)).toMatchObject({ stdout: "", written: { path: "out", text: "a\n" } });
  });

  test("a conversation: faults end nothing", () => {
    const sets = new Sets();
    const text = `${make}bogus\nadd a 1.1.1.1\nadd a 1.1.1.1\nrestore\n\nquit\nadd a 1.1.1.2\n`;
    const { status, stderr, stdout } = runIpset(sets, ["-"], text, NOW);
    expect([status, stderr]).toEqual([0, says("Element cannot be added to the set: it's already added")]);
    expect(stdout).toBe(
      "ipset> ipset> No command specified\nipset> ipset> ipset> Restore command is not supported in interactive mode\nipset> ipset> ipset> ",
    );
    expect(sets.get("a")?.count(NOW)).toBe(1);
  });
});

describe("the reader", () => {
  test("tells every fault with its place and reads on", () => {
    const { sets, faults } = readIpsets(
      "create a hash:ip\nadd a 1.1.1.1\n  add a 1.1.1.1\nadd b 1.1.1.1\nadd a x\nadd a 2.2.2.2\nCOMMIT\n",
      "f",
      NOW,
    );
    expect(faults.map(({ line, column, message, status }) => [line, column, message, status])).toEqual([
      [3, 3, "Element cannot be added to the set: it's already added", 1],
      [4, 1, "The set with the given name does not exist", 1],
      [5, 1, "Syntax error: cannot parse x: resolving to IPv4 address failed", 1],
    ]);
    expect(sets.get("a")?.count(NOW)).toBe(2);
  });

  test("law: what is saved reads back as the same text", () => {
    const number = fc.nat(255);
    const line = fc.oneof(
      fc.tuple(number, number).map(([a, b]) => `add a 10.0.${a}.${b}`),
      fc.tuple(number, fc.integer({ min: 1, max: 32 })).map(([a, b]) => `add b 10.${a}.0.0/${b}${a % 3 === 0 ? " nomatch" : ""}`),
      fc
        .tuple(number, fc.nat(65535))
        .map(([a, b]) => `add c 10.0.0.${a},${b % 2 ? "udp" : "tcp"}:${b},10.1.0.0/${(b % 32) + 1} comment "n ${a}"`),
      fc.tuple(number, number).map(([a, b]) => `add d fd00::${a.toString(16)},icmpv6:${a}/${b} packets ${a} bytes ${b} timeout ${a}`),
      fc.constantFrom("add e a", "add e b", "add e c before a", "add e d after b"),
    );
    const head =
      "create a hash:ip\ncreate b hash:net\ncreate c hash:ip,port,net comment\ncreate d hash:ip,port family inet6 counters timeout 0\ncreate e list:set\n";
    fc.assert(
      fc.property(fc.array(line, { maxLength: 60 }), lines => {
        const sets = new Sets();
        for (const each of [...head.trim().split("\n"), ...lines]) runIpset(sets, ["restore"], `${each}\n`, NOW);
        const text = runIpset(sets, ["save"], "", NOW).stdout;
        const again = readIpsets(text, "f", NOW);
        expect(again.faults).toEqual([]);
        expect(runIpset(again.sets, ["save", "-s"], "", NOW).stdout).toBe(runIpset(sets, ["save", "-s"], "", NOW).stdout);
      }),
      { numRuns: 40 },
    );
  });

  test("hostile text: no crash, no growth, nothing but faults", () => {
    const words = fc.constantFrom(
      "create",
      "add",
      "del",
      "test",
      "a",
      "b",
      "hash:ip",
      "hash:net,iface",
      "list:set",
      "bitmap:port",
      "range",
      "0-65535",
      "10.0.0.0/8",
      "::/0",
      "1.1.1.1-9.9.9.9",
      "tcp:1-65535",
      "timeout",
      "4294967296",
      "comment",
      '"',
      "[",
      "]-",
      "\0",
      "__proto__",
      "-exist",
      "-!",
      "initval",
      "0x",
      "family",
      "inet6",
      "before",
      "swap",
      "maxelem",
      "9",
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(words, fc.string()), { maxLength: 60 }),
        fc.array(fc.constantFrom(" ", "\n", ",", "-", "/"), { maxLength: 60 }),
        (parts, glue) => {
          const text = `create a hash:ip maxelem 300\ncreate b hash:net,port maxelem 300\n${parts.map((part, i) => part + (glue[i] ?? " ")).join("")}`;
          const { faults } = readIpsets(text, "f", NOW);
          for (const { line, column, message } of faults) expect([line > 0, column > 0, message !== ""]).toEqual([true, true, true]);
          const { status } = runIpset(new Sets(), ["restore"], text, NOW);
          expect([0, 1, 2]).toContain(status);
        },
      ),
      { numRuns: 300 },
    );
    expect(({} as Record<string, unknown>)["a"]).toBeUndefined();
  });

  test("ranges without bound stop where the set is full, and deletions do not walk them", () => {
    const sets = new Sets();
    runIpset(sets, ["create", "a", "hash:ip", "maxelem", "1000"], "", NOW);
    expect(runIpset(sets, ["add", "a", "0.0.0.1-255.255.255.255"], "", NOW).stderr).toBe(says("Hash is full, cannot add more elements"));
    expect(runIpset(sets, ["-exist", "del", "a", "0.0.0.9-255.255.255.255"], "", NOW).status).toBe(0);
    expect(sets.get("a")?.count(NOW)).toBe(8);
  });
});
