/** Length of an arrow's head, and radius of its corners, in units of the drawing. */
const HEAD = 6;
const CORNER = 8;

type Point = readonly [number, number];

/** A path along points whose corners are rounded. */
export function rounded(points: readonly Point[]): string {
  return points
    .map(([x, y], index) => {
      const before = points[index - 1];
      const after = points[index + 1];
      if (!before) return `M${x} ${y}`;
      if (!after) return `L${x} ${y}`;
      const [ax, ay] = towards([x, y], before);
      const [bx, by] = towards([x, y], after);
      return `L${ax} ${ay}Q${x} ${y} ${bx} ${by}`;
    })
    .join("");
}

/** The point next to a corner on the way to another point. */
function towards([x, y]: Point, [toX, toY]: Point): Point {
  const distance = Math.hypot(toX - x, toY - y);
  const share = distance === 0 ? 0 : Math.min(CORNER, distance / 2) / distance;
  return [x + (toX - x) * share, y + (toY - y) * share];
}

/** A triangle at the end of points, in the direction of the last of them. */
export function head(points: readonly Point[]): string {
  const [x, y] = points.at(-1) ?? [0, 0];
  const [beforeX, beforeY] = points.at(-2) ?? [x, y - 1];
  const length = Math.hypot(x - beforeX, y - beforeY) || 1;
  const [dx, dy] = [((x - beforeX) / length) * HEAD, ((y - beforeY) / length) * HEAD];
  return `M${x} ${y}L${x - dx * 1.4 - dy * 0.8} ${y - dy * 1.4 + dx * 0.8}L${x - dx * 1.4 + dy * 0.8} ${y - dy * 1.4 - dx * 0.8}Z`;
}
