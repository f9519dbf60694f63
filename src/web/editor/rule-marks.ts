import { Compartment, RangeSet, StateEffect, StateField, type Extension, type Range, type Text } from "@codemirror/state";
import { gutter, GutterMarker, type EditorView } from "@codemirror/view";
import { printable } from "../../report/index.ts";
import type { OutlineTable } from "../work/outline.ts";
import { compactCount, fullCount } from "./counts.ts";
import { chainKey, type Amount, type Hits } from "../state/hits.ts";

/** What stands beside a line: the number of its rule, or of the chain that it declares. It moves with the line while somebody types. */
class RuleMark extends GutterMarker {
  readonly label: string;
  /** `filter INPUT, rule 3`. */
  readonly title: string;
  /** The line when the text was read, which hits are counted by. */
  readonly line: number;
  /** For a line that declares a chain: the key of its policy's hits. */
  readonly policy: string | undefined;
  constructor(label: string, title: string, line: number, policy: string | undefined) {
    super();
    this.label = label;
    this.title = title;
    this.line = line;
    this.policy = policy;
  }
  override eq(other: GutterMarker): boolean {
    return other instanceof RuleMark && other.label === this.label && other.title === this.title && other.line === this.line;
  }
  override toDOM(): Node {
    const element = document.createElement("span");
    element.textContent = this.label;
    element.title = printable(this.title);
    return element;
  }
}

const setMarks = StateEffect.define<RangeSet<RuleMark>>();

const marks = StateField.define<RangeSet<RuleMark>>({
  create: () => RangeSet.empty,
  update: (value, transaction) => {
    let next = transaction.docChanged ? value.map(transaction.changes) : value;
    for (const effect of transaction.effects) if (effect.is(setMarks)) next = effect.value;
    return next;
  },
});

/** The effect that numbers the rules of a text, as read last. */
export function numbersOf(tables: readonly OutlineTable[], doc: Text): StateEffect<unknown> {
  const labels = new Map<number, RuleMark>();
  for (const { family, name, chains } of tables) {
    for (const chain of chains) {
      if (chain.line > 0) labels.set(chain.line, new RuleMark("", `${name} ${chain.name}`, chain.line, chainKey(family, name, chain.name)));
      for (const { line, number } of chain.rules) {
        const before = labels.get(line);
        // One line may make several rules: `-s A,B`.
        const label = before?.policy === undefined && before ? `${before.label.split("–", 1)[0]}–${number}` : `${number}`;
        if (line > 0) labels.set(line, new RuleMark(label, `${name} ${chain.name}, rule ${label}`, line, undefined));
      }
    }
  }
  const ranges: Range<RuleMark>[] = [];
  for (const [line, mark] of labels) if (line <= doc.lines) ranges.push(mark.range(doc.line(line).from));
  return setMarks.of(RangeSet.of(ranges, true));
}

/** What the rule at a position is called and the line where it was read; undefined where there is none. */
export function ruleAt(view: EditorView, lineFrom: number): { readonly title: string; readonly line: number } | undefined {
  let found: RuleMark | undefined;
  view.state.field(marks, false)?.between(lineFrom, lineFrom, (_from, _to, mark) => {
    found = mark;
    return false;
  });
  return found;
}

class HitMark extends GutterMarker {
  readonly amount: Amount;
  readonly of: string;
  constructor(amount: Amount, of: string) {
    super();
    this.amount = amount;
    this.of = of;
  }
  override eq(other: GutterMarker): boolean {
    return other instanceof HitMark && other.of === this.of && sameAmount(other.amount, this.amount);
  }
  override toDOM(): Node {
    const element = document.createElement("span");
    element.textContent = compactCount(this.amount.packets);
    element.title = `${fullCount(this.amount.packets, "packet")}, ${fullCount(this.amount.bytes, "byte")} of ${printable(this.of)}`;
    if (this.amount.packets === 0) element.className = "cm-no-hits";
    return element;
  }
}

const sameAmount = (one: Amount, other: Amount): boolean => one.packets === other.packets && one.bytes === other.bytes;

const hitsSpace = new Compartment();
const NO_AMOUNT: Amount = { packets: 0, bytes: 0 };

/** Rule numbers beside the text, and room for hits. */
export function ruleNumbers(): Extension {
  return [
    marks,
    gutter({
      class: "cm-rule-numbers",
      markers: view => view.state.field(marks),
      initialSpacer: () => new RuleMark("99", "", 0, undefined),
    }),
    hitsSpace.of([]),
  ];
}

/** The effect that shows hits of a family beside its rules; without hits the gutter goes. */
export function hitsOf(hits: Hits | undefined, family: 4 | 6): StateEffect<unknown> {
  if (!hits) return hitsSpace.reconfigure([]);
  const ofFamily = hits.lines[family];
  return hitsSpace.reconfigure(
    gutter({
      class: "cm-hits",
      lineMarker: (view, { from }) => {
        const mark = ruleAt(view, from) as RuleMark | undefined;
        if (!mark) return null;
        const amount = mark.policy === undefined ? (ofFamily.get(mark.line) ?? NO_AMOUNT) : hits.policies.get(mark.policy);
        return amount ? new HitMark(amount, hits.of) : null;
      },
      lineMarkerChange: update => update.transactions.some(({ effects }) => effects.some(effect => effect.is(setMarks))),
      initialSpacer: () => new HitMark({ packets: 9999, bytes: 0 }, ""),
    }),
  );
}
