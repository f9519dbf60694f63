/** A word that stands for something, with the value it has. */
export type Word<T> = readonly [name: string, value: T];

/** The first word that starts with the text, in any case; undefined without one or for no text. That is how iptables reads states and address types. */
export function findWord<T>(words: readonly Word<T>[], text: string): Word<T> | undefined {
  if (text === "") return undefined;
  const start = text.toLowerCase();
  return words.find(([name]) => name.toLowerCase().startsWith(start));
}

/** The word that is the text, in any case. */
export function exactWord<T>(words: readonly Word<T>[], text: string): Word<T> | undefined {
  const wanted = text.toLowerCase();
  return words.find(([name]) => name.toLowerCase() === wanted);
}

/**
 * The bits of a comma-separated list of words, each of which may be cut short. `fault` makes the error from the text that could not be
 * read on, the rest of the list included; `last` says that there was no comma in it.
 */
export function wordBits(text: string, words: readonly Word<number>[], fault: (rest: string, last: boolean) => Error): number {
  let bits = 0;
  for (let at = 0; ;) {
    const comma = text.indexOf(",", at);
    const word = findWord(words, comma < 0 ? text.slice(at) : text.slice(at, comma));
    if (!word) throw fault(text.slice(at), comma < 0);
    bits |= word[1];
    if (comma < 0) return bits;
    at = comma + 1;
  }
}

/** The words whose bits are set, in the words' order, with commas. */
export function printBits(bits: number, words: readonly Word<number>[]): string {
  return words
    .filter(([, bit]) => (bits & bit) !== 0)
    .map(([name]) => name)
    .join(",");
}
