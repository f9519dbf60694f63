import { spawnSync } from "node:child_process";
import { closeSync, openSync, writeSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { scratch } from "./command-line.ts";

/** Fault 29: a ruleset of 700,000 lines, in a process of its own whose memory is capped. */

const files = scratch();
afterAll(() => files.remove());

const RULES = 700_000;
/** MiB of heap: about 1 KiB for each line of a blocklist, and 2 KiB more for one with a match of its own, here every eighth. */
const HEAP = 1280;
const FIRST = 5;

function ruleset(): string {
  const path = files.file("large.rules", "");
  const file = openSync(path, "w");
  writeSync(file, "*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n");
  let lines = "";
  for (let i = 0; i < RULES; i++) {
    const address = `${11 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}.${(i * 7) & 255}`;
    // The last address has an octal part, which is worth a warning.
    const port = i % 8 === 7 ? ` -p tcp -m tcp --dport ${1 + (i % 65_535)}` : "";
    lines += `-A INPUT -s ${i === RULES - 1 ? "010.0.0.1" : address}${port} -j ${i % 3 === 0 ? "DROP" : "ACCEPT"}\n`;
    if (lines.length > 1 << 20) {
      writeSync(file, lines);
      lines = "";
    }
  }
  writeSync(file, `${lines}COMMIT\n`);
  closeSync(file);
  return path;
}

test("fault 29: 700,000 rules are read and printed in bounded memory, with true line numbers", { timeout: 300_000 }, () => {
  const path = ruleset();
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [`--max-old-space-size=${HEAP}`, "--import", "tsx", "src/cli/main.ts", "show", path],
    {
      env: { ...process.env, NO_COLOR: "1" },
      maxBuffer: 1 << 27,
      timeout: 280_000,
    },
  );
  const last = FIRST + RULES - 1;
  expect([status, stderr.toString().split("\n")[0]]).toEqual([
    0,
    `${path}:${last}:10: warning: \`010.0.0.1' has octal parts: it is 8.0.0.1`,
  ]);
  const tail = stdout.subarray(-200).toString();
  const port = 1 + ((RULES - 1) % 65_535);
  expect(tail.endsWith(`-A INPUT -s 8.0.0.1/32 -p tcp -m tcp --dport ${port} -j DROP\nCOMMIT\n`)).toBe(true);
  expect(stdout.reduce((lines, byte) => lines + Number(byte === 10), 0)).toBe(RULES + 5);
});
