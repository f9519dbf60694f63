import type { Family } from "../../predicate/index.ts";
import type { LaidOut, PlainGraph } from "../layout/graph.ts";
import type { OutlineChain } from "../work/outline.ts";
import { neighbourhood, type Neighbourhood } from "./neighbours.ts";
import type { Box } from "./plan.ts";

/** A chain that the map can zoom into. */
export interface ChainPlace {
  readonly family: Family;
  readonly table: string;
  readonly chain: string;
}

/** What is drawn of a chain: which chains, which calls, and how large each card is. */
export interface Scene {
  readonly place: ChainPlace;
  readonly near: Neighbourhood;
  readonly graph: PlainGraph;
  /** Cards of called chains say little, because there are many. */
  readonly terse: boolean;
}

/** Chains that are drawn at most. */
const DRAWN_MAX = 120;

/** With more chains than these, cards say less. */
const ROOMY = 12;

/** Heights in the card of the chain itself, in CSS pixels at scale 1; map.css has the same. */
export const CARD = { border: 1, title: 42, callers: 28, rule: 24, foot: 34 } as const;

/** Widths between which a card follows its longest rule; the wider one is for a chain that calls none. */
const WIDTH = { narrow: [340, 340], calling: [340, 440], alone: [340, 680] } as const;

/** Of a character of a rule, and of everything beside the rule's words, in CSS pixels. */
const CHARACTER = 7.3;
const BESIDE = 130;

/** Sizes of the cards of called chains. */
const CALLED = { roomy: { width: 230, height: 74 }, terse: { width: 210, height: 32 } } as const;

/** Rules that a card shows at once at least and at most, where it has more; the others are scrolled to. */
const RULES_SHOWN = [5, 24] as const;

/** Of the screen's height, what is left beside a card. */
const AROUND = 28;

/** What is to be drawn of a chain, on a screen of some height; undefined when there is no such chain. */
export function sceneOf(
  place: ChainPlace,
  chains: ReadonlyMap<string, OutlineChain>,
  screen: { readonly narrow: boolean; readonly height: number },
): Scene | undefined {
  const near = neighbourhood(chains, place.chain, DRAWN_MAX);
  const first = near?.chains[0];
  if (!near || !first) return undefined;
  const shape = screen.narrow ? "narrow" : near.chains.length > 1 ? "calling" : "alone";
  const longest = first.rules.reduce((most, { text }) => Math.max(most, text.length), 0) - first.name.length;
  const [least, most] = WIDTH[shape];
  const terse = near.chains.length > ROOMY;
  const room = Math.floor((screen.height - AROUND - listTop(first) - CARD.foot) / CARD.rule);
  const rules = Math.max(1, Math.min(first.rules.length, Math.max(RULES_SHOWN[0], Math.min(RULES_SHOWN[1], room))));
  const own = {
    width: Math.round(Math.min(most, Math.max(least, longest * CHARACTER + BESIDE))),
    height: listTop(first) + rules * CARD.rule + CARD.foot + CARD.border,
  };
  const index = new Map(near.chains.map(({ name }, at) => [name, at]));
  return {
    place,
    near,
    terse,
    graph: {
      boxes: near.chains.map((_, at) => (at === 0 ? own : CALLED[terse ? "terse" : "roomy"])),
      edges: near.calls.map(({ from, to }) => ({ from: index.get(from) ?? 0, to: index.get(to) ?? 0 })),
      gaps: { ranks: 70, boxes: terse ? 8 : 16 },
    },
  };
}

/** Where the rules begin in a chain's card. */
export function listTop({ policy }: OutlineChain): number {
  return CARD.border + CARD.title + (policy === undefined ? CARD.callers : 0);
}

/** Where each card stands; before the layout is there only the chain's own, at the corner. Beside a long column of cards its own stands at the top, where its first calls are. */
export function boxesOf({ graph }: Scene, laid: LaidOut | undefined): readonly (Box | undefined)[] {
  return graph.boxes.map(({ width, height }, at) => {
    const corner = laid ? laid.boxes[at] : at === 0 ? { x: 0, y: 0 } : undefined;
    return corner && { x: corner.x, y: at === 0 && laid && laid.height > 1.4 * height ? 0 : corner.y, width, height };
  });
}

/** Does an edge leave the list of rules at a rule that is seen? */
export function isRowSeen(rules: readonly number[], list: { readonly top: number; readonly bottom: number }, scrolled: number): boolean {
  const level = rowLevel(rules, list, scrolled);
  return list.top < level && level < list.bottom;
}

/** At which height of the drawing an edge leaves the list of rules: at the first calling rule that is seen, or at the end that it is scrolled out of. */
export function rowLevel(rules: readonly number[], list: { readonly top: number; readonly bottom: number }, scrolled: number): number {
  const levels = rules.map(number => list.top + (number - 0.5) * CARD.rule - scrolled);
  const seen = levels.find(level => list.top <= level && level <= list.bottom);
  return seen ?? Math.min(list.bottom, Math.max(list.top, levels[0] ?? list.top));
}
