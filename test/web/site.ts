import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { build } from "vite";
import { contentSecurityPolicy } from "../../src/web/content-security.ts";

/** The page, served from a folder as any web server would, under its own rules of what it may load. */
export interface Site {
  /** `http://127.0.0.1:PORT/deep/folder/` */
  readonly address: string;
  close(): Promise<void>;
}

/** A path under which the page is served, to show that it works from any folder. */
const FOLDER = "/deep/folder/";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".json": "application/json",
};

/** Serves the built page on a free port of loopback; builds it first where the sources are newer. */
export async function openSite(): Promise<Site> {
  const { folder, remove } = await builtPage();
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? "/", "http://local").pathname));
    const file = path.startsWith(FOLDER) ? join(folder, path === FOLDER ? "index.html" : path.slice(FOLDER.length)) : undefined;
    if (file === undefined || !existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      "content-type": TYPES[extname(file)] ?? "application/octet-stream",
      "content-security-policy": contentSecurityPolicy({ embedded: false }),
    });
    response.end(readFileSync(file));
  });
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the test's server has no port");
  return {
    address: `http://127.0.0.1:${address.port}${FOLDER}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
      remove();
    },
  };
}

/** `dist/web` where it is as new as the sources; otherwise a build of its own. */
export async function builtPage(): Promise<{ readonly folder: string; readonly remove: () => void }> {
  const page = join("dist/web", "index.html");
  if (existsSync(page) && statSync(page).mtimeMs >= newest("src")) return { folder: "dist/web", remove: () => undefined };
  const folder = mkdtempSync(join(tmpdir(), "ferrule-web-"));
  await build({ configFile: "vite.config.ts", logLevel: "error", build: { outDir: folder, emptyOutDir: true } });
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function newest(folder: string): number {
  const times = (readdirSync(folder, { recursive: true }) as string[])
    .filter(name => !name.includes(".test."))
    .map(name => statSync(join(folder, name)).mtimeMs);
  return Math.max(...times);
}
