const STEPS: readonly (readonly [number, string])[] = [
  [1e12, "T"],
  [1e9, "G"],
  [1e6, "M"],
  [1e3, "k"],
];

/** A count in at most five characters: `999`, `1.2k`, `34k`, `5.0M`; rounded down, so that it never says more than there was. */
export function compactCount(count: number): string {
  for (const [step, letter] of STEPS) {
    if (count < step) continue;
    const parts = count / step;
    return parts < 10 ? `${(Math.floor(parts * 10) / 10).toFixed(1)}${letter}` : `${Math.floor(parts)}${letter}`;
  }
  return String(count);
}

/** `1 packet`, `1,204 packets`. */
export function fullCount(count: number, thing: string): string {
  return `${count.toLocaleString("en-GB")} ${thing}${count === 1 ? "" : "s"}`;
}
