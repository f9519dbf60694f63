import { existsSync, readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { describeInBrowser, seriousFaults } from "./browser.ts";

const TUM = "../shared/corpus/fffuu/tum-2015.rules";
if (!existsSync(TUM)) console.log("diff: the large ruleset is skipped, because ../shared/corpus is not there");

const TRACKED = "-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT";
const ruleset = (...rules: readonly string[]): string =>
  ["*filter", ":INPUT DROP [0:0]", ":FORWARD DROP [0:0]", ":OUTPUT ACCEPT [0:0]", ...rules, "COMMIT", ""].join("\n");
const SSH = ruleset(TRACKED, "-A INPUT -p tcp --dport 22 -j ACCEPT");
const WEB = ruleset(TRACKED, "-A INPUT -p tcp --dport 80 -j ACCEPT");

const file = (name: string, text: string): { name: string; mimeType: string; buffer: Buffer } => ({
  name,
  mimeType: "text/plain",
  buffer: Buffer.from(text),
});

const openRules = async (page: Page, text: string, name = "mine.rules"): Promise<void> => {
  await page.locator(".open-dialog input[type=file]").setInputFiles(file(name, text));
  await page.locator(".document-name", { hasText: name }).waitFor();
};

const compareWith = async (page: Page, name: string, ...texts: readonly string[]): Promise<void> =>
  await page
    .locator("#panel input[type=file]")
    .setInputFiles(texts.map((text, index) => file(index === 0 ? name : `${index}-${name}`, text)));

const outcome = (page: Page): ReturnType<Page["locator"]> => page.locator(".diff-outcome");

describeInBrowser("diff", open => {
  test("a file: what it would open and close, the rules of both sides, and a witness that traces on both", async () => {
    const page = await open({ fragment: "view=diff" });
    await openRules(page, SSH);
    await compareWith(page, "next.rules", WEB);
    await page.getByRole("heading", { name: "mine.rules → next.rules" }).waitFor();
    await outcome(page)
      .getByText(/^\+ \d+ opened$/)
      .waitFor();
    await outcome(page)
      .getByText(/^− \d+ closed$/)
      .waitFor();
    const opens = page.locator(".diff-change", { hasText: "http (tcp 80)" }).first();
    await opens.getByRole("button", { name: "filter INPUT rule 2, line 6" }).waitFor();
    await opens.getByRole("button", { name: "Trace on both sides" }).click();
    await opens.getByRole("region", { name: "Trace before" }).getByText("dropped").first().waitFor();
    await opens.getByRole("region", { name: "Trace after" }).getByText("The session works").waitFor();
    await opens.getByRole("button", { name: "filter INPUT rule 2, line 6" }).first().click();
    await expect
      .poll(() =>
        page
          .locator(
            ".diff-texts .cm-merge-b .cm-selectionBackground, .diff-texts .cm-merge-b .cm-focused, .diff-texts .cm-merge-b.cm-focused",
          )
          .count(),
      )
      .toBeGreaterThan(0);
  });

  test("what one's own change does; and that a change of words does nothing", async () => {
    const page = await open({ fragment: "view=diff" });
    await openRules(page, SSH);
    await page.getByText("The rules are as they were opened.").waitFor();
    await outcome(page).getByText("✓ proven equal").waitFor();
    await page.locator(".editor-host .cm-line", { hasText: "--dport 22" }).click();
    await page.keyboard.press("Home");
    await page.keyboard.insertText("-A INPUT -p tcp --dport 443 -j ACCEPT\n");
    await outcome(page)
      .getByText(/^\+ \d+ opened$/)
      .waitFor();
    await page.getByRole("heading", { name: "mine.rules as it was opened → mine.rules as it is now" }).waitFor();
    await page.locator(".diff-change", { hasText: "https (tcp 443)" }).first().waitFor();
    await page.getByRole("button", { name: /swap before and after/ }).click();
    await outcome(page)
      .getByText(/^− \d+ closed$/)
      .waitFor();
  });

  test("pasted rules, proven equal; strictly they differ by what is logged", async () => {
    const page = await open({ fragment: "view=diff" });
    await openRules(page, SSH);
    await page.getByRole("button", { name: "pasted rules …" }).click();
    await page
      .getByRole("textbox", { name: /^Rules to compare with/ })
      .fill(ruleset(TRACKED, "-A INPUT -p tcp --dport 22 -j LOG", "-A INPUT -p tcp --dport 22 -j ACCEPT"));
    await page.getByRole("button", { name: "Compare", exact: true }).click();
    await page.getByRole("heading", { name: "mine.rules → pasted rules" }).waitFor();
    await outcome(page).getByText("✓ proven equal").waitFor();
    await page.getByRole("checkbox", { name: /^strict/ }).check();
    await page.locator(".diff-change").first().waitFor();
    await page.getByRole("button", { name: "pasted rules …" }).click();
    await page.getByRole("textbox", { name: /^Rules to compare with/ }).fill("what is this");
    await page.getByRole("button", { name: "Compare", exact: true }).click();
    await page.getByText(/^pasted rules was not taken/).waitFor();
  });

  test("the families of one ruleset", async () => {
    const page = await open({ fragment: "view=diff" });
    await openRules(page, `# Generated by iptables-save\n${SSH}# Generated by ip6tables-save\n${ruleset(TRACKED)}`);
    await page.getByRole("button", { name: "IPv4 with IPv6" }).click();
    await outcome(page)
      .getByText(/more open over IPv4$/)
      .waitFor();
    const change = page.locator(".diff-change", { hasText: "ssh (tcp 22)" }).first();
    await change.getByRole("button", { name: "Trace on both sides" }).click();
    await change.getByRole("region", { name: "Trace IPv4" }).getByText("The session works").waitFor();
  });

  test("a family that one side lacks is told, not compared", async () => {
    const page = await open({ fragment: "view=diff" });
    await openRules(page, `# Generated by iptables-save\n${SSH}# Generated by ip6tables-save\n${ruleset(TRACKED)}`);
    await compareWith(page, "four.rules", SSH);
    await outcome(page).getByText("✓ proven equal").waitFor();
    await page.getByText("IPv6 is not compared").waitFor();
  });

  test("an example; the texts stand beside each other, or as one on a telephone, without faults for those who cannot see or point", async () => {
    for (const dark of [false, true]) {
      const page = await open({ fragment: "view=diff", dark, width: dark ? 390 : 1280 });
      await page.getByRole("combobox", { name: "Compare with an example" }).selectOption({ label: "Stateful web server" });
      await page.locator(".diff-change").first().waitFor();
      await page.getByRole("button", { name: "Trace on both sides" }).first().click();
      await page.locator(".diff-trace").first().waitFor();
      await page.locator(".diff-texts .cm-line").first().waitFor();
      expect(await page.locator(".diff-texts .cm-editor").count()).toBe(dark ? 1 : 2);
      expect(await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth)).toBe(false);
      expect(await seriousFaults(page)).toEqual([]);
    }
  });

  test.skipIf(!existsSync(TUM))(
    "one rule fewer among thousands",
    async () => {
      const text = readFileSync(TUM, "utf8");
      const rules = text.split("\n");
      const at = rules.findIndex(line => line.startsWith("-A FORWARD") && line.endsWith("-j ACCEPT"));
      const page = await open({ fragment: "view=diff" });
      await page.locator(".open-dialog input[type=file]").setInputFiles(TUM);
      await page.locator(".document-name", { hasText: "tum-2015" }).waitFor();
      await compareWith(page, "fewer.rules", rules.filter((_, index) => index !== at).join("\n"));
      await page.getByRole("heading", { name: /→ fewer.rules/ }).waitFor();
      await page.locator(".diff-word").first().waitFor({ timeout: 90_000 });
      await page.locator(".diff-texts .cm-collapsedLines").first().waitFor();
      expect(await page.locator(".diff-texts .cm-line").count()).toBeLessThan(400);
    },
    180_000,
  );
});
