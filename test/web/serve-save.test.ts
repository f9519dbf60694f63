import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Saved } from "../../src/report/serve/index.ts";
import { rootOf } from "../../src/cli/serve/index.ts";
import { locked } from "../../src/cli/serve/file-lock.ts";
import { replaceFile } from "../../src/cli/serve/replace-file.ts";
import { readFileAt } from "../../src/cli/serve/root-files.ts";
import { openFolder, readPlain } from "../../src/cli/serve/root.ts";
import { hashOf } from "../../src/cli/serve/token.ts";
import type { Told } from "./serve-client.ts";
import { knowing, NEW, OTHER, rootBench, RULES, type RootBench } from "./serve-root.ts";

/** Saving files of the workbench's root: whole or not at all, over what was seen, and nothing but rules, sets and hosts. */

let served: RootBench;
beforeAll(async () => void (served = await rootBench()));
afterAll(() => served.close());

const open: RootBench["open"] = path => served.open(path);
const save: RootBench["save"] = (...words) => served.save(...words);

describe("saving", () => {
  test("replaces the whole file, keeps its mode, and leaves nothing beside it", async () => {
    chmodSync(served.put("mode.rules", RULES), 0o640);
    const told = await save("mode.rules", OTHER, knowing(RULES));
    expect([told.status, told.json]).toEqual([200, { path: "mode.rules", hash: hashOf(OTHER) } satisfies Saved]);
    expect(readFileSync(join(served.root, "mode.rules"), "utf8")).toBe(OTHER);
    expect(lstatSync(join(served.root, "mode.rules")).mode & 0o777).toBe(0o640);
    expect(readdirSync(served.root).filter(name => name.endsWith(".saving"))).toEqual([]);
  });

  test("makes the file anew, so that another name of the old one keeps the old content", async () => {
    linkSync(served.put("twice.rules", RULES), join(served.outside, "twin.rules"));
    expect((await save("twice.rules", OTHER, knowing(RULES))).status).toBe(200);
    expect(readFileSync(join(served.outside, "twin.rules"), "utf8")).toBe(RULES);
  });

  test("a change on disk is not overwritten", async () => {
    served.put("changed.rules", OTHER);
    const told = await save("changed.rules", "*filter\nCOMMIT\n", knowing(RULES));
    expect([told.status, told.json]).toEqual([
      409,
      { error: { code: "conflict", message: "the file has changed on disk" }, hash: hashOf(OTHER) },
    ]);
    expect(readFileSync(join(served.root, "changed.rules"), "utf8")).toBe(OTHER);
    expect((await save("gone.rules", OTHER, knowing(RULES))).json).toMatchObject({ error: { code: "conflict" }, hash: null });
    expect((await save("changed.rules", RULES, NEW)).json).toMatchObject({ error: { code: "conflict" }, hash: hashOf(OTHER) });
  });

  test.each<[what: string, headers: Record<string, string>]>([
    ["no condition", {}],
    ["any content", { "If-Match": "*" }],
    ["a hash without quotes", { "If-Match": hashOf(RULES) }],
    ["several hashes", { "If-Match": `"${hashOf(RULES)}", "${hashOf(OTHER)}"` }],
    ["both conditions", { ...NEW, "If-Match": "*" }],
  ])("is refused with %s", async (_what, headers) => {
    expect((await save("a.rules", OTHER, headers)).status).toBe(428);
    expect(readFileSync(join(served.root, "a.rules"), "utf8")).toBe(RULES);
  });

  test("of two at once, one wins and the other is told", async () => {
    served.put("race.rules", RULES);
    const texts = Array.from({ length: 8 }, (_, index) => RULES.replace("22", String(index)));
    const told = await Promise.all(texts.map(text => save("race.rules", text, knowing(RULES))));
    const winners = told.flatMap(({ status }, index) => (status === 200 ? [texts[index]] : []));
    expect(told.map(({ status }) => status).toSorted()).toEqual([200, 409, 409, 409, 409, 409, 409, 409]);
    expect(readFileSync(join(served.root, "race.rules"), "utf8")).toBe(winners[0]);
    const made = await Promise.all(texts.map(text => save("made.rules", text, NEW)));
    expect(made.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  test.each<[name: string, content: string | Uint8Array, old: string | undefined, status: number]>([
    ["new.rules", RULES, undefined, 200],
    ["sub/new.v4", "", undefined, 200],
    ["new-host.json", '{"ferrule": "host", "version": 1}', undefined, 200],
    ["broken.rules", "*filter\n-A INPUT -j\n", undefined, 200],
    ["new.sh", RULES, undefined, 403],
    ["crontab", RULES, undefined, 403],
    ["package.json", '{"scripts": {"postinstall": "id"}}', undefined, 403],
    ["script.rules", "#!/bin/sh\nid\n", undefined, 403],
    ["script.v4", "iptables -A INPUT -j DROP\n", undefined, 403],
    ["sub/start.sh", RULES, "#!/bin/sh\niptables -A INPUT -j DROP\n", 403],
    ["notes.txt", RULES, "nothing of interest", 403],
    ["dump.txt", RULES, "-P INPUT DROP\n-A INPUT -j ACCEPT\n", 200],
    ["listing.txt", RULES, "Chain INPUT (policy DROP)\ntarget     prot opt source               destination\n", 403],
    ["a.rules", Uint8Array.of(42, 0xff, 0xfe), RULES, 415],
    ["absent/new.rules", RULES, undefined, 404],
  ])("%s", async (name, content, old, status) => {
    const told = await save(name, content, old === undefined ? NEW : knowing(old));
    expect(told.status, told.text).toBe(status);
    if (status !== 200) expect(existsSync(join(served.root, name)) ? readFileSync(join(served.root, name), "utf8") : undefined).toBe(old);
  });

  test("a folder that becomes a link while files are saved never leads out", async () => {
    const [folder, link] = [join(served.root, "swap"), join(served.outside, "swapped")];
    mkdirSync(folder);
    symlinkSync(join(served.outside, "elsewhere"), link);
    const before = readdirSync(join(served.outside, "elsewhere"));
    const swap = { on: true };
    const swapping = (async () => {
      while (swap.on) {
        renameSync(folder, `${folder}.was`);
        renameSync(link, folder);
        await new Promise(resolve => setImmediate(resolve));
        renameSync(folder, link);
        renameSync(`${folder}.was`, folder);
        await new Promise(resolve => setImmediate(resolve));
      }
    })();
    const told: Told[] = [];
    for (let index = 0; index < 100; index++) told.push(await save(`swap/n${index}.rules`, RULES, NEW), await open("swap/secret.rules"));
    swap.on = false;
    await swapping;
    expect(readdirSync(join(served.outside, "elsewhere"))).toEqual(before);
    expect(told.filter(({ status }, index) => index % 2 === 1 && status === 200)).toEqual([]);
  });

  test("a file that becomes a link while it is read never shows what the link leads to", async () => {
    const [file, link] = [served.put("flip.rules", RULES), join(served.outside, "flip")];
    writeFileSync(join(served.outside, "other.rules"), OTHER);
    symlinkSync(join(served.outside, "other.rules"), link);
    const flip = { on: true };
    const flipping = (async () => {
      while (flip.on) {
        renameSync(file, `${file}.was`);
        renameSync(link, file);
        await new Promise(resolve => setImmediate(resolve));
        renameSync(file, link);
        renameSync(`${file}.was`, file);
        await new Promise(resolve => setImmediate(resolve));
      }
    })();
    const root = await rootOf(served.root);
    const texts = new Set<string>();
    // On a busy machine each look may fall on the link: until one has not, and a while longer.
    for (let index = 0; index < 400 || (index < 20_000 && !texts.has(RULES)); index++)
      texts.add(
        await readFileAt(root, "flip.rules").then(
          ({ text }) => text,
          () => "refused",
        ),
      );
    flip.on = false;
    await flipping;
    texts.delete("refused");
    expect(texts).toEqual(new Set([RULES]));
  });

  test("a file that somebody writes while it is saved is not overwritten", async () => {
    const path = served.put("written.rules", RULES);
    const folder = await openFolder(await rootOf(served.root), []);
    const seen = (await readPlain(folder, "written.rules"))?.stats;
    writeFileSync(path, OTHER);
    expect(await replaceFile(folder, "written.rules", new TextEncoder().encode("*filter\nCOMMIT\n"), seen)).toBe(false);
    await folder.close();
    expect(readFileSync(path, "utf8")).toBe(OTHER);
  });

  test("servers of the same folder save a file one after the other", async () => {
    const folder = await openFolder(await rootOf(served.root), []);
    const order: string[] = [];
    const act = (name: string) => async (): Promise<void> => {
      order.push(`${name} begins`);
      await new Promise(resolve => setTimeout(resolve, 20));
      order.push(`${name} ends`);
    };
    await Promise.all(["one", "two", "three", "four"].map(name => locked(folder, "shared.rules", act(name))));
    await folder.close();
    expect(order).toHaveLength(8);
    for (let index = 0; index < 8; index += 2) expect(order[index + 1]).toBe(order[index]?.replace("begins", "ends"));
    expect(readdirSync(served.root).filter(name => name.endsWith(".lock"))).toEqual([]);
  });

  test("a lock is waited for, but not that of a server that died", async () => {
    served.put("kept.rules", RULES);
    const lock = served.put(`.${hashOf("kept.rules").slice(0, 16)}.lock`, "");
    expect((await save("kept.rules", OTHER, knowing(RULES))).json).toMatchObject({ error: { code: "busy" } });
    const long = new Date(Date.now() - 3_600_000);
    utimesSync(lock, long, long);
    expect((await save("kept.rules", OTHER, knowing(RULES))).status).toBe(200);
    expect(existsSync(lock)).toBe(false);
  });

  test("who may not write a file does not replace it, though the folder is theirs; another's file gives no new group more than everybody", () => {
    if (process.getuid?.() !== 0) return console.log("skipped: files of others are not overwritten, because only root can make some");
    const folder = join(served.outside, "rights");
    mkdirSync(folder);
    for (const each of [served.outside, folder]) chmodSync(each, 0o777);
    for (const [name, mode] of [
      ["fixed.rules", 0o444],
      ["shared.rules", 0o676],
    ] as const) {
      writeFileSync(join(folder, name), RULES);
      chmodSync(join(folder, name), mode);
    }
    const main = ["--import", "tsx", "test/web/serve-rights-main.ts", folder, RULES, "fixed.rules", "shared.rules"];
    const { stdout, stderr } = spawnSync(process.execPath, main, { uid: 65534, gid: 65534, encoding: "utf8" });
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toEqual(["disk: permission denied", "saved"]);
    expect(readFileSync(join(folder, "fixed.rules"), "utf8")).toBe(RULES);
    expect(lstatSync(join(folder, "shared.rules"))).toMatchObject({ uid: 65534, mode: 0o100666 });
  });

  test("a new file does not take the place of one that was made meanwhile", async () => {
    served.put("meanwhile.rules", RULES);
    const folder = await openFolder(await rootOf(served.root), []);
    const made = await replaceFile(folder, "meanwhile.rules", new TextEncoder().encode(OTHER), undefined);
    await folder.close();
    expect(made).toBe(false);
    expect(readFileSync(join(served.root, "meanwhile.rules"), "utf8")).toBe(RULES);
    expect(readdirSync(served.root).filter(name => name.endsWith(".saving"))).toEqual([]);
  });
});
