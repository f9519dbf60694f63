/** Words that one guess looks at closely; more are more likely generated than misspelt. */
const MOST_TRIES = 300;

/**
 * The word of the list that is closest to the given one, when it is close: at most a third of its letters (and no more than three) differ by
 * insertion, deletion, exchange or swap of neighbours (Damerau-Levenshtein, optimal string alignment). Undefined for long or strange words.
 */
export function closest(word: string, among: Iterable<string>): string | undefined {
  if (word.length < 2 || word.length > 40) return undefined;
  let best: string | undefined;
  let distance = Math.min(3, Math.max(1, Math.floor(word.length / 3))) + 1;
  const lower = word.toLowerCase();
  let tries = 0;
  for (const candidate of among) {
    if (Math.abs(candidate.length - word.length) >= distance) continue;
    if (++tries > MOST_TRIES) break;
    const d = edits(lower, candidate.toLowerCase());
    if (d < distance) {
      distance = d;
      best = candidate;
    }
  }
  return best === word ? undefined : best;
}

function edits(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, (before[j - 2] ?? 0) + 1);
      row.push(least);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
