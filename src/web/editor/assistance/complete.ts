import type { LineGrammar } from "../tokens.ts";
import type { Grammar } from "./grammar.ts";
import { lineWords, loadedBy, optionOfValue, type LineWord, type NamedOption } from "./line.ts";
import { HOOK_HELP, LINE_STARTS, OWN_OPTIONS, POLICIES, TABLE_HELP } from "./own-options.ts";
import { SET_COMMANDS } from "./set-words.ts";

/** A chain that rules may name. */
export interface KnownChain {
  readonly name: string;
  readonly builtin: boolean;
  /** `3 rules`. */
  readonly about: string;
}

/** Where completion is asked for, and what is known around it. */
export interface Place {
  readonly grammar: LineGrammar;
  readonly line: string;
  /** Offset of the cursor in the line. */
  readonly column: number;
  readonly family: 4 | 6;
  /** The table that the line stands in; undefined outside tables. */
  readonly table: string | undefined;
  readonly chains: readonly KnownChain[];
  readonly interfaces: readonly string[];
  readonly sets: readonly string[];
}

/** A word that completion offers. */
export interface Offer {
  readonly label: string;
  readonly sort: "option" | "match" | "target" | "chain" | "value" | "command";
  /** A few words beside it. */
  readonly detail?: string;
  /** A sentence about it. */
  readonly info?: string;
  /** Offered before others (positive) or after them. */
  readonly boost?: number;
}

/** What may stand from an offset of the line to the cursor. */
export interface Offers {
  readonly from: number;
  readonly offers: readonly Offer[];
}

/** What may stand at a place of a line; undefined where nothing is known. */
export function offersAt(place: Place, grammar: Grammar): Offers | undefined {
  const before = place.line.slice(0, place.column);
  if (/^\s*#/.test(before)) return undefined;
  const words = lineWords(before);
  const last = words.at(-1);
  const isTyping = last !== undefined && last.to === before.length;
  const typed: LineWord = isTyping ? last : { from: before.length, to: before.length, text: "" };
  const done = isTyping ? words.slice(0, -1) : words;
  if (place.grammar === "sets") return setOffers(done, typed, place, grammar);
  if (done.length === 0) return lineStart(typed, place, grammar);
  if (done[0]?.text.startsWith(":")) return done.length === 1 ? from(typed, POLICIES.map(policyOffer)) : undefined;
  return ruleOffers(done, typed, place, grammar);
}

const from = (typed: LineWord, offers: readonly Offer[]): Offers | undefined =>
  offers.length === 0 ? undefined : { from: typed.from, offers };

const policyOffer = (label: string): Offer => ({ label, sort: "target" });

function lineStart(typed: LineWord, { table, chains }: Place, grammar: Grammar): Offers | undefined {
  if (typed.text.startsWith("*") || table === undefined)
    return from(
      typed,
      [...TABLE_HELP].map(([name, info]) => ({ label: `*${name}`, sort: "command", info })),
    );
  if (typed.text.startsWith(":")) {
    const known = new Set(chains.map(({ name }) => name));
    const missing = (grammar.chains[table] ?? []).filter(name => !known.has(name));
    return from(
      typed,
      missing.map(name => ({ label: `:${name}`, sort: "chain", info: HOOK_HELP.get(name) ?? "" })),
    );
  }
  return from(
    typed,
    LINE_STARTS.flatMap(({ names, usage, help }) =>
      names.slice(0, 1).map((label): Offer => ({ label, sort: "command", detail: usage, info: help })),
    ),
  );
}

const CHAIN_COMMANDS = /^(?:-[ADIRPFZX]|--append|--insert|--delete|--replace|--policy|--flush)$/;

function ruleOffers(done: readonly LineWord[], typed: LineWord, place: Place, grammar: Grammar): Offers | undefined {
  const { family, chains, table } = place;
  const previous = done.at(-1)?.text ?? "";
  const loaded = loadedBy(done, grammar, family);
  const inTable = ({ tables, families }: Grammar["extensions"][number]): boolean =>
    families.includes(family) && (tables.length === 0 || table === undefined || tables.some(each => each === table));
  const chainOffers = (wanted: (chain: KnownChain) => boolean): Offer[] =>
    chains.filter(wanted).map(({ name, about }) => ({ label: name, sort: "chain", detail: about, boost: 1 }));
  if (CHAIN_COMMANDS.test(previous))
    return from(
      typed,
      chainOffers(() => true),
    );
  if (previous === "-j" || previous === "--jump")
    return from(typed, [
      ...chainOffers(({ builtin }) => !builtin),
      ...grammar.extensions
        .filter(each => each.kind === "target" && inTable(each))
        .map(({ name, help }): Offer => ({
          label: name,
          sort: "target",
          info: help,
          boost: COMMON.has(name) ? 3 : 0,
        })),
    ]);
  if (previous === "-g" || previous === "--goto")
    return from(
      typed,
      chainOffers(({ builtin }) => !builtin),
    );
  if (previous === "-m" || previous === "--match")
    return from(
      typed,
      grammar.extensions
        .filter(each => each.kind === "match" && inTable(each))
        .map(({ name, help }) => ({
          label: name,
          sort: "match",
          info: help,
          boost: COMMON.has(name) ? 3 : 0,
        })),
    );
  const value = typed.text.startsWith("-") ? undefined : optionOfValue([...done, typed], done.length, loaded);
  const values = value && valueOffers(value.named, value.nth, typed, place, grammar);
  if (values !== undefined) return values;
  // After an option that takes a word of its own making, nothing is offered while that word is missing.
  if (value?.nth === 0 && takesValue(value.named)) return undefined;
  return from(typed, [
    ...loaded.flatMap(({ name, options }) =>
      options.flatMap(({ name: option, aliases, usage, help }): Offer[] =>
        [option, ...aliases].map(label => ({ label: `--${label}`, sort: "option", detail: `${name}: ${usage}`, info: help, boost: 2 })),
      ),
    ),
    ...OWN_OPTIONS.map(({ names: [label = ""], usage, help }): Offer => ({ label, sort: "option", detail: usage, info: help })),
  ]);
}

/** What rules use most, offered first. */
const COMMON: ReadonlySet<string> = new Set([
  "ACCEPT",
  "DROP",
  "REJECT",
  "LOG",
  "RETURN",
  "conntrack",
  "multiport",
  "comment",
  "limit",
  "tcp",
  "udp",
]);

const takesValue = ({ of, option }: NamedOption): boolean =>
  of ? option.usage.trim().includes(" ", option.usage.indexOf("--")) : option.names[0] !== "-f";

function valueOffers({ of, option }: NamedOption, nth: number, typed: LineWord, place: Place, grammar: Grammar): Offers | undefined {
  const plain = (labels: readonly string[], at = typed.from): Offers | undefined =>
    labels.length === 0 ? undefined : { from: at, offers: labels.map(label => ({ label, sort: "value" })) };
  if (of === undefined) {
    if (nth > 0) return undefined;
    if (option.names.includes("-p")) return plain([...new Set(["tcp", "udp", "icmp", "icmpv6", "all", ...grammar.protocols])]);
    return option.names.includes("-i") || option.names.includes("-o") ? plain(place.interfaces) : undefined;
  }
  // Words of a list stand between commas.
  const at = typed.from + typed.text.lastIndexOf(",") + 1;
  if (/set/.test(option.name) && of.name.toLowerCase() === "set") return nth === 0 ? plain(place.sets) : plain(["src", "dst"], at);
  if (/^(?:physdev-in|physdev-out|gateway|iface)$/.test(option.name)) return plain(place.interfaces);
  const isPair = option.name === "tcp-flags";
  return nth === 0 || isPair ? plain(wordsOf(option.words, of.name, place.family), at) : undefined;
}

/** Values that belong to one family are not offered in the other. */
function wordsOf(words: readonly string[], extension: string, family: 4 | 6): readonly string[] {
  if (extension !== "REJECT") return words;
  return words.filter(word => word === "tcp-reset" || word.startsWith("icmp6-") === (family === 6));
}

/** What stands behind the type of a set that is created. */
const CREATE_WORDS = ["family inet", "family inet6", "hashsize", "maxelem", "timeout", "counters", "comment", "skbinfo", "forceadd"];

function setOffers(done: readonly LineWord[], typed: LineWord, { sets }: Place, { setTypes }: Grammar): Offers | undefined {
  const each = (labels: readonly string[], sort: Offer["sort"]): Offers | undefined =>
    from(
      typed,
      labels.map(label => ({ label, sort })),
    );
  const [command] = done;
  if (command === undefined)
    return from(
      typed,
      SET_COMMANDS.map(([label, info]) => ({ label, sort: "command", info })),
    );
  const creates = command.text === "create";
  if (done.length === 1) return creates ? undefined : each(sets, "chain");
  if (!creates) return undefined;
  return done.length === 2 ? each(setTypes, "match") : each(CREATE_WORDS, "option");
}
