import fc from "fast-check";
import { expect, test } from "vitest";
import { bareFacts, CT_STATUS, type Facts, type FlowTuple } from "../predicate/index.ts";
import { ConnectionCount } from "./connection-count.ts";
import { HZ } from "./jiffies.ts";

const TICK = 1_000_000 / HZ;
const { CONFIRMED, ASSURED } = CT_STATUS;

const flow = (port: number): FlowTuple => ({ family: 4, protocol: 6, source: 1, destination: 2, sourcePort: port, destinationPort: 80 });

/** A connection table: ports of connections that are there, and of those that are closed. */
class Table {
  readonly open: Set<number> = new Set();
  readonly closed: Set<number> = new Set();

  packet(port: number | undefined, status: number): Facts {
    return {
      ...bareFacts(4, field => (field === "ctstatus" && status !== 0 ? status : undefined)),
      connections: {
        flow: () => (port === undefined ? undefined : flow(port)),
        find: ({ sourcePort }) =>
          this.open.has(sourcePort) || this.closed.has(sourcePort) ? { closed: this.closed.has(sourcePort), confirmed: true } : undefined,
      },
    };
  }
}

/** `+1` the first packet of connection 1, `1` a later one of it, `=1` one of it when it is assured; `x1` closes it, `-1` takes it away; each at the next tick. */
function counts(steps: readonly string[]): number[] {
  const table = new Table();
  const count = new ConnectionCount();
  const found: number[] = [];
  for (const [tick, step] of steps.entries()) {
    const port = Number(/\d+/.exec(step)?.[0]);
    if (step.startsWith("x")) table.closed.add(port);
    else if (step.startsWith("-")) table.open.delete(port);
    else {
      const status = step.startsWith("+") ? 0 : step.startsWith("=") ? CONFIRMED | ASSURED : CONFIRMED;
      found.push(count.count("net", table.packet(port, status), tick * TICK));
      table.open.add(port);
    }
  }
  return found;
}

// The kernel's answers to the same packets, as measured with Linux 6.18.
test.each([
  ["each connection counts once", ["+1", "+2", "+3", "2", "1"], [1, 2, 3, 3, 3]],
  ["what is gone counts no more", ["+1", "+2", "-1", "+3"], [1, 2, 2]],
  ["a closed connection counts no more", ["+1", "+2", "x2", "=1"], [1, 2, 1]],
  ["an assured one that was never counted counts nothing", ["+1", "=9", "=8"], [1, 1, 1]],
  ["the last packets of the only connection count nothing", ["+1", "=1", "x1", "=1", "=1"], [1, 1, 0, 0]],
  ["a packet of a connection that is there stops the search for what is gone", ["+1", "+2", "+3", "-2", "1"], [1, 2, 3, 3]],
] as const)("%s", (_, steps, expected) => expect(counts(steps)).toEqual(expected));

test("within a tick new connections are not looked up, and one that was never confirmed counts each time", () => {
  const count = new ConnectionCount();
  const table = new Table();
  const lost = table.packet(5, 0);
  expect([0, 0, 0].map(now => count.count("net", lost, now))).toEqual([1, 2, 3]);
  expect(count.count("net", lost, TICK)).toBe(1);
});

test("a packet without ports counts nothing", () => {
  expect(new ConnectionCount().count("net", new Table().packet(undefined, 0), 0)).toBe(0);
});

test("a flood of sources costs a step each, and what is gone is forgotten", () => {
  const count = new ConnectionCount();
  const table = new Table();
  for (let source = 0; source < 20_000; source++) expect(count.count(`${source}`, table.packet(source % 60_000, 0), source * TICK)).toBe(1);
});

test("a long list is looked through in parts, and in the end nothing that is gone is counted", () => {
  const count = new ConnectionCount();
  const table = new Table();
  for (let port = 1; port <= 5000; port++) {
    count.count("net", table.packet(port, 0), port * TICK);
    table.open.add(port);
  }
  for (let port = 1; port <= 4990; port++) table.open.delete(port);
  let last = 0;
  for (let step = 0; step < 200; step++) last = count.count("net", table.packet(5000, CONFIRMED | ASSURED), (6000 + step) * TICK);
  expect(last).toBe(10);
});

test("the count is that of the open connections where each packet has a tick of its own", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 6 }), fc.boolean()), { maxLength: 40 }), steps => {
      const count = new ConnectionCount();
      const table = new Table();
      for (const [tick, [port, leaves]] of steps.entries()) {
        if (leaves) table.open.delete(port);
        else if (!table.open.has(port)) {
          const found = count.count("net", table.packet(port, 0), tick * TICK);
          table.open.add(port);
          expect(found).toBe(table.open.size);
        }
      }
    }),
  );
});
