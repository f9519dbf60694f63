import type { Field, Scalar, Value } from "../predicate/index.ts";
import { bitCount, extract, spread } from "./bit-groups.ts";
import { NO, YES, type Diagram } from "./diagrams.ts";
import type { Domain } from "./domain.ts";
import type { BitsOf, Level } from "./level.ts";
import type { Space } from "./space.ts";

/** One packet or session out of a set. */
export interface Sample {
  /** Levels that had to be decided, from the top. */
  readonly levels: readonly number[];
  /** Fields of the client's packet that the set asks for, or that were preferred; undefined for absent ones. */
  readonly fields: ReadonlyMap<Field, Value>;
  /** The same of other packets than the client's first, by the instance of their levels. */
  readonly others: ReadonlyMap<number, ReadonlyMap<Field, Value>>;
  /** Conditions that must hold or not hold for this. */
  readonly conditions: readonly SampleCondition[];
  /** Choices of netfilter that this takes for granted. */
  readonly choices: readonly string[];
}

/** A condition as a sample takes it. */
export interface SampleCondition {
  /** What tells it from others that say the same, see `conditionKeys`. */
  readonly key: string;
  readonly about: string;
  readonly holds: boolean;
  /** Is it asked of the server's packets? */
  readonly answers: boolean;
}

/** Values to take where the set leaves it open, the best first. */
export type Preferences = ReadonlyMap<Field, readonly Value[]>;

/** A field that is to have one of some values, the best first, before anything else is chosen; `instance` as levels have it. */
export interface Wish {
  readonly field: Field;
  readonly instance: number;
  readonly values: readonly Value[];
}

/** A member of a set, the most ordinary one; undefined for the empty set. Wishes are granted in their order, as far as the set lets them. */
export function sample(space: Space, set: Diagram, preferences: Preferences, wishes: readonly Wish[] = []): Sample | undefined {
  const { diagrams } = space;
  if ((diagrams.maskOf(set) & diagrams.maskOf(YES)) === 0) return undefined;
  const firm = new Map<number, number>();
  let left = set;
  for (const wish of wishes) left = granted(space, left, wish, firm);
  let ranks = descend(space, left, preferences);
  for (let tries = 0; tries < SAME_ENDS_MAX; tries++) {
    const others = withoutSameEnds(space, left, ranks);
    if (others === undefined) break;
    left = others;
    ranks = descend(space, left, preferences);
  }
  return read(space, new Map([...firm, ...ranks]), preferences, wishes);
}

/** How often another member is looked for, when a packet would be for where it comes from. */
const SAME_ENDS_MAX = 4;

/** The set with a wish granted; the same set where it cannot be, or where it does not ask for the field. */
function granted(space: Space, set: Diagram, { field, instance, values }: Wish, firm: Map<number, number>): Diagram {
  const { diagrams } = space;
  if (set < 0 || !space.used.has(field) || space.groupsOf(field) !== undefined) return set;
  const level = space.fieldLevel(field, instance);
  if (!diagrams.asks(set, level)) return set;
  for (const value of values) {
    const rank = space.domainOf(field).rankOf(value);
    const part = diagrams.restrict(set, level, rank);
    if ((diagrams.maskOf(part) & diagrams.maskOf(YES)) === 0) continue;
    firm.set(level, rank);
    return part;
  }
  return set;
}

/** The set without packets of one address for the same address, where that is what the ranks say; undefined where it is not, or nothing else is left. */
function withoutSameEnds(space: Space, set: Diagram, ranks: ReadonlyMap<number, number>): Diagram | undefined {
  const { diagrams } = space;
  let same: Diagram = YES;
  const ends = ENDS.map(field => {
    const level = space.fieldLevel(field);
    const rank = ranks.get(level);
    if (rank === undefined) return undefined;
    same = diagrams.and(same, diagrams.interval(level, rank, rank, space.lastRankOf(level), YES, NO));
    const [low, high] = space.domainOf(field).rangeOf(rank);
    return low === high ? low : undefined;
  });
  if (ends[0] === undefined || ends[0] !== ends[1]) return undefined;
  const others = diagrams.minus(set, same);
  return (diagrams.maskOf(others) & diagrams.maskOf(YES)) === 0 ? undefined : others;
}

const ENDS: readonly Field[] = ["saddr", "daddr"];

/** The ranks on a way from the root to YES, at each level what is preferred. */
function descend(space: Space, set: Diagram, preferences: Preferences): Map<number, number> {
  const { diagrams } = space;
  const bit = diagrams.maskOf(YES);
  const ranks = new Map<number, number>();
  for (let node = set; node >= 0;) {
    const number = diagrams.levelOf(node);
    const level = space.levels[number] as Level;
    let below: Diagram | undefined;
    for (const rank of preferred(space, level, preferences, ranks)) {
      const child = diagrams.child(node, rank);
      if ((diagrams.maskOf(child) & bit) === 0) continue;
      ranks.set(number, rank);
      below = child;
      break;
    }
    if (below === undefined) {
      // Present before absent, and of conditions the one that does not hold.
      const count = diagrams.edgeCount(node);
      const start = level.is === "field" && level.domain.optional && diagrams.upperOf(node, 0) === 0 ? 1 : 0;
      for (let k = 0; k < count; k++) {
        const edge = (k + start) % count;
        const child = diagrams.belowOf(node, edge);
        if ((diagrams.maskOf(child) & bit) === 0) continue;
        const low = edge === 0 ? 0 : diagrams.upperOf(node, edge - 1) + 1;
        ranks.set(number, level.is === "field" && level.domain.isAbsent(low) && diagrams.upperOf(node, edge) > low ? low + 1 : low);
        below = child;
        break;
      }
    }
    node = below as Diagram;
  }
  return ranks;
}

function preferred(space: Space, level: Level, preferences: Preferences, ranks: ReadonlyMap<number, number>): number[] {
  if (level.is === "condition") return [0];
  if (level.is === "choice") return [0];
  const wanted = preferences.get(level.field) ?? [];
  if (level.mask !== undefined) {
    const { mask, domain } = level;
    return wanted.map(value => (value === undefined ? 0 : domain.rankOf(extract(BigInt(value as Scalar), mask))));
  }
  // Destinations are chosen first.
  const given = level.field === "saddr" ? destinationOf(space, preferences, ranks) : undefined;
  return wanted.filter(value => given === undefined || value !== given).map(value => level.domain.rankOf(value));
}

/** The destination that a packet of these ranks is going to have. */
function destinationOf(space: Space, preferences: Preferences, ranks: ReadonlyMap<number, number>): Value {
  const wanted = preferences.get("daddr") ?? [];
  const rank = ranks.get(space.fieldLevel("daddr"));
  return rank === undefined ? wanted[0] : valueIn(space.domainOf("daddr"), rank, wanted, undefined);
}

function read(space: Space, ranks: ReadonlyMap<number, number>, preferences: Preferences, wishes: readonly Wish[]): Sample {
  const fields = new Map<Field, Value>();
  const others = new Map<number, Map<Field, Value>>();
  const fieldsOf = (instance: number): Map<Field, Value> => {
    if (instance === 0) return fields;
    let own = others.get(instance);
    if (own === undefined) others.set(instance, (own = new Map()));
    return own;
  };
  const conditions: SampleCondition[] = [];
  const tests: { readonly bits: BitsOf; readonly holds: boolean }[] = [];
  const choices: string[] = [];
  const bits = new Map<string, bigint>();
  for (const [number, rank] of ranks) {
    const level = space.levels[number] as Level;
    if (level.is === "condition") {
      const { key, about, instance, bits: test } = level;
      if (test !== undefined) tests.push({ bits: test, holds: rank === 1 });
      else conditions.push({ key, about, holds: rank === 1, answers: instance === 1 });
    } else if (level.is === "choice") choices.push(level.about);
    else {
      const { field, instance } = level;
      const into = fieldsOf(instance);
      const wished = wishes.find(wish => wish.field === field && wish.instance === instance)?.values;
      if (level.mask === undefined)
        into.set(
          field,
          valueIn(level.domain, rank, wished ?? preferences.get(field) ?? [], instance === 0 ? taken(field, fields) : undefined),
        );
      else if (level.domain.isAbsent(rank)) into.set(level.field, undefined);
      else {
        const key = `${level.field} ${level.instance}`;
        const value = (bits.get(key) ?? 0n) | spread(level.domain.lowOf(rank) as bigint, level.mask);
        bits.set(key, value);
        into.set(level.field, bitCount(value) === 0 || value <= 0xffffffffn ? Number(value) : value);
      }
    }
  }
  for (const asked of tests) fit(space, asked, ranks, fields);
  for (const [field, wanted] of preferences) {
    const first = wanted.find(value => value !== undefined && value !== taken(field, fields));
    if (!fields.has(field) && first !== undefined) fields.set(field, first);
  }
  return { levels: [...ranks.keys()], fields, others, conditions, choices };
}

/** The address that the other end has already: no packet is from where it goes. */
const taken = (field: Field, fields: ReadonlyMap<Field, Value>): Value =>
  field === "saddr" ? fields.get("daddr") : field === "daddr" ? fields.get("saddr") : undefined;

/** Moves a value within its rank to where a test of bits says what is wanted. */
function fit(
  space: Space,
  { bits: { field, mask, value }, holds }: { readonly bits: BitsOf; readonly holds: boolean },
  ranks: ReadonlyMap<number, number>,
  fields: Map<Field, Value>,
): void {
  const domain = space.domainOf(field);
  const rank = ranks.get(space.fieldLevel(field)) ?? domain.rankOf(fields.get(field));
  if (domain.isAbsent(rank)) return;
  const [low, high] = domain.rangeOf(rank);
  const wide = typeof low === "bigint";
  const so = (candidate: bigint): boolean =>
    ((candidate & mask) === value) === holds && candidate >= BigInt(low) && candidate <= BigInt(high);
  const usual = BigInt((fields.get(field) ?? low) as Scalar);
  const step = mask & -mask;
  const block = 1n << BigInt((mask ^ (mask - 1n)).toString(2).length);
  const candidates = [usual, usual + step];
  for (let k = 0n; k < 4n; k++)
    for (const base of [usual, BigInt(low)])
      candidates.push(((base + k * block) & ~mask) | value, (((base | mask) + 1n + k) & ~mask) | value);
  const found = candidates.find(so);
  if (found !== undefined) fields.set(field, wide ? found : Number(found));
}

/** The most ordinary value of a rank. */
function valueIn(domain: Domain, rank: number, wanted: readonly Value[], taken: Value): Value {
  for (const value of wanted) if (domain.rankOf(value) === rank && (taken === undefined || value !== taken)) return value;
  const low = domain.lowOf(rank);
  if (low === undefined || typeof low === "string") return low === undefined ? undefined : nameIn(domain, rank, low);
  const [, high] = domain.rangeOf(rank);
  // Not the first address of a network, which is its name, where there is another.
  if (domain.greatest !== undefined && domain.greatest > 0xffffff && high > low) {
    const next = typeof low === "bigint" ? low + 1n : low + 1;
    return next !== taken || next >= high ? next : typeof next === "bigint" ? next + 1n : next + 1;
  }
  return low;
}

const NAMES = ["eth0", "eth1", "wan0", "lan0", "eth2", "eth3", "ens3", "ppp0", "wlan0", "tun0", "br0"];

function nameIn(domain: Domain, rank: number, low: string): string {
  const starts = low.endsWith("\u0000") ? low.slice(0, -1) : low;
  const candidates = [...NAMES, low, ...Array.from({ length: 10 }, (_, k) => `${starts}${k}`), `${starts}-other`];
  return candidates.find(name => name !== "" && !name.includes("\u0000") && domain.rankOf(name) === rank) ?? low.replaceAll("\u0000", "-");
}
