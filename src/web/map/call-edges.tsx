import type { Signal } from "@preact/signals";
import type { JSX } from "preact";
import type { LaidOut } from "../layout/graph.ts";
import { CallEdge } from "./call-edge.tsx";
import type { Box } from "./plan.ts";
import { CARD, isRowSeen, listTop, rowLevel, type Scene } from "./scene.ts";

interface Edges {
  readonly scene: Scene;
  readonly laid: LaidOut;
  readonly boxes: readonly (Box | undefined)[];
  /** Chains that the traced packet has entered. */
  readonly entered: ReadonlySet<string>;
}

/** Calls between chains that are called: they stay where they are. */
export function CalledEdges({ scene, laid, boxes, entered }: Edges): JSX.Element {
  return (
    <>
      {scene.graph.edges.map(({ from, to }, at) => {
        const [call, start, end] = [scene.near.calls[at], boxes[from], boxes[to]];
        if (from === 0 || from === to || !call || !start || !end) return null;
        const passed = entered.has(call.from) && entered.has(call.to);
        return (
          <CallEdge
            key={`${from} ${to}`}
            call={call}
            start={start}
            end={end}
            points={laid.edges[at] ?? []}
            row={undefined}
            passed={passed}
            aside={false}
          />
        );
      })}
    </>
  );
}

/** Calls of the chain itself: they leave at their rules, wherever its list is scrolled to. */
export function OwnEdges({ scene, laid, boxes, entered, scrolled }: Edges & { readonly scrolled: Signal<number> }): JSX.Element {
  const own = boxes[0];
  const first = scene.near.chains[0];
  if (!own || !first) return <></>;
  const list = { top: own.y + listTop(first), bottom: own.y + own.height - CARD.foot };
  return (
    <>
      {scene.graph.edges.map(({ from, to }, at) => {
        const [call, end] = [scene.near.calls[at], boxes[to]];
        if (from !== 0 || to === 0 || !call || !end) return null;
        return (
          <CallEdge
            key={to}
            call={call}
            start={own}
            end={end}
            points={laid.edges[at] ?? []}
            row={rowLevel(call.rules, list, scrolled.value)}
            passed={entered.has(call.to)}
            aside={!isRowSeen(call.rules, list, scrolled.value)}
          />
        );
      })}
    </>
  );
}
