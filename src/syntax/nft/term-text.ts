import type { Field, Predicate } from "../../predicate/index.ts";
import { fieldText } from "./field-text.ts";
import type { Known, Said, Scene } from "./said.ts";
import { say } from "./say.ts";
import type { Literal, Term } from "./terms.ts";
import { Unsayable } from "./unsayable.ts";

/** A term in nft's words: texts that must all match, and texts of which none may. */
export interface TermText {
  readonly texts: readonly string[];
  readonly unless: readonly string[];
  readonly protocol: number | undefined;
  /** Keeps state, so that it may stand in the ruleset once only. */
  readonly stateful: boolean;
  /** Holds only for packets with an MSS option. */
  readonly hasMss: boolean;
}

/** The term in nft's words; undefined when it can never hold. `asked` is the protocol that was asked for before. Throws Unsayable. */
export function termText(term: Term, scene: Omit<Scene, "protocol" | "first">, asked?: number): TermText | undefined {
  const protocol = protocolOf(term) ?? asked;
  if (protocol !== undefined && !CARRIES_OTHERS.has(protocol) && term.some(literal => isOtherProtocol(literal, protocol))) return undefined;
  if (protocol !== undefined && CARRIES_OTHERS.has(protocol) && term.some(literal => isOtherProtocol(literal, protocol)))
    throw new Unsayable("nft takes an ICMP error about another protocol's connection for a contradiction");
  if (isContradictory(term)) return undefined;
  const first = term.some(literal => isFirst(literal));
  const known = knownFrom(term, scene.known, first || scene.whole);
  const said: { readonly literal: Literal; readonly said: Said }[] = [];
  for (const literal of term) {
    // A test that gives certainty must not rely on it.
    const certain = isPositivePresence(literal) ? scene.known : known;
    const words = say(literal, { ...scene, known: certain, protocol, first });
    if (words.kind === "never") return undefined;
    if (words.kind !== "always") said.push({ literal, said: words });
  }
  const loaded = new Set(
    said.flatMap(each => (each.said.kind === "match" && each.said.onlyLoads !== true && each.said.loads ? [each.said.loads] : [])),
  );
  const demanded = said.some(each => each.said.kind === "match" && each.said.protocol === protocol);
  const texts: string[] = [];
  const pure: string[] = [];
  const unless: string[] = [];
  for (const { literal, said: words } of said) {
    if (words.kind === "unless") unless.push(...words.texts);
    if (words.kind !== "match") continue;
    if (words.onlyLoads === true && words.loads !== undefined && loaded.has(words.loads)) continue;
    if (demanded && isProtocol(literal.of) !== undefined && !literal.negated) continue;
    if (words.onlyLoads === true && words.loads !== undefined) loaded.add(words.loads);
    if (words.stateful === true) texts.push(...unmergeable(pure.splice(0)), words.text);
    else pure.push(words.text);
  }
  texts.push(...unmergeable(pure));
  const stateful = said.some(each => each.said.kind === "match" && each.said.stateful === true);
  const hasMss = term.some(({ of, negated }) => !negated && "field" in of && of.field === "mss");
  return { texts, unless, protocol, stateful, hasMss };
}

/**
 * nft 1.0 takes `udp sport != 1 udp dport != 2` for one comparison of both fields, which fails only when both are equal. It does not do
 * so with ranges, and a range may have one value.
 */
function unmergeable(texts: readonly string[]): readonly string[] {
  const merged = /^((?:tcp|udp|udplite|sctp|dccp|icmp|icmpv6|th) \w+ != )(\w+)$/;
  return texts.filter(text => merged.test(text)).length < 2 ? texts : texts.map(text => text.replace(merged, "$1$2-$2"));
}

/** Does the term ask for something and for its contrary? */
function isContradictory(term: Term): boolean {
  return term.some(({ of, negated }) => !negated && term.some(other => other.negated && sameTest(of, other.of)));
}

function sameTest(a: Predicate, b: Predicate): boolean {
  if (a === b) return true;
  if (a.is !== "in" || b.is !== "in" || a.field !== b.field || a.ranges.length !== b.ranges.length) return false;
  return a.ranges.every(([low, high], i) => b.ranges[i]?.[0] === low && b.ranges[i]?.[1] === high);
}

/** An ICMP error belongs to the connection of the packet inside it; any other packet has its connection's protocol. */
const CARRIES_OTHERS: ReadonlySet<number> = new Set([1, 58]);

function isOtherProtocol({ of, negated }: Literal, protocol: number): boolean {
  return !negated && of.is === "in" && of.field === "ctproto" && of.ranges.every(([low, high]) => protocol < low || high < protocol);
}

function isProtocol(of: Predicate): number | undefined {
  if (of.is !== "in" || of.field !== "protocol" || of.ranges.length !== 1) return undefined;
  const [low, high] = of.ranges[0] ?? [];
  return low === high && typeof low === "number" ? low : undefined;
}

/** The number of the protocol that the term asks for. */
export function protocolOf(term: Term): number | undefined {
  for (const { of, negated } of term) {
    const number = negated ? undefined : isProtocol(of);
    if (number !== undefined) return number;
  }
  return undefined;
}

function isFirst({ of, negated }: Literal): boolean {
  if (negated || of.is !== "in" || of.field !== "fragoff") return false;
  return of.ranges.length === 1 && of.ranges[0]?.[0] === 0 && of.ranges[0][1] === 0;
}

const isPositivePresence = ({ of, negated }: Literal): boolean => of.is === "present" && !negated;

/** What the term's own tests make certain, whatever their order, and what was certain before. Bytes of a header count only where fragments cannot be. */
function knownFrom(term: Term, before: Known, first: boolean): Known {
  let transport = first ? before.transport : Math.min(before.transport, 0);
  let { connection } = before;
  const own = new Set<Field>(before.own);
  for (const { of, negated } of term) {
    if (negated || !("field" in of)) continue;
    if (of.field === "ctlabels" || of.field === "ctzone") {
      connection ||= of.field === "ctlabels";
      continue;
    }
    const { presence } = presenceOrNone(of.field);
    if (presence === "connection") connection = true;
    else if (presence === "own") own.add(of.field);
    else if (typeof presence === "object") transport = Math.max(transport, presence.transport);
  }
  return { transport, connection, own };
}

function presenceOrNone(field: Field): { readonly presence: ReturnType<typeof fieldText>["presence"] } {
  try {
    return fieldText(field);
  } catch {
    return { presence: "always" };
  }
}
