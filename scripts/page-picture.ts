// npm run page-picture: draws docs/workbench.png, the page as a stranger sees it after one question.
import { chromium } from "playwright-core";
import { openSite } from "../test/web/site.ts";

const site = await openSite();
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
const page = await browser.newPage({ viewport: { width: 1440, height: 860 }, colorScheme: "light" });
await page.goto(`${site.address}#view=trace`);
await page.getByRole("textbox", { name: /packet or session/i }).fill("session tcp 203.0.113.9:40000 > 203.0.113.2:8080 syn in wan0");
await page.getByText("The session works").waitFor();
await page.waitForTimeout(500);
await page.screenshot({ path: "docs/workbench.png" });
await browser.close();
await site.close();
console.log("docs/workbench.png drawn");
