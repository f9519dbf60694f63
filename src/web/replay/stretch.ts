import { count, moment, span } from "../../report/index.ts";
import type { PlayedTime } from "./played.ts";

/** A stretch of the plot: its columns, both ends included. */
export interface Columns {
  readonly from: number;
  readonly to: number;
}

/** The columns of a stretch of time, as far as the plot shows it. */
export function columnsOf(
  stretch: { readonly from: bigint; readonly to: bigint } | undefined,
  { start, width, accepted }: PlayedTime,
): Columns | undefined {
  if (stretch === undefined) return undefined;
  const at = (moment: bigint): number => Math.max(0, Math.min(accepted.length - 1, Number((moment - start) / width)));
  return { from: at(stretch.from), to: at(stretch.to) };
}

/** `2026-03-02 09:05:00 UTC, for 1.9 s: 12 accepted, 3 dropped` */
export function stretchText({ start, width, accepted, dropped }: PlayedTime, { from, to }: Columns): string {
  const sum = (counts: readonly number[]): string => count(counts.slice(from, to + 1).reduce((all, some) => all + some, 0));
  return `${moment(start + BigInt(from) * width)}, for ${span(width * BigInt(to - from + 1))}: ${sum(accepted)} accepted, ${sum(dropped)} dropped`;
}
