import type { Moment } from "../predicate/index.ts";
import { HZ, jiffies } from "./jiffies.ts";

/** How an estimator works: it looks every 250 ms · 2^`interval`, and what it sees counts 2^-`smoothing`. Kernel: struct gnet_estimator. */
export interface EstimatorSettings {
  readonly interval: number;
  readonly smoothing: number;
}

/** What an estimator says, a second. */
export interface RateSample {
  readonly bytes: number;
  readonly packets: number;
}

/** Fractions of a byte, and of a packet, that averages are kept in. */
const FRACTION = 256;
const SILENT: RateSample = { bytes: 0, packets: 0 };

/** A moving average of packets and bytes a second. Kernel: gen_estimator.c, struct net_rate_estimator. */
export class RateEstimator {
  readonly #madeAt: number;
  #settings: EstimatorSettings | undefined;
  #lookAt = 0;
  #packets = 0;
  #bytes = 0;
  #averagePackets = 0;
  #averageBytes = 0;

  /** `now` is in microseconds, here and below. */
  constructor(now: number) {
    this.#madeAt = jiffies(now);
  }

  /** Counts a packet of so many bytes. The first settings count, those of the rule that made the estimator. */
  add(settings: EstimatorSettings, bytes: number, now: number): void {
    if (this.#settings === undefined) {
      this.#settings = settings;
      this.#lookAt = this.#madeAt + period(settings);
    }
    this.#advance(this.#settings, jiffies(now));
    this.#packets++;
    this.#bytes += bytes;
  }

  /** Kernel: gen_estimator_read. */
  read(now: number): RateSample {
    if (this.#settings === undefined) return SILENT;
    this.#advance(this.#settings, jiffies(now));
    return { bytes: Math.floor(this.#averageBytes / FRACTION), packets: Math.floor(this.#averagePackets / FRACTION) };
  }

  /** Looks as often as it should have by now. Kernel: est_timer. */
  #advance(settings: EstimatorSettings, now: number): void {
    const step = period(settings);
    while (this.#lookAt <= now) {
      this.#lookAt += step;
      const before = this.#averageBytes + this.#averagePackets;
      this.#averageBytes = smooth(this.#averageBytes, this.#bytes, settings);
      this.#averagePackets = smooth(this.#averagePackets, this.#packets, settings);
      const idle = this.#bytes === 0 && this.#packets === 0;
      this.#bytes = 0;
      this.#packets = 0;
      // What does not change any more need not be looked at again.
      if (idle && before === this.#averageBytes + this.#averagePackets && this.#lookAt <= now)
        this.#lookAt += Math.ceil((now - this.#lookAt + 1) / step) * step;
    }
  }
}

/** Ticks between two looks. */
const period = ({ interval }: EstimatorSettings): number => Math.floor(HZ / 4) * 2 ** interval;

function smooth(average: number, seen: number, { interval, smoothing }: EstimatorSettings): number {
  const rate = Math.floor((seen * 4 * FRACTION) / 2 ** interval);
  return average + Math.floor(rate / 2 ** smoothing) - Math.floor(average / 2 ** smoothing);
}

/** Name of the state that all rules with one estimator share. */
export const estimatorKey = (name: string): string => `rateest:${name}`;

/** A fresh estimator, whoever names it first. */
export const startEstimator = ({ now }: Moment): RateEstimator => new RateEstimator(now);
