/** What a hint at options of the command says in the page. */
const HINTS: readonly (readonly [option: RegExp, words: string])[] = [
  [/ \(--v6 FILE\)/g, " (they go into the tab IPv6)"],
  [/ \(--host, --if\)/g, " (the panel Host describes it)"],
  [/ \(--resolve FILE\)/g, ""],
  [/neither the rules nor --ipset name it/g, "neither the rules nor the tab Sets name it"],
];

/** A sentence of a report, with what the page offers in place of options of the command. */
export function inPage(sentence: string): string {
  return HINTS.reduce((text, [option, words]) => text.replace(option, words), sentence);
}
