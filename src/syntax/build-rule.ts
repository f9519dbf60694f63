import {
  lowerHeader,
  ruleContext,
  ZERO,
  type AddressTest,
  type Condition,
  type Position,
  type Rule,
  type RuleHeader,
} from "../ruleset/index.ts";
import { UsageError, type Match, type RuleContext, type Span, type TableName, type Target } from "../xtables/index.ts";
import { parseAddresses, type ParsedAddress } from "./address-list.ts";
import { closest } from "./guess.ts";
import { parseInterface } from "./interface-name.ts";
import { keptMatch, keptTarget } from "./kept.ts";
import { mergedForNft } from "./nft-variant.ts";
import type { Settings } from "./options.ts";
import { extensionHeaderWarning } from "./protocol.ts";
import { registryOf } from "./registry.ts";
import type { Loaded, Scan } from "./spoken.ts";

export { parseCounter } from "./counters.ts";

/** Where a rule is going, and who hears what is worth telling of it. */
export interface BuildContext {
  readonly settings: Settings;
  readonly table: TableName;
  /** The command's chain. */
  readonly chain: string;
  readonly at: Position;
  /** The chains that exist, for -j and -g. */
  readonly chains: { has(name: string): boolean; keys(): Iterable<string> };
  readonly warn: (message: string, span: Span) => void;
}

/** Rules that one line may become. */
const MOST_RULES = 65536;

/** A line's extensions, bound to their data: what iptables does to every line, whatever its command is. */
export interface BoundRule {
  readonly header: RuleHeader;
  readonly place: RuleContext;
  /** The matches as they were said; in nf_tables those that become one are one. */
  readonly loaded: readonly Loaded[];
  readonly matches: readonly Match[];
  /** The target extension; undefined for none, for a chain, and for a name that nobody has. */
  readonly target: Target | undefined;
}

/** Refuses -j DROP and -P DROP in nat. iptables: xshared.c, do_parse. Throws UsageError. */
export function checkFiltering({ jump, command }: Scan, table: TableName): void {
  const drop = jump?.text === "DROP" ? jump : command?.letter === "P" && command.argument === "DROP" ? command : undefined;
  if (table === "nat" && drop)
    throw new UsageError('The "nat" table is not intended for filtering, the use of DROP is therefore inhibited.', { span: drop.span });
}

/** Binds matches, then the target, as the last look at each one's options. iptables: xshared.c, do_parse. Throws UsageError. */
export function bindRule(scan: Scan, context: BuildContext): BoundRule {
  const { settings, table } = context;
  const header = headerOf(scan, context);
  const names = scan.matches.map(({ name }) => name);
  const place = ruleContext(table, settings.family, header, names, scan.protocol?.text, settings.variant);
  const said = scan.matches.map(loaded => boundMatch(loaded, place, context));
  const loaded = settings.variant === "nft" ? mergedForNft(scan.matches, said) : scan.matches;
  const matches = loaded === scan.matches ? said : loaded.map(each => boundMatch(each, place, context));
  const target = scan.target && !scan.jump?.goto ? boundTarget(scan.target, place, context) : undefined;
  return { header, place, loaded, matches, target };
}

/** The addresses of -s and -d, each a list; one `undefined` where nothing was said. */
export interface RuleAddresses {
  readonly sources: readonly (ParsedAddress | undefined)[];
  readonly destinations: readonly (ParsedAddress | undefined)[];
}

/** Reads the addresses of a line. iptables: xshared.c, ipv4_post_parse. Throws UsageError. */
export function addressesOf(scan: Scan, context: BuildContext): RuleAddresses {
  const sources = addresses(scan.source, context);
  const destinations = addresses(scan.destination, context);
  const inverted = scan.source?.invert ? scan.source : scan.destination?.invert ? scan.destination : undefined;
  if (inverted && (sources.length > 1 || destinations.length > 1))
    throw new UsageError("! not allowed with multiple source or destination IP addresses", { span: inverted.span });
  if (sources.length * destinations.length > MOST_RULES)
    throw new UsageError(`the address lists make more than ${MOST_RULES} rules`, { span: scan.source?.span });
  return { sources, destinations };
}

/** The rules that a line stands for: one for each pair of its addresses, sources outside. Throws UsageError for a target that nobody has. */
export function buildRules(scan: Scan, bound: BoundRule, { sources, destinations }: RuleAddresses, context: BuildContext): Rule[] {
  const { settings } = context;
  const target = targetOf(scan, bound, context);
  const counters = scan.counters?.counters ?? ZERO;
  const rules: Rule[] = [];
  for (const source of sources) {
    for (const destination of destinations) {
      const header = withAddresses(bound.header, source?.test, destination?.test);
      // Each rule has its own state, so its matches are bound anew.
      const own =
        rules.length === 0
          ? bound.matches
          : bound.loaded.map(loaded => boundMatch(loaded, bound.place, { ...context, warn: () => undefined }));
      rules.push({
        header,
        matches: own,
        target,
        counters,
        at: context.at,
        conditions: conditionsOf(header, own, settings, source?.text, destination?.text),
      });
    }
  }
  return rules;
}

/** The built-in tests with addresses in front. */
export function withAddresses(
  { inInterface, outInterface, protocol, fragment }: RuleHeader,
  source: AddressTest | undefined,
  destination: AddressTest | undefined,
): RuleHeader {
  const header: Writable<RuleHeader> = {};
  if (source) header.source = source;
  if (destination) header.destination = destination;
  if (inInterface) header.inInterface = inInterface;
  if (outInterface) header.outInterface = outInterface;
  if (protocol) header.protocol = protocol;
  if (fragment) header.fragment = fragment;
  return header;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** The built-in tests but for the addresses, which are a list. */
function headerOf({ protocol, inInterface, outInterface, fragment }: Scan, context: BuildContext): RuleHeader {
  const header: Writable<RuleHeader> = {};
  if (inInterface) header.inInterface = parseInterface(inInterface, message => context.warn(message, inInterface.span));
  if (outInterface) header.outInterface = parseInterface(outInterface, message => context.warn(message, outInterface.span));
  if (protocol) {
    const { number } = protocol;
    const warning = context.settings.family === 6 ? extensionHeaderWarning(number, protocol) : undefined;
    if (warning !== undefined) context.warn(warning, protocol.span);
    // In IPv6 the kernel follows the header chain even for `-p all`, and drops what it cannot follow; save text does not tell it.
    if (number !== 0 || context.settings.family === 6) header.protocol = { number, invert: protocol.invert };
  }
  if (fragment) header.fragment = { invert: fragment.invert };
  return header;
}

/** Header and matches lowered in the order the kernel asks, with their words. */
function conditionsOf(
  header: RuleHeader,
  matches: readonly Match[],
  { family }: Settings,
  source: string | undefined,
  destination: string | undefined,
): Condition[] {
  const conditions = lowerHeader(header, family, source, destination);
  for (const { save, lowered } of matches)
    conditions.push(
      lowered.hotdrop
        ? { text: save, predicate: lowered.predicate, hotdrop: lowered.hotdrop }
        : { text: save, predicate: lowered.predicate },
    );
  // A copy has no room to spare, which counts with a hundred thousand rules.
  return conditions.slice();
}

const NOWHERE_SAID: readonly undefined[] = [undefined];

function addresses(spoken: Scan["source"], context: BuildContext): readonly (ParsedAddress | undefined)[] {
  if (!spoken) return NOWHERE_SAID;
  return parseAddresses(spoken, context.settings, message => context.warn(message, spoken.span));
}

const boundMatch = (loaded: Loaded, place: RuleContext, { settings, warn }: BuildContext): Match =>
  loaded.type ? settings.binder.match(loaded, place, warn) : keptMatch(loaded);

const boundTarget = (loaded: Loaded, place: RuleContext, { settings, warn }: BuildContext): Target | undefined =>
  loaded.type ? settings.binder.target(loaded, place, warn) : undefined;

function targetOf(scan: Scan, bound: BoundRule, context: BuildContext): Target | undefined {
  const { jump, target } = scan;
  if (!jump) return undefined;
  const { text: name, span } = jump;
  const { settings, chains } = context;
  if (bound.target) return bound.target;
  if (chains.has(name)) return settings.binder.jump(name, jump.goto);
  if (target) return keptTarget(target);
  const guess = closest(name, jump.goto ? chains.keys() : [...chains.keys(), ...registryOf(settings.family).targets.keys()]);
  if (settings.variant === "nft") throw new UsageError(`Chain '${name}' does not exist`, { span, guess });
  if (jump.goto) throw new UsageError(`goto '${name}' is not a chain`, { span, guess });
  throw new UsageError(`Couldn't load target \`${name}':No such file or directory`, { span, guess });
}

/** Can rules of the chain ask for the input interface, or the output interface? iptables goes by the name of a built-in chain alone. */
export const takesInput = (chain: string): boolean => chain !== "POSTROUTING" && chain !== "OUTPUT";
export const takesOutput = (chain: string): boolean => chain !== "PREROUTING" && chain !== "INPUT";

/** iptables refuses interfaces that a built-in chain cannot have. Throws UsageError. */
export function checkInterfaces({ inInterface, outInterface }: Scan, chain: string): void {
  if (outInterface && !takesOutput(chain)) throw new UsageError(`Can't use -o with ${chain}`, { span: outInterface.span });
  if (inInterface && !takesInput(chain)) throw new UsageError(`Can't use -i with ${chain}`, { span: inInterface.span });
}
