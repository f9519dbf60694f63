import { existsSync } from "node:fs";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect } from "vitest";
import { openSite, type Site } from "./site.ts";

/** How a page is visited. */
export interface Visit {
  /** What follows `#` in the address: `view=trace`. */
  readonly fragment?: string;
  /** CSS pixels; 1280 × 800 when nothing is said. */
  readonly width?: number;
  readonly height?: number;
  readonly dark?: boolean;
  /** For people who want nothing to glide. */
  readonly still?: boolean;
  /** The page's address where it is not the built page served by the test. */
  readonly address?: string;
}

/** Opens the page and waits until it is drawn and has opened its first rules: those of the server, or an example. */
export type Open = (visit?: Visit) => Promise<Page>;

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
const WIDTH = 1280;
const HEIGHT = 800;

/**
 * Tests of the page in a real browser, each with a page of its own. A test fails when the page logs an error, throws, breaks its own content
 * security policy or asks another origin for anything. Without chromium they are skipped, and say so.
 */
export function describeInBrowser(name: string, define: (open: Open) => void): void {
  if (CHROMIUM === undefined) console.log(`${name}: skipped, because there is no chromium (apt-get install chromium)`);
  describe.skipIf(CHROMIUM === undefined)(name, () => {
    let site: Site;
    let browser: Browser;
    const faults: string[] = [];
    const closings: (() => Promise<void>)[] = [];
    beforeAll(async () => {
      site = await openSite();
      browser = await chromium.launch({
        executablePath: CHROMIUM ?? "",
        args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
      });
    }, 120_000);
    afterAll(async () => {
      await browser?.close();
      await site?.close();
    });
    afterEach(async () => {
      for (const close of closings.splice(0)) await close();
      expect(faults.splice(0)).toEqual([]);
    });
    define(async ({ fragment = "", width = WIDTH, height = HEIGHT, dark = false, still = false, address = site.address } = {}) => {
      const context = await browser.newContext({
        viewport: { width, height },
        colorScheme: dark ? "dark" : "light",
        reducedMotion: still ? "reduce" : "no-preference",
        acceptDownloads: true,
      });
      await context.grantPermissions(["clipboard-read", "clipboard-write"]);
      const page = await context.newPage();
      const own = new URL(address).origin;
      page.on("console", message => {
        if (message.type() === "error") faults.push(`console: ${message.text()}`);
      });
      page.on("pageerror", fault => faults.push(`thrown: ${fault.message}`));
      page.on("request", request => {
        const { origin, protocol } = new URL(request.url());
        if (origin !== own && protocol !== "blob:" && protocol !== "data:") faults.push(`asked ${origin}`);
      });
      closings.push(() => context.close());
      await page.goto(fragment === "" ? address : `${address}#${fragment}`);
      await page.getByRole("heading", { name: "Ferrule" }).waitFor();
      await page.locator(".document-name").filter({ hasNotText: "untitled" }).waitFor({ state: "attached" });
      return page;
    });
  });
}

/**
 * Opens files as the dialog does, and waits until the page shows them: `name` is what the first is called, by nothing else that the page has shown
 * before. What is worked out of them comes later.
 */
export async function openTexts(page: Page, ...files: readonly { readonly name: string; readonly text: string }[]): Promise<void> {
  await page
    .locator(".open-dialog input[type=file]")
    .setInputFiles(files.map(({ name, text }) => ({ name, mimeType: "text/plain", buffer: Buffer.from(text) })));
  await page.locator(".document-name", { hasText: files[0]?.name ?? "" }).waitFor({ state: "attached" });
}

/** Presses a button as soon as it is there, before a worker can have answered; resolves when that is done. To be called before what brings it. */
export function pressAtOnce(page: Page, name: string): Promise<void> {
  return page.evaluate(
    words =>
      new Promise<void>(resolve => {
        new MutationObserver((_, me) => {
          const button = [...document.querySelectorAll("button")].find(each => each.textContent === words);
          if (!button) return;
          me.disconnect();
          button.click();
          resolve();
        }).observe(document.body, { childList: true, subtree: true });
      }),
    name,
  );
}

/** What axe finds that is serious or critical, one line each; `within` is a selector where only a part of the page is looked at. */
export async function seriousFaults(page: Page, within = "html"): Promise<string[]> {
  const { readFile } = await import("node:fs/promises");
  const source = await readFile("node_modules/axe-core/axe.min.js", "utf8");
  await page.evaluate(source);
  return await page.evaluate(async part => {
    const axe = (
      globalThis as unknown as {
        axe: { run(within: string): Promise<{ violations: { id: string; impact: string; help: string; nodes: { html: string }[] }[] }> };
      }
    ).axe;
    const { violations } = await axe.run(part);
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(
        ({ id, help, nodes }) =>
          `${id}: ${help}: ${nodes
            .slice(0, 3)
            .map(({ html }) => html)
            .join(" | ")}`,
      );
  }, within);
}
