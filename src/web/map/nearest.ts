/** Index of the last number that is not above `wanted`, in an ascending list; 0 where all are above. */
export function nearest(ascending: readonly number[], wanted: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((ascending[middle] as number) <= wanted) low = middle;
    else high = middle - 1;
  }
  return Math.max(0, low);
}
