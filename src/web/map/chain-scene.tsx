import { useComputed, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { printable } from "../../report/index.ts";
import type { PlainGraph } from "../layout/graph.ts";
import { isNarrow } from "../state/actions.ts";
import { asking } from "../work/answer.ts";
import { layoutWork } from "../work/workers.ts";
import { counted } from "./census.ts";
import { ChainDrawing } from "./chain-drawing.tsx";
import { boxesOf, sceneOf, type Scene } from "./scene.ts";
import { Stage } from "./stage.tsx";
import { chainsOf, shownChain, zoomOut } from "./state.ts";

/** A chain that was zoomed into, with the chains that it reaches; they are laid out by a worker. */
export function ChainScene(): JSX.Element | null {
  const height = useSignal(0);
  const element = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const around = element.current;
    if (!around) return undefined;
    const observer = new ResizeObserver(() => {
      height.value = around.clientHeight;
    });
    observer.observe(around);
    height.value = around.clientHeight;
    return () => observer.disconnect();
  }, [height]);
  const scene = useComputed<Scene | undefined>(() => {
    const place = shownChain.value;
    return place && sceneOf(place, chainsOf(place.table), { narrow: isNarrow.value, height: height.value });
  });
  // Rules that are edited often leave the picture as it is: then it is not laid out again.
  const graph = useComputed(() => scene.value && JSON.stringify(scene.value.graph));
  const layout = useMemo(
    () =>
      asking(
        () => graph.value,
        async asked => ({ graph: asked, laid: await layoutWork().layOut(JSON.parse(asked) as PlainGraph) }),
        0,
      ),
    [graph],
  );
  useEffect(() => layout.stop, [layout]);
  const shown = scene.value;
  const name = shown ? `${shown.place.family} ${shown.place.table} ${shown.place.chain}` : "";
  if (!shown) return null;
  const { value, fault } = layout.answer.value;
  const laid = value !== undefined && value.graph === graph.value ? value.laid : undefined;
  const own = boxesOf(shown, laid)[0];
  const { left, leftCalls } = shown.near;
  const undrawn = [...(left > 0 ? [counted(left, "chain")] : []), ...(leftCalls > 0 ? [counted(leftCalls, "call")] : [])].join(" and ");
  return (
    <div
      class="map-scene"
      ref={element}
      onKeyDown={event => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        zoomOut();
      }}
    >
      <Stage
        label={`Chain ${printable(shown.place.chain)} of table ${shown.place.table} and the chains that it calls. Arrows move, plus and minus zoom, 0 shows all, Escape goes back.`}
        name={name}
        drawing={laid ?? own ?? { width: 1, height: 1 }}
        least={isNarrow.value ? 1 : 0.85}
        focus={own}
        takesFocus
      >
        {screen => <ChainDrawing key={name} scene={shown} laid={laid} screen={screen} />}
      </Stage>
      {fault === "" ? (
        undrawn !== "" && <p class="map-left small notice">{undrawn} further away not drawn: zoom into one of these to see on.</p>
      ) : (
        <p class="map-left small notice fault">The chains could not be laid out: {fault}</p>
      )}
    </div>
  );
}
