/** How long and with what seeds the properties of the fuzz test run. */
import fc from "fast-check";

const MINUTES = Number(process.env["FUZZ_MINUTES"] ?? 0);
/** ms that a property may take in an ordinary run. */
const SHORT = 1500;
/** The seed of ordinary runs, so that they are the same each time. */
const SEED = 1;

/** Whether this is a long run with seeds of its own. */
export const isLong = MINUTES > 0;

/** ms that a test may take, when `properties` of them share a long run. */
export const limit = (properties: number): number => 60_000 + (isLong ? (MINUTES * 60_000) / properties : SHORT);

/** Runs a property for as long as it may: FUZZ_MINUTES=N shared by all of them and a seed that is printed (FUZZ_SEED=N sets it), else briefly. */
export function fuzz<T>(name: string, properties: number, arbitrary: fc.Arbitrary<T>, law: (value: T) => void): void {
  const given = process.env["FUZZ_SEED"];
  const seed = given === undefined ? (isLong ? Math.floor(Math.random() * 0x7fff_ffff) : SEED) : Number(given);
  const interruptAfterTimeLimit = isLong ? (MINUTES * 60_000) / properties : SHORT;
  let runs = 0;
  const counted = fc.property(arbitrary, value => {
    runs++;
    law(value);
  });
  fc.assert(counted, { seed, numRuns: 10_000_000, interruptAfterTimeLimit, markInterruptAsFailure: false, endOnFailure: !isLong });
  if (isLong) console.info(`${name}: ${runs} runs, seed ${seed}`);
  if (runs < 5) throw new Error(`${name}: only ${runs} runs, which prove nothing`);
}
