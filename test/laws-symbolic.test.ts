import { expect, test } from "vitest";
import { chainLaw } from "./laws/chain-law.ts";
import { plantedLaw } from "./laws/planted-law.ts";
import { sessionLaw } from "./laws/session-law.ts";
import { witnessLaw } from "./laws/witness-law.ts";

/** The laws of the analyses, on a few random rulesets; `npm run laws` runs them at length. A disagreement names its seed: `npm run laws -- --seed N`. */
test("chains as diagrams mean what rule by rule they mean", () => {
  const { pairs, ends, disagreements } = chainLaw({ from: 1, rulesets: 150, packets: 200 });
  console.log(
    `seeds 1 to 150: ${pairs} pairs of a random chain and a packet: ${[...ends].map(([end, count]) => `${end} ${count}`).join(", ")}`,
  );
  expect(disagreements).toEqual([]);
  for (const end of ["accept", "drop", "reject"]) expect(ends.get(end) ?? 0).toBeGreaterThan(pairs / 100);
});

test("sessions end in the engine as the diagrams say", { timeout: 120_000 }, () => {
  const { pairs, exact, ends, disagreements } = sessionLaw({ from: 1, rulesets: 40, packets: 25 });
  console.log(
    `seeds 1 to 40: ${pairs} sessions, ${exact} with one answer: ${[...ends].map(([end, count]) => `${end} ${count}`).join(", ")}`,
  );
  expect(disagreements).toEqual([]);
  expect(exact).toBeGreaterThan(pairs * 0.9);
  for (const end of ["usable", "refused", "answer"]) expect(ends.get(end) ?? 0).toBeGreaterThan(pairs / 50);
});

test.each([
  ["a connection's time that is left grows with the answer", 7073],
  ["a set waits for a hardware address", 7261],
  ["nat OUTPUT sends it by another interface, IPv6", 388],
  ["nat OUTPUT sends it by another interface", 7269],
  ["NAT undoes what prefixes do on the way", 963],
  ["a stream of datagrams is assured later", 964],
  ["a connection is confirmed before it comes back over loopback", 1472],
  ["what is not tracked has no mark of a connection", 10106],
  ["MASQUERADE gives loopback the address that it has", 10869],
  ["NETMAP leaves an address of its network as it is", 14219],
  ["raw OUTPUT sees what NAT of INPUT did", 11015],
  ["a hash of the answer is another one", 12536],
  ["answers over loopback come from where the client asked", 13130],
  ["and are asked about with that address", 13351],
])("%s: seed %i", (_, seed) => expect(sessionLaw({ from: seed, rulesets: 1, packets: 50 }).disagreements).toEqual([]));

test("the engine shows what witnesses claim", { timeout: 120_000 }, () => {
  const { confirmed, claims, failures } = witnessLaw({ from: 1, rulesets: 10 });
  console.log(`seeds 1 to 10: ${confirmed} witnesses: ${[...claims].map(([claim, count]) => `${claim} ${count}`).join(", ")}`);
  expect(failures).toEqual([]);
  expect(confirmed).toBeGreaterThan(300);
});

test("a comparison finds the changes that the engine shows", { timeout: 300_000 }, () => {
  const { pairs, seen, equal, disagreements } = plantedLaw({ from: 1, rulesets: 12, packets: 40 });
  console.log(`seeds 1 to 12: ${pairs} pairs, the engine tells ${seen} apart, the comparison proves ${equal} equal`);
  expect(disagreements).toEqual([]);
  expect(seen).toBeGreaterThan(0);
});
