import fc from "fast-check";
import { expect, test } from "vitest";
import { RateEstimator, type EstimatorSettings } from "./rate-estimator.ts";

const MS = 1000;
const FAST: EstimatorSettings = { interval: 0, smoothing: 1 };

test("ten packets in a quarter of a second are forty a second, and half of that counts", () => {
  const estimator = new RateEstimator(0);
  for (let i = 0; i < 10; i++) estimator.add(FAST, 100, 10 * MS);
  expect(estimator.read(100 * MS)).toEqual({ bytes: 0, packets: 0 });
  expect(estimator.read(260 * MS)).toEqual({ bytes: 2000, packets: 20 });
  expect(estimator.read(510 * MS)).toEqual({ bytes: 1000, packets: 10 });
});

test("nothing is known of an estimator that no rule feeds", () => {
  expect(new RateEstimator(0).read(1e12)).toEqual({ bytes: 0, packets: 0 });
});

test("a century of silence ends at once, and at nothing", () => {
  const estimator = new RateEstimator(0);
  for (let i = 0; i < 1000; i++) estimator.add({ interval: 0, smoothing: 3 }, 1500, i);
  const { bytes } = estimator.read(100 * 365 * 86_400 * 1_000_000);
  // Less than 2^smoothing fractions never go.
  expect(bytes).toBe(0);
});

test("a clock that runs backwards changes nothing", () => {
  const estimator = new RateEstimator(1_000_000_000);
  estimator.add(FAST, 1000, 1_000_000_000);
  const before = estimator.read(1_000_500 * MS);
  expect(estimator.read(0)).toEqual(before);
});

test("it does not matter how often it is read", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 5 }),
      fc.integer({ min: 1, max: 12 }),
      fc.array(fc.tuple(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 0, max: 1500 })), { maxLength: 40 }),
      (interval, smoothing, packets) => {
        const [often, seldom] = [new RateEstimator(0), new RateEstimator(0)];
        let now = 0;
        for (const [wait, bytes] of packets) {
          for (let step = 0; step < wait; step += 100) often.read((now + step) * MS);
          now += wait;
          often.add({ interval, smoothing }, bytes, now * MS);
          seldom.add({ interval, smoothing }, bytes, now * MS);
        }
        expect(often.read((now + 9999) * MS)).toEqual(seldom.read((now + 9999) * MS));
      },
    ),
  );
});
