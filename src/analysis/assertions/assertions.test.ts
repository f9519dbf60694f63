import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isQuestionFault } from "../question/index.ts";
import { lowerInvariant, printInvariant, readAssertions, readInvariant, type AssertionFile, type Invariant } from "./index.ts";
import { all, bits, equal, holds, bareFacts, bareStore, type Field, type Moment, type Value } from "../../predicate/index.ts";
import type { Path } from "../witness.ts";

function invariant(text: string): Invariant {
  const read = readInvariant(text);
  if (isQuestionFault(read)) throw new Error(`${text}: ${read.message}`);
  return read;
}

const bare = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (key, each: unknown) =>
      key === "start" || key === "end" ? undefined : typeof each === "bigint" ? `${each}n` : each,
    ),
  );

describe("invariants are read, and printed in their canonical words", () => {
  const rows: readonly (readonly [text: string, canonical: string])[] = [
    ["out != tun0 implies drop", "="],
    ["OUT != tun0 IMPLIES Drop", "out != tun0 implies drop"],
    ["out!=tun0 implies drop", "out != tun0 implies drop"],
    ["in = eth0,wan+ and src = 10.0.0.0/8 implies deny", "="],
    ["not in = eth0 implies accept", "in != eth0 implies accept"],
    ["in = a or in = b and out = c implies drop", "="],
    ["(in = a or in = b) and out = c implies drop", "="],
    ["not (in = a or in = b) implies drop", "="],
    ["not not in = a implies drop", "not in != a implies drop"],
    ["port = 22 implies drop", "dport = 22 implies drop"],
    ["proto = tcp ssh implies reject", "proto = tcp 22 implies reject"],
    ["proto = icmp echo-request and in = eth0 implies accept", "proto = icmp 8 and in = eth0 implies accept"],
    ["state = new,invalid and dport != 22,80 implies drop", "state = NEW,INVALID and dport != 22,80 implies drop"],
    ["proto = tcp and flags = none implies drop", "="],
    ["src != @admins,self implies drop", "="],
    ["any implies drop", "="],
  ];
  for (const [text, canonical] of rows)
    test(text, () => {
      const printed = printInvariant(invariant(text));
      expect(printed).toBe(canonical === "=" ? text : canonical);
      expect(bare(invariant(printed))).toEqual(bare(invariant(text)));
    });

  const faults: readonly (readonly [text: string, marked: string, message: string, guess?: string])[] = [
    ["", "", "is missing"],
    ["out != tun0", "", "comes `implies`", "implies"],
    ["out != tun0 implies dorp", "dorp", "expected accept", "drop"],
    ["ott != tun0 implies drop", "ott", "expected in, out", "out"],
    ["out tun0 implies drop", "tun0", "comes = or !=", "="],
    ["(out = tun0 implies drop", "implies", "does not end", ")"],
    ["out = tun0 implies drop now", "now", "nothing more"],
    ["src = 10.0.0.1/8 implies drop", "10.0.0.1/8", "bits set", "10.0.0.0/8"],
    [`${"(".repeat(60)}in = a`, "(", "50 deep"],
    [`${"not ".repeat(60)}in = a`, "not", "50 deep"],
  ];
  for (const [text, marked, message, guess] of faults)
    test(text.slice(0, 40), () => {
      const fault = readInvariant(text);
      if (!isQuestionFault(fault)) throw new Error("no fault");
      expect(fault.message).toContain(message);
      expect(text.slice(fault.start, fault.end)).toBe(marked);
      expect(fault.guess).toBe(guess);
    });

  test("any text is read or refused, and what is read prints and reads back", () => {
    const words = fc.array(
      fc.constantFrom(
        "in",
        "out",
        "src",
        "proto",
        "state",
        "dport",
        "=",
        "!=",
        "(",
        ")",
        "and",
        "or",
        "not",
        "any",
        "implies",
        "drop",
        "eth0",
        "10.0.0.0/8",
        "22",
        "tcp",
        "NEW",
        "!",
        ",",
      ),
      {
        maxLength: 14,
      },
    );
    fc.assert(
      fc.property(words, parts => {
        const read = readInvariant(parts.join(" "));
        if (!isQuestionFault(read)) expect(bare(invariant(printInvariant(read)))).toEqual(bare(read));
      }),
      { numRuns: 5000 },
    );
  });
});

describe("invariants as predicates", () => {
  const MOMENT: Moment = { now: 0, random: () => 0 };
  const asks = (text: string, path: Path, packet: Partial<Record<Field, Value>>): boolean => {
    const lowered = lowerInvariant(invariant(text), { namedSets: [] });
    if (isQuestionFault(lowered)) throw new Error(lowered.message);
    const facts = bareFacts(4, field => packet[field]);
    return lowered.some(each => each.family === 4 && each.path === path && holds(each.of, facts, MOMENT, bareStore(MOMENT)));
  };
  const rows: readonly (readonly [text: string, path: Path, packet: Partial<Record<Field, Value>>, wanted: boolean])[] = [
    ["out != tun0 implies drop", "out", { iif: "", oif: "eth0" }, true],
    ["out != tun0 implies drop", "out", { iif: "", oif: "tun0" }, false],
    ["out != tun0 implies drop", "in", { iif: "eth0", oif: "" }, false],
    ["out != tun0 implies drop", "local", { iif: "", oif: "lo" }, false],
    ["in = eth0 and dport != 22 implies drop", "in", { iif: "eth0", oif: "", protocol: 1 }, true],
    ["in = eth0 and dport != 22 implies drop", "in", { iif: "eth0", oif: "", protocol: 6, dport: 22 }, false],
    ["proto = icmpv6 implies drop", "in", { protocol: 58 }, false],
    ["proto != icmpv6 implies drop", "in", { protocol: 1 }, true],
    ["src = 10.0.0.0/8 or state = INVALID implies drop", "in", { saddr: 1, ctstate: 0 }, true],
    ["flags = syn implies drop", "in", { tcpflags: 2 }, true],
    ["any implies drop", "forward", {}, true],
  ];
  for (const [text, path, packet, wanted] of rows)
    test(`${text} | ${path} ${JSON.stringify(packet)} | ${wanted}`, () => expect(asks(text, path, packet)).toBe(wanted));
  test("is made of the tests that it says", () => {
    const lowered = lowerInvariant(invariant("state = NEW and flags = syn implies drop"), { namedSets: [] });
    if (isQuestionFault(lowered)) throw new Error(lowered.message);
    expect(lowered[0]?.of).toEqual(all({ is: "any", of: [equal("ctstate", 1)] }, bits("tcpflags", 23, 2)));
  });
});

function file(text: string): AssertionFile {
  const { value, faults } = readAssertions("fw.yaml", text);
  expect(faults).toEqual([]);
  if (value === undefined) throw new Error("not read");
  return value;
}

const WHOLE = `# A gateway
rules: gateway.rules
v6: gateway.rules6
host: gateway.json
vars:
  office: 203.0.113.0/24, 198.51.100.7
  web: tcp 80,443
  all-web: $web
assert:
  - name: the office may ssh
    allow: from $office to self tcp 22
  - deny: from ! $office to self tcp 22
    path: in
    family: 4
  - reject: from any to self tcp auth
  - half-open: 'from any to self udp 53'
  - no strays
  - no strays: true
    path: [in, forward]
  - equal to: old.rules
  - no finding: [F07, f15]
  - no finding: any
  - at most:
      - from $office to self tcp 22
      - from any to self $all-web
    name: nothing else
  - invariant: |
      out != tun0
      implies drop
`;

describe("files of assertions", () => {
  test("are read with names, paths, families and places", () => {
    const read = file(WHOLE);
    expect([read.rules?.text, read.v6?.text, read.host?.text, read.ipset]).toEqual([
      "gateway.rules",
      "gateway.rules6",
      "gateway.json",
      undefined,
    ]);
    expect(read.assertions.map(({ name, at, paths, family, claim }) => [at.line, claim.is, name.trim(), paths, family])).toEqual([
      [10, "allow", "the office may ssh", undefined, undefined],
      [12, "deny", "deny from ! $office to self tcp 22", ["in"], 4],
      [15, "reject", "reject from any to self tcp auth", undefined, undefined],
      [16, "half-open", "half-open from any to self udp 53", undefined, undefined],
      [17, "no strays", "no strays", undefined, undefined],
      [18, "no strays", "no strays", ["in", "forward"], undefined],
      [20, "equal to", "equal to old.rules", undefined, undefined],
      [21, "no finding", "no finding F07, F15", undefined, undefined],
      [22, "no finding", "no finding any", undefined, undefined],
      [23, "at most", "nothing else", undefined, undefined],
      [27, "invariant", "out != tun0\nimplies drop", undefined, undefined],
    ]);
  });

  const faults: readonly (readonly [text: string, place: string, message: string, guess?: string])[] = [
    ["", "1:1", "expected keys and values"],
    ["- a", "1:1", "expected keys and values, found a list"],
    ["rules: x", "1:1", "list of assertions is missing", "assert"],
    ["assert: []", "1:9", "there are no assertions"],
    ["assert: no strays", "1:9", "expected a list"],
    ["asert:\n  - no strays", "1:1", "unknown key", "assert"],
    ["assert:\n  - no stray", "2:5", "expected an assertion"],
    ["assert:\n  - allow from any to self", "2:5", "expected an assertion", "allow: from any to self"],
    ["assert:\n  - alow: from any to self", "2:5", "unknown key", "allow"],
    ["assert:\n  - name: x", "2:5", "needs one of"],
    ["assert:\n  - allow: from any to self\n    deny: from any to self", "3:5", "makes one claim"],
    ["assert:\n  - allow: from any to self tpc 22", "2:29", "no protocol", "tcp"],
    ["assert:\n  - allow: 'from any to self tpc 22'", "2:30", "no protocol", "tcp"],
    ["assert:\n  - allow: >\n      from any to self\n      tpc 22", "4:7", "no protocol", "tcp"],
    ["assert:\n  - allow: |\n      from any to self\n      tcp 22,x y", "4:14", "is no port"],
    ['assert:\n  - allow: "from any to self\\x20tpc 22"', "2:12", "no protocol", "tcp"],
    ["vars:\n  a: 10.0.0.300\nassert:\n  - allow: from $a to self", "4:17", "is no address"],
    ["vars:\n  b: $a\n  a: x\nassert:\n  - no strays", "2:6", "no variable $a"],
    ["vars:\n  'a b': x\nassert:\n  - no strays", "2:3", "letters, digits"],
    ["assert:\n  - no strays: false", "2:16", "expected true"],
    ["assert:\n  - no finding: F7", "2:17", "expected the code"],
    ["assert:\n  - no finding: []", "2:17", "the list is empty"],
    ["assert:\n  - no strays: true\n    path: inn", "3:11", "expected in, out"],
    ["assert:\n  - no strays: true\n    family: 5", "3:13", "expected 4 or 6"],
    ["assert:\n  - invariant: out != tun0", "2:27", "implies", "implies"],
    ["rules: [a]\nassert:\n  - no strays", "1:8", "expected a file's name, found a list"],
    ["rules: a\nrules: b\nassert:\n  - no strays", "2:1", "said twice"],
    ["assert:\n  - [no strays", "2:5", ""],
  ];
  for (const [text, place, message, guess] of faults)
    test(JSON.stringify(text), () => {
      const { faults: found } = readAssertions("fw.yaml", text);
      const [fault] = found;
      expect(fault?.message).toContain(message);
      if (message !== "") expect(`${fault?.line}:${fault?.column}`).toBe(place);
      expect(fault?.guess).toBe(guess);
    });

  test("hostile ones are refused", () => {
    for (const text of [
      "[".repeat(50_000),
      "- ".repeat(20_000),
      `assert:\n${"  - no strays: &a [*a]\n".repeat(10)}`,
      "a".repeat(5_000_000),
      "x: &x [*x, *x]\nassert: *x",
    ])
      expect(readAssertions("x", text).faults.length).toBeGreaterThan(0);
  });
});
