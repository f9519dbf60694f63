import { encodeUtf8 } from "../../packet/index.ts";
import type { Predicate } from "../../predicate/index.ts";
import type { Condition, Rule } from "../../ruleset/index.ts";
import type { Guards } from "./guards.ts";
import type { Known, Scene } from "./said.ts";
import { statement, type Place, type Statement } from "./statement.ts";
import { product, termsOf, type Term } from "./terms.ts";
import { protocolOf, termText, type TermText } from "./term-text.ts";
import { Unsayable } from "./unsayable.ts";
import { COMMENT_MAX } from "./words.ts";

/** The table that is being written: chains and counters that rules need beside their own line. */
export interface Workshop {
  /** Makes a chain and gives its name; the same lines make the same chain. */
  chain(wish: string, lines: readonly string[]): string;
  /** Makes a counter that several rules share, and gives its name. */
  counter(packets: bigint, bytes: bigint): string;
  /** Every rule has a counter of such a name; without it, counters stand in the rules where they can. */
  readonly named: ((rule: Rule) => string) | undefined;
}

/** What the lines of one rule depend on. */
export interface RuleScene extends Omit<Scene, "protocol" | "first" | "known">, Omit<Place, "protocol" | "family" | "make" | "hasMss"> {
  readonly workshop: Workshop;
  /** Guards of the rules before it in the same chain. */
  readonly guards: Guards;
}

const NOTHING: Known = { transport: -1, connection: false, own: new Set() };

/** The lines that mean what a rule means, for its own chain. Throws Unsayable. */
export function ruleLines(rule: Rule, scene: RuleScene): readonly string[] {
  const lines: string[] = [];
  const known = guardLines(rule.conditions, scene, lines);
  const terms = product(rule.conditions.map(({ predicate }) => termsOf(predicate)));
  const texts = terms.flatMap(term => termText(term, { ...scene, known }) ?? []);
  if (texts.length === 0) return lines;
  if (texts.length > 1 && texts.some(({ stateful }) => stateful))
    throw new Unsayable("the condition that counts would have to stand in several nft rules");
  const said = texts.map(({ protocol, hasMss }) =>
    statement(rule.target?.action ?? { do: "continue" }, {
      ...scene,
      protocol,
      hasMss,
      make: (wish, lines) => scene.workshop.chain(wish, lines),
    }),
  );
  lines.push(...bodyLines(rule, texts, said, scene));
  return lines;
}

function bodyLines(rule: Rule, texts: readonly TermText[], said: readonly Statement[], { workshop, helper }: RuleScene): readonly string[] {
  const { packets, bytes } = rule.counters;
  const counter = helper
    ? ""
    : workshop.named
      ? `counter name "${workshop.named(rule)}"`
      : packets === 0n && bytes === 0n
        ? "counter"
        : `counter packets ${packets} bytes ${bytes}`;
  const remark = remarkOf(rule);
  const [only] = texts;
  const [first] = said;
  if (only === undefined || first === undefined) return [];
  if (texts.length === 1 && only.unless.length === 0) return [join([...only.texts, counter, first.text]) + remark];
  if (said.some(({ leaves }) => leaves)) {
    if (texts.some(({ unless }) => unless.length > 0))
      throw new Unsayable(
        "nft cannot ask for the contrary of a field that a packet may lack in a rule that returns or goes to another chain",
      );
    const shared = workshop.named || helper ? counter : `counter name "${workshop.counter(packets, bytes)}"`;
    return texts.map(({ texts: words }, i) => join([...words, shared, said[i]?.text ?? ""]) + remark);
  }
  if (said.some(({ text }) => text !== first.text) || (first.demands && texts.some(({ protocol }) => protocol !== only.protocol)))
    throw new Unsayable("its parts would need different nft statements");
  if (texts.length === 1) {
    const chain = workshop.chain("case", [
      ...only.unless.map(text => `${text} return`),
      join([...only.texts, counter, first.text]) + remark,
    ]);
    return [`jump ${chain}`];
  }
  const protocol = first.demands && only.protocol !== undefined ? `meta l4proto ${only.protocol}` : "";
  const act = workshop.chain("action", [join([protocol, counter, first.text]) + remark]);
  // One after the other, by goto, so that at most one of them acts.
  const last = texts.reduceRight<string | undefined>((next, { texts: words, unless }) => {
    const onward = next === undefined ? "return" : `goto ${next}`;
    return workshop.chain("case", [
      ...unless.map(text => `${text} ${onward}`),
      join([...words, `goto ${act}`]),
      ...(next === undefined ? [] : [onward]),
    ]);
  }, undefined);
  return [`jump ${last}`];
}

const join = (words: readonly string[]): string => words.filter(Boolean).join(" ");

function remarkOf({ matches }: Rule): string {
  const remark = matches.map(({ lowered }) => lowered.remark).find(text => text !== undefined);
  if (remark === undefined || encodeUtf8(remark).length > COMMENT_MAX || /["\\\n\0]/.test(remark)) return "";
  return ` comment "${remark}"`;
}

/** Lines that drop what the rule's matches drop whether it is the rule's packet or not, and what is certain of packets that are left. */
function guardLines(conditions: readonly Condition[], scene: RuleScene, lines: string[]): Known {
  let known = NOTHING;
  const before: Predicate[] = [];
  for (const { predicate, hotdrop } of conditions) {
    if (hotdrop !== undefined) {
      const dropped = termsOf(hotdrop);
      for (const term of dropped) guardLine(term, before, scene, known, lines);
      known = dropped.reduce(survivorOf, known);
    }
    before.push(predicate);
  }
  return known;
}

function guardLine(term: Term, before: readonly Predicate[], scene: RuleScene, known: Known, lines: string[]): void {
  const { workshop, guards } = scene;
  // nft's own count drops what has no connection.
  if (term.every(({ of, negated }) => !negated && of.is === "opaque" && of.opaque.described?.kind === "uncountable")) return;
  const reached = product(before.map(predicate => termsOf(predicate)));
  const protocols = new Set(reached.map(protocolOf));
  const cut = termText(term, { ...scene, known }, protocols.size === 1 ? [...protocols][0] : undefined);
  if (cut === undefined) return;
  const drop = [...cut.unless.map(text => `${text} return`), join([...cut.texts, "drop"])];
  const bytes = bytesAsked(term);
  const key = bytes === 0 ? drop.join("\n") : cut.texts.join("\n");
  const action = cut.unless.length === 0 ? drop : [`jump ${workshop.chain(bytes === 0 ? "cut" : `shorter-than-${bytes}`, drop)}`];
  for (const one of reached) {
    const words = termText(one, { ...scene, known });
    if (words === undefined || guards.covers(words.texts, key, bytes)) continue;
    if (words.stateful || words.unless.length > 0)
      throw new Unsayable("a test that may drop the packet stands behind one that nft cannot ask twice: put the tests of headers first");
    guards.note(words.texts, key, bytes);
    lines.push(join([...words.texts, ...action]));
  }
}

/** Bytes of transport header that a guard asks for; 0 when it asks for something else. */
function bytesAsked(term: Term): number {
  const lengths = term.filter(({ of, negated }) => of.is === "in" && of.field === "l4length" && !negated);
  const [only] = lengths;
  return lengths.length === 1 && only?.of.is === "in" ? Number(only.of.ranges[0]?.[1] ?? -1) + 1 : 0;
}

/** What is certain of a packet that such a term did not drop. */
function survivorOf(known: Known, term: Term): Known {
  const own = new Set(known.own);
  let { transport } = known;
  for (const { of, negated } of term) {
    if (of.is === "in" && of.field === "l4length" && !negated) transport = Math.max(transport, Number(of.ranges[0]?.[1] ?? -1) + 1);
    if (of.is === "present" && negated) {
      if (of.field === "protocol") transport = Math.max(transport, 0);
      else own.add(of.field);
    }
  }
  return { ...known, transport, own };
}
