import { draftOf, DraftChain, finished, ruleText, type Chain, type Rule, type Ruleset, type Table } from "../../ruleset/index.ts";
import type { Family } from "../../predicate/index.ts";
import type { TableName } from "../../xtables/index.ts";
import type { RulePointer } from "../witness.ts";
import { calleesFirst } from "./chain-order.ts";
import { chainChanges } from "./changes.ts";
import { costsOf, type Cost } from "./cost.ts";
import { Effort } from "./effort.ts";
import { gathered } from "./gather.ts";
import { mergedByAddresses, mergedByPorts } from "./merge.ts";
import type { Change, CostChange, Obstacle, Optimized, OptimizeOptions } from "./optimized.ts";
import type { Place } from "./made-rule.ts";
import type { Piece } from "./pieces.ts";
import { blockers, reordered } from "./reorder.ts";
import { SetMaker } from "./set-maker.ts";
import { split, type NewChain, type Split } from "./split.ts";
import { takesEstablished, trafficOf, type ChainTraffic } from "./traffic.ts";
import { exclusive, traitsOf, writesOf, type Traits, type Writes } from "./traits.ts";

/** Pairs of rules that are compared for one chain, by each step. */
const MOST_PAIRS = 1_000_000;

/**
 * The same firewall with fewer rules tested for a packet, as far as pairs of rules tell: rules merged, the busiest first, long runs split into
 * chains. Whether it means the same is for the caller to prove. What packets do comes from the rules' counters.
 */
export function optimized(ruleset: Ruleset, options: OptimizeOptions): Optimized {
  const { family } = ruleset;
  const sets = options.setNames === undefined ? undefined : new SetMaker(family, options.setNames);
  const draft = draftOf(ruleset);
  const changes: Change[] = [];
  const costs: CostChange[] = [];
  const obstacles: Obstacle[] = [];
  const skimmed: string[] = [];
  const origins = new Map<Rule, readonly RulePointer[]>();
  for (const [name, table] of ruleset.tables) {
    const traffic = trafficOf(options.counted?.tables.get(name)?.chains ?? table.chains);
    const scene: TableScene = {
      family,
      table: name,
      options,
      sets,
      writes: writesOf(table.chains, options.whole),
      names: new Set(table.chains.keys()),
      numbers: new Map(),
    };
    const after = new Map(traffic);
    const now = draft.tables.get(name);
    for (const chainName of calleesFirst(table.chains)) {
      const chain = table.chains.get(chainName);
      const flow = traffic.get(chainName);
      if (!chain || !flow || chain.rules.length < 2) continue;
      const work = optimizedChain(chain, flow, scene);
      obstacles.push(...work.obstacles);
      if (work.skimmed) skimmed.push(`${name} ${chainName}`);
      if (work.changes.length === 0) continue;
      changes.push(...work.changes);
      now?.get(chainName)?.reset(work.pieces.map(({ rule }) => rule));
      after.set(chainName, flowOf(work.pieces, flow.entered, flow.counted));
      for (const { pieces } of [work, ...work.chains]) for (const { rule, from } of pieces) origins.set(rule, from);
      for (const made of work.chains) {
        now?.set(
          made.name,
          new DraftChain(
            made.name,
            undefined,
            chain.at,
            made.pieces.map(({ rule }) => rule),
          ),
        );
        after.set(made.name, flowOf(made.pieces, made.entered, flow.counted));
      }
    }
    const result = finished(draft).tables.get(name);
    if (result) costs.push(...costChanges(table, result, traffic, after, scene));
  }
  return { family, ruleset: finished(draft), changes, costs, sets: sets?.made ?? [], obstacles, skimmed, origins };
}

interface TableScene {
  readonly family: Family;
  readonly table: TableName;
  readonly options: OptimizeOptions;
  readonly sets: SetMaker | undefined;
  readonly writes: Writes;
  /** Names of chains that are taken. */
  readonly names: Set<string>;
  readonly numbers: Map<string, number>;
}

interface ChainWork {
  readonly pieces: readonly Piece[];
  readonly chains: readonly NewChain[];
  readonly changes: readonly Change[];
  readonly obstacles: readonly Obstacle[];
  readonly skimmed: boolean;
}

function optimizedChain(chain: Chain, flow: ChainTraffic, scene: TableScene): ChainWork {
  const { family, table, writes, sets, options } = scene;
  const place = { family, table, chain: chain.name };
  const efforts = { merging: new Effort(MOST_PAIRS), ordering: new Effort(MOST_PAIRS), splitting: new Effort(MOST_PAIRS) };
  const dead = new Set((options.dead ?? []).filter(each => each.table === table && each.chain === chain.name).map(({ number }) => number));
  const all = piecesOf(chain, flow, scene);
  const before = all.filter(({ from: [pointer] }) => !dead.has(pointer?.number));
  const merging = { place, writes, effort: efforts.merging, sets };
  let pieces: readonly Piece[] = before;
  if (options.merge) {
    pieces = mergedByPorts(pieces, merging);
    for (const end of ["source", "destination"] as const) pieces = mergedByAddresses(pieces, end, merging);
  }
  const ordered = options.reorder ? reordered(pieces, flow.counted, efforts.ordering) : pieces;
  // An order that gains next to nothing is not worth a reader's while.
  if (testsOf(ordered, flow.entered) < testsOf(pieces, flow.entered) * LEAST_GAIN) pieces = ordered;
  const list = pieces;
  const tree = treeOf(list, flow, efforts.splitting, place, scene);
  return {
    ...tree,
    changes: chainChanges(table, chain.name, all, list, tree),
    obstacles: obstaclesOf(before),
    skimmed: Object.values(efforts).some(({ spent }) => spent),
  };
}

/** The list with its long runs split; as it is where nothing is split. */
function treeOf(
  list: readonly Piece[],
  { entered }: ChainTraffic,
  effort: Effort,
  place: Place,
  { writes, names, numbers, options }: TableScene,
): Split {
  const least = options.splitFrom;
  if (least === 0) return { pieces: list, chains: [] };
  const newChain = (): string => newName(place.chain, names, numbers);
  const tree = split(gathered(list, entered, place.family, least, effort), entered, { place, writes, effort, least, newChain });
  return tree.chains.length === 0 ? { pieces: list, chains: [] } : tree;
}

const LEAST_GAIN = 0.995;

function piecesOf({ name, rules }: Chain, flow: ChainTraffic, { family, table, writes }: TableScene): readonly Piece[] {
  return rules.map((rule, at): Piece => ({
    rule,
    traits: traitsOf(rule, writes),
    from: [pointerOf(rule, { family, table, chain: name }, at + 1)],
    matched: flow.matched[at] ?? 0,
    absorbed: flow.absorbed[at] ?? 0,
  }));
}

function pointerOf(
  rule: Rule,
  place: { readonly family: Family; readonly table: string; readonly chain: string },
  number: number,
): RulePointer {
  return { ...place, number, file: rule.at.file, line: rule.at.line, text: `-A ${place.chain} ${ruleText(rule)}`.trimEnd() };
}

function testsOf(pieces: readonly Piece[], entered: number): number {
  let reach = entered;
  let tests = 0;
  for (const { absorbed } of pieces) {
    tests += reach;
    reach = Math.max(0, reach - absorbed);
  }
  return tests;
}

/** Rules for established connections that stand behind others which they may not pass. */
function obstaclesOf(pieces: readonly Piece[]): readonly Obstacle[] {
  const at = pieces.findIndex(({ rule }) => takesEstablished(rule));
  const [pointer] = pieces[at]?.from ?? [];
  if (at < 1 || pointer === undefined) return [];
  const before = blockers(pieces, at).flatMap(({ from }) => from);
  return before.length === 0 ? [] : [{ rule: pointer, before }];
}

/** Bytes of a chain's name, less the final NUL. Kernel: x_tables.h, XT_EXTENSION_MAXNAMELEN. */
const MOST_IN_NAME = 28;

/** `INPUT.1`, `INPUT.2` … where nobody has that name; `numbers` remembers the last number given. */
function newName(chain: string, taken: Set<string>, numbers: Map<string, number>): string {
  const start = chain.includes(".") ? chain.slice(0, chain.lastIndexOf(".")) : chain;
  for (let number = (numbers.get(start) ?? 0) + 1; ; number++) {
    const name = `${start.slice(0, MOST_IN_NAME - 1 - String(number).length)}.${number}`;
    if (taken.has(name)) continue;
    taken.add(name);
    numbers.set(start, number);
    return name;
  }
}

const flowOf = (pieces: readonly Piece[], entered: number, counted: boolean): ChainTraffic => ({
  entered,
  matched: pieces.map(({ matched }) => matched),
  absorbed: pieces.map(({ absorbed }) => absorbed),
  counted,
});

/** What each built-in chain costs by the rules' own counters. */
export function ruleCosts(ruleset: Ruleset): ReadonlyMap<TableName, readonly Cost[]> {
  return new Map(
    [...ruleset.tables].map(([name, { chains }]): [TableName, readonly Cost[]] => [
      name,
      costsOf(chains, trafficOf(chains), apartIn(writesOf(chains))),
    ]),
  );
}

/** Tells rules apart that never match the same packet. */
function apartIn(writes: Writes): (a: Rule, b: Rule) => boolean {
  const known = new Map<Rule, Traits>();
  const traits = (rule: Rule): Traits => {
    let found = known.get(rule);
    if (!found) known.set(rule, (found = traitsOf(rule, writes)));
    return found;
  };
  return (a, b) => exclusive(traits(a), traits(b));
}

function costChanges(
  before: Table,
  after: Table,
  traffic: ReadonlyMap<string, ChainTraffic>,
  flow: ReadonlyMap<string, ChainTraffic>,
  { writes, table }: TableScene,
): readonly CostChange[] {
  const apart = apartIn(writes);
  const old = costsOf(before.chains, traffic, apart);
  const fresh = new Map(costsOf(after.chains, flow, apart).map((cost): [string, Cost] => [cost.chain, cost]));
  return old.flatMap((cost): CostChange[] => {
    const then = fresh.get(cost.chain);
    return then ? [{ table, chain: cost.chain, before: cost, after: then }] : [];
  });
}
