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
  readonly variant?: Backend;
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
  return {
    options: spec,
    parse(given, context) {
      const found: Record<string, Parsed<unknown>> = {};
      for (const { name, parsed } of read(spec, given, context)) found[name] = parsed;
      for (const [name, option] of Object.entries<Option<unknown>>(spec)) {
        if (!found[name]) {
          if (option.required) throw new UsageError(`${context.extension}: option "--${name}" must be specified`);
          continue;
        }
        for (const other of option.excludes ?? [])
          if (found[other]) throw new UsageError(`${context.extension}: option "--${name}" cannot be used together with "--${other}".`);
        for (const other of option.requires ?? [])
          if (!found[other]) throw new UsageError(`${context.extension}: option "--${name}" also requires "--${other}".`);
      }
      return found as Options<S>;
    },
    save: (info, family) =>
      Object.keys(spec)
        .filter(name => info[name as keyof S])
        .map(name => saveOption(spec, name, info[name as keyof S] as Parsed<unknown>, family))
        .join(" "),
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
      for (const { name, parsed, span } of read(spec, given, context)) {
        if (chosen) {
          const sentence = sentences.many ?? `option "--${name}" cannot be used together with "--${chosen.name}".`;
          throw new UsageError(`${context.extension}: ${sentence}`, { span });
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

/** The option's own name for a name or alias; `undefined` for a stranger. */
export function optionName(spec: Readonly<Record<string, Option<unknown>>>, word: string): string | undefined {
  if (Object.hasOwn(spec, word)) return word;
  return Object.keys(spec).find(name => spec[name]?.aliases?.includes(word));
}

interface Reading {
  readonly name: string;
  readonly parsed: Parsed<unknown>;
  readonly span: Span | undefined;
}

function* read(
  spec: Readonly<Record<string, Option<unknown>>>,
  given: readonly Given[],
  context: Omit<ReadContext, "option">,
): Generator<Reading> {
  const seen = new Set<string>();
  for (const { option: word, text, invert, span } of given) {
    const name = optionName(spec, word);
    const option = name === undefined ? undefined : spec[name];
    if (name === undefined || !option) throw new UsageError(`unknown option "--${word}"`, { span });
    if (seen.has(name) && !option.repeat) throw new UsageError(`${context.extension}: option "--${name}" can only be used once.`, { span });
    seen.add(name);
    if (invert && !option.invert) throw new UsageError(`${context.extension}: option "--${name}" cannot be inverted.`, { span });
    try {
      const value = option.value ? option.value.parse(text, { ...context, option: name }) : true;
      yield { name, parsed: { value, invert }, span };
    } catch (fault) {
      if (fault instanceof UsageError && !fault.span)
        throw new UsageError(fault.message, { status: fault.status, guess: fault.guess, span });
      throw fault;
    }
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
