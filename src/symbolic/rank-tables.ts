import type { Domain } from "./domain.ts";
import type { Space } from "./space.ts";
import type { Assignment } from "./transform.ts";

/** A change of present values; a field that is absent stays so. */
export function keptAbsent(domain: Domain, level: number, change: (rank: number) => number): Assignment {
  const table = Array.from({ length: domain.size }, (_, rank) => (domain.isAbsent(rank) ? rank : change(rank)));
  const [first] = table;
  return !domain.optional && first !== undefined && table.every(rank => rank === first) ? { rank: first } : { source: level, table };
}

/** A copy of another field's rank; for an absent source the least. */
export function copied(domain: Domain, from: Domain, source: number): Assignment {
  const shift = Number(domain.optional) - Number(from.optional);
  return { source, table: Array.from({ length: from.size }, (_, rank) => (from.isAbsent(rank) ? Number(domain.optional) : rank + shift)) };
}

/** Any rank of a domain: what netfilter chooses, by what is said of the choice and what tells it from others. */
export const choice = (space: Space, domain: Domain, about: string, key: string): Assignment => ({
  source: space.choiceLevel(`${key} ${about}`, about, domain.size),
  table: undefined,
});
