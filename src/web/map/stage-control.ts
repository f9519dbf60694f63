import { signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { between, fitted, kept, panned, revealing, zoomed, type Camera, type Size } from "./camera.ts";
import type { Box } from "./plan.ts";

/** What a drawing knows of the screen that it is on, and what it may ask of it. */
export interface Screen {
  readonly camera: ReadonlySignal<Camera>;
  readonly room: ReadonlySignal<Size>;
  /** Moves a box of the drawing onto the screen, if it is not there. */
  reveal(box: Box): void;
  /** Zooms onto a box; resolves when it is there, or when something else has moved the camera before. */
  approach(box: Box): Promise<void>;
}

const GLIDE_MS = 220;

/** What the stage shows. */
interface Shown {
  readonly drawing: Size;
  readonly least: number | "across";
  readonly focus: Box | undefined;
}

/** The camera of a stage, and all that moves it. */
export interface Control extends Screen {
  readonly camera: Signal<Camera>;
  readonly room: Signal<Size>;
  shown: Shown;
  /** How the camera was chosen: as a drawing is shown first, to show all of it, or by a person. The first two follow the size of the screen. */
  chosen: "first" | "all" | "free";
  move(camera: Camera): void;
  zoom(factor: number): void;
  showAll(): void;
  /** Follows a change of the drawing or the screen. */
  refit(gliding: boolean): void;
  /** Shows a new drawing, from a little further away. */
  arrive(): void;
  stop(): void;
}

/** A camera that shows nothing yet. */
export function createControl(): Control {
  const camera = signal<Camera>({ left: 0, top: 0, scale: 1 });
  const room = signal<Size>({ width: 0, height: 0 });
  let frame = 0;
  let over: (() => void) | undefined;
  const stop = (): void => {
    cancelAnimationFrame(frame);
    const then = over;
    over = undefined;
    then?.();
  };
  const glide = (to: Camera, then?: () => void): void => {
    stop();
    const from = camera.peek();
    if (room.peek().width === 0 || matchMedia("(prefers-reduced-motion: reduce)").matches) {
      camera.value = to;
      then?.();
      return;
    }
    over = then;
    const start = performance.now();
    const draw = (time: number): void => {
      const share = Math.min(1, Math.max(0, (time - start) / GLIDE_MS));
      camera.value = between(from, to, 1 - (1 - share) ** 3);
      if (share < 1) frame = requestAnimationFrame(draw);
      else stop();
    };
    frame = requestAnimationFrame(draw);
  };
  const best = (): Camera => {
    const { drawing, least, focus } = control.shown;
    if (control.chosen === "all") return fitted(drawing, room.peek());
    const all = fitted(drawing, room.peek(), least === "across" ? room.peek().width / drawing.width : least);
    return focus ? revealing(all, focus, room.peek()) : all;
  };
  const control: Control = {
    camera,
    room,
    shown: { drawing: { width: 1, height: 1 }, least: 1, focus: undefined },
    chosen: "first",
    stop,
    move: to => {
      stop();
      control.chosen = "free";
      camera.value = kept(to, control.shown.drawing, room.peek());
    },
    zoom: factor => {
      const { width, height } = room.peek();
      control.chosen = "free";
      glide(kept(zoomed(camera.peek(), factor, width / 2, height / 2), control.shown.drawing, room.peek()));
    },
    showAll: () => {
      control.chosen = "all";
      glide(best());
    },
    refit: gliding => {
      if (control.chosen === "free") return;
      if (gliding) glide(best());
      else {
        stop();
        camera.value = best();
      }
    },
    arrive: () => {
      control.chosen = "first";
      const { width, height } = room.peek();
      const to = best();
      camera.value = zoomed(to, 0.85, width / 2, height / 2);
      glide(to);
    },
    reveal: box => {
      const to = revealing(camera.peek(), box, room.peek());
      if (to.left !== camera.peek().left || to.top !== camera.peek().top) glide(to);
    },
    approach: box => {
      const { width, height } = room.peek();
      const at = camera.peek();
      const x = at.left + (box.x + box.width / 2) * at.scale;
      const y = at.top + (box.y + box.height / 2) * at.scale;
      return new Promise(resolve => glide(panned(zoomed(at, 1.8, x, y), width / 2 - x, height / 2 - y), resolve));
    },
  };
  return control;
}
