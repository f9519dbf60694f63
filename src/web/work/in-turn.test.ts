import { expect, test } from "vitest";
import { queue } from "./in-turn.ts";

test("each waits for what came before it, and does not care how that ended", async () => {
  const inTurn = queue();
  const done: string[] = [];
  const after = (ms: number, name: string): Promise<void> =>
    inTurn(async () => {
      await new Promise(resolve => setTimeout(resolve, ms));
      done.push(name);
      if (name === "fails") throw new Error(name);
    });
  const all = [after(20, "slow"), after(1, "fails"), after(0, "quick")];
  await expect(all[1]).rejects.toThrow("fails");
  await Promise.allSettled(all);
  expect(done).toEqual(["slow", "fails", "quick"]);
});
