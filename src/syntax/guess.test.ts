import { expect, test } from "vitest";
import { closest } from "./guess.ts";

test.each([
  ["--dprot", ["--dport", "--sport", "--dports"], "--dport"],
  ["ACEPT", ["ACCEPT", "REJECT"], "ACCEPT"],
  ["accept", ["ACCEPT"], "ACCEPT"],
  ["xyz", ["ACCEPT"], undefined],
  ["tcp", ["tcp"], undefined],
  ["x", ["y"], undefined],
  ["y".repeat(100_000), ["y".repeat(100_000)], undefined],
] as const)("%s", (word, among, expected) => expect(closest(word, among)).toBe(expected));
