/** Numbers, sizes and times of a replay, for people. */

/** `12,345`. */
export const count = (value: number): string => value.toString().replace(/\B(?=(\d{3})+$)/g, ",");

/** `1 packet`, `2 packets`. */
export const counted = (value: number, noun: string): string => `${count(value)} ${noun}${value === 1 ? "" : "s"}`;

/** `532 B`, `7.1 MB`: powers of 1000. */
export function size(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : Number(value.toPrecision(3))} ${UNITS[unit] as string}`;
}

const UNITS: readonly string[] = ["B", "kB", "MB", "GB", "TB"];

/** `9.4 %`; what is more than nothing never reads as nothing, and what is less than all never as all. */
export function share(part: number, whole: number): string {
  if (whole === 0) return "";
  const percent = (part / whole) * 100;
  if (part > 0 && percent < 0.1) return "<0.1 %";
  if (part < whole && percent > 99.9) return ">99.9 %";
  return `${percent.toFixed(percent === 100 || percent === 0 ? 0 : 1)} %`;
}

/** A time span in nanoseconds as `512 ms`, `4 min 12 s`, `3 d 4 h`. */
export function span(nanoseconds: bigint): string {
  const seconds = Number(nanoseconds) / 1e9;
  if (seconds === 0) return "0 s";
  if (seconds < 1e-3) return `${Number((seconds * 1e6).toPrecision(3))} us`;
  if (seconds < 1) return `${Number((seconds * 1e3).toPrecision(3))} ms`;
  if (seconds < 60) return `${Number(seconds.toPrecision(3))} s`;
  const whole = Math.round(seconds);
  const [large, small, ratio, more] =
    whole < 3600
      ? (["min", "s", 60, 1] as const)
      : whole < 86_400
        ? (["h", "min", 3600, 60] as const)
        : (["d", "h", 86_400, 3600] as const);
  const rest = Math.floor((whole % ratio) / more);
  return `${count(Math.floor(whole / ratio))} ${large}${rest > 0 ? ` ${rest} ${small}` : ""}`;
}

/** UTC to the second, or seconds where the year would need more than four digits. */
export function moment(nanoseconds: bigint): string {
  const milliseconds = nanoseconds / 1_000_000n;
  if (milliseconds < 0n || milliseconds >= 253_402_300_800_000n) return `${milliseconds / 1000n} s`;
  return `${new Date(Number(milliseconds)).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** A bar as long as a share of `width` cells, in eighths of a cell where the terminal has them. */
export function bar(part: number, whole: number, width: number, unicode: boolean): string {
  if (part === 0 || whole === 0) return "";
  if (!unicode) return "#".repeat(Math.max(1, Math.round((part / whole) * width)));
  const eighths = Math.max(1, Math.round((part / whole) * width * 8));
  const rest = eighths % 8;
  return "█".repeat(eighths >> 3) + (rest > 0 ? ("▏▎▍▌▋▊▉"[rest - 1] as string) : "");
}

/** Columns side by side: right-aligned where `right` says so, the last one never padded. */
export function table(rows: readonly (readonly string[])[], right: readonly boolean[]): string[] {
  const widths = right.map((_, column) => Math.max(0, ...rows.map(row => [...(row[column] ?? "")].length)));
  return rows.map(row =>
    row
      .map((cell, column) => {
        const pad = " ".repeat((widths[column] ?? 0) - [...cell].length);
        return right[column] ? pad + cell : column === row.length - 1 ? cell : cell + pad;
      })
      .join("  ")
      .trimEnd(),
  );
}
