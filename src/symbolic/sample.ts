import type { Field, Scalar, Value } from "../predicate/index.ts";
import { bitCount, extract, spread } from "./bit-groups.ts";
import { YES, type Diagram } from "./diagrams.ts";
import type { Domain } from "./domain.ts";
import type { BitsOf, Level } from "./level.ts";
import type { Space } from "./space.ts";

/** One packet or session out of a set. */
export interface Sample {
  /** Levels that had to be decided, from the top. */
  readonly levels: readonly number[];
  /** Fields of the client's packet that the set asks for, or that were preferred; undefined for absent ones. */
  readonly fields: ReadonlyMap<Field, Value>;
  /** Fields of the server's packets. */
  readonly answerFields: ReadonlyMap<Field, Value>;
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

/** A member of a set, the most ordinary one; undefined for the empty set. */
export function sample(space: Space, set: Diagram, preferences: Preferences): Sample | undefined {
  const { diagrams } = space;
  const bit = diagrams.maskOf(YES);
  if ((diagrams.maskOf(set) & bit) === 0) return undefined;
  const ranks = new Map<number, number>();
  for (let node = set; node >= 0;) {
    const number = diagrams.levelOf(node);
    const level = space.levels[number] as Level;
    let below: Diagram | undefined;
    for (const rank of preferred(level, preferences)) {
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
  return read(space, ranks, preferences);
}

function preferred(level: Level, preferences: Preferences): number[] {
  if (level.is === "condition") return [0];
  if (level.is === "choice") return [0];
  const wanted = preferences.get(level.field) ?? [];
  if (level.mask !== undefined) {
    const { mask, domain } = level;
    return wanted.map(value => (value === undefined ? 0 : domain.rankOf(extract(BigInt(value as Scalar), mask))));
  }
  return wanted.map(value => level.domain.rankOf(value));
}

function read(space: Space, ranks: ReadonlyMap<number, number>, preferences: Preferences): Sample {
  const fields = new Map<Field, Value>();
  const answerFields = new Map<Field, Value>();
  const conditions: SampleCondition[] = [];
  const wishes: { readonly bits: BitsOf; readonly holds: boolean }[] = [];
  const choices: string[] = [];
  const bits = new Map<string, bigint>();
  for (const [number, rank] of ranks) {
    const level = space.levels[number] as Level;
    if (level.is === "condition") {
      const { key, about, instance, bits: test } = level;
      if (test !== undefined) wishes.push({ bits: test, holds: rank === 1 });
      else conditions.push({ key, about, holds: rank === 1, answers: instance === 1 });
    } else if (level.is === "choice") choices.push(level.about);
    else {
      const into = level.instance === 0 ? fields : answerFields;
      if (level.mask === undefined)
        into.set(level.field, valueIn(level.domain, rank, preferences.get(level.field) ?? [], taken(level.field, fields)));
      else if (level.domain.isAbsent(rank)) into.set(level.field, undefined);
      else {
        const key = `${level.field} ${level.instance}`;
        const value = (bits.get(key) ?? 0n) | spread(level.domain.lowOf(rank) as bigint, level.mask);
        bits.set(key, value);
        into.set(level.field, bitCount(value) === 0 || value <= 0xffffffffn ? Number(value) : value);
      }
    }
  }
  for (const wish of wishes) fit(space, wish, ranks, fields);
  for (const [field, wanted] of preferences) {
    const first = wanted.find(value => value !== undefined && value !== taken(field, fields));
    if (!fields.has(field) && first !== undefined) fields.set(field, first);
  }
  return { levels: [...ranks.keys()], fields, answerFields, conditions, choices };
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
