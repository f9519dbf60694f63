import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packetMix } from "../../analysis/optimize/index.ts";
import type { KernelTime, KernelTiming } from "../../report/index.ts";
import type { Ruleset, Sets } from "../../ruleset/index.ts";
import { printSave, printSets } from "../../syntax/index.ts";
import { reasonOf } from "../reason.ts";
import { BURST } from "./burst.ts";
import { runQuietly } from "./run.ts";
import { FILES, sceneScript } from "./scene.ts";

/** Two rulesets to be timed, and the ipsets that they ask. */
export interface Timed {
  readonly before: Ruleset;
  readonly after: Ruleset;
  readonly sets: Sets | undefined;
}

const ROUNDS = 7;
/** Of one burst. */
const SECONDS = 0.2;
/** Of the whole measurement: loading large rulesets takes its time. */
const MOST_SECONDS = 180;

const TOOLS = ["unshare", "ip", "perl", "iptables-restore"] as const;

/** What a packet costs in two rulesets, by the kernel of this machine; a reason where it cannot be measured. */
export async function timedByKernel({ before, after, sets }: Timed): Promise<KernelTiming> {
  const reason = await whyNot();
  if (reason !== undefined) return { ran: false, reason };
  const path = (["INPUT", "FORWARD"] as const)
    .filter(hook => (before.tables.get("filter")?.chains.get(hook)?.rules.length ?? 0) > 0)
    .toSorted((a, b) => rulesAt(before, b) - rulesAt(before, a))[0];
  if (path === undefined) return { ran: false, reason: "filter has no rules in INPUT and FORWARD" };
  const folder = await mkdtemp(join(tmpdir(), "ferrule-kernel-"));
  try {
    return await measure(folder, path, { before, after, sets });
  } catch (fault) {
    return { ran: false, reason: reasonOf(fault) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function whyNot(): Promise<string | undefined> {
  if (process.platform !== "linux") return "the kernel of this machine is not Linux";
  if (process.getuid?.() !== 0) return "that takes root";
  for (const tool of TOOLS)
    if ((await runQuietly("sh", ["-c", `command -v ${tool}`], { seconds: 5 })).status !== 0) return `there is no ${tool}`;
  const module = await runQuietly("perl", ["-MTime::HiRes", "-e", "1"], { seconds: 5 });
  if (module.status !== 0) return "Perl has no Time::HiRes";
  const namespace = await runQuietly("unshare", ["-n", "true"], { seconds: 5 });
  return namespace.status === 0 ? undefined : `no network namespace: ${namespace.stderr.trim()}`;
}

/** Rules that packets at a hook may meet. */
function rulesAt(ruleset: Ruleset, hook: "INPUT" | "FORWARD"): number {
  const chains = ruleset.tables.get("filter")?.chains;
  const seen = new Set<string>();
  const waiting: string[] = [hook];
  let count = 0;
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    const { rules = [] } = chains?.get(name) ?? {};
    count += rules.length;
    for (const { target } of rules) if (target?.action.do === "jump" || target?.action.do === "goto") waiting.push(target.action.chain);
  }
  return count;
}

async function measure(folder: string, path: "INPUT" | "FORWARD", { before, after, sets }: Timed): Promise<KernelTiming> {
  const { family } = before;
  const mix = packetMix(before, "filter", path);
  const input = plainName(mix.in) ?? "eth0";
  const output = mix.out === mix.in ? "ferrule-out" : (plainName(mix.out) ?? "ferrule-out");
  const header = `020000000002020000000001${family === 4 ? "0800" : "86dd"}`;
  const listed = { mode: "save", namesOnly: false, terse: false, members: true, sorted: false, now: 0 } as const;
  await Promise.all([
    writeFile(join(folder, FILES.burst), BURST),
    writeFile(join(folder, FILES.frames), mix.packets.map(packet => `${header}${Buffer.from(packet).toString("hex")}\n`).join("")),
    writeFile(join(folder, FILES.sets), sets ? printSets(sets.list(), listed) : ""),
    writeFile(join(folder, FILES.before), printSave(filterOf(before))),
    writeFile(join(folder, FILES.after), printSave(filterOf(after))),
  ]);
  const script = sceneScript(family, path, input, output, { rounds: ROUNDS, seconds: SECONDS });
  const { status, stdout, stderr } = await runQuietly("unshare", ["-n", "sh", "-c", script], { seconds: MOST_SECONDS, cwd: folder });
  const bursts = stdout.split("\n").flatMap(line => {
    const [what = "", packets = 0, nanoseconds = 0] = line.split(" ").map((word, at) => (at === 0 ? word : Number(word)));
    return Number(packets) > 0 ? [{ what: String(what), each: Number(nanoseconds) / Number(packets), packets: Number(packets) }] : [];
  });
  const times = (what: string): number[] => bursts.filter(burst => burst.what === what).map(({ each }) => each);
  const runs = times("after").length;
  if (runs < LEAST_RUNS)
    return { ran: false, reason: stderr.trim().split("\n").at(-1) || (status === null ? "it took too long" : `status ${status}`) };
  const packets = Math.round(bursts.reduce((sum, burst) => sum + burst.packets, 0) / bursts.length);
  return {
    ran: true,
    bare: timeOf(times("bare")),
    before: timeOf(times("before")),
    after: timeOf(times("after")),
    packets,
    runs,
    hooks: [
      `filter ${path} alone, packets that open connections, in by ${input}`,
      stdout.split("\n")[0]?.slice("version 0 0 0 ".length) ?? "",
    ],
  };
}

/** Other tables would keep packets away from filter, whose ways back and connections there are none of here. */
const filterOf = (ruleset: Ruleset): Ruleset => ({
  ...ruleset,
  tables: new Map([...ruleset.tables].filter(([name]) => name === "filter")),
});

/** A name that means nothing to a shell; rules may name interfaces that do. */
const plainName = (name: string | undefined): string | undefined =>
  name !== undefined && /^[\w.-]{1,15}$/.test(name) && !name.startsWith("-") ? name : undefined;

/** With fewer there is nothing to say of the noise. */
const LEAST_RUNS = 3;

function timeOf(values: readonly number[]): KernelTime {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  return { nanoseconds: at(0.5), quartiles: [at(0.25), at(0.75)] };
}
