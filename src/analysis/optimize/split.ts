import type { Rule } from "../../ruleset/index.ts";
import type { Attribute, Cell, Cells } from "./attribute.ts";
import { ATTRIBUTES } from "./cells.ts";
import type { Effort } from "./effort.ts";
import { madeRule, type Place } from "./made-rule.ts";
import type { Piece } from "./pieces.ts";
import { traitsOf, type Writes } from "./traits.ts";

/** What splitting needs to know of the chain. */
export interface SplitScene {
  readonly place: Place;
  readonly writes: Writes;
  readonly effort: Effort;
  /** No shorter run of rules is split. */
  readonly least: number;
  /** A name for a new chain that nobody has. */
  newChain(): string;
}

/** A chain that was put in. */
export interface NewChain {
  readonly name: string;
  readonly pieces: readonly Piece[];
  /** Packets that enter it. */
  readonly entered: number;
}

/** A list of rules after splitting, and the chains that it now needs. */
export interface Split {
  readonly pieces: readonly Piece[];
  readonly chains: readonly NewChain[];
}

/** Rules that a cell is to have at least, on average. */
const SMALL = 8;
/** Cells that one list of jumps has. */
const MOST_CELLS = 8;
/** What a split must save of the tests that a run of rules costs. */
const WORTH = 0.8;

/**
 * Long runs of rules that ask one attribute become a chain that goes to one of several chains by that attribute: `-j C`, and in C one
 * `-s 1.0.0.0/10 -g C1` for each cell. At the end of a cell a packet is behind the run again, since a goto is not returned from; a run at the
 * chain's end needs no C.
 */
export function split(pieces: readonly Piece[], entered: number, scene: SplitScene): Split {
  const chains: NewChain[] = [];
  const result: Piece[] = [];
  let reach = entered;
  for (let at = 0; at < pieces.length;) {
    const tree = treeOf(pieces, at, reach, scene);
    const length = tree?.length ?? 1;
    for (const { absorbed } of pieces.slice(at, at + length)) reach = Math.max(0, reach - absorbed);
    result.push(...(tree?.pieces ?? pieces.slice(at, at + 1)));
    chains.push(...(tree?.chains ?? []));
    at += length;
  }
  return { pieces: result, chains };
}

interface Tree extends Split {
  /** Rules of the list that it replaces. */
  readonly length: number;
}

/** The best tree for the rules from one on; undefined where none is worth while. */
function treeOf(pieces: readonly Piece[], from: number, reach: number, scene: SplitScene): Tree | undefined {
  const { family } = scene.place;
  if (scene.effort.spent) return undefined;
  const runs = ATTRIBUTES.map(attribute => ({ attribute, length: runLength(attribute, pieces, from, scene) }))
    .filter(({ length }) => length >= scene.least)
    .toSorted((a, b) => b.length - a.length);
  let best: { readonly members: readonly Piece[]; readonly cells: Cells; readonly saved: number } | undefined;
  for (const { attribute, length } of runs) {
    const members = pieces.slice(from, from + length);
    const cells = attribute.cells(members, family, Math.min(MOST_CELLS, Math.max(2, Math.ceil(length / SMALL))));
    if (cells.cells.length < 2) continue;
    const flat = flatTests(members, reach);
    const tests = treeTests(cells, members, reach);
    const saved = flat - tests;
    if (tests <= flat * WORTH && saved > (best?.saved ?? 0)) best = { members, cells, saved };
  }
  return best && built(best.cells, best.members, from + best.members.length === pieces.length, reach, scene);
}

/** RETURN and goto mean the same in a cell only when no jump leads there. */
function runLength(attribute: Attribute, pieces: readonly Piece[], from: number, { place: { family }, effort }: SplitScene): number {
  const length = attribute.reach(pieces, from, family, effort);
  if (from + length === pieces.length) return length;
  const leaving = pieces.slice(from, from + length).findIndex(({ traits }) => traits.leaves);
  return leaving < 0 ? length : leaving;
}

function built({ cells, aside, common }: Cells, members: readonly Piece[], tail: boolean, reach: number, scene: SplitScene): Tree {
  const decided = members.reduce((sum, { absorbed }) => sum + absorbed, 0);
  const missed = Math.max(0, reach - decided);
  const chains: NewChain[] = [];
  const name = tail ? scene.place.chain : scene.newChain();
  const place = { ...scene.place, chain: name };
  const arriving = (cell: Cell): number => weightOf(cell.pieces) + missed * cell.share;
  const jumps = cells
    .toSorted((a, b) => arriving(b) - arriving(a))
    .map((cell): Piece => {
      const arrives = arriving(cell);
      const own = scene.newChain();
      const inner = split(cell.pieces, arrives, { ...scene, place: { ...place, chain: own } });
      chains.push({ name: own, pieces: inner.pieces, entered: arrives }, ...inner.chains);
      return jumpPiece(`${cell.test} -g ${own}`, own, cell.pieces, { matched: arrives, absorbed: arrives }, place, scene.writes);
    });
  if (tail) return { pieces: [...aside, ...jumps], chains, length: members.length };
  chains.unshift({ name, pieces: [...aside, ...jumps], entered: reach });
  const jump = jumpPiece(`${common} -j ${name}`.trim(), name, members, { matched: reach, absorbed: decided }, scene.place, scene.writes);
  return { pieces: [jump], chains, length: members.length };
}

const weightOf = (pieces: readonly Piece[]): number => pieces.reduce((sum, { absorbed }) => sum + absorbed, 0);

/** Tests of a list, by how many packets arrive at its first rule. */
function flatTests(pieces: readonly Piece[], arrive: number): number {
  let reach = arrive;
  let tests = 0;
  for (const { absorbed } of pieces) {
    tests += reach;
    reach = Math.max(0, reach - absorbed);
  }
  return tests;
}

/** The same through a chain of gotos and one of the cells; packets that no rule wants are spread over the cells by their size. */
function treeTests({ cells, aside }: Cells, members: readonly Piece[], reach: number): number {
  const missed = Math.max(
    0,
    members.reduce((rest, { absorbed }) => rest - absorbed, reach),
  );
  let tests = reach + flatTests(aside, reach);
  let left = reach - weightOf(aside);
  for (const cell of cells) {
    const arrives = weightOf(cell.pieces) + missed * cell.share;
    tests += left + flatTests(cell.pieces, arrives);
    left = Math.max(0, left - arrives);
  }
  return tests;
}

function jumpPiece(
  text: string,
  led: string,
  inside: readonly Piece[],
  traffic: { readonly matched: number; readonly absorbed: number },
  place: Place,
  writes: Writes,
): Piece {
  const { at } = (inside[0] as Piece).rule;
  const rule: Rule = madeRule(text, place, { packets: 0n, bytes: 0n }, at, led);
  return { rule, traits: traitsOf(rule, writes), from: [], ...traffic };
}
