/** How much of two texts, letter by letter or line by line, is alike: `start` of their beginnings, and `end` of their ends, which do not overlap. */
export function alikeEnds(one: ArrayLike<string>, other: ArrayLike<string>): { readonly start: number; readonly end: number } {
  const most = Math.min(one.length, other.length);
  let start = 0;
  while (start < most && one[start] === other[start]) start++;
  let end = 0;
  while (end < most - start && one[one.length - 1 - end] === other[other.length - 1 - end]) end++;
  return { start, end };
}

/** A change of a text: what stands from `from` to before `to` becomes `insert`. */
export interface TextChange {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

/** The smallest change that makes a text another one, so that marks and the cursor stay where nothing changed. */
export function changedPart(before: string, after: string): TextChange {
  const { start, end } = alikeEnds(before, after);
  return { from: start, to: before.length - end, insert: after.slice(start, after.length - end) };
}
