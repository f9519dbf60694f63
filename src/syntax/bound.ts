import type { Predicate } from "../predicate/index.ts";
import {
  bindMatch,
  bindTarget,
  jumpTo,
  UsageError,
  type Match,
  type MatchType,
  type RuleContext,
  type Span,
  type TableName,
  type Target,
  type TargetType,
} from "../xtables/index.ts";
import type { Settings } from "./options.ts";
import type { Loaded } from "./spoken.ts";

/** Binds the extensions of a text's rules to their data, and lets equal ones be the same object. */
export interface Binder {
  match(loaded: Loaded, place: RuleContext, warn: Warn): Match;
  target(loaded: Loaded, place: RuleContext, warn: Warn): Target;
  jump(chain: string, goto: boolean): Target;
}

type Warn = (message: string, span: Span) => void;

/** Bound extensions of one name that are kept for the next rule with the same words. */
const MOST_KEPT = 4096;
/** After so many rules with an extension it is known whether keeping pays. */
const TRIES = 1000;

/** What is kept of one extension. */
interface Kept<T> {
  readonly known: Map<string, T>;
  tries: number;
  hits: number;
}

/**
 * A binder for one text. Most rules repeat a few matches and targets, so those with the same words in the same surroundings are bound once.
 * Never shared: what has state of its own (`-m limit`), what gave a warning, and what failed.
 */
export function newBinder(settings: Pick<Settings, "family" | "names" | "variant">): Binder {
  const matches = new Map<string, Kept<Match>>();
  const targets = new Map<string, Kept<Target>>();
  const jumps = new Map<string, Target>();
  const read = (loaded: Loaded, place: RuleContext, warn: Warn): Parameters<typeof bindMatch>[3] => ({
    family: settings.family,
    protocol: place.protocolName,
    names: settings.names,
    variant: settings.variant,
    warn: message => warn(message, loaded.given.at(-1)?.span ?? loaded.span),
  });
  function kept<T>(
    all: Map<string, Kept<T>>,
    loaded: Loaded,
    place: RuleContext,
    warn: Warn,
    bind: (warn: Warn) => T,
    mayKeep: (bound: T) => boolean,
  ): T {
    let own = all.get(loaded.name);
    if (!own) all.set(loaded.name, (own = { known: new Map(), tries: 0, hits: 0 }));
    // Ports and comments that never come again are not worth the search.
    const pays = own.tries < TRIES || own.hits * 4 > own.tries;
    const key = pays ? keyOf(loaded, place) : "";
    const before = pays ? own.known.get(key) : undefined;
    own.tries++;
    if (before) {
      own.hits++;
      return before;
    }
    let warned = false;
    const bound = spanned(loaded, () =>
      bind((message, span) => {
        warned = true;
        warn(message, span);
      }),
    );
    if (pays && !warned && own.known.size < MOST_KEPT && mayKeep(bound)) own.known.set(key, bound);
    return bound;
  }
  return {
    match: (loaded, place, warn) =>
      kept(
        matches,
        loaded,
        place,
        warn,
        tell => bindMatch(loaded.type as MatchType<unknown>, loaded.given, place, read(loaded, place, tell)),
        ({ lowered }) => isStateless(lowered.predicate),
      ),
    target: (loaded, place, warn) =>
      kept(
        targets,
        loaded,
        place,
        warn,
        tell => bindTarget(loaded.type as TargetType<unknown>, loaded.given, place, read(loaded, place, tell)),
        () => true,
      ),
    jump(chain, goto) {
      const key = `${goto ? "g" : "j"}${chain}`;
      let jump = jumps.get(key);
      if (!jump) jumps.set(key, (jump = jumpTo(chain, goto)));
      return jump;
    },
  };
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

function isStateless(predicate: Predicate): boolean {
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

/** Gives a fault the place of the extension's name when it has none of its own. */
function spanned<T>(loaded: Loaded, bind: () => T): T {
  try {
    return bind();
  } catch (fault) {
    if (!(fault instanceof UsageError) || fault.span) throw fault;
    throw new UsageError(fault.message, { status: fault.status, guess: fault.guess, span: loaded.span });
  }
}
