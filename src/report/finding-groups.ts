import type { Finding } from "../analysis/finding.ts";

/** Findings that say the same of different places. */
export interface FindingGroup {
  readonly first: Finding;
  /** The others, in the order in which they were found; empty where there are too few of them to fold. */
  readonly others: readonly Finding[];
}

/** Fewer findings than these that say the same stand one by one. */
const LEAST_FOLDED = 5;

/** Findings in their order, those that say the same but for the place folded into the first of them. */
export function findingGroups(findings: readonly Finding[]): readonly FindingGroup[] {
  const same = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = gist(finding);
    const before = same.get(key);
    if (before) before.push(finding);
    else same.set(key, [finding]);
  }
  const folded = new Set([...same.values()].filter(({ length }) => length >= LEAST_FOLDED).flat());
  const firsts = new Map([...same.values()].map(all => [all[0], all]));
  return findings.flatMap((finding): FindingGroup[] => {
    if (!folded.has(finding)) return [{ first: finding, others: [] }];
    const all = firsts.get(finding);
    return all ? [{ first: finding, others: all.slice(1) }] : [];
  });
}

/** What a finding says without what tells its place from another's: its chain, numbers of rules, and the details in brackets. */
function gist({ code, severity, suppressed, at, message }: Finding): string {
  const from = message.indexOf(" (");
  const till = message.lastIndexOf(")");
  const bare = from !== -1 && till > from ? message.slice(0, from) + message.slice(till + 1) : message;
  const words: string[] = [];
  for (const word of bare.split(" ")) {
    const shown = bareWord(word, at.chain);
    if (shown !== "#" || words.at(-1) !== "#") words.push(shown);
  }
  return [code, severity, suppressed ?? "", words.join(" ")].join("\n");
}

/** A word as it counts: any number as `#`, the chain as `@`, and what depends on a number alone as for one. */
function bareWord(word: string, chain: string): string {
  const end = word.endsWith(",") || word.endsWith(":") ? word.slice(0, -1) : word;
  if (end === chain) return "@";
  if (/^\d+$/.test(end)) return "#";
  return SINGULAR.get(end) ?? end;
}

const SINGULAR: ReadonlyMap<string, string> = new Map([
  ["rules", "rule"],
  ["are", "is"],
]);
