import { alternativesOf, asksForConnection, fieldOf, isOfConnection, OWNERS, type Clause } from "../../analysis/explain/index.ts";
import type { Family, Field, Predicate, Range, SetTest } from "../../predicate/index.ts";
import { predicateText, wantedText } from "../wanted.ts";
import { fieldPhrase, presencePhrase } from "./field-phrase.ts";
import { flagsText } from "./flags.ts";
import { icmpText } from "./icmp.ts";
import { nameOfProtocol } from "./noun.ts";
import { circumstance } from "./opaque-phrase.ts";
import type { Parts } from "./parts.ts";
import type { Phrase } from "./phrase.ts";
import { portsText } from "./ports.ts";
import { restOf } from "./rest.ts";
import { stateText } from "./state.ts";
import { both, either } from "./words.ts";

type Test = Extract<Predicate, { is: "in" | "bits" | "name" }>;

const TRANSPORT: ReadonlySet<Field> = new Set(["sport", "dport", "tcpflags", "tcpoptions", "mss", "icmptype", "icmpcode"]);

/** Clauses sorted by what they are about. */
export function sorted(clauses: readonly Clause[], family: Family): Parts {
  const parts: Parts = {
    protocols: [],
    icmp: [],
    icmpExcept: [],
    source: [],
    destination: [],
    sourcePorts: [],
    destinationPorts: [],
    loose: [],
    phrases: [],
    circumstances: [],
    never: false,
    notFragments: false,
  };
  const needsHeader = clauses.some(clause => testsHeader(clause));
  for (const clause of clauses) {
    // Later fragments have no transport header, so that a test of it says this already.
    if (isFirstFragment(clause)) parts.notFragments ||= !needsHeader;
    else if (!goesWithout(clause, clauses)) sort(clause, family, parts, isThere(clause, clauses));
  }
  return parts;
}

/** Is the field of a negated test there for sure? */
const isThere = (clause: Clause, clauses: readonly Clause[]): boolean =>
  clauses.some(({ of, negated }) => of.is === "present" && !negated && of.field === fieldOf(clause));

/** What the words of other clauses say along: that a field is there, or a connection, or a socket. */
function goesWithout(clause: Clause, clauses: readonly Clause[]): boolean {
  const { of, negated } = clause;
  const others = clauses.filter(other => other !== clause && other.of.is !== "present");
  if (of.is === "present") return !negated && others.some(other => fieldOf(other) === of.field);
  if (asksForConnection(clause)) return others.some(isOfConnection);
  return of.is === "in" && of.field === "socket" && !negated && others.some(other => OWNERS.some(field => fieldOf(other) === field));
}

const testsHeader = ({ of }: Clause): boolean =>
  ("field" in of && TRANSPORT.has(of.field)) ||
  ((of.is === "any" || of.is === "all") && of.of.some(part => testsHeader({ of: part, negated: false })));

function isFirstFragment({ of, negated }: Clause): boolean {
  return !negated && of.is === "in" && of.field === "fragoff" && of.ranges.length === 1 && of.ranges[0]?.[1] === 0;
}

function sort(clause: Clause, family: Family, parts: Parts, there = false): void {
  const { of, negated } = clause;
  switch (of.is) {
    case "constant":
      parts.never ||= of.value === negated;
      return;
    case "opaque":
      parts.circumstances.push(circumstance(of.opaque, negated));
      return;
    case "member":
      sortMember(clause, of.test, parts);
      return;
    case "present":
      parts.phrases.push(presencePhrase(of.field, negated));
      return;
    case "in":
    case "bits":
    case "name":
      sortTest(clause, of, family, parts, there);
      return;
    case "all":
    case "any":
      sortAlternatives(clause, family, parts);
      return;
    case "not":
      sort({ of: of.of, negated: !negated }, family, parts);
  }
}

function sortTest(clause: Clause, test: Test, family: Family, parts: Parts, there: boolean): void {
  const { negated } = clause;
  switch (test.field) {
    case "protocol":
      parts.protocols.push(clause);
      return;
    case "icmptype":
    case "icmpcode":
      parts.icmp.push(clause);
      return;
    case "saddr":
      parts.source.push(clause);
      return;
    case "daddr":
      parts.destination.push(clause);
      return;
    case "sport":
      parts.sourcePorts.push(clause);
      return;
    case "dport":
      parts.destinationPorts.push(clause);
      return;
    case "tcpflags":
      if (test.is === "bits") {
        parts.phrases.push({ slot: "that", text: flagsText(Number(test.mask), Number(test.value), negated) });
        return;
      }
      break;
    case "ctstate":
      if (test.is === "in") {
        const text = stateText(test.ranges, negated);
        if (text !== undefined) parts.phrases.push({ slot: "that", text });
        return;
      }
      break;
    default:
  }
  parts.phrases.push(fieldPhrase(test, negated, family, there));
}

const ENDS = { src: "source", dst: "destination" } as const;

function sortMember(clause: Clause, test: SetTest, parts: Parts): void {
  const { set, dimensions, packets, bytes } = test;
  const [only] = dimensions;
  if (dimensions.length === 1 && only !== undefined && !packets && !bytes) {
    (only === "src" ? parts.source : parts.destination).push(clause);
    return;
  }
  const counted = [packets && `${counterText(packets)} packets`, bytes && `${counterText(bytes)} bytes`].filter(text => text !== undefined);
  const which = counted.length > 0 ? ` with ${both(counted)} counted there` : "";
  const are = dimensions.length > 1 ? "are" : "is";
  parts.phrases.push({
    slot: "whose",
    text: `whose ${both(dimensions.map(end => ENDS[end]))} ${are}${clause.negated ? " not" : ""} in the set ${set}${which}`,
  });
}

const COUNTER_WORDS = { equal: "exactly", unequal: "other than", less: "fewer than", greater: "more than" } as const;
const counterText = ({ op, value }: NonNullable<SetTest["packets"]>): string => `${COUNTER_WORDS[op]} ${value}`;

function sortAlternatives(clause: Clause, family: Family, parts: Parts): void {
  const alternatives = alternativesOf(clause) ?? [];
  const [first, second] = alternatives;
  const ports = eitherPort(alternatives);
  const bridge = bridgePhrase(alternatives, family);
  if (bridge) parts.phrases.push(bridge);
  else if (ports) parts.loose.push(`to or from ${portsText(ports, nameOfProtocol(parts))}`);
  else if (clause.negated && isIcmp(clause)) parts.icmpExcept.push(icmpText(clausesIn(clause), family));
  else if (alternatives.length === 1 && first) for (const each of first) sort(each, family, parts);
  else if (alternatives.length === 2 && first && second?.some(isLaterFragment) && first.some(isFirstFragment)) {
    // The kernel reads whatever stands there in a later fragment.
    for (const each of first) if (!isFirstFragment(each)) sort(each, family, parts);
    parts.loose.push("(or a later fragment whose bytes look like it)");
  } else {
    const phrases = alternatives.map(each => phraseOf(each, family));
    const [one] = phrases;
    if (one && phrases.every(phrase => phrase?.slot === one.slot && phrase.slot !== "whose")) {
      parts.phrases.push({ slot: one.slot, text: either([...new Set(phrases.map(phrase => phrase?.text ?? ""))]) });
      return;
    }
    const texts = alternatives.map(each => alternativeText(each, family));
    if (texts.every(text => text !== undefined)) parts.loose.push(either([...new Set(texts)]));
    else
      parts.circumstances.push({
        slot: "if",
        text: `if ${predicateText(clause.negated ? { is: "not", of: clause.of } : clause.of, family)}`,
      });
  }
}

const isIcmp = ({ of }: Clause): boolean =>
  of.is === "all" && of.of.every(part => part.is === "in" && (part.field === "icmptype" || part.field === "icmpcode"));
const clausesIn = ({ of }: Clause): readonly Clause[] => (of.is === "all" ? of.of.map(part => ({ of: part, negated: false })) : []);
const isLaterFragment = ({ of, negated }: Clause): boolean => isFirstFragment({ of, negated: !negated });

/** An alternative that one phrase can say. */
function phraseOf(clauses: readonly Clause[], family: Family): Phrase | undefined {
  const parts = sorted(clauses, family);
  const [first] = parts.phrases;
  if (hasMore(parts) || parts.loose.length + addresses(parts) > 0 || !first || !parts.phrases.every(({ slot }) => slot === first.slot))
    return undefined;
  return { slot: first.slot, text: both(parts.phrases.map(({ text }) => text)) };
}

/** An alternative as what may follow a noun; undefined where it says something about the noun, or is no test of fields. */
function alternativeText(clauses: readonly Clause[], family: Family): string | undefined {
  const parts = sorted(clauses, family);
  const rest = restOf(parts, family);
  return hasMore(parts) || rest.length === 0 ? undefined : rest.join(" ");
}

const addresses = ({ source, destination, sourcePorts, destinationPorts }: Parts): number =>
  source.length + destination.length + sourcePorts.length + destinationPorts.length;
const hasMore = ({ protocols, icmp, icmpExcept, circumstances, never, notFragments }: Parts): boolean =>
  protocols.length + icmp.length + icmpExcept.length + circumstances.length > 0 || never || notFragments;

/** "Some bridge port or other", and "no bridge port but that one", which tests of bridges come with. */
function bridgePhrase(alternatives: readonly (readonly Clause[])[], family: Family): Phrase | undefined {
  const [first, second, ...more] = alternatives.flatMap(clauses => (clauses.length === 1 ? clauses : []));
  if (alternatives.length !== 2 || first?.of.is !== "present" || second === undefined || more.length > 0) return undefined;
  const { field } = first.of;
  if (field !== "physin" && field !== "physout") return undefined;
  if (second.of.is === "present" && !first.negated && !second.negated) return { slot: "that", text: "crosses a bridge" };
  if (!first.negated || second.negated || second.of.is !== "name" || second.of.field !== field) return undefined;
  return { slot: "that", text: `${field === "physin" ? "comes in" : "leaves"} by no bridge port but ${wantedText(second.of, family)}` };
}

/** The ports of "source port or destination port". */
function eitherPort(alternatives: readonly (readonly Clause[])[]): readonly Range[] | undefined {
  const tests = alternatives.flatMap(clauses => (clauses.length === 1 ? clauses : []));
  const [first, second] = tests;
  if (alternatives.length !== 2 || first?.of.is !== "in" || second?.of.is !== "in" || first.negated || second.negated) return undefined;
  if (first.of.field !== "sport" || second.of.field !== "dport") return undefined;
  return JSON.stringify(first.of.ranges) === JSON.stringify(second.of.ranges) ? first.of.ranges : undefined;
}
