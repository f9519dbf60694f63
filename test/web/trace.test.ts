import { existsSync } from "node:fs";
import type { Locator, Page } from "playwright-core";
import { expect, test } from "vitest";
import { describeInBrowser, openTexts, seriousFaults } from "./browser.ts";

const question = (page: Page): Locator => page.locator("#trace-question");
const marked = (page: Page): Promise<string[]> => page.locator(".trace-backdrop mark").allTextContents();

/** Asks, and waits until the answer says something. */
async function ask(page: Page, text: string, answer: string | RegExp): Promise<void> {
  await question(page).fill(text);
  await page.locator(".trace-outcome").getByText(answer).first().waitFor();
}

describeInBrowser("the panel Trace", open => {
  test("a question that the rules suggest: the session, its packets and its connection", async () => {
    const page = await open({ fragment: "view=trace" });
    await page.getByRole("button", { name: "https from inside" }).click();
    await page.getByText("The session works: all 8 packets got through.").waitFor();
    await expect.poll(() => page.locator(".trace-message").count()).toBe(8);
    await expect
      .poll(() => page.locator(".trace-message").first().innerText())
      .toMatch(/SYN[\s\S]*forwarded[\s\S]*NEW[\s\S]*tcp SYN_SENT[\s\S]*from 203\.0\.113\.2:40000/);
    await page.locator(".trace-message").nth(2).click();
    const card = page.locator(".trace-packet");
    await card.getByText("tcp ESTABLISHED", { exact: true }).waitFor();
    await expect.poll(() => card.innerText()).toMatch(/packet 3, from the client[\s\S]*replied[\s\S]*assured[\s\S]*translated/);
    await page.locator(".trace-steps").focus();
    await page.keyboard.press("End");
    const last = page.locator(".trace-step-card");
    await last.getByText(/^leaves by lan0: tcp 203\.0\.113\.80:443 > 192\.168\.1\.10:40000 ack$/).waitFor();
    await last.getByText("was 203.0.113.2").waitFor();
    await expect.poll(() => page.locator(".trace-message").last().getAttribute("aria-current")).toBe("step");
  });

  test("the builder and the notation say the same, whichever is changed", async () => {
    const page = await open({ fragment: "view=trace" });
    await ask(page, "tcp 192.168.1.50:1234 > 203.0.113.80:443 syn in lan0", "The packet is forwarded");
    await page.getByRole("button", { name: "Packet builder" }).click();
    const builder = page.locator(".trace-builder");
    await expect.poll(() => builder.getByLabel("Source", { exact: true }).inputValue()).toBe("192.168.1.50");
    await expect.poll(() => builder.getByLabel("Source Port").inputValue()).toBe("1234");
    await expect.poll(() => builder.getByLabel("Comes in on").inputValue()).toBe("lan0");
    await builder.getByLabel("Destination Port").fill("ssh");
    await expect.poll(() => question(page).inputValue()).toBe("tcp 192.168.1.50:1234 > 203.0.113.80:22 syn in lan0");
    await builder.getByRole("checkbox", { name: "ACK" }).check();
    await expect.poll(() => question(page).inputValue()).toBe("tcp 192.168.1.50:1234 > 203.0.113.80:22 syn+ack in lan0");
    await builder.getByLabel("Protocol").selectOption("icmp");
    await builder.getByLabel("ICMP type").selectOption("port-unreachable");
    await expect.poll(() => question(page).inputValue()).toBe("icmp 192.168.1.50 > 203.0.113.80 port-unreachable in lan0");
    await builder.getByLabel("What").selectOption("session");
    await expect.poll(() => question(page).inputValue()).toBe("session icmp 192.168.1.50 > 203.0.113.80 echo-request in lan0");
    await builder.getByLabel("Source", { exact: true }).fill("192.168.1.");
    await expect.poll(() => builder.getByLabel("Source", { exact: true }).getAttribute("aria-invalid")).toBe("true");
    expect(await question(page).inputValue()).toContain("192.168.1.50");
    await builder.getByLabel("Family").selectOption("6");
    await expect.poll(() => question(page).inputValue()).toBe("session icmpv6 2001:db8:113::9 > 2001:db8::2 echo-request in lan0");
  });

  test("a mistake is marked where it is, with what was meant", async () => {
    const page = await open({ fragment: "view=trace" });
    await question(page).fill("udp 192.168.1.50 > 9.9.9.9:53 in lan0\ntcp 192.168.1.50 > 203.0.113.80:443 sny in lan0");
    await page.getByText('line 2: unknown word "sny"').waitFor();
    await expect.poll(() => marked(page)).toEqual(["sny"]);
    await page.getByRole("button", { name: "write syn" }).click();
    await page.locator(".trace-outcome").nth(1).waitFor();
    await expect
      .poll(() => page.locator(".trace-outcome").allInnerTexts())
      .toEqual([expect.stringContaining("The packet is forwarded"), expect.stringContaining("The packet is forwarded")]);
    await question(page).fill("tcp 192.168.1.50 > 203.0.113.80:443 in nosuch0");
    await page.getByText("the host has no interface nosuch0").waitFor();
    await expect.poll(() => marked(page)).toEqual(["nosuch0"]);
  });

  test("the steps: keyboard, rules that did not match, and the editor's line", async () => {
    const page = await open({ fragment: "view=trace" });
    await ask(page, "session tcp 203.0.113.9 > 203.0.113.2:22 in wan0", /dies at packet 1, the client's SYN: rejected/);
    await page.locator(".trace-outcome").getByText("The client sees:").waitFor();
    const steps = page.locator(".trace-steps");
    await steps.getByText("rules did not match: show").first().click();
    await steps.getByText("state is NEW, not ESTABLISHED or RELATED").waitFor();
    const before = await page.locator(".trace-step[aria-current]").innerText();
    await steps.focus();
    await page.keyboard.press("ArrowDown");
    await expect.poll(() => page.locator(".trace-step[aria-current]").innerText()).not.toBe(before);
    await page.keyboard.press("End");
    await page.locator(".trace-step-card").getByText("the end: rejected by a rule").waitFor();
    await page.locator(".trace-packet").getByRole("button", { name: "-j REJECT" }).click();
    await page.getByText(/^line 18\b/).waitFor();
    await page.getByRole("button", { name: "on the map" }).click();
    await page.getByRole("tab", { name: "Map", selected: true }).waitFor();
  });

  test("a port forward names the server that it leads to; several packets are answered together", async () => {
    const page = await open({ fragment: "view=trace" });
    await ask(page, "session tcp 203.0.113.9:40000 > 203.0.113.2:8080 syn in wan0", "The session works");
    await expect
      .poll(() => page.locator(".trace-lane.server").innerText())
      .toMatch(/^server\s+192\.168\.1\.80:80\s+asked for as 203\.0\.113\.2:8080\s+behind lan0$/);
    await question(page).fill("tcp 203.0.113.9 > 203.0.113.2:8080 syn in wan0\ntcp 203.0.113.9 > 203.0.113.2:22 syn in wan0");
    await page.locator(".trace-outcome").nth(1).getByText("The packet is rejected").waitFor();
    await expect.poll(() => page.locator(".trace-message").count()).toBe(0);
    await page.getByRole("button", { name: "tcp 203.0.113.9:40000 > 203.0.113.2:22 syn in wan0" }).click();
    await page.locator(".trace-packet").getByText("filter INPUT rule 5").waitFor();
  });

  test("is copied as text and as a command", async () => {
    const page = await open({ fragment: "view=trace" });
    await ask(page, "udp 192.168.1.50 > 9.9.9.9:53 in lan0", "The packet is forwarded");
    const clipboard = (): Promise<string> => page.evaluate(() => navigator.clipboard.readText());
    await page.getByRole("button", { name: "Copy as command" }).click();
    await expect.poll(clipboard).toBe("ferrule trace rules.v4 --host host.json 'udp 192.168.1.50:40000 > 9.9.9.9:53 in lan0'");
    await page.getByRole("button", { name: "Copy as text" }).click();
    await expect.poll(clipboard).toMatch(/PREROUTING {2}in lan0[\s\S]*ACCEPTED, forwarded by rules\.v4:20: filter FORWARD rule 2/);
  });

  test("is of use to people who cannot see or point, on a small screen in the dark", async () => {
    const page = await open({ fragment: "view=trace", width: 390, height: 844, dark: true });
    await ask(page, "session tcp 203.0.113.9 > 203.0.113.2:4444 in wan0", /rejected/);
    expect(await seriousFaults(page)).toEqual([]);
    const { scroll, client } = await page.evaluate(() => ({
      scroll: document.documentElement.scrollWidth,
      client: document.documentElement.clientWidth,
    }));
    expect(scroll).toBeLessThanOrEqual(client);
    const panel = await page.locator(".panel").evaluate(each => each.scrollWidth - each.clientWidth);
    expect(panel).toBeLessThanOrEqual(0);
    await page.getByRole("button", { name: "Notation help" }).click();
    await page.getByRole("heading", { name: "The packet notation" }).waitFor();
    expect(await seriousFaults(page)).toEqual([]);
  });

  test("what strangers wrote into rules stays text", async () => {
    const page = await open({ fragment: "view=trace" });
    const rules = [
      "*filter",
      ":INPUT DROP [0:0]",
      ":__proto__ - [0:0]",
      '-A INPUT -m comment --comment "<img src=x onerror=alert(1)>" -j __proto__',
      '-A __proto__ -p tcp --dport 22 -m comment --comment "pass\u202egnp.js" -j ACCEPT',
      "COMMIT",
      "",
    ].join("\n");
    await openTexts(page, { name: "<b>hostile.rules", text: rules });
    await ask(page, "session tcp 203.0.113.9 > 198.51.100.2:22 in eth0", /The session dies at packet 2|The session works/);
    await page.locator(".trace-message").first().click();
    await page
      .locator(".trace-packet")
      .getByText(/filter __proto__ rule 1/)
      .waitFor();
    await expect.poll(() => page.locator(".trace-packet").innerText()).toContain("pass\\u202egnp.js");
    await page.locator(".trace-steps").getByText("<img src=x onerror=alert(1)>").waitFor();
    expect(await page.locator(".trace img").count()).toBe(0);
  });

  const large = "../shared/corpus/fffuu/tum-2015.rules";
  if (!existsSync(large)) console.log(`skipped: ${large} is not there`);
  test.skipIf(!existsSync(large))(
    "a ruleset of 4,814 rules is traced while the page stays alive",
    async () => {
      const page = await open({ fragment: "view=trace" });
      await page.locator("dialog.open-dialog input[type=file]").setInputFiles(large);
      await page.getByText("tum-2015.rules").first().waitFor();
      // The example, whose suggestions may still stand there, has no such interface.
      await page.locator(".trace-suggestions button[title*='eth']").first().waitFor();
      await page.evaluate(() => {
        const seen: number[] = [];
        Object.assign(globalThis, { longTasks: seen });
        new PerformanceObserver(list => {
          for (const entry of list.getEntries()) seen.push(Math.round(entry.duration));
        }).observe({ type: "longtask" });
      });
      await ask(page, "session tcp 10.0.0.1 > 131.159.14.206:22 in eth0", "The session works");
      await page.locator(".trace-steps").waitFor();
      await page.getByLabel("every rule").check();
      await page.locator(".trace-steps").focus();
      for (let press = 0; press < 10; press++) await page.keyboard.press("ArrowDown");
      const tasks = await page.evaluate(() => (globalThis as unknown as { longTasks: number[] }).longTasks);
      console.log(
        `tasks over 50 ms (of the clock: what else the machine does counts) while a trace of 4,814 rules was asked and walked: ${JSON.stringify(tasks)} ms`,
      );
      expect(await page.locator(".trace-step").count()).toBeLessThan(80);
    },
    60_000,
  );
});
