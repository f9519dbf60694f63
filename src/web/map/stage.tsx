import type { ComponentChildren, JSX } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { panned, type Size } from "./camera.ts";
import { listenToGestures } from "./gestures.ts";
import type { Box } from "./plan.ts";
import { createControl, type Screen } from "./stage-control.ts";

const KEY_ZOOM = 1.25;
const KEY_PAN = 60;

const KEYS: Readonly<Record<string, readonly [dx: number, dy: number]>> = {
  ArrowLeft: [KEY_PAN, 0],
  ArrowRight: [-KEY_PAN, 0],
  ArrowUp: [0, KEY_PAN],
  ArrowDown: [0, -KEY_PAN],
};

/** A drawing that is moved and zoomed: by dragging, wheel and pinch, by keys, and by buttons in its corner. */
export function Stage(props: {
  readonly label: string;
  /** What is drawn; another name starts anew with all of it. */
  readonly name: string;
  readonly drawing: Size;
  /** The least scale that it is shown at first: larger drawings are then cut off. `across` cuts them off only below, at whatever scale. */
  readonly least: number | "across";
  /** What must be seen at first. */
  readonly focus?: Box | undefined;
  /** It takes the focus when nothing else has it. */
  readonly takesFocus: boolean;
  readonly children: (screen: Screen) => ComponentChildren;
}): JSX.Element {
  const { label, name, drawing, least, focus, takesFocus, children } = props;
  const element = useRef<HTMLDivElement>(null);
  const control = useMemo(createControl, []);
  control.shown = { drawing, least, focus };
  useLayoutEffect(() => {
    const stage = element.current as HTMLDivElement;
    const measure = (): void => {
      control.room.value = { width: stage.clientWidth, height: stage.clientHeight };
      control.refit(false);
    };
    const observer = new ResizeObserver(measure);
    observer.observe(stage);
    measure();
    const end = listenToGestures(stage, { get: () => control.camera.peek(), set: control.move });
    return () => {
      observer.disconnect();
      end();
      control.stop();
    };
  }, [control]);
  useLayoutEffect(() => {
    control.arrive();
    if (takesFocus && (document.activeElement === document.body || document.activeElement === null))
      element.current?.focus({ preventScroll: true });
  }, [control, name]);
  useEffect(() => {
    control.refit(true);
  }, [control, drawing.width, drawing.height, focus?.x, focus?.y]);
  const key = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
    const way = event.shiftKey || event.target === element.current ? KEYS[event.key] : undefined;
    if (way) control.move(panned(control.camera.peek(), ...way));
    else if (event.key === "+" || event.key === "=") control.zoom(KEY_ZOOM);
    else if (event.key === "-") control.zoom(1 / KEY_ZOOM);
    else if (event.key === "0") control.showAll();
    else return;
    event.preventDefault();
  };
  return (
    <div class="map-frame">
      <div class="map-stage" ref={element} tabIndex={0} role="group" aria-label={label} onKeyDown={key}>
        {children(control)}
      </div>
      <div class="map-zoom" role="group" aria-label="Zoom">
        <button type="button" class="button" title="Smaller (−)" aria-label="Smaller" onClick={() => control.zoom(1 / KEY_ZOOM)}>
          −
        </button>
        <button type="button" class="button" title="Show all of it (0)" onClick={() => control.showAll()}>
          Fit
        </button>
        <button type="button" class="button" title="Larger (+)" aria-label="Larger" onClick={() => control.zoom(KEY_ZOOM)}>
          +
        </button>
      </div>
    </div>
  );
}
