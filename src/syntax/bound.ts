import type { Family, Predicate } from "../predicate/index.ts";
import {
  bindMatch,
  bindTarget,
  jumpTo,
  UsageError,
  type Backend,
  type Match,
  type MatchType,
  type NameTables,
  type RuleContext,
  type Span,
  type TableName,
  type Target,
  type TargetType,
} from "../xtables/index.ts";
import { Memo } from "./memo.ts";
import type { Loaded } from "./spoken.ts";

/** Binds the extensions of a text's rules to their data, and lets equal ones be the same object. */
export interface Binder {
  match(loaded: Loaded, place: RuleContext, warn: Warn): Match;
  target(loaded: Loaded, place: RuleContext, warn: Warn): Target;
  jump(chain: string, goto: boolean): Target;
}

/** What binding depends on beside the rule. */
interface Surroundings {
  readonly family: Family;
  readonly names: NameTables;
  readonly variant: Backend;
}

type Warn = (message: string, span: Span) => void;

/**
 * A binder for one text. Most rules repeat a few matches and targets, so those with the same words in the same surroundings are bound once.
 * Never shared: what has state of its own (`-m limit`), what gave a warning, and what failed.
 */
export function newBinder(settings: Surroundings): Binder {
  const matches = new Map<string, Memo<Match>>();
  const targets = new Map<string, Memo<Target>>();
  const jumps = new Map<string, Target>();
  return {
    match(loaded, place, warn) {
      const known = memoOf(matches, loaded.name);
      const key = known.pays ? keyOf(loaded, place) : undefined;
      const before = key === undefined ? undefined : known.get(key);
      if (before) return before;
      const { read, hasWarned } = reading(settings, loaded, place, warn);
      try {
        const match = bindMatch(loaded.type as MatchType<unknown>, loaded.given, place, read);
        if (key !== undefined && !hasWarned() && isStateless(match.lowered.predicate)) known.set(key, match);
        return match;
      } catch (fault) {
        throw placed(fault, loaded);
      }
    },
    target(loaded, place, warn) {
      const known = memoOf(targets, loaded.name);
      const key = known.pays ? keyOf(loaded, place) : undefined;
      const before = key === undefined ? undefined : known.get(key);
      if (before) return before;
      const { read, hasWarned } = reading(settings, loaded, place, warn);
      try {
        const target = bindTarget(loaded.type as TargetType<unknown>, loaded.given, place, read);
        if (key !== undefined && !hasWarned()) known.set(key, target);
        return target;
      } catch (fault) {
        throw placed(fault, loaded);
      }
    },
    jump(chain, goto) {
      const key = `${goto ? "g" : "j"}${chain}`;
      let jump = jumps.get(key);
      if (!jump) jumps.set(key, (jump = jumpTo(chain, goto)));
      return jump;
    },
  };
}

function memoOf<T>(all: Map<string, Memo<T>>, name: string): Memo<T> {
  let memo = all.get(name);
  if (!memo) all.set(name, (memo = new Memo()));
  return memo;
}

/** What reading an extension's values may depend on, and whether they gave a warning. */
function reading(
  { family, names, variant }: Surroundings,
  loaded: Loaded,
  { protocolName: protocol }: RuleContext,
  warn: Warn,
): { readonly read: Parameters<typeof bindMatch>[3]; readonly hasWarned: () => boolean } {
  let warned = false;
  const tell = (message: string): void => {
    warned = true;
    warn(message, loaded.given.at(-1)?.span ?? loaded.span);
  };
  return { read: { family, protocol, names, variant, warn: tell }, hasWarned: () => warned };
}

/** Everything that binding may look at. */
function keyOf(
  { name, given }: Loaded,
  { table, protocolName, protocolInverted, inInterface, outInterface, matches }: RuleContext,
): string {
  let key = `${placeKey(table, protocolName, protocolInverted)} ${inInterface}\0${outInterface}\0${matches.length === 1 ? matches[0] : matches.join()}\0${name}`;
  for (const { option, text, invert } of given) key += `\0${invert ? "!" : ""}${option}\0${text}`;
  return key;
}

const placeKey = (table: TableName, protocol: string, inverted: boolean): string => `${table} ${inverted ? "!" : ""}${protocol}`;

/** Does it ask nothing that has a state of its own? */
export function isStateless(predicate: Predicate): boolean {
  switch (predicate.is) {
    case "opaque":
      return false;
    case "not":
      return isStateless(predicate.of);
    case "all":
    case "any":
      return predicate.of.every(isStateless);
    case "in":
    case "bits":
    case "name":
    case "present":
    case "constant":
    case "member":
      return true;
  }
}

/** A fault with the place of the extension's name when it has none of its own. */
function placed(fault: unknown, loaded: Loaded): unknown {
  if (!(fault instanceof UsageError) || fault.span) return fault;
  return new UsageError(fault.message, { status: fault.status, guess: fault.guess, span: loaded.span });
}
