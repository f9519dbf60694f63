// Fails when a room imports a room below it in the table of ARCHITECTURE.md, or files import each other in a circle. The order is the architecture.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

const ORDER = [
  "packet",
  "predicate",
  "conntrack",
  "xtables",
  "extensions",
  "ruleset",
  "syntax",
  "host",
  "engine",
  "symbolic",
  "analysis",
  "compiler",
  "kernel",
  "report",
  "cli",
  "web",
];
/** Pairs that stay strangers although the order would allow them. */
const STRANGERS = [["symbolic", "engine"]];
/** Front ends: they see other rooms only through the public index of each. */
const FRONT = ["cli", "web"];
/** Rooms that may use Node; everything else also loads in a browser. */
const NODE = ["cli", "kernel"];

const room = (file: string): string => file.split("/")[1] ?? "";
const faults: string[] = [];
const imports = new Map<string, string[]>();
for (const name of (readdirSync("src", { recursive: true }) as string[]).toSorted()) {
  const file = join("src", name);
  if (!/\.tsx?$/.test(file) || file.endsWith(".d.ts") || !file.slice(4).includes("/")) continue;
  const from = room(file);
  if (!ORDER.includes(from)) faults.push(`${file}: "${from}" is no room of the table`);
  if (/\.test\.tsx?$/.test(file)) continue;
  for (const [, path = ""] of readFileSync(file, "utf8").matchAll(/(?:from|import) "([^"]+)"/g)) {
    // Styles and texts that the page's build takes in are no code of a room.
    if (/\.css$|\?raw$/.test(path)) continue;
    if (!path.startsWith(".")) {
      if (path.startsWith("node:") && !NODE.includes(from)) faults.push(`${file}: must load without Node, yet imports ${path}`);
      continue;
    }
    const target = normalize(join(dirname(file), path));
    imports.set(file, [...(imports.get(file) ?? []), target]);
    const to = room(target);
    if (to === from) continue;
    if (ORDER.indexOf(to) > ORDER.indexOf(from)) faults.push(`${file}: must not import ${target}: ${to}/ stands below ${from}/`);
    if (STRANGERS.some(pair => pair.includes(to) && pair.includes(from)))
      faults.push(`${file}: must not import ${target}: ${from}/ and ${to}/ stay strangers`);
    if (FRONT.includes(from) && !/^src\/\w+\/(?:[\w-]+\/)?index\.ts$/.test(target))
      faults.push(`${file}: must import ${to}/index.ts, not ${target}: a front end uses the public API`);
    if (to === "extensions" && target.endsWith("extensions/index.ts") && !["syntax", "report", ...FRONT].includes(from))
      faults.push(`${file}: only syntax/ and entry points import the extension index`);
  }
}
// Depth first: a file that is met again on its own way closes a circle.
const done = new Set<string>();
function follow(file: string, way: readonly string[]): void {
  const at = way.indexOf(file);
  if (at >= 0) faults.push(`${[...way.slice(at), file].join(" -> ")}: a circle of imports; move what they share into a file below them`);
  if (at >= 0 || done.has(file)) return;
  for (const target of imports.get(file) ?? []) follow(target, [...way, file]);
  done.add(file);
}
for (const file of imports.keys()) follow(file, []);

for (const fault of faults) console.error(fault);
console.log(faults.length ? `${faults.length} layer faults` : "layers: every import goes upwards, none in a circle");
process.exit(faults.length ? 1 : 0);
