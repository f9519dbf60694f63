import type { HttpBindings } from "@hono/node-server";
import { Hono, type Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { printableLines } from "../../report/index.ts";
import type { Capability, FileList, ServedDocument, Workspace } from "../../report/serve/index.ts";
import { SERVE_API_VERSION, TOKEN_HEADER } from "../../report/serve/index.ts";
import { InputFault } from "../input-fault.ts";
import { VERSION } from "../version.ts";
import { bodyBudget } from "./body-budget.ts";
import type { Events } from "./events.ts";
import { guard, guardToken, isApi, type Site } from "./guard.ts";
import { SECURITY_HEADERS } from "./headers.ts";
import { kernelCapability, NoKernel, readKernel } from "./kernel.ts";
import type { Opening } from "./opening.ts";
import { pageFile } from "./page-files.ts";
import { Refusal } from "./refusal.ts";
import { readFileAt, saveFile, textOf, type Expected } from "./root-files.ts";
import { listFiles } from "./root-list.ts";
import { MOST_BYTES, type Root } from "./root.ts";
import { runQuestion, scriptQuestion } from "./script-call.ts";
import type { Strangers } from "./strangers.ts";

/** What is served, and to whom. */
export interface Served {
  /** The folder of the built page. */
  readonly page: string;
  readonly root: Root | undefined;
  readonly openings: readonly Opening[];
  readonly events: Events;
  readonly strangers: Strangers;
  /** Known once the server listens. */
  readonly site: () => Site;
}

type Here = { Bindings: HttpBindings };

/** The server's answers to requests. */
export function application(served: Served): Hono<Here> {
  const app = new Hono<Here>();
  app.onError((fault, c) => refused(c, fault));
  app.notFound(c => refused(c, new Refusal("not-found", "there is nothing here")));
  app.use(async (c, next) => {
    await next();
    // Nobody reads the rest of what is still being sent.
    if (!c.env.incoming.complete) c.header("Connection", "close");
  });
  app.use(async (c, next) => {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) c.header(name, value);
    const { headersDistinct, method = "", url = "", socket } = c.env.incoming;
    guard({ method, target: url, header: name => headersDistinct[name]?.join(", ") }, served.site());
    if (isApi(c.req.path)) {
      c.header("Cache-Control", "no-store");
      guardToken(c.req.header(TOKEN_HEADER), served.site());
      served.strangers.know(socket);
    }
    await next();
  });
  app.use(bodyBudget());
  app.use(bodyLimit({ maxSize: MOST_BYTES, onError: c => refused(c, new Refusal("too-large", "the body is too large")) }));
  routes(app, served);
  app.get("*", async c => {
    const file = await pageFile(served.page, c.req.path);
    if (!file) throw new Refusal("not-found", "there is no such file");
    c.header("Content-Type", file.type);
    c.header("Cache-Control", file.cache);
    return c.body(file.bytes);
  });
  return app;
}

function routes(app: Hono<Here>, { root, openings, events }: Served): void {
  const rooted = (): Root => {
    if (!root) throw new Refusal("no-root", "no folder was opened: ferrule serve --root DIR");
    return root;
  };
  app.get("/api/workspace", async c => c.json<Workspace>(await workspace(openings, root)));
  app.get("/api/files", async c => {
    const { files, truncated } = await listFiles(rooted());
    return c.json<FileList>({ files, truncated });
  });
  app.get("/api/file", async c => c.json(await readFileAt(rooted(), pathOf(c))));
  app.put("/api/file", async c => {
    const path = pathOf(c);
    const expected = expectation(c);
    return c.json(await saveFile(rooted(), path, new Uint8Array(await c.req.arrayBuffer()), expected));
  });
  app.get("/api/kernel", async c => c.json(await readKernel()));
  app.post("/api/script", async c => {
    if (!/^application\/json\b/i.test(c.req.header("content-type") ?? "")) throw new Refusal("request", "the body is JSON");
    const question = scriptQuestion(textOf(new Uint8Array(await c.req.arrayBuffer())));
    return c.json(await runQuestion(question, c.req.raw.signal));
  });
  app.get("/api/events", c => {
    c.header("Content-Type", "text/event-stream");
    return c.body(events.listen(c.req.query("kernel") === "1"));
  });
  app.all("/api/*", () => {
    throw new Refusal("not-found", "there is no such call");
  });
}

/** What was opened, as it is now. */
async function workspace(openings: readonly Opening[], root: Root | undefined): Promise<Workspace> {
  const documents = await Promise.all(openings.map(readOrSay));
  const kernel = kernelCapability();
  return {
    ferrule: "workspace",
    version: SERVE_API_VERSION,
    program: VERSION,
    root: root?.name ?? null,
    documents,
    kernel,
    script: SCRIPT,
  };
}

/** What cannot be read any more must not keep the rest from being shown. */
async function readOrSay(opening: Opening): Promise<ServedDocument> {
  const { id, name } = opening;
  try {
    return await opening.read();
  } catch (reason) {
    if (!(reason instanceof InputFault)) throw reason;
    const texts = { rules4: "", rules6: "", sets: "", host: "" };
    const fault = `${reason.faults[0]?.file ?? name}: ${reason.message}`;
    return { id, name, texts, readOnly: fault, paths: {}, hashes: {}, kernel: null, notes: [], fault };
  }
}

const SCRIPT: Capability =
  process.platform === "linux" ? { available: true } : { available: false, reason: "scripts run in the namespaces of Linux only" };

function pathOf(c: Context): string {
  const paths = c.req.queries("path") ?? [];
  const [path] = paths;
  if (path === undefined || paths.length > 1) throw new Refusal("request", "`path' is missing");
  return path;
}

/** Without a condition a save could undo what somebody else wrote. */
function expectation(c: Context): Expected {
  const match = c.req.header("if-match");
  if (match === undefined && c.req.header("if-none-match") === "*") return "none";
  const hash = /^"([\w-]{43})"$/.exec(match ?? "")?.[1];
  if (hash === undefined) throw new Refusal("precondition", 'say what you expect to find: If-Match: "HASH", or If-None-Match: *');
  return { hash };
}

function refused(c: Context<Here>, fault: Error): Response {
  const { destroyed, complete } = c.env.incoming;
  const refusal = destroyed && !complete ? new Refusal("request", "the request was broken off") : refusalFor(fault);
  c.header("Cache-Control", "no-store");
  if (refusal.code === "method") c.header("Allow", "GET, HEAD, PUT, POST");
  return c.json(refusal.body(), refusal.status);
}

function refusalFor(fault: Error): Refusal {
  if (fault instanceof Refusal) return fault;
  if (fault instanceof NoKernel) return new Refusal("kernel", fault.message);
  // A fault of this program: its words are for the terminal.
  console.error(printableLines(fault.stack ?? fault.message));
  return new Refusal("fault", "something went wrong: the terminal of ferrule serve says what");
}
