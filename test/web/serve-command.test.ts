import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { webFolder } from "../../src/cli/web-folder.ts";
import { ferrule } from "../faults/command-line.ts";

/** `ferrule serve` as a person starts and ends it. */

const RULES = "*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp --dport 22 -j ACCEPT\nCOMMIT\n";
const built = webFolder() !== undefined;
if (!built) console.log("skipped: ferrule serve as a command, because dist/web is not built");

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ferrule-serving-"));
  writeFileSync(join(folder, "rules.v4"), RULES);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("without the built page it says how to build it", async ({ skip }) => {
  if (built) return skip("the page is built");
  expect(await ferrule("serve")).toMatchObject({ status: 2, stderr: expect.stringContaining("npm run") });
});

test("the web server is loaded by no other command", () => {
  const command = readFileSync("src/cli/commands/serve.ts", "utf8");
  expect(command).toMatch(/^import type .* from "\.\.\/serve\/index\.ts";$/m);
  expect(command).toContain('await import("../serve/index.ts")');
});

describe.runIf(built)("the command", () => {
  test.each<[words: string[], sentence: string]>([
    [["serve", "absent.rules"], "no such file"],
    [["serve", "--root", "absent"], "no such file"],
    [["serve", "--root", "rules.v4"], "no folder"],
    [["serve", "--port", "x"], "expected a port number"],
    [["serve", "--port", "65536"], "expected a port number"],
    [["serve", "--refresh", "0"], "expected seconds"],
    [["serve", "kernel:bpf"], "kernel:nft or kernel:legacy"],
  ])("%j is refused", async (words, sentence) => {
    const { status, stdout, stderr } = await ferrule(
      ...words.map(word => (word === "rules.v4" || word.startsWith("absent") ? join(folder, word) : word)),
    );
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(sentence);
  });

  test("a port that is taken is refused when it was asked for", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { status, stderr } = await ferrule("serve", "--port", String((taken.address() as AddressInfo).port));
    taken.close();
    expect([status, stderr]).toEqual([2, expect.stringContaining("cannot listen on 127.0.0.1")]);
  });

  interface Started {
    readonly child: ChildProcess;
    readonly line: string;
    readonly complaint: () => string;
  }

  async function start(...words: (string | Readonly<Record<string, string>>)[]): Promise<Started> {
    const env = Object.assign({}, process.env, ...words.filter(word => typeof word !== "string")) as NodeJS.ProcessEnv;
    const said = words.filter(word => typeof word === "string");
    const command = ["--import", "tsx", "src/cli/main.ts", "serve", ...said];
    const child = spawn(process.execPath, command, { env, stdio: ["ignore", "pipe", "pipe"] });
    const complaint: string[] = [];
    child.stderr.on("data", (bytes: Buffer) => complaint.push(bytes.toString()));
    let line = "";
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) if ((line += chunk.toString()).endsWith("\n")) break;
    return { child, line: line.trim(), complaint: () => complaint.join("") };
  }

  async function ended({ child }: Started, signal: NodeJS.Signals): Promise<unknown> {
    const exit = once(child, "exit");
    child.kill(signal);
    return await exit;
  }

  test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "prints its address, serves, and ends with status 0 at %s, even while somebody listens",
    async signal => {
      const started = await start("--port", "0", "--root", folder, join(folder, "rules.v4"));
      try {
        const [, url = "", token = ""] = /^(http:\/\/127\.0\.0\.1:\d+\/)#token=([\w-]{22})$/.exec(started.line) ?? [];
        expect(started.line).toBe(`${url}#token=${token}`);
        const page = await fetch(url);
        expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
        const html = await page.text();
        for (const [, name = ""] of html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g))
          expect((await fetch(`${url}${name}`)).status, name).toBe(200);
        expect((await fetch(`${url}api/workspace`)).status).toBe(403);
        const headers = { "X-Ferrule-Token": token };
        expect(await (await fetch(`${url}api/workspace`, { headers })).json()).toMatchObject({
          documents: [{ texts: { rules4: RULES }, paths: { rules4: "rules.v4" } }],
        });
        const events = await fetch(`${url}api/events`, { headers });
        expect(events.status).toBe(200);
        const reader = events.body?.getReader();
        expect(new TextDecoder().decode((await reader?.read())?.value)).toContain("event: ready");
        expect(await ended(started, signal)).toEqual([0, null]);
        expect((await reader?.read())?.done).toBe(true);
      } finally {
        started.child.kill("SIGKILL");
      }
    },
  );

  test("two that run at once have tokens and ports of their own; --json says the address as JSON", async () => {
    const both = await Promise.all([start("--json"), start("--json")]);
    try {
      const said = both.map(
        ({ line }) =>
          JSON.parse(line) as { readonly ferrule: string; readonly version: number; readonly url: string; readonly port: number },
      );
      for (const { ferrule: what, version, url, port } of said) {
        expect([what, version]).toEqual(["serve", 1]);
        expect(new URL(url).port).toBe(String(port));
        expect((await fetch(new URL("/", url))).status).toBe(200);
      }
      const [one, other] = said.map(({ url }) => new URL(url));
      expect(one?.port).not.toBe(other?.port);
      expect(one?.hash).not.toBe(other?.hash);
      const crossed = { "X-Ferrule-Token": other?.hash.slice("#token=".length) ?? "" };
      expect((await fetch(new URL("/api/workspace", one), { headers: crossed })).status).toBe(403);
    } finally {
      for (const { child } of both) child.kill("SIGKILL");
    }
  });

  test("--open gives the browser a file that only its owner can read, and no word of the token", async () => {
    const [bin, seen] = [join(folder, "bin"), join(folder, "seen")];
    mkdirSync(bin);
    writeFileSync(join(bin, "xdg-open"), `#!/bin/sh\n{ stat -c %a "$1"; echo "$@"; cat "$1"; } > ${seen}.part\nmv ${seen}.part ${seen}\n`, {
      mode: 0o755,
    });
    const started = await start({ PATH: `${bin}:${process.env["PATH"] ?? ""}` }, "--port", "0", "--open");
    try {
      for (let tries = 0; tries < 250 && !existsSync(seen); tries++) await new Promise(resolve => setTimeout(resolve, 40));
      const [mode, words = "", ...html] = readFileSync(seen, "utf8").split("\n");
      expect(mode).toBe("600");
      expect(words).not.toContain("token");
      expect(html.join("\n")).toContain(`url=${started.line}"`);
      expect(await ended(started, "SIGTERM")).toEqual([0, null]);
      expect(existsSync(words)).toBe(false);
    } finally {
      started.child.kill("SIGKILL");
    }
  });

  test.each<[what: string, env: (bin: string) => Record<string, string>, sentence: string]>([
    ["no such program", () => ({ PATH: "/absent" }), "has no xdg-open"],
    ["a program that fails", bin => ({ PATH: bin }), "xdg-open cannot open it"],
  ])("where --open finds %s, it says so and serves all the same", async (_what, env, sentence) => {
    const bin = join(folder, "failing");
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, "xdg-open"), "#!/bin/sh\nexit 3\n", { mode: 0o755 });
    const started = await start(env(bin), "--port", "0", "--open");
    try {
      for (let tries = 0; tries < 250 && started.complaint() === ""; tries++) await new Promise(resolve => setTimeout(resolve, 40));
      expect(started.complaint()).toMatch(new RegExp(`^serve: .*${sentence}; open the address by hand\n$`));
      expect((await fetch(new URL("/", started.line))).status).toBe(200);
      expect(await ended(started, "SIGTERM")).toEqual([0, null]);
    } finally {
      started.child.kill("SIGKILL");
    }
  });

  test("a script that still runs is not waited for", async () => {
    const started = await start("--json", "--port", "0");
    try {
      const { url } = JSON.parse(started.line) as { readonly url: string };
      const asked = fetch(new URL("/api/script", url), {
        method: "POST",
        headers: { "X-Ferrule-Token": new URL(url).hash.slice("#token=".length), "content-type": "application/json" },
        body: JSON.stringify({ name: "x.sh", text: "sleep 50" }),
      }).then(
        answer => answer.status,
        () => "ended",
      );
      await new Promise(resolve => setTimeout(resolve, 1500));
      expect(await ended(started, "SIGINT")).toEqual([0, null]);
      // Where there is no sandbox, it was refused before.
      expect(["ended", 422]).toContain(await asked);
    } finally {
      started.child.kill("SIGKILL");
    }
  });

  test("--ipv6 listens on ::1 alone", async ({ skip }) => {
    const probe = createServer();
    const has = await new Promise(resolve => probe.once("error", () => resolve(false)).listen(0, "::1", () => resolve(true)));
    probe.close();
    if (has !== true) return skip("this machine has no IPv6 loopback");
    const { child, line } = await start("--port", "0", "--ipv6");
    try {
      const url = new URL(line);
      expect(url.hostname).toBe("[::1]");
      expect((await fetch(new URL("/", url))).status).toBe(200);
      await expect(fetch(`http://127.0.0.1:${url.port}/`)).rejects.toThrow();
    } finally {
      child.kill("SIGKILL");
    }
  });
});
