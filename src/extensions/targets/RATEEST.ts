import { cutBytes, finallyChecked, scanDouble, UsageError, type TargetType, type Value } from "../../xtables/index.ts";
import { estimatorKey, startEstimator, type EstimatorSettings, type RateEstimator } from "../rate-estimator.ts";
import type { Effect } from "../../predicate/index.ts";

/** Kernel: struct xt_rateest_target_info. */
interface Rateest extends EstimatorSettings {
  readonly name: string;
}

/** Bytes of a name. Kernel: IFNAMSIZ less the byte that ends it. */
const NAME_BYTES = 15;
const SECOND = 1_000_000;
/** The longest interval is 250 ms · 2^5. */
const INTERVAL_MAX = 5;
const SMOOTHING_MAX = 31;
const UNITS: readonly (readonly [name: string, microseconds: number])[] = [
  ["", 1],
  ["s", SECOND],
  ["sec", SECOND],
  ["secs", SECOND],
  ["ms", 1000],
  ["msec", 1000],
  ["msecs", 1000],
  ["us", 1],
  ["usec", 1],
  ["usecs", 1],
];

/** A time in microseconds, cut to 32 bits as the conversion of a C double is. libxt_RATEEST: RATEEST_get_time. */
const time = (what: string): Value<number> => ({
  shape: "time[s|ms|us]",
  parse(text) {
    const scanned = scanDouble(text);
    const unit = scanned && UNITS.find(([name]) => name === scanned.rest.toLowerCase());
    if (!scanned || !unit) throw new UsageError(`RATEEST: bad ${what} value "${text}"`);
    const microseconds = Math.trunc(scanned.value * unit[1]);
    return Number.isFinite(microseconds) && Math.abs(microseconds) < 2 ** 63 ? Number(BigInt.asUintN(32, BigInt(microseconds))) : 0;
  },
  print: printTime,
});

function printTime(microseconds: number): string {
  if (microseconds >= SECOND) return `${(microseconds / SECOND).toFixed(1)}s`;
  return microseconds >= SECOND / 1000 ? `${(microseconds / 1000).toFixed(1)}ms` : `${microseconds}us`;
}

const name: Value<string> = { shape: "name", parse: text => cutBytes(text, NAME_BYTES), print: String };

const spec = {
  "rateest-name": { value: name, required: true, help: "Name of the estimator, which rules may share." },
  "rateest-interval": { value: time("interval"), required: true, help: "How often the rate is measured; 250 ms to 8 s." },
  "rateest-ewmalog": { value: time("ewmalog"), required: true, help: "Over how long a time it is averaged." },
} as const;

/** The interval is rounded up to a power of two, the average down to one. libxt_RATEEST: RATEEST_final_check. */
function settings(interval: number, average: number): EstimatorSettings {
  let exponent = 0;
  while (exponent <= INTERVAL_MAX && interval > (2 ** exponent * SECOND) / 4) exponent++;
  if (exponent > INTERVAL_MAX) throw new UsageError("RATEEST: interval value is too large");
  let smoothing = 1;
  while (smoothing <= SMOOTHING_MAX && interval / -Math.log(1 - 1 / 2 ** smoothing) <= average) smoothing++;
  smoothing--;
  if (smoothing === 0 || smoothing >= SMOOTHING_MAX) throw new UsageError("RATEEST: ewmalog value is out of range");
  return { interval: exponent, smoothing };
}

function effect({ name: estimator, interval, smoothing }: Rateest, about: string): Effect<RateEstimator> {
  return {
    do: "effect",
    name: "RATEEST",
    about,
    share: estimatorKey(estimator),
    start: startEstimator,
    step(state, facts, { now }) {
      state.add({ interval, smoothing }, Number(facts.value("length") ?? 0), now);
      return undefined;
    },
  };
}

function words({ name: estimator, interval, smoothing }: Rateest, dashes: string): string {
  const microseconds = (SECOND / 4) * 2 ** interval;
  const average = Number(BigInt.asUintN(32, BigInt(microseconds) << BigInt(smoothing)));
  return `${dashes}name ${estimator} ${dashes}interval ${printTime(microseconds)} ${dashes}ewmalog ${printTime(average)}`;
}

/** `-j RATEEST`: measures how much comes, for `-m rateest` to ask. Kernel: xt_RATEEST.c, xt_rateest_tg. */
export const RATEEST: TargetType<Rateest> = {
  name: "RATEEST",
  help: "Measure the rate of the packets, for -m rateest.",
  options: {
    ...finallyChecked(spec, found => ({
      name: found["rateest-name"]?.value ?? "",
      ...settings(found["rateest-interval"]?.value ?? 0, found["rateest-ewmalog"]?.value ?? 0),
    })),
    save: info => words(info, "--rateest-"),
  },
  check(info, { shared }) {
    const before = shared?.get(estimatorKey(info.name));
    return before && before.about !== words(info, "")
      ? `RATEEST target: the estimator "${info.name}" is there with other settings`
      : undefined;
  },
  lower: info => effect(info, words(info, "")) as Effect,
  list: info => words(info, ""),
};
