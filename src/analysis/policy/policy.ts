import type { Host } from "../../host/index.ts";
import type { Family } from "../../predicate/index.ts";
import type { Ruleset, Sets } from "../../ruleset/index.ts";
import { SpentBudget } from "../../symbolic/index.ts";
import { familyModel, type Firewall } from "../model.ts";
import { ownNames } from "../names/index.ts";
import type { PolicyReport, PolicySection } from "../policy-report.ts";
import { PATHS, type Path } from "../witness.ts";
import { chainMatrix, matrixQuestions, pathMatrix, type MatrixQuestion, type ServiceMatrix } from "./matrix.ts";
import { Prover, type Unproven } from "./prover.ts";
import { sectionOf } from "./section.ts";
import { SESSION_QUESTIONS } from "./session-places.ts";
import { summaryOf } from "./summary.ts";

/** What is asked about a firewall. */
export interface PolicyOptions {
  /** All but the path over loopback where undefined. */
  readonly paths?: readonly Path[];
  /** Rows of each table. */
  readonly rows: number;
  /** Rows of each family of which the engine is to show a witness, by the kind of row; and strays and refusals. */
  readonly witnesses: { readonly usable: number; readonly halfOpen: number; readonly other: number };
  /** µs since the epoch. */
  readonly now?: number;
  /** Hears of witnesses that the engine did not show; they are left out of the report. */
  readonly unproven?: Unproven;
}

const USUAL_PATHS: readonly Path[] = PATHS.filter(path => path !== "local");

/** What a firewall allows, family by family and path by path. A path for which the diagrams would get too large is left out, and told among the assumptions. */
export function policyOf(firewall: Firewall, options: PolicyOptions): PolicyReport {
  const sections: PolicySection[] = [];
  const assumptions = new Set<string>();
  for (const family of [4, 6] as const) {
    const ruleset = family === 4 ? firewall.v4 : firewall.v6;
    if (ruleset === undefined) continue;
    sections.push(...familySections(family, ruleset, firewall, options, assumptions));
  }
  return { sections, summary: summaryOf(sections), assumptions: [...assumptions] };
}

function familySections(
  family: Family,
  ruleset: Ruleset,
  firewall: Firewall,
  options: PolicyOptions,
  assumptions: Set<string>,
): PolicySection[] {
  const { host, sets } = firewall;
  const model = familyModel(family, [firewall], {
    questions: SESSION_QUESTIONS[family],
    ...(options.now !== undefined && { now: options.now }),
  });
  const own = ownNames({ family, host, sets, ruleset });
  const stand = standOf(firewall, host, sets);
  const prover = (limit: number): Prover => new Prover(stand, limit, options.unproven);
  const { witnesses } = options;
  const provers = { usable: prover(witnesses.usable), halfOpen: prover(witnesses.halfOpen), other: prover(witnesses.other) };
  const paths = options.paths ?? USUAL_PATHS;
  const sections = paths.flatMap(path => {
    try {
      return [sectionOf(model, path, own, provers, { rows: options.rows })];
    } catch (fault) {
      if (!isTooMuch(fault)) throw fault;
      assumptions.add(
        `IPv${family} ${path}: ${fault instanceof SpentBudget ? fault.message : "unknown: conditions follow each other too deeply"}`,
      );
      return [];
    }
  });
  if (host === undefined) assumptions.add("nothing is known of the machine's interfaces, addresses and routes (--host, --if); it forwards");
  for (const unknown of model.space.surroundings.unknown) assumptions.add(unknown);
  for (const assumed of host?.assumed ?? []) assumptions.add(assumed);
  return sections;
}

/** Is it that the answer needs more room than it may have? */
const isTooMuch = (fault: unknown): boolean =>
  fault instanceof SpentBudget || (fault instanceof RangeError && fault.message.includes("call stack"));

const standOf = ({ v4, v6 }: Firewall, host: Host | undefined, sets: Sets | undefined): ConstructorParameters<typeof Prover>[0] => ({
  v4,
  v6,
  host,
  sets,
});

/** What matrices are asked of. */
export interface MatrixOptions {
  readonly questions: readonly MatrixQuestion[];
  /** Openers that this chain of the filter table accepts, instead of usable sessions of paths. */
  readonly chain?: string | undefined;
  readonly paths?: readonly Path[];
  /** µs since the epoch. */
  readonly now?: number;
}

/** The matrices of some services, family by family; a family without the chain has none. Throws SpentBudget where diagrams would get too large. */
export function matricesOf(firewall: Firewall, { questions, chain, paths = USUAL_PATHS, now }: MatrixOptions): ServiceMatrix[] {
  return ([4, 6] as const).flatMap(family => {
    const ruleset = family === 4 ? firewall.v4 : firewall.v6;
    if (ruleset === undefined || (chain !== undefined && ruleset.tables.get("filter")?.chains.has(chain) !== true)) return [];
    const told = [...SESSION_QUESTIONS[family], ...matrixQuestions(family, questions)];
    const model = familyModel(family, [firewall], { questions: told, ...(now !== undefined && { now }) });
    return questions.flatMap(question =>
      chain === undefined ? paths.map(path => pathMatrix(model, path, question)) : [chainMatrix(model, chain, question)],
    );
  });
}
