import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { contentSecurityPolicy } from "../../src/report/serve/index.ts";
import { bench, type Ask, type Bench } from "./serve-client.ts";

/** Who may ask the server of the workbench, and what it says of itself. */

const RULES = "*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp --dport 22 -j ACCEPT\nCOMMIT\n";

let served: Bench;
beforeAll(async () => void (served = await bench({ files: { "a.rules": RULES }, rules: ["a.rules"] })));
afterAll(() => served.close());

/** The port is known only when the server runs: `PORT` stands for it. */
const here = (text: string): string => text.replace("PORT", String(served.running.port));
const asked = (target: string, { headers = {}, ...ask }: Ask = {}): ReturnType<Bench["ask"]> =>
  served.ask(target, {
    ...ask,
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, typeof value === "string" ? here(value) : value.map(here)]),
    ),
  });

const EVERY = ["/api/workspace", "/api/files", "/api/file?path=a.rules", "/api/kernel", "/api/events", "/api/absent", "/api", "/api?x"];

describe("without the token every call is refused", () => {
  test.each<[method: string, target: string]>([
    ...EVERY.map((target): [string, string] => ["GET", target]),
    ["PUT", "/api/file?path=a.rules"],
    ["POST", "/api/script"],
  ])("%s %s", async (method, target) => {
    for (const headers of [
      {},
      { "X-Ferrule-Token": "" },
      { "X-Ferrule-Token": served.token.slice(1) },
      { "X-Ferrule-Token": `${served.token}x` },
    ]) {
      const { status, json } = await served.ask(target, { method, headers, anonymous: true });
      expect(status).toBe(403);
      expect(json).toMatchObject({ error: { code: "token" } });
    }
  });

  test.each([
    "/x/../api/workspace",
    "/./api/workspace",
    "/%61pi/workspace",
    "/%2fapi/workspace",
    "//api/workspace",
    "/api%2fworkspace",
    "/API/workspace",
    "/api/../api/workspace",
    "/api;/workspace",
    "/\\api/workspace",
    "/x/%2e%2e/api/workspace",
    "/#/../api/workspace",
    "/%2561pi/workspace",
  ])("nor does it help to write the path as %s", async target => {
    const { status, text } = await served.ask(target, { anonymous: true });
    expect([400, 403, 404]).toContain(status);
    expect(text).not.toContain("documents");
  });

  test("nor does it help to put the token elsewhere", async () => {
    const { token } = served;
    for (const target of [`/api/workspace?token=${token}`, `/api/workspace?X-Ferrule-Token=${token}`])
      expect(
        (await served.ask(target, { anonymous: true, headers: { cookie: `token=${token}`, authorization: `Bearer ${token}` } })).status,
      ).toBe(403);
  });
});

describe("who asks under another name, or from another page, is refused even with the token", () => {
  test.each<[what: string, headers: Record<string, string | string[]>, code: string | undefined]>([
    ["its own name", { host: "127.0.0.1:PORT" }, undefined],
    ["localhost", { host: "localhost:PORT" }, undefined],
    ["capitals", { host: "LOCALHOST:PORT" }, undefined],
    ["its own page", { host: "127.0.0.1:PORT", origin: "http://127.0.0.1:PORT", "sec-fetch-site": "same-origin" }, undefined],
    ["a typed address", { "sec-fetch-site": "none" }, undefined],
    ["a name that was pointed here", { host: "rebind.example:PORT" }, "host"],
    ["a name that begins alike", { host: "127.0.0.1.rebind.example:PORT" }, "host"],
    ["another port", { host: "127.0.0.1:1" }, "host"],
    ["no port", { host: "127.0.0.1" }, "host"],
    ["another loopback address", { host: "127.0.0.2:PORT" }, "host"],
    ["IPv6, which is not served", { host: "[::1]:PORT" }, "host"],
    ["a number", { host: "2130706433:PORT" }, "host"],
    ["its own name and another", { host: ["127.0.0.1:PORT", "rebind.example:PORT"] }, "host"],
    ["another name and its own", { host: ["rebind.example:PORT", "127.0.0.1:PORT"] }, "host"],
    ["its own name twice", { host: ["127.0.0.1:PORT", "127.0.0.1:PORT"] }, "host"],
    ["its own page and another", { origin: ["http://127.0.0.1:PORT", "https://evil.example"] }, "origin"],
    ["a request of both kinds", { "sec-fetch-site": ["same-origin", "cross-site"] }, "cross-site"],
    ["a foreign page", { origin: "https://evil.example" }, "origin"],
    ["a sandboxed frame or a file", { origin: "null" }, "origin"],
    ["a page of another port", { origin: "http://127.0.0.1:1" }, "origin"],
    ["the same by the other name", { host: "127.0.0.1:PORT", origin: "http://localhost:PORT" }, "origin"],
    ["a page over TLS", { origin: "https://127.0.0.1:PORT" }, "origin"],
    ["an origin that begins alike", { origin: "http://127.0.0.1:PORT.evil.example" }, "origin"],
    ["a cross-site request without an origin", { "sec-fetch-site": "cross-site" }, "cross-site"],
    ["a page of the same site", { "sec-fetch-site": "same-site" }, "cross-site"],
    ["a visit to a call", { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" }, "cross-site"],
  ])("%s", async (_what, headers, code) => {
    const { status, json } = await asked("/api/workspace", { headers });
    expect([status, (json as { error?: { code: string } }).error?.code]).toEqual(code === undefined ? [200, undefined] : [403, code]);
  });

  test("the page is refused in the same way, but a link from elsewhere may open it", async () => {
    const visit = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };
    const rows: [string, Record<string, string>, number][] = [
      ["/", {}, 200],
      ["/", visit, 200],
      ["/", { ...visit, "sec-fetch-dest": "iframe" }, 403],
      ["/", { ...visit, host: "rebind.example:PORT" }, 403],
      ["/", { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "script" }, 403],
      ["/assets/main-abc123.js", { ...visit }, 403],
      ["/assets/main-abc123.js", { host: "rebind.example:PORT" }, 403],
    ];
    for (const [target, headers, status] of rows)
      expect((await asked(target, { headers, anonymous: true })).status, `${target} ${JSON.stringify(headers)}`).toBe(status);
  });

  test("no other page is told that it may ask", async () => {
    const preflight = await asked("/api/script", {
      method: "OPTIONS",
      headers: {
        origin: "https://evil.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "x-ferrule-token",
      },
    });
    expect(preflight.status).toBe(405);
    for (const { headers } of [preflight, await asked("/"), await asked("/api/workspace")])
      expect(Object.keys(headers).filter(name => name.startsWith("access-control"))).toEqual([]);
  });
});

describe("methods and targets", () => {
  test.each<[method: string, target: string, status: number]>([
    ["DELETE", "/api/file?path=a.rules", 405],
    ["PATCH", "/api/file?path=a.rules", 405],
    ["TRACE", "/api/workspace", 405],
    ["POST", "/", 405],
    ["HEAD", "/api/events", 405],
    ["PUT", "/index.html", 405],
    ["POST", "/api/file?path=a.rules", 404],
    ["PUT", "/api/script", 404],
    ["GET", "/api/script", 404],
    ["GET", "/api/file", 400],
    ["GET", "/api/file?path=a.rules&path=b.rules", 400],
    ["GET", "/api/__proto__", 404],
    ["GET", "http://evil.example/api/workspace", 400],
  ])("%s %s", async (method, target, status) => {
    expect((await served.ask(target, { method })).status).toBe(status);
  });

  test("a Host that is no host", async () => {
    for (const host of ["127.0.0.1:PORT@rebind.example", "127.0.0.1:PORT/", "127.0.0.1:PORT, rebind.example"])
      expect([400, 403]).toContain((await asked("/api/workspace", { headers: { host } })).status);
  });
});

describe("the page's own files", () => {
  test.each<[target: string, status: number, type?: string, cache?: string]>([
    ["/", 200, "text/html; charset=utf-8", "no-cache"],
    ["/index.html", 200, "text/html; charset=utf-8", "no-cache"],
    ["/assets/main-abc123.js", 200, "text/javascript; charset=utf-8", "private, max-age=31536000, immutable"],
    ["/assets", 404],
    ["/assets/", 404],
    ["/absent.html", 404],
    ["/.hidden.js", 404],
    ["/leak.js", 404],
    ["/%2e%2e/root/a.rules", 400],
    ["/..%2froot%2fa.rules", 400],
    ["/assets/..%2f..%2findex.html", 400],
    ["/assets/../../root/a.rules", 400],
    ["//etc/passwd", 400],
    ["/assets/main-abc123.js%00.html", 400],
    ["/__proto__", 404],
    ["/constructor.js", 404],
  ])("%s", async (target, status, type, cache) => {
    const { headers, ...told } = await served.ask(target, { anonymous: true });
    expect(told.status).toBe(status);
    if (type !== undefined) expect([headers["content-type"], headers["cache-control"]]).toEqual([type, cache]);
  });

  test("a HEAD has the same headers and no body", async () => {
    const { status, headers, text } = await served.ask("/", { method: "HEAD", anonymous: true });
    expect([status, headers["content-type"], text]).toEqual([200, "text/html; charset=utf-8", ""]);
  });
});

describe("what every answer says", () => {
  test("nothing inline, nothing evaluated, nothing from elsewhere", () => {
    const policy = contentSecurityPolicy({ embedded: false });
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
  });

  test.each([
    ["a page", "/", {}],
    ["a call", "/api/workspace", {}],
    ["what is not there", "/absent.js", {}],
    ["what is refused", "/api/workspace", { host: "rebind.example" }],
  ])("%s", async (_what, target, headers) => {
    expect((await served.ask(target, { headers })).headers).toMatchObject({
      "content-security-policy": contentSecurityPolicy({ embedded: false }),
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      ...(target.startsWith("/api") && { "cache-control": "no-store", "content-type": "application/json" }),
    });
  });
});
