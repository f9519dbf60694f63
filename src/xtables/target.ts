import type { Action, Family } from "../predicate/index.ts";
import type { Hook, PlaceContext, RuleContext, TableName } from "./context.ts";
import { NO_NEEDS, placeFault, type Listing, type Need } from "./match.ts";
import type { Given, Grammar, ReadContext } from "./option.ts";

/** A target extension: everything the code base knows about one `-j NAME`. */
export interface TargetType<Info> {
  readonly name: string;
  /** One sentence for help. */
  readonly help: string;
  /** Other names it is loaded by; `parse` is told which by `alias`. */
  readonly families?: readonly Family[];
  /** Protocols (by number) the kernel demands in the rule's -p. */
  readonly protocols?: readonly number[];
  readonly tables?: readonly TableName[];
  readonly hooks?: readonly Hook[];
  readonly needs?: (info: Info) => readonly Need[];
  readonly options: Grammar<Info>;
  /** Last look at all options together, as iptables' own final check does. Throws UsageError. May complete the info. */
  finish?(info: Info, rule: RuleContext): Info;
  /** The kernel's `checkentry`: why this target cannot stand in this rule, if it cannot. */
  check?(info: Info, rule: PlaceContext): string | undefined;
  lower(info: Info, rule: RuleContext): Action;
  /** Overrides `options.save` where iptables' order or form is its own. */
  save?(info: Info, family: Family): string;
  /** Overrides `-j NAME` in saved text: NOTRACK is saved as `-j CT --notrack`. */
  savedAs?: string;
  /** The text that `iptables -L` shows after the rule, without surrounding blanks; may be empty. */
  list(info: Info, listing: Listing, family: Family): string;
}

/** A target in a rule, its data bound to it. Jumps and gotos to user chains are targets too, made by `jumpTo`. */
export interface Target {
  /** ACCEPT, LOG …, or the user chain's name. */
  readonly name: string;
  readonly type: TargetType<unknown> | undefined;
  readonly info: unknown;
  readonly action: Action;
  /** `-j DNAT --to-destination 10.0.0.1` */
  readonly save: string;
  readonly needs: readonly Need[];
  list(listing: Listing): string;
  check(rule: PlaceContext): string | undefined;
}

/** Reads the options of one target. Throws UsageError. */
export function bindTarget<Info>(
  type: TargetType<Info>,
  given: readonly Given[],
  rule: RuleContext,
  read: Omit<ReadContext, "option" | "extension">,
): Target {
  const parsed = type.options.parse(given, { ...read, extension: type.name });
  const info = type.finish ? type.finish(parsed, rule) : parsed;
  // The functions below keep what they see, which must not be the whole rule.
  const { family } = rule;
  const options = (type.save ?? type.options.save)(info, family);
  const name = type.savedAs ?? type.name;
  return {
    name,
    type: type as TargetType<unknown>,
    info,
    action: type.lower(info, rule),
    save: options === "" ? `-j ${name}` : `-j ${name} ${options}`,
    needs: type.needs?.(info) ?? NO_NEEDS,
    list: listing => type.list(info, listing, family),
    check: place => placeFault("target", type, place) ?? type.check?.(info, place),
  };
}

const listsGoto = (): string => "[goto] ";
const listsNothing = (): string => "";
const standsAnywhere = (): undefined => undefined;

/** `-j CHAIN` or `-g CHAIN`. */
export function jumpTo(chain: string, goto: boolean): Target {
  return {
    name: chain,
    type: undefined,
    info: undefined,
    action: { do: goto ? "goto" : "jump", chain },
    save: `${goto ? "-g" : "-j"} ${chain}`,
    needs: NO_NEEDS,
    list: goto ? listsGoto : listsNothing,
    check: standsAnywhere,
  };
}
