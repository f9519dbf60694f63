import { invertIf, opaque, type Opaque, type Predicate } from "../../predicate/index.ts";
import {
  cutBytes,
  optionName,
  scanUnsigned,
  UsageError,
  type Given,
  type Grammar,
  type MatchType,
  type Option,
  type Value,
} from "../../xtables/index.ts";
import { bitRate, printBitRate } from "../bit-rate.ts";
import { estimatorKey, startEstimator, type RateEstimator, type RateSample } from "../rate-estimator.ts";

const COMPARISONS = ["lt", "gt", "eq"] as const;

/** What is compared: bytes or packets a second, first against second. */
interface Compared {
  readonly first: number;
  readonly second: number;
}

/** Kernel: struct xt_rateest_match_info. */
interface Rateest {
  readonly name1: string;
  /** The other estimator, where there are two. */
  readonly name2: string | undefined;
  readonly delta: boolean;
  readonly invert: boolean;
  readonly comparison: (typeof COMPARISONS)[number] | undefined;
  readonly bytes: Compared | undefined;
  readonly packets: Compared | undefined;
}

/** Bytes of a name. Kernel: IFNAMSIZ less the byte that ends it. */
const NAME_BYTES = 15;

const name: Value<string> = { shape: "name", parse: text => cutBytes(text, NAME_BYTES), print: String };
const bytes: Value<number> = {
  shape: "[rate]",
  parse: text => (text === "" ? 0 : bitRate(text)),
  print: rate => printBitRate(rate, false),
};
const packets: Value<number> = {
  shape: "[packets]",
  parse(text) {
    if (text === "") return 0;
    const scanned = scanUnsigned(text, 0, 0xffffffff);
    if (scanned?.rest !== "") throw new UsageError(`rateest: could not parse pps \`${text}'`);
    return scanned.value;
  },
  print: String,
};

const spec: Readonly<Record<string, Option<unknown>>> = {
  "rateest-delta": { help: "Compare how far the rates lie below those given." },
  rateest1: { value: name, aliases: ["rateest"], help: "Name of an estimator." },
  rateest2: { value: name, help: "Name of another one, to compare with." },
  "rateest-bps1": { value: bytes, arity: "optional", help: "Bits a second for the first estimator." },
  "rateest-pps1": { value: packets, arity: "optional", help: "Packets a second for the first estimator." },
  "rateest-bps2": {
    value: bytes,
    arity: "optional",
    aliases: ["rateest-bps"],
    help: "Bits a second to compare with, or for the second estimator.",
  },
  "rateest-pps2": {
    value: packets,
    arity: "optional",
    aliases: ["rateest-pps"],
    help: "Packets a second to compare with, or for the second estimator.",
  },
  "rateest-lt": { invert: true, help: "The first is less." },
  "rateest-gt": { invert: true, help: "The first is greater." },
  "rateest-eq": { invert: true, help: "Both are the same." },
};

/** How libxt_rateest names an option in its sentences. */
const spoken = (option: string): string => option.replace(/[12]$/, "");

/** libxt_rateest: rateest_parse. The last comparison counts, and any inversion. */
const parse: Grammar<Rateest>["parse"] = (given, context) => {
  const found = new Map<string, unknown>();
  let comparison: Rateest["comparison"];
  let invert = false;
  for (const said of given) {
    const each = { ...said, option: optionName(spec, said.option) ?? said.option };
    const compares = COMPARISONS.find(word => each.option === `rateest-${word}`);
    checkOnce(each, compares !== undefined, found);
    const option = spec[each.option];
    if (!option) throw new UsageError(`unknown option "--${said.option}"`, { span: said.span });
    found.set(each.option, option.value ? option.value.parse(each.text, { ...context, option: each.option }) : true);
    comparison = compares ?? comparison;
    invert ||= each.invert;
  }
  const compared = (unit: string): Compared | undefined =>
    found.has(`rateest-${unit}1`) || found.has(`rateest-${unit}2`)
      ? { first: Number(found.get(`rateest-${unit}1`) ?? 0), second: Number(found.get(`rateest-${unit}2`) ?? 0) }
      : undefined;
  return {
    name1: String(found.get("rateest1") ?? ""),
    name2: found.has("rateest2") ? String(found.get("rateest2")) : undefined,
    delta: found.has("rateest-delta"),
    invert,
    comparison,
    bytes: compared("bps"),
    packets: compared("pps"),
  };
};

function checkOnce({ option, invert, span }: Given, compares: boolean, found: ReadonlyMap<string, unknown>): void {
  if (invert && !compares) throw new UsageError(`rateest: ${spoken(option)} can't be inverted`, { span });
  if (found.has(option)) throw new UsageError(`rateest: can't specify ${compares ? "lt/gt/eq" : `--${option}`} twice`, { span });
}

/** A rate, or how far it lies below another. */
const distance = (delta: boolean, from: number, rate: number): number => (delta ? Math.max(0, from - rate) : rate >>> 0);

function holds({ comparison, delta, name2, bytes: bps, packets: pps }: Rateest, first: RateSample, second: RateSample): boolean {
  const test = (compared: Compared | undefined, one: number, two: number): boolean => {
    if (!compared) return true;
    const left = distance(delta, compared.first, one);
    const right = name2 === undefined ? compared.second : distance(delta, compared.second, two);
    return comparison === "lt" ? left < right : comparison === "gt" ? left > right : left === right;
  };
  return test(bps, first.bytes, second.bytes) && test(pps, first.packets, second.packets);
}

/** An estimator that is read for a comparison with another, because a step has one state. */
function reading(estimator: string, about: string, read: (sample: RateSample) => boolean): Opaque<RateEstimator> {
  return {
    name: estimatorKey(estimator),
    about,
    depends: "time",
    share: estimatorKey(estimator),
    start: startEstimator,
    step: (state, _, { now }) => read(state.read(now)),
  };
}

/** One estimator against numbers, or against another one, which is read first. Kernel: xt_rateest.c, xt_rateest_mt. */
function compare(info: Rateest): Predicate {
  const about = show(info, true);
  const nothing: RateSample = { bytes: 0, packets: 0 };
  if (info.name2 === undefined) return opaque(reading(info.name1, about, sample => holds(info, sample, nothing)));
  let other = nothing;
  const second = reading(info.name2, about, sample => {
    other = sample;
    return true;
  });
  return { is: "all", of: [opaque(second), opaque(reading(info.name1, about, sample => holds(info, sample, other)))] };
}

/** `-m rateest`: what an estimator of RATEEST says. Kernel: xt_rateest.c, xt_rateest_mt. */
export const rateest: MatchType<Rateest> = {
  name: "rateest",
  help: "Match by the rate that -j RATEEST measures.",
  options: { options: spec, parse, save },
  check({ name1, name2, comparison, bytes: bps, packets: pps }, { shared }) {
    if (!bps && !pps) return "rateest match: neither bits nor packets are compared";
    if (!comparison) return "rateest match: nothing is compared";
    const missing = [name1, ...(name2 === undefined ? [] : [name2])].find(name => shared && !shared.has(estimatorKey(name)));
    return missing === undefined
      ? undefined
      : `rateest match: no rule before it makes the estimator "${missing}" (No such file or directory)`;
  },
  lower: info => ({ predicate: invertIf(info.invert, compare(info)) }),
  list: (info, { numeric }) => show(info, numeric),
};

function save(info: Rateest): string {
  const { name1, name2, delta, invert, comparison } = info;
  const parts = [...(delta ? ["--rateest-delta"] : []), name2 === undefined ? `--rateest ${name1}` : `--rateest1 ${name1}`];
  const add = (compared: Compared | undefined, unit: string, print: (rate: number) => string): void => {
    if (!compared) return;
    if (delta) parts.push(`--rateest-${unit}1 ${print(compared.first)}`);
    parts.push(`${invert ? "! " : ""}--rateest-${comparison}`);
    if (delta) parts.push(`--rateest-${unit}2 ${print(compared.second)}`);
    else parts.push(`--rateest-${unit}${name2 === undefined ? ` ${print(compared.second)}` : ""}`);
  };
  add(info.bytes, "bps", rate => printBitRate(rate, false));
  add(info.packets, "pps", String);
  return [...parts, ...(name2 === undefined ? [] : [`--rateest2 ${name2}`])].join(" ");
}

function show({ name1, name2, delta, invert, comparison, bytes: bps, packets: pps }: Rateest, numeric: boolean): string {
  const mode = `${invert ? "! " : ""}${comparison}`;
  const bits = (rate: number): string => printBitRate(rate, numeric);
  const parts = ["rateest match", name1, ...(delta ? ["delta"] : [])];
  if (bps) parts.push("bps", ...(delta ? [bits(bps.first)] : []), ...(name2 === undefined ? [bits(bps.second), mode] : []));
  if (pps) parts.push("pps", ...(delta ? [`${pps.first}`] : []), ...(name2 === undefined ? [mode, `${pps.second}`] : []));
  if (name2 === undefined) return parts.join(" ");
  parts.push(mode, name2);
  if (bps) parts.push("bps", ...(delta ? [bits(bps.second)] : []));
  if (pps) parts.push("pps", ...(delta ? [`${pps.second}`] : []));
  return parts.join(" ");
}
