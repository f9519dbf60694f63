import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { noSandbox } from "../script/sandbox.ts";
import { describeInBrowser, seriousFaults } from "./browser.ts";
import { bench, type Bench } from "./serve-client.ts";
import { builtPage } from "./site.ts";

/** The page as `ferrule serve` sends it. */

const RULES = "*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp --dport 22 -j ACCEPT\nCOMMIT\n";
const HOSTILE = "<img src=x onerror=alert(1)>.rules";
const sandbox = (await noSandbox()) === "";
if (!sandbox) console.log("skipped: a script of the folder, in the page of ferrule serve, because there is no sandbox");

describeInBrowser("the page of ferrule serve", open => {
  let served: Bench;
  let page: Awaited<ReturnType<typeof builtPage>>;
  beforeAll(async () => {
    page = await builtPage();
    served = await bench({
      page: page.folder,
      files: {
        "gate.v4": RULES,
        "sub/other.rules": RULES.replace("22", "2222"),
        "start.sh": "#!/bin/sh\niptables -P FORWARD DROP\n",
        [HOSTILE]: RULES.replace("22", "6666"),
      },
      rules: ["gate.v4", "sub/other.rules"],
    });
  }, 120_000);
  afterAll(async () => {
    await served?.close();
    page?.remove();
  });

  const disk = (path: string): string => (existsSync(join(served.root, path)) ? readFileSync(join(served.root, path), "utf8") : "");
  const editor = (tab: Page): ReturnType<Page["locator"]> => tab.locator(".cm-content").first();
  const shows = (tab: Page, text: string): Promise<void> => editor(tab).getByText(text).first().waitFor();
  const showsNot = (tab: Page, text: string): Promise<void> => editor(tab).getByText(text).first().waitFor({ state: "detached" });
  /** Types at the end of the text. */
  async function type(tab: Page, text: string): Promise<void> {
    await editor(tab).click();
    await tab.keyboard.press("Control+End");
    await tab.keyboard.insertText(text);
  }
  async function becomes(value: () => string, wanted: string): Promise<void> {
    for (let tries = 0; tries < 150 && value() !== wanted; tries++) await new Promise(resolve => setTimeout(resolve, 40));
    expect(value()).toBe(wanted);
  }

  test("opens what the command line named, saves it with Ctrl-S, and takes over what others write", async () => {
    const tab = await open({ address: served.address });
    await shows(tab, "--dport");
    // The token leaves the address, but not the tab.
    expect(tab.url()).toBe(served.running.url);
    await tab.reload();
    await tab.getByRole("button", { name: "Files" }).waitFor();
    await shows(tab, "--dport");
    await type(tab, "# mine\n");
    await tab.getByText("(edited)").waitFor();
    await tab.keyboard.press("Control+s");
    await becomes(() => disk("gate.v4"), `${RULES}# mine\n`);
    await tab.getByText("Saved gate.v4.").waitFor();
    await tab.getByText("(edited)").waitFor({ state: "detached" });
    served.put("gate.v4", RULES.replace("22", "3333"));
    await shows(tab, "3333");
    await type(tab, "# mine again\n");
    await tab.getByText("(edited)").waitFor();
    served.put("gate.v4", RULES.replace("22", "4444"));
    await tab.getByText("was changed on disk, and here").waitFor();
    await shows(tab, "# mine again");
    await tab.getByRole("button", { name: "Take the text from the disk" }).click();
    await shows(tab, "4444");
    await showsNot(tab, "# mine again");
    // The second firewall of the command line.
    await tab.getByRole("tab", { name: "Diff" }).click();
    await tab.getByRole("heading", { name: "gate.v4 → other.rules" }).waitFor();
  });

  test("lists the folder's files whatever they are called, opens them, runs scripts, and saves under new names", async () => {
    const tab = await open({ address: served.address, width: 390, height: 844 });
    const { scroll, client } = await tab.evaluate(() => ({
      scroll: document.documentElement.scrollWidth,
      client: document.documentElement.clientWidth,
    }));
    expect(scroll).toBeLessThanOrEqual(client);
    await tab.getByRole("tab", { name: "Rules" }).click();
    const files = tab.getByRole("dialog", { name: "Files of the server" });
    await tab.getByRole("button", { name: "Files" }).click();
    await files.getByText("sub/other.rules").waitFor();
    expect(await seriousFaults(tab)).toEqual([]);
    expect(await tab.locator("img").count()).toBe(0);
    await files.getByRole("searchbox").fill("IMG");
    await files.getByText(HOSTILE).click();
    await files.waitFor({ state: "hidden" });
    await shows(tab, "6666");
    if (sandbox) {
      await tab.getByRole("button", { name: "Files" }).click();
      await files.getByText("start.sh").click();
      await tab.getByText("was run in the server's sandbox").waitFor();
      await shows(tab, ":FORWARD");
      await tab.getByText("(read-only)").waitFor();
    }
    await tab.getByRole("button", { name: "Files" }).click();
    await files.getByText("sub/other.rules").first().click();
    await shows(tab, "2222");
    await tab.getByRole("tab", { name: /IPv6/ }).click();
    await showsNot(tab, "2222");
    await type(tab, "*filter\n:INPUT DROP [0:0]\nCOMMIT\n");
    await tab.getByText("(edited)").waitFor();
    await tab.getByRole("button", { name: "Save", exact: true }).click();
    const saving = tab.getByRole("dialog", { name: "Save as" });
    await saving.getByRole("textbox").fill("sub/other.v6");
    expect(await seriousFaults(tab)).toEqual([]);
    await saving.getByRole("button", { name: "Save" }).click();
    await becomes(() => disk("sub/other.v6"), "*filter\n:INPUT DROP [0:0]\nCOMMIT\n");
  });
});
