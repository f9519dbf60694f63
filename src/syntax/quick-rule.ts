import type { Condition, Counters, DraftTable, Position, Rule } from "../ruleset/index.ts";
import { UsageError, type TableName } from "../xtables/index.ts";
import { isStateless } from "./bound.ts";
import {
  addressesOf,
  bindRule,
  buildRules,
  checkFiltering,
  takesInput,
  takesOutput,
  withAddresses,
  type BuildContext,
} from "./build-rule.ts";
import { Memo } from "./memo.ts";
import type { Settings } from "./options.ts";
import { readHead, type HeadAddress, type RuleHead } from "./rule-head.ts";
import { scanWords } from "./scan.ts";
import { emptyScan, type Scan, type ScanContext, type SpokenCommand } from "./spoken.ts";
import { wordsOf } from "./words.ts";

/** A rule as its line says it behind the head, without what belongs to the line alone. */
type Tail = Pick<Rule, "header" | "matches" | "target" | "conditions">;

/** What all lines of a table have in common. */
interface Place {
  readonly scanning: ScanContext;
  readonly building: BuildContext;
}

/** Words that the rest of a line may have, so that with its head it stays within what iptables takes. */
const MOST_WORDS = 200;

/**
 * Reads rule lines as iptables-save writes them, in far less time than just any line takes: the head in one pass over it, and what is behind
 * the head once for all lines that agree in it. It knows no fault and tells nothing: whatever is not plain it gives up, and who asked reads the
 * whole line the long way. A law says that both ways give the same rule (quick-rule.test.ts).
 */
export class QuickRules {
  private readonly settings: Settings;
  private place: Place | undefined;
  private readonly addresses = new Memo<HeadAddress>();
  private readonly known = new Map<TableName, Memo<Tail>>();

  constructor(settings: Settings) {
    this.settings = settings;
  }

  /** The chain and the rule of a line from an offset on; undefined for what is to be read the long way. */
  read(
    line: string,
    from: number,
    { name, chains }: { readonly name: TableName; readonly chains: DraftTable },
    { counters, at }: { readonly counters: Counters; readonly at: Position },
  ): { readonly chain: string; readonly rule: Rule } | undefined {
    // What nf_tables makes of a rule is not in its words alone.
    if (this.settings.variant === "nft") return undefined;
    const head = readHead(line, from, this.settings.family, this.addresses);
    if (!head || !chains.has(head.chain)) return undefined;
    const known = this.memo(name);
    const text = known.pays ? line.slice(head.end) : "";
    const before = known.pays ? known.get(text) : undefined;
    const tail = before ?? this.readTail(line, head, name, chains);
    if (!tail || !stands(tail, head.chain, chains)) return undefined;
    if (!before && known.pays && mayKeep(tail)) known.set(text, tail);
    return { chain: head.chain, rule: joined(head, tail, counters, at) };
  }

  private memo(table: TableName): Memo<Tail> {
    let memo = this.known.get(table);
    if (!memo) this.known.set(table, (memo = new Memo()));
    return memo;
  }

  private readTail(line: string, head: RuleHead, table: TableName, chains: DraftTable): Tail | undefined {
    try {
      return this.tailOf(line, head, table, chains);
    } catch (fault) {
      if (fault instanceof UsageError) return undefined;
      throw fault;
    }
  }

  private tailOf(line: string, { chain, source, destination, end }: RuleHead, table: TableName, chains: DraftTable): Tail | undefined {
    const words = wordsOf(line, end);
    if (words.length > MOST_WORDS) return undefined;
    const { scanning, building } = this.placeOf(table, chains);
    const command: SpokenCommand = { letter: "A", chain, span: NOWHERE };
    const scan = emptyScan();
    scan.command = command;
    scanWords(words, scanning, scan);
    if (!isPlain(scan, command) || ((source ?? destination) && (scan.source ?? scan.destination))) return undefined;
    checkFiltering(scan, table);
    const bound = bindRule(scan, building);
    const [rule, ...more] = buildRules(scan, bound, addressesOf(scan, building), building);
    return more.length === 0 ? rule : undefined;
  }

  private placeOf(table: TableName, chains: DraftTable): Place {
    if (this.place?.building.chains === chains && this.place.building.table === table) return this.place;
    const { settings } = this;
    return (this.place = {
      scanning: { ...settings, line: 0, restore: true, isChain: name => chains.has(name) },
      building: { settings, table, chain: "", at: AT, chains, warn: giveUp },
    });
  }
}

const NOWHERE = { line: 0, column: 1, endColumn: 1 };
const AT: Position = { file: "", line: 0, column: 1 };

/** What is worth telling is told the long way. */
function giveUp(message: string): never {
  throw new UsageError(message);
}

/** Nothing but a rule, and nothing that is told of later. */
const isPlain = (scan: Scan, command: SpokenCommand): boolean =>
  scan.command === command &&
  scan.counters === undefined &&
  scan.table === undefined &&
  scan.late === undefined &&
  scan.stop === undefined &&
  scan.flags.size === 0 &&
  !scan.otherFamily;

/** What depends on the line's chain, and on the chains that are there by now. */
function stands({ header: { inInterface, outInterface }, target }: Tail, chain: string, chains: DraftTable): boolean {
  if ((inInterface && !takesInput(chain)) || (outInterface && !takesOutput(chain))) return false;
  const action = target?.action;
  return (action?.do !== "jump" && action?.do !== "goto") || chains.has(action.chain);
}

/** May other rules share it? Not what has a state of its own, or addresses, or a target that a chain may still take the place of. */
const mayKeep = ({ header, matches, target }: Tail): boolean =>
  !header.source &&
  !header.destination &&
  target?.action.do !== "unknown" &&
  matches.every(({ lowered }) => isStateless(lowered.predicate));

function joined({ source, destination }: RuleHead, { header, matches, target, conditions }: Tail, counters: Counters, at: Position): Rule {
  if (!source && !destination) return { header, matches, target, counters, at, conditions };
  const own: Condition[] = source && destination ? [source.condition, destination.condition] : [];
  if (own.length === 0) for (const address of [source, destination]) if (address) own.push(address.condition);
  return {
    header: withAddresses(header, source?.test, destination?.test),
    matches,
    target,
    counters,
    at,
    conditions: own.concat(conditions),
  };
}
