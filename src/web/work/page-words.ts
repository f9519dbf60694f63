/** What a hint at options of the command says in the page. */
const HINTS: readonly (readonly [option: RegExp, words: string])[] = [
  [/ \(--v6 FILE\)/g, " (they go into the tab IPv6)"],
  [/ \(--host, --if\)/g, " (the panel Host describes it)"],
  [/neither the rules nor --ipset name it/g, "neither the rules nor the tab Sets name it"],
];

/** A sentence of a report, with what the page offers in place of options of the command; a hint at any other option is left out. */
export function inPage(sentence: string): string {
  return withoutFlags(HINTS.reduce((text, [option, words]) => text.replace(option, words), sentence));
}

function withoutFlags(sentence: string): string {
  let rest = sentence;
  for (let from = rest.indexOf(" (--"); from >= 0; from = rest.indexOf(" (--")) {
    const to = rest.indexOf(")", from);
    if (to < 0) break;
    rest = rest.slice(0, from) + rest.slice(to + 1);
  }
  return rest;
}
