import { mask4, mask6 } from "../../packet/index.ts";
import { invertIf, opaque, type Facts, type Family, type Opaque } from "../../predicate/index.ts";
import { bounded, finallyChecked, NO_PREFIX_LENGTH, prefixLength, UsageError, type MatchType } from "../../xtables/index.ts";
import { ConnectionCount } from "../connection-count.ts";

/** Kernel: struct xt_connlimit_info. */
interface Connlimit {
  readonly limit: number;
  readonly upto: boolean;
  readonly mask: number;
  readonly side: "source" | "destination";
}

const number = bounded(0, 0xffffffff);
const spec = {
  "connlimit-upto": {
    value: number,
    invert: true,
    excludes: ["connlimit-above"],
    help: "Match while there are at most so many connections.",
  },
  "connlimit-above": { value: number, invert: true, excludes: ["connlimit-upto"], help: "Match while there are more." },
  "connlimit-mask": { value: prefixLength, help: "How many bits of the address count." },
  "connlimit-saddr": { excludes: ["connlimit-daddr"], help: "Connections from one network are counted together; the default." },
  "connlimit-daddr": { excludes: ["connlimit-saddr"], help: "Connections to one network are." },
} as const;

const grammar = finallyChecked(spec, (found, _, { family }): Connlimit => {
  const above = found["connlimit-above"];
  const given = above ?? found["connlimit-upto"];
  if (!given) throw new UsageError('You must specify "--connlimit-above" or "--connlimit-upto".');
  const mask = found["connlimit-mask"]?.value ?? NO_PREFIX_LENGTH;
  return {
    limit: given.value,
    upto: (above === undefined) !== given.invert,
    mask: Math.min(mask, family === 4 ? 32 : 128),
    side: found["connlimit-daddr"] ? "destination" : "source",
  };
});

const maskOf = ({ mask }: Connlimit, family: Family): number | bigint => (family === 4 ? mask4(mask) : mask6(mask));

/** The packet's network and zone. Kernel: xt_connlimit.c, connlimit_mt. */
function keyOf({ side }: Connlimit, mask: number | bigint, facts: Facts): string {
  const address = facts.value(side === "source" ? "saddr" : "daddr");
  const network =
    typeof address === "number" ? (address & Number(mask)) >>> 0 : typeof address === "bigint" ? (address & BigInt(mask)).toString(16) : "";
  return `${network} ${facts.value("ctzone") ?? 0}`;
}

/**
 * A packet with which nothing is left to count is dropped: one of no connection whose ports cannot be read, and the last ones of a network's only
 * connection. This counts for itself, because conditions have no state in common but by a name, and rules must not have one.
 */
function uncounted(info: Connlimit, family: Family): Opaque<ConnectionCount> {
  const mask = maskOf(info, family);
  return {
    name: "connlimit:uncounted",
    about: `${list(info)}: there is no connection to count`,
    depends: "history",
    described: { kind: "uncountable" },
    start: () => new ConnectionCount(),
    step: (count, facts, { now }) => count.count(keyOf(info, mask, facts), facts, now) === 0,
  };
}

function above(info: Connlimit, family: Family): Opaque<ConnectionCount> {
  const mask = maskOf(info, family);
  return {
    name: "connlimit",
    about: list(info),
    depends: "history",
    described: { kind: "connections", above: info.limit, side: info.side, mask },
    start: () => new ConnectionCount(),
    step: (count, facts, { now }) => count.count(keyOf(info, mask, facts), facts, now) > info.limit,
  };
}

/** `-m connlimit`: how many connections a network has. Kernel: xt_connlimit.c, connlimit_mt. */
export const connlimit: MatchType<Connlimit> = {
  name: "connlimit",
  help: "Match by the number of connections of a network.",
  needs: () => ["conntrack"],
  options: {
    ...grammar,
    save: ({ limit, upto, mask, side }) =>
      `--connlimit-${upto ? "upto" : "above"} ${limit} --connlimit-mask ${mask} --connlimit-${side === "source" ? "saddr" : "daddr"}`,
  },
  lower(info, { family }) {
    return { hotdrop: opaque(uncounted(info, family)), predicate: invertIf(info.upto, opaque(above(info, family))) };
  },
  list,
};

function list({ limit, upto, mask, side }: Connlimit): string {
  return `#conn ${side === "source" ? "src" : "dst"}/${mask} ${upto ? "<=" : ">"} ${limit}`;
}
