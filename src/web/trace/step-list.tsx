import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { JSX } from "preact";
import { printable } from "../../report/index.ts";
import { skipping, stepByKey } from "../map/stepping.ts";
import { currentStep, goTo, step, traced, type TraceStep } from "../state/traced.ts";
import { rowOf, stepRows, type StepRow } from "./step-rows.ts";

/** Height of a row in CSS pixels; the style sheet says the same. */
const ROW = 40;
/** Rows that are drawn beyond what is seen. */
const SPARE = 8;

/** The steps of the packet that the trace stands at, table by table. Only rows in sight are drawn. */
export function StepList(): JSX.Element | null {
  const turned = useSignal<ReadonlySet<string>>(new Set());
  const top = useSignal(0);
  const height = useSignal(400);
  const box = useRef<HTMLDivElement>(null);
  const packet = useComputed(() => currentStep.value?.packet);
  const rows = useComputed((): readonly StepRow[] => {
    const answer = traced.value;
    const shown = packet.value === undefined ? undefined : answer?.packets[packet.value];
    return answer && shown ? stepRows(answer.steps, shown.first, shown.end, { turned: turned.value, skip: skipping.value }) : [];
  });
  // Another packet has other groups.
  useSignalEffect(() => {
    void packet.value;
    turned.value = new Set();
  });
  useSignalEffect(() => {
    const at = rowOf(rows.value, step.value);
    const element = box.current;
    if (!element || at < 0) return;
    const from = at * ROW;
    if (from < element.scrollTop + ROW) element.scrollTop = from - ROW;
    else if (from + ROW > element.scrollTop + element.clientHeight) element.scrollTop = from + ROW * 2 - element.clientHeight;
  });
  if (rows.value.length === 0) return null;
  const first = Math.max(0, Math.floor(top.value / ROW) - SPARE);
  const last = Math.min(rows.value.length, Math.ceil((top.value + height.value) / ROW) + SPARE);
  const current = rowOf(rows.value, step.value);
  return (
    <div
      class="trace-steps"
      ref={box}
      role="group"
      aria-label="Steps; the up and down arrows move"
      tabIndex={0}
      onScroll={event => {
        top.value = event.currentTarget.scrollTop;
        height.value = event.currentTarget.clientHeight;
      }}
      onKeyDown={event => {
        const key = { ArrowUp: "ArrowLeft", ArrowDown: "ArrowRight", Home: "Home", End: "End" }[event.key];
        if (key !== undefined && stepByKey(key)) event.preventDefault();
      }}
    >
      <div class="trace-steps-all" style={{ height: `${rows.value.length * ROW}px` }}>
        {rows.value.slice(first, last).map((row, index) => (
          <div key={first + index} class="trace-step-row" style={{ transform: `translateY(${(first + index) * ROW}px)` }}>
            <Row
              row={row}
              current={current === first + index}
              toggle={key => {
                const next = new Set(turned.value);
                if (!next.delete(key)) next.add(key);
                turned.value = next;
              }}
            />
          </div>
        ))}
      </div>
    </div>
  );
}

function Row({
  row,
  current,
  toggle,
}: {
  readonly row: StepRow;
  readonly current: boolean;
  readonly toggle: (key: string) => void;
}): JSX.Element | null {
  if (row.is === "group")
    return (
      <button
        type="button"
        class="trace-group"
        tabIndex={-1}
        aria-expanded={row.open}
        aria-current={current ? "step" : undefined}
        onClick={() => toggle(row.key)}
      >
        <span aria-hidden="true">{row.open ? "▾" : "▸"}</span> <strong>{row.title}</strong> <span class="soft small">{row.about}</span>
      </button>
    );
  if (row.is === "misses")
    return (
      <button
        type="button"
        class="trace-step"
        tabIndex={-1}
        onClick={() => {
          skipping.value = false;
          goTo(row.first);
        }}
      >
        <span class="soft">
          … {row.count} {row.count === 1 ? "rule" : "rules"} did not match: show
        </span>
      </button>
    );
  const each = traced.value?.steps[row.index];
  return each ? <Step each={each} index={row.index} current={current} /> : null;
}

function Step({ each, index, current }: { readonly each: TraceStep; readonly index: number; readonly current: boolean }): JSX.Element {
  const { number, matched, rule, text, verdict, event } = each;
  return (
    <button
      type="button"
      class={`trace-step ${toneOf(each)}`}
      tabIndex={-1}
      aria-current={current ? "step" : undefined}
      onClick={() => goTo(index)}
    >
      <span class="trace-sign" aria-hidden="true">
        {SIGNS.get(verdict) ?? (matched === false ? "·" : matched ? "▸" : (EVENTS.get(event) ?? "•"))}
      </span>
      <span class="trace-step-text">
        {rule === "" ? null : (
          <span class="rule-text trace-one-line">
            {number} {printable(rule)}
          </span>
        )}
        <span class={rule === "" ? "from-rules trace-one-line" : "from-rules small soft trace-one-line"}>{printable(text)}</span>
      </span>
    </button>
  );
}

const SIGNS: ReadonlyMap<TraceStep["verdict"], string> = new Map([
  ["accept", "✓"],
  ["drop", "✕"],
  ["reject", "✕"],
  ["nat", "⇄"],
  ["queue", "⇢"],
]);

const EVENTS: ReadonlyMap<string, string> = new Map([
  ["hook", "→"],
  ["route", "↳"],
  ["tracking", "○"],
  ["confirm", "○"],
  ["return", "↩"],
]);

const toneOf = ({ verdict, matched }: TraceStep): string =>
  verdict === "accept" || verdict === "drop" || verdict === "reject" || verdict === "nat" ? verdict : matched === false ? "miss" : "";
