/** The law that chains as diagrams end where chains rule by rule end. */
import type { Field, Scalar, Value } from "../../src/predicate/index.ts";
import { seededRandom } from "../kernel/generate/random.ts";
import { walkChain, type FieldValues } from "./chain-walk.ts";
import { Fate, leafFor } from "./evaluate.ts";
import { freeChains } from "./free-chains.ts";
import { drawn, fieldPool } from "./field-pool.ts";
import { randomFilter } from "./random-filter.ts";

/** How much to try: seeds from `from` on. */
export interface Amount {
  readonly from: number;
  readonly rulesets: number;
  readonly packets: number;
}

/** What came of it. */
export interface Tried {
  readonly pairs: number;
  readonly ends: ReadonlyMap<string, number>;
  readonly disagreements: readonly string[];
}

/** Random filters, random packets. */
export function chainLaw({ from, rulesets, packets }: Amount): Tried {
  const ends = new Map<string, number>();
  const disagreements: string[] = [];
  let pairs = 0;
  for (let seed = from; seed < from + rulesets; seed++) {
    const random = seededRandom(seed);
    const family = random.oneIn(3) ? 6 : 4;
    const ruleset = randomFilter(random, family);
    const free = freeChains([ruleset]);
    const { space, results, chains } = free;
    const pool = fieldPool([ruleset]);
    for (const hook of ["INPUT", "FORWARD", "OUTPUT"] as const) {
      const diagram = chains[0]?.(hook) ?? 0;
      for (let left = Math.ceil(packets / 3); left > 0; left--) {
        const fate = new Fate(free, random);
        const plain: FieldValues = { saddr: zero(family), daddr: zero(family), ...drawn(random, pool) };
        const fields = { ...plain, ...surroundings(fate, plain) };
        const walked = walkChain(ruleset, "filter", hook, fields, fate).verdict;
        const said = results.of(leafFor(space, diagram, fields, fate.rank)).ending;
        pairs++;
        ends.set(walked, (ends.get(walked) ?? 0) + 1);
        if (walked !== said && disagreements.length < 5)
          disagreements.push(`seed ${seed} IPv${family} ${hook}: rules say ${walked}, diagrams ${said}, of ${show(fields)}`);
      }
    }
  }
  return { pairs, ends, disagreements };
}

const zero = (family: 4 | 6): Scalar => (family === 4 ? 0 : 0n);

/** Fields that the diagrams know as conditions, or take from addresses. */
function surroundings(fate: Fate, { saddr, daddr }: FieldValues): Partial<Record<Field, Value>> {
  const source = typeOf(saddr, fate.holds("local saddr"));
  const destination = typeOf(daddr, fate.holds("local daddr"));
  let rpf = 0;
  for (let bit = 1; bit < 256; bit *= 2) if (fate.holds(`rpf ${bit}`)) rpf += bit;
  return {
    saddrtype: source,
    saddrtypeIn: source,
    saddrtypeOut: source,
    daddrtype: destination,
    daddrtypeIn: destination,
    daddrtypeOut: destination,
    rpf,
  };
}

/** The kind of an address where no host is known: UNICAST 1, LOCAL 2, BROADCAST 3, MULTICAST 5. */
function typeOf(address: Value, local: boolean): number {
  const ordinary = local ? 2 : 1;
  if (typeof address === "number") {
    const first = Math.floor(address / 2 ** 24);
    if (first === 127) return 2;
    if (first === 0 || address === 0xffffffff) return 3;
    return first >= 224 && first < 240 ? 5 : ordinary;
  }
  if (address === 0n) return 0;
  if (address === 1n) return 2;
  return typeof address === "bigint" && address >> 120n === 0xffn ? 5 : ordinary;
}

const show = (fields: object): string => JSON.stringify(fields, (_, value: unknown) => (typeof value === "bigint" ? `${value}n` : value));
