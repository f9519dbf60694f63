import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { hashOf } from "../../src/cli/serve/token.ts";
import { openServed } from "../../src/web/remote/open.ts";
import { listFiles, openDocument, openEntry } from "../../src/web/remote/opening.ts";
import { documentChanged, fileChanged } from "../../src/web/remote/reload.ts";
import { RemoteFault, remoteServer, type RemoteServer } from "../../src/web/remote/remote.ts";
import { saveAs, saveEdited } from "../../src/web/remote/save.ts";
import { files, link, message, standing } from "../../src/web/remote/state.ts";
import { documents, edit, isEdited, openDocuments, opened, origin } from "../../src/web/state/documents.ts";
import { bench, type Bench } from "./serve-client.ts";

/** The page's half of `ferrule serve`, without the page: its state, against a real server. */

const RULES = "*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp --dport 22 -j ACCEPT\nCOMMIT\n";
const OTHER = RULES.replace("22", "2222");
const MINE = RULES.replace("22", "4444");

let served: Bench;
let server: RemoteServer;
const disk = (path: string): string => readFileSync(join(served.root, path), "utf8");
const actionOf = (label: string): (() => void) => {
  const found = message.value?.actions.find(each => each.label.startsWith(label));
  if (!found) throw new Error(`no action ${label}: ${message.value?.text}`);
  return found.act;
};
/** Until something holds that a person would see. */
async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (holds()) return;
    await new Promise(resolve => setTimeout(resolve, 20));
  }
  throw new Error(`it never came: ${message.value?.text}`);
}

beforeEach(async () => {
  served = await bench({
    files: {
      "rules.v4": RULES,
      "rules.v6": RULES,
      "other.rules": OTHER,
      "bad.ipset": "create bad hash:ip family inet\n",
      "host.json": '{"ferrule": "host", "version": 1}',
    },
    rules: ["rules.v4", "rules.v6"],
  });
  server = remoteServer(served.running.url, served.token);
  const workspace = await server.workspace();
  link.value = { state: "open", server, workspace };
  message.value = undefined;
  files.value = undefined;
  const [first] = workspace.documents;
  if (first) openServed(first);
});
afterEach(() => served.close());

test("what the command line named is open, with its files", () => {
  expect(documents.value).toEqual({ rules4: RULES, rules6: RULES, sets: "", host: "" });
  expect(origin.value).toMatchObject({
    name: "rules.v4, rules.v6",
    readOnly: undefined,
    paths: { rules4: "rules.v4", rules6: "rules.v6" },
  });
  expect(isEdited.value).toBe(false);
});

describe("saving", () => {
  test("writes what was edited, and nothing else", async () => {
    edit("rules4", MINE);
    served.put("rules.v6", OTHER);
    expect(await saveEdited()).toEqual({ saved: ["rules4"], unplaced: [] });
    expect([disk("rules.v4"), disk("rules.v6"), isEdited.value]).toEqual([MINE, OTHER, false]);
    edit("rules4", RULES);
    expect((await saveEdited()).saved).toEqual(["rules4"]);
    expect(disk("rules.v4")).toBe(RULES);
  });

  test("over another's change asks, and does what is answered", async () => {
    edit("rules4", MINE);
    served.put("rules.v4", OTHER);
    expect((await saveEdited()).saved).toEqual([]);
    expect([disk("rules.v4"), isEdited.value, message.value?.tone]).toEqual([OTHER, true, "warn"]);
    actionOf("Overwrite")();
    await until(() => !isEdited.value);
    expect(disk("rules.v4")).toBe(MINE);
    edit("rules4", RULES);
    served.put("rules.v4", OTHER);
    await saveEdited();
    actionOf("Open it")();
    await until(() => !isEdited.value);
    expect([documents.value.rules4, disk("rules.v4"), message.value]).toEqual([OTHER, OTHER, undefined]);
  });

  test("of a file that is gone makes it again when asked to", async () => {
    edit("rules4", MINE);
    rmSync(join(served.root, "rules.v4"));
    await saveEdited();
    actionOf("Make it again")();
    await until(() => !isEdited.value);
    expect(disk("rules.v4")).toBe(MINE);
  });

  test("of a text without a file names a new one, which is its own from then on", async () => {
    edit("sets", "create x hash:ip\n");
    expect(await saveEdited()).toEqual({ saved: [], unplaced: ["sets"] });
    expect(await saveAs("sets", "new.ipset")).toBe(true);
    edit("sets", "create y hash:ip\n");
    expect((await saveEdited()).saved).toEqual(["sets"]);
    expect(disk("new.ipset")).toBe("create y hash:ip\n");
  });

  test("as a file that is there asks first", async () => {
    edit("rules4", MINE);
    expect(await saveAs("rules4", "other.rules")).toBe(false);
    expect(disk("other.rules")).toBe(OTHER);
    actionOf("Overwrite")();
    await until(() => disk("other.rules") === MINE);
    await until(() => origin.value.paths?.rules4 === "other.rules");
  });

  test.each(["../out.rules", "/etc/ferrule.rules", "run.sh", ".profile", "sub/none.rules"])("as %s is refused and said", async path => {
    edit("rules4", MINE);
    expect(await saveAs("rules4", path)).toBe(false);
    expect(message.value).toMatchObject({ tone: "fault", text: expect.stringContaining("is not saved") });
    expect(isEdited.value).toBe(true);
  });

  test("of rules that are read-only makes a copy, and what is shown stays what it is", async () => {
    openDocuments({ rules4: OTHER }, { name: "kernel", readOnly: "these are the running rules" });
    expect(await saveAs("rules4", "copy.rules")).toBe(true);
    expect([disk("copy.rules"), origin.value.paths]).toEqual([OTHER, undefined]);
  });
});

describe("a change on disk", () => {
  test("is shown at once where nothing is unsaved", async () => {
    served.put("rules.v4", OTHER);
    await fileChanged("rules.v4", hashOf(OTHER));
    expect([documents.value.rules4, opened.value.rules4, standing.value.hashes.rules4]).toEqual([OTHER, OTHER, hashOf(OTHER)]);
    edit("rules4", MINE);
    expect((await saveEdited()).saved).toEqual(["rules4"]);
  });

  test("is offered where something is, text by text", async () => {
    edit("rules4", MINE);
    served.put("rules.v4", OTHER);
    served.put("rules.v6", OTHER);
    await fileChanged("rules.v6", hashOf(OTHER));
    expect([documents.value.rules6, message.value]).toEqual([OTHER, undefined]);
    await fileChanged("rules.v4", hashOf(OTHER));
    expect(documents.value.rules4).toBe(MINE);
    actionOf("Take")();
    await until(() => documents.value.rules4 === OTHER);
    expect(isEdited.value).toBe(false);
  });

  test("that is the page's own save is no change", async () => {
    edit("rules4", MINE);
    const saving = saveEdited();
    await fileChanged("rules.v4", hashOf(MINE));
    await saving;
    await fileChanged("rules.v4", hashOf(MINE));
    expect(message.value).toMatchObject({ tone: "note", actions: [] });
    expect(documents.value.rules4).toBe(MINE);
  });

  test("of a file that is not open is nobody's business", async () => {
    await fileChanged("other.rules", hashOf(MINE));
    openDocuments({ rules4: OTHER }, { name: "pasted", readOnly: undefined });
    served.put("rules.v4", MINE);
    await fileChanged("rules.v4", hashOf(MINE));
    expect([documents.value.rules4, message.value]).toEqual([OTHER, undefined]);
  });

  test("of a document without files of the root comes with the document", () => {
    const [first] = link.value.state === "none" ? [] : link.value.workspace.documents;
    if (!first) throw new Error("no document");
    openServed({ ...first, paths: {}, hashes: {} });
    documentChanged({ ...first, paths: {}, texts: { ...first.texts, rules4: OTHER } });
    expect(documents.value.rules4).toBe(OTHER);
    edit("rules6", MINE);
    documentChanged({ ...first, paths: {}, texts: { ...first.texts, rules4: RULES, rules6: OTHER } });
    expect([documents.value.rules4, documents.value.rules6]).toEqual([OTHER, MINE]);
    actionOf("Take")();
    expect([documents.value.rules4, documents.value.rules6]).toEqual([RULES, OTHER]);
    documentChanged({ ...first, id: "9", texts: { ...first.texts, rules4: MINE } });
    expect(documents.value.rules4).toBe(RULES);
  });
});

describe("the files of the root", () => {
  test("are listed and opened: rules in place of what is open, sets and a host beside it", async () => {
    expect(await listFiles()).toBe(true);
    expect(files.value?.files.map(({ path }) => path)).toEqual(["bad.ipset", "host.json", "other.rules", "rules.v4", "rules.v6"]);
    await openEntry({ path: "other.rules", kind: "save" });
    expect(documents.value).toEqual({ rules4: OTHER, rules6: "", sets: "", host: "" });
    await openEntry({ path: "bad.ipset", kind: "sets" });
    await openEntry({ path: "host.json", kind: "host" });
    expect(documents.value).toMatchObject({
      rules4: OTHER,
      sets: expect.stringContaining("create bad"),
      host: expect.stringContaining("ferrule"),
    });
    expect([origin.value.paths, isEdited.value]).toEqual([{ rules4: "other.rules", sets: "bad.ipset", host: "host.json" }, false]);
    await openDocument("1");
    expect(documents.value).toEqual({ rules4: RULES, rules6: RULES, sets: "", host: "" });
  });

  test("that went away are said to", async () => {
    expect(await openEntry({ path: "absent.rules", kind: "save" })).toBe(false);
    expect(message.value).toMatchObject({ tone: "fault", text: "there is no such file." });
  });
});

describe("a server that is not ours", () => {
  test.each<[what: string, answer: () => Promise<Response>, code: string]>([
    ["does not answer", () => Promise.reject(new TypeError("refused")), "unreachable"],
    ["answers a page", () => Promise.resolve(new Response("<!doctype html>", { headers: { "content-type": "text/html" } })), "not-found"],
    ["refuses in its own words", () => Promise.resolve(new Response("no", { status: 404 })), "not-found"],
    ["refuses in ours", () => Promise.resolve(Response.json({ error: { code: "token", message: "x" } }, { status: 403 })), "token"],
  ])("%s", async (_what, answer, code) => {
    const fault = await remoteServer("https://firewall.example/app/", "t", answer)
      .workspace()
      .catch((reason: unknown) => reason);
    expect(fault).toBeInstanceOf(RemoteFault);
    expect((fault as RemoteFault).code).toBe(code);
  });

  test("the token goes in a header, below the page's address, and to nobody else", async () => {
    const asked: [string, RequestInit][] = [];
    const other = remoteServer("https://firewall.example/app/", "secret", (url, init) => {
      asked.push([url.href, init]);
      return Promise.resolve(Response.json({}));
    });
    await other.file("a b&path=c#d");
    const [url, init] = asked[0] ?? ["", {}];
    expect(url).toBe("https://firewall.example/app/api/file?path=a+b%26path%3Dc%23d");
    expect(init).toMatchObject({ redirect: "error", credentials: "omit", cache: "no-store", headers: { "X-Ferrule-Token": "secret" } });
    expect(url).not.toContain("secret");
  });
});
