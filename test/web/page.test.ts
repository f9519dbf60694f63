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

  test("has no serious fault for people who cannot see or point, in light and dark", async () => {
    for (const dark of [false, true]) {
      const page = await open({ dark });
      expect(await seriousFaults(page)).toEqual([]);
    }
  });
});
