import type { Change, DiffReport } from "../../analysis/diff/index.ts";

/** How changes are marked and told. */
export const CHANGE_WORDS: Readonly<
  Record<
    Change,
    {
      readonly badge: string;
      readonly sign: string;
      readonly word: string;
      readonly done: Readonly<Record<DiffReport["compared"], string>>;
    }
  >
> = {
  opens: { badge: "accept", sign: "+", word: "opens", done: { rulesets: "opened", families: "more open over IPv6" } },
  closes: { badge: "drop", sign: "−", word: "closes", done: { rulesets: "closed", families: "more open over IPv4" } },
  changes: { badge: "warn", sign: "~", word: "changes", done: { rulesets: "changed", families: "otherwise" } },
};
