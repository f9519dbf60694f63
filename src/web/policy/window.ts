/** Items of equal size along one direction, of which those that can be seen are drawn: from `first`, before `end`. */
export interface Window {
  readonly first: number;
  readonly end: number;
}

/** Windows begin and end at multiples of this many items, so that most scrolling draws nothing anew. */
const STEP = 4;

/** What can be seen of `count` items of `size` pixels each, `start` pixels scrolled, `room` pixels wide, and up to a step more at both ends. */
export function windowOf(count: number, size: number, start: number, room: number): Window {
  const first = Math.max(0, Math.floor((Math.floor(start / size) - 1) / STEP) * STEP);
  const end = Math.ceil((Math.ceil((start + room) / size) + 1) / STEP) * STEP;
  return { first: Math.min(first, count), end: Math.max(Math.min(end, count), Math.min(first, count)) };
}

/** Are they the same? */
export const sameWindow = (one: Window, other: Window): boolean => one.first === other.first && one.end === other.end;

/** Where an item must be scrolled to, so that it is seen whole; undefined where it is. `before` pixels are covered by what sticks there. */
export function scrollFor(index: number, size: number, start: number, room: number, before: number): number | undefined {
  const top = index * size;
  if (top < start) return top;
  const bottom = top + size + before;
  return bottom > start + room ? bottom - room : undefined;
}
