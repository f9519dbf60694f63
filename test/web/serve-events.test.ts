import { renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { hashOf } from "../../src/cli/serve/token.ts";
import { bench, withBench } from "./serve-client.ts";

/** What the server tells the page while files change. */

const RULES = "*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp --dport 22 -j ACCEPT\nCOMMIT\n";
const OTHER = RULES.replace("22", "2222");

describe("events", () => {
  test("tell of files under the root, of new ones in new folders, and of those of the command line", async () => {
    await withBench({ files: { "a.rules": RULES, "sub/b.rules": RULES } }, async served => {
      await withBench({ files: { "c.rules": RULES }, rules: ["../away.rules", "c.rules"] }, async other => {
        writeFileSync(join(other.outside, "away.rules"), RULES);
        const hearing = await other.hear();
        await hearing.next("ready");
        writeFileSync(join(other.outside, "away.rules"), OTHER);
        expect(await hearing.next("document")).toEqual({ event: "document", id: "1" });
        other.put("c.rules", OTHER);
        expect(await hearing.next("document")).toEqual({ event: "document", id: "2" });
        expect(await hearing.next("file")).toEqual({ event: "file", path: "c.rules", hash: hashOf(OTHER) });
        await hearing.end();
      });
      const hearing = await served.hear();
      await hearing.next("ready");
      served.put("sub/b.rules", OTHER);
      expect(await hearing.next("file")).toEqual({ event: "file", path: "sub/b.rules", hash: hashOf(OTHER) });
      served.put("new/deep/d.rules", RULES);
      await hearing.next("files");
      served.put("new/deep/d.rules", OTHER);
      expect(await hearing.next("file")).toEqual({ event: "file", path: "new/deep/d.rules", hash: hashOf(OTHER) });
      served.put("fresh", OTHER);
      renameSync(join(served.root, "fresh"), join(served.root, "a.rules"));
      for (let event = await hearing.next("file"); event.path !== "a.rules";) event = await hearing.next("file");
      expect(hearing.heard.at(-1)).toEqual({ event: "file", path: "a.rules", hash: hashOf(OTHER) });
      rmSync(join(served.root, "a.rules"));
      for (let event = await hearing.next("file"); event.path !== "a.rules";) event = await hearing.next("file");
      expect(hearing.heard.at(-1)).toEqual({ event: "file", path: "a.rules", hash: null });
      await hearing.end();
    });
  });

  test("a save over the page's own calls is told too, with the hash that the save answered", async () => {
    await withBench({ files: { "a.rules": RULES } }, async served => {
      const hearing = await served.hear();
      await hearing.next("ready");
      const saved = await served.ask("/api/file?path=a.rules", {
        method: "PUT",
        body: OTHER,
        headers: { "If-Match": `"${hashOf(RULES)}"` },
      });
      expect(await hearing.next("file")).toEqual({ event: "file", ...(saved.json as object) });
      expect(hearing.heard.filter(event => event.event === "file" && event.path.includes("saving"))).toEqual([]);
      await hearing.end();
    });
  });

  test("go on when the root, or the folder of a file, went away and another came", async () => {
    await withBench({ files: { "a.rules": RULES, "sub/b.rules": RULES }, rules: ["a.rules"] }, async served => {
      const hearing = await served.hear();
      await hearing.next("ready");
      rmSync(served.root, { recursive: true });
      for (const target of ["/api/files", "/api/file?path=a.rules", "/api/file?path=sub/b.rules"])
        expect((await served.ask(target)).json, target).toEqual({ error: { code: "not-found", message: "the folder root is gone" } });
      const put = await served.ask("/api/file?path=n.rules", { method: "PUT", body: OTHER, headers: { "If-None-Match": "*" } });
      expect(put.json).toEqual({ error: { code: "not-found", message: "the folder root is gone" } });
      served.put("a.rules", OTHER);
      await hearing.next("ready");
      expect((await served.ask("/api/files")).json).toMatchObject({ files: [{ path: "a.rules" }] });
      // Written until the new folder is watched.
      const writing = setInterval(() => served.put("a.rules", RULES), 300);
      for (let event = await hearing.next("file"); event.hash !== hashOf(RULES);) event = await hearing.next("file");
      clearInterval(writing);
      expect(hearing.heard.at(-1)).toEqual({ event: "file", path: "a.rules", hash: hashOf(RULES) });
      renameSync(served.root, join(served.outside, "moved"));
      symlinkSync(served.outside, served.root);
      for (const target of ["/api/files", "/api/file?path=leak.js"]) expect((await served.ask(target)).text, target).toContain("is gone");
      rmSync(served.root);
      await hearing.end();
    });
  });

  test("when more changes than can be told apart, say that anything may have changed", async () => {
    await withBench({ files: { "a.rules": RULES } }, async served => {
      const hearing = await served.hear();
      await hearing.next("ready");
      for (let index = 0; index < 200; index++) served.put(`n${index}.rules`, RULES);
      await hearing.next("ready");
      await hearing.end();
    });
  });

  test("nobody listens without end: there are at most sixteen, a place is free when one goes, and the server's end ends all", async () => {
    const served = await bench({});
    const all = await Promise.all(Array.from({ length: 16 }, () => served.hear()));
    expect((await served.ask("/api/events")).status).toBe(503);
    await all[0]?.end();
    // The place is free as soon as the server has seen that.
    const late = await vi.waitFor(() => served.hear(), 5000);
    await late.next("ready");
    await served.close();
    await expect(late.next("files")).rejects.toThrow();
  });
});
