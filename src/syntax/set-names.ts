import type { Sets } from "../ruleset/index.ts";
import type { NameTables } from "../xtables/index.ts";
import { defaultNames } from "./names.ts";

/** Name tables that also know a machine's sets, for `-m set`. */
export function namesWithSets(sets: Sets | undefined, names: NameTables = defaultNames): NameTables {
  if (!sets) return names;
  return {
    ...names,
    set(name) {
      const set = sets.get(name);
      return set && { dimensions: set.type.parts.length, family: set.family ?? 0 };
    },
  };
}
