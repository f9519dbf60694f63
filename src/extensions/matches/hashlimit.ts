import { invertIf, opaque, type Described, type Family, type Opaque } from "../../predicate/index.ts";
import {
  atoll,
  badValue,
  bounded,
  cutBytes,
  finallyChecked,
  prefixLength,
  scanBig,
  U64_MAX,
  UsageError,
  type MatchType,
  type Value,
} from "../../xtables/index.ts";
import { byteCredits, packetCredits, type HashlimitRule } from "../hashlimit-bucket.ts";
import {
  BURST_MAX,
  burstFault,
  bytesOf,
  packetUnit,
  parseRate,
  printByteRate,
  printPacketRate,
  refills,
  scaled,
  type PrintedRate,
  type Rate,
} from "../hashlimit-rate.ts";
import { HashlimitTable } from "../hashlimit-table.ts";

/** Kernel: struct xt_hashlimit_mtinfo3. */
interface Hashlimit extends HashlimitRule {
  readonly name: string;
  readonly above: boolean;
}

const U32_MAX = 0xffffffff;
/** Bytes of a name. Kernel: the field less the byte that ends it. */
const NAME_BYTES = 254;
const DEFAULT_BURST = 5n;
const GC_INTERVAL = 1000;
/** The most buckets, and entries, that the kernel makes room for: it lowers higher numbers. Kernel: HASHLIMIT_MAX_SIZE. */
const SIZE_MAX = 1 << 20;
const MODES = ["srcip", "srcport", "dstip", "dstport"] as const;

const rate: Value<Rate> = { shape: "number[/second|/minute|/hour|/day]|bytes[k|m]b/s", parse: parseRate, print: String };
const number = bounded(0, U32_MAX);

/** A number, or bytes with the unit k or m behind them. libxt_hashlimit: parse_burst. */
const burst: Value<bigint> = {
  shape: "number|bytes[k|m]b",
  parse(text) {
    const scanned = scanBig(text, U64_MAX);
    if (!scanned || scanned.value < 1n || (scanned.rest === "" && scanned.value > BURST_MAX)) throw burstFault();
    return scaled(scanned.value, scanned.rest[0]);
  },
  print: String,
};

const mode: Value<ReadonlySet<string>> = {
  shape: "srcip|srcport|dstip|dstport[,...]",
  words: MODES,
  parse(text, context) {
    const given = text.split(/[,|]/).filter(word => word !== "");
    if (!given.every(word => (MODES as readonly string[]).includes(word))) throw badValue(text, context);
    return new Set(given);
  },
  print: given => MODES.filter(word => given.has(word)).join(","),
};

const tableName: Value<string> = {
  shape: "name",
  parse(text, { extension, option, warn }) {
    if (text === "") throw new UsageError("Argument must have a minimum length of 1 characters");
    const kept = cutBytes(text, NAME_BYTES);
    if (kept !== text) warn(`${extension}: the text of "--${option}" is cut to ${NAME_BYTES} bytes`);
    return kept;
  },
  print: String,
};

const seconds: Value<number> = {
  shape: "seconds",
  parse(text, context) {
    const value = Number(BigInt.asIntN(32, atoll(text)));
    if (value <= 0) throw badValue(text, context);
    return value;
  },
  print: String,
};

const spec = {
  "hashlimit-upto": { value: rate, invert: true, aliases: ["hashlimit"], excludes: ["hashlimit-above"], help: "Match up to this rate." },
  "hashlimit-above": { value: rate, invert: true, excludes: ["hashlimit-upto"], help: "Match above this rate." },
  "hashlimit-burst": { value: burst, help: "How many packets or bytes may come at once before that holds." },
  "hashlimit-mode": { value: mode, help: "What of a packet tells entries apart; without it all packets share one." },
  "hashlimit-name": { value: tableName, required: true, help: "Name of the table, which rules may share." },
  "hashlimit-htable-size": { value: number, help: "Number of its buckets." },
  "hashlimit-htable-max": { value: number, help: "Number of its entries; packets beyond them are dropped." },
  "hashlimit-htable-gcinterval": { value: number, help: "Milliseconds after which expired entries are looked for." },
  "hashlimit-htable-expire": { value: number, help: "Milliseconds after which an entry expires that no packet needed." },
  "hashlimit-srcmask": { value: prefixLength, help: "How many bits of the source address count." },
  "hashlimit-dstmask": { value: prefixLength, help: "How many bits of the destination address count." },
  "hashlimit-rate-match": { help: "Compare the rate over a time, and hold nothing back." },
  "hashlimit-rate-interval": { value: seconds, help: "Seconds of that time." },
} as const;

/** The options with a rate; where both stand the last one is looked at before both are refused. */
const LIMITS = ["hashlimit-upto", "hashlimit", "hashlimit-above"];

const grammar = finallyChecked(spec, (found, given, { family }): Hashlimit => {
  const above = given.findLast(({ option }) => LIMITS.includes(option))?.option === "hashlimit-above";
  const limit = found[above ? "hashlimit-above" : "hashlimit-upto"];
  if (!limit) throw new UsageError("You have to specify --hashlimit");
  const { average, bytes, period } = limit.value;
  const most = found["hashlimit-burst"]?.value;
  if (!bytes && most !== undefined && most > BURST_MAX) throw burstFault();
  const filled = bytes ? (most === undefined ? 0n : refills(most, average)) : (most ?? DEFAULT_BURST);
  const rateMatch = found["hashlimit-rate-match"] !== undefined;
  const all = family === 4 ? 32 : 128;
  const chosen = found["hashlimit-mode"]?.value ?? new Set<string>();
  return {
    above: above !== limit.invert,
    average: rateMatch && !bytes ? average / BigInt(period) : average,
    bytes,
    burst: filled,
    srcip: chosen.has("srcip"),
    srcport: chosen.has("srcport"),
    dstip: chosen.has("dstip"),
    dstport: chosen.has("dstport"),
    name: found["hashlimit-name"]?.value ?? "",
    size: Math.min(found["hashlimit-htable-size"]?.value ?? 0, SIZE_MAX),
    max: Math.min(found["hashlimit-htable-max"]?.value ?? 0, SIZE_MAX),
    gcInterval: found["hashlimit-htable-gcinterval"]?.value ?? GC_INTERVAL,
    expire: found["hashlimit-htable-expire"]?.value ?? (bytes && most !== undefined ? 60 : period) * 1000,
    srcmask: found["hashlimit-srcmask"]?.value ?? all,
    dstmask: found["hashlimit-dstmask"]?.value ?? all,
    rateMatch,
    interval: found["hashlimit-rate-interval"]?.value ?? (rateMatch ? (bytes ? 1 : period) : 0),
  };
});

/** What follows the rate, as it is saved; a listing has fewer words and no name. */
function words(info: Hashlimit, family: Family, expire: number, saved: boolean): string[] {
  const dash = saved ? "--hashlimit-" : "";
  const all = family === 4 ? 32 : 128;
  const modes = MODES.filter(each => info[each]);
  return [
    ...(modes.length ? [`${dash}mode ${modes.join(saved ? "," : "-")}`] : []),
    ...(saved ? [`${dash}name ${info.name}`] : []),
    ...(info.size ? [`${dash}htable-size ${info.size}`] : []),
    ...(info.max ? [`${dash}htable-max ${info.max}`] : []),
    ...(info.gcInterval === GC_INTERVAL ? [] : [`${dash}htable-gcinterval ${info.gcInterval}`]),
    ...(info.expire === expire ? [] : [`${dash}htable-expire ${info.expire}`]),
    ...(info.srcmask === all ? [] : [`${dash}srcmask ${info.srcmask}`]),
    ...(info.dstmask === all ? [] : [`${dash}dstmask ${info.dstmask}`]),
    ...(info.rateMatch ? [`${dash}rate-match`] : []),
    ...(info.rateMatch && info.interval !== 1 ? [`${dash}rate-interval ${info.interval}`] : []),
  ];
}

/** A rate that is only compared is listed over its time, and saved for a second. */
function printed(info: Hashlimit, saved: boolean): PrintedRate {
  const prefix = saved ? "--hashlimit-" : "";
  if (info.bytes) return printByteRate(info.average, info.burst, prefix);
  const { text, expire } = printPacketRate(!saved && info.interval ? info.average * BigInt(info.interval) : info.average);
  return { text: `${text} ${prefix}burst ${info.burst}`, expire };
}

const keyOf = ({ name }: Hashlimit, family: Family): string => `hashlimit:${family}:${name}`;

/** How a listing shows that a rate is only compared. */
const RATE_MATCH = " rate-match";

/** One table for all rules of a family that name it. Finding the packet's entry comes first, because where there is none the packet is dropped. */
function steps(info: Hashlimit, family: Family): { readonly full: Opaque<HashlimitTable>; readonly within: Opaque<HashlimitTable> } {
  const about = list(info, family);
  const name = keyOf(info, family);
  const shared = { share: name, start: ({ now }: { readonly now: number }) => new HashlimitTable(info, now) };
  return {
    full: {
      ...shared,
      name: `${name}:full`,
      about: `${about}: the table is full, or the ports cannot be read`,
      depends: "history",
      step: (table, facts, { now }) => !table.admit(facts, now),
    },
    within: {
      ...shared,
      name,
      about,
      depends: "time",
      described: describe(info),
      step: (table, facts) => table.take(info, Number(facts.value("length") ?? 0)),
    },
  };
}

const KEYS = { srcip: "saddr", srcport: "sport", dstip: "daddr", dstport: "dport" } as const;

function describe(info: Hashlimit): Described {
  const { name, bytes, average, burst, rateMatch, interval, srcmask, dstmask } = info;
  const masks: Readonly<Partial<Record<string, number>>> = { srcip: srcmask, dstip: dstmask };
  const by = MODES.filter(each => info[each]).map(each => {
    const bits = masks[each];
    return bits === undefined ? { field: KEYS[each] } : { field: KEYS[each], bits };
  });
  const shared = { kind: "rate", by, table: name, compares: rateMatch } as const;
  if (bytes) return { ...shared, unit: "bytes", amount: bytesOf(average), seconds: 1, burst: bytesOf(average) * burst };
  if (average === 0n) return { ...shared, unit: "packets", amount: 0n, seconds: 1, burst };
  const { packets, seconds } = packetUnit(rateMatch && interval ? average * BigInt(interval) : average);
  return { ...shared, unit: "packets", amount: packets, seconds, burst };
}

/** `-m hashlimit`: a rate for each of many addresses and ports. Kernel: xt_hashlimit.c, hashlimit_mt, revision 3. */
export const hashlimit: MatchType<Hashlimit> = {
  name: "hashlimit",
  help: "Match at a limited rate for each address or port.",
  options: {
    ...grammar,
    save(info, family) {
      const { text, expire } = printed(info, true);
      return [`--hashlimit-${info.above ? "above" : "upto"} ${text}`, ...words(info, family, expire, true)].join(" ");
    },
  },
  check(info, { family, shared }) {
    const { name, average, burst: full } = info;
    if (name === "." || name === ".." || name.includes("/")) return "hashlimit match: the table's name must do as a file name";
    if (info.gcInterval === 0 || info.expire === 0) return "hashlimit match: entries that expire at once";
    if (Math.max(info.srcmask, info.dstmask) > (family === 4 ? 32 : 128)) return "hashlimit match: a mask that is no prefix";
    const before = shared?.get(keyOf(info, family))?.about;
    if (before !== undefined && before.includes(RATE_MATCH) !== info.rateMatch)
      return `hashlimit match: the table "${name}" is there, and only one of the two compares rates`;
    if (info.rateMatch)
      return average === 0n || average > BigInt(U32_MAX) ? "hashlimit match: invalid rate (Numerical result out of range)" : undefined;
    if (info.bytes) return byteCredits(average) === 0n ? `hashlimit match: overflow, rate too high: ${average}` : undefined;
    return full === 0n || packetCredits(BigInt.asUintN(64, average * full)) < packetCredits(average)
      ? `hashlimit match: overflow, try lower: ${average}/${full} (Numerical result out of range)`
      : undefined;
  },
  lower(info, { family }) {
    const { full, within } = steps(info, family);
    return { hotdrop: opaque(full), predicate: invertIf(info.above, opaque(within)) };
  },
  list: (info, _, family) => list(info, family),
};

function list(info: Hashlimit, family: Family): string {
  const { text, expire } = printed(info, false);
  return [`limit: ${info.above ? "above" : "up to"} ${text}`, ...words(info, family, expire, false)].join(" ");
}
