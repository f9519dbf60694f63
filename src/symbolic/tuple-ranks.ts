import type { Field } from "../predicate/index.ts";
import type { Space } from "./space.ts";
import type { Assignment } from "./transform.ts";

/** Fields of the reply's tuple by the fields of an opener that they mirror: what NAT does to these is done to those. */
export const REPLY_TUPLE: Readonly<Partial<Record<Field, Field>>> = {
  saddr: "ctrepldst",
  daddr: "ctreplsrc",
  sport: "ctrepldstport",
  dport: "ctreplsrcport",
};

/** What a field becomes, as ranks of another one with the same constants. */
export function inRanks(to: Assignment, ranks: readonly number[] | undefined): Assignment {
  if (ranks === undefined) return to;
  if (to.rank !== undefined) return { rank: ranks[to.rank] as number };
  return { source: to.source, table: to.table === undefined ? ranks : to.table.map(rank => ranks[rank] as number) };
}

/** Ranks of one field as ranks of another with the same constants; undefined where they are the same. Where packets have no port, a tuple has 0. */
export function sameRanks(space: Space, from: Field, to: Field): readonly number[] | undefined {
  const [a, b] = [space.domainOf(from), space.domainOf(to)];
  if (!a.optional && !b.optional) return undefined;
  const shift = Number(b.optional) - Number(a.optional);
  return Array.from({ length: a.size }, (_, rank) => (a.isAbsent(rank) ? b.rankOf(0) : rank + shift));
}
