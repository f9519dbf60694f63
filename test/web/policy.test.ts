import { existsSync, readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { describeInBrowser, openTexts, seriousFaults } from "./browser.ts";

const TUM = "../shared/corpus/fffuu/tum-2015.rules";
if (!existsSync(TUM)) console.log("policy: the large ruleset is skipped, because ../shared/corpus is not there");

const TRACKED = "-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT";
const ruleset = (...rules: readonly string[]): string =>
  ["*filter", ":INPUT DROP [0:0]", ":FORWARD DROP [0:0]", ":OUTPUT ACCEPT [0:0]", ...rules, "COMMIT", ""].join("\n");

/** Waits until the whole policy of the rules that are open now is there: files of it can be saved from then on, and not while it is of other rules. */
const settled = (page: Page): Promise<void> =>
  page.getByRole("button", { name: "CSV", exact: true, disabled: false }).waitFor({ timeout: 60_000 });

const openRules = async (page: Page, name: string, text: string): Promise<void> => {
  await openTexts(page, { name, text });
  await settled(page);
};

const ask = async (page: Page, text: string): Promise<void> => {
  await page.getByRole("combobox", { name: "Who can reach whom?" }).fill(text);
  await page.getByRole("button", { name: "Ask", exact: true }).click();
};

const isWide = async (page: Page): Promise<boolean> =>
  await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);

async function cellsOpen(page: Page): Promise<void> {
  await page.getByText("this machine may open everything to anywhere.").waitFor();
  await page.getByRole("tab", { name: /^forward/ }).click();
  await page.getByRole("tab", { name: /^forward/, selected: true }).waitFor();
  await page
    .getByRole("row", { name: /http-alt/ })
    .getByRole("button")
    .first()
    .click();
  const sheet = page.getByRole("dialog", { name: "Details" });
  await sheet.getByText("destination 192.168.1.80:80").waitFor();
  await sheet.getByRole("button", { name: /filter FORWARD rule 3, line 21/ }).click();
  await page.locator(".editor-host .cm-activeLine", { hasText: "-A FORWARD -d 192.168.1.80/32" }).waitFor();
  await sheet.getByRole("button", { name: "Ask about exactly this" }).click();
  await expect
    .poll(() => page.getByRole("combobox", { name: "Who can reach whom?" }).inputValue())
    .toMatch(/^ipv4 from .* to any tcp 8080$/);
  await page.getByRole("region", { name: "Search" }).locator(".policy-row code", { hasText: "tcp 8080" }).first().waitFor();
  await page
    .getByRole("row", { name: /http-alt/ })
    .getByRole("button")
    .first()
    .click();
  await sheet.getByRole("button", { name: /^Trace session tcp/ }).click();
  await expect.poll(() => page.locator("#trace-question").inputValue()).toMatch(/^session tcp .*:8080 syn in wan0/);
}

async function questions(page: Page): Promise<void> {
  await ask(page, "who can reach 192.168.1.80:80?");
  await page.getByText("from any to 192.168.1.80 tcp 80").first().waitFor();
  const search = page.getByRole("region", { name: "Search" });
  await search.getByText("? depends", { exact: true }).waitFor();
  await search.getByText("✓ confirmed by the engine").first().waitFor();
  await search.getByRole("button", { name: "filter FORWARD rule 3, line 21" }).first().waitFor();
  await ask(page, "from any to any udp 9 in wan0 out lan0");
  await search.getByText("✕ no", { exact: true }).waitFor();
  await page.getByRole("combobox").fill("from any to self tcp sshh");
  await page.locator(".policy-backdrop mark", { hasText: "sshh" }).waitFor();
  await search.getByRole("button", { name: "write “ssh”" }).click();
  await expect.poll(() => page.getByRole("combobox").inputValue()).toBe("from any to self tcp ssh");
  await page.getByRole("combobox").press("Enter");
  await search.getByText("from any to self tcp 22").waitFor();
}

async function offeredWords(page: Page): Promise<void> {
  const line = page.getByRole("combobox", { name: "Who can reach whom?" });
  await line.fill("from any to self tcp 22 in w");
  await page.getByRole("option", { name: /wan0/ }).waitFor();
  await line.press("ArrowDown");
  await line.press("Enter");
  await expect.poll(() => line.inputValue()).toBe("from any to self tcp 22 in wan0 ");
  await line.press("Escape");
  await line.press("Enter");
  await page.getByRole("region", { name: "Search" }).getByText("✕ no", { exact: true }).waitFor();
}

async function filesOf(page: Page): Promise<void> {
  for (const [kind, start] of [
    ["CSV", "family,path,kind,service"],
    ["JSON", '{\n  "ferrule": "policy"'],
    ["SVG", "<svg "],
    ["HTML", "<!doctype html>"],
  ] as const) {
    const waiting = page.waitForEvent("download");
    await page.getByRole("button", { name: kind, exact: true }).click();
    const file = await waiting;
    expect(file.suggestedFilename()).toBe(`policy.${kind.toLowerCase()}`);
    expect(readFileSync(await file.path(), "utf8").startsWith(start)).toBe(true);
  }
}

async function halfOpen(page: Page): Promise<void> {
  await openRules(
    page,
    "half-open.rules",
    ruleset(
      TRACKED,
      "-A INPUT -p tcp --dport 22 -m limit --limit 3/min -j ACCEPT",
      "-A INPUT -p tcp --dport 80 -j ACCEPT",
      "-A INPUT --dport",
      "-A OUTPUT -p tcp --sport 80 -j DROP",
    ),
  );
  await page.getByText(/1 line is faulty and left out/).waitFor();
  await page
    .getByRole("row", { name: /ssh/ })
    .getByRole("button", { name: /depends on conditions/ })
    .waitFor();
  const half = page.getByRole("region", { name: "Half-open sessions" });
  await half.getByText("the answer is stopped by").waitFor();
  await half.getByRole("button", { name: "filter OUTPUT rule 1, line 9" }).first().waitFor();
  await page.getByRole("region", { name: "Strays" }).getByText("TCP segments with ACK alone").waitFor();
}

async function follows(page: Page): Promise<void> {
  await openRules(page, "one.rules", ruleset(TRACKED, "-A INPUT -p tcp --dport 22 -j ACCEPT"));
  await page.getByRole("row", { name: /ssh/ }).waitFor();
  // One class of addresses has all the room that there is.
  await expect
    .poll(() => page.locator(".policy-matrix").evaluate(box => Math.abs(box.clientWidth - (box.firstElementChild?.clientWidth ?? 0))))
    .toBeLessThan(3);
  await openRules(page, "other.rules", ruleset(TRACKED, "-A INPUT -p tcp --dport 443 -j ACCEPT"));
  await page.getByRole("row", { name: /https/ }).waitFor();
  expect(await page.getByRole("row", { name: /ssh/ }).count()).toBe(0);
}

async function keys(page: Page): Promise<void> {
  await openRules(
    page,
    "keys.rules",
    ruleset(
      TRACKED,
      "-A INPUT -s 10.0.0.0/8 -p tcp --dport 22 -j ACCEPT",
      "-A INPUT -s 192.0.2.0/24 -p tcp --dport 80 -j ACCEPT",
      "-A INPUT -s 192.0.2.0/24 -p udp --dport 53 -j ACCEPT",
    ),
  );
  const grid = page.getByRole("grid");
  await expect.poll(() => grid.getByRole("rowheader").count()).toBe(3);
  await grid.locator("[data-active]").focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowRight");
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute("data-cell"))).toBe("1 1");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: "Details" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog", { name: "Details" }).waitFor({ state: "detached" });
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute("data-cell"))).toBe("1 1");
  // The heads of columns are reached by keys as well.
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute("data-column"))).toBe("1");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: "Details" }).getByText("192.0.2.0/24").first().waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("searchbox", { name: /^Filter services/ }).fill("192.0");
  await expect.poll(() => grid.getByRole("rowheader").count()).toBe(2);
  await page.getByRole("searchbox", { name: /^Filter services/ }).fill("");
  await page.getByRole("button", { name: "whom they reach" }).click();
  await page.getByRole("columnheader", { name: /anywhere|self/ }).waitFor();
  await page.getByRole("columnheader").nth(1).getByRole("button").click();
  await page.getByRole("dialog", { name: "Details" }).getByText("0.0.0.0/0").waitFor();
}

async function hostileNames(page: Page): Promise<void> {
  const chain = "<img/src=x>";
  await openRules(
    page,
    "hostile.rules",
    `*filter\n:INPUT DROP [0:0]\n:${chain} - [0:0]\n:__proto__ - [0:0]\n-A INPUT -j ${chain}\n-A ${chain} -j __proto__\n-A __proto__ -i "<b>\u202ex" -p tcp -m tcp --dport 22 -m comment --comment "<script>alert(1)</script>" -j ACCEPT\nCOMMIT\n`,
  );
  await page.getByRole("row", { name: /ssh/ }).getByRole("button").first().click();
  const sheet = page.getByRole("dialog", { name: "Details" });
  await sheet.getByText("filter __proto__ rule 1").first().waitFor();
  await sheet.getByText("<script>alert(1)</script>").first().waitFor();
  expect(await sheet.locator("img, script, b").count()).toBe(0);
  expect(await page.locator("#panel").innerText()).not.toContain("\u202e");
}

async function emptyPage(page: Page): Promise<void> {
  await page.locator(".editor-host .cm-content").click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.press("Delete");
  await page.getByText("Open a ruleset, or write rules, to see who may open what to whom.").waitFor();
}

describeInBrowser("policy", open => {
  test("a gateway: words and matrix, questions, offered words and files; a cell opens rules and a witness that Trace takes", async () => {
    const page = await open({ fragment: "view=policy" });
    await settled(page);
    await filesOf(page);
    await questions(page);
    await offeredWords(page);
    await cellsOpen(page);
  }, 60_000);

  test("rules that change: half-open sessions, conditions, strays; keys and filter; names that are text; nothing at all", async () => {
    const page = await open({ fragment: "view=policy" });
    await halfOpen(page);
    await follows(page);
    await keys(page);
    await hostileNames(page);
    await emptyPage(page);
  }, 60_000);

  test("has no serious fault for people who cannot see or point, and fits a telephone", async () => {
    for (const dark of [false, true]) {
      const page = await open({ fragment: "view=policy", dark, width: dark ? 390 : 1280, height: 560 });
      await settled(page);
      // Tabs that come into sight do not take the panel's head out of it.
      expect(await page.locator("#panel").evaluate(panel => panel.scrollTop)).toBe(0);
      await page.getByRole("tab", { name: /^forward/ }).click();
      await page.getByRole("tab", { name: /^forward/, selected: true }).waitFor();
      await page
        .getByRole("grid")
        .getByRole("button", { name: /open|partly/ })
        .first()
        .click();
      await page.getByRole("dialog", { name: "Details" }).waitFor();
      await ask(page, "who can reach 192.168.1.80:80?");
      await page.locator(".policy-verdict").waitFor();
      await page.getByRole("button", { name: "How to ask" }).click();
      await page.getByRole("button", { name: "How to ask", expanded: true }).waitFor();
      expect(await isWide(page)).toBe(false);
      expect(await seriousFaults(page)).toEqual([]);
    }
  });

  test.skipIf(!existsSync(TUM))(
    "a matrix of hundreds of services and classes is drawn as far as it can be seen",
    async () => {
      const page = await open({ fragment: "view=policy" });
      await page.locator(".open-dialog input[type=file]").setInputFiles(TUM);
      await page.locator(".document-name", { hasText: "tum-2015" }).waitFor();
      await page.getByRole("tab", { name: /^forward \([0-9]{2,}\)/ }).click({ timeout: 90_000 });
      const grid = page.getByRole("grid");
      const columns = Number(await grid.getAttribute("aria-colcount"));
      expect(columns).toBeGreaterThan(50);
      expect(await page.locator(".policy-cell").count()).toBeLessThan(600);
      await grid.locator("[data-active]").focus();
      await page.keyboard.press("End");
      await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute("data-cell")?.split(" ")[1])).toBe(`${columns - 2}`);
      expect(await page.locator(".policy-cell").count()).toBeLessThan(600);
    },
    180_000,
  );
});
