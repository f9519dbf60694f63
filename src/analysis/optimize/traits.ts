import { all, CONNECTION_FIELDS, type Action, type Field, type Predicate, type Scalar } from "../../predicate/index.ts";
import type { Chain, Rule } from "../../ruleset/index.ts";
import { calleesFirst } from "./chain-order.ts";
import { boxesOf, type Box } from "./box.ts";
import { holdsWhole } from "./cut-packets.ts";
import { disjoint } from "./disjoint.ts";

/** Packets of a rule, and what becomes of them there. */
interface Region {
  readonly boxes: readonly Box[];
  /** Two regions with the same end do the same to a packet; undefined for what can be exchanged with nothing. */
  readonly end: string | undefined;
}

/** What must be known of a rule to exchange it with its neighbour. */
export interface Traits {
  readonly regions: readonly Region[];
  /** Fields that the rule may change for the rules after it. */
  readonly writes: ReadonlySet<Field | "member">;
  /** Something is remembered from packet to packet: a limit, a list, a random draw. */
  readonly stateful: boolean;
  /** The one end of all its packets, hotdrops included; undefined where there are several, or something is remembered. Rules of one such end may always change places. */
  readonly only: string | undefined;
  /** Ends the traversal of the chain for every packet that it matches, without a trace beside its counter. */
  readonly final: boolean;
  /** RETURN and goto: what they mean depends on the chain they stand in. */
  readonly leaves: boolean;
}

/** What must be known of a table to say what its rules do to each other. */
export interface Writes {
  /** What the rules of each chain, and of the chains that it leads to, may change in a packet. */
  readonly chains: ReadonlyMap<string, ReadonlySet<Field | "member">>;
  /** Only packets that are no fragments and whose headers are whole count. */
  readonly whole: boolean;
}

const NOTHING: ReadonlySet<Field | "member"> = new Set();

/** Fields that connection tracking gives. */
const TRACKED: readonly Field[] = ["ctstate", "ctzone", ...CONNECTION_FIELDS];

/** Fields that prefix translation touches, beside what routing says of them. */
const ADDRESSED: readonly Field[] = [
  "saddr",
  "daddr",
  "saddrtype",
  "daddrtype",
  "saddrtypeIn",
  "daddrtypeIn",
  "saddrtypeOut",
  "daddrtypeOut",
  "rpf",
  "localsocket",
  "socketmark",
];

/** What the rules of each chain, and of the chains it leads to, may change in a packet. Chains must not lead to each other in a circle. */
export function writesOf(chains: ReadonlyMap<string, Chain>, whole = false): Writes {
  const found = new Map<string, ReadonlySet<Field | "member">>();
  for (const name of calleesFirst(chains)) {
    const own = new Set<Field | "member">();
    for (const rule of chains.get(name)?.rules ?? []) {
      for (const field of ruleWrites(rule)) own.add(field);
      const action = rule.target?.action;
      if (action?.do === "jump" || action?.do === "goto") for (const field of found.get(action.chain) ?? NOTHING) own.add(field);
    }
    found.set(name, own);
  }
  return { chains: found, whole };
}

function ruleWrites(rule: Rule): Iterable<Field | "member"> {
  const written = rule.target ? actionWrites(rule.target.action) : [];
  // A condition with a history may set the packet's mark or the connection's labels (xt_socket.c, xt_connlabel.c).
  return rule.conditions.some(({ predicate }) => isStateful(predicate)) ? [...written, "mark", "ctlabels", "member"] : written;
}

function actionWrites(action: Action): readonly (Field | "member")[] {
  switch (action.do) {
    case "set": {
      const fields: Field[] = [];
      for (let step: typeof action | undefined = action; step; step = step.next) fields.push(step.field);
      return fields;
    }
    case "add":
      return [action.field];
    case "mss":
    case "strip":
      return ["mss", "tcpoptions", "length", "l4length"];
    case "prefix":
      return ADDRESSED;
    case "track":
      return TRACKED;
    case "sets":
      return ["member", "mark", "priority"];
    default:
      return [];
  }
}

/** A rule's traits, where it stands in a table. */
export function traitsOf(rule: Rule, writes: Writes): Traits {
  const { conditions, target } = rule;
  const stateful = conditions.some(({ predicate }) => isStateful(predicate));
  const action = target?.action;
  const end = endOf(rule);
  const led = action?.do === "jump" ? (writes.chains.get(action.chain) ?? NOTHING) : NOTHING;
  const own = new Set([...ruleWrites(rule), ...led]);
  const every: readonly Region[] = [{ boxes: boxesOf(asked(rule)), end: stateful ? undefined : end }, ...refused(rule)];
  const regions = writes.whole ? every.map(region => ({ ...region, boxes: region.boxes.filter(holdsWhole) })) : every;
  return {
    regions,
    only: own.size === 0 && regions.every(region => region.end === end || region.boxes.length === 0) && !stateful ? end : undefined,
    writes: own.size === 0 ? NOTHING : own,
    stateful,
    final: end !== undefined && end !== COUNTED,
    leaves: action?.do === "return" || action?.do === "goto",
  };
}

/** Packets for which the rule asks the first condition that remembers something; without such, those that match. */
export function asked({ conditions }: Rule): Predicate {
  const first = conditions.findIndex(({ predicate }) => isStateful(predicate));
  const parts = conditions
    .slice(0, first < 0 ? undefined : first + 1)
    .map(({ predicate }, at) => (at === first ? plainPart(predicate) : predicate));
  return all(...parts);
}

/** The tests of a condition before the first that remembers something. */
function plainPart(predicate: Predicate): Predicate {
  if (predicate.is !== "all") return { is: "constant", value: true };
  const first = predicate.of.findIndex(isStateful);
  return all(...predicate.of.slice(0, first < 0 ? undefined : first));
}

/** Packets that a match drops at once. */
function refused({ conditions }: Rule): Region[] {
  const regions: Region[] = [];
  for (const [at, { hotdrop }] of conditions.entries()) {
    if (hotdrop === undefined) continue;
    const boxes = boxesOf(all(...conditions.slice(0, at).map(({ predicate }) => predicate), hotdrop));
    if (boxes.length > 0) regions.push({ boxes, end: "drop" });
  }
  return regions;
}

/** The end of rules without a target: the packet is counted and goes on. Such rules may change places with each other. */
const COUNTED = "counted";

/** What a rule does to a packet that it matches, when that is the whole of it. */
function endOf({ target }: Rule): string | undefined {
  if (target === undefined) return COUNTED;
  switch (target.action.do) {
    case "accept":
    case "drop":
      return target.action.do;
    case "return":
    case "goto":
    case "reject":
    case "queue":
    case "nat":
      return target.save;
    default:
      return undefined;
  }
}

/** Does the condition remember something from packet to packet, or draw lots? */
export function isStateful(predicate: Predicate): boolean {
  switch (predicate.is) {
    case "opaque":
      return predicate.opaque.depends !== "packet";
    case "member":
      return predicate.test.packets !== undefined || predicate.test.bytes !== undefined;
    case "not":
      return isStateful(predicate.of);
    case "all":
    case "any":
      return predicate.of.some(isStateful);
    default:
      return false;
  }
}

/** May two neighbours change places without a packet, a log line or a remembered number coming out otherwise? Says no where it cannot tell. */
export function commute(a: Traits, b: Traits): boolean {
  if (a.only !== undefined && a.only === b.only) return true;
  const except = a.writes.size === 0 ? b.writes : b.writes.size === 0 ? a.writes : new Set([...a.writes, ...b.writes]);
  for (const one of a.regions) {
    for (const other of b.regions) {
      if (one.end !== undefined && one.end === other.end) continue;
      for (const box of one.boxes) for (const another of other.boxes) if (!disjoint(box, another, except)) return false;
    }
  }
  return true;
}

/** Is it sure that no packet matches both rules? */
export function exclusive(a: Traits, b: Traits): boolean {
  const [one, other] = [a.regions[0]?.boxes ?? [], b.regions[0]?.boxes ?? []];
  return one.every(box => other.every(another => disjoint(box, another, NOTHING)));
}

/** The least range of a field that holds all packets which the rule matches, asks or drops; undefined where it does not ask the field of all of them. */
export function hullOf({ regions }: Traits, field: Field): readonly [low: Scalar, high: Scalar] | undefined {
  let hull: readonly [Scalar, Scalar] | undefined;
  for (const { boxes } of regions) {
    for (const { spans } of boxes) {
      const span = spans.get(field);
      if (span === undefined || span.absent || span.ranges.length === 0) return undefined;
      for (const [low, high] of span.ranges) hull = hull ? [low < hull[0] ? low : hull[0], high > hull[1] ? high : hull[1]] : [low, high];
    }
  }
  return hull;
}
