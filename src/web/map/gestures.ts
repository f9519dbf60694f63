import { type Camera, panned, zoomed } from "./camera.ts";

/** What gestures move. */
export interface Movable {
  get(): Camera;
  set(camera: Camera): void;
}

/** How far a pointer may move in CSS pixels and still be a click. */
const CLICK_RANGE = 5;

/** One notch of the wheel with Ctrl, or a pinch on a trackpad, in natural logarithms per pixel. */
const WHEEL_ZOOM = 0.006;

/** Lines of a wheel that counts in lines, in CSS pixels. */
const LINE = 16;

/**
 * Drag and wheel move the drawing, pinch and Ctrl with the wheel zoom it. Elements with `data-own-scroll` keep the wheel and touch for themselves.
 * A click that ends a drag is swallowed. Returns what ends it.
 */
export function listenToGestures(stage: HTMLElement, movable: Movable): () => void {
  const pointers = new Map<number, { x: number; y: number }>();
  let start: { x: number; y: number } | undefined;
  let dragging = false;
  const place = ({ clientX, clientY }: MouseEvent): { x: number; y: number } => {
    const { left, top } = stage.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  };
  const ownScroll = (event: Event): boolean => event.target instanceof Element && event.target.closest("[data-own-scroll]") !== null;

  const down = (event: PointerEvent): void => {
    if (event.button !== 0 || ownScroll(event)) return;
    pointers.set(event.pointerId, place(event));
    start ??= place(event);
    if (pointers.size === 1) dragging = false;
  };
  const move = (event: PointerEvent): void => {
    const before = pointers.get(event.pointerId);
    if (!before || !start) return;
    const now = place(event);
    if (!dragging && pointers.size === 1 && Math.hypot(now.x - start.x, now.y - start.y) < CLICK_RANGE) return;
    if (!dragging) {
      dragging = true;
      for (const id of pointers.keys()) stage.setPointerCapture(id);
      stage.dataset["dragging"] = "";
    }
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    pointers.set(event.pointerId, now);
    if (!other) {
      movable.set(panned(movable.get(), now.x - before.x, now.y - before.y));
      return;
    }
    const apart = (point: { x: number; y: number }): number => Math.max(1, Math.hypot(point.x - other.x, point.y - other.y));
    const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
    const shifted = panned(movable.get(), (now.x - before.x) / 2, (now.y - before.y) / 2);
    movable.set(zoomed(shifted, apart(now) / apart(before), middle.x, middle.y));
  };
  const up = (event: PointerEvent): void => {
    pointers.delete(event.pointerId);
    if (pointers.size > 0) return;
    start = undefined;
    delete stage.dataset["dragging"];
  };
  const click = (event: MouseEvent): void => {
    if (!dragging || event.detail === 0) return;
    dragging = false;
    event.stopPropagation();
    event.preventDefault();
  };
  const wheel = (event: WheelEvent): void => {
    if (!event.ctrlKey && !event.metaKey && ownScroll(event)) return;
    event.preventDefault();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE : 1;
    const { x, y } = place(event);
    if (event.ctrlKey || event.metaKey) movable.set(zoomed(movable.get(), Math.exp(-event.deltaY * unit * WHEEL_ZOOM), x, y));
    else
      movable.set(
        panned(movable.get(), -event.deltaX * unit - (event.shiftKey ? event.deltaY * unit : 0), event.shiftKey ? 0 : -event.deltaY * unit),
      );
  };

  const ending = new AbortController();
  const { signal } = ending;
  stage.addEventListener("pointerdown", down, { signal });
  stage.addEventListener("pointermove", move, { signal });
  stage.addEventListener("pointerup", up, { signal });
  stage.addEventListener("pointercancel", up, { signal });
  stage.addEventListener("click", click, { signal, capture: true });
  stage.addEventListener("wheel", wheel, { signal, passive: false });
  return () => ending.abort();
}
