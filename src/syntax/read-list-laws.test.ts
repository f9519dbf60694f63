import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { TableName } from "../xtables/index.ts";
import measuredRows from "./print-list-rows.measured.json" with { type: "json" };
import measured from "./print-list.measured.json" with { type: "json" };
import { printList } from "./print-list.ts";
import { printSave } from "./print-save.ts";
import { readList } from "./read-list.ts";
import { readSave } from "./save.ts";

const WIDE = " pkts bytes target     prot opt in     out     source               destination         ";
const NARROW = "target     prot opt source               destination         ";
const ROW = "ACCEPT     tcp  --  0.0.0.0/0            0.0.0.0/0            tcp dpt:22";

describe("laws", () => {
  const families = [4, 6] as const;
  const tables = ["raw", "mangle", "nat", "filter"] as const;
  // Without those that the listing does not tell apart from their neighbours: a comment with the end of a comment in it, and empty NFLOG options.
  const rulesOf = (family: number, table: string): string[] =>
    measuredRows.rows
      .filter(
        ([f, t, chain, rule]) =>
          f === family && t === table && chain === (table === "filter" ? "INPUT" : "PREROUTING") && !String(rule).includes("*/"),
      )
      .map(([, , , rule]) => String(rule));
  const counter = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });

  test("list, then read: nothing is lost with -v -n -x, whatever the rules", () => {
    fc.assert(
      fc.property(
        fc
          .constantFrom(...families)
          .chain(family =>
            fc
              .constantFrom(...tables)
              .chain(table =>
                fc.tuple(
                  fc.constant(family),
                  fc.constant(table),
                  fc.array(fc.tuple(fc.constantFrom(...rulesOf(family, table)), counter, counter), { maxLength: 12 }),
                ),
              ),
          ),
        fc.boolean(),
        ([family, table, picked], lineNumbers) => {
          const chain = table === "filter" ? "INPUT" : "PREROUTING";
          const text = [
            `*${table}`,
            ...picked.map(([rule, packets, bytes]) => `[${packets}:${bytes}] -A ${chain}${rule === "" ? "" : " "}${rule}`),
            "COMMIT",
            "",
          ].join("\n");
          const first = readSave(text, "rules", { family });
          if (!first.ruleset) throw new Error(JSON.stringify(first.faults));
          const listing = printList(first.ruleset, table as TableName, { verbose: true, numeric: true, exact: true, lineNumbers });
          const again = readList(listing, "list", { family });
          expect(again.faults).toEqual([]);
          expect(again.ruleset && printSave(again.ruleset, { counters: true })).toBe(printSave(first.ruleset, { counters: true }));
        },
      ),
      { numRuns: 200 },
    );
  });

  test("any text is read or refused, never thrown on", () => {
    const pieces = fc.constantFrom(
      "Chain INPUT (policy ACCEPT)",
      "Chain x (1 references)",
      NARROW,
      WIDE,
      ROW,
      "/* ",
      " */",
      "! ",
      "--",
      "\n",
      " ",
      "__proto__",
      "0.0.0.0/0",
      "::/0",
      'LOG flags 0 level 4 prefix "',
      "to:",
      "state",
      "\t",
      "\0",
      "\ud800",
      'nflog-prefix "a\\',
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(pieces, fc.string({ unit: "binary", maxLength: 8 })), { maxLength: 30 }),
        fc.boolean(),
        (parts, lenient) => {
          const { ruleset, faults } = readList(parts.join(""), "list", { lenient });
          expect(ruleset === undefined).toBe(faults.length > 0);
        },
      ),
      { numRuns: 500 },
    );
  });

  test("a damaged listing is read or refused, never thrown on", () => {
    const listing = measured.cases
      .flatMap(({ lists }) => lists.slice(0, 8))
      .flatMap(({ text }) => text)
      .join("\n");
    fc.assert(
      fc.property(fc.nat(listing.length), fc.nat(40), fc.string({ maxLength: 3 }), (at, length, put) => {
        const start = Math.max(0, listing.lastIndexOf("\nChain", at));
        const text = listing.slice(start, at) + put + listing.slice(at + length, at + 3000);
        const { ruleset, faults } = readList(text, "list");
        expect(ruleset === undefined).toBe(faults.length > 0);
      }),
      { numRuns: 200 },
    );
  });
});
