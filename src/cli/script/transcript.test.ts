import { expect, test } from "vitest";
import { Transcript, transcriptLines } from "./transcript.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const many = (count: number): string => Array.from({ length: count }, (_, index) => `${index}\n`).join("");

test.each<[what: string, printed: string[], lines: string[]]>([
  ["nothing", [], []],
  ["a line in parts, and one without an end", ["on", "e\ntw", "o"], ["x.sh | one", "x.sh | two"]],
  ["the same again", ["y\ny\ny\nz\ny\n"], ["x.sh | y (3 times)", "x.sh | z", "x.sh | y"]],
  ["the same but for blanks at the end", ["y\ny \n\ty\n"], ["x.sh | y (2 times)", "x.sh |     y"]],
  ["the shell's work for us", ["++ FERRULE_AT=1\n+ : \n+ echo\n"], ["x.sh | + echo"]],
  ["its own place", ["/place: 1: no\n"], ["x.sh | x.sh: 1: no"]],
  ["more than is kept", [`${many(103)}`], [...Array.from({ length: 100 }, (_, index) => `x.sh | ${index}`), "x.sh | … 3 more lines"]],
  [
    "the last that is kept, again and again",
    [`${many(100)}99\n99\nother\n99\n`],
    [...Array.from({ length: 99 }, (_, index) => `x.sh | ${index}`), "x.sh | 99 (4 times)", "x.sh | … 1 more lines"],
  ],
  ["a terminal's own words", ["\u001B[31mred\u0007\n"], ["x.sh | \\x1b[31mred\\x07"]],
])("%s", (_what, printed, lines) => {
  const transcript = new Transcript(["/place", "x.sh"]);
  for (const text of printed) transcript.said(bytes(text));
  transcript.flush();
  expect(transcriptLines(transcript, "x.sh", () => "x.sh:1")).toEqual(lines);
});

test("a tool's sentence stands between the same lines", () => {
  const transcript = new Transcript();
  transcript.said(bytes("y\n"));
  transcript.complained(0, "bad argument");
  transcript.said(bytes("y\n"));
  expect(transcriptLines(transcript, "x.sh", () => "x.sh:7")).toEqual(["x.sh | y", "x.sh:7: bad argument", "x.sh | y"]);
});
