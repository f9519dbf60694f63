import type { Box } from "./plan.ts";

/** Where the drawing stands on the screen: a point at x, y of the drawing appears at `scale * x + left`, `scale * y + top`, in CSS pixels. */
export interface Camera {
  readonly left: number;
  readonly top: number;
  readonly scale: number;
}

/** Width and height, in CSS pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

export const SCALE_MIN = 0.1;
export const SCALE_MAX = 3;

/** How much of the drawing stays on the screen however far it is pushed. */
const KEPT = 60;

/** The camera moved by so much. */
export function panned(camera: Camera, dx: number, dy: number): Camera {
  return { ...camera, left: camera.left + dx, top: camera.top + dy };
}

/** The camera after zooming by a factor around a point of the screen, which stays. */
export function zoomed(camera: Camera, factor: number, x: number, y: number): Camera {
  const scale = Math.min(SCALE_MAX, Math.max(SCALE_MIN, camera.scale * factor));
  const by = scale / camera.scale;
  return { scale, left: x - (x - camera.left) * by, top: y - (y - camera.top) * by };
}

/** The camera that shows all of a drawing: as large as it is at most, in the middle; where that is smaller than `least`, its top left corner. */
export function fitted(drawing: Size, room: Size, least: number = SCALE_MIN): Camera {
  const whole = Math.min(1, room.width / drawing.width, room.height / drawing.height);
  const scale = Math.min(1, Math.max(whole, least));
  return {
    scale,
    left: Math.max(0, (room.width - drawing.width * scale) / 2),
    top: Math.max(0, (room.height - drawing.height * scale) / 2),
  };
}

/** The camera, moved no further than that some of the drawing stays on the screen. */
export function kept(camera: Camera, drawing: Size, room: Size): Camera {
  const within = (start: number, length: number, screen: number): number =>
    Math.min(screen - Math.min(KEPT, screen / 2), Math.max(start, Math.min(KEPT, length) - length));
  return {
    scale: camera.scale,
    left: within(camera.left, drawing.width * camera.scale, room.width),
    top: within(camera.top, drawing.height * camera.scale, room.height),
  };
}

/** The camera, moved as little as shows a box of the drawing; what is too large for the screen is shown from its top left corner. */
export function revealing(camera: Camera, box: Box, room: Size, margin: number = 12): Camera {
  const shift = (start: number, length: number, screen: number): number =>
    start + length > screen - margin ? Math.max(screen - margin - start - length, margin - start) : start < margin ? margin - start : 0;
  return panned(
    camera,
    shift(camera.left + box.x * camera.scale, box.width * camera.scale, room.width),
    shift(camera.top + box.y * camera.scale, box.height * camera.scale, room.height),
  );
}

/** A camera on the way from one to another; `share` from 0 to 1. */
export function between(one: Camera, other: Camera, share: number): Camera {
  const at = (a: number, b: number): number => a + (b - a) * share;
  return { left: at(one.left, other.left), top: at(one.top, other.top), scale: at(one.scale, other.scale) };
}
