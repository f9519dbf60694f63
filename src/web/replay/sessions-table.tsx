import "./sessions-table.css";
import { useSignal, useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { typedInto } from "../controls/typed-into.ts";
import { count } from "../../report/index.ts";
import { sessionPage, sessionsTurn } from "./running.ts";
import { during, fate, order, search, sessionView } from "./session-choice.ts";
import { SessionLine } from "./session-line.tsx";
import type { SessionOrder, SessionPage, SessionView } from "./session-view.ts";
import { reasonOf } from "../work/reason.ts";

/** How a table of some width in CSS pixels draws a line, and how high it is. */
const SHAPES = [
  { shape: "wide", atLeast: 880, line: 34 },
  { shape: "middle", atLeast: 480, line: 58 },
  { shape: "narrow", atLeast: 0, line: 86 },
] as const;
/** Lines beyond those in sight that are there already. */
const BEYOND = 12;

const HEADS: readonly (readonly [title: string, by: SessionOrder | undefined])[] = [
  ["After", "first"],
  ["Session", "session"],
  ["Packets", "packets"],
  ["Lost", "lost"],
  ["Outcome", undefined],
  ["Dropped by", undefined],
  ["", undefined],
];

/** The sessions of the capture. Only those in sight are here: the worker holds the table, orders it and searches it. */
export function SessionsTable(): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const shape = useSignal<(typeof SHAPES)[number]>(SHAPES[1]);
  const height = useSignal(400);
  const scrolled = useSignal(0);
  const page = useSignal<SessionPage & { readonly first: number }>({ first: 0, total: 0, all: 0, rows: [] });
  const fault = useSignal("");
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => {
      shape.value = SHAPES.find(({ atLeast }) => element.clientWidth >= atLeast) ?? SHAPES[2];
      height.value = element.clientHeight;
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const asking = useRef(false);
  const again = useRef(false);
  const look = async (): Promise<void> => {
    again.current = asking.current;
    if (asking.current) return;
    asking.current = true;
    try {
      do {
        again.current = false;
        const { line } = shape.peek();
        const first = Math.max(0, Math.floor(scrolled.peek() / line) - BEYOND);
        const found = await sessionPage(sessionView.peek(), first, Math.ceil(height.peek() / line) + 2 * BEYOND);
        page.value = { ...found, first };
        fault.value = "";
      } while (again.current);
    } catch (thrown) {
      fault.value = reasonOf(thrown);
    } finally {
      asking.current = false;
    }
  };
  useSignalEffect(() => {
    void [sessionView.value, sessionsTurn.value, shape.value, height.value, scrolled.value];
    void look();
  });
  useSignalEffect(() => {
    void sessionView.value;
    if (box.current) box.current.scrollTop = 0;
  });
  const { shape: name, line } = shape.value;
  const { first, total, all, rows } = page.value;
  return (
    <section class="stack" aria-labelledby="replay-sessions">
      <h3 id="replay-sessions">Sessions</h3>
      <Choice total={total} all={all} />
      {fault.value !== "" && <p class="notice fault">The table could not be read: {fault.value}</p>}
      <div
        class={`replay-table ${name}`}
        role="table"
        aria-labelledby="replay-sessions"
        aria-rowcount={total + 1}
        tabIndex={0}
        ref={box}
        onScroll={event => {
          scrolled.value = event.currentTarget.scrollTop;
        }}
      >
        <div role="rowgroup" class="replay-head">
          <div role="row" class="replay-line">
            {HEADS.map(([title, by]) => (
              <Head key={title} title={title} by={by} />
            ))}
          </div>
        </div>
        <div role="rowgroup" class="replay-lines" style={{ height: `${total * line}px` }}>
          {rows.map((row, index) => (
            <SessionLine key={row.index} row={row} number={first + index + 2} top={(first + index) * line} height={line} />
          ))}
        </div>
        {total === 0 && <p class="replay-none soft">{all === 0 ? "No session was seen yet." : "No session is like that."}</p>}
      </div>
    </section>
  );
}

function Head({ title, by }: { readonly title: string; readonly by: SessionOrder | undefined }): JSX.Element {
  const { by: now, descending } = order.value;
  if (by === undefined) return <span role="columnheader">{title === "" ? <span class="visually-hidden">Why</span> : title}</span>;
  const sorted = now === by ? (descending ? "descending" : "ascending") : "none";
  return (
    <span role="columnheader" aria-sort={sorted}>
      <button
        type="button"
        class="replay-sort"
        onClick={() => {
          order.value = { by, descending: now === by ? !descending : by === "packets" || by === "lost" };
        }}
      >
        {title}
        <span aria-hidden="true">{sorted === "none" ? "" : sorted === "descending" ? " ↓" : " ↑"}</span>
      </button>
    </span>
  );
}

const FATES: readonly (readonly [fate: SessionView["fate"], words: string])[] = [
  ["any", "all sessions"],
  ["lossy", "that lost packets"],
  ["dropped", "dropped altogether"],
  ["rejected", "rejected altogether"],
  ["partly", "that lost some packets"],
  ["passed", "that lost nothing"],
];

const ORDERS: readonly (readonly [by: SessionOrder, words: string])[] = [
  ["lost", "most lost first"],
  ["first", "earliest first"],
  ["packets", "most packets first"],
  ["bytes", "most bytes first"],
  ["lasts", "longest first"],
  ["session", "by name"],
];

function Choice({ total, all }: { readonly total: number; readonly all: number }): JSX.Element {
  return (
    <div class="row replay-choice">
      <input
        type="search"
        class="input"
        aria-label="Search sessions"
        placeholder="address, port, protocol, rule …"
        spellcheck={false}
        {...typedInto(search)}
      />
      <select
        class="input"
        aria-label="Which sessions"
        value={fate.value}
        onChange={event => {
          fate.value = FATES.find(([each]) => each === event.currentTarget.value)?.[0] ?? "any";
        }}
      >
        {FATES.map(([each, words]) => (
          <option key={each} value={each}>
            {words}
          </option>
        ))}
      </select>
      <select
        class="input"
        aria-label="Order of sessions"
        value={order.value.by}
        onChange={event => {
          const by = ORDERS.find(([each]) => each === event.currentTarget.value)?.[0] ?? "lost";
          order.value = { by, descending: by !== "first" && by !== "session" };
        }}
      >
        {ORDERS.map(([each, words]) => (
          <option key={each} value={each}>
            {words}
          </option>
        ))}
      </select>
      <span class="small soft" role="status">
        {total === all ? "" : `${count(total)} of `}
        {count(all)} {all === 1 ? "session" : "sessions"}
        {during.value ? " in the marked time" : ""}
      </span>
    </div>
  );
}
