import type { Ruleset } from "../../ruleset/index.ts";
import { printSave, readRules, type ReadOptions } from "../../syntax/index.ts";
import type { Finding, FixEdit } from "../finding.ts";
import { chosenEdits, type Applied } from "./chosen-edits.ts";
import { editedLines } from "./edited-lines.ts";

/** A ruleset's text after fixes. */
export interface ChangedText {
  readonly text: string;
  readonly ruleset: Ruleset;
  /** The fixes that went in, with their findings, and those that another one stood in the way of. */
  readonly applied: readonly Applied[];
  readonly left: readonly Finding[];
}

/**
 * The text of a ruleset with the fixes of findings carried out: the file's own lines where that gives the same rules as the edits of the plain
 * rules, else plain save text. Throws an Error when the changed rules cannot be read, which a fix must never lead to.
 */
export function changedText(ruleset: Ruleset, findings: readonly Finding[], source: string | undefined, options: ReadOptions): ChangedText {
  const { edits, applied, left } = chosenEdits(findings.filter(({ family }) => family === ruleset.family));
  const full: ReadOptions = { ...options, family: ruleset.family, lenient: true };
  const plain = plainlyChanged(ruleset, edits, full);
  const kept = source === undefined ? undefined : keptText(source, ruleset, edits, full);
  if (kept !== undefined && printSave(kept.ruleset) === printSave(plain.ruleset)) return { ...kept, applied, left };
  return { ...plain, applied, left };
}

/** The name of the changed text, where its rules are pointed at. */
const MENDED = "mended";

interface Changed {
  readonly text: string;
  readonly ruleset: Ruleset;
}

function plainlyChanged(ruleset: Ruleset, edits: readonly FixEdit[], options: ReadOptions): Changed {
  const text = printSave(ruleset, { counters: true });
  const before = readRules(text, MENDED, options).ruleset;
  const changed = before && read(editedLines(text, before, edits), options);
  if (changed === undefined) throw new Error("a fix led to rules that cannot be read");
  return changed;
}

function keptText(source: string, ruleset: Ruleset, edits: readonly FixEdit[], options: ReadOptions): Changed | undefined {
  return read(editedLines(source, ruleset, edits), options);
}

function read(text: string | undefined, options: ReadOptions): Changed | undefined {
  if (text === undefined) return undefined;
  const { ruleset, faults } = readRules(text, MENDED, options);
  return ruleset === undefined || faults.length > 0 ? undefined : { text, ruleset };
}
