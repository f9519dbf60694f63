import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { printConnection } from "../src/conntrack/index.ts";
import { createFirewall, type Outcome as EngineOutcome } from "../src/engine/index.ts";
import { parseHostFile } from "../src/host/index.ts";
import { unhex, type Circumstances } from "../src/packet/index.ts";
import { readSave } from "../src/syntax/index.ts";
import { comparableLines } from "./kernel/case.ts";
import type { Outcome, Step } from "./kernel/referee.ts";
import { normalConnection } from "./kernel/rules.ts";

/** What Linux 6.18 made of packets, recorded once: rules, the machine, each packet with what left and what was delivered, and the counters in the end. */
interface Measured {
  readonly name: string;
  readonly family: 4 | 6;
  readonly host: object;
  readonly rules: readonly string[];
  /** µs. */
  readonly start: number;
  /** The kernel's own choices, in order. */
  readonly random: readonly number[];
  readonly around?: Circumstances;
  /** The stack answered for local sockets. */
  readonly stack?: true;
  readonly steps: readonly {
    readonly in?: string;
    readonly send?: true;
    readonly mac?: number;
    readonly at: number;
    readonly bytes: string;
    readonly kernel: readonly string[];
  }[];
  readonly counters: Readonly<Record<string, string>>;
  readonly connections?: readonly string[];
}

const FOLDER = new URL("./measured/", import.meta.url);
const files = readdirSync(FOLDER).map(file => [file, JSON.parse(readFileSync(new URL(file, FOLDER), "utf8")) as Measured[]] as const);
const cases = files.flatMap(([file, measured]) => measured.map(each => [`${file}: ${each.name}`, each] as const));

test.each(cases)(
  "the engine does what the kernel did: %s",
  (_, { family, host, rules, start, random, around, stack = false, steps, counters, connections }) => {
    const { ruleset } = readSave(`${rules.join("\n")}\n`, "rules", { family });
    const machine = parseHostFile({ file: "host", text: JSON.stringify(host) }).value ?? expect.fail("no host");
    const rolls = [...random];
    const firewall = createFirewall({
      ...(family === 4 ? { v4: ruleset } : { v6: ruleset }),
      host: machine,
      random: () => rolls.shift() ?? 0,
      start,
    });
    let now = start;
    for (const { in: device, send, mac, at, bytes: text, kernel } of steps) {
      const bytes = unhex(text) ?? expect.fail("no bytes");
      const step: Step = send
        ? { do: "send", bytes, note: "", uid: 0, gid: 0, mark: 0 }
        : { do: "inject", device: device ?? "", bytes, note: "" };
      now = at;
      const outcome = send
        ? firewall.send({ bytes, uid: 0, gid: 0, around }, at, { stack })
        : firewall.receive({ bytes, in: device ?? "", mac, around }, at, { stack });
      const told = linesOf(outcome, send === true);
      expect(comparableLines(step, told, told)[0]).toEqual(kernel);
    }
    expect(countersOf(firewall, family)).toEqual(counters);
    if (connections === undefined) return;
    const live = firewall.connections(now).map(each => normalConnection(printConnection(each, now, { timeouts: true, use: true })));
    expect(live.toSorted()).toEqual(connections);
  },
);

function linesOf(outcome: EngineOutcome, sent: boolean): Outcome {
  return {
    delivered: outcome.deliveries.map(({ interface: device, bytes, mark }) => ({ device, bytes, mark })),
    emitted: outcome.emitted.map(({ interface: device, bytes }) => ({ device, bytes, mark: 0 })),
    logged: [],
    error: sent ? (outcome.errno ?? "") : "",
  };
}

/** Counters that are not zero, as `packets bytes` by `table/CHAIN/number`. */
function countersOf(firewall: ReturnType<typeof createFirewall>, family: 4 | 6): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [table, chains] of firewall.counters(family)) {
    for (const [chain, { policy, rules }] of chains) {
      if (policy !== undefined && policy.packets > 0n) found[`${table}/${chain}/policy`] = `${policy.packets} ${policy.bytes}`;
      for (const [index, { packets, bytes }] of rules.entries())
        if (packets > 0n) found[`${table}/${chain}/${index + 1}`] = `${packets} ${bytes}`;
    }
  }
  return found;
}

test("some of it was recorded", () => expect(cases.length).toBeGreaterThan(20));
