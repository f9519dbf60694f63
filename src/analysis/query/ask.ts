import { among, any, not, type Family, type Predicate, type Scalar } from "../../predicate/index.ts";
import type { Ruleset } from "../../ruleset/index.ts";
import { NO, SpentBudget, type Diagram } from "../../symbolic/index.ts";
import type { Stand } from "../confirm/index.ts";
import { familyModel, type FamilyModel } from "../model.ts";
import { printQuestion } from "../question/print-question.ts";
import { lowerQuestion, type LoweredQuestion } from "../question/lower-question.ts";
import { isQuestionFault, type Question, type QuestionFault } from "../question/question.ts";
import type { QueryAnswer, Verdict } from "./answer.ts";
import { askedSessions, type Asked } from "./asked.ts";
import { askedConstants, askedPackets } from "./asked-packets.ts";
import { because } from "./because.ts";
import { namedSets } from "./named-sets.ts";
import { boundsOf, CAN, partsOf, type PartLimits } from "./parts.ts";
import { conditionWords } from "./conditions.ts";

/** Rules, what they stand on, and what names stand for. */
export interface QueryStand extends Stand {
  readonly resolve?: ((name: string, family: Family) => readonly Scalar[] | undefined) | undefined;
  /** Most nodes of diagrams. */
  readonly budget?: number | undefined;
  /** How many parts to tell. */
  readonly limits?: PartLimits | undefined;
}

/** As many parts as a person reads. */
const READ: PartLimits = { can: 8, cannot: 2 };

/** Source ports that Linux gives clients, of those that RFC 6335 calls dynamic. */
export const ORDINARY_PORTS: Predicate = any(not(among("sport", [0, 65535])), among("sport", [49152, 60999]));

/** The answer to a question, for all that it is about; a fault where it cannot be asked of these rules. */
export function ask(question: Question, stand: QueryStand): QueryAnswer | QuestionFault {
  const lowered = lowerQuestion(question, { ...stand, namedSets: namedSets(stand) });
  if (isQuestionFault(lowered)) return lowered;
  const families = familiesOf(lowered, stand);
  const assumptions = assumed(lowered, families, stand);
  try {
    const askings = families.flatMap(family => askFamily(question, lowered, family, stand));
    return { ...answerTo(question, askings, stand, assumptions), lacksForwards: lacksForwards(lowered, stand) };
  } catch (fault) {
    const reason = tooMuch(fault);
    return {
      ...bare(question),
      verdict: "depends",
      because: reason,
      parts: [],
      complete: false,
      depends: [],
      assumptions,
      lacksForwards: false,
    };
  }
}

/** Why an analysis could not be carried out; throws what has another reason. */
export function tooMuch(fault: unknown): string {
  if (fault instanceof SpentBudget) return fault.message;
  if (fault instanceof RangeError && fault.message.includes("call stack")) return "unknown: conditions are chained too deep";
  throw fault;
}

const bare = (question: Question): Pick<QueryAnswer, "question" | "about"> => ({
  question: printQuestion(question),
  about: question.about,
});

/** Families that are asked about and have rules; all of them where none has. */
export function familiesOf(lowered: readonly Pick<LoweredQuestion, "family">[], { v4, v6 }: Stand): readonly Family[] {
  const asked = ([4, 6] as const).filter(family => lowered.some(each => each.family === family));
  const ruled = asked.filter(family => (family === 4 ? v4 : v6) !== undefined);
  return ruled.length > 0 ? ruled : asked;
}

/** What is taken for granted about rules and machine when some families are looked at. */
export function assumed(
  lowered: readonly Pick<LoweredQuestion, "family">[],
  families: readonly Family[],
  { v4, v6, host }: Stand,
): string[] {
  const sentences: string[] = [];
  for (const family of [4, 6] as const) {
    const rules = family === 4 ? v4 : v6;
    if (rules !== undefined || !lowered.some(each => each.family === family)) continue;
    const more = family === 6 ? " (--v6 FILE)" : "";
    sentences.push(
      families.includes(family)
        ? `there are no IPv${family} rules${more}, so nothing filters IPv${family}`
        : `IPv${family} is not looked at, as there are no rules for it${more}`,
    );
  }
  if (host === undefined)
    sentences.push("the machine is not known (--host, --if): any address may be its own, and any interface may be there");
  return [...sentences, ...(host?.assumed ?? [])];
}

/** Without a host `to self` leaves out what is forwarded, and with it the ports that NAT leads on. */
function lacksForwards(lowered: readonly LoweredQuestion[], { v4, v6, host }: QueryStand): boolean {
  const toSelf = lowered.some(({ path }) => path === "in") && !lowered.some(({ path }) => path === "forward");
  return host === undefined && toSelf && [v4, v6].some(ruleset => ruleset !== undefined && leadsOn(ruleset));
}

function leadsOn({ tables }: Ruleset): boolean {
  for (const { rules } of tables.get("nat")?.chains.values() ?? [])
    for (const { target } of rules) if (target?.action.do === "nat" && target.action.manip === "destination") return true;
  return false;
}

/** What one family says to a question, path by path. */
function askFamily(question: Question, lowered: readonly LoweredQuestion[], family: Family, stand: QueryStand): readonly Asked[] {
  const mine = lowered.filter(each => each.family === family);
  const questions = [...mine.map(({ of }) => of), ORDINARY_PORTS, ...askedConstants(family)];
  const model = familyModel(family, [stand], { questions, ...(stand.budget !== undefined && { budget: stand.budget }) });
  const [sessions] = model.sessions;
  if (sessions === undefined) return [];
  const ask = question.about === "sessions" ? askedSessions : askedPackets;
  return mine
    .map(({ path, of }) => ask(model, sessions, { path, of, afterNat: question.nat === "after" }))
    .filter(({ asked }) => asked !== NO);
}

/** What the question is about can, cannot, or it depends. */
function answerTo(
  question: Question,
  askings: readonly Asked[],
  stand: QueryStand,
  assumptions: readonly string[],
): Omit<QueryAnswer, "lacksForwards"> {
  const sums = askings.map(asking => summed(asking, question.sourcePorts === undefined));
  const some = sums.some(({ can }) => can !== NO);
  const all = sums.length > 0 && sums.every(({ missing }) => missing === NO);
  const verdict: Verdict = !some ? "no" : all ? "yes" : "depends";
  const parts = askings.map(asking => partsOf(asking, () => true, stand, stand.limits ?? READ));
  const depends = [...new Set(sums.flatMap(sum => sum.depends))];
  const unknown = new Set(askings.flatMap(({ model }) => [...model.space.surroundings.unknown]));
  const shown = parts.flatMap(part => part.parts);
  return {
    ...bare(question),
    verdict,
    because: because(verdict, question.about, askings, depends),
    parts: [...shown.filter(({ fate }) => CAN.has(fate)), ...shown.filter(({ fate }) => !CAN.has(fate))],
    complete: parts.every(({ complete }) => complete),
    depends,
    assumptions: [...assumptions, ...unknown],
  };
}

interface Sum {
  /** What can, under some conditions. */
  readonly can: Diagram;
  /** What cannot, under some conditions; of clients that say no port, those with ordinary ones. */
  readonly missing: Diagram;
  readonly depends: readonly string[];
}

function summed(of: Asked, anyPort: boolean): Sum {
  const { diagrams } = of.boxes;
  const { model } = of;
  let can: Diagram = NO;
  for (const { fate, set } of of.fates) if (CAN.has(fate)) can = diagrams.or(can, set);
  const missing = diagrams.minus(of.asked, can);
  const common = anyPort && of.about === "sessions" ? ordinarily(model, missing) : missing;
  const { open } = boundsOf(of, can);
  return { can, missing: common, depends: open === NO ? [] : conditionWords(of, diagrams.and(can, open)) };
}

const ordinarily = (model: FamilyModel, set: Diagram): Diagram => model.space.diagrams.and(set, model.lowering.set(ORDINARY_PORTS));
