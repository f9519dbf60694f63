import { NO, YES, type Diagram, type Domain, type Space } from "../../symbolic/index.ts";
import { fieldWords } from "../field-words.ts";
import type { FamilyModel } from "../model.ts";
import type { Path, Ranges } from "../witness.ts";
import { Boxes, type Box, type Dimension } from "../policy/boxes.ts";
import { thinned } from "../policy/drafts.ts";
import { commonRanks, ranksWithout, type Ranks } from "../policy/ranks.ts";
import type { Change } from "./diff-report.ts";
import { isPlace, sides, type Difference, type Layer } from "./layers.ts";
import { CLIENT, FIELDS, GROWTH, KIND, PORT, SERVER, SOURCE_PORT } from "../policy/session-sets.ts";
import { possibleHere } from "./ordinary.ts";
import { joinedText, seenText, withoutCommon, type Seen } from "./seen.ts";

/** The order in which differences are told. */
export const CHANGES: readonly Change[] = ["opens", "closes", "changes"];

/** A class of sessions or packets that the two sides treat differently. */
export interface ClassBox {
  readonly box: Box;
  /** Of the box it is what ended so before and is in no class that comes earlier. */
  readonly rest: boolean;
  readonly change: Change;
  readonly before: string;
  readonly after: string;
  readonly depends: readonly string[];
  /** Its members: conditions and the kind's level included. */
  readonly members: Diagram;
}

/** Addresses at one end of a class. */
export interface ClassAddresses {
  /** Those that occur. */
  readonly values: Ranges;
  /** With those that cannot occur, where this is shorter to say. */
  readonly box: Ranges;
  /** Those that can occur and are not in the class. */
  readonly missing: Ranges;
}

/** More boxes than this are told as the rest of what ended so before, if they are that. */
const MOST_BOXES = 2;

/** Differences that are told together: of what opens and closes, effects such as NAT are no reason for rows of their own. */
interface Group {
  readonly change: Change;
  readonly leaves: Set<Diagram>;
  readonly before: Seen[];
  readonly after: Seen[];
}

/** The differences of one layer on one path, as boxes. */
export class LayerClasses {
  readonly space: Space;
  readonly boxes: Boxes;
  /** NO or the leaf of a difference; the top level is the kind, for which the level of `ctstate` serves, as nothing asks for it any more. */
  readonly whole: Diagram;
  readonly size: number;
  private readonly clients: Ranks;
  private readonly servers: Ranks;
  private readonly pointless: Diagram;
  private readonly layer: Layer;
  private readonly levels: ReadonlySet<number>;

  constructor(model: FamilyModel, path: Path, layer: Layer, folded: Diagram) {
    const { space } = model;
    const { diagrams } = space;
    const kinds = sides(model)[0].kinds;
    this.space = space;
    this.size = layer.names?.length ?? kinds.length;
    const top = space.fieldLevel("ctstate");
    const dimensions: Dimension[] = [
      { level: top, last: this.size - 1 },
      ...FIELDS.map(field => ({ level: space.fieldLevel(field), last: space.domainOf(field).size - 1 })),
    ];
    this.boxes = new Boxes(diagrams, dimensions);
    this.levels = new Set(dimensions.map(({ level }) => level));
    const parts = new Map(layer.parts.map(part => [part.index, part]));
    const possible = possibleHere(model, path);
    const edges: [number, Diagram][] = [];
    const rooms: [number, Diagram][] = [];
    for (let index = 0; index < this.size; index++) {
      const ported = layer.names === undefined && kinds[index]?.ports === true;
      const there = ported ? diagrams.minus(possible, this.portless()) : possible;
      const part = parts.get(index);
      edges.push([index, part === undefined ? NO : diagrams.choose(there, part.diagram, NO)]);
      rooms.push([index, part === undefined ? NO : diagrams.or(diagrams.not(there), part.elsewhere)]);
    }
    const whole = diagrams.node(top, edges);
    this.whole = layer.folds ? diagrams.choose(folded, NO, whole) : whole;
    const there = rooms.reduce((all, [, room]) => diagrams.or(all, diagrams.not(room)), NO as Diagram);
    this.clients = this.ranksOf("saddr", there);
    this.servers = this.ranksOf("daddr", there);
    this.layer = layer;
    // Pointless whatever the conditions.
    this.pointless = diagrams.quantify(diagrams.node(top, rooms), level => !this.levels.has(level), false);
  }

  /** Everything that differs, whatever the conditions. */
  possibly(): Diagram {
    return this.quantified(
      this.space.diagrams.mapLeaves(this.whole, leaf => (leaf === NO ? NO : YES)),
      true,
    );
  }

  /** The classes as few boxes, at most `limit`; `left` counts the kinds of differences that have none. */
  classes(limit: number): { readonly classes: readonly ClassBox[]; readonly left: number } {
    const { diagrams } = this.space;
    const classes: ClassBox[] = [];
    let left = 0;
    let told = this.pointless;
    for (const group of this.groups()) {
      if (classes.length >= limit) {
        left++;
        continue;
      }
      const { change, leaves } = group;
      const set = diagrams.mapLeaves(this.whole, leaf => (leaves.has(leaf) ? YES : NO));
      const before = joinedText(group.before);
      const after = joinedText(group.after);
      const found: ClassBox[] = [];
      const sure = this.quantified(set, false);
      for (const part of [sure, diagrams.minus(this.quantified(set, true), sure)]) {
        if (part === NO) continue;
        const { boxes, rest } = this.boxes.cover(part, diagrams.or(part, this.pointless), GROWTH, limit - classes.length - found.length);
        if (rest !== NO) left++;
        for (const box of thinned(this, boxes, part)) {
          const members = diagrams.and(diagrams.and(set, part), this.boxes.diagramOf(box));
          if (members !== NO)
            found.push({ box, rest: false, change, before, after, depends: part === sure ? [] : this.conditions(members), members });
        }
      }
      // One sentence says more than many boxes.
      const stops = group.before.every(({ passes }) => !passes);
      if ((found.length > MOST_BOXES || (stops && change === "changes")) && this.isRest(group, set, told)) {
        const box = this.boxes.dimensions.map(({ last }): Ranks => [[0, last]]);
        classes.push({ box, rest: true, change, before, after, depends: [], members: set });
      } else classes.push(...found);
      told = diagrams.or(told, set);
    }
    return { classes, left };
  }

  /** Is the set all that ended so before, but for what was told already? */
  private isRest({ before }: Group, set: Diagram, told: Diagram): boolean {
    const { diagrams } = this.space;
    const texts = new Set(before.map(seenText));
    const parts = new Map(this.layer.parts.map(part => [part.index, part]));
    const edges: [number, Diagram][] = [];
    for (let index = 0; index < this.size; index++) {
      const part = parts.get(index);
      edges.push([
        index,
        part === undefined ? NO : diagrams.mapLeaves(part.whole, leaf => (texts.has(seenText(part.see(leaf))) ? YES : NO)),
      ]);
    }
    const ended = diagrams.node((this.boxes.dimensions[KIND] as Dimension).level, edges);
    return diagrams.minus(diagrams.minus(ended, told), set) === NO;
  }

  /** Differences by what they do: what opens first, then what closes, then what changes. */
  private groups(): Group[] {
    const groups = new Map<string, Group>();
    for (const leaf of this.space.diagrams.leavesOf(this.whole)) {
      if (leaf === NO) continue;
      const { change, ...ends } = this.space.valueOf(leaf) as Difference;
      const [before, after] = change === "changes" ? withoutCommon(ends.before, ends.after) : [ends.before, ends.after];
      const key = change === "changes" ? `${seenText(before)} | ${seenText(after)}` : `${change} ${before.text} | ${after.text}`;
      const group = groups.get(key);
      if (group) {
        group.leaves.add(leaf);
        group.before.push(before);
        group.after.push(after);
      } else groups.set(key, { change, leaves: new Set([leaf]), before: [before], after: [after] });
    }
    return [...groups.values()].toSorted((a, b) => CHANGES.indexOf(a.change) - CHANGES.indexOf(b.change));
  }

  /** Is this all of a dimension? */
  isAll(dimension: number, ranks: Ranks): boolean {
    const last = this.boxes.dimensions[dimension]?.last ?? 0;
    const [only] = ranks;
    return ranks.length === 1 && only?.[1] === last && only[0] <= Number(dimension === PORT || dimension === SOURCE_PORT);
  }

  /** Addresses of a class. */
  addresses({ box, members }: ClassBox, dimension: typeof CLIENT | typeof SERVER): ClassAddresses {
    const possible = dimension === CLIENT ? this.clients : this.servers;
    const ranks = box[dimension] as Ranks;
    const domain = this.domain(dimension);
    const values = (of: Ranks): Ranges => of.map(([low, high]) => [domain.rangeOf(low)[0], domain.rangeOf(high)[1]] as const);
    const own = this.ranksOf(dimension === CLIENT ? "saddr" : "daddr", members);
    return { values: values(commonRanks(own, possible)), box: values(ranks), missing: values(ranksWithout(possible, ranks)) };
  }

  domain(dimension: number): Domain {
    return this.space.domainOf(FIELDS[dimension - 1] ?? "dport");
  }

  /** Ranks of addresses that a set has at one end. */
  private ranksOf(field: "saddr" | "daddr", set: Diagram): Ranks {
    const level = this.space.fieldLevel(field);
    const projected = this.space.diagrams.quantify(set, other => other !== level, true);
    if (projected < 0) return [[0, this.space.domainOf(field).size - 1]];
    return this.boxes.branches(projected).get(YES) ?? [];
  }

  /** What is so for some, or for all, values of what is no dimension. Whose address the destination is, is a matter of the machine. */
  private quantified(set: Diagram, some: boolean): Diagram {
    const { diagrams } = this.space;
    const placed = some ? set : diagrams.quantify(set, level => isPlace(this.space, level), true);
    return diagrams.quantify(placed, level => !this.levels.has(level), some);
  }

  /** What a class depends on besides its dimensions. */
  private conditions(members: Diagram): string[] {
    const said = new Set<string>();
    for (const number of this.space.diagrams.levelsOf(members)) {
      const level = this.space.levels[number];
      if (level === undefined || this.levels.has(number) || isPlace(this.space, number)) continue;
      said.add(level.is === "field" ? fieldWords(level.field, level.instance) : level.about);
    }
    return [...said];
  }

  private portless(): Diagram {
    const { diagrams } = this.space;
    const absent = (dimension: number): Diagram => {
      const { level, last } = this.boxes.dimensions[dimension] as Dimension;
      return this.domain(dimension).optional ? diagrams.interval(level, 0, 0, last, YES, NO) : NO;
    };
    return diagrams.or(absent(PORT), absent(SOURCE_PORT));
  }
}
