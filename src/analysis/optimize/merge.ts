import type { Interval, IntervalSet } from "../../packet/index.ts";
import type { Scalar } from "../../predicate/index.ts";
import type { Target } from "../../xtables/index.ts";
import { addressWords, joinedRanges } from "./address-words.ts";
import type { Effort } from "./effort.ts";
import { madeRule, type Place } from "./made-rule.ts";
import type { Piece } from "./pieces.ts";
import { fits, portWords } from "./port-words.ts";
import type { SetMaker } from "./set-maker.ts";
import { commute, exclusive, traitsOf, type Writes } from "./traits.ts";

/** What merging needs to know of the chain. */
export interface MergeScene {
  readonly place: Place;
  readonly writes: Writes;
  readonly effort: Effort;
  /** Makes ipsets, where they are wanted. */
  readonly sets: SetMaker | undefined;
}

/** Rules that may become one, and where each of them stands. */
interface Group {
  readonly members: number[];
}

/** Rules that differ in their ports only become one with a list of ports, where no rule in between minds. */
export function mergedByPorts(pieces: readonly Piece[], scene: MergeScene): readonly Piece[] {
  const words = pieces.map(piece => (mayMerge(piece) ? portWords(piece.rule) : undefined));
  const keys = words.map(each => each?.key);
  return folded(pieces, keys, scene, members => {
    const lists: { readonly members: number[]; ports: IntervalSet<number> }[] = [];
    for (const at of members) {
      const ports = words[at]?.ports ?? [];
      const list = lists.find(each => fits(joinedRanges([...each.ports, ...ports])));
      if (list) {
        list.members.push(at);
        list.ports = joinedRanges([...list.ports, ...ports]);
      } else lists.push({ members: [at], ports });
    }
    return lists.map(list => ({ members: list.members, text: words[list.members[0] ?? -1]?.text(list.ports) ?? "" }));
  });
}

/** Rules that differ in one end's address only become fewer with longer ranges, or one with an ipset. */
export function mergedByAddresses(pieces: readonly Piece[], end: "source" | "destination", scene: MergeScene): readonly Piece[] {
  const { family } = scene.place;
  const words = pieces.map(piece => (mayMerge(piece) ? addressWords(piece.rule, end, family) : undefined));
  const keys = words.map(each => each?.key);
  return folded(pieces, keys, scene, members => {
    const first = words[members[0] ?? -1];
    const ranges = joinedRanges(members.flatMap((at): Interval<Scalar>[] => (words[at] ? [words[at].range] : [])));
    const set = ranges.length > 1 ? scene.sets?.setOf(ranges, scene.place.chain) : undefined;
    if (set !== undefined) return [{ members, text: first?.inSet(set) ?? "" }];
    const inside = ranges.map((): number[] => []);
    for (const at of members) inside[rangeAt(ranges, words[at]?.range[0] ?? 0)]?.push(at);
    return ranges.map((range, index) => ({ members: inside[index] ?? [], text: first?.text(range) ?? "" }));
  });
}

/** Which of the sorted ranges a value lies in. */
function rangeAt(ranges: IntervalSet<Scalar>, value: Scalar): number {
  let low = 0;
  let high = ranges.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((ranges[middle]?.[0] ?? 0) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** A limit or a counter of its own would become a shared one. */
const mayMerge = ({ rule: { target }, traits }: Piece): boolean =>
  !traits.stateful && target !== undefined && target.action.do !== "effect" && target.action.do !== "continue";

/** Rules that become one, and its text. */
interface Merger {
  readonly members: readonly number[];
  readonly text: string;
}

function folded(
  pieces: readonly Piece[],
  keys: readonly (string | undefined)[],
  scene: MergeScene,
  mergers: (members: readonly number[]) => readonly Merger[],
): readonly Piece[] {
  const result: (Piece | undefined)[] = [...pieces];
  for (const { members } of grouped(pieces, keys, scene.effort)) {
    if (members.length < 2) continue;
    for (const merger of mergers(members)) {
      const [first] = merger.members;
      if (first === undefined || merger.members.length < 2) continue;
      for (const at of merger.members) result[at] = undefined;
      result[first] = made(
        merger.text,
        merger.members.map(at => pieces[at] as Piece),
        scene,
      );
    }
  }
  return result.filter(piece => piece !== undefined);
}

/** Groups of pieces of one key that can all stand where the first of them stands. */
function grouped(pieces: readonly Piece[], keys: readonly (string | undefined)[], effort: Effort): readonly Group[] {
  const open = new Map<string, Group>();
  const groups: Group[] = [];
  const starts = runStarts(pieces);
  for (const [at, key] of keys.entries()) {
    if (key === undefined) continue;
    const group = open.get(key);
    if (group && !effort.spent && joins(pieces, group, at, starts[at] ?? at, effort)) {
      group.members.push(at);
      continue;
    }
    const fresh: Group = { members: [at] };
    open.set(key, fresh);
    groups.push(fresh);
  }
  return groups;
}

/** For each piece the first of an unbroken run of pieces up to it that may change places with each other whatever they match. */
function runStarts(pieces: readonly Piece[]): readonly number[] {
  const starts: number[] = [];
  for (const [at, { traits }] of pieces.entries()) {
    const before = pieces[at - 1]?.traits.only;
    starts.push(at > 0 && before !== undefined && before === traits.only ? (starts[at - 1] ?? at) : at);
  }
  return starts;
}

/** May the piece go up to the group's first member, past all that is no member? From `start` on nobody minds. */
function joins(pieces: readonly Piece[], { members }: Group, at: number, start: number, effort: Effort): boolean {
  const first = members[0] ?? at;
  const piece = pieces[at] as Piece;
  if (!piece.traits.final && !members.every(index => exclusive((pieces[index] as Piece).traits, piece.traits))) return false;
  if (start <= first) return true;
  const inside = new Set(members);
  effort.spend(start - first + (piece.traits.final ? 0 : members.length));
  for (let i = start - 1; i > first; i--) if (!inside.has(i) && !commute((pieces[i] as Piece).traits, piece.traits)) return false;
  return true;
}

function made(text: string, members: readonly Piece[], { place, writes }: MergeScene): Piece {
  const first = members[0] as Piece;
  const { target, at } = first.rule;
  const counters = { packets: total(members, "packets"), bytes: total(members, "bytes") };
  const rule = madeRule(text, place, counters, at, ledTo(target));
  return {
    rule,
    traits: traitsOf(rule, writes),
    from: members.flatMap(({ from }) => from),
    matched: members.reduce((sum, { matched }) => sum + matched, 0),
    absorbed: members.reduce((sum, { absorbed }) => sum + absorbed, 0),
  };
}

const ledTo = (target: Target | undefined): string | undefined =>
  target?.action.do === "jump" || target?.action.do === "goto" ? target.action.chain : undefined;

const total = (members: readonly Piece[], of: "packets" | "bytes"): bigint =>
  members.reduce((sum, { rule }) => sum + rule.counters[of], 0n);
