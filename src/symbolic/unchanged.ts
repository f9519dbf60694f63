import type { Field } from "../predicate/index.ts";
import { NO, YES, type Diagram } from "./diagrams.ts";
import type { Space } from "./space.ts";
import { assignmentOf, type Assignment, type Transform } from "./transform.ts";
import { UNNAMED } from "./unnamed.ts";

/** An end of packets that NAT maps. */
export type End = "source" | "destination";

/** What NAT changes of it. */
export const MAPPED: Readonly<Record<End, readonly [address: Field, port: Field]>> = {
  source: ["saddr", "sport"],
  destination: ["daddr", "dport"],
};

/**
 * Sessions of which a mapping leaves some fields as they are. Without a host, MASQUERADE gives the machine's own packets the address that they have,
 * which stands in `own`.
 */
export function unchanged(space: Space, change: Transform, fields: readonly Field[], own?: Field): Diagram {
  let same: Diagram = YES;
  for (const field of fields) {
    const level = space.fieldLevel(field);
    const to = assignmentOf(change, level);
    if (to === undefined) continue;
    const { host } = space.surroundings.known;
    if (field === own && host === undefined && to.rank === space.domainOf(field).rankOf(UNNAMED[space.family])) continue;
    same = space.diagrams.and(same, keeps(space, field, level, to));
  }
  return same;
}

/** Sessions of which one field keeps the value that it has. */
function keeps(space: Space, field: Field, level: number, to: Assignment): Diagram {
  const { diagrams } = space;
  const domain = space.domainOf(field);
  const only = (at: number, rank: number): Diagram => diagrams.interval(at, rank, rank, space.lastRankOf(at), YES, NO);
  const single = (rank: number): boolean => {
    const [low, high] = domain.rangeOf(rank);
    return low === high;
  };
  if (to.rank !== undefined) return single(to.rank) ? only(level, to.rank) : NO;
  const { source, table } = to;
  if (table === undefined || table.length > MOST_RANKS || space.levels[source]?.is !== "field") return NO;
  let same: Diagram = NO;
  for (const [rank, value] of table.entries())
    if (single(value)) same = diagrams.or(same, diagrams.and(only(source, rank), only(level, value)));
  return same;
}

/** Of a source with more ranks nobody asks when a value stays as it is. */
const MOST_RANKS = 1024;
