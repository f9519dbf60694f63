import { useComputed, useSignalEffect } from "@preact/signals";
import type { JSX, RefObject, TargetedKeyboardEvent } from "preact";
import { useState } from "preact/hooks";
import type { Hook } from "../../xtables/index.ts";
import { currentStep, step } from "../state/traced.ts";
import { Arrow } from "./arrow.tsx";
import { chainAt } from "./census.ts";
import { nextRow } from "./next-row.ts";
import type { Box, Plan, PlannedHook } from "./plan.ts";
import type { Screen } from "./stage-control.ts";
import { figures, following, shownFamily, shownTrace, walk, zoomInto } from "./state.ts";
import { TableRow } from "./table-row.tsx";
import type { Spot, Walk } from "./walk.ts";
import "./overview.css";

/** The whole diagram: hooks with what runs at each, and the ways between them. Arrows move from chain to chain, Enter zooms into one. */
export function Overview(props: {
  readonly plan: Plan;
  readonly screen: Screen;
  readonly drawn: RefObject<SVGSVGElement | null>;
}): JSX.Element {
  const { plan, screen, drawn } = props;
  const way = walk.value;
  const rows = plan.hooks.flatMap(({ hook, rows: all }) =>
    all.filter(row => chainAt(figures.value, hook, row.name)).map(row => ({ key: `${hook} ${row.name}`, box: row as Box })),
  );
  const [chosen, setChosen] = useState<string | undefined>(undefined);
  const stop = rows.some(({ key }) => key === chosen) ? chosen : rows[0]?.key;
  const transform = useComputed(() => {
    const { left, top, scale } = screen.camera.value;
    return `translate(${left} ${top}) scale(${scale})`;
  });
  useSignalEffect(() => {
    const here = walk.value?.here;
    const box = here && following.value ? boxOf(plan, here) : undefined;
    if (box) screen.reveal(box);
  });
  const move = (event: TargetedKeyboardEvent<SVGGElement>): void => {
    if (event.shiftKey || event.altKey || event.ctrlKey || event.metaKey || stop === undefined) return;
    const next = nextRow(rows, stop, event.key);
    if (next === undefined) return;
    event.preventDefault();
    setChosen(next.key);
    screen.reveal(next.box);
    event.currentTarget.querySelector<SVGElement>(`[data-row="${next.key}"]`)?.focus({ preventScroll: true });
  };
  const enter = (hook: Hook, table: string, box: Box): void => {
    const place = { family: shownFamily.value, table, chain: hook };
    void screen.approach(box).then(() => zoomInto(place));
  };
  return (
    <svg
      style={{ "--map-height": `${plan.height}px` }}
      class="map-overview"
      role="group"
      aria-label="Hooks and tables of netfilter"
      ref={drawn}
    >
      <g transform={transform} class="map-plane" onKeyDown={move}>
        {plan.arrows.map(arrow => (
          <Arrow key={`${arrow.from}>${arrow.to}`} arrow={arrow} passed={way?.arrows.has(`${arrow.from}>${arrow.to}`) ?? false} />
        ))}
        {plan.places.map(({ name, label, ...box }) => (
          <g key={name} class={marked("map-place", way, name)}>
            <rect {...box} rx={box.height / 2} />
            <text x={box.x + box.width / 2} y={box.y + box.height / 2 + 4} text-anchor="middle">
              {label}
            </text>
          </g>
        ))}
        {plan.hooks.map(each => (
          <HookFrame key={each.hook} planned={each} way={way} stop={stop} enter={enter} choose={setChosen} />
        ))}
        {way?.here && <Token box={boxOf(plan, way.here)} />}
      </g>
    </svg>
  );
}

function HookFrame(props: {
  readonly planned: PlannedHook;
  readonly way: Walk | undefined;
  readonly stop: string | undefined;
  readonly enter: (hook: Hook, table: string, box: Box) => void;
  readonly choose: (key: string) => void;
}): JSX.Element {
  const { planned, way, stop, enter, choose } = props;
  const { hook, rows, x, y, width, height } = planned;
  return (
    <g class={marked("map-hook", way, hook)} role="group" aria-label={hook}>
      <rect x={x} y={y} width={width} height={height} rx={8} />
      <text class="map-hook-title" x={x + 12} y={y + 17}>
        {hook}
      </text>
      {rows.map(row => {
        const key = `${hook} ${row.name}`;
        const here = way?.here?.at === "row" && way.here.hook === hook && way.here.row === row.name;
        return (
          <TableRow
            key={key}
            hook={hook}
            row={row}
            found={row.kind === "table" ? chainAt(figures.value, hook, row.name) : undefined}
            passed={way?.spots.has(key) ?? false}
            here={here ? currentStep.value : undefined}
            focusable={key === stop}
            enter={() => enter(hook, row.name, row)}
            choose={() => choose(key)}
          />
        );
      })}
    </g>
  );
}

/** The packet, where it is, and at its end what became of it. */
function Token({ box }: { readonly box: Box | undefined }): JSX.Element | null {
  if (!box) return null;
  const packet = shownTrace.value?.packets[currentStep.value?.packet ?? -1];
  const ended = packet && currentStep.value?.beside === undefined && step.value === packet.end - 1;
  const end = !ended ? "" : packet.accepted ? "good" : "bad";
  return (
    <g class={`map-token ${end}`} style={{ transform: `translate(${box.x}px, ${box.y + Math.min(box.height, 28) / 2}px)` }}>
      <circle r={end === "" ? 6 : 9} />
      {end !== "" && <path d={end === "good" ? "M-4 0L-1 3L4 -3" : "M-3 -3L3 3M3 -3L-3 3"} />}
    </g>
  );
}

/** Where a spot of a walk is drawn; undefined where this plan has no such spot. */
function boxOf({ hooks, places }: Plan, spot: Spot): Box | undefined {
  if (spot.at === "place") return places.find(({ name }) => name === spot.place);
  const found = hooks.find(({ hook }) => hook === spot.hook);
  return spot.at === "row" ? (found?.rows.find(({ name }) => name === spot.row) ?? found) : found;
}

function marked(name: string, way: Walk | undefined, key: string): string {
  const here = way?.here && (way.here.at === "place" ? way.here.place : way.here.at === "hook" ? way.here.hook : undefined) === key;
  return `${name}${way?.spots.has(key) ? " passed" : ""}${here ? " here" : ""}`;
}
