import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { whyNot } from "../namespace.ts";

const MAIN = fileURLToPath(new URL("main.ts", import.meta.url));
const reason = whyNot();
if (reason !== undefined) console.log(`helper comparison skipped: ${reason}`);

test.skipIf(reason !== undefined)(
  "helpers foresee and rewrite what the kernel's do, in random conversations",
  () => {
    const ran = spawnSync(process.execPath, ["--import", "tsx", MAIN, "--seed", "1", "--cases", "150"], {
      encoding: "utf8",
      maxBuffer: 64 << 20,
    });
    const [, packets = "0", expectations = "0"] = /(\d+) packets compared with the kernel, (\d+) expectations/.exec(ran.stdout) ?? [];
    console.log(ran.stdout.trim().split("\n").at(-1));
    expect(ran.status, ran.stdout + ran.stderr).toBe(0);
    expect(Number(packets)).toBeGreaterThan(1500);
    expect(Number(expectations)).toBeGreaterThan(300);
  },
  240_000,
);

const LOCAL = fileURLToPath(new URL("local-main.ts", import.meta.url));

test.skipIf(reason !== undefined)(
  "the engine runs helpers where the kernel does, for its own clients and servers",
  () => {
    const ran = spawnSync(process.execPath, ["--import", "tsx", LOCAL, "--seed", "1", "--cases", "60"], {
      encoding: "utf8",
      maxBuffer: 64 << 20,
    });
    const [, packets = "0"] = /(\d+) packets compared with the kernel/.exec(ran.stdout) ?? [];
    console.log(ran.stdout.trim().split("\n").at(-1));
    expect(ran.status, ran.stdout + ran.stderr).toBe(0);
    expect(Number(packets)).toBeGreaterThan(400);
  },
  240_000,
);
