import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rootOf, startServer, type Running } from "../../src/cli/serve/index.ts";
import { startListening } from "../../src/web/remote/listening.ts";
import { openServed } from "../../src/web/remote/open.ts";
import { remoteServer } from "../../src/web/remote/remote.ts";
import { files, link, message } from "../../src/web/remote/state.ts";
import { documents, edit, isEdited } from "../../src/web/state/documents.ts";
import { bench, type Bench } from "./serve-client.ts";

/** What the page hears while it is open: changes, the server's end and its return, and another server in its place. In one test, because it is one life. */

const RULES = "*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp --dport 22 -j ACCEPT\nCOMMIT\n";

/** A tab that somebody looks at, or does not. */
const tab = new (class extends EventTarget {
  hidden = false;
  look(hidden: boolean): void {
    this.hidden = hidden;
    this.dispatchEvent(new Event("visibilitychange"));
  }
})();

let served: Bench;
let later: Running | undefined;
beforeAll(async () => {
  Object.assign(globalThis, { document: tab });
  served = await bench({ files: { "a.v4": RULES, "gone.rules": RULES }, rules: ["a.v4"] });
});
afterAll(async () => {
  Reflect.deleteProperty(globalThis, "document");
  await later?.close();
  rmSync(served.outside, { recursive: true, force: true });
});

const text = (port: number): string => RULES.replace("22", String(port));
const write = (content: string): void => writeFileSync(join(served.root, "a.v4"), content);
async function until(what: string, holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1000; tries++) {
    if (holds()) return;
    await new Promise(resolve => setTimeout(resolve, 20));
  }
  throw new Error(`never: ${what}; ${message.value?.text}`);
}
/** On the same port, as somebody does who ends the program and starts it again. */
async function again(token: string): Promise<Running> {
  const root = await rootOf(served.root);
  return startServer({ page: served.outside, root, openings: [], token, address: "127.0.0.1", ports: [served.running.port], period: 1000 });
}

test("the page's life beside the server", async () => {
  const server = remoteServer(served.running.url, served.token);
  const workspace = await server.workspace();
  link.value = { state: "open", server, workspace };
  const [first] = workspace.documents;
  if (first) openServed(first);
  files.value = await server.files();
  startListening(server);

  write(text(1));
  await until("a change is shown", () => documents.value.rules4 === text(1));
  served.put("new.rules", RULES);
  await until("a new file is listed", () => files.value?.files.some(({ path }) => path === "new.rules") === true);

  tab.look(true);
  await new Promise(resolve => setTimeout(resolve, 300));
  write(text(2));
  await new Promise(resolve => setTimeout(resolve, 600));
  expect(documents.value.rules4, "a tab that nobody sees hears nothing").toBe(text(1));
  tab.look(false);
  await until("what happened meanwhile is shown", () => documents.value.rules4 === text(2));

  await served.running.close();
  await until("the end is told", () => link.value.state === "lost");
  expect(message.value).toMatchObject({ tone: "warn", text: expect.stringContaining("is gone") });
  edit("rules4", text(3));
  write(text(4));
  later = await again(served.token);
  await until("the return is told", () => link.value.state === "open");
  await until("the change meanwhile is offered", () => message.value?.actions.length === 1);
  expect([documents.value.rules4, isEdited.value]).toEqual([text(3), true]);

  await later.close();
  await until("the end is told again", () => link.value.state === "lost");
  later = await again("another-token-of-22-ch");
  await new Promise(resolve => setTimeout(resolve, 1500));
  expect([link.value.state, documents.value.rules4]).toEqual(["lost", text(3)]);
});
