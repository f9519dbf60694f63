import { expect, test } from "vitest";
import { parseIpv4 } from "../packet/index.ts";
import { DEFAULT_ZONE, STATUS, type Connection } from "./connection.ts";
import { EXPECT_FLAG, expectation, type Foreseen } from "./expectation.ts";
import { ExpectationTable, type ExpectationPolicy } from "./expectation-table.ts";
import { newConnection } from "./new-connection.ts";
import { Tracker } from "./tracker.ts";
import { invertTuple, type Tuple } from "./tuple.ts";

const ip = (text: string): number => parseIpv4(text) as number;
const CLIENT = ip("10.0.0.5");
const SERVER = ip("192.0.2.10");

const POLICIES: readonly ExpectationPolicy[] = [
  { name: "two", most: 2, seconds: 10 },
  { name: "one", most: 1, seconds: 20 },
];

/** A confirmed master whose helper has the policies above. */
function masterAt(table: ExpectationTable, port: number, zone = DEFAULT_ZONE): Connection {
  const tracker = new Tracker({ random: () => 0 });
  const tuple: Tuple = { family: 4, protocol: 6, source: CLIENT, destination: SERVER, sourcePort: port, destinationPort: 21 };
  const fresh = newConnection(tracker, {
    id: port,
    tuple,
    reply: invertTuple(tuple) as Tuple,
    zone,
    template: undefined,
    expected: undefined,
    helper: "ftp",
  });
  const master = { ...fresh, status: STATUS.CONFIRMED, deadline: 1e12 };
  table.admit(master, POLICIES);
  return master;
}

const toPort = (destinationPort: number, more: Partial<Foreseen> = {}): Foreseen => ({
  protocol: 6,
  destination: SERVER,
  destinationPort,
  ...more,
});
const packetTo = (destinationPort: number, source = CLIENT, sourcePort = 5000): Tuple => ({
  family: 4,
  protocol: 6,
  source,
  sourcePort,
  destination: SERVER,
  destinationPort,
});
const ports = (table: ExpectationTable, now = 0): number[] => table.list(now).map(({ tuple }) => tuple.destinationPort);

test("the oldest of a class gives way, other classes and masters do not count", () => {
  const table = new ExpectationTable(100);
  const master = masterAt(table, 1);
  for (const port of [1, 2, 3]) expect(table.enter(expectation(master, toPort(port)), 0)).toBe("entered");
  expect(ports(table)).toEqual([2, 3]);
  table.enter(expectation(master, toPort(4, { class: 1 })), 0);
  table.enter(expectation(masterAt(table, 2), toPort(5)), 0);
  expect(ports(table)).toEqual([2, 3, 4, 5]);
});

test("an equal one is replaced, one that clashes is refused", () => {
  const table = new ExpectationTable(100);
  const master = masterAt(table, 1);
  const other = masterAt(table, 2);
  table.enter(expectation(master, toPort(1, { source: CLIENT })), 0);
  expect(table.enter(expectation(master, toPort(1, { source: CLIENT })), 5)).toBe("entered");
  expect(table.list(0).map(({ deadline }) => deadline)).toEqual([10_000_005]);
  // Any source would do for the second: whose packet is it then?
  expect(table.enter(expectation(master, toPort(1)), 5)).toBe("busy");
  expect(table.enter(expectation(other, toPort(1, { source: CLIENT })), 5)).toBe("busy");
  expect(table.enter(expectation(other, toPort(1, { source: CLIENT })), 5, true)).toBe("already");
  expect(table.enter(expectation(other, toPort(1, { source: SERVER })), 5)).toBe("entered");
});

test("the table has an end, which those that expired do not count for", () => {
  const table = new ExpectationTable(2);
  for (const [port, wanted] of [
    [1, "entered"],
    [2, "entered"],
    [3, "full"],
  ] as const)
    expect(table.enter(expectation(masterAt(table, port), toPort(port)), 0)).toBe(wanted);
  expect(table.enter(expectation(masterAt(table, 4), toPort(4)), 10_000_000)).toBe("entered");
});

test("a packet takes the newest that it fulfils, once; permanent ones stay, sleeping ones wait", () => {
  const table = new ExpectationTable(100);
  const master = masterAt(table, 1);
  table.enter(expectation(master, toPort(1, { source: CLIENT })), 0);
  expect(table.take(packetTo(1, SERVER), DEFAULT_ZONE, 1)).toBeUndefined();
  expect(table.take(packetTo(2), DEFAULT_ZONE, 1)).toBeUndefined();
  expect(table.take(packetTo(1), { id: 9, original: true, reply: true }, 1)).toBeUndefined();
  expect(table.take(packetTo(1), DEFAULT_ZONE, 1)).toBeDefined();
  expect(table.take(packetTo(1), DEFAULT_ZONE, 1)).toBeUndefined();
  const sleeper = expectation(master, toPort(2, { flags: EXPECT_FLAG.PERMANENT | EXPECT_FLAG.INACTIVE }));
  table.enter(sleeper, 0);
  expect(table.take(packetTo(2), DEFAULT_ZONE, 1)).toBeUndefined();
  expect(table.find(packetTo(2), DEFAULT_ZONE, 1)).toBe(sleeper);
  sleeper.flags = EXPECT_FLAG.PERMANENT;
  for (const _ of [1, 2]) expect(table.take(packetTo(2), DEFAULT_ZONE, 1)).toBe(sleeper);
  expect(table.take(packetTo(2), DEFAULT_ZONE, 10_000_000)).toBeUndefined();
});

test("a master that is not confirmed, or is going, is no master", () => {
  const table = new ExpectationTable(100);
  const master = masterAt(table, 1);
  table.enter(expectation(master, toPort(1)), 0);
  master.status = 0;
  expect(table.take(packetTo(1), DEFAULT_ZONE, 1)).toBeUndefined();
  master.status = STATUS.CONFIRMED | STATUS.DYING;
  expect(table.take(packetTo(1), DEFAULT_ZONE, 1)).toBeUndefined();
  table.removeOf(master);
  expect(table.list(0)).toEqual([]);
});

test("a master that has expired foresees nothing more", () => {
  const table = new ExpectationTable(100);
  const master = masterAt(table, 1);
  table.enter(expectation(master, toPort(1)), 0);
  master.deadline = 5;
  expect([ports(table, 4), ports(table, 5)]).toEqual([[1], []]);
});
