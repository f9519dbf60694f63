import { opaque, type Opaque, type Scalar } from "../../predicate/index.ts";
import { printAddress } from "../../packet/index.ts";
import { allOnes, bounded, cutBytes, host, someOf, UsageError, type MatchType, type Value } from "../../xtables/index.ts";
import { RECENT_STAMPS_MAX, RecentList, type RecentTest } from "../recent-list.ts";

/** Kernel: struct xt_recent_mtinfo_v1. */
interface Recent extends RecentTest {
  readonly name: string;
  readonly mask: Scalar;
}

/** Bytes of a list's name. Kernel: XT_RECENT_NAME_LEN less the byte that ends it. */
const NAME_MAX = 199;
const U32_MAX = 0xffffffff;
const MODES = ["set", "rcheck", "update", "remove"] as const;
const LISTED = { set: "SET", rcheck: "CHECK", update: "UPDATE", remove: "REMOVE" } as const;

const listName: Value<string> = {
  shape: "name",
  parse(text, { extension, option, warn }) {
    const kept = cutBytes(text, NAME_MAX);
    if (kept !== text) warn(`${extension}: the text of "--${option}" is cut to ${NAME_MAX} bytes`);
    return kept;
  },
  print: String,
};

const mode = (name: (typeof MODES)[number], help: string) => ({ invert: true, excludes: MODES.filter(other => other !== name), help });

const grammar = someOf({
  set: mode("set", "Put the address on the list; always matches."),
  rcheck: mode("rcheck", "The address is on the list."),
  update: mode("update", "The same, and if so note that it was seen now."),
  remove: mode("remove", "The same, and if so take it off the list."),
  seconds: { value: bounded(1, U32_MAX), help: "It was seen within so many seconds." },
  reap: { requires: ["seconds"], help: "Take addresses off the list that were not." },
  hitcount: { value: bounded(0, U32_MAX), help: "It was seen at least so often." },
  rttl: { excludes: ["set", "remove"], help: "It was last seen with the same TTL." },
  name: { value: listName, help: "Name of the list, DEFAULT without one." },
  rsource: { help: "Source addresses are on the list; the default." },
  rdest: { help: "Destination addresses are." },
  mask: { value: host, help: "Bits of the address that count." },
});

/** The list is one for all rules that name it. Kernel: struct recent_table. */
function step(info: Recent): Opaque<RecentList> {
  return {
    name: `recent:${info.name}`,
    about: show(info),
    depends: "history",
    // Whoever is put on the list is on it.
    ...(info.mode === "set" && { always: !info.invert }),
    described: {
      kind: "recent",
      mode: info.mode,
      inverted: info.invert,
      list: info.name,
      side: info.side === "dest" ? "destination" : "source",
      seconds: info.seconds,
      hits: info.hitcount,
      sameTtl: info.rttl,
    },
    share: `recent:${info.name}`,
    start: () => new RecentList(info.mask),
    step: (recent, facts, { now }) => recent.ask(info, facts, now) !== info.invert,
  };
}

/** `-m recent`: lists of addresses that rules fill and ask. Kernel: xt_recent.c, recent_mt. */
export const recent: MatchType<Recent> = {
  name: "recent",
  help: "Match addresses that were seen before.",
  options: {
    options: grammar.options,
    parse(given, context) {
      const found = grammar.parse(given, context);
      const chosen = MODES.find(each => found[each]);
      if (!chosen) throw new UsageError("recent: you must specify one of `--set', `--rcheck' `--update' or `--remove'");
      const side = given.findLast(({ option }) => option === "rsource" || option === "rdest");
      return {
        mode: chosen,
        invert: found[chosen]?.invert ?? false,
        seconds: found.seconds?.value ?? 0,
        hitcount: found.hitcount?.value ?? 0,
        reap: found.reap !== undefined,
        rttl: found.rttl !== undefined,
        side: side?.option === "rdest" ? "dest" : "source",
        name: found.name?.value ?? "DEFAULT",
        mask: found.mask?.value ?? allOnes(context.family),
      };
    },
    save({ mode, invert, seconds, reap, hitcount, rttl, name, mask, side }) {
      const parts = [`${invert ? "! " : ""}--${mode}`];
      if (seconds) parts.push(`--seconds ${seconds | 0}`);
      if (reap) parts.push("--reap");
      if (hitcount) parts.push(`--hitcount ${hitcount}`);
      if (rttl) parts.push("--rttl");
      return [...parts, `--name ${name}`, `--mask ${printAddress(mask)}`, side === "dest" ? "--rdest" : "--rsource"].join(" ");
    },
  },
  check({ mode, seconds, hitcount, reap, rttl, name }) {
    if ((mode === "set" || mode === "remove") && (seconds || hitcount || reap || rttl))
      return `recent match: --${mode} goes with no other condition`;
    if (hitcount > RECENT_STAMPS_MAX) return `recent match: hitcount (${hitcount}) is larger than allowed maximum (${RECENT_STAMPS_MAX})`;
    if (name === "" || name === "." || name === ".." || name.includes("/")) return "recent match: the list's name must do as a file name";
    return undefined;
  },
  lower: info => ({ predicate: opaque(step(info)) }),
  list: show,
};

function show({ mode, invert, seconds, reap, hitcount, rttl, name, mask, side }: Recent): string {
  const parts = [`${invert ? "! " : ""}recent: ${LISTED[mode]}`];
  if (seconds) parts.push(`seconds: ${seconds | 0}`);
  if (reap) parts.push("reap");
  if (hitcount) parts.push(`hit_count: ${hitcount}`);
  if (rttl) parts.push("TTL-Match");
  return [...parts, `name: ${name}`, `side: ${side}`, `mask: ${printAddress(mask)}`].join(" ");
}
