import { useSignal, type Signal } from "@preact/signals";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { count } from "../../report/index.ts";
import { BrushHandle } from "./brush-handle.tsx";
import type { PlayedTime } from "./played.ts";
import { during } from "./session-choice.ts";
import { columnsOf, stretchText, type Columns } from "./stretch.ts";

/** Accepted and dropped packets over time; a stretch that is marked narrows the table of sessions. */
export function TimeChart({ time }: { readonly time: PlayedTime }): JSX.Element {
  const pointed: Signal<number | undefined> = useSignal(undefined);
  const anchor = useRef<number | undefined>(undefined);
  const { accepted, dropped, start, width } = time;
  const last = accepted.length - 1;
  const marked = columnsOf(during.value, time);
  const mark = (one: number, other: number): void => {
    const [from, to] = [Math.min(one, other), Math.max(one, other)];
    during.value = from === 0 && to === last ? undefined : { from: start + BigInt(from) * width, to: start + BigInt(to + 1) * width - 1n };
  };
  const columnAt = (event: PointerEvent & { readonly currentTarget: HTMLElement }): number => {
    const { left, width: wide } = event.currentTarget.getBoundingClientRect();
    return Math.max(0, Math.min(last, Math.floor(((event.clientX - left) / Math.max(1, wide)) * accepted.length)));
  };
  const whole: Columns = marked ?? { from: 0, to: last };
  const about = pointed.value === undefined ? whole : { from: pointed.value, to: pointed.value };
  return (
    <section class="stack" aria-labelledby="replay-time">
      <h3 id="replay-time">Over time</h3>
      <div class="replay-chart">
        <Plot name="accepted" counts={accepted} />
        <Plot name="dropped" counts={dropped} />
        <div
          class="replay-brush"
          onPointerDown={event => {
            if (event.button !== 0) return;
            event.currentTarget.setPointerCapture(event.pointerId);
            anchor.current = columnAt(event);
          }}
          onPointerMove={event => {
            const column = columnAt(event);
            pointed.value = column;
            if (anchor.current !== undefined && column !== anchor.current) mark(anchor.current, column);
          }}
          onPointerUp={event => {
            if (anchor.current !== undefined && columnAt(event) === anchor.current && marked) during.value = undefined;
            anchor.current = undefined;
          }}
          onPointerLeave={() => {
            pointed.value = undefined;
          }}
        >
          {marked && <Shade marked={marked} columns={accepted.length} />}
          <BrushHandle end="from" at={whole} time={time} mark={mark} />
          <BrushHandle end="to" at={whole} time={time} mark={mark} />
        </div>
      </div>
      <div class="row small">
        <span class="replay-told" aria-live="off">
          {stretchText(time, about)}
        </span>
        {marked && (
          <button
            type="button"
            class="act"
            onClick={() => {
              during.value = undefined;
            }}
          >
            Clear the mark
          </button>
        )}
      </div>
    </section>
  );
}

/** Bars of one outcome, to its own scale. */
function Plot({ name, counts }: { readonly name: "accepted" | "dropped"; readonly counts: readonly number[] }): JSX.Element {
  const peak = Math.max(...counts);
  const total = counts.reduce((sum, some) => sum + some, 0);
  const path = counts.map((some, column) => (some === 0 ? "" : `M${column} 100V${100 - Math.max(3, (some / peak) * 100)}h1V100z`)).join("");
  return (
    <div class="replay-plot">
      <span class="replay-scale small">
        <span class={`badge ${name === "accepted" ? "accept" : "drop"}`}>{name}</span> {count(total)}
        {peak > 0 && <span class="soft">, at most {count(peak)}</span>}
      </span>
      <svg
        viewBox={`0 0 ${counts.length} 100`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${count(total)} packets ${name} over time, at most ${count(peak)} in one column of ${counts.length}`}
      >
        <path class={`replay-bars ${name}`} d={path} shape-rendering="crispEdges" />
      </svg>
    </div>
  );
}

/** What is not marked, dimmed. */
function Shade({ marked, columns }: { readonly marked: Columns; readonly columns: number }): JSX.Element {
  return (
    <>
      <div class="replay-shade" style={{ left: 0, width: `${(marked.from / columns) * 100}%` }} />
      <div class="replay-shade" style={{ right: 0, width: `${((columns - marked.to - 1) / columns) * 100}%` }} />
    </>
  );
}
