import type { JSX } from "preact";
import type { PlayedTime } from "./played.ts";
import { stretchText, type Columns } from "./stretch.ts";

/** One end of the marked stretch: dragged, or moved by arrows, Page Up and Page Down, Home and End. */
export function BrushHandle(props: {
  readonly end: "from" | "to";
  readonly at: Columns;
  readonly time: PlayedTime;
  readonly mark: (one: number, other: number) => void;
}): JSX.Element {
  const { end, at, time, mark } = props;
  const columns = time.accepted.length;
  const now = at[end];
  const page = Math.max(1, Math.round(columns / 10));
  const move = (to: number): void => {
    const column = Math.max(0, Math.min(columns - 1, to));
    if (end === "from") mark(Math.min(column, at.to), at.to);
    else mark(at.from, Math.max(column, at.from));
  };
  return (
    <div
      class={`replay-handle ${end}`}
      style={{ left: `${((end === "from" ? now : now + 1) / columns) * 100}%` }}
      role="slider"
      tabIndex={0}
      aria-label={end === "from" ? "Marked from" : "Marked to"}
      aria-valuemin={0}
      aria-valuemax={columns - 1}
      aria-valuenow={now}
      aria-valuetext={stretchText(time, at)}
      onPointerDown={event => {
        event.stopPropagation();
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={event => {
        if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
        event.stopPropagation();
        const around = event.currentTarget.parentElement?.getBoundingClientRect();
        if (around) move(Math.floor(((event.clientX - around.left) / Math.max(1, around.width)) * columns));
      }}
      onPointerUp={event => event.stopPropagation()}
      onKeyDown={event => {
        const to = {
          ArrowLeft: now - 1,
          ArrowDown: now - 1,
          ArrowRight: now + 1,
          ArrowUp: now + 1,
          PageDown: now - page,
          PageUp: now + page,
          Home: 0,
          End: columns - 1,
        }[event.key];
        if (to === undefined) return;
        event.preventDefault();
        move(to);
      }}
    />
  );
}
