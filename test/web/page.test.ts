import { expect, test } from "vitest";
import { describeInBrowser, seriousFaults } from "./browser.ts";

describeInBrowser("the page", open => {
  test("opens with an example, at both widths", async () => {
    for (const width of [1280, 390]) {
      const page = await open({ width });
      await page.getByText("NAT gateway").first().waitFor();
      const { scroll, client } = await page.evaluate(() => ({
        scroll: document.documentElement.scrollWidth,
        client: document.documentElement.clientWidth,
      }));
      expect(scroll).toBeLessThanOrEqual(client);
    }
  });

  test("the bar between editor and panel moves by keys and by dragging", async () => {
    const page = await open();
    const bar = page.getByRole("separator", { name: "Width of the editor" });
    const width = async (): Promise<number> => Math.round((await page.locator(".editor-pane").boundingBox())?.width ?? 0);
    await page.locator(".map-overview").waitFor();
    const before = await width();
    await bar.focus();
    await page.keyboard.press("ArrowRight");
    await expect.poll(width).toBeGreaterThan(before + 15);
    const { x = 0, y = 0 } = (await bar.boundingBox()) ?? {};
    await page.mouse.move(x + 3, y + 200);
    await page.mouse.down();
    await page.mouse.move(400, y + 200, { steps: 4 });
    await page.mouse.up();
    await expect.poll(async () => Math.abs((await width()) - 400)).toBeLessThan(8);
  });

  test("has no serious fault for people who cannot see or point, in light and dark", async () => {
    for (const dark of [false, true]) {
      const page = await open({ dark });
      await page.locator(".map-overview").waitFor();
      expect(await seriousFaults(page)).toEqual([]);
    }
  });

  test("tells on a telephone, too, why something was not opened", async () => {
    const page = await open({ fragment: "view=policy", width: 390 });
    await page.evaluate(() => {
      const transfer = new DataTransfer();
      transfer.setData("text/plain", "table inet filter {\n}\n");
      document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true }));
    });
    const told = page.getByText("What was pasted was not opened: it holds rules of nft");
    await told.locator("visible=true").waitFor();
    await page.getByRole("tab", { name: "Rules" }).click();
    await page.getByRole("tab", { name: "Rules", selected: true }).waitFor();
    await page.locator(".editor-pane").waitFor();
    await expect.poll(async () => await told.locator("visible=true").count()).toBe(1);
  });
});
