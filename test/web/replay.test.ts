import { existsSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { Locator, Page } from "playwright-core";
import { expect, test } from "vitest";
import { decodeCapture, encodeCapture, LINK_TYPE, PcapngWriter, type CapturedPacket } from "../../src/packet/index.ts";
import { sampleCapture } from "../../src/web/replay/sample.ts";
import { describeInBrowser, pressAtOnce, seriousFaults, type Open } from "./browser.ts";

const CAPTURE = "../shared/corpus/pcap/tcpreplay/test/test.pcap";

const packetsOf = (bytes: Uint8Array): CapturedPacket[] =>
  [...decodeCapture(bytes)].flatMap(item => (item.kind === "packet" ? [item] : []));

/** The page with Replay shown. */
async function replay(open: Open, visit: Parameters<Open>[0] = {}): Promise<Page> {
  const page = await open({ fragment: "view=replay", ...visit });
  await page.getByRole("button", { name: "Try a sample" }).waitFor();
  return page;
}

const give = (page: Page, name: string, bytes: Uint8Array): Promise<void> =>
  page.locator(".replay-open input[type=file]").setInputFiles({ name, mimeType: "application/octet-stream", buffer: Buffer.from(bytes) });

/** Waits until the run is over; answers what the summary says first. */
async function done(page: Page): Promise<string> {
  await page.getByRole("button", { name: "Play again" }).waitFor();
  return (await page.getByLabel("Summary").locator("p").first().textContent()) ?? "";
}

const rows = (page: Page): Locator => page.locator(".replay-lines > .replay-line");
const told = (page: Page): Locator => page.locator(".replay-choice [role=status]");

/** Counts, and droppers that lead to their rules; hits in the gutter. */
async function showsCounts(page: Page): Promise<void> {
  await page.getByRole("list").filter({ hasText: "forwarded" }).first().waitFor();
  const count = ((await page.locator(".replay-number").first().textContent()) ?? "").split(" ")[0] ?? "";
  await page.locator(".editor-host .cm-gutters").getByText(count, { exact: true }).first().waitFor();
  await page
    .getByLabel("What dropped packets")
    .getByRole("button", { name: /^filter INPUT rule \d+$/ })
    .click();
  await page.locator(".editor-status").getByText("line 18").waitFor();
}

/** The table of sessions, searched, narrowed, marked by keyboard on the plot, and scrolled to its end. */
async function showsSessions(page: Page): Promise<void> {
  await rows(page).first().waitFor();
  await told(page)
    .filter({ hasText: /^[\d,]+ sessions$/ })
    .waitFor();
  const all = Number((await told(page).textContent())?.replace(/\D/g, ""));
  await page.getByLabel("Search sessions").fill("udp :123");
  await told(page)
    .filter({ hasText: `of ${all} sessions` })
    .waitFor();
  const found = await rows(page).locator(".replay-session").allTextContents();
  expect(found.filter(text => !/^udp .*:123/.test(text))).toEqual([]);
  expect(found.length).toBeGreaterThan(0);
  await page.getByLabel("Search sessions").fill("");
  await page.getByText(`${all} sessions`, { exact: true }).waitFor();
  await page.getByLabel("Which sessions").selectOption("rejected");
  await page.locator(".replay-lines .badge.reject").first().waitFor();
  await page.waitForFunction(() => document.querySelectorAll(".replay-lines .badge:is(.accept, .drop, .warn)").length === 0);
  await page.getByLabel("Which sessions").selectOption("any");
  const from = page.getByRole("slider", { name: "Marked from" });
  for (let i = 0; i < 3; i++) await from.press("PageUp");
  await page.getByText("in the marked time").waitFor();
  expect(await from.getAttribute("aria-valuetext")).toMatch(/accepted, [\d,]+ dropped$/);
  await page.getByRole("button", { name: "Clear the mark" }).click();
  await page.getByText(`${all} sessions`, { exact: true }).waitFor();
  await page.locator(".replay-table").evaluate(table => (table.scrollTop = table.scrollHeight));
  await page.locator(`.replay-line[aria-rowindex="${all + 1}"]`).waitFor();
  expect(await rows(page).count()).toBeLessThan(80);
  await page.locator(".replay-table").evaluate(table => (table.scrollTop = 0));
}

/** What leaves, as a capture; what was counted, as text. */
async function saves(page: Page): Promise<void> {
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Save what leaves…" }).click()]);
  expect(download.suggestedFilename()).toBe("sample-through.pcapng");
  const frames = packetsOf(await readFile(await download.path()));
  const said = (await page.getByText("frames that leave the firewall").textContent()) ?? "";
  expect(Number(said.split(" ")[0]?.replaceAll(",", ""))).toBe(frames.length);
  expect(new Set(frames.map(({ interfaceName }) => interfaceName))).toEqual(new Set(["wan0", "lan0"]));
  await page.getByText("More: ways in").click();
  const [listing] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Rules with counters" }).click()]);
  expect(await readFile(await listing.path(), "utf8")).toContain("COMMIT");
}

/** How a packet fared, rule by rule, and from there to Trace and back. */
async function saysWhy(page: Page): Promise<void> {
  await rows(page)
    .getByRole("button", { name: /^Why: / })
    .first()
    .click();
  await page.getByRole("region", { name: "How it met the rules" }).getByText("filter INPUT rule 5: -j REJECT").waitFor();
  await page.getByRole("button", { name: "Trace such a packet" }).click();
  await page.getByRole("tab", { name: "Trace", selected: true }).waitFor();
  await page.getByRole("tab", { name: "Replay" }).click();
  await rows(page).first().waitFor();
}

/** A small capture runs again when the rules change. */
async function followsRules(page: Page): Promise<void> {
  await page.locator(".editor-host .cm-content").click();
  await page.keyboard.press("Control+End");
  await page.keyboard.insertText("*filter\n-A INPUT -p nonsense -j DROP\nCOMMIT\n");
  await page.getByText("1 faulty line of the rules was left out.").waitFor();
  await page.getByRole("button", { name: "Close" }).click();
  await page.getByRole("button", { name: "Try a sample" }).waitFor();
}

/** A file of the capture's own making, dropped anywhere. */
async function takesDrops(page: Page): Promise<void> {
  await page.getByRole("tab", { name: "Tests" }).click();
  await page.evaluate(
    data => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([new Uint8Array(data)], "dropped.pcapng"));
      document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
    },
    [...sampleCapture(undefined).subarray(0, 4000)],
  );
  await page.getByRole("heading", { name: "dropped.pcapng" }).waitFor();
  await page.getByText(/^Byte [\d,]+ of the capture: /).waitFor();
}

describeInBrowser("Replay", open => {
  test("the sample: counts, sessions, saving, why, and again when the rules change", async () => {
    const page = await replay(open);
    await page.getByRole("button", { name: "Try a sample" }).click();
    expect(await done(page)).toMatch(/^[\d,]+ packets, /);
    await showsCounts(page);
    await showsSessions(page);
    expect(await seriousFaults(page, "#panel")).toEqual([]);
    await saves(page);
    await saysWhy(page);
    await followsRules(page);
  });

  test("what is no capture is refused with the place; names from a capture are text; captures are dropped anywhere; a large one is stopped", async () => {
    const page = await replay(open);
    await give(page, "notes.pcap", new TextEncoder().encode("these are no packets"));
    await page.getByText("byte 0: the file is neither pcap nor pcapng").waitFor();
    const sample = packetsOf(sampleCapture(undefined));
    const interfaceName = '<img src=x onerror="x"> \u202e';
    const frame = { time: 0n, linkType: LINK_TYPE.RAW, frame: sample[0]?.frame ?? new Uint8Array(), interfaceName };
    await give(page, "<b>\u202e.pcapng", encodeCapture(new PcapngWriter(), [frame, { ...frame, linkType: 147 }]));
    expect(await done(page)).toContain("2 packets");
    expect(await page.locator(".replay img, .replay b").count()).toBe(0);
    expect(await page.locator(".replay-name").textContent()).not.toContain("\u202e");
    if (existsSync(CAPTURE)) {
      const bytes = readFileSync(CAPTURE);
      await give(page, "test.pcap", bytes);
      await page.getByRole("heading", { name: "test.pcap" }).waitFor();
      await page.getByText(new RegExp(`^${packetsOf(bytes).length} packets`)).waitFor();
    } else console.log(`Replay of a real capture: skipped, because ${CAPTURE} is absent`);
    await takesDrops(page);
    const later = (copy: number): CapturedPacket[] => sample.map(each => ({ ...each, time: each.time + BigInt(copy) * 600_000_000_000n }));
    const large = Array.from({ length: 16 }, (_, copy) => later(copy)).flat();
    const stopped = pressAtOnce(page, "Stop");
    await give(page, "large.pcapng", encodeCapture(new PcapngWriter(), large));
    await stopped;
    await page.getByText(/^Stopped after /).waitFor();
  });

  test("works at 390 pixels in the dark, without serious faults for people who cannot see or point", async () => {
    const page = await replay(open, { width: 390, dark: true });
    await page.getByRole("button", { name: "Try a sample" }).click();
    await done(page);
    await rows(page).first().waitFor();
    expect(await seriousFaults(page, "#panel")).toEqual([]);
    const [scroll, client] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
    expect(scroll).toBeLessThanOrEqual(client ?? 0);
  });
});
