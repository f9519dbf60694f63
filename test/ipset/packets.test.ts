import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { whyNot } from "../kernel/namespace.ts";
import { whyNot as whyNoTool } from "./real-tool.ts";

const MAIN = fileURLToPath(new URL("packets-main.ts", import.meta.url));
const reason = whyNot() ?? whyNoTool();
if (reason !== undefined) console.log(`comparison of ipsets with the kernel skipped: ${reason}`);

test.skipIf(reason !== undefined).each([4, 6])(
  "IPv%i packets are found, counted, added and marked as by the kernel",
  family => {
    const ran = spawnSync(process.execPath, ["--import", "tsx", MAIN, "--family", String(family), "--cases", "12", "--packets", "150"], {
      encoding: "utf8",
      maxBuffer: 64 << 20,
    });
    const output = ran.stdout + ran.stderr;
    const [, packets = "0", different = "-1"] = /(\d+) packets compared, (\d+) different/.exec(output) ?? [];
    console.log(`IPv${family}: ${packets} packets compared with the kernel through sets`);
    expect(Number(packets), output).toBeGreaterThanOrEqual(1200);
    expect(Number(different), output).toBe(0);
  },
  240_000,
);
