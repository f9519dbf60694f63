import fc from "fast-check";
import { expect, test, vi } from "vitest";
import "../extensions/index.ts";
import { emptyRuleset, type Ruleset, type Table } from "../ruleset/index.ts";
import type { TableName } from "../xtables/index.ts";
import { applyCommand, type CommandOptions } from "./command.ts";
import { printSave } from "./print-save.ts";
import { wordsOf } from "./words.ts";

const argv = (line: string): string[] => wordsOf(line).map(({ text }) => text);

/** The same rules, of which nothing is known: all of them are looked at again. */
const forgotten = ({ family, tables }: Ruleset): Ruleset => ({
  family,
  tables: new Map([...tables].map(([name, table]): [TableName, Table] => [name, { ...table }])),
});

const CHAINS = ["INPUT", "FORWARD", "OUTPUT", "PREROUTING", "POSTROUTING", "a", "b", "c"];
const RULES = [
  "-j ACCEPT",
  "-p tcp --dport 22 -j ACCEPT",
  "-s 10.0.0.0/8 -j a",
  "-d 10.0.0.0/8 -j b",
  "-g c",
  "-j INPUT",
  "! -s 0/0 -j DROP",
  "-m mac --mac-source 02:00:00:00:00:01",
  "-m owner --uid-owner 0 -j ACCEPT",
  "-p tcp -j REJECT --reject-with tcp-reset",
  "-p tcp --syn -j TCPMSS --clamp-mss-to-pmtu",
  "-j MASQUERADE",
  "-p udp -m limit --limit 5/min -j LOG",
  "-m hashlimit --hashlimit-name h --hashlimit-upto 5/min -j ACCEPT",
  "-m hashlimit --hashlimit-name h --hashlimit-upto 9/min -j ACCEPT",
  "-j RATEEST --rateest-name e --rateest-interval 250ms --rateest-ewmalog 500ms",
];
const chain = fc.constantFrom(...CHAINS);
const rule = fc.constantFrom(...RULES);
const command = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(chain, rule).map(([to, what]) => `-A ${to} ${what}`) },
  { weight: 4, arbitrary: fc.tuple(chain, fc.integer({ min: 1, max: 3 }), rule).map(([to, at, what]) => `-I ${to} ${at} ${what}`) },
  { weight: 4, arbitrary: fc.constantFrom("a", "b", "c").map(name => `-N ${name}`) },
  fc.tuple(chain, fc.integer({ min: 1, max: 3 })).map(([from, at]) => `-D ${from} ${at}`),
  fc.tuple(chain, fc.integer({ min: 1, max: 2 }), rule).map(([to, at, what]) => `-R ${to} ${at} ${what}`),
  chain.map(name => `-F ${name}`),
  fc.constantFrom("-X", "-X a", "-E a c", "-E b a", "-Z", "-P INPUT DROP", "-S"),
);
const said = fc.tuple(fc.constantFrom("filter", "nat", "mangle"), command).map(([table, words]) => `-t ${table} ${words}`);

/** Carries all out, remembering or not; each step's status and sentence, and what the rules are then. */
function run(lines: readonly string[], options: CommandOptions, forget: (ruleset: Ruleset) => Ruleset): readonly unknown[] {
  let ruleset = emptyRuleset(4);
  let absent: CommandOptions["absent"];
  return lines.map(line => {
    const done = applyCommand(forget(ruleset), argv(line), { ...options, absent });
    ({ ruleset, absent } = done);
    return [line, done.status, done.error, printSave(ruleset)];
  });
}

test.each(["nft", "legacy"] as const)("what is remembered of %s's tables changes no answer", variant =>
  fc.assert(
    fc.property(fc.array(said, { minLength: 5, maxLength: 40 }), lines => {
      const start = ["-N a", "-N b", "-N c", ...lines];
      expect(run(start, { variant }, ruleset => ruleset)).toEqual(run(start, { variant }, forgotten));
    }),
    { numRuns: 150 },
  ),
);

const ESTIMATES = "-A INPUT -j RATEEST --rateest-name e --rateest-interval";
test.each<[what: string, lines: readonly string[]]>([
  ["a way back", ["-N a", "-N b", "-A INPUT -s 10.0.0.0/8 -j a", "-A a -s 10.1.0.0/16 -j b", "-P INPUT DROP", "-A b -s 10.1.1.0/24 -j a"]],
  ["a way back by a third", ["-N a", "-N b", "-N c", "-A INPUT -s 10.0.0.0/8 -j a", "-A a -i x -j b", "-A b -i x -j c", "-A c -i x -g a"]],
  ["a way to itself", ["-N a", "-A INPUT -i x -j a", "-A a -i x -j a"]],
  [
    "a state that is shared",
    [`${ESTIMATES} 250ms --rateest-ewmalog 500ms`, "-A INPUT -i x -j DROP", `${ESTIMATES} 500ms --rateest-ewmalog 1s`],
  ],
  ["the wrong hook", ["-A INPUT -i x -j DROP", "-A OUTPUT -o x -j ACCEPT", "-A INPUT -m owner --uid-owner 0 -j ACCEPT"]],
  ["the wrong hook behind a chain", ["-N a", "-A INPUT -i x -j a", "-A a -i y -j DROP", "-A a -m owner --uid-owner 0 -j ACCEPT"]],
  [
    "a chain that may not be led to from there",
    ["-N a", "-A OUTPUT -o x -j a", "-A a -m owner --uid-owner 0 -j ACCEPT", "-A INPUT -i x -j a"],
  ],
  [
    "a chain that may be led to from one of two hooks",
    [
      "-N a",
      "-N b",
      "-A OUTPUT -o x -j b",
      "-A INPUT -i x -j b",
      "-A OUTPUT -o y -j a",
      "-A a -m owner --uid-owner 0 -j ACCEPT",
      "-A b -s 10.0.0.0/8 -j a",
    ],
  ],
  ["the wrong table", ["-A INPUT -i x -j DROP", "-A INPUT -i y -j DROP", "-A INPUT -i x -j MASQUERADE"]],
])("%s is refused whatever is remembered", (_what, lines) => {
  for (const variant of ["nft", "legacy"] as const) {
    const told = run(lines, { variant }, ruleset => ruleset);
    expect(told).toEqual(run(lines, { variant }, forgotten));
    expect(told.map(step => (step as readonly unknown[])[1] === 0)).toEqual(lines.map((_, at) => at < lines.length - 1));
  }
});

test.each(["nft", "legacy"] as const)("rules that a command of %s does not touch are not looked at again", variant => {
  const begun = ["-N a", "-A INPUT -p udp -m limit --limit 5/min -j ACCEPT", "-A INPUT -s 10.0.0.0/8 -j a"];
  let ruleset = begun.reduce((before, line) => applyCommand(before, argv(line), { variant }).ruleset, emptyRuleset(4));
  const match = ruleset.tables.get("filter")?.chains.get("INPUT")?.rules[0]?.matches[0];
  if (!match) throw new Error("no match");
  const check = vi.spyOn(match, "check");
  for (const line of [
    "-A a -p tcp --dport 22 -j ACCEPT",
    "-I INPUT 2 -s 10.0.0.1 -j DROP",
    "-P INPUT DROP",
    "-N b",
    "-A a -d 10.0.0.0/8 -j b",
  ])
    ({ ruleset } = applyCommand(ruleset, argv(line), { variant }));
  // A chain that nothing led to yet was b: all that it holds is looked at once it is reached.
  expect(check.mock.calls.length).toBe(1);
  applyCommand(forgotten(ruleset), argv("-A a -p tcp --dport 23 -j ACCEPT"), { variant });
  expect(check.mock.calls.length).toBe(2);
});
