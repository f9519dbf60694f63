import type { Boxes } from "./boxes.ts";
import { placeKey, sharesServices, type Draft } from "./drafts.ts";

/** At a place with more boxes nobody asks which have services in common. */
const COMPARED_MAX = 64;

/** Boxes that make one row each: they are at one place, and NAT makes the same of them or they have services in common. */
export function rowGroups(drafts: readonly Draft[], boxes: Boxes): Draft[][] {
  const places = new Map<string, Draft[]>();
  for (const draft of drafts) add(places, placeKey(draft, boxes), draft);
  return [...places.values()].flatMap(place => {
    const alike = new Map<string, Draft[]>();
    for (const draft of place) add(alike, draft.effects.join("|"), draft);
    return place.length > COMPARED_MAX ? [...alike.values()] : overlapping([...alike.values()]);
  });
}

/** What NAT makes of some of the boxes. */
export const effectsTogether = (drafts: readonly Draft[]): string[] => [...new Set(drafts.flatMap(({ effects }) => effects))];

function add(groups: Map<string, Draft[]>, key: string, draft: Draft): void {
  const group = groups.get(key);
  if (group) group.push(draft);
  else groups.set(key, [draft]);
}

/** The groups, those that have services in common as one. */
function overlapping(groups: readonly Draft[][]): Draft[][] {
  const apart: Draft[][] = [];
  for (const group of groups) {
    let joined = group;
    for (const other of apart.filter(each => each.some(one => group.some(draft => sharesServices(one, draft))))) {
      apart.splice(apart.indexOf(other), 1);
      joined = [...other, ...joined];
    }
    apart.push(joined);
  }
  return apart;
}
