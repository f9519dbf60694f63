import type { Draft } from "./draft.ts";
import { findKeyword, keywords, type Stage } from "./keywords.ts";
import { readOption } from "./option-text.ts";
import { FAILED, type Failed } from "./report.ts";

/**
 * Reads a command's options into the draft; a sentence for words that are none, FAILED for values that are wrong. For `create`, unknown words are
 * found before any value is read, and the family is read first. libipset: ipset.c, call_parser.
 */
export function readOptions(draft: Draft, stage: Stage, words: readonly string[]): Failed | string | undefined {
  const { type } = draft;
  if (!type) throw new Error("options without a type");
  const known = keywords(type, stage);
  const passes = stage === "create" ? (["family", "others"] as const) : (["all"] as const);
  for (const pass of passes) {
    for (let i = 0; i < words.length; i++) {
      const word = words[i] ?? "";
      const keyword = findKeyword(known, word);
      if (!keyword) return `Unknown argument: \`${word}'`;
      if (keyword.takes && i + 1 >= words.length) return `Missing mandatory argument of option \`${keyword.name}'`;
      const text = keyword.takes ? (words[++i] ?? "") : word;
      if (pass !== "all" && (keyword.sets === "family") !== (pass === "family")) continue;
      if (readOption(draft, keyword, text, stage) === FAILED) return FAILED;
    }
  }
  return undefined;
}
