import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { describeInBrowser, seriousFaults } from "./browser.ts";

const RULES = `*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -i lo -j ACCEPT
-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT
-A INPUT -s 10.0.0.0/8 -p tcp -m tcp --dport 22 -j DROP
# ferrule: allow F07 old resolvers
-A INPUT -p udp -m udp --sport 53 -j ACCEPT
COMMIT
`;
const SOON = { timeout: 20_000 };

const openPasted = async (page: Page, text: string): Promise<void> => {
  await page.getByRole("button", { name: "Open", exact: true }).click();
  await page.getByRole("textbox", { name: "Paste rules" }).fill(text);
  await page.getByRole("button", { name: "Open what is pasted" }).click();
};

const lines = async (page: Page): Promise<string[]> => await page.locator(".editor-host .cm-line").allInnerTexts();

describeInBrowser("findings", open => {
  const opened = async (visit: { width?: number; dark?: boolean } = {}): Promise<Page> => {
    const page = await open({ fragment: "view=findings", ...visit });
    await openPasted(page, RULES);
    await page.getByRole("button", { name: /F01 shadowed/ }).waitFor(SOON);
    return page;
  };

  test("are listed with what they mean, narrowed, saved, mended after a look at what that changes, and allowed by comments", async () => {
    const page = await opened();
    const shadowed = page.getByRole("button", { name: /F01 shadowed/ });
    // The list, and the editor beside it.
    await shadowed.click();
    const item = page.locator(".finding.open");
    await item.filter({ hasText: "-A INPUT -s 10.0.0.0/8 -p tcp -m tcp --dport 22 -j DROP" }).waitFor();
    await item.getByRole("button", { name: /line 6, filter INPUT rule 2/ }).click();
    await page.getByText("line 6 · filter INPUT rule 2").waitFor();
    await page.getByText("1 more is allowed by comments").waitFor();
    const severities = await page.locator(".findings-title").allInnerTexts();
    expect(severities).toEqual(["Errors", "Warnings", "Notes"].filter(each => severities.includes(each)));
    await page.locator(".editor-host .cm-dead", { hasText: "10.0.0.0/8" }).waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    // Narrowed, and as a file.
    const search = page.getByRole("searchbox", { name: "Search in findings" });
    await search.fill("no such thing");
    await page.getByText("No finding fits").waitFor();
    await search.fill("shadowed");
    await shadowed.waitFor();
    expect(await page.locator(".findings > section .finding").count()).toBe(1);
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "SARIF" }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe("pasted-rules.sarif");
    const sarif: unknown = JSON.parse(await readFile(await file.path(), "utf8"));
    expect(sarif).toMatchObject({
      version: "2.1.0",
      runs: [{ results: expect.arrayContaining([expect.objectContaining({ ruleId: "F01" })]) }],
    });
    // A fix, looked at first, carried out, and taken back.
    await page.getByRole("button", { name: /Look at the fix/ }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("What that changes, for all packets and sessions").waitFor(SOON);
    await dialog.locator(".fix-edits .gone", { hasText: "10.0.0.0/8" }).waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    const before = await lines(page);
    await dialog.getByRole("button", { name: "Change the rules" }).click();
    await expect.poll(async () => await lines(page)).not.toEqual(before);
    await expect.poll(async () => await shadowed.count(), SOON).toBe(0);
    await page.locator(".editor-host .cm-content").click();
    await page.keyboard.press("Control+z");
    await expect.poll(async () => await lines(page)).toEqual(before);
    // Allowed with a reason.
    await shadowed.click(SOON);
    await page.getByText("It is meant so: allow it").click();
    await page.getByRole("textbox", { name: "Why it is meant so" }).fill("it documents the old rule");
    await page.getByRole("button", { name: "Write the comment" }).click(SOON);
    await expect.poll(async () => await lines(page)).toContain("# ferrule: allow F01 it documents the old rule");
    await search.fill("");
    await page.getByText("2 more are allowed by comments").waitFor(SOON);
  });

  test("all fixes are looked at together; a witness loads into Trace, whose hits stand beside the rules", async () => {
    const page = await open({ fragment: "view=findings" });
    await page.getByRole("button", { name: /Look at all \d+ fixes/ }).click(SOON);
    const dialog = page.getByRole("dialog");
    await dialog.getByText("What that changes, for all packets and sessions").waitFor(SOON);
    expect(await dialog.getByRole("heading", { level: 2 }).innerText()).toMatch(/^\d+ fixes together$/);
    await page.keyboard.press("Escape");
    await page
      .getByRole("button", { name: /F16 INVALID accepted/ })
      .first()
      .click();
    await page.getByRole("button", { name: "Trace it" }).click();
    await page.getByRole("tab", { name: "Trace", selected: true }).waitFor();
    await page.locator(".editor-host .cm-hits [title*='1 packet'][title*='of the trace']").first().waitFor(SOON);
  });

  test("those that say the same stand as one, which opens; one that is searched for stands alone", async () => {
    const page = await open({ fragment: "view=findings" });
    const chains = ["one", "two", "three", "four", "five", "six"];
    const rules = [
      "*filter",
      ":INPUT DROP [0:0]",
      "-A INPUT -i lo -j ACCEPT",
      ...chains.map(chain => `:${chain} - [0:0]`),
      ...chains.map(chain => `-A ${chain} -j DROP`),
    ];
    await openPasted(page, `${rules.join("\n")}\nCOMMIT\n`);
    const dead = page.locator(".finding", { hasText: "F24" });
    const others = page.getByRole("button", { name: "5 more like it" });
    await others.waitFor(SOON);
    expect(await dead.count()).toBe(1);
    await others.click();
    await dead.nth(5).waitFor();
    expect(await dead.count()).toBe(6);
    expect(await seriousFaults(page, "#panel")).toEqual([]);
    await dead.nth(5).getByRole("button").first().click();
    await page.locator(".finding.open", { hasText: "no packet enters the chain six" }).waitFor();
    await others.click();
    await dead.nth(5).waitFor({ state: "detached" });
    expect(await dead.count()).toBe(1);
    await page.getByRole("searchbox", { name: "Search in findings" }).fill("chain four");
    await others.waitFor({ state: "detached" });
    await dead.filter({ hasText: "four" }).waitFor();
  });

  test("at 390 pixels the list stays when a finding is opened, and nothing sticks out", async () => {
    const page = await opened({ width: 390, dark: true });
    await page.getByRole("button", { name: /F01 shadowed/ }).click();
    await page.locator(".finding.open").waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    expect(await seriousFaults(page)).toEqual([]);
  });
});
