import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { watchFiles } from "../src/cli/watch-files.ts";

const place = mkdtempSync(join(tmpdir(), "ferrule-watch-"));
afterAll(() => rmSync(place, { recursive: true }));

/** Resolves when the watcher calls back. */
function change(act: () => void): Promise<string> {
  return new Promise(resolve => {
    const watcher = watchFiles([join(place, "a"), join(place, "b")], () => {
      watcher.stop();
      resolve("called");
    });
    act();
  });
}

test("files that are written, made and replaced call back; others do not", async () => {
  const file = (name: string): string => join(place, name);
  writeFileSync(file("a"), "1");
  expect(await change(() => writeFileSync(file("a"), "2"))).toBe("called");
  expect(await change(() => writeFileSync(file("b"), "2"))).toBe("called");
  writeFileSync(file("new"), "3");
  expect(await change(() => renameSync(file("new"), file("a")))).toBe("called");
  expect(await change(() => rmSync(file("b")))).toBe("called");
  let called = false;
  const watcher = watchFiles([file("a")], () => (called = true));
  writeFileSync(file("c"), "1");
  await new Promise(resolve => setTimeout(resolve, 400));
  expect(called).toBe(false);
  watcher.changed();
  watcher.stop();
  await new Promise(resolve => setTimeout(resolve, 300));
  expect(called).toBe(false);
});
