import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

/** The way of a newcomer: scaffold a match and a target, read what fails, finish both, see everything pass. In a copy that is thrown away. */
const PARTS = [
  "src",
  "test/seed.ts",
  "test/rows.ts",
  "test/rows.test.ts",
  "test/conformance.test.ts",
  "scripts",
  "package.json",
  "vitest.config.ts",
];
const CONFIGS = ["tsconfig.json", "tsconfig.base.json", "tsconfig.core.json", "tsconfig.cli.json", ".oxlintrc.json", ".oxfmtrc.json"];
/** Names that no extension of iptables has. */
const [MATCH, TARGET] = ["sizeof", "NAMETAG"];
const NEW_FILES = [`src/extensions/matches/${MATCH}.ts`, `src/extensions/targets/${TARGET}.ts`];

let copy = "";
const at = (path: string): string => join(copy, path);

beforeAll(() => {
  copy = realpathSync(mkdtempSync(join(tmpdir(), "ferrule-scaffold-")));
  for (const part of [...PARTS, ...CONFIGS]) cpSync(part, at(part), { recursive: true });
  symlinkSync(realpathSync("node_modules"), at("node_modules"));
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** Runs a program of the project's own in the copy. */
function run(program: string, ...args: string[]): { readonly status: number | null; readonly said: string } {
  const { status, stdout, stderr } = spawnSync(at(`node_modules/.bin/${program}`), args, {
    cwd: copy,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", COLUMNS: "200" },
    timeout: 120_000,
  });
  return { status, said: `${stdout}${stderr}` };
}

/** The tests of the two new extensions alone. */
const verdicts = (): ReturnType<typeof run> =>
  run(
    "vitest",
    "run",
    "test/rows.test.ts",
    "test/conformance.test.ts",
    "-t",
    `\\b(${MATCH}|${TARGET})\\b`,

    "--config",
    "vitest.config.ts",
  );

test("refuses names that iptables could not have, and names that are taken", () => {
  for (const [kind, name] of [
    ["match", "Foo"],
    ["match", "../x"],
    ["target", "foo"],
    ["target", ""],
    ["verb", "x"],
  ] as const)
    expect(run("tsx", "scripts/new-extension.ts", kind, name), name).toMatchObject({
      status: 2,
      said: expect.stringContaining("usage: npm run new:match"),
    });
  expect(run("tsx", "scripts/new-extension.ts", "match", "tcp")).toMatchObject({
    status: 2,
    said: expect.stringContaining("tcp.ts exists already"),
  });
});

test("a scaffold compiles, is clean, and its failing rows say what is missing", () => {
  expect(run("tsx", "scripts/new-extension.ts", "match", MATCH)).toMatchObject({
    status: 0,
    said: expect.stringContaining("next: npm run build"),
  });
  expect(run("tsx", "scripts/new-extension.ts", "target", TARGET).status).toBe(0);

  expect(run("tsx", "scripts/generate-index.ts", "--check"), "the index is stale until it is built").toMatchObject({ status: 1 });
  expect(run("tsx", "scripts/generate-index.ts").status).toBe(0);
  const index = readFileSync(at("src/extensions/index.ts"), "utf8");
  expect(index).toContain(`import { ${MATCH} } from "./matches/${MATCH}.ts"`);
  expect(index).toContain(`import { ${TARGET} } from "./targets/${TARGET}.ts"`);

  expect(run("tsc", "-p", "tsconfig.core.json")).toEqual({ status: 0, said: "" });
  expect(run("oxlint", "--deny-warnings", ...NEW_FILES).status).toBe(0);
  expect(run("oxfmt", "--check", ...NEW_FILES).status).toBe(0);
  expect(run("tsx", "scripts/check-layers.ts").status).toBe(0);

  const { status, said } = verdicts();
  expect(status, said).toBe(1);
  for (const words of [
    `-A INPUT missing: what iptables-save prints for this, and a row for every option`,
    "missing: rows that iptables refuses",
    "missing: a packet that matches",
    "missing: a packet that does not match, and one that lacks the field",
    "(say in one sentence what it tests)",
    "(say in one sentence what it does)",
  ])
    expect(said).toContain(words);
});

test("a finished extension passes, and nothing else had to be edited", () => {
  const [match = "", target = ""] = NEW_FILES;
  const finish = (file: string, ...changes: [string | RegExp, string][]): void =>
    writeFileSync(
      at(file),
      changes.reduce((text, [from, to]) => text.replaceAll(from, to), readFileSync(at(file), "utf8")),
    );
  finish(match, [/\(say in one sentence[^)]*\)/g, "Match the length of the packet."]);
  finish(
    target,
    [/\(say in one sentence[^)]*\)/g, "Set the packet's mark to a number."],
    ['({ do: "continue" })', '({ value }) => ({ do: "set", field: "mark", clear: 0xffffffff, value })'],
    ["() => ({ value })", "({ value })"],
  );
  writeFileSync(
    at(match.replace(".ts", ".t")),
    `@family 46
:INPUT
-m ${MATCH} --value 40;=;OK
-m ${MATCH} ! --value 0x28;-m ${MATCH} ! --value 40;OK
-m ${MATCH};;FAIL
-m ${MATCH} --value 65536;;FAIL
@family 4
-m ${MATCH} --value 40;tcp 192.0.2.9:40000 > 198.51.100.2:22 syn;match
-m ${MATCH} ! --value 40;tcp 192.0.2.9:40000 > 198.51.100.2:22 syn;no
`,
  );
  writeFileSync(
    at(target.replace(".ts", ".t")),
    `@family 46\n:INPUT\n-j ${TARGET} --value 7;=;OK\n-j ${TARGET};;FAIL\n-j ${TARGET} ! --value 7;;FAIL\n`,
  );

  expect(run("tsc", "-p", "tsconfig.core.json")).toEqual({ status: 0, said: "" });
  const { status, said } = verdicts();
  expect(status, said).toBe(0);
  expect(said).toMatch(/Tests .* passed/);

  writeFileSync(at("rules"), `*filter\n-A INPUT -m ${MATCH} --value 40 -j ${TARGET} --value 7\nCOMMIT\n`);
  const trace = run("tsx", "src/cli/main.ts", "trace", "rules", "tcp 192.0.2.9:40000 > 198.51.100.2:22 syn in eth0");
  expect(trace.said).toContain(`-m ${MATCH} --value 40 -j ${TARGET} --value 7`);
  expect(trace.said).toContain("0x7");
});
