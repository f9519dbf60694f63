/** What became of a packet, as a plot over time tells it. */
export type TimelineOutcome = "accepted" | "dropped";

/** Packets over time, in buckets of equal width that follow each other. */
export interface TimelineData {
  /** The times of the earliest and the latest packet, in nanoseconds since 1970. */
  readonly first: bigint;
  readonly last: bigint;
  /** Where the first bucket begins, in nanoseconds since 1970. */
  readonly start: bigint;
  /** Of one bucket, in nanoseconds. */
  readonly bucketWidth: bigint;
  readonly buckets: readonly { readonly accepted: number; readonly dropped: number }[];
}

/** The narrowest bucket, in nanoseconds. */
const FINEST = 1000n;

/**
 * Counts packets over time in bounded memory: buckets begin at a microsecond and merge pairwise whenever the time that they
 * span would need more than `limit` of them. Packets may come out of order.
 */
export class TimelineRecorder {
  readonly #limit: number;
  #accepted: number[] = [];
  #dropped: number[] = [];
  #firstTime = 0n;
  #lastTime = 0n;
  /** The number of the first bucket, counted from 1970 in buckets; each is FINEST << level wide. */
  #first = 0n;
  #level = 0n;

  constructor(limit = 2048) {
    this.#limit = Math.max(2, limit);
  }

  /** Counts a packet, at a time in nanoseconds since 1970. */
  add(time: bigint, outcome: TimelineOutcome): void {
    const empty = this.#accepted.length === 0;
    if (empty) this.#first = this.#bucket(time);
    if (empty || time < this.#firstTime) this.#firstTime = time;
    if (empty || time > this.#lastTime) this.#lastTime = time;
    let at = this.#bucket(time) - this.#first;
    while (at >= this.#limit || (at < 0n && BigInt(this.#accepted.length) - at > this.#limit)) {
      this.#merge();
      at = this.#bucket(time) - this.#first;
    }
    if (at < 0n) this.#extendBack(Number(-at));
    const index = Math.max(0, Number(at));
    while (this.#accepted.length <= index) {
      this.#accepted.push(0);
      this.#dropped.push(0);
    }
    const counts = outcome === "accepted" ? this.#accepted : this.#dropped;
    counts[index] = (counts[index] as number) + 1;
  }

  /** What was counted so far. */
  read(): TimelineData {
    return {
      first: this.#firstTime,
      last: this.#lastTime,
      start: (this.#first << this.#level) * FINEST,
      bucketWidth: FINEST << this.#level,
      buckets: this.#accepted.map((accepted, i) => ({ accepted, dropped: this.#dropped[i] as number })),
    };
  }

  #bucket(time: bigint): bigint {
    const finest = time >= 0n ? time / FINEST : (time - FINEST + 1n) / FINEST;
    return finest >> this.#level;
  }

  #merge(): void {
    const odd = Number(this.#first & 1n);
    this.#accepted = mergePairs(this.#accepted, odd);
    this.#dropped = mergePairs(this.#dropped, odd);
    this.#first >>= 1n;
    this.#level++;
  }

  #extendBack(count: number): void {
    const none = Array.from({ length: count }, () => 0);
    this.#accepted = [...none, ...this.#accepted];
    this.#dropped = [...none, ...this.#dropped];
    this.#first -= BigInt(count);
  }
}

/** Sums of two neighbours; `odd` is 1 when the first stands alone. */
function mergePairs(counts: readonly number[], odd: number): number[] {
  const merged: number[] = [];
  for (let i = -odd; i < counts.length; i += 2) merged.push((counts[i] ?? 0) + (counts[i + 1] ?? 0));
  return merged;
}

/** `width` (20 to 1000) is that of the whole text in columns, `height` (1 to 100) that of each of the two plots in lines, at most; `unicode` false for a terminal that shows ASCII only. */
export interface TimelineOptions {
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  readonly unicode?: boolean | undefined;
}

interface Pen {
  /** A cell by how much of it is filled, from nothing to all. */
  readonly levels: string;
  readonly tick: string;
  readonly wall: string;
  readonly corner: string;
  readonly floor: string;
  readonly micro: string;
}

const UNICODE: Pen = { levels: " ▁▂▃▄▅▆▇█", tick: "┤", wall: "│", corner: "└", floor: "─", micro: "µs" };
const ASCII: Pen = { levels: " .:#", tick: "+", wall: "|", corner: "+", floor: "-", micro: "us" };

/**
 * Two plots over the same time, of accepted and of dropped packets, each to its own scale, as lines of text. A column that has
 * any packet shows a mark. Nothing of the data but numbers enters the text.
 */
export function timeline(data: TimelineData, options: TimelineOptions = {}): string {
  const { width = 72, height = 4, unicode = true } = options;
  const total = { accepted: 0, dropped: 0 };
  for (const bucket of data.buckets) {
    total.accepted += bucket.accepted;
    total.dropped += bucket.dropped;
  }
  if (total.accepted + total.dropped === 0) return "no packets";
  const pen = unicode ? UNICODE : ASCII;
  const margin = Math.max(String(total.accepted).length, String(total.dropped).length) + 2;
  const room = Math.max(8, clamp(width, 20, 1000) - margin - 1);
  const perColumn = Math.ceil(data.buckets.length / room);
  const columnWidth = data.bucketWidth * BigInt(perColumn);
  const lines: string[] = [];
  for (const outcome of ["accepted", "dropped"] as const) {
    const columns = inColumns(data, outcome, perColumn);
    const peak = Math.max(...columns);
    if (peak === 0) {
      lines.push(`${outcome}: no packets`);
      continue;
    }
    const count = total[outcome];
    lines.push(
      count === 1 ? `${outcome}: 1 packet` : `${outcome}: ${count} packets, at most ${peak} in ${printDuration(columnWidth, pen)}`,
    );
    lines.push(...bars(columns, peak, Math.min(peak, clamp(height, 1, 100)), margin, pen));
  }
  const columns = Math.ceil(data.buckets.length / perColumn);
  lines.push(" ".repeat(margin) + pen.corner + pen.floor.repeat(columns));
  lines.push(timeAxis(data, margin + 1, columns, pen));
  return lines.join("\n");
}

function inColumns(data: TimelineData, outcome: TimelineOutcome, perColumn: number): number[] {
  const columns: number[] = [];
  for (const [i, bucket] of data.buckets.entries()) {
    const column = Math.floor(i / perColumn);
    columns[column] = (columns[column] ?? 0) + bucket[outcome];
  }
  return columns;
}

function bars(columns: readonly number[], peak: number, height: number, margin: number, pen: Pen): string[] {
  const steps = pen.levels.length - 1;
  const heights = columns.map(count => (count === 0 ? 0 : Math.max(1, Math.round((count / peak) * height * steps))));
  const lines: string[] = [];
  for (let row = height - 1; row >= 0; row--) {
    const label = row === height - 1 ? String(peak).padStart(margin - 1) : "";
    const wall = row === height - 1 ? pen.tick : pen.wall;
    const cells = heights.map(filled => pen.levels[Math.min(steps, Math.max(0, filled - row * steps))]);
    lines.push(`${label.padEnd(margin)}${wall}${cells.join("")}`.trimEnd());
  }
  return lines;
}

/** The moment of the first packet under the left end, and under the right end how long it is from there to the last. */
function timeAxis({ first, last }: TimelineData, margin: number, columns: number, pen: Pen): string {
  const left = " ".repeat(margin) + printMoment(first);
  if (first === last) return left;
  const right = `+${printDuration(last - first, pen)}`;
  return left + right.padStart(Math.max(right.length + 1, margin + columns - left.length));
}

const MILLION = 1_000_000n;

/** UTC to the millisecond, or seconds where the year would need more than four digits. */
function printMoment(time: bigint): string {
  const milliseconds = time / MILLION;
  if (milliseconds < 0n || milliseconds >= 253_402_300_800_000n) return `${milliseconds / 1000n} s`;
  return new Date(Number(milliseconds)).toISOString().replace("T", " ").replace("Z", " UTC");
}

const UNITS: readonly (readonly [size: number, name: string])[] = [
  [86_400e9, "d"],
  [3600e9, "h"],
  [60e9, "min"],
  [1e9, "s"],
  [1e6, "ms"],
];

/** Three significant digits. */
function printDuration(nanoseconds: bigint, pen: Pen): string {
  const value = Number(nanoseconds);
  if (value < 1000) return `${value} ns`;
  const [size, name] = UNITS.find(([size]) => value >= size) ?? [1e3, pen.micro];
  return `${Number((value / size).toPrecision(3))} ${name}`;
}

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, Math.floor(value)));
