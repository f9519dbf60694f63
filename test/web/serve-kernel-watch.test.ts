import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { watchKernel } from "../../src/cli/serve/kernel-watch.ts";
import { NoKernel, readKernel } from "../../src/cli/serve/kernel.ts";
import type { ServedEvent } from "../../src/report/serve/index.ts";

/** How the running rules are read again and again, with tools that only pretend to: each call takes a line in `calls`. */

const RULES = "*filter\n:INPUT ACCEPT [0:0]\n[7:84] -A INPUT -j DROP\nCOMMIT\n";
let folder = "";
const at = (name: string): string => join(folder, name);
const calls = (): number => readFileSync(at("calls"), "utf8").length;
/** All at once: a tool that reads meanwhile sees the rules before or these. */
const says = (text: string): void => {
  writeFileSync(at("rules.next"), text);
  renameSync(at("rules.next"), at("rules"));
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ferrule-tools-"));
  for (const name of ["ip", "sysctl", "ipset", "nft"]) tool(name, "exit 1");
  for (const name of ["iptables-legacy-save", "ip6tables-legacy-save", "ip6tables-nft-save"]) tool(name, "");
  tool(
    "iptables-nft-save",
    `printf x >> ${at("calls")}; sleep 0.1; test -s ${at("rules")} || { echo no rules >&2; exit 1; }; cat ${at("rules")}`,
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => vi.unstubAllEnvs());

const tool = (name: string, text: string): void => writeFileSync(at(name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });

function watching(period: number): { readonly heard: ServedEvent[]; readonly watch: ReturnType<typeof watchKernel> } {
  vi.stubEnv("PATH", `${folder}:${process.env["PATH"] ?? ""}`);
  writeFileSync(at("calls"), "");
  says(RULES);
  const heard: ServedEvent[] = [];
  return { heard, watch: watchKernel(event => void heard.push(event), period) };
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 500 && !holds(); tries++) await pause(20);
  expect(holds()).toBe(true);
}

test("new rules are told whole, new counters alone, a failure once", async () => {
  const { heard, watch } = watching(10);
  watch.start();
  await until(() => heard.length === 1);
  expect(heard[0]).toMatchObject({ event: "kernel", kernel: { rules: [{ counts: [[3, "7", "84"]] }, { family: 6 }] } });
  says(RULES.replace("7:84", "8:96"));
  await until(() => heard.length === 2);
  expect(heard[1]).toEqual({
    event: "counts",
    counts: { at: expect.any(String), revision: expect.any(String), counts: [[[3, "8", "96"]], []] },
  });
  const [last] = watch.last();
  expect(last).toMatchObject({ event: "kernel", kernel: { notes: expect.arrayContaining([expect.stringContaining("ipset")]) } });
  says("");
  await until(() => heard.length === 3);
  expect(heard[2]).toEqual({ event: "fault", message: "the running rules cannot be read: no rules" });
  await pause(500);
  says(RULES.replace("DROP", "ACCEPT"));
  await until(() => heard.length === 4);
  expect(heard[3]).toMatchObject({ event: "kernel" });
  watch.stop();
});

test("who comes and goes while they are read leaves no second reader, and after the last nobody reads", async () => {
  const { heard, watch } = watching(60_000);
  for (let index = 0; index < 8; index++) {
    watch.start();
    await pause(10);
    watch.stop();
  }
  const told = heard.length;
  await pause(1000);
  const before = calls();
  await pause(500);
  expect([heard.length, calls()]).toEqual([told, before]);
  const quick = watching(50);
  for (let index = 0; index < 8; index++) {
    quick.watch.start();
    await pause(10);
    quick.watch.stop();
  }
  quick.watch.start();
  await pause(1000);
  writeFileSync(at("calls"), "");
  await pause(2000);
  await until(() => calls() > 0);
  // One reader: at most one look in 150 ms.
  expect(calls()).toBeLessThan(15);
  quick.watch.stop();
});

test("who asks while they are read gets the same", async () => {
  watching(10);
  const all = await Promise.all(Array.from({ length: 20 }, () => readKernel()));
  expect(calls()).toBe(1);
  expect(new Set(all).size).toBe(1);
  says("");
  await expect(readKernel()).rejects.toThrow(NoKernel);
  says(RULES);
  expect((await readKernel()).rules[0]?.text).toContain("-j DROP");
});
