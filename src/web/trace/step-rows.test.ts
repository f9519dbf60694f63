import { describe, expect, it } from "vitest";
import type { TraceStep } from "../state/traced.ts";
import { rowOf, stepRows, type StepRow } from "./step-rows.ts";

const STEP: TraceStep = {
  packet: 0,
  event: "rule",
  hook: "INPUT",
  table: "filter",
  chain: "INPUT",
  number: undefined,
  line: undefined,
  matched: undefined,
  rule: "",
  text: "",
  failed: undefined,
  verdict: undefined,
  fields: [],
  connection: undefined,
  beside: undefined,
};
const miss: TraceStep = { ...STEP, matched: false };
const hit: TraceStep = { ...STEP, matched: true };
const hook: TraceStep = { ...STEP, event: "hook", table: undefined };
const mangle: TraceStep = { ...STEP, table: "mangle", event: "policy", number: 0, verdict: "accept" };

const told = (rows: readonly StepRow[]): string[] =>
  rows.map(row =>
    row.is === "group"
      ? `${row.open ? "-" : "+"} ${row.title} (${row.about})`
      : row.is === "misses"
        ? `${row.first}..${row.first + row.count - 1} missed`
        : `${row.index}`,
  );

const NONE: ReadonlySet<string> = new Set();

describe("rows", () => {
  const steps = [hook, mangle, miss, miss, hit, miss, { ...STEP, number: 0, verdict: "drop" as const }];
  it("pass over rules that did not match, and close tables where nothing happened", () => {
    expect(told(stepRows(steps, 0, steps.length, { turned: NONE, skip: true }))).toEqual([
      "+ INPUT ()",
      "+ INPUT · mangle (policy ACCEPT)",
      "- INPUT · filter (policy DROP; 4 rules asked, 1 matched)",
      "2..3 missed",
      "4",
      "5..5 missed",
      "6",
    ]);
  });
  it("tell everything when asked", () => {
    expect(told(stepRows(steps, 0, steps.length, { turned: NONE, skip: false }))).toHaveLength(10);
  });
  it("open and close by hand", () => {
    const rows = told(stepRows(steps, 0, steps.length, { turned: new Set(["0.1", "0.2"]), skip: true }));
    expect(rows).toEqual([
      "+ INPUT ()",
      "- INPUT · mangle (policy ACCEPT)",
      "1",
      "+ INPUT · filter (policy DROP; 4 rules asked, 1 matched)",
    ]);
  });
  it("find the row of every step", () => {
    for (const skip of [true, false]) {
      const rows = stepRows(steps, 0, steps.length, { turned: NONE, skip });
      for (const index of steps.keys()) expect(rowOf(rows, index)).toBeGreaterThanOrEqual(0);
      expect(rowOf(rows, 4)).toBe(rows.findIndex(row => row.is === "step" && row.index === 4));
      expect(rowOf(rows, 3)).toBe(skip ? 3 : 6);
    }
  });
  it("keep an answer apart from the packet", () => {
    const rows = stepRows([hit, { ...hit, beside: "answer" }], 0, 2, { turned: NONE, skip: true });
    expect(rows.flatMap(row => (row.is === "group" ? [row.title] : []))).toEqual(["INPUT · filter", "answer: INPUT · filter"]);
  });
});
