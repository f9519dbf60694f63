import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { EngineReferee } from "./kernel/engine-referee.ts";

/**
 * Random packets, cut and malformed ones too, at random rules of the matches of headers and payload in raw PREROUTING, and what Linux 6.18 said
 * of each packet: whether it passed them all, and which of the rules it matched.
 */
interface Recorded {
  readonly family: 4 | 6;
  readonly rules: readonly string[];
  readonly packets: readonly (readonly [device: string, hex: string, passed: 0 | 1, matched: string])[];
}

const recorded = JSON.parse(
  readFileSync(new URL("../src/extensions/matches/header-packets.json", import.meta.url), "utf8"),
) as readonly Recorded[];

test.each(recorded.map((each, i) => [i + 1, each] as const))("batch %i: every packet matches what it matched in the kernel", (_, batch) => {
  const { family, rules, packets } = batch;
  const engine = new EngineReferee(family, "silent");
  const chain = rules.map(rule => `-A PREROUTING ${rule}\n`).join("");
  expect(engine.load(`*raw\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n${chain}COMMIT\n`)).toBeUndefined();
  let before = engine.counters();
  for (const [device, hex, passed, matched] of packets) {
    engine.step({ do: "inject", device, bytes: Uint8Array.from(Buffer.from(hex, "hex")), note: "" });
    const after = engine.counters();
    const counts = (what: number | "policy"): boolean =>
      after.get(`raw/PREROUTING/${what}`)?.[0] !== (before.get(`raw/PREROUTING/${what}`)?.[0] ?? 0);
    const numbers = rules.map((rule, i) => i + 1).filter(counts);
    expect({ hex, passed: counts("policy") ? 1 : 0, matched: numbers.join(" ") }).toEqual({ hex, passed, matched });
    before = after;
  }
});
