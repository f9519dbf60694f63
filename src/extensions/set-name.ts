import { encodeUtf8 } from "../packet/index.ts";
import type { Family, SetEnd } from "../predicate/index.ts";
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
  parse(text, { names, family, option }) {
    const blank = text.lastIndexOf(" ");
    if (blank < 0) throw new UsageError(`--${option} requires two args.`);
    const set = text.slice(0, blank);
    if (encodeUtf8(set).length > NAME_MAX) throw new UsageError(`setname \`${set}' too long, max ${NAME_MAX} characters.`);
    checkExists(set, names, family);
    return { set, dimensions: ends(text.slice(blank + 1)) };
  },
  print: ({ set, dimensions }) => `${set} ${dimensions.join(",")}`,
};

/** iptables ends both sentences with a line end of its own. */
function checkExists(set: string, names: ReadContext["names"], family: Family): void {
  const known = names.set ? names.set(set) : "unknown";
  if (known === "unknown") return;
  if (known === undefined) throw new UsageError(`Set ${set} doesn't exist.\n`);
  if (known.family !== 0 && known.family !== family)
    throw new UsageError(`The protocol family of set ${set} is IPv${known.family}, which is not applicable.\n`);
}

function ends(text: string): readonly SetEnd[] {
  const dimensions: SetEnd[] = [];
  for (const word of text.split(",", DIMENSIONS_MAX + 1)) {
    if (dimensions.length === DIMENSIONS_MAX) throw new UsageError(`Can't be more src/dst options than ${DIMENSIONS_MAX}.`);
    if (word !== "src" && word !== "dst") throw new UsageError("You must spefify (the comma separated list of) 'src' or 'dst'.");
    dimensions.push(word);
  }
  return dimensions;
}
