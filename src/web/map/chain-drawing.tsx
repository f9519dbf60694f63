import { useComputed, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { printable } from "../../report/index.ts";
import type { LaidOut } from "../layout/graph.ts";
import { step } from "../state/traced.ts";
import { CalledEdges, OwnEdges } from "./call-edges.tsx";
import { CalledCard } from "./called-card.tsx";
import { ChainCard } from "./chain-card.tsx";
import { chainsEntered } from "./chain-trace.ts";
import { nextRow, type Stop } from "./next-row.ts";
import type { Box } from "./plan.ts";
import { boxesOf, type Scene } from "./scene.ts";
import type { Screen } from "./stage-control.ts";
import { figures, shownTrace, zoomInto } from "./state.ts";
import "./chain.css";

/** What is seen moves by steps of this many CSS pixels, so that not each turn of the wheel draws anew. */
const TILE = 256;

/** Of a chain that has just gone. */
const UNCOUNTED = { packets: undefined, atLeast: false };

/** A chain's card, the cards of the chains that it reaches, and the calls between them. */
export function ChainDrawing(props: { readonly scene: Scene; readonly laid: LaidOut | undefined; readonly screen: Screen }): JSX.Element {
  const { scene, laid, screen } = props;
  /** How far the list of rules is scrolled, in CSS pixels. */
  const scrolled = useSignal(0);
  const { near, place, terse } = scene;
  const boxes = useMemo(() => boxesOf(scene, laid), [scene, laid]);
  const svgTransform = useComputed(() => {
    const { left, top, scale } = screen.camera.value;
    return `translate(${left} ${top}) scale(${scale})`;
  });
  const cssTransform = useComputed(() => {
    const { left, top, scale } = screen.camera.value;
    return `transform: translate(${left}px, ${top}px) scale(${scale})`;
  });
  const seen = useComputed(() => seenTiles(screen));
  // As text, so that nothing is drawn anew at each step of a trace.
  const enteredNames = useComputed(() =>
    JSON.stringify(shownTrace.value ? [...chainsEntered(shownTrace.value, step.value, place.table)] : []),
  ).value;
  const entered = useMemo(() => new Set<string>(JSON.parse(enteredNames) as string[]), [enteredNames]);
  const stops = useMemo(
    () =>
      near.chains.flatMap(({ name }, at): Stop[] => {
        const box = boxes[at];
        return at > 0 && box ? [{ key: name, box }] : [];
      }),
    [near, boxes],
  );
  const [chosen, choose] = useState<string | undefined>(undefined);
  const stop = stops.some(({ key }) => key === chosen) ? chosen : stops[0]?.key;
  const cards = useRef<HTMLDivElement>(null);
  const wantsFocus = useRef(false);
  useLayoutEffect(() => {
    if (!wantsFocus.current) return;
    wantsFocus.current = false;
    cards.current?.querySelector<HTMLElement>('.map-called[tabindex="0"]')?.focus({ preventScroll: true });
  });
  const first = near.chains[0];
  const own = boxes[0];
  if (!first || !own) return <></>;
  const enter = (chain: string): void => zoomInto({ ...place, chain });
  return (
    <>
      <svg class="map-edges" aria-hidden="true">
        <g transform={svgTransform}>
          {laid && <CalledEdges scene={scene} laid={laid} boxes={boxes} entered={entered} />}
          {laid && <OwnEdges scene={scene} laid={laid} boxes={boxes} entered={entered} scrolled={scrolled} />}
        </g>
      </svg>
      <div
        class="map-cards"
        ref={cards}
        style={cssTransform}
        onKeyDown={event => {
          if (event.shiftKey || event.altKey || event.ctrlKey || event.metaKey || stop === undefined) return;
          if (!(event.target instanceof Element) || !event.target.matches(".map-called")) return;
          const next = nextRow(stops, stop, event.key);
          if (!next) return;
          event.preventDefault();
          choose(next.key);
          screen.reveal(next.box);
          wantsFocus.current = true;
        }}
      >
        <section
          class={`map-card${entered.has(first.name) ? " passed" : ""}`}
          aria-label={`Chain ${printable(first.name)}`}
          style={{ left: `${own.x}px`, top: `${own.y}px`, width: `${own.width}px`, height: `${own.height}px` }}
        >
          <ChainCard key={`${place.table} ${first.name}`} place={place} chain={first} scrolled={scrolled} />
        </section>
        {stops.map(({ key, box }, at) => {
          const chain = near.chains[at + 1];
          if (!chain || (key !== stop && !isSeen(box, seen.value))) return null;
          return (
            <CalledCard
              key={key}
              chain={chain}
              box={box}
              terse={terse}
              figures={figures.value.get(place.table)?.get(key) ?? UNCOUNTED}
              passed={entered.has(key)}
              focusable={key === stop}
              enter={() => enter(key)}
              choose={() => choose(key)}
            />
          );
        })}
      </div>
    </>
  );
}

/** The part of the drawing that is seen, as tiles: first and last column, first and last row. */
function seenTiles({ camera, room }: Screen): string {
  const { left, top, scale } = camera.value;
  const { width, height } = room.value;
  const tile = (at: number): number => Math.floor(at / scale / TILE);
  return [tile(-left), tile(width - left), tile(-top), tile(height - top)].join(" ");
}

function isSeen({ x, y, width, height }: Box, tiles: string): boolean {
  const [west = 0, east = 0, north = 0, south = 0] = tiles.split(" ").map(Number);
  return x < (east + 1) * TILE && x + width > west * TILE && y < (south + 1) * TILE && y + height > north * TILE;
}
