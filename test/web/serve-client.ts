/** A server of the workbench in the test's own process, and requests to it that no browser would send. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { ServedEvent } from "../../src/report/serve/index.ts";
import { readEvents } from "../../src/web/remote/event-text.ts";
import { newToken, openingsOf, rootOf, startServer, type OpeningFlags, type Running } from "../../src/cli/serve/index.ts";

/** What a request asks. */
export interface Ask {
  readonly method?: string;
  /** A list is as many headers of the name. */
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Uint8Array;
  /** Without the token. */
  readonly anonymous?: boolean;
}

/** What came back. */
export interface Told {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The body as JSON; undefined when it is none. */
  readonly json: unknown;
}

/** A server, a folder that it serves as root, and one with a page. */
export interface Bench {
  readonly running: Running;
  readonly token: string;
  /** With the token. */
  readonly address: string;
  readonly root: string;
  readonly outside: string;
  put(path: string, text: string | Uint8Array): string;
  ask(target: string, ask?: Ask): Promise<Told>;
  /** Hears events; `next` is the next one that is of a kind, however long that takes. */
  hear(target?: string): Promise<Hearing>;
  close(): Promise<void>;
}

/** A stream of events. */
export interface Hearing {
  next<Kind extends ServedEvent["event"]>(kind: Kind): Promise<Extract<ServedEvent, { event: Kind }>>;
  /** All that came so far. */
  readonly heard: readonly ServedEvent[];
  end(): Promise<void>;
}

/** Starts one. `files` are written under the root first; RULES are named from there. */
export async function bench({
  files = {},
  rules = [],
  flags = {},
  rooted = true,
  page: built,
}: {
  readonly files?: Readonly<Record<string, string>>;
  readonly rules?: readonly string[];
  readonly flags?: OpeningFlags;
  readonly rooted?: boolean;
  /** A built page, instead of one that only says its name. */
  readonly page?: string;
}): Promise<Bench> {
  const outside = realpathSync(mkdtempSync(join(tmpdir(), "ferrule-serve-")));
  const [root, page] = [join(outside, "root"), join(outside, "page")];
  const put = (path: string, text: string | Uint8Array): string => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    return join(root, path);
  };
  for (const folder of [root, join(page, "assets")]) mkdirSync(folder, { recursive: true });
  for (const [path, text] of Object.entries(files)) put(path, text);
  writeFileSync(join(page, "index.html"), "<!doctype html><title>Ferrule</title>");
  writeFileSync(join(page, "assets", "main-abc123.js"), "export {};");
  writeFileSync(join(page, ".hidden.js"), "");
  writeFileSync(join(outside, "leak.js"), "");
  symlinkSync(join(outside, "leak.js"), join(page, "leak.js"));
  const token = newToken();
  const opened = rooted ? await rootOf(root) : undefined;
  const openings = openingsOf(
    rules.map(path => (path.startsWith("kernel:") ? path : join(root, path))),
    flags,
    opened,
  );
  const running = await startServer({ page: built ?? page, root: opened, openings, token, address: "127.0.0.1", ports: [0], period: 200 });
  return {
    running,
    token,
    address: `${running.url}#token=${token}`,
    root,
    outside,
    put,
    ask: (target, ask) => send(running.port, token, target, ask),
    hear: (target = "/api/events") => hearing(new URL(target, running.url), token),
    async close() {
      await running.close();
      rmSync(outside, { recursive: true, force: true });
    },
  };
}

/** Does something with one, which is closed afterwards. */
export async function withBench(setup: Parameters<typeof bench>[0], act: (served: Bench) => Promise<void>): Promise<void> {
  const served = await bench(setup);
  try {
    await act(served);
  } finally {
    await served.close();
  }
}

function send(port: number, token: string, path: string, { method = "GET", headers, body, anonymous = false }: Ask = {}): Promise<Told> {
  const all = { host: `127.0.0.1:${port}`, ...(!anonymous && { "X-Ferrule-Token": token }), ...headers };
  // Node itself sends no name twice, unless it is given names and values one after the other.
  const lines = Object.entries(all).flatMap(([name, values]) => [values].flat().flatMap(value => [name, value]));
  const twice = Object.values(all).some(value => Array.isArray(value));
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, path, method, headers: twice ? lines : all, agent: false }, answer => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("error", reject);
      answer.on("end", () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text, json: parsed(text) });
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function hearing(url: URL, token: string): Promise<Hearing> {
  const ending = new AbortController();
  const { status, body } = await fetch(url, { headers: { "X-Ferrule-Token": token }, signal: ending.signal });
  if (status !== 200 || !body) throw new Error(`events: ${status}`);
  const events = readEvents(body);
  const heard: ServedEvent[] = [];
  return {
    heard,
    async next(kind) {
      for (;;) {
        const { value, done } = await events.next();
        if (done) throw new Error(`the stream ended before ${kind}`);
        heard.push(value);
        if (value.event === kind) return value as Extract<ServedEvent, { event: typeof kind }>;
      }
    },
    async end() {
      ending.abort();
      await events.return().catch(() => undefined);
    },
  };
}
