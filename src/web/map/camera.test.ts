import fc from "fast-check";
import { expect, it } from "vitest";
import { between, fitted, kept, panned, revealing, SCALE_MAX, SCALE_MIN, zoomed, type Camera, type Size } from "./camera.ts";
import { nearest } from "./nearest.ts";

const cameras: fc.Arbitrary<Camera> = fc.record({
  left: fc.integer({ min: -5000, max: 5000 }),
  top: fc.integer({ min: -5000, max: 5000 }),
  scale: fc.double({ min: SCALE_MIN, max: SCALE_MAX, noNaN: true }),
});
const sizes: fc.Arbitrary<Size> = fc.record({ width: fc.integer({ min: 1, max: 4000 }), height: fc.integer({ min: 1, max: 4000 }) });

it("zooms around a point, which stays where it is", () => {
  fc.assert(
    fc.property(
      cameras,
      fc.double({ min: 0.01, max: 100, noNaN: true }),
      fc.integer({ max: 999 }),
      fc.integer({ max: 999 }),
      (camera, factor, x, y) => {
        fc.pre(Math.abs(x) < 10_000 && Math.abs(y) < 10_000);
        const after = zoomed(camera, factor, x, y);
        expect(after.scale).toBeGreaterThanOrEqual(SCALE_MIN);
        expect(after.scale).toBeLessThanOrEqual(SCALE_MAX);
        expect((x - after.left) / after.scale).toBeCloseTo((x - camera.left) / camera.scale, 3);
        expect((y - after.top) / after.scale).toBeCloseTo((y - camera.top) / camera.scale, 3);
      },
    ),
  );
});

it("fits all of a drawing, never larger than it is", () => {
  fc.assert(
    fc.property(sizes, sizes, (drawing, room) => {
      const { left, top, scale } = fitted(drawing, room);
      expect(scale).toBeLessThanOrEqual(1);
      fc.pre(scale > SCALE_MIN);
      expect(left + drawing.width * scale).toBeLessThanOrEqual(room.width + 1e-6);
      expect(top + drawing.height * scale).toBeLessThanOrEqual(room.height + 1e-6);
    }),
  );
});

it("shows a tall drawing by its width, from the top, where it would be too small", () => {
  expect(fitted({ width: 360, height: 900 }, { width: 360, height: 450 }, 1)).toEqual({ left: 0, top: 0, scale: 1 });
  expect(fitted({ width: 360, height: 900 }, { width: 360, height: 450 }, 0.4)).toEqual({ left: 90, top: 0, scale: 0.5 });
  expect(fitted({ width: 720, height: 300 }, { width: 360, height: 450 }, 0.8)).toEqual({ left: 0, top: 105, scale: 0.8 });
});

it("keeps some of the drawing on the screen", () => {
  fc.assert(
    fc.property(cameras, sizes, sizes, (camera, drawing, room) => {
      const { left, top, scale } = kept(camera, drawing, room);
      expect(left).toBeLessThan(room.width);
      expect(top).toBeLessThan(room.height);
      expect(left + drawing.width * scale).toBeGreaterThan(0);
      expect(top + drawing.height * scale).toBeGreaterThan(0);
    }),
  );
});

it("moves no more than is needed to show a box", () => {
  const room = { width: 500, height: 400 };
  const camera = { left: 0, top: 0, scale: 1 };
  const rows: [Parameters<typeof revealing>[1], number, number][] = [
    [{ x: 20, y: 20, width: 100, height: 100 }, 0, 0],
    [{ x: 450, y: 20, width: 100, height: 30 }, -62, 0],
    [{ x: -30, y: 390, width: 40, height: 30 }, 42, -32],
    [{ x: 100, y: 100, width: 900, height: 900 }, -88, -88],
  ];
  for (const [box, left, top] of rows) expect(revealing(camera, box, room)).toEqual({ left, top, scale: 1 });
});

it("glides from one to the other", () => {
  const [one, other] = [panned({ left: 0, top: 0, scale: 1 }, 10, 20), { left: 30, top: 40, scale: 2 }];
  expect([between(one, other, 0), between(one, other, 1), between(one, other, 0.5)]).toEqual([
    one,
    other,
    { left: 20, top: 30, scale: 1.5 },
  ]);
});

it("finds the last step that is not beyond", () => {
  const rows: [number[], number, number][] = [
    [[], 5, 0],
    [[3, 7, 9], 1, 0],
    [[3, 7, 9], 7, 1],
    [[3, 7, 9], 8, 1],
    [[3, 7, 9], 99, 2],
  ];
  for (const [list, wanted, at] of rows) expect(nearest(list, wanted)).toBe(at);
});
