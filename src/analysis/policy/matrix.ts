import { among, CT_STATE, type Family, type Predicate, type Range } from "../../predicate/index.ts";
import { clientView, HookDiagrams, NO, YES, type Diagram } from "../../symbolic/index.ts";
import { HOOKS, type Hook } from "../../xtables/index.ts";
import { possibleOn, type FamilyModel } from "../model.ts";
import type { Path, Ranges } from "../witness.ts";
import { classId } from "./class-id.ts";
import { classesIn, partition } from "./partition.ts";
import type { Ranks } from "./ranks.ts";

/** A service that a matrix is asked for. */
export interface MatrixQuestion {
  /** Protocol number, one with ports. */
  readonly protocol: number;
  readonly port: number;
  readonly sourcePort: number;
  /** Only what no condition can stop, instead of what some conditions let through. */
  readonly sure?: boolean;
}

/** Who may open one service to whom. */
export interface ServiceMatrix extends MatrixQuestion {
  readonly family: Family;
  /** Sessions of a path that are usable, or openers that one chain accepts. */
  readonly of: { readonly path: Path } | { readonly chain: string };
  /** The coarsest partition of all addresses that the rules tell apart for this service. */
  readonly classes: readonly { readonly id: string; readonly ranges: Ranges }[];
  /** Ids of a client's and a server's class: those that may. */
  readonly edges: readonly (readonly [client: string, server: string])[];
}

/** Addresses of loopback: in one chain alone, they are taken to be behind `lo` and no others. */
const LOOPBACK: Readonly<Record<Family, Range>> = { 4: [0x7f000000, 0x7fffffff], 6: [1n, 1n] };

/** What a model must tell apart for these matrices. */
export const matrixQuestions = (family: Family, questions: readonly MatrixQuestion[]): Predicate[] => [
  among("saddr", LOOPBACK[family]),
  ...questions.flatMap(({ port, sourcePort, protocol }) => [
    among("dport", [port, port]),
    among("sport", [sourcePort, sourcePort]),
    among("protocol", [protocol, protocol]),
  ]),
];

/**
 * The matrix of one service for one chain of the filter table alone: openers that it accepts (through some interface; under some condition, unless only sure ones are asked for),
 * where loopback addresses are behind `lo` and no others are. Nothing else of the firewall counts.
 */
export function chainMatrix(model: FamilyModel, chain: string, question: MatrixQuestion): ServiceMatrix {
  const { space, lowering } = model;
  const { diagrams } = space;
  const [sessions] = model.sessions;
  const [ruleset] = model.rulesets;
  if (sessions === undefined || ruleset === undefined) throw new RangeError("a model without rules");
  const hooks = new HookDiagrams(ruleset, model.results, clientView(space));
  const hook = HOOKS.find(each => each === chain);
  const packets = hook === undefined ? bodyOf(hooks, chain) : hooks.stage(hook, "filter");
  const known = new Map<number, number>();
  sessions.assume(known, "ctstate", CT_STATE.NEW);
  sessions.assume(known, "protocol", question.protocol);
  sessions.assume(known, "dport", question.port);
  sessions.assume(known, "sport", question.sourcePort);
  sessions.assume(known, "icmptype", undefined);
  sessions.assume(known, "icmpcode", undefined);
  sessions.assume(known, "tcpflags", question.protocol === 6 ? SYN : undefined);
  const accepted = diagrams.mapLeaves(diagrams.assume(packets, known), leaf => (sessions.results.of(leaf).ending === "accept" ? YES : NO));
  const behind = lowering.set(among("saddr", LOOPBACK[model.family]));
  const names = space.domainOf("iif");
  const input = space.fieldLevel("iif");
  const lo = diagrams.interval(input, names.rankOf("lo"), names.rankOf("lo"), names.size - 1, YES, NO);
  const placed = diagrams.and(accepted, diagrams.choose(behind, lo, diagrams.not(lo)));
  return matrixOf(model, relationOf(model, placed, question), question, { chain });
}

/** What is left of a set when only addresses count: for some interface and some fields, under some or under all conditions. */
function relationOf({ space }: FamilyModel, set: Diagram, { sure = false }: MatrixQuestion): Diagram {
  const { diagrams, levels } = space;
  const kept = new Set([space.fieldLevel("saddr"), space.fieldLevel("daddr")]);
  const decided = diagrams.quantify(set, level => levels[level]?.is !== "field", !sure);
  return diagrams.quantify(decided, level => !kept.has(level), true);
}

/** The matrix of one service for the sessions of a path that are usable through some interface; under some condition, unless only sure ones are asked for. */
export function pathMatrix(model: FamilyModel, path: Path, question: MatrixQuestion): ServiceMatrix {
  const { space } = model;
  const { diagrams } = space;
  const [sessions] = model.sessions;
  if (sessions === undefined) throw new RangeError("a model without rules");
  const found = sessions.on(path).find(({ kind }) => kind.protocol === question.protocol && kind.ports);
  const known = new Map<number, number>();
  sessions.assume(known, "dport", question.port);
  sessions.assume(known, "sport", question.sourcePort);
  const usable = found
    ? diagrams.mapLeaves(diagrams.assume(found.diagram, known), leaf => (sessions.endOf(leaf).end === "usable" ? YES : NO))
    : NO;
  return matrixOf(model, relationOf(model, diagrams.and(usable, possibleOn(model, path)), question), question, { path });
}

const SYN = 2;

function bodyOf(hooks: HookDiagrams, chain: string): Diagram {
  const table = hooks.table("filter", "FORWARD" satisfies Hook);
  return table?.table.chains.has(chain) ? table.body(chain) : NO;
}

/** Classes and edges of a relation of destinations and sources. */
function matrixOf({ family, space }: FamilyModel, relation: Diagram, question: MatrixQuestion, of: ServiceMatrix["of"]): ServiceMatrix {
  const { diagrams } = space;
  const domain = space.domainOf("saddr");
  const all: Ranks = [[0, domain.size - 1]];
  const byServer: readonly (readonly [Diagram, Ranks])[] =
    diagrams.levelOf(relation) === space.fieldLevel("daddr") ? [...branchesOf(diagrams, relation)] : [[relation, all]];
  const rows = byServer.map(([below, servers]) => {
    const clients = below === YES ? all : below === NO ? [] : (branchesOf(diagrams, below).get(YES) ?? []);
    return { clients, servers };
  });
  const parts = partition(
    domain.size,
    rows.flatMap(({ clients, servers }) => [clients, servers]),
  );
  const { classes } = parts;
  const ids = classes.map((_, index) => classId(index));
  const edges = new Map<string, readonly [string, string]>();
  for (const { clients, servers } of rows) {
    const to = classesIn(parts, servers);
    for (const client of classesIn(parts, clients))
      for (const server of to) {
        const edge = [ids[client] ?? "", ids[server] ?? ""] as const;
        edges.set(edge.join(), edge);
      }
  }
  return {
    ...question,
    family,
    of,
    classes: classes.map((ranks, index) => ({ id: ids[index] ?? "", ranges: joined(ranks, domain) })),
    edges: [...edges.values()],
  };
}

function branchesOf(diagrams: FamilyModel["space"]["diagrams"], node: Diagram): Map<Diagram, Ranks> {
  const branches = new Map<Diagram, [number, number][]>();
  for (let edge = 0, low = 0, count = diagrams.edgeCount(node); edge < count; edge++) {
    const high = diagrams.upperOf(node, edge);
    const below = diagrams.belowOf(node, edge);
    const ranks = branches.get(below);
    if (ranks) ranks.push([low, high]);
    else branches.set(below, [[low, high]]);
    low = high + 1;
  }
  return branches;
}

const joined = (ranks: Ranks, domain: ReturnType<FamilyModel["space"]["domainOf"]>): Ranges =>
  ranks.map(([low, high]) => [domain.rangeOf(low)[0], domain.rangeOf(high)[1]] as const);
