import type { Rule } from "../ruleset/index.ts";

/** A rule's tests and its target in the words of its own text, hosts by the names that they were written by. */
export const ruleWords = ({ conditions, target }: Rule): string =>
  [...conditions.map(({ text }) => text), ...(target ? [target.save] : [])].join(" ");
