import { expect, test } from "vitest";
import { makeCase } from "./case.ts";
import { differences } from "./compare.ts";
import { replayWithDice, type Loaded } from "./dice.ts";
import type { CounterMap, Frame, Outcome, Step } from "./referee.ts";

/** A referee that sends every UDP datagram on from a port drawn out of 1024–65535, the way NAT does, and everything else nowhere. */
function drawing(draw: (call: number) => number): Loaded {
  let given: number[] = [];
  const referee: Loaded = {
    rolls: [],
    get given() {
      return given;
    },
    load() {
      given = [];
      return undefined;
    },
    step(step: Step): Outcome {
      const emitted: Frame[] = [];
      if (step.do !== "wait" && step.bytes[9] === 17 && step.bytes[0] === 0x45 && step.bytes.length >= 28) {
        const bytes = step.bytes.slice();
        const number = referee.rolls[given.length] ?? draw(given.length);
        given.push(number);
        const port = 1024 + (number % 64_512);
        bytes.set([port >> 8, port & 255], 20);
        emitted.push({ device: "eth0", bytes, mark: 0 });
      }
      return { delivered: [], emitted, logged: [], error: "" };
    },
    counters: (): CounterMap => new Map(),
    connections: () => [],
  };
  return referee;
}

test("the engine follows the kernel's dice", () => {
  const [one, kernel] = makeCase(
    drawing(call => (call * 7919) >>> 0),
    5,
    4,
    { tier: "plain", packets: 600 },
  );
  const engine = drawing(() => 0);
  expect(differences(one, kernel, replayWithDice(engine, one, kernel))).toEqual([]);
  expect(engine.given.length).toBeGreaterThan(3);
});

test("dice explain no other difference", () => {
  const [one, kernel] = makeCase(
    drawing(call => call),
    5,
    4,
    { tier: "plain", packets: 600 },
  );
  const engine = drawing(() => 0);
  const deaf: Loaded = { ...engine, rolls: [], given: [], step: step => ({ ...engine.step(step), emitted: [] }) };
  expect(differences(one, kernel, replayWithDice(deaf, one, kernel)).length).toBe(1);
});
