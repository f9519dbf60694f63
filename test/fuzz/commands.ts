/** Command lines: sequences of them on one machine, in every tool's name, and ipset's own texts. */
import fc from "fast-check";
import { expect } from "vitest";
import { emptyState, printSave, readIpsets, readRules, runIpset, runTool, TOOL_NAMES, type ToolState } from "../../src/syntax/index.ts";
import { Sets, type Ruleset } from "../../src/ruleset/index.ts";
import { anyWord, damaged, saveText, scribbled } from "../faults/corrupt.ts";
import { UNREADABLE } from "../faults/unreadable.ts";
import { randomCalls } from "../ipset/random-commands.ts";
import { phrases } from "../tools/dictionary.ts";
import { Generator } from "../tools/generate.ts";
import { target, type Target } from "./target.ts";

/** One call of a tool. */
interface Call {
  readonly name: string;
  readonly argv: readonly string[];
  readonly stdin: string;
}

const PHRASES = phrases();
const CALLS: readonly Call[] = Array.from({ length: 40 }, (_, seed) => new Generator(seed + 1, PHRASES).sequence(12).steps).flat();
const SET_CALLS: readonly Call[] = randomCalls(1, 400).map(({ argv, stdin }) => ({ name: "ipset", argv, stdin }));
const RESTORED = saveText.map(({ text, family }) => ({
  name: family === 4 ? "iptables-restore" : "ip6tables-restore",
  argv: text.length % 3 === 0 ? ["-n"] : text.length % 3 === 1 ? ["-c"] : [],
  stdin: text,
}));
const USES: readonly Call[] = [
  { name: "iptables", argv: ["-A", "INPUT", "-m", "set", "--match-set", "a", "src,dst", "-j", "SET", "--add-set", "b", "src"], stdin: "" },
  { name: "iptables-xml", argv: ["-c"], stdin: "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -s 1.2.3.4 -j ACCEPT\nCOMMIT\n" },
];

const arg = fc.oneof(
  anyWord,
  fc.constantFrom("-exist", "-file", "-o", "xml", "-sorted", "restore", "-t", "-name", "--noflush", "-T", "nat"),
);
const call: fc.Arbitrary<Call> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...CALLS, ...SET_CALLS, ...USES).chain(given => spoilt(given)) },
  { weight: 2, arbitrary: RESTORED },
  {
    weight: 1,
    arbitrary: fc.record({ name: fc.constantFrom(...TOOL_NAMES), argv: fc.array(anyWord, { maxLength: 6 }), stdin: fc.constant("") }),
  },
);

function spoilt({ name, argv, stdin }: Call): fc.Arbitrary<Call> {
  return fc
    .tuple(damaged(argv, arg, 2), stdin === "" ? fc.constant("") : scribbled(fc.constant(stdin)))
    .map(([words, text]) => ({ name, argv: words, stdin: text }));
}

const MOST_OUTPUT = 1 << 22;

function readsBack(ruleset: Ruleset, before: Ruleset): void {
  if (ruleset === before) return;
  const saved = printSave(ruleset, { counters: true });
  if (UNREADABLE.test(saved)) return;
  const { ruleset: again, faults } = readRules(saved, "saved", { family: ruleset.family });
  // What iptables takes and cannot read again is the other targets' matter.
  if (faults.length === 0) expect(again && printSave(again, { counters: true })).toBe(saved);
}

/** Each call ends with a status and a state; a call that fails leaves the rules as they were, and a state that is saved restores to itself. */
function lawsOfCalls(calls: readonly Call[]): void {
  let state: ToolState = emptyState();
  for (const [at, { name, argv, stdin }] of calls.entries()) {
    const done = runTool(name, argv, stdin, state, { variant: at % 3 === 0 ? "legacy" : "nft", now: at * 1_000_000 });
    expect(Number.isInteger(done.status) && done.status >= 0 && done.status < 256).toBe(true);
    expect(done.stdout.length + done.stderr.length).toBeLessThan(MOST_OUTPUT);
    if (/restore/.test(name) && done.status !== 0) expect([done.state.v4 === state.v4, done.state.v6 === state.v6]).toEqual([true, true]);
    readsBack(done.state.v4, state.v4);
    readsBack(done.state.v6, state.v6);
    state = done.state;
  }
}

const SET_TEXTS = [
  'create a hash:ip family inet hashsize 1024 maxelem 65536 timeout 300 counters comment skbinfo\nadd a 192.0.2.1 timeout 20 packets 3 bytes 4 comment "x y" skbmark 0x1/0xff skbprio 1:2 skbqueue 3\n',
  "create n hash:net,port,net family inet6\nadd n 2001:db8::/32,tcp:80-90,::1\nadd n ::/1,icmpv6:1/2,::1 nomatch\n",
  "create m bitmap:ip,mac range 192.0.2.0/24\nadd m 192.0.2.7,02:00:00:00:00:01\ncreate p bitmap:port range 1-100\nadd p 5-9\n",
  "create i hash:net,iface\nadd i 10.0.0.0/8,physdev:eth0\ncreate s list:set size 4\nadd s i\nadd s a before i\n",
  "create h hash:ip,mark markmask 0xff\nadd h 192.0.2.1-192.0.2.9,0x1\ncreate z hash:mac\nadd z 02:00:00:00:00:01\nCOMMIT\n",
  "create b hash:ip bitmask 255.255.0.255\nadd b 1.2.3.4\nswap a b\nrename b c\nflush c\ndel a 1.2.3.4 -exist\ntest a 1.2.3.4\ndestroy\n",
];
const setWord = fc.oneof(anyWord, fc.constantFrom(...SET_TEXTS.join(" ").split(/\s+/)));
const setText = fc.constantFrom(...SET_TEXTS).chain(text => damaged(text.split(/(?<=[ \n,])/), setWord, 4).map(words => words.join("")));

/** A text is read whole or with its faults' lines; what is saved restores to itself. */
function lawsOfSetText(text: string): void {
  const { faults } = readIpsets(text, "sets", 0);
  const lines = text.split("\n").length;
  for (const { line, column, endColumn, message } of faults)
    expect([line >= 1 && line <= lines + 1, column >= 1, endColumn >= column, message !== ""]).toEqual([true, true, true, true]);
  const made = new Sets();
  const { stdout, stderr, status } = runIpset(made, ["restore"], text, 0);
  expect(stdout.length + stderr.length).toBeLessThan(MOST_OUTPUT);
  expect(status >= 0 && status < 256).toBe(true);
  const saved = runIpset(made, ["save"], "", 0).stdout;
  for (const output of ["plain", "xml", "save"]) runIpset(made, ["list", "-output", output], "", 0);
  // The kernel itself masks single elements and not those of a range, and a set that overflows is saved with one too many.
  if (status !== 0 || saved.includes(" bitmask ")) return;
  const again = new Sets();
  const restored = runIpset(again, ["restore"], saved, 0);
  expect(restored.stderr).toBe("");
  expect(runIpset(again, ["save"], "", 0).stdout).toBe(saved);
}

export const COMMANDS: readonly Target[] = [
  target("commands", fc.array(call, { minLength: 1, maxLength: 10 }), lawsOfCalls),
  target("ipset-text", fc.oneof(setText, scribbled(setText)), lawsOfSetText),
];
