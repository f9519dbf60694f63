import { expect, test } from "vitest";
import { buildPacket, dissect, isFault, TCP_FLAG } from "../packet/index.ts";
import { DROPPED_SESSION_LIMIT, SessionTable } from "./replay-sessions.ts";

const BY = { decidedBy: undefined, at: undefined, reason: "a test" };

/** Meets one SYN of a client, and drops it where that is said. */
function meet(table: SessionTable, client: number, time: bigint, dropped: boolean): void {
  const bytes = buildPacket({
    family: 4,
    source: 0x0a000000 + client,
    destination: 0xc0000201,
    transport: { kind: "tcp", sourcePort: 40_000, destinationPort: 22, flags: TCP_FLAG.SYN },
  });
  const layout = dissect(bytes);
  if (isFault(layout)) throw new Error("the test's packet is none");
  const passing = { way: { in: "eth0" }, frame: Number(time) + 1, time };
  const met = table.meet(bytes, layout, passing);
  if (dropped) table.drop(met, bytes, layout, passing, BY);
}

test("nothing is listed unless it is asked for", () => {
  const table = new SessionTable();
  meet(table, 1, 0n, true);
  expect(table.listed).toEqual([]);
  expect(table.dropped.length).toBe(1);
});

test("sessions are listed up to their number, those that lose packets beyond it, and each is counted", () => {
  const table = new SessionTable(2);
  for (let client = 0; client < 5; client++) meet(table, client, BigInt(client), client === 4);
  for (let client = 0; client < 5; client++) meet(table, client, 10n + BigInt(client), client === 0);
  const lines = table.listed.map(({ fromClient, droppedFromClient, first, last, by }) => [
    fromClient,
    droppedFromClient,
    first,
    last,
    by?.reason,
  ]);
  expect(lines).toEqual([
    [2, 1, 0n, 10n, "a test"],
    [2, 0, 1n, 11n, undefined],
    [2, 1, 4n, 14n, "a test"],
  ]);
  expect(table.listed[0]?.packet).toBe("tcp 10.0.0.0:40000 > 192.0.2.1:22 syn in eth0");
});

test("memory is bounded whatever comes", () => {
  const table = new SessionTable(3);
  for (let client = 0; client < DROPPED_SESSION_LIMIT + 50; client++) meet(table, client, 0n, true);
  expect(table.listed.length).toBe(3 + DROPPED_SESSION_LIMIT);
});
