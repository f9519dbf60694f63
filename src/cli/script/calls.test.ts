import fc from "fast-check";
import { expect, test } from "vitest";
import { placesFrom, positionOf, type Call } from "./calls.ts";

const calls = (text: string): readonly Call[] => [...text].map(words => ({ words, at: "" }));
const told = (text: string): readonly Call[] => [...text].map((words, index) => ({ words, at: `f:${index + 1}` }));
const lines = (mine: string, other: string): string =>
  placesFrom(calls(mine), told(other))
    .map(at => (at === "" ? "-" : at.slice(2)))
    .join(" ");

test.each([
  ["abc", "abc", "1 2 3"],
  ["aaa", "aaa", "1 2 3"],
  ["abc", "abxc", "1 2 4"],
  ["axbc", "abc", "1 - 2 3"],
  ["ba", "ab", "2 -"],
  ["", "abc", ""],
  ["abc", "", "- - -"],
])("%j beside %j: %s", (mine, other, wanted) => expect(lines(mine, other)).toBe(wanted));

test("a place is of the same words, and places go up", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 40 }), fc.string({ maxLength: 40 }), (mine, other) => {
      let last = 0;
      for (const [index, at] of placesFrom(calls(mine), told(other)).entries()) {
        if (at === "") continue;
        const line = Number(at.slice(2));
        expect([...other][line - 1]).toBe([...mine][index]);
        expect(line).toBeGreaterThan(last);
        last = line;
      }
    }),
  );
});

test("runs that call the same tools answer to each other", () => {
  const mine = ["iptables\0-A\0now", "ipset\0list", "iptables\0-F"].map(words => ({ words, at: "" }));
  const other = ["iptables\0-A\0later", "ipset\0save", "iptables\0-F"].map((words, index) => ({ words, at: `f:${index + 1}` }));
  expect(placesFrom(mine, other)).toEqual(["f:1", "f:2", "f:3"]);
  expect(placesFrom(mine, other.slice(1))).toEqual(["", "", "f:3"]);
});

test("a place that is known stays", () => expect(placesFrom([{ words: "a", at: "g:7" }], told("ba"))).toEqual(["g:7"]));

test.each([
  ["/x/f.sh:12", "f.sh:12"],
  ["a:b:3", "b:3"],
  ["", "whole:0"],
  ["/x/f.sh:", "whole:0"],
  ["/x/f.sh:1e3x", "whole:0"],
  [":5", "whole:0"],
])("%j is at %s", (at, wanted) => {
  const { file, line } = positionOf(at, path => path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf(":")) + 1), "whole");
  expect(`${file}:${line}`).toBe(wanted);
});
