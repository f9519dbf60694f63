import { wordsIn } from "../tokens.ts";
import type { Grammar, GrammarExtension } from "./grammar.ts";
import type { OptionHelp } from "../../../syntax/index.ts";
import { OWN_OPTIONS, type OwnOption } from "./own-options.ts";

/** A word of a line with its text. */
export interface LineWord {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** The words of a line with their texts. */
export function lineWords(line: string): readonly LineWord[] {
  return wordsIn(line).map(({ from, to }) => ({ from, to, text: line.slice(from, to) }));
}

/** Matches that the words before a place load, by -m or by -p, and the target: their options may stand there. */
export function loadedBy(words: readonly LineWord[], grammar: Grammar, family: 4 | 6): readonly GrammarExtension[] {
  const names = new Set<string>();
  for (const [index, { text }] of words.entries()) {
    const next = words[index + 1]?.text;
    if (next === undefined) break;
    if (text === "-m" || text === "--match") names.add(`match ${aliasOf(next, family)}`);
    if (text === "-p" || text === "--protocol") names.add(`match ${aliasOf(next.toLowerCase(), family)}`);
    if (text === "-j" || text === "--jump") names.add(`target ${next}`);
  }
  return grammar.extensions.filter(({ kind, name, families }) => names.has(`${kind} ${name}`) && families.includes(family));
}

function aliasOf(name: string, family: 4 | 6): string {
  if (name === "ipv6-icmp" || name === "icmpv6") return "icmp6";
  return name === "icmp" && family === 6 ? "icmp6" : name;
}

/** An option that a word names: of an extension that the line loads, or of iptables itself. */
export type NamedOption =
  | { readonly of: GrammarExtension; readonly option: OptionHelp }
  | { readonly of: undefined; readonly option: OwnOption };

/** What an option's word stands for, abbreviations too where only one option begins so; undefined for none. */
export function optionNamed(word: string, loaded: readonly GrammarExtension[]): NamedOption | undefined {
  const own = OWN_OPTIONS.find(({ names }) => names.includes(word));
  if (own) return { of: undefined, option: own };
  if (!word.startsWith("--") || word.length < 3) return undefined;
  const said = word.slice(2);
  const all = loaded.flatMap(of => of.options.map(option => ({ of, option })));
  const exact = all.find(({ option }) => option.name === said || option.aliases.includes(said));
  if (exact) return exact;
  const begun = all.filter(({ option }) => option.name.startsWith(said));
  return begun.length === 1 ? begun[0] : undefined;
}

/** The option whose value stands at a word, with the value's place among its values; undefined where the word is no value. */
export function optionOfValue(
  words: readonly LineWord[],
  index: number,
  loaded: readonly GrammarExtension[],
): { readonly named: NamedOption; readonly nth: number } | undefined {
  for (let at = index - 1, nth = 0; at >= 0 && nth < 2; at--, nth++) {
    const word = words[at]?.text ?? "";
    if (word === "!") return undefined;
    if (!word.startsWith("-")) continue;
    const named = optionNamed(word, loaded);
    return named ? { named, nth } : undefined;
  }
  return undefined;
}
