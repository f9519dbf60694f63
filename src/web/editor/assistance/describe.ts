import type { OutlineTable } from "../../work/outline.ts";
import { fullCount } from "../counts.ts";
import type { Grammar, GrammarExtension } from "./grammar.ts";
import { lineWords, loadedBy, optionNamed, optionOfValue } from "./line.ts";
import { HOOK_HELP, LINE_STARTS, TABLE_HELP } from "./own-options.ts";

/** What there is to say of a word of a line. Texts are not escaped. */
export interface Description {
  readonly from: number;
  readonly to: number;
  /** `-m conntrack`, `[!] --dport port[:port]`. */
  readonly title: string;
  readonly lines: readonly string[];
  /** A value that only a worker knows more about. */
  readonly value?: { readonly sort: "ports" | "addresses"; readonly text: string; readonly protocol: string };
  /** A chain that can be gone to, by its line. */
  readonly line?: number;
}

/** A line of rules, and what is known around it. */
export interface DescribedPlace {
  readonly line: string;
  readonly column: number;
  readonly family: 4 | 6;
  readonly table: string | undefined;
  readonly tables: readonly OutlineTable[];
}

/** What the word under a place of a rule is; undefined where there is nothing to say. */
export function describeAt(place: DescribedPlace, grammar: Grammar): Description | undefined {
  const words = lineWords(place.line);
  const index = words.findIndex(({ from, to }) => from <= place.column && place.column <= to);
  const word = words[index];
  if (word === undefined || words[0]?.text.startsWith("#")) return undefined;
  const span = { from: word.from, to: word.to };
  const { text } = word;
  const previous = words[index - 1]?.text;
  if (index === 0 && text.startsWith("*")) return known(span, `table ${text.slice(1)}`, TABLE_HELP.get(text.slice(1)));
  if (index === 0 && text.startsWith(":")) return chain(span, text.slice(1), place);
  const start = LINE_STARTS.find(({ names }) => names.includes(text));
  if (start) return known(span, start.usage, start.help);
  if (previous !== undefined && /^-[ADIRPNFZX]$/.test(previous)) return chain(span, text, place);
  if (previous !== undefined && /^(?:-j|-g|--jump|--goto)$/.test(previous))
    return extension(span, grammar, "target", text, place.family) ?? chain(span, text, place);
  if (previous === "-m" || previous === "--match") return extension(span, grammar, "match", text, place.family);
  const loaded = loadedBy(words, grammar, place.family);
  if (text.startsWith("-")) {
    const named = optionNamed(text, loaded);
    if (named === undefined) return undefined;
    const { of, option } = named;
    if (of === undefined) return known(span, option.usage, option.help);
    const values = option.words.length > 0 ? [`one of: ${shortList(option.words)}`] : [];
    const also = option.aliases.length > 0 ? [`also ${option.aliases.map(alias => `--${alias}`).join(", ")}`] : [];
    return { ...span, title: `${of.name}: ${option.usage}`, lines: [option.help, ...values, ...also] };
  }
  return value(span, text, optionOfValue(words, index, loaded), words, index);
}

type Span = Pick<Description, "from" | "to">;

const known = (span: Span, title: string, help: string | undefined): Description | undefined =>
  help === undefined ? undefined : { ...span, title, lines: [help] };

const WORDS_SHOWN = 14;

const shortList = (words: readonly string[]): string =>
  words.length > WORDS_SHOWN ? `${words.slice(0, WORDS_SHOWN).join(", ")}, and ${words.length - WORDS_SHOWN} more` : words.join(", ");

function extension(
  span: Span,
  { extensions }: Grammar,
  kind: GrammarExtension["kind"],
  name: string,
  family: 4 | 6,
): Description | undefined {
  const found = extensions.filter(each => each.kind === kind && each.name === name);
  const type = found.find(({ families }) => families.includes(family)) ?? found[0];
  if (type === undefined) return undefined;
  const { help, families, tables, options } = type;
  return {
    ...span,
    title: `${kind === "match" ? "-m" : "-j"} ${name}`,
    lines: [
      help,
      ...(families.length === 1 ? [`IPv${families[0]} only`] : []),
      ...(tables.length > 0 ? [`only in the tables ${tables.join(", ")}`] : []),
      ...(options.length > 0 ? [`options: ${shortList(options.map(({ name: option }) => `--${option}`))}`] : []),
    ],
  };
}

function chain(span: Span, name: string, { family, table, tables }: DescribedPlace): Description | undefined {
  const inTable = tables.find(each => each.family === family && each.name === table);
  const found = inTable?.chains.find(each => each.name === name);
  if (inTable === undefined || found === undefined) return undefined;
  const references = inTable.chains.reduce((sum, { rules }) => sum + rules.filter(({ jump }) => jump === name).length, 0);
  const what = HOOK_HELP.get(name);
  return {
    ...span,
    title: `chain ${name} of ${inTable.name}`,
    lines: [
      ...(what !== undefined && found.policy !== undefined ? [what] : []),
      fullCount(found.rules.length, "rule"),
      found.policy === undefined ? `called by ${fullCount(references, "rule")}` : `policy ${found.policy}`,
    ],
    line: found.line > 0 ? found.line : (found.rules[0]?.line ?? 0),
  };
}

const PORTS = /port/;
const ADDRESSES =
  /^(?:source|destination|src|dst|ctorigsrc|ctorigdst|ctreplsrc|ctrepldst|src-range|dst-range|to-source|to-destination|to|gateway)$/;

function value(
  span: Span,
  text: string,
  found: ReturnType<typeof optionOfValue>,
  words: ReturnType<typeof lineWords>,
  index: number,
): Description | undefined {
  if (found === undefined || found.nth > 0) return undefined;
  const { of, option } = found.named;
  const names = of ? [option.name] : option.names.map(name => name.replace(/^--?/, ""));
  const title = `${words[index - 1]?.text ?? ""} ${text}`;
  const protocolAt = words.findIndex(word => word.text === "-p" || word.text === "--protocol");
  const protocol = words[protocolAt + 1]?.text ?? "tcp";
  if (names.some(name => PORTS.test(name))) return { ...span, title, lines: [option.help], value: { sort: "ports", text, protocol } };
  if (names.some(name => ADDRESSES.test(name)) || names[0] === "s" || names[0] === "d")
    return { ...span, title, lines: [option.help], value: { sort: "addresses", text, protocol } };
  return undefined;
}
