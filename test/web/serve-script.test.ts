import { describe, expect, test } from "vitest";
import type { ApiFault, ScriptResult, Workspace } from "../../src/report/serve/index.ts";
import { noSandbox } from "../script/sandbox.ts";
import { withBench, type Bench } from "./serve-client.ts";

/** Firewall scripts in the workbench: those of the command line, and those that the page sends. */

const SCRIPT =
  "#!/bin/sh\necho working\niptables -A INPUT -p tcp --dport 80 -j ACCEPT\nip6tables -P INPUT DROP\nipset create bad hash:ip\nipset add bad 192.0.2.1\n";

const reason = await noSandbox();
if (reason !== "") console.log(`skipped: scripts of the workbench in a sandbox: ${reason}`);

const workspace = async (served: Bench): Promise<Workspace> => (await served.ask("/api/workspace")).json as Workspace;

describe.runIf(reason === "")("scripts", () => {
  test("of the command line give the rules that they make, and run again when they have changed", async () => {
    await withBench({ files: { "fw.sh": SCRIPT }, rules: ["fw.sh"] }, async served => {
      const [document] = (await workspace(served)).documents;
      expect(document).toMatchObject({ name: "fw.sh", readOnly: "a script made these rules", paths: {} });
      expect(document?.texts.rules4).toContain("--dport 80");
      expect(document?.texts.rules6).toContain(":INPUT DROP");
      expect(document?.texts.sets).toContain("add bad 192.0.2.1");
      served.put("fw.sh", SCRIPT.replace("80", "8080"));
      expect((await workspace(served)).documents[0]?.texts.rules4).toContain("--dport 8080");
    });
  });

  const post = (served: Bench, body: unknown, type = "application/json"): ReturnType<Bench["ask"]> =>
    served.ask("/api/script", {
      method: "POST",
      headers: { "content-type": type },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });

  test("of the page run in the same sandbox", async () => {
    await withBench({}, async served => {
      const { json } = await post(served, {
        name: "x.sh",
        text: `${SCRIPT}echo "$1" >&2\ntouch ${served.root}/made\nexit 3\n`,
        args: ["a b; id"],
      });
      const result = json as ScriptResult;
      expect(result).toMatchObject({ status: 3, calls: 4 });
      expect(result.texts.rules4).toContain("--dport 80");
      expect(result.texts.sets).toContain("create bad");
      expect(result.transcript.join("\n")).toContain("x.sh | a b; id");
      expect((await served.ask("/api/files")).json).toEqual({ files: [], truncated: false });
    });
  });

  test("until nobody waits for them", async () => {
    await withBench({}, async served => {
      const gone = new AbortController();
      const asked = fetch(`${served.running.url}api/script`, {
        method: "POST",
        headers: { "X-Ferrule-Token": served.token, "content-type": "application/json" },
        body: JSON.stringify({ name: "x.sh", text: "sleep 50" }),
        signal: gone.signal,
      });
      await new Promise(resolve => setTimeout(resolve, 500));
      gone.abort();
      await expect(asked).rejects.toThrow();
      let { status } = await post(served, { name: "y.sh", text: "true" });
      for (let tries = 0; tries < 100 && status === 503; tries++) {
        await new Promise(resolve => setTimeout(resolve, 50));
        ({ status } = await post(served, { name: "y.sh", text: "true" }));
      }
      expect(status).toBe(200);
    });
  });

  test("one at a time, and with a body that says what is to be run", async () => {
    await withBench({}, async served => {
      const long = post(served, { name: "x.sh", text: "sleep 2; iptables -P INPUT DROP" });
      await new Promise(resolve => setTimeout(resolve, 500));
      const second = await post(served, { name: "y.sh", text: "true" });
      expect([second.status, (second.json as ApiFault).error.code]).toEqual([503, "busy"]);
      expect((await long).status).toBe(200);
      const rows: [unknown, number][] = [
        ["", 400],
        ["[", 400],
        ["null", 400],
        [[], 400],
        [{ text: "true" }, 400],
        [{ name: "x", text: 1 }, 400],
        [{ name: "x", text: "true", args: "a" }, 400],
        [{ name: "x", text: "true", args: [1] }, 400],
        [{ name: "x", text: "true", args: ["\0"] }, 400],
        ['{"__proto__": {"name": "x", "text": "true"}}', 400],
        [{ name: "x", text: "\x7fELF\0" }, 422],
      ];
      for (const [body, status] of rows) expect((await post(served, body)).status, JSON.stringify(body)).toBe(status);
      expect((await post(served, { name: "x", text: "true" }, "text/plain")).status).toBe(400);
      expect((await post(served, { name: "x", text: "true" }, "application/x-www-form-urlencoded")).status).toBe(400);
    });
  });
});
