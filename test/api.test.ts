import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { isBuiltin } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { build } from "vite";

/** The package as others import it: every entry loads, those outside cli/ also in a browser, and what the pages say of them holds. */

interface Manifest {
  readonly version: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string>>;
  readonly man: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
}
const manifest = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;
const entries = Object.entries(manifest.exports).map(([entry, file]) => ({
  entry,
  file,
  source: file.replace("./dist/", "src/").replace(/js$/, "ts"),
}));

/** A package beside nobody, in which `ferrule` is this one. */
let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ferrule-api-"));
  symlinkSync(resolve("."), join(folder, "ferrule"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Programs, which nobody imports. */
const FRONT = ["cli", "web"];

test("every entry is a room, and every room but the front ends is an entry", () => {
  const rooms = readdirSync("src", { withFileTypes: true })
    .filter(each => each.isDirectory() && !FRONT.includes(each.name))
    .map(({ name }) => `./${name}`);
  expect(Object.keys(manifest.exports).toSorted()).toEqual([".", ...rooms].toSorted());
});

test.each(entries)("$entry is built and exports what its source does", async ({ file, source }) => {
  expect(existsSync(file), `${file}: npm run build makes it`).toBe(true);
  const built = (await import(/* @vite-ignore */ pathToFileURL(resolve(file)).href)) as object;
  const written = (await import(/* @vite-ignore */ pathToFileURL(resolve(source)).href)) as object;
  expect(Object.keys(built).toSorted(), "npm run build brings dist/ up to date").toEqual(Object.keys(written).toSorted());
  expect(Object.keys(built).length).toBeGreaterThan(0);
  expect(existsSync(file.replace(/\.js$/, ".d.ts")), "types for those who import it").toBe(true);
});

/** What a source file imports when it runs: `import type` and `export type` are gone by then. */
const imports = (file: string): string[] =>
  [...readFileSync(file, "utf8").matchAll(/^(?:import|export)\s+(?!type\b)(?:[^;"]*?\bfrom\s+)?"([^"]+)"|\bimport\("([^"]+)"\)/gm)].map(
    ([, named, dynamic]) => named ?? dynamic ?? "",
  );

describe("nothing but cli/ needs Node", () => {
  test.each(entries)("the import graph of $entry", ({ source }) => {
    const seen = new Set<string>();
    const faults: string[] = [];
    const visit = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      for (const path of imports(file))
        if (path.startsWith(".")) visit(join(dirname(file), path));
        else if (isBuiltin(path) || !(path in manifest.dependencies)) faults.push(`${file} imports ${path}`);
    };
    visit(source);
    expect(faults).toEqual([]);
    expect([...seen].filter(file => file.startsWith("src/cli/"))).toEqual([]);
  });

  test("a bundle of everything for a browser runs where there is neither process nor Buffer nor require", async () => {
    const names = entries.map(({ file }, index) => `export * as e${index} from ${JSON.stringify(resolve(file))};`);
    const main = join(folder, "everything.js");
    writeFileSync(main, names.join("\n"));
    const warned: string[] = [];
    const result = await build({
      configFile: false,
      logLevel: "silent",
      root: folder,
      build: {
        write: false,
        minify: false,
        target: "es2023",
        lib: { entry: main, formats: ["iife"], name: "everything" },
        rollupOptions: { onwarn: ({ message }) => void warned.push(message) },
      },
    });
    expect(warned).toEqual([]);
    const [bundle] = [result].flat();
    const [chunk] = bundle && "output" in bundle ? bundle.output : [];
    const code = chunk && "code" in chunk ? chunk.code : "";
    expect(code.length).toBeGreaterThan(100_000);
    const { runInNewContext } = await import("node:vm");
    const ask = `${code};
      const all = Object.assign({}, ...Object.values(everything));
      const { ruleset: v4 } = all.readRules("*filter\\n:INPUT DROP\\n-A INPUT -p tcp --dport 22 -j ACCEPT\\nCOMMIT\\n", "mine");
      [22, 25].map(port => {
        const packet = all.parseNotation("tcp 203.0.113.9:40000 > 198.51.100.2:" + port + " syn in eth0");
        const host = all.assumeHost([v4], [{ family: 4, source: packet.source.address, destination: packet.destination.address, in: "eth0" }]);
        return all.createFirewall({ v4, host, start: 0, random: () => 4 }).receive({ bytes: all.specToBytes(packet), in: "eth0" }, 0).verdict;
      }).join();`;
    // A bare context has the language and what browsers and Node share, nothing of Node's own.
    expect(runInNewContext(ask, { TextEncoder, TextDecoder, console })).toBe("delivered,dropped");
  });
});

describe("what the pages say", () => {
  test("the README's example for the library prints what it says", () => {
    const [, code = ""] = /```js\n(.*?)```/s.exec(readFileSync("README.md", "utf8")) ?? [];
    const printed = [...code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, text]) => text);
    expect(printed.length).toBeGreaterThan(0);
    const modules = join(folder, "node_modules");
    if (!existsSync(modules)) symlinkSync(folder, modules);
    writeFileSync(join(folder, "example.mjs"), code);
    const { stdout, stderr } = spawnSync(process.execPath, ["--preserve-symlinks", "example.mjs"], {
      cwd: folder,
      encoding: "utf8",
      timeout: 60_000,
    });
    expect({ stdout: stdout.trim().split("\n"), stderr }).toEqual({ stdout: printed, stderr: "" });
  });

  test("types reach whoever imports an entry", () => {
    const modules = join(folder, "node_modules");
    if (!existsSync(modules)) symlinkSync(folder, modules);
    const lines = entries.map(
      ({ entry }, index) => `import type * as e${index} from "${entry.replace(/^\./, "ferrule")}"; export type { e${index} };`,
    );
    const use = `import { createFirewall } from "ferrule/engine";\nexport const verdict: "no verdict" = createFirewall({ start: 0, random: () => 4 } as never).receive({} as never, 0).verdict;\n`;
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    writeFileSync(join(folder, "use.ts"), `${lines.join("\n")}\n${use}`);
    const tsc = resolve("node_modules/.bin/tsc");
    const options = ["--noEmit", "--strict", "--target", "es2023", "--lib", "es2023", "--types", "", "--module", "nodenext", "use.ts"];
    const { stdout } = spawnSync(tsc, options, { cwd: folder, encoding: "utf8", timeout: 60_000 });
    // The one fault shows that the verdict's own type arrived, and nothing else was wrong.
    expect(stdout.split("\n").filter(line => /^\S.*error/.test(line))).toEqual([
      expect.stringMatching(/TS2322: Type '.*' is not assignable to type '"no verdict"'/),
    ]);
  });

  test("files, folders and commands that they name exist", () => {
    const missing: string[] = [];
    for (const page of ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "DIVERGENCES.md"]) {
      const text = readFileSync(page, "utf8");
      for (const [, script = ""] of text.matchAll(/npm run (?:-s )?([\w:-]+)/g))
        if (!(script in manifest.scripts)) missing.push(`${page}: npm run ${script}`);
      for (const [, path = ""] of text.matchAll(/\b((?:docs|examples|share|test|scripts|src)\/[\w./-]*[\w/])/g))
        if (!existsSync(path)) missing.push(`${page}: ${path}`);
      for (const [, link = ""] of text.matchAll(/\]\(([^):#]+)\)/g)) if (!existsSync(link)) missing.push(`${page}: ${link}`);
    }
    expect(missing).toEqual([]);
  });

  test("every room of ARCHITECTURE.md's table is there, and every room is in it", () => {
    const table = [...readFileSync("ARCHITECTURE.md", "utf8").matchAll(/^\| `(\w+)\/` \|/gm)].map(([, room]) => room);
    const rooms = readdirSync("src", { withFileTypes: true })
      .filter(each => each.isDirectory())
      .map(({ name }) => name);
    expect(table.toSorted()).toEqual(rooms.toSorted());
  });

  test("package.json names files that exist", () => {
    for (const file of [...Object.values(manifest.bin), manifest.man]) expect(existsSync(file), file).toBe(true);
  });
});

test("the command line sees other rooms only through their index", () => {
  const strangers = (readdirSync("src/cli", { recursive: true }) as string[])
    .filter(name => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .flatMap(name => {
      const file = join("src/cli", name);
      return imports(file)
        .filter(path => path.startsWith("."))
        .map(path => relative("src", join(dirname(file), path)))
        .filter(path => !path.startsWith("cli/") && !/^\w+\/(?:[\w-]+\/)?index\.ts$/.test(path))
        .map(path => `${file} imports ${path}`);
    });
  expect(strangers).toEqual([]);
});
