import { compareFirewalls } from "../../analysis/diff/index.ts";
import type { Finding, Firewall } from "../../analysis/index.ts";
import { changedText } from "../../analysis/lint/index.ts";
import { diffInWords, diffLines, wordsFor, type Line } from "../../report/index.ts";
import type { Ruleset } from "../../ruleset/index.ts";
import { kindOf } from "../../syntax/index.ts";
import { alikeEnds } from "../editor/changed-part.ts";
import { rulesOf, type Documents } from "../state/documents.ts";
import { readFirewall } from "../work/firewall.ts";

/** What a fix makes of the texts, and what that opens and closes. */
export interface FixPreview {
  readonly texts: Documents;
  /** Fixes that were not carried out, because another one changes the same rule. */
  readonly left: number;
  /** Lines that go and lines that come, each with what stands at its front: `-` or `+`. */
  readonly edits: readonly { readonly sign: "-" | "+"; readonly line: number; readonly text: string }[];
  /** The semantic difference, in words. */
  readonly diff: readonly Line[];
}

/** Carries fixes out on the texts, and compares. Rejects with an Error whose words are for people where that cannot be done. */
export function previewFix(texts: Documents, findings: readonly Finding[], now: number): FixPreview {
  const read = readFirewall(texts, now);
  let after = texts;
  let left = 0;
  const rulesets: { 4: Ruleset | undefined; 6: Ruleset | undefined } = { 4: read.v4, 6: read.v6 };
  for (const family of [4, 6] as const) {
    const kind = rulesOf(family);
    const ruleset = rulesets[family];
    const wanted = findings.filter(finding => finding.family === family && finding.fix);
    if (wanted.length === 0) continue;
    if (read.skipped[kind].length > 0)
      throw new Error(`line ${read.skipped[kind][0]} cannot be read: mend it first, because a fix must not lose it`);
    if (ruleset === undefined) throw new Error("there are no rules that it could change");
    const source = kindOf(texts[kind]) === "save" ? texts[kind] : undefined;
    const { text, ruleset: changed, applied, left: undone } = changedText(ruleset, wanted, source, { keepNames: true });
    if (applied.length === 0) throw new Error("it does not fit the rules any more");
    after = { ...after, [kind]: text };
    rulesets[family] = changed;
    left += undone.length;
  }
  if (after === texts) throw new Error("there is nothing that it could change");
  const firewall: Firewall = { v4: rulesets[4], v6: rulesets[6], host: read.host, sets: read.sets };
  const diff = compareFirewalls(read, firewall, { names: ["now", findings.length === 1 ? "with the fix" : "with the fixes"], now });
  const edits = (["rules4", "rules6"] as const).flatMap(kind => lineEdits(texts[kind], after[kind]));
  const told = diffInWords(diff, wordsFor([read.v4, read.v6, rulesets[4], rulesets[6]]));
  return { texts: after, left, edits, diff: shortened(diffLines(told, { all: true })) };
}

/** More lines of a difference than these nobody reads before a change. */
const DIFF_MAX = 400;

const shortened = (lines: readonly Line[]): readonly Line[] =>
  lines.length <= DIFF_MAX
    ? lines
    : [
        ...lines.slice(0, DIFF_MAX),
        [{ text: `… and ${(lines.length - DIFF_MAX).toLocaleString("en-GB")} more lines: Diff shows all`, tone: "dim" }],
      ];

/** Lines that the two texts do not share between what is alike before and after; a line that only moved stands there twice. */
function lineEdits(before: string, after: string): FixPreview["edits"] {
  if (before === after) return [];
  const [old, now] = [before.split("\n"), after.split("\n")];
  const { start: first, end } = alikeEnds(old, now);
  const gone = old.slice(first, old.length - end);
  const come = now.slice(first, now.length - end);
  const kept = new Set(gone.length * come.length > 0 ? come : []);
  const held = new Set(gone);
  // Of long changed stretches only the lines that are in one of the texts alone say something.
  const short = gone.length + come.length <= EDITS_SHORT;
  return [
    ...gone.flatMap((text, index) => (short || !kept.has(text) ? [{ sign: "-" as const, line: first + index + 1, text }] : [])),
    ...come.flatMap((text, index) => (short || !held.has(text) ? [{ sign: "+" as const, line: first + index + 1, text }] : [])),
  ];
}

const EDITS_SHORT = 12;
