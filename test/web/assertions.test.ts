import { readFile } from "node:fs/promises";
import type { Locator, Page } from "playwright-core";
import { expect, test } from "vitest";
import { describeInBrowser, pressAtOnce, seriousFaults, type Open } from "./browser.ts";

/** The page with Tests shown. */
async function tests(open: Open, visit: Parameters<Open>[0] = {}): Promise<Page> {
  const page = await open({ fragment: "view=tests", ...visit });
  await page.getByText("Say what the firewall must do").waitFor();
  return page;
}

const editor = (page: Page): Locator => page.locator(".tests-editor .cm-content");

async function write(page: Page, text: string): Promise<void> {
  await editor(page).click();
  await page.keyboard.press("Control+A");
  await page.keyboard.press("Delete");
  await page.keyboard.insertText(text);
}

const signs = async (page: Page): Promise<string> =>
  (
    await page.locator(".tests-editor .assertion-gutter :is(.assertion-holds, .assertion-fails, .assertion-undecided)").allTextContents()
  ).join("");

/** A failing assertion leads to its rule and to Trace. */
async function proves(page: Page): Promise<void> {
  await write(page, "assert:\n  - deny: from any to self tcp 22\n  - deny: from any to self udp 161\n");
  await page.getByText("1 of 2 hold", { exact: true }).waitFor();
  await expect.poll(() => signs(page)).toContain("✗✓");
  await page.locator(".tests-counterexample").getByRole("button", { name: "filter INPUT rule 4" }).first().click();
  await page.locator(".editor-status").getByText("line 17").waitFor();
  await page
    .locator(".tests-counterexample")
    .getByRole("button", { name: /^session tcp .*:22 syn in lan0$/ })
    .click();
  await page.getByRole("tab", { name: "Trace", selected: true }).waitFor();
  await page.getByRole("tab", { name: "Tests" }).click();
  await page.getByText("1 of 2 hold", { exact: true }).waitFor();
}

/** Faults have their place and a guess; what held before stays in sight. */
async function tellsFaults(page: Page): Promise<void> {
  await editor(page).click();
  await page.keyboard.press("Control+End");
  await page.keyboard.insertText("  - alow: from any to self tcp 22\n");
  await page.getByRole("button", { name: "Line 4, column 5" }).first().waitFor();
  await page.getByText("Did you mean allow?").waitFor();
  await page.locator(".tests-editor .cm-lintRange-error").first().waitFor();
  await page.getByText("1 of 2 hold", { exact: true }).waitFor();
}

/** A file that is compared with is attached. */
async function attaches(page: Page): Promise<void> {
  await write(page, "assert:\n  - equal to: last-week.rules\n");
  await page.getByText("? 1 undecided").waitFor();
  await page.getByLabel("Attach last-week.rules").setInputFiles("examples/nat-gateway.rules");
  await page.getByText("✓ all proven").waitFor();
}

/** Names in a file are text. */
async function escapes(page: Page): Promise<void> {
  await write(
    page,
    'assert:\n  - name: "<img src=x onerror=alert(1)> \\u202e $(id)"\n    deny: from any to self tcp 22\n  - equal to: "<b>x</b>"\n',
  );
  await page.getByText("0 of 2 hold", { exact: true }).waitFor();
  await page.getByRole("button", { name: "<img src=x onerror=alert(1)>" }).waitFor();
  expect(await page.locator(".tests img, .tests b").count()).toBe(0);
  expect(await page.locator(".tests-results").textContent()).not.toContain("\u202e");
}

/** The file is kept for the next visit. */
async function keeps(page: Page): Promise<void> {
  await write(page, "assert:\n  - no strays\n");
  await page.getByText("0 of 1 hold", { exact: true }).waitFor();
  await page.waitForFunction(() => Object.keys(localStorage).some(key => localStorage.getItem(key)?.includes("no strays")));
  await page.reload();
  await page.getByText("0 of 1 hold", { exact: true }).waitFor();
}

/** What is allowed now is written, holds, and fails when the rules let more in. */
async function writesWhatIsAllowed(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Write what is allowed now" }).click();
  await page.getByRole("button", { name: "Replace it" }).click();
  await page.getByText("✓ all proven").waitFor();
  await page.locator(".editor-host .cm-content").click();
  await page.keyboard.press("Control+Home");
  for (let i = 0; i < 14; i++) await page.keyboard.press("ArrowDown");
  await page.keyboard.insertText("-A INPUT -p tcp --dport 9000 -j ACCEPT\n");
  await page
    .getByText(/✗ \d+ fails?/)
    .first()
    .waitFor();
}

/** Results and the file itself are saved. */
async function saves(page: Page): Promise<void> {
  for (const [name, file, words] of [
    ["TAP", "firewall.tap", "TAP version 14"],
    ["JUnit", "firewall.xml", "<testsuites"],
    ["Save YAML", "firewall.yaml", "at most:"],
  ] as const) {
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name, exact: true }).click()]);
    expect(download.suggestedFilename()).toBe(file);
    expect(await readFile(await download.path(), "utf8")).toContain(words);
  }
}

describeInBrowser("Tests", open => {
  test("what was given up is over, and can be done after all", async () => {
    const page = await tests(open);
    const testing = pressAtOnce(page, "Give up");
    await write(page, "assert:\n  - deny: from any to self udp 161\n");
    await testing;
    await page.getByRole("button", { name: "Test again" }).click();
    await page.getByText("✓ all proven").waitFor();
    const writing = pressAtOnce(page, "Give up");
    await page.getByRole("button", { name: "Write what is allowed now" }).click();
    await page.getByRole("button", { name: "Replace it" }).click();
    await writing;
    // What is written and proven afterwards stands: nothing comes from what was given up.
    await write(page, "assert:\n  - allow: from any to self udp 161\n");
    await page.getByText("0 of 1 hold", { exact: true }).waitFor();
    expect(await page.getByRole("alert").allTextContents()).toEqual([]);
    expect(await editor(page).innerText()).toContain("- allow: from any to self udp 161");
  });

  test("assertions are proven as they are typed, kept, written from the rules, and saved", async () => {
    const page = await tests(open);
    expect(await seriousFaults(page, "#panel")).toEqual([]);
    await proves(page);
    await tellsFaults(page);
    await attaches(page);
    await escapes(page);
    await keeps(page);
    await writesWhatIsAllowed(page);
    await saves(page);
  });

  test("works at 390 pixels in the dark, without serious faults for people who cannot see or point", async () => {
    const page = await tests(open, { width: 390, dark: true });
    await page.getByRole("button", { name: "Example" }).click();
    await page.getByText(/of 8 hold/).waitFor();
    expect(await seriousFaults(page, "#panel")).toEqual([]);
    const [scroll, client] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
    expect(scroll).toBeLessThanOrEqual(client ?? 0);
  });
});
