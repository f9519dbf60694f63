import type { JSX } from "preact";
import { head, rounded } from "./arrow-path.ts";
import type { PlannedArrow } from "./plan.ts";

/** A way between two places of the overview. */
export function Arrow({ arrow, passed }: { readonly arrow: PlannedArrow; readonly passed: boolean }): JSX.Element {
  const { points, label, dashed } = arrow;
  return (
    <g class={`map-arrow${passed ? " passed" : ""}`}>
      <path class="map-arrow-line" d={rounded(points)} {...(dashed ? { "stroke-dasharray": "4 4" } : {})} />
      <path class="map-arrow-head" d={head(points)} />
      {label && (
        <text
          x={label.x}
          y={label.y}
          {...(label.before ? { "text-anchor": "end" } : {})}
          {...(label.turned ? { transform: `rotate(-90 ${label.x} ${label.y})` } : {})}
        >
          {label.text}
        </text>
      )}
    </g>
  );
}
