import { existsSync, readFileSync } from "node:fs";
import type { Locator, Page } from "playwright-core";
import { expect, test } from "vitest";
import { describeInBrowser, openTexts, seriousFaults } from "./browser.ts";

const TUM = "../shared/corpus/fffuu/tum-2015.rules";

const HOSTILE = `*filter
:INPUT DROP [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:__proto__ - [0:0]
:constructor - [0:0]
-A INPUT -m comment --comment "<img src=x onerror=alert(1)>" -j __proto__
-A INPUT -m comment --comment "left\u202eright" -g constructor
-A __proto__ -j DROP
-A constructor -p tcp -j ACCEPT
COMMIT
`;

const row = (page: Page, hook: string, table: string): Locator => page.locator(`.map-overview [data-row="${hook} ${table}"]`);
const tab = async (page: Page, name: string): Promise<void> => await page.getByRole("tab", { name, exact: true }).click();

/** Asks Trace, and comes back to the map; an empty question takes the trace away. */
async function ask(page: Page, question: string): Promise<void> {
  const outcome = page.locator(".trace-outcome");
  await tab(page, "Trace");
  await page.locator("#trace-question").fill("");
  await outcome.first().waitFor({ state: "detached" });
  await page.locator("#trace-question").fill(question);
  if (question !== "") await outcome.first().waitFor();
  await tab(page, "Map");
  await page.locator(".map-dock").waitFor({ state: question === "" ? "hidden" : "visible" });
}

const told = (page: Page): Locator => page.locator(".map-told");

/** Goes one step on, and waits until it is told. */
async function goOn(page: Page): Promise<void> {
  const slider = page.getByRole("slider", { name: "Step" });
  const at = Number(await slider.inputValue());
  await page.getByRole("button", { name: "Next (right arrow)" }).click();
  await expect.poll(() => slider.inputValue()).toBe(String(at + 1));
}
const crumbs = async (page: Page): Promise<string[]> => await page.locator(".map-trail li").allInnerTexts();

/** Rows stand in the kernel's order, with what the rules say of them; absent tables say so. */
async function hasTheKernelsOrder(page: Page): Promise<void> {
  await row(page, "FORWARD", "filter").waitFor();
  await row(page, "FORWARD", "filter").filter({ hasText: "4 rules" }).waitFor();
  const texts = await page
    .locator(".map-hook")
    .evaluateAll(hooks => hooks.map(hook => [...hook.querySelectorAll("text")].map(text => text.textContent?.trim())));
  expect(texts.find(([hook]) => hook === "PREROUTING")).toEqual([
    "PREROUTING",
    "raw",
    "no table",
    "connection tracking",
    "mangle",
    "no table",
    "nat",
    "1 rule",
    "ACCEPT",
  ]);
  expect(texts.find(([hook]) => hook === "INPUT")).toEqual([
    "INPUT",
    "mangle",
    "no table",
    "filter",
    "5 rules",
    "DROP",
    "security",
    "no table",
    "nat",
    "0 rules",
    "ACCEPT",
  ]);
}

/** The drawing moves and zooms by keys, wheel and dragging; a drag is no click. */
async function movesAndZooms(page: Page): Promise<void> {
  const place = async (): Promise<{ x: number; width: number }> => {
    const { x, width } = (await row(page, "FORWARD", "filter").boundingBox()) ?? { x: 0, width: 0 };
    return { x: Math.round(x), width: Math.round(width) };
  };
  const before = await place();
  const stage = page.locator(".map-stage");
  await stage.focus();
  await page.keyboard.press("ArrowLeft");
  await expect.poll(async () => (await place()).x).toBe(before.x + 60);
  await page.keyboard.press("+");
  await expect.poll(async () => (await place()).width).toBeGreaterThan(before.width);
  await page.keyboard.press("0");
  await expect.poll(place).toEqual(before);
  const { x, y, width, height } = (await stage.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  await page.mouse.move(x + width / 2, y + height - 30);
  await page.mouse.down();
  await page.mouse.move(x + width / 2 + 40, y + height - 30, { steps: 4 });
  await page.mouse.up();
  await expect.poll(async () => (await place()).x).toBe(before.x + 40);
  await page.mouse.wheel(40, 0);
  await expect.poll(place).toEqual(before);
  // A drag that ends on a chain is no click on it.
  const chain = (await row(page, "FORWARD", "filter").boundingBox()) ?? { x: 0, y: 0 };
  await page.mouse.move(chain.x + 90, chain.y + 10);
  await page.mouse.down();
  await page.mouse.move(chain.x + 60, chain.y + 10, { steps: 4 });
  await page.mouse.up();
  await expect.poll(async () => (await place()).x).toBe(before.x - 30);
  expect(await page.locator(".map-card").count()).toBe(0);
}

/** The diagram is saved as a picture that stands alone. */
async function savesPicture(page: Page): Promise<void> {
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Save SVG" }).click()]);
  expect(download.suggestedFilename()).toBe("netfilter-map.svg");
  const text = readFileSync(await download.path(), "utf8");
  const seen = await page.evaluate(svg => {
    const { documentElement: root } = new DOMParser().parseFromString(svg, "image/svg+xml");
    return {
      root: root.nodeName,
      words: root.textContent,
      foreign: root.querySelectorAll("script, style, foreignObject, [class], [style]").length,
    };
  }, text);
  expect(seen).toMatchObject({ root: "svg", foreign: 0 });
  for (const word of ["PREROUTING", "routing decision", "5 rules", "DROP"]) expect(seen.words).toContain(word);
}

/** The same in words, from where chains open too. */
async function saysItInWords(page: Page): Promise<void> {
  await page.getByRole("button", { name: "As list" }).click();
  const list = page.locator(".map-list");
  await list.waitFor();
  expect(await list.getByRole("heading").allInnerTexts()).toEqual(["PREROUTING", "INPUT", "OUTPUT", "FORWARD", "POSTROUTING"]);
  expect(await list.locator("section", { hasText: "FORWARD" }).locator("li").allInnerTexts()).toEqual([
    "mangle: no table",
    "filter: 4 rules, policy DROP",
    "security: no table",
  ]);
  expect(await seriousFaults(page, ".map")).toEqual([]);
  await list.getByRole("button", { name: "filter" }).last().click();
  await page.locator(".map-card").waitFor();
}

/** By keys alone: into a chain, to a rule in the editor, and back. */
async function isWalkedByKeys(page: Page): Promise<void> {
  await row(page, "PREROUTING", "nat").focus();
  await page.keyboard.press("ArrowRight");
  const focused = async (): Promise<string | null> => await page.evaluate(() => document.activeElement?.getAttribute("data-row") ?? null);
  await expect.poll(focused).toMatch(/^(INPUT|OUTPUT) /);
  await page.keyboard.press("Home");
  await page.keyboard.press("End");
  await expect.poll(focused).toBe("POSTROUTING nat");
  await page.keyboard.press("ArrowUp");
  await expect.poll(focused).toBe("FORWARD filter");
  await page.keyboard.press("Enter");
  await page.getByRole("region", { name: "Chain FORWARD" }).waitFor();
  await expect.poll(() => crumbs(page)).toEqual(["Overview", "filter FORWARD"]);
  await page.locator(".map-rule-words").first().focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await expect.poll(async () => await page.evaluate(() => document.activeElement?.textContent)).toContain("--dport 80");
  await page.keyboard.press("Enter");
  await page
    .locator(".editor-status", { hasText: "line 21" })
    .or(page.getByText("line 21", { exact: true }))
    .first()
    .waitFor();
  await page.locator(".map-rule-words").first().focus();
  await page.keyboard.press("Escape");
  await row(page, "FORWARD", "filter").waitFor();
}

/** Along jumps, and back by the way that led there. */
async function followsJumps(page: Page): Promise<void> {
  await openTexts(page, { name: "docker.rules", text: readFileSync("examples/docker.rules", "utf8") });
  await row(page, "FORWARD", "filter").filter({ hasText: "10 rules" }).waitFor();
  await row(page, "FORWARD", "filter").click();
  const called = page.locator(".map-called");
  await page.locator(".map-edges .map-arrow").nth(3).waitFor();
  await expect
    .poll(async () => await called.locator(".map-called-name").allInnerTexts())
    .toEqual(["DOCKER-USER", "DOCKER-ISOLATION-STAGE-1", "DOCKER", "DOCKER-ISOLATION-STAGE-2"]);
  expect(await page.locator(".map-edges .map-arrow").count()).toBe(4);
  await page.getByRole("button", { name: "Zoom into DOCKER-ISOLATION-STAGE-1" }).click();
  await page.getByRole("region", { name: "Chain DOCKER-ISOLATION-STAGE-1" }).waitFor();
  await page.locator(".map-called", { hasText: "STAGE-2" }).click();
  await expect
    .poll(async () => await crumbs(page))
    .toEqual(["Overview", "filter FORWARD", "DOCKER-ISOLATION-STAGE-1", "DOCKER-ISOLATION-STAGE-2"]);
  await expect
    .poll(async () => await page.locator(".map-card-callers").allInnerTexts())
    .toEqual(["called by DOCKER-ISOLATION-STAGE-1 2 rules"]);
  expect(await seriousFaults(page, ".map")).toEqual([]);
  await page.locator(".map-trail").getByRole("button", { name: "filter FORWARD" }).click();
  await page.getByRole("region", { name: "Chain FORWARD" }).waitFor();
  await page.locator(".map-trail").getByRole("button", { name: "Overview" }).click();
  await row(page, "FORWARD", "filter").waitFor();
}

/** Names and comments are text, whatever they say. */
async function takesTextForText(page: Page): Promise<void> {
  await openTexts(page, { name: "hostile.rules", text: HOSTILE });
  await row(page, "INPUT", "filter").filter({ hasText: "2 rules" }).click();
  await page.locator(".map-called-name").nth(1).waitFor();
  await expect.poll(async () => await page.locator(".map-called-name").allInnerTexts()).toEqual(["__proto__", "constructor"]);
  await expect
    .poll(async () => await page.locator(".map-rule-text").allInnerTexts())
    .toEqual([expect.stringContaining("<img src=x onerror=alert(1)>"), expect.stringContaining("left\\u202eright")]);
  expect(await page.locator(".map img").count()).toBe(0);
  await page.locator(".map-called", { hasText: "__proto__" }).click();
  await expect.poll(async () => await crumbs(page)).toEqual(["Overview", "filter INPUT", "__proto__"]);
  // The chain that is shown goes: the map shows what is left of the way.
  await openTexts(page, { name: "nat-gateway.rules", text: readFileSync("examples/nat-gateway.rules", "utf8") });
  await page.locator(".map-trail li", { hasText: "__proto__" }).waitFor({ state: "detached" });
  await expect.poll(async () => await crumbs(page)).toEqual(["Overview", "filter INPUT"]);
}

/** Back and Next show why, what was rewritten, and how it ends. */
async function walksTrace(page: Page): Promise<void> {
  await ask(page, "tcp 203.0.113.9:40000 > 203.0.113.2:8080 syn in wan0");
  await told(page).getByText("comes in on wan0").waitFor();
  await expect.poll(async () => await page.locator(".map-place.here").textContent()).toBe("packets come in");
  for (let step = 0; step < 10 && (await page.locator(".map-fields .changed").count()) === 0; step++) await goOn(page);
  expect(await page.locator(".map-fields .changed").first().innerText()).toMatch(
    /destination\s+was\s+203\.0\.113\.2 →\s+now\s+192\.168\.1\.80/,
  );
  await page.locator(".map-row.here[data-row='PREROUTING nat']").waitFor();
  await page.keyboard.press("End");
  await page.locator(".map-token.good").waitFor();
  await expect.poll(() => page.locator(".map-arrow.passed").count()).toBe(5);
  await told(page).filter({ hasText: "The packet is forwarded" }).waitFor();
  await row(page, "INPUT", "filter").filter({ hasText: "not reached" }).waitFor();
  await row(page, "FORWARD", "filter").filter({ hasText: "1 packet" }).waitFor();
  await page.keyboard.press("Home");
  await told(page).getByText("comes in on wan0").waitFor();
  expect(await seriousFaults(page, ".map")).toEqual([]);
}

/** The map follows the packet into its chains, and plays to the end. */
async function followsTrace(page: Page): Promise<void> {
  await ask(page, "udp 203.0.113.9:40000 > 203.0.113.2:99 in wan0");
  await page.getByRole("checkbox", { name: "every rule" }).check();
  await page.getByRole("checkbox", { name: "follow" }).check();
  const atRule = told(page).getByText("INPUT › filter › rule 1 ");
  for (let step = 0; step < 20 && (await atRule.count()) === 0; step++) await goOn(page);
  await page.getByRole("region", { name: "Chain INPUT" }).waitFor();
  await page.locator(".map-rule.here.failed").waitFor();
  expect(await told(page).locator("mark").innerText()).toBe("-i lo");
  expect(await told(page).innerText()).toMatch(/no match[\s\S]*wan0/);
  await page.getByLabel("Steps per second when playing").selectOption("20");
  await page.getByRole("button", { name: "Play" }).click();
  await told(page).getByText("The packet is rejected by filter INPUT rule 5.").waitFor({ timeout: 30_000 });
  await page.getByRole("button", { name: "Play" }).waitFor();
  await page.locator(".map-rule.matched", { hasText: "REJECT" }).waitFor();
  await expect.poll(() => page.locator(".map-rule.failed").count()).toBe(4);
}

/** One family at a time, and the one that is traced. */
async function showsOneFamily(page: Page): Promise<void> {
  await page.getByRole("checkbox", { name: "follow" }).uncheck();
  await ask(page, "");
  await page.locator(".map-trail").getByRole("button", { name: "Overview" }).click();
  await row(page, "FORWARD", "filter").waitFor();
  expect(await page.getByRole("button", { name: "IPv6" }).count()).toBe(0);
  const rules6 = "# Generated by ip6tables-save v1.8.9\n*filter\n:INPUT DROP [0:0]\n-A INPUT -p ipv6-icmp -j ACCEPT\nCOMMIT\n";
  const rules4 = readFileSync("examples/nat-gateway.rules", "utf8");
  await openTexts(page, { name: "rules.v4", text: rules4 }, { name: "rules.v6", text: rules6 });
  await page.getByRole("button", { name: "IPv6" }).click();
  await row(page, "INPUT", "filter").filter({ hasText: "1 rule" }).waitFor();
  expect(await row(page, "PREROUTING", "nat").count()).toBe(0);
  await page.getByRole("button", { name: "IPv4" }).click();
  await row(page, "PREROUTING", "nat").waitFor();
  await ask(page, "icmpv6 2001:db8::9 > 2001:db8::1 echo-request in lan0");
  await page.getByRole("button", { name: "IPv6", pressed: true }).waitFor();
  await page.getByRole("slider", { name: "Step" }).press("End");
  await page.locator(".map-token.good").waitFor();
  await page.getByRole("button", { name: "IPv4" }).click();
  await page.locator(".map-dock").waitFor({ state: "detached" });
}

describeInBrowser("the map", open => {
  test("shows each hook's tables in the kernel's order, in a drawing that moves and zooms, in words, and as a picture", async () => {
    const page = await open({ still: true });
    await hasTheKernelsOrder(page);
    await movesAndZooms(page);
    await savesPicture(page);
    await saysItInWords(page);
  });

  test("zooms into chains by keys and clicks, whatever they are called, and back", async () => {
    const page = await open();
    await isWalkedByKeys(page);
    await followsJumps(page);
    await takesTextForText(page);
  });

  test("walks a trace: the way, why rules matched or not, what was rewritten, into chains, and the end", async () => {
    const page = await open();
    await walksTrace(page);
    await followsTrace(page);
    await showsOneFamily(page);
  });

  test("fits a phone: one column, no scrolling sideways, all of it within reach", async () => {
    const page = await open({ width: 390, height: 844, dark: true, still: true });
    await row(page, "INPUT", "filter").waitFor();
    const boxes = (): Promise<DOMRect[]> =>
      page.locator(".map-hook > rect").evaluateAll(rects => rects.map(rect => rect.getBoundingClientRect().toJSON() as DOMRect));
    await expect.poll(async () => (await boxes()).every(({ left, right }) => left >= 0 && right <= 390)).toBe(true);
    expect(new Set((await boxes()).map(({ left }) => Math.round(left))).size).toBe(1);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await row(page, "INPUT", "filter").click();
    await page.locator(".map-card").waitFor();
    expect(await seriousFaults(page, ".map")).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  });

  if (!existsSync(TUM)) console.log(`the map of 4,814 rules: skipped, because ${TUM} is not there`);
  test.skipIf(!existsSync(TUM))("draws only what is seen of 4,814 rules in 64 chains", async () => {
    const page = await open();
    await openTexts(page, { name: "tum.rules", text: readFileSync(TUM, "latin1").replaceAll("XX:XX:XX:XX:XX:XX", "02:00:00:00:00:01") });
    await row(page, "FORWARD", "filter").filter({ hasText: "97 rules" }).waitFor();
    await row(page, "FORWARD", "filter").click();
    await page.locator(".map-called").first().waitFor();
    expect(await page.locator(".map-rule").count()).toBeLessThan(60);
    expect(await page.locator(".map-called").count()).toBeLessThan(60);
    await page.locator(".map-rule-words").first().focus();
    await page.keyboard.press("End");
    await expect
      .poll(async () => await page.evaluate(() => document.activeElement?.querySelector(".map-rule-number")?.textContent))
      .toBe("97");
    expect(await page.locator(".map-rule").count()).toBeLessThan(60);
    await ask(page, "tcp 131.159.14.5:40000 > 131.159.20.9:25 syn in eth1.96 out eth1.110");
    await page.getByRole("checkbox", { name: "every rule" }).check();
    await page.getByRole("checkbox", { name: "follow" }).check();
    await page.getByRole("slider", { name: "Step" }).press("End");
    await page.getByRole("region", { name: "Chain mac_96" }).waitFor();
    expect(await page.locator(".map-step").count()).toBeLessThan(60);
  });
});
