/** Timer ticks in a second of the kernels that Debian builds. Kernel: CONFIG_HZ. */
export const HZ = 250;

/** Ticks since the epoch at a time in microseconds. The kernel counts from its own start, so that only differences mean something. */
export function jiffies(now: number): number {
  return Math.floor((now * HZ) / 1_000_000);
}
