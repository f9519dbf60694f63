import fc from "fast-check";
import type { Target } from "./target.ts";

/** How long a target is tried, and from where. */
export interface Trial {
  readonly seed: number;
  readonly milliseconds: number;
  /** Hears each input before it is tried, for the case that it never ends. */
  readonly before?: (input: unknown) => void;
}

/** An input that broke a law, made as small as it could be. */
export interface Finding {
  readonly input: unknown;
  readonly error: string;
}

/** What a trial showed. */
export interface Tried {
  readonly runs: number;
  /** ms of the slowest input. */
  readonly slowest: number;
  readonly finding: Finding | undefined;
}

/** ms of the processor that one input may take; all of them are small, but a range may fill an ipset with 65,536 elements. */
const PATIENCE = 5000;
const PROTOTYPE = Reflect.ownKeys(Object.prototype).join();

/** Tries a target until the time is over or a law is broken: it threw, took long, or changed what all objects have in common. */
export function tryTarget({ name, inputs, law }: Target, { seed, milliseconds, before }: Trial): Tried {
  let runs = 0;
  let slowest = 0;
  const property = fc.property(inputs, input => {
    runs++;
    before?.(input);
    const start = process.cpuUsage();
    law(input);
    const { user, system } = process.cpuUsage(start);
    const took = (user + system) / 1000;
    slowest = Math.max(slowest, took);
    // The first run of a target also loads and compiles what it needs.
    if (took > PATIENCE && runs > 1) throw new Error(`${name}: ${Math.round(took)} ms`);
    if (Reflect.ownKeys(Object.prototype).join() !== PROTOTYPE) throw new Error(`${name}: Object.prototype has changed`);
  });
  const done = fc.check(property, { seed, numRuns: 10_000_000, interruptAfterTimeLimit: milliseconds, markInterruptAsFailure: false });
  if (!done.failed) return { runs, slowest, finding: undefined };
  const { errorInstance } = done;
  const error = errorInstance instanceof Error ? (errorInstance.stack ?? errorInstance.message) : String(errorInstance);
  return { runs, slowest, finding: { input: done.counterexample?.[0], error } };
}
