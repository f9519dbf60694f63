import { NO } from "../../symbolic/index.ts";
import type { SessionSets } from "./session-sets.ts";

/** The share of classes of sessions (by what the rules tell apart) whose end is the same whatever the conditions. */
export function exactShare(sets: SessionSets): number {
  const { diagrams } = sets.boxes;
  let open = NO;
  for (const end of ["usable", "half-open"] as const) {
    const set = sets.ending(each => each.end === end);
    open = diagrams.or(open, diagrams.minus(sets.possibly(set), sets.surely(set)));
  }
  if (open === NO) return 1;
  const all = 1 - sets.boxes.share(sets.possibly(sets.pointless));
  const doubtful = sets.boxes.share(open);
  return all <= 0 ? 1 : Math.max(0, 1 - doubtful / all);
}
