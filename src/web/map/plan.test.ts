import { describe, expect, it } from "vitest";
import { BUILTIN_CHAINS, TABLES } from "../../xtables/index.ts";
import { head, rounded } from "./arrow-path.ts";
import { nextRow, type Stop } from "./next-row.ts";
import { plan } from "./arrangement.ts";
import type { Box, Plan } from "./plan.ts";

const inside = (inner: Box, outer: Box): boolean =>
  outer.x <= inner.x &&
  outer.y <= inner.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height;
const overlap = (one: Box, other: Box): boolean =>
  one.x < other.x + other.width && other.x < one.x + one.width && one.y < other.y + other.height && other.y < one.y + one.height;

describe.each(["wide", "narrow"] as const)("the %s overview", arrangement => {
  const drawn: Plan = plan(arrangement);
  const rows = drawn.hooks.flatMap(({ hook, rows: all }) => all.map(row => ({ hook, ...row })));

  it("has each table at each hook where the kernel has a chain of it, once", () => {
    const shown = rows.filter(({ kind }) => kind === "table").map(({ hook, name }) => `${name} ${hook}`);
    const known = TABLES.flatMap(table => BUILTIN_CHAINS[table].map(hook => `${table} ${hook}`));
    expect(shown.toSorted()).toEqual(known.toSorted());
  });

  it("keeps everything inside, and nothing on top of another", () => {
    const whole = { x: 0, y: 0, width: drawn.width, height: drawn.height };
    for (const { rows: own, ...hook } of drawn.hooks) for (const row of own) expect(inside(row, hook)).toBe(true);
    const boxes: readonly Box[] = [...drawn.hooks, ...drawn.places];
    for (const [index, box] of boxes.entries()) {
      expect(inside(box, whole)).toBe(true);
      expect(boxes.slice(index + 1).some(other => overlap(box, other))).toBe(false);
    }
    for (const { points } of drawn.arrows) for (const [x, y] of points) expect(inside({ x, y, width: 0, height: 0 }, whole)).toBe(true);
  });

  it("lets each arrow start and end at the border of what it joins, and cross no hook", () => {
    const named = new Map<string, Box>([
      ...drawn.hooks.map(each => [each.hook, each] as const),
      ...drawn.places.map(each => [each.name, each] as const),
    ]);
    const onBorder = ([x, y]: readonly [number, number], { x: left, y: top, width, height }: Box): boolean =>
      (x === left || x === left + width || y === top || y === top + height) &&
      inside({ x, y, width: 0, height: 0 }, { x: left, y: top, width, height });
    for (const { from, to, points } of drawn.arrows) {
      expect(onBorder(points[0] ?? [0, 0], named.get(from) as Box)).toBe(true);
      expect(onBorder(points.at(-1) ?? [0, 0], named.get(to) as Box)).toBe(true);
      for (const [index, [x, y]] of points.entries()) {
        const [beforeX, beforeY] = points[index - 1] ?? [x, y];
        const line = { x: Math.min(x, beforeX), y: Math.min(y, beforeY), width: Math.abs(x - beforeX), height: Math.abs(y - beforeY) };
        expect(drawn.hooks.filter(hook => overlap(line, hook)).map(({ hook }) => hook)).toEqual([]);
      }
    }
  });

  it("leads the focus to every row by arrows alone", () => {
    const stops: Stop[] = rows.map(({ hook, name, ...box }) => ({ key: `${hook} ${name}`, box }));
    const reached = new Set([stops[0]?.key ?? ""]);
    for (const from of reached)
      for (const key of ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"]) {
        const next = nextRow(stops, from, key);
        if (next) reached.add(next.key);
      }
    expect(reached.size).toBe(stops.length);
    expect(nextRow(stops, stops[3]?.key ?? "", "Home")).toBe(stops[0]);
    expect(nextRow(stops, "nowhere", "ArrowUp")).toBeUndefined();
  });
});

it("fits where it is meant for", () => {
  expect(plan("wide").width).toBeLessThanOrEqual(720);
  expect(plan("narrow").width).toBeLessThanOrEqual(390);
});

it("rounds corners and points heads along the last line", () => {
  expect(
    rounded([
      [0, 0],
      [100, 0],
      [100, 50],
    ]),
  ).toBe("M0 0L92 0Q100 0 100 8L100 50");
  expect(
    rounded([
      [0, 0],
      [10, 0],
      [10, 4],
    ]),
  ).toBe("M0 0L5 0Q10 0 10 2L10 4");
  const tip = head([
    [0, 0],
    [100, 0],
  ]);
  expect(
    tip
      .slice(1, -1)
      .split("L")
      .map(point => point.split(" ").map(number => Math.round(Number(number) * 10) / 10)),
  ).toEqual([
    [100, 0],
    [91.6, 4.8],
    [91.6, -4.8],
  ]);
});
