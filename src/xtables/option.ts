import type { Family } from "../predicate/index.ts";
import type { Backend } from "./context.ts";
import { UsageError, type Span } from "./usage.ts";

/** Names that a rule may use for numbers; what is not known is `undefined`. */
export interface NameTables {
  user(name: string): number | undefined;
  group(name: string): number | undefined;
  service(name: string, protocol: string): number | undefined;
  /** The other way round, for listings without -n. */
  serviceName(port: number, protocol: string): string | undefined;
  /** Who has a number, for listings without -n; nobody where the table does not say. */
  userName?(uid: number): string | undefined;
  groupName?(gid: number): string | undefined;
  /** Is there an ipset of this name? Unknown where the table does not say. */
  set?(name: string): { readonly dimensions: number; readonly family: 0 | 4 | 6 } | undefined | "unknown";
  /** Is there an accounting object of this name (nfacct)? Unknown where the table does not say. */
  account?(name: string): boolean;
  /** Is there a control group of this path? Unknown where the table does not say. */
  controlGroup?(path: string): boolean;
}

/** What reading an option value may depend on. */
export interface ReadContext {
  readonly family: Family;
  /** Name of the extension, for messages: `multiport`. */
  readonly extension: string;
  /** Full name of the option being read, without dashes. */
  readonly option: string;
  /** Protocol name of the rule's -p, or "all". */
  readonly protocol: string;
  readonly names: NameTables;
  readonly variant?: Backend | undefined;
  /** Takes a sentence that is worth telling although the rule is accepted: bits cut off, text truncated, octal digits. */
  warn(message: string): void;
}

/** How one option value is read and written. `print(parse(s))` is what `iptables-save` shows for `s`. */
export interface Value<T> {
  /** Placeholder in help: `port[:port]`. */
  readonly shape: string;
  /** Throws UsageError. */
  parse(text: string, context: ReadContext): T;
  print(value: T, family: Family): string;
  /** Words that completion offers. */
  readonly words?: readonly string[];
}

/** One option of an extension. Without `value` it is a flag; `arity` 2 takes two words, joined by one blank (--tcp-flags); "optional" takes the next word unless that starts with a dash or a `!`, else no text. */
export interface Option<T> {
  readonly value?: Value<T>;
  readonly arity?: 2 | "optional";
  readonly aliases?: readonly string[];
  /** May `!` stand before it? */
  readonly invert?: boolean;
  readonly required?: boolean;
  /** May it stand more than once? The last one counts. */
  readonly repeat?: boolean;
  readonly requires?: readonly string[];
  readonly excludes?: readonly string[];
  /** One sentence for --help. */
  readonly help: string;
}

/** One option as it stood on the command line: `! --dports 80`. `option` is the word given, already completed if abbreviated, without dashes. */
export interface Given {
  readonly option: string;
  readonly text: string;
  readonly invert: boolean;
  readonly span?: Span | undefined;
}

/** A parsed option. */
export interface Parsed<T> {
  readonly value: T;
  readonly invert: boolean;
}

/** The options of one extension: read together, written together. One declaration gives parse, save, help and completion. */
export interface Grammar<Info> {
  readonly options: Readonly<Record<string, Option<unknown>>>;
  /** Throws UsageError. `context` lacks only the option name. */
  parse(given: readonly Given[], context: Omit<ReadContext, "option">): Info;
  /** The options as `iptables-save` prints them, without leading blank; may be empty. */
  save(info: Info, family: Family): string;
}

type Parsing<O> = O extends { readonly value: Value<infer T> } ? T : true;
/** What a grammar of these options reads: each one that stood there, by name. */
export type Options<S> = { readonly [K in keyof S]?: Parsed<Parsing<S[K]>> };

/** Any of the options, each at most once, written back in the order of declaration. */
export function someOf<const S extends Readonly<Record<string, Option<any>>>>(spec: S): Grammar<Options<S>> {
  const names = Object.keys(spec);
  const check = checkTogether(spec);
  return {
    options: spec,
    parse(given, context) {
      const found: Record<string, Parsed<unknown>> = {};
      const seen: string[] = [];
      for (const one of given) {
        const name = nameOf(spec, one, seen, context);
        found[name] = readOption(spec, name, one, context);
      }
      check(found, context.extension);
      return found as Options<S>;
    },
    save(info, family) {
      let text = "";
      for (const name of names) {
        const parsed = info[name as keyof S] as Parsed<unknown> | undefined;
        if (parsed) text += `${text === "" ? "" : " "}${saveOption(spec, name, parsed, family)}`;
      }
      return text;
    },
  };
}

/** What the options ask of each other, looked at when all are read: the function throws UsageError. */
export function checkTogether(
  spec: Readonly<Record<string, Option<any>>>,
): (found: Readonly<Record<string, unknown>>, extension: string) => void {
  // Most options ask nothing of the others, so few of them are looked at again.
  const strict = Object.entries<Option<unknown>>(spec).filter(
    ([, { required, excludes, requires }]) => required || excludes?.length || requires?.length,
  );
  return (found, extension) => {
    for (const [name, option] of strict) {
      if (!found[name]) {
        if (option.required) throw new UsageError(`${extension}: option "--${name}" must be specified`);
        continue;
      }
      for (const other of option.excludes ?? [])
        if (found[other]) throw new UsageError(`${extension}: option "--${name}" cannot be used together with "--${other}".`);
      for (const other of option.requires ?? [])
        if (!found[other]) throw new UsageError(`${extension}: option "--${name}" also requires "--${other}".`);
    }
  };
}

/** One of several options: its name says which. */
export type Choice<S> = {
  readonly [K in keyof S]: { readonly option: K; readonly value: Parsing<S[K]>; readonly invert: boolean };
}[keyof S];

/** Exactly one of the options must be given. `missing` is the extension's own sentence for none, `many` for more than one. */
export function oneOf<const S extends Readonly<Record<string, Option<any>>>>(
  spec: S,
  sentences: { readonly missing?: string; readonly many?: string } = {},
): Grammar<Choice<S>> {
  return {
    options: spec,
    parse(given, context) {
      let chosen: { name: string; parsed: Parsed<unknown> } | undefined;
      const seen: string[] = [];
      for (const one of given) {
        const name = nameOf(spec, one, seen, context);
        const parsed = readOption(spec, name, one, context);
        if (chosen) {
          const sentence = sentences.many ?? `option "--${name}" cannot be used together with "--${chosen.name}".`;
          throw new UsageError(`${context.extension}: ${sentence}`, { span: one.span });
        }
        chosen = { name, parsed };
      }
      if (!chosen) {
        const names = Object.keys(spec);
        throw new UsageError(
          `${context.extension}: ${sentences.missing ?? (names.length === 1 ? `option "--${names[0]}" must be specified` : `one of ${names.map(n => `--${n}`).join(", ")} must be specified`)}`,
        );
      }
      return { option: chosen.name, ...chosen.parsed } as unknown as Choice<S>;
    },
    save: (info, family) => saveOption(spec, info.option as string, info, family),
  };
}

/** An extension without options. */
export const noOptions: Grammar<Readonly<Record<never, never>>> = someOf({});

/** Each extension's own names for its options' names and aliases, found once. */
const ownNames = new WeakMap<object, ReadonlyMap<string, string>>();

/** The option's own name for a name or alias; `undefined` for a stranger. */
export function optionName(spec: Readonly<Record<string, Option<unknown>>>, word: string): string | undefined {
  let names = ownNames.get(spec);
  if (!names) {
    const options = Object.entries(spec);
    // A name counts before an alias, and an earlier alias before a later one.
    const aliases = options.toReversed().flatMap(([name, option]) => option.aliases?.map((alias): [string, string] => [alias, name]) ?? []);
    ownNames.set(spec, (names = new Map([...aliases, ...options.map(([name]): [string, string] => [name, name])])));
  }
  return names.get(word);
}

/** The name of an option that stands there, when it may stand there; `seen` has those before it, and takes it in. Throws UsageError. */
function nameOf(
  spec: Readonly<Record<string, Option<unknown>>>,
  { option: word, invert, span }: Given,
  seen: string[],
  { extension }: Omit<ReadContext, "option">,
): string {
  const name = optionName(spec, word);
  const option = name === undefined ? undefined : spec[name];
  if (name === undefined || !option) throw new UsageError(`unknown option "--${word}"`, { span });
  if (seen.includes(name)) {
    if (!option.repeat) throw new UsageError(`${extension}: option "--${name}" can only be used once.`, { span });
  } else seen.push(name);
  if (invert && !option.invert) throw new UsageError(`${extension}: option "--${name}" cannot be inverted.`, { span });
  return name;
}

/** The option's value. A fault without a place gets the option's own. Throws UsageError. */
function readOption(
  spec: Readonly<Record<string, Option<unknown>>>,
  name: string,
  { text, invert, span }: Given,
  context: Omit<ReadContext, "option">,
): Parsed<unknown> {
  const value = spec[name]?.value;
  if (!value) return { value: true, invert };
  try {
    const { family, extension, protocol, names, variant, warn } = context;
    return { value: value.parse(text, { family, extension, option: name, protocol, names, variant, warn }), invert };
  } catch (fault) {
    if (fault instanceof UsageError && !fault.span) throw new UsageError(fault.message, { status: fault.status, guess: fault.guess, span });
    throw fault;
  }
}

function saveOption(
  spec: Readonly<Record<string, Option<unknown>>>,
  name: string,
  { value, invert }: Parsed<unknown>,
  family: Family,
): string {
  const print = spec[name]?.value?.print(value, family);
  return `${invert ? "! " : ""}--${name}${print === undefined ? "" : ` ${print}`}`;
}
