import type { Box } from "./plan.ts";

/** Something that the focus can stand on. */
export interface Stop {
  readonly key: string;
  readonly box: Box;
}

const WAYS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** How much worse it is to lie beside the way than further along it. */
const ASIDE = 3;

/** Where a key moves the focus from a stop: the nearest one in that direction, or the first or last; undefined when nowhere. */
export function nextRow(stops: readonly Stop[], from: string, key: string): Stop | undefined {
  if (key === "Home") return stops[0];
  if (key === "End") return stops.at(-1);
  const way = WAYS[key];
  const start = stops.find(stop => stop.key === from);
  if (!way || !start) return undefined;
  const [fromX, fromY] = middle(start.box);
  let best: Stop | undefined;
  let least = Infinity;
  for (const stop of stops) {
    const [x, y] = middle(stop.box);
    const along = (x - fromX) * way[0] + (y - fromY) * way[1];
    const aside = Math.abs((x - fromX) * way[1]) + Math.abs((y - fromY) * way[0]);
    const cost = along + ASIDE * aside;
    if (along > 1 && cost < least) {
      least = cost;
      best = stop;
    }
  }
  return best;
}

const middle = ({ x, y, width, height }: Box): readonly [number, number] => [x + width / 2, y + height / 2];
