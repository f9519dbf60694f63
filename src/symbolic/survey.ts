import type { Action, Effect, Family, Nat, Opaque, Predicate, SetField } from "../predicate/index.ts";
import type { Rule, Ruleset } from "../ruleset/index.ts";
import { LOOPBACK_NETWORK } from "./loopback.ts";
import { cutsOf } from "./address-types.ts";
import { ARRIVALS } from "./arrival.ts";
import { after } from "./domain.ts";
import { Constants } from "./constants.ts";
import { Space } from "./space.ts";
import { possibilities } from "./universe.ts";
import { Surroundings, type Known } from "./surroundings.ts";

/** What is to be analysed together. */
export interface Subjects extends Known {
  /** Rulesets of the family; two for a comparison. */
  readonly rulesets: readonly Ruleset[];
  /** Questions: their constants are told apart. */
  readonly questions?: readonly Predicate[];
  /** Must results tell marks and service types apart that no rule asks for? */
  readonly observeFields?: boolean;
  /** Most nodes of diagrams. */
  readonly budget?: number;
}

/** Makes the space for some rulesets, a machine and questions. */
export function surveyed(subjects: Subjects): Space {
  const surroundings = new Surroundings(subjects);
  const constants = new Constants(subjects.family);
  const { host, family } = subjects;
  always(constants, family);
  for (const predicate of ARRIVALS) constants.predicate(predicate);
  for (const predicate of possibilities(family, host)) constants.predicate(predicate);
  if (host !== undefined) {
    for (const cut of cutsOf(host, family)) constants.cut("saddr", cut);
    for (const { name } of host.interfaces) constants.name("iif", name, false);
    for (const { mark } of host.rules) if (mark) constants.bits("mark", mark.mask, mark.value);
  }
  for (const question of subjects.questions ?? []) constants.predicate(surroundings.prepare(question));
  const [first, ...others] = subjects.rulesets;
  const opaqueKeys = new Map(first && conditionKeys(first));
  for (const ruleset of subjects.rulesets)
    for (const [, rules] of chainsOf(ruleset))
      for (const { conditions } of rules)
        for (const { predicate, hotdrop } of conditions) {
          constants.predicate(surroundings.prepare(predicate));
          if (hotdrop) constants.predicate(surroundings.prepare(hotdrop));
        }
  // Where rules ask what tracking knows of a connection, each bit of it is followed by itself: NAT and answers set some of them.
  if (constants.used.has("ctstatus")) for (const bit of STATUS_BITS) constants.bitTest("ctstatus", bit, bit);
  for (const ruleset of others) nameConditions(ruleset, opaqueKeys);
  for (const ruleset of subjects.rulesets)
    for (const [, rules] of chainsOf(ruleset))
      for (const rule of rules)
        if (rule.target !== undefined) actionConstants(rule.target.action, rule, constants, subjects.observeFields === true);
  return new Space(constants, surroundings, opaqueKeys, subjects.budget);
}

/** What was named before: a ruleset is asked about several times, for its diagrams and for each engine that its witnesses run in. */
const NAMED = new WeakMap<Ruleset, ReadonlyMap<Opaque, string>>();

/** The keys of a ruleset's conditions, by which samples name them. */
export function conditionKeys(ruleset: Ruleset): ReadonlyMap<Opaque, string> {
  const known = NAMED.get(ruleset);
  if (known !== undefined) return known;
  const keys = new Map<Opaque, string>();
  nameConditions(ruleset, keys);
  NAMED.set(ruleset, keys);
  return keys;
}

function nameConditions(ruleset: Ruleset, keys: Map<Opaque, string>): void {
  const counts = new Map<string, number>();
  const opaques: Opaque[] = [];
  for (const [chain, rules] of chainsOf(ruleset))
    for (const { conditions } of rules) {
      for (const { predicate, hotdrop } of conditions) {
        takeOpaques(predicate, opaques);
        if (hotdrop) takeOpaques(hotdrop, opaques);
      }
      if (opaques.length === 0) continue;
      const place = `${chain} ${conditions.map(({ text }) => text).join(" ")}`;
      for (const opaque of opaques) nameOpaque(opaque, place, counts, keys);
      opaques.length = 0;
    }
}

/** Adds the opaque conditions of a predicate, left to right. */
function takeOpaques(predicate: Predicate, into: Opaque[]): void {
  if (predicate.is === "opaque") into.push(predicate.opaque);
  else if (predicate.is === "not") takeOpaques(predicate.of, into);
  else if (predicate.is === "all" || predicate.is === "any") for (const part of predicate.of) takeOpaques(part, into);
}

/** Kernel: nf_conntrack_common.h, enum ip_conntrack_status, those that sessions come to have. */
const STATUS_BITS = [1n, 2n, 4n, 8n, 16n, 32n];

/** Constants that sessions need whatever the rules say. */
function always(constants: Constants, family: Family): void {
  for (const protocol of [1, 6, 17, 58]) constants.range("protocol", protocol, protocol);
  for (let state = 0; state < 5; state++) constants.range("ctstate", state, state);
  constants.name("iif", "", false);
  constants.name("iif", "lo", false);
  constants.range("saddr", ...LOOPBACK_NETWORK[family]);
  for (const value of [63, 64, 65]) constants.cut("ttl", value);
}

/** The rules of each chain, by table and chain: `filter INPUT`. */
const chainsOf = ({ tables }: Ruleset): [place: string, rules: readonly Rule[]][] =>
  [...tables.values()].flatMap(({ name, chains }) =>
    [...chains.values()].map((chain): [string, readonly Rule[]] => [`${name} ${chain.name}`, chain.rules]),
  );

/** An opaque condition is the same in two rulesets when it stands in the same chain, in the same one of the rules with the same tests. */
function nameOpaque(opaque: Opaque, place: string, counts: Map<string, number>, keys: Map<Opaque, string>): void {
  if (keys.has(opaque)) return;
  const text = `${place} ${opaque.about}`;
  const count = counts.get(text) ?? 0;
  counts.set(text, count + 1);
  // What depends on the packet's bytes alone is one condition wherever it stands.
  keys.set(opaque, opaque.depends === "packet" ? opaque.about : `${text} #${count}`);
}

function actionConstants(action: Action | Effect, rule: Rule, constants: Constants, observe: boolean): void {
  switch (action.do) {
    case "set":
      return setConstants(action, constants, observe);
    case "tproxy":
      if (observe || constants.used.has("mark"))
        constants.bitTest("mark", BigInt(action.mask >>> 0), BigInt(action.mark >>> 0) & BigInt(action.mask >>> 0));
      return;
    case "add":
      if (constants.used.has("ttl")) constants.everyValue("ttl");
      return;
    case "nat":
      return natConstants(action, rule, constants);
    default:
  }
}

function setConstants(action: SetField, constants: Constants, observe: boolean): void {
  const { field, clear, value } = action;
  if (observe || constants.used.has(field)) {
    if (field === "tos" || field === "ttl") constants.everyValue(field);
    else if (field === "mark" || field === "ctmark") {
      const cleared = BigInt(clear >>> 0);
      constants.mask(field, cleared);
      if (typeof value === "number") {
        const bits = BigInt(value >>> 0);
        constants.bitTest(field, cleared, bits & cleared);
        // Bits that are turned over are followed one by one.
        for (let bit = 1n; bit < 1n << 32n; bit <<= 1n) if ((bits & ~cleared & bit) !== 0n) constants.bitTest(field, bit, bit);
      } else if ("field" in value) {
        constants.mask(field, BigInt(value.mask >>> 0));
        constants.used.add(value.field);
      }
    }
  }
  if (action.next !== undefined) setConstants(action.next, constants, observe);
}

function natConstants({ address, ports }: Nat, { header }: Rule, constants: Constants): void {
  if (address.from === "range") {
    constants.cut("saddr", address.low);
    constants.cut("saddr", after(address.high));
  }
  if (address.from === "netmap") {
    // Constants of the new network are constants of the old one too, at the same distance from its start.
    const from = BigInt(address.network);
    const to = from | hostBits(address.mask);
    const narrow = typeof address.network === "bigint" ? (value: bigint) => value : Number;
    const cuts = new Set(constants.cuts.get("saddr"));
    for (const end of [header.source, header.destination])
      if (end !== undefined && !end.invert && BigInt(end.mask) === BigInt(address.mask))
        // What is added is looked at too: one network may lie in the other.
        for (const cut of cuts)
          if (typeof cut !== "string" && BigInt(cut) >= from && BigInt(cut) <= to) {
            const moved = narrow(BigInt(cut) - from + BigInt(end.address));
            cuts.add(moved);
            constants.cut("saddr", moved);
          }
    constants.cut("saddr", narrow(from));
  }
  if (ports !== undefined) constants.range("sport", ports[0], ports[1]);
}

function hostBits(mask: number | bigint): bigint {
  return typeof mask === "bigint" ? ~mask & ((1n << 128n) - 1n) : BigInt(~mask >>> 0);
}
