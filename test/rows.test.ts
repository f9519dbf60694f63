import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { chainRows, packetOutcome, savedRule, type RowFile } from "./rows.ts";

/** The rows beside every extension: what iptables 1.8.9 accepts and saves, and which packets match. */
for (const folder of ["matches", "targets"]) {
  for (const name of readdirSync(`src/extensions/${folder}`).filter(file => file.endsWith(".t"))) {
    const file: RowFile = chainRows(readFileSync(`src/extensions/${folder}/${name}`, "utf8"));
    describe(`${folder}/${name}`, () => {
      test("has rows", () => expect(file.rules.length + file.packets.length).toBeGreaterThan(0));
      test.each(file.rules)("$line: $family $table $chain $rule → $outcome", row => {
        const { saved, faults } = savedRule(row);
        if (row.outcome === "FAIL") expect(faults.length, `accepted as ${saved}`).toBeGreaterThan(0);
        else expect(faults.length ? faults.join("\n") : saved).toBe(`-A ${row.chain}${row.saved === "" ? "" : ` ${row.saved}`}`);
      });
      test.each(file.packets)("$line: $family $rule on $packet → $outcome", row =>
        expect(packetOutcome(row), `${row.rule} on ${row.packet}`).toBe(row.outcome),
      );
    });
  }
}
