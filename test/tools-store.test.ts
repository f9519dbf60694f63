import { spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "vite";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { acquireLock } from "../src/cli/tools/lock.ts";
import { ferrule } from "./faults/command-line.ts";

/** The store that the commands work on: atomic, locked, and itself again after every command. */

let folder = "";
let store = "";
let main = "";
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "ferrule-store-"));
  // One file starts faster than four hundred, which counts with fifty processes.
  await build({
    configFile: false,
    logLevel: "silent",
    ssr: { noExternal: true },
    build: { ssr: "src/cli/main.ts", outDir: join(folder, "built", "cli"), minify: false },
  });
  main = join(folder, "built", "cli", "main.js");
  for (const place of [folder, join(folder, "built")])
    writeFileSync(join(place, "package.json"), '{ "type": "module", "version": "0.0.0" }');
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let count = 0;
beforeEach(() => void (store = join(folder, `store-${count++}`)));

const specs = async (): Promise<string[]> =>
  (await ferrule("iptables", "--store", store, "-S")).stdout.split("\n").filter(line => line.startsWith("-A"));

describe("commands at once", () => {
  test("fifty processes that add a rule each lose none", async () => {
    const ends = await Promise.all(
      Array.from(
        { length: 50 },
        (_, i) =>
          new Promise<number | null>(resolve => {
            spawn(
              process.execPath,
              [main, "iptables", "--store", store, "-A", "INPUT", "-p", "tcp", "--dport", String(1000 + i), "-j", "ACCEPT"],
              { stdio: "ignore" },
            ).on("close", resolve);
          }),
      ),
    );
    expect(ends).toEqual(Array.from({ length: 50 }, () => 0));
    const ports = (await specs()).map(line => Number(/--dport (\d+)/.exec(line)?.[1])).toSorted((a, b) => a - b);
    expect(ports).toEqual(Array.from({ length: 50 }, (_, i) => 1000 + i));
    expect(readdirSync(folder).filter(name => name.startsWith(`store-${count - 1}`) && name !== `store-${count - 1}`)).toEqual([]);
  });

  test("legacy does not wait for the lock unless told to", async () => {
    const lock = await acquireLock(`${store}.lock`, 0);
    const said = await ferrule("iptables", "--store", store, "--legacy", "-A", "INPUT");
    expect(said).toEqual({
      status: 4,
      stdout: "",
      stderr: "Another app is currently holding the xtables lock. Perhaps you want to use the -w option?\n",
    });
    const waited = await ferrule("iptables", "--store", store, "--legacy", "-w", "1", "-A", "INPUT");
    expect(waited).toEqual({
      status: 4,
      stdout: "",
      stderr: "Another app is currently holding the xtables lock. Stopped waiting after 1s.\n",
    });
    const waiting = ferrule("iptables", "--store", store, "--legacy", "-w", "-A", "INPUT");
    lock?.release();
    expect((await waiting).status).toBe(0);
  });

  test("a lock whose owner is gone is taken over by one of many", async () => {
    const { pid } = spawnSync(process.execPath, ["-e", "0"]);
    const mine = await acquireLock(`${store}.lock`, 0);
    const owner = readFileSync(`${store}.lock`, "utf8");
    mine?.release();
    writeFileSync(`${store}.lock`, owner.replace(/^\d+ \d+/, `${pid} 1`));
    let held = 0;
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        const lock = await acquireLock(`${store}.lock`, 30_000);
        expect(++held).toBe(1);
        await new Promise(resolve => void setTimeout(resolve, 1));
        held--;
        lock?.release();
      }),
    );
    expect(existsSync(`${store}.lock`)).toBe(false);
  });
});

describe("the store's files", () => {
  test("are plain save text that commands read back", async () => {
    await ferrule("ipset", "--store", store, "create", "bad", "hash:ip");
    await ferrule("ipset", "--store", store, "add", "bad", "192.0.2.1");
    await ferrule("iptables", "--store", store, "-A", "INPUT", "-m", "set", "--match-set", "bad", "src", "-j", "DROP", "-c", "3", "4");
    await ferrule("ip6tables", "--store", store, "-P", "FORWARD", "DROP");
    expect(readFileSync(store, "utf8")).toBe(
      "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n[3:4] -A INPUT -m set --match-set bad src -j DROP\nCOMMIT\n",
    );
    expect(readFileSync(`${store}.v6`, "utf8")).toContain(":FORWARD DROP [0:0]");
    expect(readFileSync(`${store}.ipset`, "utf8")).toMatch(/^create bad hash:ip .*\nadd bad 192\.0\.2\.1\n$/);
    expect((await ferrule("ipset", "--store", store, "destroy", "bad")).status).toBe(1);
    expect((await ferrule("iptables", "--store", store, "-A", "INPUT", "-m", "set", "--match-set", "none", "src")).stderr).toContain(
      "Set none doesn't exist.",
    );
  });

  test("keep their mode, and no other file is left", async () => {
    writeFileSync(store, "");
    chmodSync(store, 0o640);
    expect((await ferrule("iptables", "--store", store, "-A", "INPUT")).status).toBe(0);
    expect(statSync(store).mode & 0o777).toBe(0o640);
    expect(readdirSync(folder).filter(name => name.includes(`store-${count - 1}`))).toEqual([`store-${count - 1}`]);
  });

  test("are not written through a link", async () => {
    writeFileSync(`${store}.target`, "");
    symlinkSync(`${store}.target`, store);
    const said = await ferrule("iptables", "--store", store, "-A", "INPUT");
    expect(said.status).toBe(2);
    expect(said.stderr).toContain("is a symbolic link");
    expect(readFileSync(`${store}.target`, "utf8")).toBe("");
  });

  test.each([
    ["a rule that nobody can read", "*filter\n-A INPUT -j BOGUS\nCOMMIT\n", "2:10"],
    ["words outside any table", "hello\n", "1:1"],
    ["no COMMIT", "*filter\n", "2:1"],
  ])("are refused with the place: %s", async (_name, text, place) => {
    writeFileSync(store, text);
    const said = await ferrule("iptables", "--store", store, "-A", "INPUT");
    expect(said.status).toBe(2);
    expect(said.stderr.startsWith(`${store}:${place}: `), said.stderr).toBe(true);
    expect(readFileSync(store, "utf8")).toBe(text);
  });

  test("stay as they were when a restore is wrong in its last table", async () => {
    await ferrule("iptables", "--store", store, "-A", "INPUT", "-j", "LOG");
    const text = readFileSync(store, "utf8");
    writeFileSync(`${store}.text`, "*filter\n-A INPUT -j DROP\nCOMMIT\n*nat\n-A PREROUTING -j BOGUS\nCOMMIT\n");
    expect((await ferrule("iptables-restore", "--store", store, `${store}.text`)).status).toBe(2);
    expect(readFileSync(store, "utf8")).toBe(text);
  });

  test("are found by FERRULE_STORE, and a folder that is not there is told of", async () => {
    process.env["FERRULE_STORE"] = store;
    try {
      expect((await ferrule("iptables", "-A", "INPUT")).status).toBe(0);
    } finally {
      delete process.env["FERRULE_STORE"];
    }
    expect(await specs()).toEqual(["-A INPUT"]);
    const said = await ferrule("iptables", "--store", join(folder, "none", "x"), "-A", "INPUT");
    expect([said.status, said.stderr.includes("no such file")]).toEqual([2, true]);
  });

  test("save -f writes a file that restore takes", async () => {
    await ferrule("iptables", "--store", store, "-A", "INPUT", "-j", "LOG");
    expect((await ferrule("iptables-save", "--store", store, "-f", `${store}.saved`)).stdout).toBe("");
    expect((await ferrule("iptables", "--store", store, "-F")).status).toBe(0);
    expect((await ferrule("iptables-restore", "--store", store, `${store}.saved`)).status).toBe(0);
    expect(await specs()).toEqual(["-A INPUT -j LOG"]);
  });
});

describe("shims", () => {
  const call = (path: string, argv: readonly string[], input = ""): ReturnType<typeof spawnSync> =>
    spawnSync(path, argv, { encoding: "utf8", input, cwd: folder });

  test("are programs called as the tools, whatever the folders are called", () => {
    const bin = join(folder, "it's $(a) folder");
    expect(call(process.execPath, [main, "shims", "--store", store, bin]).status).toBe(0);
    expect(readdirSync(bin)).toContain("ip6tables-legacy-restore");
    expect(call(join(bin, "iptables"), ["-A", "INPUT", "-m", "comment", "--comment", 'a "b" $(c) `d`', "-j", "DROP"]).status).toBe(0);
    expect(call(join(bin, "iptables"), ["-S", "INPUT"]).stdout).toContain('--comment "a \\"b\\" $(c) `d`" -j DROP');
    expect(call(join(bin, "iptables-restore"), [], "*filter\n-A FORWARD\nCOMMIT\n").status).toBe(0);
    expect(call(join(bin, "iptables-save"), []).stdout).toContain("-A FORWARD\n");
    expect(call(join(bin, "iptables-legacy"), ["-V"]).stdout).toBe("iptables v1.8.9 (legacy)\n");
  });

  test("do not take the place of other programs", () => {
    const bin = join(folder, "others");
    expect(call(process.execPath, [main, "shims", bin]).status).toBe(0);
    expect(call(process.execPath, [main, "shims", bin]).status).toBe(0);
    writeFileSync(join(bin, "ipset"), "#!/bin/sh\nexit 3\n");
    rmSync(join(bin, "iptables"));
    const said = call(process.execPath, [main, "shims", bin]);
    expect([said.status, String(said.stderr).includes("none of ferrule's"), existsSync(join(bin, "iptables"))]).toEqual([2, true, false]);
  });

  test("a link of a tool's name to the program is that tool", () => {
    symlinkSync(main, join(folder, "built", "cli", "ip6tables.js"));
    symlinkSync(main, join(folder, "built", "cli", "iptables-legacy-save"));
    expect(call(process.execPath, [join(folder, "built", "cli", "ip6tables.js"), "-V"]).stdout).toBe("ip6tables v1.8.9 (nf_tables)\n");
  });
});

test("the tool's own words reach it untouched", async () => {
  expect((await ferrule("iptables", "--store", store, "-V")).stdout).toBe("iptables v1.8.9 (nf_tables)\n");
  expect((await ferrule("iptables", "--store", store, "--legacy", "-V")).stdout).toBe("iptables v1.8.9 (legacy)\n");
  expect((await ferrule("iptables", "-h")).stdout.startsWith("iptables v1.8.9 (nf_tables)\n\nUsage: iptables ")).toBe(true);
  expect((await ferrule("iptables", "--store", store, "-p", "tcp", "-h")).stdout).toContain("tcp match options:");
  expect((await ferrule("iptables", "--store")).status).toBe(2);
  expect((await ferrule("help", "iptables")).stdout).toContain("--store FILE");
});
