import { useSignal } from "@preact/signals";
import type { JSX, TargetedKeyboardEvent, TargetedMouseEvent, VNode } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { printable, type GridAxis } from "../../report/index.ts";
import { isNarrow } from "../state/actions.ts";
import { AXIS_WORDS } from "./axis.ts";
import type { Chosen } from "./chosen.ts";
import { matrixLine, type Across } from "./matrix-line.tsx";
import { sheet } from "./state.ts";
import type { PolicyView, SectionView } from "./view.ts";
import { sameWindow, scrollFor, windowOf } from "./window.ts";

/** Pixels; the style sheet says the same. */
const LINE = 34;
const HEAD = 62;
const LEAST_COLUMN = 92;
/** The line of the columns' heads. */
const HEADS = -1;
const NAMES = { wide: 230, narrow: 132 };

interface MatrixProps {
  readonly policy: PolicyView;
  readonly section: SectionView;
  /** The section's index in the policy. */
  readonly index: number;
  readonly axis: GridAxis;
  readonly chosen: Chosen;
}

/** Services × classes of addresses. Only what can be seen is drawn; arrows, Home, End and Page move from cell to cell, Enter opens one. */
export function Matrix({ policy, section, index, axis, chosen }: MatrixProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const room = useSignal({ width: 640, height: 400 });
  const seen = useSignal({ across: { first: 0, end: 8 }, down: { first: 0, end: 12 } });
  const active = useSignal({ line: 0, column: 0 });
  const wantsFocus = useRef(false);
  const { columns, cells } = section.matrices[axis];
  const names = isNarrow.value ? NAMES.narrow : NAMES.wide;
  const size = Math.max(LEAST_COLUMN, Math.floor((room.value.width - names) / Math.max(1, chosen.columns.length)));
  const at = {
    line: Math.min(active.value.line, chosen.lines.length - 1),
    column: Math.min(active.value.column, chosen.columns.length - 1),
  };

  const look = (): void => {
    const element = box.current;
    if (!element) return;
    const across = windowOf(chosen.columns.length, size, element.scrollLeft, Math.max(0, room.peek().width - names));
    const down = windowOf(chosen.lines.length, LINE, element.scrollTop, Math.max(0, room.peek().height - HEAD));
    if (!sameWindow(across, seen.peek().across) || !sameWindow(down, seen.peek().down)) seen.value = { across, down };
  };
  useLayoutEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      const width = Math.round(entry?.contentRect.width ?? 0);
      const height = Math.round(entry?.contentRect.height ?? 0);
      if (width !== room.peek().width || height !== room.peek().height) room.value = { width, height };
    });
    observer.observe(box.current as HTMLDivElement);
    return () => observer.disconnect();
  }, []);
  useLayoutEffect(look, [chosen, size, names, room.value]);
  useLayoutEffect(() => {
    if (!wantsFocus.current) return;
    wantsFocus.current = false;
    box.current?.querySelector<HTMLElement>("[data-active]")?.focus({ preventScroll: true });
  });

  const { down } = seen.value;
  const across = acrossOf(chosen, seen.value.across, size);
  const shownLines = chosen.lines.slice(down.first, down.end);

  const move = (event: TargetedKeyboardEvent<HTMLTableElement>): void => {
    const page = Math.max(1, Math.floor((room.peek().height - HEAD) / LINE) - 1);
    const step = stepFor(event.key, page, chosen.columns.length);
    const element = box.current;
    if (!step || !element) return;
    event.preventDefault();
    // Keys may come sooner than drawing.
    const from = active.peek();
    const line = Math.max(HEADS, Math.min(chosen.lines.length - 1, from.line + step[0]));
    const column = Math.max(0, Math.min(chosen.columns.length - 1, from.column + step[1]));
    element.scrollTop = scrollFor(Math.max(0, line), LINE, element.scrollTop, element.clientHeight, HEAD) ?? element.scrollTop;
    element.scrollLeft = scrollFor(column, size, element.scrollLeft, element.clientWidth, names) ?? element.scrollLeft;
    look();
    wantsFocus.current = true;
    active.value = { line, column };
  };
  const open = (event: TargetedMouseEvent<HTMLTableElement>): void => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-cell],[data-column]") : null;
    const [line = 0, column = 0] = (button?.dataset["cell"] ?? "").split(" ").map(Number);
    if (button?.dataset["cell"] !== undefined) {
      active.value = { line, column };
      sheet.value = { is: "cell", of: policy, section: index, axis, line: chosen.lines[line] ?? 0, column: chosen.columns[column] ?? 0 };
    } else if (button) sheet.value = { is: "column", of: policy, section: index, axis, column: Number(button.dataset["column"]) };
  };

  return (
    <div class="policy-matrix" ref={box} onScroll={look}>
      <table
        role="grid"
        aria-label={`${section.title}: services by ${AXIS_WORDS[axis]}`}
        aria-rowcount={chosen.lines.length + 1}
        aria-colcount={chosen.columns.length + 1}
        style={{ width: `${names + chosen.columns.length * size}px` }}
        onKeyDown={move}
        onClick={open}
      >
        <colgroup>
          <col style={{ width: `${names}px` }} />
          {across.before > 0 ? <col style={{ width: `${across.before}px` }} /> : null}
          {across.columns.map(column => (
            <col key={column} style={{ width: `${size}px` }} />
          ))}
          {across.behind > 0 ? <col style={{ width: `${across.behind}px` }} /> : null}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col" class="policy-corner">
              Service
            </th>
            {across.before > 0 ? <td class="policy-gap" /> : null}
            {across.columns.map((column, seat) => (
              <th key={column} scope="col" aria-colindex={across.first + seat + 2}>
                <button
                  type="button"
                  class="policy-column"
                  tabIndex={at.line === HEADS && at.column === across.first + seat ? 0 : -1}
                  data-active={at.line === HEADS && at.column === across.first + seat ? "" : undefined}
                  data-column={column}
                  title="Show the addresses"
                >
                  <span class="policy-service from-rules">{printable(columns[column]?.name ?? "")}</span>
                </button>
              </th>
            ))}
            {across.behind > 0 ? <td class="policy-gap" /> : null}
          </tr>
        </thead>
        <tbody>
          <Gap height={down.first * LINE} />
          <Lines all={{ section, axis, across, columnCount: columns.length, cells }} lines={shownLines} first={down.first} active={at} />
          <Gap height={(chosen.lines.length - down.end) * LINE} />
        </tbody>
      </table>
    </div>
  );
}

function acrossOf(chosen: Chosen, { first, end }: { readonly first: number; readonly end: number }, size: number): Across {
  const columns = chosen.columns.slice(first, end);
  const drawnEnd = Math.min(first + columns.length, chosen.columns.length);
  return { first, end, columns, before: first * size, behind: (chosen.columns.length - drawnEnd) * size };
}

function stepFor(key: string, page: number, columns: number): readonly [lines: number, columns: number] | undefined {
  switch (key) {
    case "ArrowDown":
      return [1, 0];
    case "ArrowUp":
      return [-1, 0];
    case "ArrowRight":
      return [0, 1];
    case "ArrowLeft":
      return [0, -1];
    case "PageDown":
      return [page, 0];
    case "PageUp":
      return [-page, 0];
    case "Home":
      return [0, -columns];
    case "End":
      return [0, columns];
    default:
      return undefined;
  }
}

interface LinesProps {
  readonly all: {
    readonly section: SectionView;
    readonly axis: GridAxis;
    readonly across: Across;
    readonly columnCount: number;
    readonly cells: Uint8Array;
  };
  readonly lines: readonly number[];
  readonly first: number;
  readonly active: { readonly line: number; readonly column: number };
}

/** The lines that are drawn. A line that is the same as before is the same node, which costs nothing to draw again. */
function Lines({ all, lines, first, active }: LinesProps): JSX.Element {
  const { section, axis, across, columnCount, cells } = all;
  const kept = useRef<{ readonly key: string; readonly section: SectionView; readonly nodes: Map<string, VNode> } | undefined>(undefined);
  const key = `${axis} ${across.first} ${across.columns.join()} ${across.before} ${across.behind}`;
  const before = kept.current?.key === key && kept.current.section === section ? kept.current.nodes : undefined;
  const nodes = new Map<string, VNode>();
  const drawn = lines.map((line, index) => {
    const place = first + index;
    const focus = place === active.line ? active.column : undefined;
    const name = `${line} ${place} ${focus ?? ""}`;
    const node =
      before?.get(name) ??
      matrixLine({
        line,
        place,
        name: section.lines[line]?.name ?? "",
        special: section.lines[line]?.special ?? false,
        codes: cells.subarray(line * columnCount, (line + 1) * columnCount),
        across,
        active: focus,
      });
    nodes.set(name, node);
    return node;
  });
  kept.current = { key, section, nodes };
  return <>{drawn}</>;
}

/** The room of lines that are not drawn. */
function Gap({ height }: { readonly height: number }): JSX.Element | null {
  return height > 0 ? (
    <tr aria-hidden="true" class="policy-gap" style={{ height: `${height}px` }}>
      <td />
    </tr>
  ) : null;
}
