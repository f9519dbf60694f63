import type { ComponentChildren, JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import "./virtual-rows.css";

/** Rows above and below the screen that are kept, so that scrolling shows no gap. */
const SPARE = 6;

const keyMoves = (page: number, last: number): Readonly<Record<string, (at: number) => number>> => ({
  ArrowDown: at => at + 1,
  ArrowUp: at => at - 1,
  PageDown: at => at + page,
  PageUp: at => at - page,
  Home: () => 0,
  End: () => last,
});

/**
 * A list of equally high rows, of which only those on the screen are drawn. One row takes part in the order of Tab; arrows, Page, Home and End
 * move to another. `shown` scrolls to a row whenever it changes.
 */
export function VirtualRows(props: {
  readonly label: string;
  readonly count: number;
  /** Of a row, in CSS pixels. */
  readonly rowHeight: number;
  readonly class?: string;
  /** The row that must be on the screen, from 0. */
  readonly shown?: number | undefined;
  /** Called with the distance that is scrolled, in CSS pixels. */
  readonly onScrolled?: (top: number) => void;
  /** One row; `focusable` says whether its controls take part in the order of Tab. */
  readonly row: (index: number, focusable: boolean) => ComponentChildren;
}): JSX.Element {
  const { label, count, rowHeight, shown, onScrolled, row } = props;
  const element = useRef<HTMLDivElement>(null);
  const wantsFocus = useRef(false);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(0);
  const [chosen, setChosen] = useState(0);
  const stop = Math.max(0, Math.min(chosen, count - 1));
  useLayoutEffect(() => {
    const list = element.current as HTMLDivElement;
    const observer = new ResizeObserver(() => setHeight(list.clientHeight));
    observer.observe(list);
    setHeight(list.clientHeight);
    return () => observer.disconnect();
  }, []);
  const scrollTo = (index: number): void => {
    const list = element.current as HTMLDivElement;
    const start = index * rowHeight;
    if (start < list.scrollTop) list.scrollTop = Math.max(0, start - rowHeight);
    else if (start + rowHeight > list.scrollTop + list.clientHeight) list.scrollTop = start - list.clientHeight + 2 * rowHeight;
  };
  useEffect(() => {
    if (shown === undefined || shown < 0 || shown >= count) return;
    setChosen(shown);
    scrollTo(shown);
  }, [shown, count, height]);
  // Before the next key comes, or its row would be counted from here.
  useLayoutEffect(() => {
    if (!wantsFocus.current) return;
    wantsFocus.current = false;
    element.current?.querySelector<HTMLElement>(`[data-index="${stop}"] button`)?.focus({ preventScroll: true });
  });
  const first = Math.max(0, Math.floor(top / rowHeight) - SPARE);
  const end = Math.min(count, Math.ceil((top + height) / rowHeight) + SPARE);
  const indices = Array.from({ length: Math.max(0, end - first) }, (_, at) => first + at);
  if (count > 0 && (stop < first || stop >= end)) indices.push(stop);
  return (
    <div
      class={`map-rows${props.class ? ` ${props.class}` : ""}`}
      data-own-scroll={count * rowHeight > height ? "" : undefined}
      ref={element}
      onScroll={event => {
        setTop(event.currentTarget.scrollTop);
        onScrolled?.(event.currentTarget.scrollTop);
      }}
      onKeyDown={event => {
        if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
        const move = keyMoves(Math.max(1, Math.floor(height / rowHeight) - 1), count - 1)[event.key];
        if (!move) return;
        event.preventDefault();
        event.stopPropagation();
        const next = Math.max(0, Math.min(move(stop), count - 1));
        wantsFocus.current = true;
        setChosen(next);
        scrollTo(next);
      }}
    >
      <ol class="map-rows-all" aria-label={label} style={{ height: `${count * rowHeight}px` }}>
        {indices.map(index => (
          <li
            key={index}
            data-index={index}
            aria-posinset={index + 1}
            aria-setsize={count}
            style={{ top: `${index * rowHeight}px`, height: `${rowHeight}px` }}
            onFocusCapture={() => setChosen(index)}
          >
            {row(index, index === stop)}
          </li>
        ))}
      </ol>
    </div>
  );
}
