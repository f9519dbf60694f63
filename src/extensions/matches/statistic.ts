import { invertIf, opaque, type Opaque } from "../../predicate/index.ts";
import { bounded, finallyChecked, scanDouble, UsageError, type MatchType, type Value } from "../../xtables/index.ts";

/** Kernel: struct xt_statistic_info. */
type Statistic =
  /** Out of 2^31. */
  | { readonly mode: "random"; readonly probability: number; readonly invert: boolean }
  | { readonly mode: "nth"; readonly every: number; readonly packet: number; readonly invert: boolean };

const WHOLE = 2 ** 31;
const MODES = ["random", "nth"] as const;

const mode: Value<Statistic["mode"]> = {
  shape: "random|nth",
  words: MODES,
  parse(text) {
    const found = MODES.find(each => each === text);
    if (!found) throw new UsageError(`Bad mode "${text}"`);
    return found;
  },
  print: String,
};

/** A share from 0 to 1 as a number out of 2^31; not a number counts as 0. libxtables: xtopt_parse_double; libxt_statistic: statistic_parse. */
const probability: Value<number> = {
  shape: "probability",
  parse(text, { extension, option }) {
    const scanned = scanDouble(text);
    if (!scanned || scanned.rest !== "" || scanned.value < 0 || scanned.value > 1)
      throw new UsageError(`${extension}: bad value for option "--${option}", or out of range (0-1).`);
    return Number.isNaN(scanned.value) ? 0 : Math.round(scanned.value * WHOLE);
  },
  print: share => (share / WHOLE).toFixed(11),
};

const spec = {
  mode: { value: mode, required: true, help: "Whether packets match at random or in turn." },
  probability: { value: probability, invert: true, excludes: ["every", "packet"], help: "How likely a packet matches, from 0 to 1." },
  every: {
    value: bounded(1, 0xffffffff),
    invert: true,
    excludes: ["probability"],
    requires: ["packet"],
    help: "One of so many packets matches.",
  },
  packet: { value: bounded(0, 0xffffffff), excludes: ["probability"], requires: ["every"], help: "Which one of them, from 0." },
} as const;

const grammar = finallyChecked(spec, (found): Statistic => {
  if (found.mode?.value !== "nth") {
    if (!found.probability) throw new UsageError("--probability must be specified when using random mode");
    return { mode: "random", probability: found.probability.value, invert: found.probability.invert };
  }
  if (!found.every && !found.packet) throw new UsageError("--every and --packet must be specified when using nth mode");
  const every = found.every?.value ?? 1;
  const packet = found.packet?.value ?? 0;
  if (packet >= every) throw new UsageError("the --packet p must be 0 <= p <= n-1");
  return { mode: "nth", every, packet, invert: found.every?.invert ?? false };
});

function random(info: Statistic & { readonly mode: "random" }): Opaque<undefined> {
  return {
    name: "statistic",
    about: list(info),
    depends: "random",
    described: { kind: "random", below: info.probability, outOf: WHOLE },
    start: () => undefined,
    step: (_, __, moment) => moment.random() % WHOLE < info.probability,
  };
}

/** Counts up to `every` - 1 and then from 0 again, where it holds. */
function nth(info: Statistic & { readonly mode: "nth" }): Opaque<{ count: number }> {
  const last = info.every - 1;
  return {
    name: "statistic",
    about: list(info),
    depends: "history",
    described: { kind: "nth", every: info.every, offset: info.packet },
    start: () => ({ count: last - info.packet }),
    step(state) {
      state.count = state.count === last ? 0 : state.count + 1;
      return state.count === 0;
    },
  };
}

/** `-m statistic`: some packets, at random or every so many. Kernel: xt_statistic.c, statistic_mt. */
export const statistic: MatchType<Statistic> = {
  name: "statistic",
  help: "Match some of the packets.",
  options: {
    ...grammar,
    save(info, family) {
      const bang = info.invert ? "! " : "";
      return info.mode === "random"
        ? `--mode random ${bang}--probability ${probability.print(info.probability, family)}`
        : `--mode nth ${bang}--every ${info.every} --packet ${info.packet}`;
    },
  },
  lower: info => ({ predicate: invertIf(info.invert, info.mode === "random" ? opaque(random(info)) : opaque(nth(info))) }),
  list,
};

function list(info: Statistic): string {
  const bang = info.invert ? "! " : "";
  if (info.mode === "random") return `statistic mode random ${bang}probability ${probability.print(info.probability, 4)}`;
  return `statistic mode nth ${bang}every ${info.every}${info.packet === 0 ? "" : ` packet ${info.packet}`}`;
}
