import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bench, type Bench } from "./serve-client.ts";

/** Pages of other sites against a running `ferrule serve`, in a real browser with its real rules. */

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
if (CHROMIUM === undefined) console.log("skipped: other sites against ferrule serve, because there is no chromium");

const RULES = "*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp --dport 22 -j ACCEPT\nCOMMIT\n";

describe.skipIf(CHROMIUM === undefined)("a page of another site", () => {
  let served: Bench;
  let evil: Server;
  let browser: Browser;
  beforeAll(async () => {
    served = await bench({ files: { "a.rules": RULES }, rules: ["a.rules"] });
    evil = createServer((_request, response) => {
      response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>evil</title>");
    });
    await new Promise<void>(resolve => evil.listen(0, "127.0.0.1", resolve));
    browser = await chromium.launch({
      executablePath: CHROMIUM ?? "",
      // As an attacker's name server would say.
      args: ["--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP *.example 127.0.0.1"],
    });
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    evil?.close();
    await served?.close();
  });

  /** A page of a site, with what the server answered to all that it asked: a line `METHOD STATUS`. */
  async function visit(address: string): Promise<{ readonly page: Page; readonly asked: string[]; readonly answers: string[] }> {
    const page = await browser.newPage();
    const asked: string[] = [];
    const answers: string[] = [];
    page.on("request", request => {
      if (new URL(request.url()).port === String(served.running.port)) asked.push(request.url());
    });
    page.on("response", response => {
      if (new URL(response.url()).port === String(served.running.port)) answers.push(`${response.request().method()} ${response.status()}`);
    });
    await page.goto(address);
    return { page, asked, answers };
  }

  const sites = (): [string, string][] => {
    const { port } = evil.address() as AddressInfo;
    return [
      ["another port of this machine", `http://127.0.0.1:${port}/`],
      ["localhost", `http://localhost:${port}/`],
      ["another name", `http://evil.example:${port}/`],
    ];
  };

  test("reads nothing and writes nothing by any way that a page has, even if it knew the token", async () => {
    for (const [what, site] of sites()) {
      const { page, asked, answers } = await visit(site);
      const read = await page.evaluate(
        async ({ base, token }) => {
          const tried = async (path: string, init: RequestInit): Promise<string> => {
            try {
              return await (await fetch(base + path, init)).text();
            } catch {
              return "";
            }
          };
          const body = JSON.stringify({ name: "x.sh", text: "iptables -P INPUT DROP" });
          const headers = { "X-Ferrule-Token": token };
          const texts = await Promise.all([
            tried("api/workspace", {}),
            tried("api/workspace", { mode: "no-cors" }),
            tried("api/workspace", { headers }),
            tried("api/workspace", { mode: "no-cors", credentials: "include" }),
            tried("api/file?path=a.rules", { headers }),
            tried("api/file?path=a.rules", { method: "PUT", headers: { ...headers, "If-Match": "*" }, body: "*filter\nCOMMIT\n" }),
            tried("api/script", { method: "POST", mode: "no-cors", body }),
            tried("api/script", { method: "POST", headers: { ...headers, "content-type": "application/json" }, body }),
            tried("", {}),
            tried("", { mode: "no-cors" }),
          ]);
          // An image is asked for as soon as it has an address: its answer must find somebody who listens.
          const loaded = (element: HTMLScriptElement | HTMLImageElement, path: string): Promise<string> =>
            new Promise(resolve => {
              element.addEventListener("load", () => resolve(`${element.tagName} loaded`));
              element.addEventListener("error", () => resolve(""));
              element.src = base + path;
              document.body.append(element);
            });
          const script = await loaded(document.createElement("script"), "assets/main-abc123.js");
          const image = await loaded(document.createElement("img"), "api/workspace");
          const sent = globalThis.navigator.sendBeacon(`${base}api/script`, body);
          return [...texts, script, image, typeof sent];
        },
        { base: served.running.url, token: served.token },
      );
      expect(read, what).toEqual([...Array.from({ length: 12 }, () => ""), "boolean"]);
      const form = page.waitForResponse(response => response.request().method() === "POST" && response.status() >= 400);
      await page.evaluate(base => {
        const element = document.createElement("form");
        element.method = "post";
        element.enctype = "text/plain";
        element.action = `${base}api/script`;
        document.body.append(element);
        // The page is left by that: not before this call has come back, or its answer may be lost with the page.
        setTimeout(() => element.submit(), 50);
      }, served.running.url);
      await form;
      const allowed = answers.filter(answer => !/ (?:403|405)$/.test(answer));
      expect(allowed, what).toEqual([]);
      // The browser itself keeps most answers back: that they were asked for shows that the test asks.
      expect(asked.length, what).toBeGreaterThan(9);
      await page.close();
    }
    expect(readFileSync(join(served.root, "a.rules"), "utf8")).toBe(RULES);
  });

  test("cannot frame the page, nor keep hold of a window of it", async () => {
    for (const [what, site] of sites()) {
      const { page, answers } = await visit(site);
      const framed = await page.evaluate(async base => {
        const frame = document.createElement("iframe");
        frame.src = base;
        const done = new Promise(resolve => frame.addEventListener("load", resolve));
        document.body.append(frame);
        await done;
        return frame.contentDocument === null;
      }, served.running.url);
      expect(framed, what).toBe(true);
      for (const frame of page.frames().slice(1)) expect(await frame.title().catch(() => ""), what).not.toBe("Ferrule");
      expect(answers, what).toEqual(["GET 403"]);
      const [opened] = await Promise.all([
        page.waitForEvent("popup"),
        page.evaluate(address => void ((globalThis as { held?: unknown }).held = globalThis.open(address)), served.address),
      ]);
      await opened.waitForLoadState();
      // Cross-Origin-Opener-Policy cuts the two apart: for the other page the window is gone.
      await page.waitForFunction(() => (globalThis as { held?: Window }).held?.closed);
      expect(await opened.title(), what).toBe("Ferrule");
      await page.close();
      await opened.close();
    }
  });

  test("is refused when its own name leads here: DNS rebinding", async () => {
    for (const name of ["rebind.example", "127.0.0.1.example", "localhost.example"]) {
      const { page, answers } = await visit(`http://${name}:${served.running.port}/`);
      const text = await page.evaluate(async token => {
        const answer = await fetch("/api/workspace", { headers: { "X-Ferrule-Token": token } });
        return await answer.text();
      }, served.token);
      expect(text, name).not.toContain("documents");
      expect(new Set(answers), name).toEqual(new Set(["GET 403"]));
      await page.close();
    }
  });

  test("may link to the page", async () => {
    const [, [, site] = ["", ""]] = sites();
    const { page, answers } = await visit(site);
    await page.evaluate(address => {
      const link = Object.assign(document.createElement("a"), { href: address, textContent: "firewall" });
      document.body.append(link);
      link.click();
    }, served.running.url);
    await page.waitForURL(served.running.url);
    expect([await page.title(), answers]).toEqual(["Ferrule", expect.arrayContaining(["GET 200"])]);
    await page.close();
  });
});
