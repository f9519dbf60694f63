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
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Saved } from "../../src/report/serve/index.ts";
import { rootOf } from "../../src/cli/serve/index.ts";
import { replaceFile } from "../../src/cli/serve/replace-file.ts";
import { readFileAt } from "../../src/cli/serve/root-files.ts";
import { openFolder } from "../../src/cli/serve/root.ts";
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
    for (let index = 0; index < 400; index++)
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

  test("a new file does not take the place of one that was made meanwhile", async () => {
    served.put("meanwhile.rules", RULES);
    const folder = await openFolder(await rootOf(served.root), []);
    const made = await replaceFile(folder, "meanwhile.rules", new TextEncoder().encode(OTHER), undefined).catch(
      (reason: unknown) => reason,
    );
    await folder.close();
    expect(made).toMatchObject({ code: "conflict" });
    expect(readFileSync(join(served.root, "meanwhile.rules"), "utf8")).toBe(RULES);
    expect(readdirSync(served.root).filter(name => name.endsWith(".saving"))).toEqual([]);
  });
});
