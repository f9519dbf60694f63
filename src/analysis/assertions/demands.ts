import { any, not, type Family } from "../../predicate/index.ts";
import type { Ruleset } from "../../ruleset/index.ts";
import { lowerQuestion, type LoweredQuestion } from "../question/lower-question.ts";
import { isQuestionFault } from "../question/question.ts";
import type { Surroundings } from "../question/surroundings.ts";
import { PATHS, type Path } from "../witness.ts";
import type { Assertion, AssertionFault, Claim } from "./assertion.ts";
import { STRAY_PATHS, strayPackets, type Demand } from "./demand.ts";
import type { Ending } from "./invariant.ts";
import { lowerInvariant } from "./lower-invariant.ts";

/** Rules and what their names stand for. */
export interface DemandScene {
  readonly surroundings: Surroundings;
  readonly rulesets: ReadonlyMap<Family, Ruleset>;
}

/** What an assertion comes to, or the faults of its questions; undefined for those that are not about what becomes of packets. */
export function demandOf({ claim, paths, family, at }: Assertion, scene: DemandScene): Demand | Refusal | undefined {
  const mine = (lowered: readonly LoweredQuestion[]): readonly LoweredQuestion[] =>
    lowered.filter(each => family === undefined || each.family === family);
  switch (claim.is) {
    case "allow":
    case "deny":
    case "reject":
    case "half-open": {
      const { question, written } = claim.asked;
      if (claim.is === "half-open" && question.about === "packets")
        return { faults: [{ ...at, message: "packets are not half-open: ask about sessions" }] };
      const lowered = lowerQuestion(question, scene.surroundings, paths);
      if (isQuestionFault(lowered)) return { faults: [written.place(lowered)] };
      const asked = mine(lowered);
      const ordinaryPorts = question.about === "sessions" && claim.is !== "deny" && question.sourcePorts === undefined;
      return {
        about: question.about,
        asked,
        fates: WISHED[claim.is],
        afterNat: question.nat === "after",
        ordinaryPorts,
        some: claim.is !== "deny",
      };
    }
    case "invariant": {
      const lowered = lowerInvariant(claim.invariant, scene.surroundings, paths);
      if (isQuestionFault(lowered)) return { faults: [claim.written.place(lowered)] };
      const asked = mine(lowered);
      return { ...PLAIN, about: "packets", asked, fates: ENDED[claim.invariant.implies] };
    }
    case "at most":
      return others(claim, paths ?? PATHS.filter(path => path !== "local"), scene, mine);
    case "no strays": {
      const asked = [...scene.rulesets].flatMap(([each, ruleset]) => {
        const of = strayPackets(each, { rulesets: [ruleset] });
        return (paths ?? STRAY_PATHS).map((path): LoweredQuestion => ({ family: each, path, of }));
      });
      return { ...PLAIN, about: "packets", asked: mine(asked), fates: ["dropped", "rejected"] };
    }
    case "equal to":
    case "no finding":
      return undefined;
  }
}

/** What is wrong with the questions of an assertion. */
export interface Refusal {
  readonly faults: readonly AssertionFault[];
}

const PLAIN = { afterNat: false, ordinaryPorts: false, some: false } as const;

const WISHED = {
  allow: ["usable", "accepted"],
  deny: ["dropped", "rejected"],
  reject: ["rejected"],
  "half-open": ["half-open"],
} as const satisfies Record<string, Demand["fates"]>;

const ENDED: Readonly<Record<Ending, Demand["fates"]>> = {
  accept: ["accepted"],
  drop: ["dropped"],
  reject: ["rejected"],
  deny: ["dropped", "rejected"],
};

/** All sessions but those that some questions are about. */
function others(
  { asked }: Extract<Claim, { is: "at most" }>,
  paths: readonly Path[],
  { surroundings, rulesets }: DemandScene,
  mine: (lowered: readonly LoweredQuestion[]) => readonly LoweredQuestion[],
): Demand | Refusal {
  const permitted: LoweredQuestion[] = [];
  const faults: AssertionFault[] = [];
  for (const { question, written } of asked) {
    const lowered = lowerQuestion(question, surroundings);
    if (isQuestionFault(lowered)) faults.push(written.place(lowered));
    else if (question.about === "packets")
      faults.push(written.place({ ...WHOLE, end: written.text.length, message: "at most takes sessions, not packets" }));
    else if (question.nat === "after")
      faults.push(written.place({ ...WHOLE, end: written.text.length, message: "at most takes addresses before translation" }));
    else permitted.push(...lowered);
  }
  if (faults.length > 0) return { faults };
  const rest = [...rulesets.keys()].flatMap(family =>
    paths.map((path): LoweredQuestion => {
      const here = permitted.filter(each => each.family === family && each.path === path);
      return { family, path, of: not(any(...here.map(({ of }) => of))) };
    }),
  );
  return { ...PLAIN, about: "sessions", asked: mine(rest), fates: ["dropped", "rejected"] };
}

const WHOLE = { start: 0 } as const;
