/** What effects of NAT begin with, and how people say it. */
const NAT_WORDS: readonly (readonly [start: string, words: string])[] = [
  ["source of the interface", "masqueraded"],
  ["destination of the interface", "redirected to this machine"],
  ["destination unchanged:", "redirected to port "],
  ["destination ", "DNAT to "],
  ["source ", "SNAT to "],
];

/** What NAT does, as people say it, and other effects as they are: `DNAT to 10.0.0.5:80`, `masqueraded`. */
export function effectText(effect: string): string {
  for (const [start, words] of NAT_WORDS) if (effect.startsWith(start)) return `${words}${effect.slice(start.length)}`;
  return effect;
}

/** What NAT does to some of several sessions: `DNAT to 10.0.0.5:80 or 10.0.0.6:80, masqueraded`. */
export function effectsText(effects: readonly string[]): string {
  const groups = new Map<string, string[]>();
  for (const text of effects.map(effectText)) {
    const [, start] = NAT_WORDS.find(([, words]) => words.endsWith(" ") && text.startsWith(words)) ?? ["", text];
    const group = groups.get(start);
    if (group) group.push(text.slice(start.length));
    else groups.set(start, [text.slice(start.length)]);
  }
  const texts = [...groups].map(([start, own]) => {
    const more = own.length > MOST_SHOWN ? ` or ${own.length - MOST_SHOWN} more` : "";
    return `${start}${own.slice(0, MOST_SHOWN).join(" or ")}${more}`;
  });
  return texts.toSorted().join(", ");
}

/** Targets of one kind that are named. */
const MOST_SHOWN = 3;
