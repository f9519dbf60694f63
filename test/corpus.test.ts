import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { SUITES } from "./corpus/suites.ts";
import type { SuiteResult } from "./corpus/suite.ts";

const CORPUS = resolve("../shared/corpus");
const present = existsSync(join(CORPUS, "expected"));
if (!present) console.log(`skipped: the comparisons with the corpus, because there is none at ${CORPUS}`);

const scratch = mkdtempSync(join(tmpdir(), "ferrule-corpus-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const suite = (name: string): (typeof SUITES)[number] => {
  const found = SUITES.find(each => each.name === name);
  if (!found) throw new Error(`no suite ${name}`);
  return found;
};

/** A folder with one file of expectations, run through one suite. */
function judge(name: string, file: string, content: string, more: Readonly<Record<string, string>> = {}): Promise<SuiteResult> {
  const dir = mkdtempSync(join(scratch, "case-"));
  for (const [path, text] of Object.entries(more)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  mkdirSync(dirname(join(dir, file)), { recursive: true });
  writeFileSync(join(dir, file), gzipSync(content));
  return suite(name).run(dir);
}

const RULES = "*filter\n:INPUT DROP [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n-A INPUT -p tcp --dport 22 -j ACCEPT\nCOMMIT\n";
const SAVED = RULES.replace("-p tcp --dport", "-p tcp -m tcp --dport");

describe("a wrong expectation is reported, a right one is not", () => {
  const saveRow = (save: string, rejected: readonly object[] = []): string =>
    `${JSON.stringify({ path: "mine.rules", family: 4, variant: "legacy", rc: 0, rejected, sets: [], stderr: "", save })}\n`;
  test.each([
    ["right", saveRow(SAVED), 0],
    ["wrong text", saveRow(SAVED.replace("22", "23")), 1],
    ["a line said to be refused", saveRow(SAVED, [{ line: 5, text: "-A INPUT -p tcp --dport 22 -j ACCEPT", err: "no" }]), 1],
  ])("save: %s", async (_, rows, wrong) => {
    const { total, disagreements } = await judge("save", "expected/save.jsonl.gz", rows, { "mine.rules": RULES });
    expect([total, disagreements.length]).toEqual([1, wrong]);
  });

  const tRow = (rc: number, saved: readonly string[]): string =>
    `${JSON.stringify({ variant: "legacy", file: "mine.t", line: 1, kind: "rule", ipt: "iptables", table: "filter", chain: "INPUT", rule: "-p tcp --dport 22", rc, err: "", saved })}\n`;
  test.each([
    ["right", tRow(0, ["-A INPUT -p tcp -m tcp --dport 22"]), 0],
    ["wrong text", tRow(0, ["-A INPUT -p tcp -m tcp --dport 23"]), 1],
    ["wrong status", tRow(2, []), 1],
  ])("t-rows: %s", async (_, rows, wrong) => {
    const { total, disagreements } = await judge("t-rows", "expected/t-1.8.9.jsonl.gz", rows);
    expect([total, disagreements.length]).toEqual([1, wrong]);
  });

  const list = (results: readonly unknown[], save: string): string =>
    `${JSON.stringify({
      src: "mine",
      id: "1",
      fam: 4,
      variant: "legacy",
      cmds: [
        ["-P", "INPUT", "DROP"],
        ["-A", "INPUT", "-p", "tcp", "--dport", "22", "-j", "ACCEPT"],
      ],
      results,
      save,
    })}\n`;
  test.each([
    ["right", list([0, 0], SAVED), 0],
    ["wrong status", list([0, [2, "no"]], SAVED), 1],
    ["wrong ruleset", list([0, 0], SAVED.replace("DROP", "ACCEPT")), 1],
  ])("cmds: %s", async (_, rows, wrong) => {
    const { disagreements } = await judge("cmds", "expected/cmds.jsonl.gz", rows);
    expect(disagreements.length).toBe(wrong);
  });

  /** A copy of one measured file with the first match of a pattern changed. */
  function tampered(path: string, change: (text: string) => string): string {
    const text = gunzipSync(readFileSync(join(CORPUS, path))).toString("utf8");
    const changed = change(text);
    expect(changed, "the change must change something").not.toBe(text);
    return changed;
  }
  const firstFile = (folder: string): string => {
    const [file] = readdirSync(join(CORPUS, folder)).toSorted();
    return `${folder}/${file}`;
  };

  test.runIf(present)("flows: one counter too many is reported", async () => {
    const file = firstFile("expected/packets/flows");
    const { disagreements } = await judge(
      "flows",
      file,
      tampered(file, text => text.replace(/"counters": ?\{("[^"]+"): ?\[1, ?/, '"counters": {$1: [2, ')),
    );
    expect(disagreements.length).toBe(1);
  });

  test.runIf(present)("battery: a match more is reported", async () => {
    const dir = mkdtempSync(join(scratch, "battery-"));
    mkdirSync(join(dir, "expected/packets"), { recursive: true });
    symlinkSync(join(CORPUS, "expected/packets/battery6.json.gz"), join(dir, "expected/packets/battery6.json.gz"));
    writeFileSync(
      join(dir, "expected/packets/battery4.json.gz"),
      gzipSync(tampered("expected/packets/battery4.json.gz", text => text.replace('"filter/FORWARD/224":[1,', '"filter/FORWARD/224":[2,'))),
    );
    expect((await suite("battery").run(dir)).disagreements.length).toBe(1);
  });

  test.runIf(present)("pcap-conntrack: another state is reported", async () => {
    const file = "expected/packets/pcap-conntrack/022d1aff53.json.gz";
    const dir = mkdtempSync(join(scratch, "pcap-"));
    mkdirSync(join(dir, dirname(file)), { recursive: true });
    symlinkSync(join(CORPUS, "pcap"), join(dir, "pcap"));
    writeFileSync(join(dir, file), gzipSync(tampered(file, text => text.replace('"hit":["NEW"', '"hit":["INVALID"'))));
    expect((await suite("pcap-conntrack").run(dir)).disagreements.length).toBe(1);
  });
});

describe.runIf(present)("the corpus agrees", () => {
  test.each(SUITES.map(({ name }) => name))("%s", { timeout: 300_000 }, async name => {
    const { agreed, total, disagreements } = await suite(name).run(CORPUS);
    console.log(`${name}: agreed ${agreed} / ${total}`);
    expect(disagreements).toEqual([]);
    expect(agreed).toBe(total);
  });
});
