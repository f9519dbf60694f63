/** Programs that rules carry: u32 tests and BPF, run on packets of any bytes. */
import fc from "fast-check";
import { expect } from "vitest";
import { hex, unhex } from "../../src/packet/index.ts";
import { readRules } from "../../src/syntax/index.ts";
import { damaged, scrambled } from "../faults/corrupt.ts";
import { bytesOf, counted, machine, START } from "../faults/machine.ts";
import { target, type Target } from "./target.ts";

const U32 = [
  "6 & 0xFF = 1 && 4 & 0x3FFF = 0 && 0 >> 22 & 0x3C @ 0 >> 24 = 0",
  "0 >> 22 & 0x3C @ 12 >> 26 & 0x3C @ -3 & 0xFF = 0x16:0x18,0xffffffff",
  "0xfffffffc @ 0 = 0 : 0xffffffff",
  "4294967295 << 31 = 0",
];
const u32Word = fc.oneof(
  fc.constantFrom("@", "&", ">>", "<<", "=", "&&", ":", ",", "-1", "0", "31", "32", "0xffffffff", "0x3C", "65535", "1e3", ""),
  fc.nat().map(String),
);
const u32Rule = fc
  .constantFrom(...U32)
  .chain(text => damaged(text.split(" "), u32Word, 3))
  .map(words => `-m u32 --u32 "${words.join(" ")}"`);

const CODES = [0x00, 0x20, 0x28, 0x30, 0x40, 0x48, 0x50, 0x80, 0xb1, 0x02, 0x03, 0x60, 0x61, 0x04, 0x0c, 0x14, 0x24, 0x34, 0x3c, 0x94];
const MORE = [0x54, 0x44, 0x64, 0x6c, 0x74, 0x84, 0xa4, 0x05, 0x15, 0x1d, 0x25, 0x35, 0x45, 0x4d, 0x06, 0x16, 0x07, 0x87];
const value = fc.oneof(
  fc.constantFrom(0, 1, 9, 12, 15, 16, 20, 31, 32, 0x3fff, 0x7fffffff, 0xffffffff, 0xfffff000, 0xfffff024),
  fc.nat(70),
);
const jump = fc.oneof(fc.nat(3), fc.nat(255));
const instruction = fc
  .tuple(fc.oneof(fc.constantFrom(...CODES, ...MORE), fc.nat(255)), jump, jump, value)
  .map(([code, yes, no, k]) => `${code} ${yes} ${no} ${k}`);
const bpfRule = fc
  .array(instruction, { maxLength: 8 })
  .map(list => [...list, "6 0 0 1"])
  .map(list => `-m bpf --bytecode "${list.length},${list.join(",")}"`);

const PACKETS = ["tcp 203.0.113.9:40000 > 192.0.2.1:21 syn", "udp 203.0.113.9:53 > 192.0.2.1:3300", "icmp 203.0.113.9 > 192.0.2.1 8/0"].map(
  bytesOf,
);

/** A rule that is taken is run, and counts alike in both engines. */
function lawsOfProgram({ rule, packets }: { readonly rule: string; readonly packets: readonly string[] }): void {
  const text = `*filter\n-A INPUT ${rule}\n-A INPUT ! -s 0.0.0.0/32 ${rule} -j DROP\nCOMMIT\n`;
  const { ruleset } = readRules(text, "program");
  if (ruleset === undefined) return;
  const [compiled, reference] = (["compiled", "reference"] as const).map(engine => {
    const firewall = machine(text, { engine });
    const verdicts = packets.map((bytes, at) => firewall.receive({ bytes: unhex(bytes), in: "eth0" }, START + at).verdict);
    return { verdicts, counted: counted(firewall, "INPUT") };
  });
  expect(compiled).toEqual(reference);
}

const packets = fc.array(scrambled(PACKETS).map(hex), { minLength: 1, maxLength: 3 });

export const PROGRAMS: readonly Target[] = [
  target("u32", fc.record({ rule: u32Rule, packets }), lawsOfProgram),
  target("bpf", fc.record({ rule: bpfRule, packets }), lawsOfProgram),
];
