import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { expect, test } from "vitest";

/** What is published: all that the program and the documents need, and nothing that only its making needs. */

interface Packed {
  readonly files: readonly { readonly path: string }[];
}

const [packed] = JSON.parse(
  execFileSync("npm", ["pack", "--dry-run", "--ignore-scripts", "--json"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
) as [Packed];
const paths = new Set(packed.files.map(({ path }) => path));

test("nothing of the making, and nothing that belongs to one machine", () => {
  const needless = [...paths].filter(path => /^(?:src|test|scripts|bench|dist\/cli)\/|\.(?:map|v8|tsbuildinfo)$|\.test\./.test(path));
  expect(needless).toEqual([]);
});

test("the documents that documents name", () => {
  const documents = [...paths].filter(path => /^(?:README\.md|docs\/.*\.md)$/.test(path));
  expect(documents.length).toBeGreaterThan(5);
  for (const document of documents)
    for (const [name] of readFileSync(document, "utf8").matchAll(/\b(?:docs\/[\w-]+\.(?:md|svg|png)|examples\/[\w.-]+\w|DIVERGENCES\.md)/g))
      expect(paths, `${document} names ${name}`).toContain(name);
});

test("what it promises to others", ({ skip }) => {
  if (!existsSync("dist/bundle/main.js")) {
    console.log("skipped: what the package promises is in it, because dist is not built");
    return skip();
  }
  const { bin, exports, man } = JSON.parse(readFileSync("package.json", "utf8")) as {
    readonly bin: Record<string, string>;
    readonly exports: Record<string, string>;
    readonly man: string;
  };
  for (const path of [man, ...Object.values(bin), ...Object.values(exports), "dist/web/index.html", "dist/bundle/LICENSES.txt"])
    expect(paths).toContain(path.replace(/^\.\//, ""));
  // Also where it was built again after npm had installed it.
  for (const program of Object.values(bin)) expect(statSync(program).mode & 0o111, program).toBe(0o111);
});
