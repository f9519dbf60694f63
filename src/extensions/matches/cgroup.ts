import { all, any, equal, invertIf, named, namedLike, present, type Predicate } from "../../predicate/index.ts";
import { bounded, cutBytes, quoteArgument, someOf, type MatchType, type Parsed, type Value } from "../../xtables/index.ts";

/** Bytes of a path. Kernel: PATH_MAX of xt_cgroup_info_v2 less the byte that ends it. */
const PATH_BYTES = 511;

const path: Value<string> = {
  shape: "path",
  parse(text, { extension, option, warn }) {
    const kept = cutBytes(text, PATH_BYTES);
    if (kept !== text) warn(`${extension}: the text of "--${option}" is cut to ${PATH_BYTES} bytes`);
    return kept;
  },
  print: quoteArgument,
};

const spec = {
  path: { value: path, invert: true, help: "Control group of the process, or one above it, as a path of the second version." },
  cgroup: { value: bounded(0, 0xffffffff), invert: true, help: "The net_cls class of the process's control group." },
} as const;
const grammar = someOf(spec);
interface Cgroup {
  readonly path?: Parsed<string>;
  readonly cgroup?: Parsed<number>;
  /** There is known to be no control group of this path. */
  readonly missing: boolean;
}

/** The control group itself or one below it; every one is below the root. */
function below(path: string): Predicate {
  const bare = `/${path.split("/").filter(Boolean).join("/")}`;
  return bare === "/" ? present("cgrouppath") : any(named("cgrouppath", bare), namedLike("cgrouppath", `${bare}/`));
}

/**
 * `-m cgroup`: the control group of the process whose socket the packet belongs to. Kernel: xt_cgroup.c, cgroup_mt_v2. Without a socket it does not
 * match, inverted or not. Any path may be given, unless the names given say that there is no such control group.
 */
export const cgroup: MatchType<Cgroup> = {
  name: "cgroup",
  help: "Match the control group of the socket's process.",
  hooks: ["INPUT", "OUTPUT", "POSTROUTING"],
  options: {
    ...grammar,
    parse(given, context) {
      const found = grammar.parse(given, context);
      const path = found.path?.value ?? "";
      return { ...found, missing: path !== "" && path !== "/" && context.names.controlGroup?.(path) === false };
    },
  },
  check({ path: given, cgroup: classId, missing }) {
    if (given && classId) return "cgroup match: both path and classid specified";
    if (missing) return `cgroup match: there is no control group ${given?.value}`;
    return given || classId ? undefined : "cgroup match: neither path nor classid specified";
  },
  lower({ path: given, cgroup: classId }) {
    if (given) return { predicate: all(present("cgrouppath"), invertIf(given.invert, below(given.value))) };
    return { predicate: all(present("cgroup"), invertIf(classId?.invert ?? false, equal("cgroup", classId?.value ?? 0))) };
  },
  list({ path: given, cgroup: classId }) {
    const chosen = given ?? classId;
    return ["cgroup", ...(chosen?.invert ? ["!"] : []), String(chosen?.value ?? 0)].join(" ");
  },
};
