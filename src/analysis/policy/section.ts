import { tracks } from "../../symbolic/index.ts";
import type { FamilyModel } from "../model.ts";
import { classNames, type NamedRanges } from "../names/index.ts";
import type { AddressClass, PolicyRow, PolicySection } from "../policy-report.ts";
import type { Path } from "../witness.ts";
import { classId } from "./class-id.ts";
import { exactShare } from "./exact-share.ts";
import { sourcePortHoles, spoofedStrays } from "./holes.ts";
import { classesIn, partition, type Partition } from "./partition.ts";
import type { Prover } from "./prover.ts";
import { commonRanks, joinedRanks, type Ranks } from "./ranks.ts";
import { refusalsOf } from "./refusals.ts";
import { rowsOf, type OpenRow } from "./rows.ts";
import { SectionNames } from "./section-names.ts";
import { CLIENT, SERVER, SessionSets } from "./session-sets.ts";
import { straysOf } from "./strays.ts";

/** Who shows the witnesses of rows, strays and refusals. */
export interface SectionProvers {
  readonly usable: Prover;
  readonly halfOpen: Prover;
  readonly other: Prover;
}

/** How much of a policy is worked out. */
export interface SectionLimits {
  /** Rows of each table. */
  readonly rows: number;
}

/** What one path of one family allows. */
export function sectionOf(
  model: FamilyModel,
  path: Path,
  own: readonly NamedRanges[],
  provers: SectionProvers,
  limits: SectionLimits,
): PolicySection {
  const [sessions] = model.sessions;
  const [ruleset] = model.rulesets;
  if (sessions === undefined || ruleset === undefined) throw new RangeError("a model without rules");
  const sets = new SessionSets(model, sessions, path);
  const names = new SectionNames(sets, ruleset, own);
  const usable = rowsOf(sets, { kind: "usable" }, names, provers.usable, limits.rows);
  const half = (["answer", "past", "rest-client", "rest-server"] as const).map(role =>
    rowsOf(sets, { kind: "half-open", role }, names, provers.halfOpen, limits.rows),
  );
  const halfOpen = half.flatMap(({ rows }) => rows);
  const classes = classesOf([...usable.rows, ...halfOpen], sets);
  return {
    family: model.family,
    path,
    classes: addressClasses(classes, names),
    ends: { clients: meeting(classes, sets.clients), servers: meeting(classes, joinedRanks(sets.servers, sets.translated)) },
    usable: usable.rows.map(row => closed(row, classes)),
    halfOpen: halfOpen.map(row => closed(row, classes)),
    strays: [
      ...straysOf(sets, names, tracks(ruleset), provers.other),
      ...sourcePortHoles(usable.rows, sets, names, provers.other),
      ...spoofedStrays(usable.rows, sets, provers.other),
    ],
    refusals: refusalsOf(sets, provers.other),
    exact: exactShare(sets),
    complete: usable.complete && half.every(({ complete }) => complete),
  };
}

function classesOf(rows: readonly OpenRow[], { space }: SessionSets): Partition {
  const ends = rows.flatMap(({ box }) => [box[CLIENT] as Ranks, box[SERVER] as Ranks]);
  return partition(space.domainOf("saddr").size, ends);
}

function addressClasses({ classes }: Partition, names: SectionNames): AddressClass[] {
  const ranges = classes.map(ranks => names.ranges(ranks));
  const called = classNames(ranges, names.addresses);
  return ranges.map((each, index) => ({ id: classId(index), ranges: each, name: called[index] ?? "" }));
}

/** Ids of the classes that some of the ranks are in. */
const meeting = ({ classes }: Partition, ranks: Ranks): string[] =>
  classes.flatMap((each, index) => (commonRanks(each, ranks).length > 0 ? [classId(index)] : []));

function closed({ row, box }: OpenRow, classes: Partition): PolicyRow {
  const ids = (dimension: number): string[] => classesIn(classes, box[dimension] as Ranks).map(classId);
  return { ...row, clients: ids(CLIENT), servers: ids(SERVER) };
}
