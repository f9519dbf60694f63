import { RangeSet, StateEffect, StateField, type Extension, type StateEffectType } from "@codemirror/state";
import { EditorView, gutter, GutterMarker } from "@codemirror/view";
import { highlight } from "../editor/highlight.ts";
import { assertionTokens } from "./assertion-tokens.ts";
import type { TestResult } from "./run.ts";

/** What became of the assertion on a line. */
export type LineOutcome = TestResult["outcome"];

/** Says anew what became of the assertions, by line from 1. */
export const setOutcomes: StateEffectType<ReadonlyMap<number, LineOutcome>> = StateEffect.define<ReadonlyMap<number, LineOutcome>>();

const SIGN: Readonly<Record<LineOutcome, string>> = { holds: "✓", fails: "✗", undecided: "?" };

class OutcomeMarker extends GutterMarker {
  readonly outcome: LineOutcome;

  constructor(outcome: LineOutcome) {
    super();
    this.outcome = outcome;
  }

  override eq(other: OutcomeMarker): boolean {
    return other.outcome === this.outcome;
  }

  override toDOM(): Node {
    const sign = document.createElement("span");
    sign.className = `assertion-${this.outcome}`;
    sign.title = this.outcome;
    sign.textContent = SIGN[this.outcome];
    return sign;
  }
}

const MARKERS: Readonly<Record<LineOutcome, OutcomeMarker>> = {
  holds: new OutcomeMarker("holds"),
  fails: new OutcomeMarker("fails"),
  undecided: new OutcomeMarker("undecided"),
};

const outcomes = StateField.define<RangeSet<GutterMarker>>({
  create: () => RangeSet.empty,
  update(marks, { changes, effects, newDoc }) {
    let now = marks.map(changes);
    for (const effect of effects)
      if (effect.is(setOutcomes)) {
        const lines = [...effect.value].filter(([line]) => 1 <= line && line <= newDoc.lines).toSorted(([a], [b]) => a - b);
        now = RangeSet.of(lines.map(([line, outcome]) => MARKERS[outcome].range(newDoc.line(line).from)));
      }
    return now;
  },
});

/** A gutter with what became of each assertion; it follows the text until it is said anew. */
export function outcomeGutter(): Extension {
  return [
    outcomes,
    gutter({ class: "assertion-gutter", markers: view => view.state.field(outcomes), initialSpacer: () => MARKERS.holds }),
    LOOK,
  ];
}

const LOOK = EditorView.theme({
  ".assertion-gutter": { minWidth: "1.4em", textAlign: "center" },
  ".assertion-holds": { color: "var(--accept)" },
  ".assertion-fails": { color: "var(--drop)", fontWeight: "700" },
  ".assertion-undecided": { color: "var(--warn)", fontWeight: "700" },
});

/** Colours of the lines that are in sight. */
export function assertionColours(): Extension {
  return [highlight(assertionTokens, "assertion-word-"), COLOURS];
}

const COLOURS = EditorView.theme({
  ".cm-placeholder": { color: "var(--ink-soft)" },
  ".assertion-word-comment": { color: "var(--ink-soft)", fontStyle: "italic" },
  ".assertion-word-key": { color: "var(--accent)", fontWeight: "600" },
  ".assertion-word-word": { color: "var(--note)" },
  ".assertion-word-group": { color: "var(--nat)" },
  ".assertion-word-name": { color: "var(--nat)", fontWeight: "600" },
  ".assertion-word-ending": { fontWeight: "700" },
  ".assertion-word-not": { color: "var(--drop)", fontWeight: "700" },
  ".assertion-word-quoted": { color: "var(--reject)" },
});
