/** `npm run kernel:nft`: the same packets through the iptables form of random rulesets and through our nft form of them, both in the kernel. */
import { parseArgs } from "node:util";
import { makeCase, replayCase, type Case, type Record } from "./case.ts";
import { run } from "./command.ts";
import { differences, type Difference } from "./compare.ts";
import { rulesetText } from "./generate/ruleset.ts";
import { KernelReferee } from "./kernel-referee.ts";
import type { Step } from "./referee.ts";
import { inNamespace, reenter, whyNot } from "./namespace.ts";
import { NFT, unloadNft, unsaidLines } from "./nft-loader.ts";
import { IPTABLES } from "./rules.ts";

const { values } = parseArgs({
  options: {
    family: { type: "string" },
    seed: { type: "string", default: "1" },
    rulesets: { type: "string", default: "50" },
    packets: { type: "string", default: "200" },
    patience: { type: "string", default: "5" },
  },
});

process.exitCode = main();

function main(): number {
  if (inNamespace()) return runFamily(values.family === "6" ? 6 : 4);
  const reason = whyNot();
  if (reason !== undefined) {
    process.stdout.write(`nft comparison skipped: ${reason}\n`);
    return 2;
  }
  const families = values.family === undefined ? ["4", "6"] : [values.family];
  return Math.max(...families.map(family => reenter(["--family", family])));
}

function runFamily(family: 4 | 6): number {
  const kernel = new KernelReferee(family, "silent");
  const reasons = new Map<string, number>();
  const noQueue = new Set(knowsQueue() ? [] : ["QUEUE", "NFQUEUE"]);
  if (noQueue.size > 0) process.stdout.write("rules that queue are left out: this kernel has no nft_queue\n");
  let compared = 0;
  let packets = 0;
  let rules = 0;
  let unrepeatable = 0;
  let wrong = 0;
  for (let seed = Number(values.seed); compared < Number(values.rulesets) && wrong < Number(values.patience); seed++) {
    const [made] = makeCase(kernel, seed, family, { tier: "plain", packets: Number(values.packets), without: noQueue });
    const one = sayable({ ...made, steps: made.steps.filter(step => !isReadOtherwise(step)) }, reasons);
    rules += one.tables.reduce((sum, table) => sum + table.rules.length, 0);
    const first = replayCase(kernel, one);
    const second = replayCase(kernel, one);
    if (differences(one, first, second).length > 0) {
      // The kernel rolled its own dice: such a case says nothing.
      unrepeatable++;
      continue;
    }
    const translated = byNft(kernel, one);
    const found = differences(one, withoutPolicies(first), withoutPolicies(translated));
    compared++;
    packets += one.steps.length;
    if (found.length === 0) continue;
    wrong++;
    process.stdout.write(`\n=== difference, seed ${seed} ===\n${rulesetText(one.tables)}${found.map(briefly).join("")}`);
  }
  for (const [reason, count] of [...reasons].toSorted((a, b) => b[1] - a[1])) process.stdout.write(`not said: ${count} × ${reason}\n`);
  process.stdout.write(
    `IPv${family}: ${compared} rulesets, ${rules} rules, ${packets} packets through both forms, ${unrepeatable} not repeatable, ${wrong} differences\n`,
  );
  return wrong === 0 ? 0 : 1;
}

/**
 * Packets that nft itself reads in another way than iptables does (see DIVERGENCES.md): IPv6 with an authentication header, where nft
 * stops, or with two fragment headers; a TCP option whose kind is the header's last byte, where nft does not look.
 */
function isReadOtherwise(step: Step): boolean {
  if (step.do === "wait") return false;
  const { bytes } = step;
  if ((bytes[0] ?? 0) >> 4 === 6) return readsOtherwise6(bytes);
  const transport = ((bytes[0] ?? 0) & 15) * 4;
  return bytes[9] === 6 && endsInKind(bytes, transport);
}

function readsOtherwise6(bytes: Uint8Array): boolean {
  let next = bytes[6] ?? 59;
  let fragments = 0;
  for (let at = 40; at + 8 <= bytes.length;) {
    if (next === 51) return true;
    if (next === 44 && ++fragments > 1) return true;
    if (next === 6) return endsInKind(bytes, at);
    if (next !== 0 && next !== 43 && next !== 44 && next !== 60) return false;
    const length = next === 44 ? 8 : ((bytes[at + 1] ?? 0) + 1) * 8;
    next = bytes[at] ?? 59;
    at += length;
  }
  return next === 51;
}

function endsInKind(bytes: Uint8Array, transport: number): boolean {
  const end = transport + ((bytes[transport + 12] ?? 0) >> 4) * 4;
  let at = transport + 20;
  while (at < end - 1) at += (bytes[at] ?? 0) < 2 ? 1 : Math.max(bytes[at + 1] ?? 0, 1);
  return at !== end;
}

/** Not every kernel that has NFQUEUE for iptables has it for nft. */
function knowsQueue(): boolean {
  return run("nft", ["-c", "-f", "-"], "table ip probe { chain c { queue num 0; }; }").status === 0;
}

/** The case without the rules that nft cannot say. */
function sayable(one: Case, reasons: Map<string, number>): Case {
  const text = rulesetText(one.tables);
  const unsaid = unsaidLines(one.family, text);
  for (const message of unsaid.values()) {
    const reason = message.replace(/, in -A .*/, "").replace(/: (?!say).*/, "");
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  let line = 0;
  const tables = one.tables.map(table => {
    line += 1 + table.chains.length;
    const rules = table.rules.filter((_, index) => !unsaid.has(line + 1 + index));
    line += table.rules.length + 1;
    return { ...table, rules };
  });
  return { ...one, tables };
}

function byNft(kernel: KernelReferee, one: Case): Record {
  kernel.loader = NFT;
  const record = replayCase(kernel, one);
  unloadNft(one.family);
  kernel.loader = IPTABLES;
  return record;
}

function cut(line: string): string {
  return line.length > 160 ? `${line.slice(0, 160)}…` : line;
}

function briefly({ what, kernel, engine }: Difference): string {
  return `${what}\n${kernel.map(line => `  iptables ${cut(line)}\n`).join("")}${engine.map(line => `  nft      ${cut(line)}\n`).join("")}`;
}

/** nft has no counters of policies. */
function withoutPolicies(record: Record): Record {
  return { ...record, counters: new Map([...record.counters].filter(([key]) => !key.endsWith("/policy"))) };
}
