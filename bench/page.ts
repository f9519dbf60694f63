// npm run bench:page [-- RULES]: how soon the workbench is usable, what its first view weighs, and how long its main thread is ever busy, in a real browser.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { chromium, type Page } from "playwright-core";
import { openSite } from "../test/web/site.ts";
import { row } from "./measure.ts";

const [rules = "../shared/corpus/fffuu/tum-2015.rules"] = process.argv.slice(2);
const CHROMIUM = "/usr/bin/chromium";
const WAIT = { timeout: 120_000 };

if (!existsSync(CHROMIUM)) {
  console.log(`skipped: there is no ${CHROMIUM} (apt-get install chromium)`);
  process.exit(0);
}
const site = await openSite();
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });

const bare = await timeToDraw("data:text/html,<h1>Ferrule</h1>", page => page.getByRole("heading", { name: "Ferrule" }).waitFor(WAIT));
const usable = await timeToDraw(site.address, drawn);
row("a bare page", `${Math.round(bare.time)} ms`);
row(
  "the workbench, its example read and drawn",
  `${Math.round(usable.time)} ms`,
  `${(usable.time / bare.time).toFixed(1)} times the bare page`,
);
row("what it loaded for that, as gzip makes it", `${Math.ceil(usable.weight / 1000)} kB`);

if (existsSync(rules)) await large();
else console.log(`large ruleset skipped: there is no ${rules}`);
await browser.close();
await site.close();

/** The editor shows text and the map shows rules. */
async function drawn(page: Page): Promise<void> {
  await page.locator(".cm-line").first().waitFor(WAIT);
  await page
    .getByText(/\d+ rules?/)
    .first()
    .waitFor(WAIT);
}

/** From the navigation's start until it is drawn, in ms; and the gzipped bytes of all that was loaded until then. The best of 3. */
async function timeToDraw(
  address: string,
  ready: (page: Page) => Promise<void>,
): Promise<{ readonly time: number; readonly weight: number }> {
  const runs: { readonly time: number; readonly weight: number }[] = [];
  for (let run = 0; run < 3; run++) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    const bodies: Promise<Buffer>[] = [];
    let waiting = true;
    page.on("response", response => {
      if (waiting) bodies.push(response.body().catch(() => Buffer.alloc(0)));
    });
    await page.goto(address, { waitUntil: "commit" });
    await ready(page);
    waiting = false;
    const time = await page.evaluate(() => performance.now());
    const weight = (await Promise.all(bodies)).reduce((sum, body) => sum + gzipSync(body).length, 0);
    runs.push({ time, weight });
    await context.close();
  }
  return { time: Math.min(...runs.map(({ time }) => time)), weight: Math.min(...runs.map(({ weight }) => weight)) };
}

/** A large ruleset is opened, edited, traced, and its policy shown; the longest tasks of the main thread of each. */
async function large(): Promise<void> {
  // Hardware addresses are blacked out in some published rules: one and the same stands for them all.
  const text = readFileSync(rules, "utf8").replaceAll("XX:XX:XX:XX:XX:XX", "02:00:00:00:00:01");
  console.log(
    `\n${rules.split("/").at(-1)}, ${text.split("\n").length} lines: time until it is shown, and the longest task of the main thread`,
  );
  // A file, as people have it: bytes that are handed over would be unpacked on the very thread that is measured.
  const folder = mkdtempSync(join(tmpdir(), "ferrule-bench-"));
  const file = join(folder, "large.rules");
  writeFileSync(file, text);
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await page.addInitScript(() => {
    const tasks: number[] = [];
    Object.assign(globalThis, { longTasks: tasks });
    new PerformanceObserver(list => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: "longtask" });
  });
  await page.goto(site.address);
  await drawn(page);
  const step = async (what: string, act: () => Promise<void>): Promise<void> => {
    await page.evaluate(() => (globalThis as unknown as { longTasks: number[] }).longTasks.splice(0));
    const start = performance.now();
    await act();
    const time = performance.now() - start;
    // Tasks are told a little after they end.
    await page.waitForTimeout(300);
    const tasks = await page.evaluate(() => (globalThis as unknown as { longTasks: number[] }).longTasks);
    const longest = tasks.length === 0 ? "under 50 ms" : `${Math.round(Math.max(...tasks))} ms`;
    row(what, `${(time / 1000).toFixed(1)} s`, `longest task ${longest}, ${tasks.length} of 50 ms or more`);
  };
  await step("opened", async () => {
    await page.getByRole("button", { name: "Open" }).click();
    await page.locator('input[type="file"]').first().setInputFiles(file);
    await page
      .getByText(/\d+ rules · \d+ chains/)
      .first()
      .waitFor(WAIT);
  });
  await step("a rule typed, letter by letter", async () => {
    await page.locator(".cm-content").first().click();
    await page.keyboard.press("Control+Home");
    await page.keyboard.type("# a comment, as people write them\n", { delay: 20 });
    await page.waitForTimeout(2000);
  });
  await step("a session traced", async () => {
    await page.getByRole("tab", { name: "Trace" }).click();
    await page
      .getByRole("textbox", { name: /packet or session/i })
      .fill("session tcp 131.159.20.1 > 131.159.14.36:22 syn in eth1.110 out eth0");
    await page
      .getByText(/works|dies|dropped|refused|got through/i)
      .first()
      .waitFor(WAIT);
  });
  await step("policy, its first rows", async () => {
    await page.getByRole("tab", { name: "Policy" }).click();
    await page.getByRole("grid").first().waitFor(WAIT);
  });
  await step("policy, all rows", () => page.getByText("on their way").waitFor({ ...WAIT, state: "hidden" }));
  await step("findings", async () => {
    await page.getByRole("tab", { name: "Findings" }).click();
    await page.getByText(/F\d\d/).first().waitFor(WAIT);
  });
}
