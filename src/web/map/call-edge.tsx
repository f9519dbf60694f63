import type { JSX } from "preact";
import { head } from "./arrow-path.ts";
import type { Call } from "./neighbours.ts";
import type { Box } from "./plan.ts";

interface Point {
  readonly x: number;
  readonly y: number;
}

/** A call between two chains, as a curve from card to card along the points of the layout. */
export function CallEdge(props: {
  readonly call: Call;
  readonly start: Box;
  readonly end: Box;
  readonly points: readonly Point[];
  /** Where it leaves the list of rules; from the middle of the card when undefined. */
  readonly row: number | undefined;
  readonly passed: boolean;
  /** Drawn faintly: its rule is not seen now. */
  readonly aside: boolean;
}): JSX.Element {
  const { call, start, end, points, row, passed, aside } = props;
  const from: Point = { x: start.x + start.width, y: row ?? start.y + start.height / 2 };
  const to: Point = { x: end.x, y: end.y + end.height / 2 };
  return (
    <g class={`map-arrow${passed ? " passed" : aside ? " aside" : ""}`}>
      <path class="map-arrow-line" d={curve([from, ...points.slice(1, -1), to])} {...(call.goto ? { "stroke-dasharray": "5 4" } : {})} />
      <path
        class="map-arrow-head"
        d={head([
          [to.x - 1, to.y],
          [to.x, to.y],
        ])}
      />
    </g>
  );
}

/** A smooth line through points, which leaves and arrives level. */
function curve(points: readonly Point[]): string {
  return points
    .map((point, index) => {
      const before = points[index - 1];
      if (!before) return `M${point.x} ${point.y}`;
      const half = (point.x - before.x) / 2;
      return `C${before.x + half} ${before.y} ${point.x - half} ${point.y} ${point.x} ${point.y}`;
    })
    .join("");
}
