import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createControl, type Control } from "./stage-control.ts";

/** Frames that were asked for, by number. */
let frames: Map<number, FrameRequestCallback>;
let now: number;
beforeEach(() => {
  frames = new Map();
  now = 0;
  let asked = 0;
  vi.stubGlobal("matchMedia", () => ({ matches: false }));
  vi.stubGlobal("requestAnimationFrame", (draw: FrameRequestCallback) => (frames.set(++asked, draw), asked));
  vi.stubGlobal("cancelAnimationFrame", (frame: number) => frames.delete(frame));
  vi.spyOn(performance, "now").mockImplementation(() => now);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** Draws frames until none is asked for. */
function draw(): void {
  for (let count = 0; frames.size > 0 && count < 100; count++) {
    now += 16;
    const [[frame, callback]] = [...frames] as [[number, FrameRequestCallback]];
    frames.delete(frame);
    callback(now);
  }
}

function control(): Control {
  const made = createControl();
  made.room.value = { width: 800, height: 600 };
  made.shown = { drawing: { width: 400, height: 300 }, least: 1, focus: undefined };
  return made;
}

const BOX = { x: 100, y: 100, width: 50, height: 20 };

test("an approach ends where the box is in the middle", async () => {
  const made = control();
  const there = made.approach(BOX);
  draw();
  await there;
  const { left, top, scale } = made.camera.value;
  expect([scale, left + 125 * scale, top + 110 * scale].map(Math.round)).toEqual([2, 400, 300]);
});

test.each<[what: string, interrupt: (made: Control) => void]>([
  ["a person moves the camera", made => made.move({ left: 5, top: 5, scale: 1 })],
  ["the drawing changes", made => made.refit(true)],
  ["another drawing arrives", made => made.arrive()],
  ["another box is approached", made => void made.approach({ ...BOX, x: 0 })],
  ["the stage goes", made => made.stop()],
])("an approach is over as well when %s", async (_what, interrupt) => {
  const made = control();
  const there = made.approach(BOX);
  now += 16;
  interrupt(made);
  await there;
});
