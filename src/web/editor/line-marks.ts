import { RangeSet, StateEffect, StateField, type Extension, type Text } from "@codemirror/state";
import { printable } from "../../report/index.ts";
import { Decoration, EditorView, gutterLineClass, GutterMarker, type DecorationSet } from "@codemirror/view";

const setDead = StateEffect.define<DecorationSet>();
const setStep = StateEffect.define<number | undefined>();

const dead = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (value, transaction) => {
    let next = transaction.docChanged ? value.map(transaction.changes) : value;
    for (const effect of transaction.effects) if (effect.is(setDead)) next = effect.value;
    return next;
  },
  provide: field => EditorView.decorations.from(field),
});

const stepLine = Decoration.line({ class: "cm-step" });

/** The line that a trace stands at. */
const step = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (value, transaction) => {
    let next = transaction.docChanged ? value.map(transaction.changes) : value;
    for (const effect of transaction.effects) {
      if (!effect.is(setStep)) continue;
      const { doc } = transaction.state;
      const line = effect.value;
      next = line === undefined || line < 1 || line > doc.lines ? Decoration.none : Decoration.set(stepLine.range(doc.line(line).from));
    }
    return next;
  },
  provide: field => EditorView.decorations.from(field),
});

class StepMark extends GutterMarker {
  override elementClass = "cm-step-gutter";
}

const stepMark = new StepMark();

/** Greyed lines of dead rules, and the line that a trace stands at. */
export function lineMarks(): Extension {
  return [
    dead,
    step,
    gutterLineClass.compute([step], state => {
      const cursor = state.field(step).iter();
      return cursor.value === null ? RangeSet.empty : RangeSet.of(stepMark.range(cursor.from));
    }),
  ];
}

/** The effect that greys lines; each says why when pointed at. */
export function deadLines(lines: ReadonlyMap<number, string>, doc: Text): StateEffect<unknown> {
  const ranges = [...lines]
    .filter(([line]) => line >= 1 && line <= doc.lines)
    .map(([line, title]) => Decoration.line({ class: "cm-dead", attributes: { title: printable(title) } }).range(doc.line(line).from));
  return setDead.of(Decoration.set(ranges, true));
}

/** The effect that marks the line of a trace's step; undefined marks none. */
export const atStep = (line: number | undefined): StateEffect<unknown> => setStep.of(line);
