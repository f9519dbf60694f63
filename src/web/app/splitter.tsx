import type { Signal } from "@preact/signals";
import type { JSX } from "preact";

const LEAST = 15;
const MOST = 80;

const clamped = (percent: number): number => Math.min(MOST, Math.max(LEAST, percent));

/** The bar between editor and panel: dragged, or moved by arrows. `width` is the editor's share in percent. */
export function Splitter({ width }: { readonly width: Signal<number> }): JSX.Element {
  return (
    <div
      class="splitter"
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label="Width of the editor"
      aria-valuenow={Math.round(width.value)}
      aria-valuemin={LEAST}
      aria-valuemax={MOST}
      onKeyDown={event => {
        const step = { ArrowLeft: -2, ArrowRight: 2 }[event.key];
        if (step !== undefined) width.value = clamped(width.value + step);
      }}
      onPointerDown={event => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={event => {
        const bar = event.currentTarget;
        const around = bar.parentElement?.getBoundingClientRect();
        if (around && bar.hasPointerCapture(event.pointerId)) width.value = clamped(((event.clientX - around.left) / around.width) * 100);
      }}
    />
  );
}
