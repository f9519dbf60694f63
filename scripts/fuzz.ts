// npm run fuzz -- [--minutes N] [--only NAME] [--seed S] [--keep]: hostile input of every kind; exit status 1 when a law was broken.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { isMainThread, Worker, workerData } from "node:worker_threads";
import { tryTarget } from "../test/fuzz/run.ts";
import { TARGETS } from "../test/fuzz/targets.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "5" },
    only: { type: "string", multiple: true },
    seed: { type: "string" },
    keep: { type: "boolean", default: false },
  },
});
const targets = TARGETS.filter(({ name }) => !values.only || values.only.includes(name));
if (targets.length === 0 || !(Number(values.minutes) > 0)) {
  console.error(
    `usage: npm run fuzz -- [--minutes N] [--only NAME] [--seed S] [--keep]\nNAME is one of ${TARGETS.map(({ name }) => name).join(", ")}`,
  );
  process.exit(2);
}
const CASES = fileURLToPath(new URL("../test/fuzz/cases/", import.meta.url));
/** ms in which each input must be done with, as seen from outside. */
const HANG = 60_000;
/** ms of one turn of a target. */
const TURN = 10_000;
/** Turns that each target has at least, so that growth is seen. */
const ROUNDS = 4;
/** Bytes by which the heap may have grown from the first round to the last. */
const GROWTH = 64 << 20;

/** Bytes of an input that are told when it hangs. */
const TOLD = 1 << 16;
/** Behind the shared text: its length, and how many inputs there were. */
const LENGTH = 0;
const COUNT = 1;

if (isMainThread) watch();
else work(workerData as Shared);

interface Shared {
  readonly text: Uint8Array;
  readonly numbers: Int32Array;
}

/** Runs the work in another thread, and ends it when an input never ends. */
function watch(): void {
  const shared: Shared = { text: new Uint8Array(new SharedArrayBuffer(TOLD)), numbers: new Int32Array(new SharedArrayBuffer(8)) };
  // A thread does not inherit the loader that reads TypeScript.
  const start = `import("tsx/esm/api").then(({ register }) => { register(); return import(${JSON.stringify(import.meta.url)}); })`;
  const worker = new Worker(start, { eval: true, workerData: shared, argv: process.argv.slice(2) });
  let seen = -1;
  let since = Date.now();
  const clock = setInterval(() => {
    const count = Atomics.load(shared.numbers, COUNT);
    if (count !== seen || count === 0) [seen, since] = [count, Date.now()];
    if (Date.now() - since < HANG) return;
    console.log(`hangs: ${new TextDecoder().decode(shared.text.slice(0, shared.numbers[LENGTH]))}`);
    process.exitCode = 1;
    void worker.terminate();
  }, 1000);
  worker.on("exit", status => {
    clearInterval(clock);
    process.exitCode ??= status;
  });
}

function work({ text, numbers }: Shared): void {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const encoder = new TextEncoder();
  const start = Date.now();
  const end = start + Number(values.minutes) * 60_000;
  const turn = Math.min(TURN, (end - start) / targets.length / ROUNDS);
  const first = values.seed === undefined ? start % 0x7fff_ffff : Number(values.seed);
  const totals = new Map(targets.map(({ name }) => [name, { runs: 0, slowest: 0, findings: 0 }]));
  const seen = new Set<string>();
  let heap = 0;
  for (let round = 0; Date.now() < end; round++) {
    for (const target of targets) {
      if (Date.now() >= end) break;
      const seed = (first + round) % 0x7fff_ffff;
      const before = (input: unknown): void => {
        numbers[LENGTH] = encoder.encodeInto(`${target.name} (seed ${seed}) ${JSON.stringify(input)}`, text).written;
        Atomics.add(numbers, COUNT, 1);
      };
      const { runs, slowest, finding } = tryTarget(target, { seed, milliseconds: turn, before });
      const total = totals.get(target.name);
      if (!total) continue;
      total.runs += runs;
      total.slowest = Math.max(total.slowest, slowest);
      if (!finding) continue;
      total.findings++;
      const { input, error } = finding;
      const kind = error.split("\n").slice(0, 1).join();
      if (seen.has(kind)) continue;
      seen.add(kind);
      console.log(
        `${target.name}: seed ${seed}, after ${runs} runs\n  ${JSON.stringify(input)}\n  ${error.split("\n").slice(0, 12).join("\n  ")}`,
      );
      if (values.keep) keep(target.name, input);
    }
    collect();
    const { heapUsed } = process.memoryUsage();
    // What the first two rounds leave is code and tables.
    if (round <= 1) heap = heapUsed;
    else if (heapUsed > heap + GROWTH) {
      console.log(`the heap grew from ${heap} to ${heapUsed} bytes by round ${round}`);
      process.exitCode = 1;
    }
  }
  for (const [name, { runs, slowest, findings }] of totals)
    console.log(`${name}: ${runs} inputs, the slowest ${Math.round(slowest)} ms, ${findings} broke a law`);
  console.log(
    `${((Date.now() - start) / 60_000).toFixed(1)} minutes, seeds from ${first}, heap ${(process.memoryUsage().heapUsed / 1e6).toFixed(0)} MB`,
  );
  if (seen.size > 0) process.exitCode = 1;
}

function keep(name: string, input: unknown): void {
  mkdirSync(join(CASES, name), { recursive: true });
  const text = `${JSON.stringify(input, undefined, 1)}\n`;
  let hash = 5381;
  for (const character of text) hash = (Math.imul(hash, 33) ^ (character.codePointAt(0) ?? 0)) >>> 0;
  writeFileSync(join(CASES, name, `${hash.toString(16)}.json`), text);
}
