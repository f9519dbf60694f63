import { NO, type Diagram } from "../../symbolic/index.ts";
import { confirm, type Stand } from "../confirm/index.ts";
import { addressNames, ownNames } from "../names/index.ts";
import type { Certainty } from "../policy-report.ts";
import { answerDecision } from "./answer-decision.ts";
import { FATES, type AnswerPart } from "./answer.ts";
import type { Asked, FateSet } from "./asked.ts";
import { conditionWords } from "./conditions.ts";
import { BoxText } from "./describe.ts";
import { witnessIn } from "./witness-in.ts";

/** Parts of an answer, and how many more there would be. */
export interface Parts {
  readonly parts: readonly AnswerPart[];
  /** Some of what was asked is in none of the parts. */
  readonly complete: boolean;
}

/** Parts that a fate is told in, at most: what can is told at more length than what cannot. */
export interface PartLimits {
  readonly can: number;
  readonly cannot: number;
}

/** A fate's members: those that have it whatever the conditions, and those for which it depends. */
export interface Bounds {
  readonly sure: Diagram;
  readonly open: Diagram;
}

/** The levels that no dimension stands for. */
const beyond = ({ boxes }: Asked): ((level: number) => boolean) => {
  const levels = new Set(boxes.dimensions.map(({ level }) => level));
  return level => !levels.has(level);
};

/** Everything that is asked under some conditions. */
export const everythingAsked = (of: Asked): Diagram => of.boxes.diagrams.quantify(of.asked, beyond(of), true);

/** Of what was asked, what surely has a fate, and what has it under some conditions alone. */
export function boundsOf(of: Asked, set: Diagram): Bounds {
  const { diagrams } = of.boxes;
  const gone = beyond(of);
  const always = diagrams.quantify(diagrams.or(set, diagrams.not(of.asked)), gone, false);
  const sure = diagrams.and(everythingAsked(of), always);
  return { sure, open: diagrams.minus(diagrams.quantify(set, gone, true), sure) };
}

/** What becomes of what was asked, fate by fate, as few large classes with a witness each. */
export function partsOf(of: Asked, wanted: (fate: FateSet) => boolean, stand: Stand, limits: PartLimits): Parts {
  const { diagrams } = of.boxes;
  const everything = everythingAsked(of);
  const outside = diagrams.not(everything);
  const { family, rulesets } = of.model;
  const names = addressNames(family, ownNames({ family, host: stand.host, sets: stand.sets, ruleset: rulesets[0] }));
  const text = new BoxText(of, everything, names);
  const parts: AnswerPart[] = [];
  let complete = true;
  for (const fateSet of of.fates.filter(wanted).toSorted((a, b) => FATES.indexOf(a.fate) - FATES.indexOf(b.fate))) {
    const { sure, open } = boundsOf(of, fateSet.set);
    for (const [set, certain] of [
      [sure, true],
      [open, false],
    ] as const) {
      if (set === NO) continue;
      const limit = CAN.has(fateSet.fate) ? limits.can : limits.cannot;
      const { boxes, rest } = of.boxes.cover(set, diagrams.or(set, outside), growth(of), limit);
      complete &&= rest === NO;
      let told: Diagram = NO;
      for (const box of boxes) {
        // Boxes may overlap: each is shown by what those before it have not.
        const within = of.boxes.diagramOf(box);
        const here = diagrams.minus(diagrams.and(set, within), told);
        told = diagrams.or(told, within);
        parts.push(partOf(of, fateSet, here, text.phrases(box, here), certain, stand));
      }
    }
  }
  return { parts, complete };
}

/** What people want of sessions and packets. */
export const CAN: ReadonlySet<FateSet["fate"]> = new Set(["usable", "accepted"]);

/** Addresses grow first, then interfaces, services last: what an interface says need not be said by addresses. */
const growth = ({ fields }: Asked): readonly number[] => fields.map((_, index) => index).toReversed();

function partOf(of: Asked, fateSet: FateSet, set: Diagram, which: readonly string[], sure: boolean, stand: Stand): AnswerPart {
  const { model, path, boxes } = of;
  const here = boxes.diagrams.and(fateSet.set, set);
  const certainty: Certainty = sure ? { sure: true } : { sure: false, depends: conditionWords(of, here) };
  const witness = witnessIn(of, fateSet, here);
  const confirmation = witness && confirm(witness, stand);
  const answered = witness && fateSet.fate === "usable" && confirmation?.confirmed === true;
  const deciders = [confirmation?.decidedBy, answered ? answerDecision(witness, stand) : undefined];
  return {
    fate: fateSet.fate,
    family: model.family,
    path,
    which,
    certainty,
    role: fateSet.role,
    witness,
    confirmation,
    decidedBy: deciders.filter(rule => rule !== undefined),
  };
}
