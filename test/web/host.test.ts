import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { describeInBrowser, openTexts, seriousFaults } from "./browser.ts";

const RULES = "*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n-A INPUT -i eth7 -s 10.9.0.0/16 -j ACCEPT\nCOMMIT\n";

/** Opens rules of which nobody says on what machine they stand. */
async function openBare(page: Page): Promise<void> {
  await openTexts(page, { name: "bare.rules", text: RULES });
  await page.getByText("Nobody has described the machine.").waitFor();
}

describeInBrowser("the panel Host", open => {
  test("shows a machine, and changes it field by field", async () => {
    const page = await open({ fragment: "view=host" });
    await page.getByRole("img", { name: /The machine\. wan0: 203\.0\.113\.2\/24/ }).waitFor();
    const addresses = page.getByLabel("Addresses of lan0");
    await addresses.fill("10.7.0.1/16 2001:db8:7::1/64");
    await addresses.press("Enter");
    await page
      .getByRole("img", { name: /lan0: 10\.7\.0\.1\/16, 2001:db8:7::1\/64; behind it 10\.7\.0\.0\/16, 2001:db8:7::\/64/ })
      .waitFor();
    await page.getByLabel("pass IPv6 packets on").selectOption("1");
    await page.getByLabel("Name of the new interface").fill("wg0");
    await page.getByRole("button", { name: "Add interface" }).click();
    await page.getByLabel("Kind of wg0").selectOption("none");
    await page.getByLabel("Network of the new route").fill("172.16.0.0/12");
    await page.getByLabel("Interface of the new route").selectOption("wg0");
    await page.getByRole("button", { name: "Add route" }).click();
    await page.getByRole("img", { name: /wg0: no address; behind it 172\.16\.0\.0\/12/ }).waitFor();
    await page.getByText("The text (host file, JSON)").click();
    await expect
      .poll(async () => JSON.parse(await page.getByLabel("Host file").inputValue()) as unknown)
      .toMatchObject({
        sysctls: { "net.ipv6.conf.all.forwarding": 1 },
        interfaces: expect.arrayContaining([expect.objectContaining({ name: "wg0", link: "none" })]),
      });
  });

  test("keeps a mistake from becoming the machine, and says what it is", async () => {
    const page = await open({ fragment: "view=host" });
    const addresses = page.getByLabel("Addresses of lan0");
    await addresses.fill("10.7.0.300/16");
    await addresses.press("Enter");
    await page.getByRole("alert").waitFor();
    await expect.poll(async () => await addresses.getAttribute("aria-invalid")).toBe("true");
    await page.getByRole("img", { name: /lan0: 192\.168\.1\.1\/24/ }).waitFor();
    await page.getByText("The text (host file, JSON)").click();
    await page.getByLabel("Host file").fill('{\n  "ferrule": "host",\n  "version": 2\n}');
    await page.getByText("The text of the machine cannot be read").waitFor();
    await page.getByRole("button", { name: "line 3, column 14" }).waitFor();
  });

  test("what is assumed becomes one's own, and what commands print is taken in", async () => {
    const page = await open({ fragment: "view=host" });
    await openBare(page);
    await expect.poll(() => page.getByLabel("Addresses of eth7").isDisabled()).toBe(true);
    await page.getByRole("button", { name: "Make it mine" }).click();
    await page.getByRole("textbox", { name: "Addresses of eth7", disabled: false }).waitFor();
    await page.getByText("Nobody has described the machine.").waitFor({ state: "hidden" });
    const given = page.getByLabel("What a command printed");
    await given.fill("oops");
    await page.getByRole("button", { name: "Take it in" }).click();
    await page.getByText(/line 1, column 1/).waitFor();
    await given.fill(
      JSON.stringify([
        {
          ifname: "lo",
          flags: ["LOOPBACK", "UP"],
          mtu: 65536,
          link_type: "loopback",
          addr_info: [{ family: "inet", local: "127.0.0.1", prefixlen: 8, scope: "host" }],
        },
        {
          ifname: "eth7",
          flags: ["UP"],
          mtu: 1400,
          link_type: "ether",
          address: "02:00:00:00:00:07",
          addr_info: [{ family: "inet", local: "10.9.0.1", prefixlen: 16, scope: "global" }],
        },
      ]),
    );
    await page.getByRole("button", { name: "Take it in" }).click();
    await page.getByText("took 2 interfaces").waitFor();
    await expect.poll(() => page.getByLabel("MTU of eth7").inputValue()).toBe("1400");
    await given.fill("create bad hash:ip family inet\nadd bad 192.0.2.66\n");
    await page.getByRole("button", { name: "Take it in" }).click();
    await page.getByText("took 1 set").waitFor();
  });

  test("is of use to people who cannot see or point, at both widths", async () => {
    for (const [width, dark] of [
      [1280, false],
      [390, true],
    ] as const) {
      const page = await open({ fragment: "view=host", width, dark });
      await page.getByRole("img", { name: /The machine/ }).waitFor();
      expect(await seriousFaults(page)).toEqual([]);
      const { scroll, client } = await page.evaluate(() => ({
        scroll: document.documentElement.scrollWidth,
        client: document.documentElement.clientWidth,
      }));
      expect(scroll).toBeLessThanOrEqual(client);
      expect(await page.locator(".panel").evaluate(each => each.scrollWidth - each.clientWidth)).toBeLessThanOrEqual(0);
    }
  });
});
