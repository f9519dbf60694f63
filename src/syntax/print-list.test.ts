import { describe, expect, test } from "vitest";
import type { Family } from "../predicate/index.ts";
import type { Ruleset } from "../ruleset/index.ts";
import type { TableName } from "../xtables/index.ts";
import measuredRows from "./print-list-rows.measured.json" with { type: "json" };
import measured from "./print-list.measured.json" with { type: "json" };
import { printCount } from "./print-list-count.ts";
import { printList, type ListOptions } from "./print-list.ts";
import { readSave } from "./save.ts";

function rulesetOf(lines: readonly string[], family: number): Ruleset {
  const { ruleset, faults } = readSave(`${lines.join("\n")}\n`, "rules", { family: family as Family });
  if (!ruleset) throw new Error(JSON.stringify(faults));
  return ruleset;
}

/** `-v -n -x --line-numbers`, or `user 2 -v -n` for rule 2 of a chain. */
function optionsOf(style: string): ListOptions {
  const words = style.split(" ");
  const number = words.find(word => /^\d+$/.test(word));
  return {
    verbose: words.includes("-v"),
    numeric: words.includes("-n"),
    exact: words.includes("-x"),
    lineNumbers: words.includes("--line-numbers"),
    chain: words.find(word => /^[a-z]+$/.test(word)),
    number: number === undefined ? undefined : Number(number),
  };
}

describe("printList prints what iptables -L of 1.8.9 printed", () => {
  for (const { family, rules, lists } of measured.cases) {
    const ruleset = rulesetOf(rules, family);
    test.each(lists)(`IPv${family} $table $style`, ({ table, style, text }) => {
      expect(
        printList(ruleset, table as TableName, optionsOf(style))
          .split("\n")
          .slice(0, -1),
      ).toEqual(text);
    });
  }
});

test("every extension's text, with -n and without, is the tool's", () => {
  const wrong: string[] = [];
  for (const [family, table, chain, rule, numeric, named] of measuredRows.rows) {
    const ruleset = rulesetOf([`*${table}`, `-A ${chain}${rule === "" ? "" : " "}${rule}`, "COMMIT"], Number(family));
    const list = (n: boolean): string =>
      printList(ruleset, table as TableName, { verbose: true, exact: true, numeric: n, chain: String(chain), number: 1 }).slice(0, -1);
    if (list(true) !== numeric) wrong.push(`want ${numeric}\ngot  ${list(true)}`);
    if (list(false) !== named) wrong.push(`want ${named}\ngot  ${list(false)}`);
  }
  expect(wrong).toEqual([]);
  expect(measuredRows.rows.length).toBeGreaterThan(300);
});

describe("a table that is not there", () => {
  const empty = rulesetOf(["*filter", "COMMIT"], 4);
  test("lists its built-in chains", () => {
    expect(printList(empty, "raw")).toBe(
      "Chain PREROUTING (policy ACCEPT)\ntarget     prot opt source               destination         \n\nChain OUTPUT (policy ACCEPT)\ntarget     prot opt source               destination         \n",
    );
  });
  test("has no other chain", () => {
    expect(() => printList(empty, "raw", { chain: "toString" })).toThrow("No chain/target/match by that name.");
    expect(printList(empty, "raw", { chain: "OUTPUT", number: 7 })).toBe("");
  });
});

test("names of hosts come from the caller, or from Debian's own files", () => {
  const ruleset = rulesetOf(["*filter", "-A INPUT -s 192.0.2.7/32 -d 127.0.0.1/32", "COMMIT"], 4);
  const last = (options: ListOptions): string | undefined =>
    printList(ruleset, "filter", { chain: "INPUT", number: 1, ...options }).trimEnd();
  expect(last({})).toBe("           all  --  192.0.2.7            localhost");
  expect(last({ hostName: address => (address === 0xc0000207 ? "camera.example" : undefined) })).toBe(
    "           all  --  camera.example       127.0.0.1",
  );
});

// Each measured in a listing with -v; the last wraps at 64 bits, as the tool's own sum does.
test.each([
  [99_999n, "99999"],
  [100_000n, "100K"],
  [100_499n, "100K"],
  [100_500n, "101K"],
  [9_999_499n, "9999K"],
  [9_999_500n, "10M"],
  [9_999_499_999n, "10G"],
  [9_999_949_999_999_999n, "10000T"],
  [18_446_744_073_709_551_115n, "18446744T"],
  [18_446_744_073_709_551_116n, "0K"],
] as const)("%d is shown as %s", (value, shown) => {
  expect(printCount(value, "bare")).toBe(shown);
});
