import type { SetEnd } from "../predicate/index.ts";
import { UsageError, type ReadContext, type Value } from "../xtables/index.ts";

/** A set and which ends of the packet its dimensions are compared with. */
export interface NamedEnds {
  readonly set: string;
  readonly dimensions: readonly SetEnd[];
}

/** Kernel: IPSET_MAXNAMELEN less the byte that ends it. */
const NAME_MAX = 31;
/** Kernel: IPSET_DIM_MAX. */
const DIMENSIONS_MAX = 6;

/** `NAME src,dst,…`. The set must exist, if it is known which do. libxt_set.h: get_set_byname, parse_dirs. */
export const namedEnds: Value<NamedEnds> = {
  shape: "name flags",
  parse(text, { names }) {
    const blank = text.lastIndexOf(" ");
    const set = text.slice(0, blank);
    if (new TextEncoder().encode(set).length > NAME_MAX)
      throw new UsageError(`setname \`${set}' too long, max ${NAME_MAX} characters.`);
    checkExists(set, names);
    return { set, dimensions: ends(text.slice(blank + 1)) };
  },
  print: ({ set, dimensions }) => `${set} ${dimensions.join(",")}`,
};

function checkExists(set: string, names: ReadContext["names"]): void {
  if (names.set && names.set(set) === undefined) throw new UsageError(`Set ${set} doesn't exist.\n`);
}

function ends(text: string): readonly SetEnd[] {
  const dimensions: SetEnd[] = [];
  for (const word of text.split(",", DIMENSIONS_MAX + 1)) {
    if (dimensions.length === DIMENSIONS_MAX) throw new UsageError(`Can't be more src/dst options than ${DIMENSIONS_MAX}.`);
    if (word !== "src" && word !== "dst")
      throw new UsageError("You must spefify (the comma separated list of) 'src' or 'dst'.");
    dimensions.push(word);
  }
  return dimensions;
}
