import { afterAll, expect, test } from "vitest";
import { ACCEPTED } from "./faults/accepted-text.ts";
import { ferrule, scratch } from "./faults/command-line.ts";
import { REFUSED } from "./faults/refused-text.ts";

/** Forty bad days: inputs and faults that must be survived, each test with the number of its fault. */

const files = scratch();
afterAll(() => files.remove());
const before = Reflect.ownKeys(Object.prototype).join();

test.each(REFUSED)("fault $fault: $name is refused, with its place", async ({ text, at: [line, column], says }) => {
  const path = files.file("refused.rules", text);
  const { status, stdout, stderr } = await ferrule("show", path);
  const [first = "", ...rest] = stderr.slice(stderr.indexOf(`${path}:${line}:${column}: `)).split("\n");
  expect({ status, stdout, place: first.slice(0, `${path}:${line}:${column}:`.length) }).toEqual({ status: 2, stdout: "", place: `${path}:${line}:${column}:` });
  const told = [first, ...rest].join("\n");
  expect(told).toContain(says);
  // The end of a file has no line to show.
  if (line <= text.split("\n").length - 1) expect(rest[1]?.trim()).toMatch(/^\^+$/);
  for (const each of stderr.split("\n")) expect(each.length).toBeLessThan(1500 + path.length);
});

test.each(ACCEPTED)("fault $fault: $name is accepted", async ({ text, holds, warns }) => {
  const path = files.file("accepted.rules", text);
  const { status, stdout, stderr } = await ferrule("show", "--counters", path);
  expect(status).toBe(0);
  const lines = stdout.split("\n").map(line => (line.startsWith("[0:0] ") ? line.slice("[0:0] ".length) : line));
  expect(lines.filter(line => holds.includes(line))).toEqual(holds);
  if (warns === undefined) expect(stderr).toBe("");
  else {
    const [line, column, says] = warns;
    expect(stderr).toContain(`${path}:${line}:${column}: warning: `);
    expect(stderr).toContain(says);
  }
  // What was printed is a fixpoint.
  const again = await ferrule("show", "--counters", files.file("again.rules", stdout), "--family", stdout.includes("ipv6-icmp") ? "6" : "4");
  expect(again.stdout).toBe(stdout);
});

test("fault 25: Object.prototype is as it was", () => {
  expect(Reflect.ownKeys(Object.prototype).join()).toBe(before);
});
