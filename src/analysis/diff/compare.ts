import type { Family } from "../../predicate/index.ts";
import type { Sets } from "../../ruleset/index.ts";
import { NO, SpentBudget } from "../../symbolic/index.ts";
import { addressNames, ownNames } from "../names/index.ts";
import { familyModel, type FamilyModel, type Firewall } from "../model.ts";
import { PATHS, type Path } from "../witness.ts";
import { Describer } from "./describe.ts";
import { isAside, type DiffReport, type DiffRow, type Undone } from "./diff-report.ts";
import { joinedRows } from "./joined-rows.ts";
import { sessionLayer, strayLayers, strictLayers, type Layer } from "./layers.ts";
import { CHANGES, LayerClasses } from "./rows.ts";

/** How two firewalls are compared. */
export interface CompareOptions {
  readonly names: readonly [before: string, after: string];
  /** Logging and marks count as well. */
  readonly strict?: boolean;
  /** Packets outside of sessions get no rows where the sessions differ already. */
  readonly fold?: boolean;
  /** Classes to describe for each path and sort; those beyond are counted. */
  readonly limit?: number;
  /** Most nodes of diagrams. */
  readonly budget?: number;
  /** µs since the epoch. */
  readonly now?: number;
}

/** Classes that are described without being asked for more. */
const LIMIT = 100;

/** What tells two firewalls apart, over all sessions and packets of the families that either has rules for. */
export function compareFirewalls(before: Firewall, after: Firewall, options: CompareOptions): DiffReport {
  const rows: DiffRow[] = [];
  const undone: Undone[] = [];
  const assumptions = new Set<string>(before.host?.assumed);
  if (after.sets !== undefined && !sameSets(before.sets, after.sets)) assumptions.add("both sides have the ipsets of the first");
  const families = ([4, 6] as const).filter(family => rulesOf(before, family) !== undefined || rulesOf(after, family) !== undefined);
  let left = 0;
  for (const family of families) {
    for (const [index, side] of [before, after].entries())
      if (rulesOf(side, family) === undefined)
        assumptions.add(`${options.names[index] ?? ""} has no IPv${family} rules, so that nothing filters IPv${family}`);
    const model = familyModel(family, [before, after], {
      strict: options.strict ?? false,
      ...(options.budget !== undefined && { budget: options.budget }),
      ...(options.now !== undefined && { now: options.now }),
    });
    const compared = compareFamily(model, before, after, options);
    rows.push(...compared.rows);
    undone.push(...compared.undone);
    left += compared.left;
    for (const unknown of model.space.surroundings.unknown) assumptions.add(unknown);
  }
  return {
    compared: "rulesets",
    names: options.names,
    families,
    strict: options.strict ?? false,
    rows,
    left,
    undone,
    assumptions: [...assumptions],
  };
}

/** Do both have the same sets with the same number of entries? What is in them is not compared one by one. */
function sameSets(one: Sets | undefined, other: Sets): boolean {
  const told = (sets: Sets | undefined): string =>
    [...(sets?.list() ?? [])].map(({ name, set }) => `${name} ${[...set.entries(0)].length}`).join();
  return one === other || told(one) === told(other);
}

const rulesOf = ({ v4, v6 }: Firewall, family: Family): Firewall["v4"] => (family === 4 ? v4 : v6);

interface Compared {
  readonly rows: readonly DiffRow[];
  readonly undone: readonly Undone[];
  readonly left: number;
}

function compareFamily(model: FamilyModel, before: Firewall, after: Firewall, options: CompareOptions): Compared {
  const rows: DiffRow[] = [];
  const undone: Undone[] = [];
  let left = 0;
  const { family, host } = model;
  const own = [before, after].map(side => ownNames({ family, host, sets: side.sets, ruleset: rulesOf(side, family) }));
  const names = addressNames(family, own.flat());
  for (const path of PATHS) {
    try {
      const describe = new Describer(model, path, names, before, after);
      let folded = NO;
      for (const layer of layersOf(model, path, options.strict ?? false)) {
        const found = new LayerClasses(model, path, layer, options.fold === false ? NO : folded);
        if (layer.about === "session") folded = found.possibly();
        if (found.whole === NO) continue;
        const { classes, left: beyond } = found.classes(options.limit ?? LIMIT);
        left += beyond;
        for (const each of classes) {
          const row = describe.row(layer, found, each);
          if (!meetsItself(row)) rows.push(row);
        }
      }
    } catch (fault) {
      undone.push({ family, path, reason: reasonOf(fault) });
    }
  }
  const place = (row: DiffRow): number => 10 * PATHS.indexOf(row.path) + 5 * Number(isAside(row)) + CHANGES.indexOf(row.change);
  return { rows: joinedRows(rows.toSorted((a, b) => place(a) - place(b))), undone, left };
}

/** No packet comes in from the very address that it goes to. */
function meetsItself({ path, clients, servers }: DiffRow): boolean {
  const [client] = clients;
  const [server] = servers;
  if (path === "local" || client === undefined || server === undefined || clients.length > 1 || servers.length > 1) return false;
  return client[0] === client[1] && server[0] === server[1] && client[0] === server[0];
}

function* layersOf(model: FamilyModel, path: Path, strict: boolean): Generator<Layer> {
  yield sessionLayer(model, path);
  yield* strayLayers(model, path);
  if (strict) yield* strictLayers(model, path);
}

/** Too much for the budget is an answer; anything else is a fault of this program. */
export function reasonOf(fault: unknown): string {
  if (fault instanceof SpentBudget) return fault.message;
  if (fault instanceof RangeError && fault.message.includes("call stack")) return "conditions are chained too deep";
  throw fault;
}
