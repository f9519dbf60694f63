import { fieldWords } from "../field-words.ts";
import { NO, YES, type Diagram, type Level, type SessionEnd } from "../../symbolic/index.ts";
import type { Box, Boxes } from "./boxes.ts";
import { commonRanks, rangesThatMeet, rankCount, ranksWithout, type Ranks } from "./ranks.ts";
import { CLIENT, GROWTH, IN, KIND, OUT, PORT, SERVER, SOURCE_PORT, type SessionSets } from "./session-sets.ts";

/** Sessions that end alike, as a box. */
export interface Draft {
  readonly box: Box;
  /** What it depends on; empty for sessions that surely end so. */
  readonly depends: readonly string[];
  /** Does it depend on nothing but choices that the kernel makes, such as a port for NAT? */
  readonly choices: boolean;
  /** Fields of packets that it is so for some values of only: `certain MAC addresses`. */
  readonly fields: readonly string[];
  /** Sessions that are so from special source ports only. */
  readonly special: boolean;
  /** What NAT does to the openers of some of these sessions. */
  readonly effects: readonly string[];
}

/** Boxes of sessions, and whether there are more of them. */
export interface Drafts {
  readonly drafts: readonly Draft[];
  readonly complete: boolean;
}

/** Of more rows than this nobody asks what they have in common. */
const THINNED_MAX = 300;
/** Sessions that depend on different conditions get rows of their own, up to so many combinations. */
const COMBINATIONS_MAX = 64;

/**
 * The sessions that end in one of some ways as few boxes, at most `limit`: those that surely do and those for which it depends, of clients that
 * use ordinary source ports; then those that only other source ports open.
 */
export function draftsOf(sets: SessionSets, wanted: (end: SessionEnd) => boolean, limit: number): Drafts {
  const { diagrams } = sets.boxes;
  const set = sets.ending(wanted);
  const drafts: Draft[] = [];
  let complete = true;
  const take = (part: Diagram, room: Diagram, ports: Diagram, sure: boolean, special: boolean): void => {
    if (part === NO) return;
    const { boxes, rest } = sets.boxes.cover(part, room, GROWTH, limit - drafts.length);
    complete &&= rest === NO;
    for (const box of thinned(sets, boxes, part))
      drafts.push(draft(sets, set, always, ordinary(sets, withSourcePorts(sets, box, ports)), sure, special));
  };
  if (set === NO) return { drafts, complete };
  const always = diagrams.or(sets.always(set), sets.pointless);
  const whole = { sure: sets.surely(set), possible: sets.possibly(set) };
  const sureRoom = diagrams.or(whole.sure, sets.pointless);
  const possibleRoom = diagrams.or(whole.possible, sets.pointless);
  const common = { sure: sets.surely(sets.fromOrdinaryPorts(set, false)), possible: sets.possibly(sets.fromOrdinaryPorts(set, true)) };
  take(common.sure, diagrams.or(common.sure, sets.pointless), sureRoom, true, false);
  for (const part of combinations(sets, set, diagrams.minus(common.possible, common.sure)))
    take(part, diagrams.or(diagrams.or(part, common.sure), sets.pointless), possibleRoom, false, false);
  take(diagrams.minus(whole.sure, common.possible), sureRoom, sureRoom, true, true);
  for (const part of combinations(sets, set, diagrams.minus(diagrams.minus(whole.possible, common.possible), whole.sure)))
    take(part, diagrams.or(diagrams.or(part, whole.sure), sets.pointless), possibleRoom, false, true);
  return { drafts, complete };
}

/** The box with the source ports for which all of it is so. */
function withSourcePorts(sets: SessionSets, box: Box, room: Diagram): Box {
  if (!sets.isAll(SOURCE_PORT, box[SOURCE_PORT] as Ranks)) return box;
  const ports = sets.boxes.allowed(room, box, SOURCE_PORT);
  return ports.length === 0 ? box : box.with(SOURCE_PORT, ports);
}

/** The box without ends and interfaces that no session has; with all of those that some has where it has them all. */
function ordinary(sets: SessionSets, box: Box): Box {
  const result = [...box];
  for (const [dimension, usual] of sets.ends) {
    const possible = dimension === SERVER ? sets.serversFor(box) : usual;
    const here = commonRanks(box[dimension] as Ranks, possible);
    result[dimension] = rankCount(here) === rankCount(possible) ? [[0, sets.boxes.dimensions[dimension]?.last ?? 0]] : here;
  }
  return result;
}

function draft(sets: SessionSets, set: Diagram, always: Diagram, box: Box, sure: boolean, special: boolean): Draft {
  const whole = sets.boxes.contains(always, box);
  const asked = sure && whole ? [] : askedLevels(sets, set, box);
  const fields = whole ? [] : asked.flatMap(level => (level.is === "field" ? [fieldWords(level.field, level.instance)] : []));
  const conditions = sure ? [] : asked.filter(level => level.is !== "field");
  const said = conditions.map(({ about }) => about);
  return {
    box,
    depends: sure ? [] : said.length === 0 ? ["the client's port"] : [...new Set(said)],
    choices: said.length > 0 && conditions.every(level => level.is === "choice"),
    fields: [...new Set(fields)],
    special,
    effects: effectsOf(sets, box),
  };
}

/** Parts of a set by the conditions that decide them. */
function combinations(sets: SessionSets, set: Diagram, open: Diagram): Diagram[] {
  const { diagrams } = sets.boxes;
  if (open === NO) return [];
  const lowest = sets.boxes.dimensions[CLIENT]?.level ?? 0;
  if (mixed(sets, set, lowest)) return [open];
  const keys = new Map<string, number>();
  const memo = new Map<Diagram, Diagram>();
  const leafOf = (number: number): Diagram => sets.space.leaf(`policy combination ${number}`, number);
  const visit = (node: Diagram): Diagram => {
    if (node === YES || node === NO) return NO;
    const known = memo.get(node);
    if (known !== undefined) return known;
    let result: Diagram;
    if (diagrams.levelOf(node) > lowest) {
      const conditions = [...diagrams.levelsOf(node)].filter(level => sets.space.levels[level]?.is !== "field");
      const key = conditions.toSorted((a, b) => a - b).join();
      let number = keys.get(key);
      if (number === undefined) keys.set(key, (number = keys.size));
      result = leafOf(number);
    } else result = diagrams.rebuilt(node, visit);
    memo.set(node, result);
    return result;
  };
  const marked = visit(set);
  if (keys.size < 2 || keys.size > COMBINATIONS_MAX) return [open];
  return [...keys.values()]
    .map(number => diagrams.and(sets.possibly(diagrams.endingIn(marked, [leafOf(number)])), open))
    .filter(part => part !== NO);
}

/** Does the set ask for something between the dimensions that is none of them? */
function mixed(sets: SessionSets, set: Diagram, lowest: number): boolean {
  return [...sets.boxes.diagrams.levelsOf(set)].some(level => level < lowest && !sets.isDimension(level));
}

/** Levels that sessions of a box ask for besides its dimensions: fields of packets that tell them apart, and what decides about them. */
function askedLevels(sets: SessionSets, set: Diagram, box: Box): Level[] {
  const asked = new Set<number>();
  sets.within(
    set,
    box,
    node => sets.asksMore(node),
    node => {
      const level = node < 0 ? undefined : sets.boxes.diagrams.levelOf(node);
      if (level !== undefined && !sets.isDimension(level)) asked.add(level);
    },
  );
  return [...asked].flatMap(level => sets.space.levels[level] ?? []);
}

function effectsOf(sets: SessionSets, box: Box): string[] {
  const effects = new Set<string>();
  sets.within(
    sets.whole,
    box,
    node => sets.leadsToEffects(node),
    node => {
      if (node >= 0) return;
      const { end, effects: own } = sets.sessions.endOf(node);
      if (end === "usable" || end === "half-open") for (const effect of own) effects.add(effect);
    },
  );
  return [...effects];
}

/** What thinning asks of sets of sessions. */
export type Thinned = Pick<SessionSets, "boxes" | "isAll"> & Partial<Pick<SessionSets, "isMost">>;

/**
 * Boxes that overlap say the same twice. A box gets rid of what others have too where this makes it shorter to say; a box of which nothing of the
 * set is left is gone. Sessions beyond the set do not count.
 */
export function thinned(sets: Thinned, cover: readonly Box[], set: Diagram): Box[] {
  const { boxes } = sets;
  const { diagrams } = boxes;
  if (cover.length > THINNED_MAX) return cover.map(box => withoutOthers(sets, box, diagrams.minus(boxes.diagramOf(box), set)));
  const owns = cover.map(box => boxes.diagramOf(box));
  const before: Diagram[] = [NO];
  for (const own of owns) before.push(diagrams.replace(own, NO, before.at(-1) as Diagram));
  // The largest boxes come first and are the last to give up anything.
  let after: Diagram = NO;
  const kept: Box[] = [];
  for (const [index, box] of [...cover.entries()].toReversed()) {
    const own = owns[index] as Diagram;
    // What is worked out from the box visits what lies in it and no more of the rest.
    const said = diagrams.or(diagrams.replace(own, YES, before[index] as Diagram), diagrams.replace(own, YES, after));
    const others = diagrams.or(said, diagrams.minus(own, set));
    if (others === own) continue;
    const smaller = withoutOthers(sets, box, others);
    kept.push(smaller);
    after = diagrams.replace(smaller === box ? own : boxes.diagramOf(smaller), NO, after);
  }
  return kept.toReversed();
}

/** The box without what others, which are in it, have all of: dimension by dimension, unless it has everything or most of it there. */
function withoutOthers(sets: Thinned, box: Box, others: Diagram): Box {
  if (others === NO) return box;
  const result = [...box];
  for (const dimension of [IN, OUT, CLIENT, SERVER, KIND, PORT, SOURCE_PORT]) {
    const whole = result[dimension] as Ranks;
    if (sets.isAll(dimension, whole) || sets.isMost?.(dimension, whole) === true) continue;
    const left = ranksWithout(whole, sets.boxes.allowed(others, result, dimension));
    if (left.length === 0) continue;
    // A range of which only some is left stays whole: that is shorter to say, but of names.
    result[dimension] = dimension === IN || dimension === OUT ? left : rangesThatMeet(whole, left);
  }
  return result;
}

/** Do two boxes differ in their services, and in what NAT makes of them, alone? Then this text is the same. */
export const placeKey = ({ box, depends, fields, special }: Draft, boxes: Boxes): string =>
  // Ranks are told apart by the numbers of their diagrams, which say no more than the ranks and are short.
  `${special} ${[IN, OUT, CLIENT, SERVER].map(dimension => boxes.ranksAsSet(dimension, box[dimension] as Ranks)).join()}|${depends.join("|")}|${fields.join("|")}`;

/** Have two boxes at one place services in common? */
export const sharesServices = ({ box: one }: Draft, { box: other }: Draft): boolean =>
  [KIND, PORT, SOURCE_PORT].every(dimension => commonRanks(one[dimension] as Ranks, other[dimension] as Ranks).length > 0);
