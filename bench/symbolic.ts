// npm run bench:symbolic [-- SIZE...]: what analysing costs, as whole processes of the command line: processor time beyond Node's own start, and memory.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { processTime, row } from "./measure.ts";
import { SHAPES } from "./symbolic-rules.ts";
import { bareNode, best, ferruleUsage, type Usage } from "./usage.ts";

const CORPUS = "../shared/corpus/fffuu/tum-2015.rules";
const given = process.argv.slice(2).map(Number);
const sizes = given.length > 0 ? given : [1_000, 10_000, 100_000];
const folder = mkdtempSync(join(tmpdir(), "ferrule-bench-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

const node = best(5, bareNode);
const beyond = ({ processor }: Usage): number => Math.max(0, processor - node.processor);
const seconds = (time: number): string => `${(time / 1000).toFixed(2)} s`;
const figure = (usage: Usage): string => `${seconds(beyond(usage))} ${Math.round(usage.memory)} MiB`;

console.log("processor time beyond Node's start (user and system), peak memory; the best of 3");
row("node -e ''", seconds(node.processor), "taken off below");
row("ferrule --version", figure(best(3, () => ferruleUsage(["--version"]))));

if (existsSync(CORPUS)) {
  const rules = join(folder, "tum-2015.rules");
  // Hardware addresses are blacked out in it: one and the same stands for them all.
  writeFileSync(rules, readFileSync(CORPUS, "utf8").replaceAll("XX:XX:XX:XX:XX:XX", "02:00:00:00:00:01"));
  const policy = best(3, () => ferruleUsage(["policy", rules, "--path", "forward"]));
  row("tum-2015 FORWARD, 4,814 rules: policy", figure(policy), "a verified analyser needs 72 s for less, on a machine like this");
  const matrices = best(3, () => ferruleUsage(["policy", rules, "--matrix", "tcp/22,tcp/80", "--path", "forward"]));
  row("the same, the matrices of tcp/22 and tcp/80", figure(matrices));
} else console.log(`tum-2015 skipped: there is no ${CORPUS}`);

for (const { name, about, make } of SHAPES) {
  console.log(`\n${name}: ${about}`);
  const times: { readonly size: number; readonly time: number }[] = [];
  for (const size of sizes) {
    const file = join(folder, `${name}-${size}.rules`);
    const text = make(size);
    writeFileSync(file, text);
    // The last rule that accepts, dropped instead: the smallest change that there is.
    const changed = join(folder, `${name}-${size}-changed.rules`);
    const at = text.lastIndexOf("-j ACCEPT\n");
    writeFileSync(changed, `${text.slice(0, at)}-j DROP\n${text.slice(at + "-j ACCEPT\n".length)}`);
    const runs = size > 20_000 ? 1 : 3;
    const read = best(runs, () => ferruleUsage(["show", file]));
    const policy = best(runs, () => ferruleUsage(["policy", file, "--path", "forward"]));
    const diff = best(runs, () => ferruleUsage(["diff", file, changed], "", [0, 1]));
    times.push({ size, time: beyond(policy) });
    // It only checks the rules, and needs a namespace of its own to be allowed to.
    const peer = processTime("unshare", ["-n", "iptables-legacy-restore", "--test"], text);
    row(
      `${size} rules: read and print`,
      figure(read),
      typeof peer === "string" ? peer : `iptables-legacy-restore --test: ${seconds(peer)} by the clock`,
    );
    row(`${size} rules: policy of what is forwarded`, figure(policy), growth(times));
    row(`${size} rules: diff with one rule changed`, figure(diff));
  }
}

/** How time grows from the size before: 1.0 is in proportion. */
function growth(times: readonly { readonly size: number; readonly time: number }[]): string {
  const [before, now] = times.slice(-2);
  if (!before || !now) return "";
  return `${(now.time / before.time / (now.size / before.size)).toFixed(2)} of linear growth from ${before.size}`;
}
