import { flag, glued, one, type MatchText } from "./read-list-phrases.ts";
import type { Word } from "./words.ts";

const has = (words: readonly Word[], option: string): boolean => words.some(({ text }) => text === `--${option}`);

const isWeekdays = (token: string): boolean => /^[A-Z]/.test(token);
const date = (day: string, time?: string): readonly string[] => [time === undefined ? day : `${day}T${time}`];

/** The texts of matches that count, remember and ask the machine, in the wording of 1.8.9. */
export const COUNTING_TEXTS: readonly MatchText[] = [
  {
    match: "connlimit",
    head: "#conn",
    phrases: [
      glued("src/", "connlimit-mask"),
      { ...glued("dst/", "connlimit-mask"), value: length => [length, "--connlimit-daddr"] },
      one("<=", "connlimit-upto"),
      one(">", "connlimit-above"),
    ],
  },
  {
    match: "connbytes",
    phrases: [one("connbytes"), one("connbytes mode", "connbytes-mode"), one("connbytes direction", "connbytes-dir")],
  },
  {
    match: "quota",
    head: "quota:",
    phrases: [{ says: "", option: "quota", takes: "two tokens", value: bytes => [bytes] }],
    loses: "a listing shows `! --quota' like `--quota': every quota is taken for one that is not inverted",
  },
  {
    match: "statistic",
    head: "statistic mode",
    phrases: [one("", "mode"), one("probability"), one("every"), one("packet")],
    // A listing leaves packet 0 out.
    complete: (words, add) => (has(words, "every") && !has(words, "packet") ? [...words, add("--packet"), add("0")] : words),
  },
  {
    match: "time",
    head: "TIME",
    alone: true,
    phrases: [
      one("from", "timestart"),
      one("to", "timestop"),
      { says: "on", option: "weekdays", value: days => (isWeekdays(days) ? [days] : undefined) },
      { says: "on", option: "monthdays", value: days => (isWeekdays(days) ? undefined : [days.replaceAll(/[a-z]/g, "")]) },
      { says: "starting from", option: "datestart", takes: "two tokens", value: date },
      { says: "until date", option: "datestop", takes: "two tokens", value: date },
      { ...flag("until date", "datestop"), value: () => ["1970-01-01T00:00:00"] },
      flag("UTC", "utc"),
      flag("contiguous"),
    ],
    complete: (words, add) => (has(words, "utc") ? words : [...words, add("--kerneltz")]),
  },
  { match: "realm", phrases: [one("realm")] },
  { match: "devgroup", phrases: [one("src-group"), one("dst-group")] },
  { match: "cpu", phrases: [one("cpu")] },
  {
    match: "cgroup",
    phrases: [
      { says: "cgroup", option: "path", value: path => (/^\d+$/.test(path) ? undefined : [path]) },
      one("cgroup"),
      { ...flag("cgroup", "path"), value: () => [""] },
    ],
  },
  { match: "connlabel", phrases: [one("connlabel", "label"), flag("set")] },
  { match: "helper", head: "helper match", phrases: [{ says: "", option: "helper", takes: "saved word" }] },
  { match: "nfacct", head: "nfacct-name", phrases: [{ says: "", option: "nfacct-name", takes: "saved word" }] },
  {
    match: "cluster",
    head: "cluster",
    phrases: [
      { ...glued("!node_mask=", "cluster-local-nodemask"), inverted: true },
      glued("node_mask=", "cluster-local-nodemask"),
      glued("total_nodes=", "cluster-total-nodes"),
      glued("hash_seed=", "cluster-hash-seed"),
    ],
  },
  { match: "rpfilter", head: "rpfilter", alone: true, phrases: [flag("loose"), flag("validmark"), flag("accept-local"), flag("invert")] },
  {
    match: "socket",
    head: "socket",
    alone: true,
    phrases: ["transparent", "nowildcard", "restore-skmark"].map(option => flag(`--${option}`, option)),
  },
  {
    match: "ipvs",
    head: "ipvs",
    phrases: [flag("ipvs"), ...["vproto", "vaddr", "vport", "vdir", "vmethod", "vportctl"].map(word => one(word))],
  },
];
