import { MATCHES, TARGETS } from "../extensions/index.ts";
import type { Family } from "../predicate/index.ts";
import type { MatchType, Option, TargetType } from "../xtables/index.ts";

/** One long option of a loaded extension, as getopt_long sees it. */
export interface LongOption {
  /** As it may be written, without dashes; an alias has an entry of its own. */
  readonly word: string;
  /** The option's own name. */
  readonly name: string;
  readonly takes: 0 | 1 | 2 | "optional";
}

/** The extensions of one family by the names they load under. */
export interface Registry {
  readonly matches: ReadonlyMap<string, MatchType<unknown>>;
  readonly targets: ReadonlyMap<string, TargetType<unknown>>;
}

const made = new Map<Family, Registry>();

/** Every extension that exists in a family, by name and alias. */
export function registryOf(family: Family): Registry {
  let registry = made.get(family);
  if (!registry) {
    const matches = new Map<string, MatchType<unknown>>();
    const targets = new Map<string, TargetType<unknown>>();
    for (const type of MATCHES)
      if (!type.families || type.families.includes(family))
        for (const name of [type.name, ...(type.aliases ?? [])]) matches.set(name, type);
    for (const type of TARGETS) if (!type.families || type.families.includes(family)) targets.set(type.name, type);
    made.set(family, (registry = { matches, targets }));
  }
  return registry;
}

const tables = new WeakMap<object, ReadonlyMap<string, LongOption>>();

/** The long options of an extension by the word they are written with; made once for each extension. */
export function longOptions(type: MatchType<unknown> | TargetType<unknown>): ReadonlyMap<string, LongOption> {
  let table = tables.get(type);
  if (!table) {
    const options = new Map<string, LongOption>();
    for (const [name, option] of Object.entries<Option<unknown>>(type.options.options)) {
      const takes = option.value ? (option.arity ?? 1) : 0;
      for (const word of [name, ...(option.aliases ?? [])]) options.set(word, { word, name, takes });
    }
    tables.set(type, (table = options));
  }
  return table;
}
