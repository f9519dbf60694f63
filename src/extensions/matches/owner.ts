import { all, among, any, equal, invertIf, not, type Field, type Predicate } from "../../predicate/index.ts";
import {
  badValue,
  printRange,
  scanUnsigned,
  someOf,
  UsageError,
  type IntegerRange,
  type MatchType,
  type NameTables,
  type Parsed,
  type Value,
} from "../../xtables/index.ts";

/** Kernel: struct xt_owner_match_info. */
interface Owner {
  readonly socket: Parsed<true> | undefined;
  readonly user: Parsed<IntegerRange> | undefined;
  readonly group: Parsed<IntegerRange> | undefined;
  readonly supplementary: boolean;
}

/** The highest id; one more stands for none. */
const ID_MAX = 0xfffffffe;

/** A name, an id, or `low-high`, with a colon as good as the dash. */
const ids = (lookup: (names: NameTables, name: string) => number | undefined): Value<IntegerRange> => ({
  shape: "id[-id]",
  parse(text, context) {
    const named = lookup(context.names, text);
    if (named !== undefined) return [named, named];
    const low = scanUnsigned(text, 0, ID_MAX);
    const high = low && /^[-:]/.test(low.rest) ? scanUnsigned(low.rest.slice(1), 0, ID_MAX) : low;
    if (!low || high?.rest !== "") throw badValue(text, context);
    return [low.value, high.value];
  },
  print: range => printRange(range).replace(":", "-"),
});
const users = ids((names, name) => names.user(name));
const groups = ids((names, name) => names.group(name));

const grammar = someOf({
  "uid-owner": { value: users, invert: true, help: "User of the process that owns the socket." },
  "gid-owner": { value: groups, invert: true, help: "Group of that process." },
  "socket-exists": { invert: true, help: "There is a local socket." },
  "suppl-groups": { help: "Let --gid-owner look at the supplementary groups too." },
});

/** Without a socket all options must be inverted; a socket of no file has no user and no group, and those tests must be inverted. */
function lowerOwner({ socket, user, group, supplementary }: Owner): Predicate {
  const given: readonly boolean[] = [
    ...[socket, user, group].flatMap(parsed => (parsed ? [parsed.invert] : [])),
    ...(supplementary ? [false] : []),
  ];
  const id = (field: Field, parsed: Parsed<IntegerRange> | undefined): Predicate[] =>
    parsed ? [invertIf(parsed.invert, among(field, parsed.value))] : [];
  const withSocket = socket?.invert ? [] : [all(equal("socket", 1), ...id("uid", user), ...id("gid", group))];
  return any(...withSocket, ...(given.every(Boolean) ? [not(equal("socket", 1))] : []));
}

/**
 * `-m owner`: who owns the local socket that a packet comes from. Kernel: xt_owner.c, owner_mt. Supplementary groups are not known
 * here: with `--suppl-groups` the process's own group alone is asked.
 */
export const owner: MatchType<Owner> = {
  name: "owner",
  help: "Match the user and group of the socket that sends the packet.",
  hooks: ["OUTPUT", "POSTROUTING"],
  options: {
    options: grammar.options,
    parse(given, context) {
      // iptables asks for --gid-owner first in the line, too.
      const supplementary = given.findIndex(({ option }) => option === "suppl-groups");
      const group = given.findIndex(({ option }) => option === "gid-owner");
      const early = supplementary >= 0 && (group < 0 || group > supplementary);
      const found = grammar.parse(early ? given.slice(0, supplementary + 1) : given, context);
      if (early) throw new UsageError('owner: Bad value for "--suppl-groups" option: "you need to use --gid-owner first"');
      if (!found["uid-owner"] && !found["gid-owner"] && !found["socket-exists"])
        throw new UsageError("owner: At least one of --uid-owner, --gid-owner or --socket-exists is required");
      return { socket: found["socket-exists"], user: found["uid-owner"], group: found["gid-owner"], supplementary: supplementary >= 0 };
    },
    save({ socket, user, group, supplementary }, family) {
      const parts: string[] = [];
      if (socket) parts.push(`${socket.invert ? "! " : ""}--socket-exists`);
      if (user) parts.push(`${user.invert ? "! " : ""}--uid-owner ${users.print(user.value, family)}`);
      if (group) parts.push(`${group.invert ? "! " : ""}--gid-owner ${groups.print(group.value, family)}`);
      if (supplementary) parts.push("--suppl-groups");
      return parts.join(" ");
    },
  },
  check({ user, group }) {
    const reversed = [user, group].find(parsed => parsed && parsed.value[0] > parsed.value[1]);
    return reversed && `owner match: the range ${users.print(reversed.value, 4)} is reversed`;
  },
  lower: info => ({ predicate: lowerOwner(info) }),
  list({ socket, user, group, supplementary }, { numeric, names }, family) {
    const parts: string[] = [];
    const name = ([low, high]: IntegerRange, lookup: ((id: number) => string | undefined) | undefined): string =>
      (low === high && !numeric ? lookup?.(low) : undefined) ?? users.print([low, high], family);
    if (socket) parts.push(`${socket.invert ? "! " : ""}owner socket exists`);
    if (user) parts.push(`${user.invert ? "! " : ""}owner UID match ${name(user.value, names.userName?.bind(names))}`);
    if (group) parts.push(`${group.invert ? "! " : ""}owner GID match ${name(group.value, names.groupName?.bind(names))}`);
    if (supplementary) parts.push("incl. suppl. groups");
    return parts.join(" ");
  },
};
