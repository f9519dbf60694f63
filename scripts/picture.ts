// Draws docs/trace.svg, the picture in the README, from a real trace. With --check it only says whether the picture is fresh.
import { readFileSync, writeFileSync } from "node:fs";
import { createFirewall } from "../src/engine/index.ts";
import { assumeHost } from "../src/host/index.ts";
import { isNotationFault, parseNotation, specToBytes } from "../src/packet/index.ts";
import { traceLines, verdictLines, type Line, type Tone } from "../src/report/index.ts";
import { readRules } from "../src/syntax/index.ts";

const FILE = "docs/trace.svg";
const RULES = "examples/leaf-node.rules";
const PACKET = "tcp 203.0.113.9:40000 > 198.51.100.2:23 syn in ppp0";

const spec = parseNotation(PACKET);
if (isNotationFault(spec)) throw new Error(spec.message);
const { ruleset: v4 } = readRules(readFileSync(RULES, "utf8"), RULES);
const host = assumeHost([v4], [{ family: 4, source: spec.source.address, destination: spec.destination.address, in: spec.in }]);
const outcome = createFirewall({ v4, host, start: 0, random: () => 0 }).receive({ bytes: specToBytes(spec), in: "ppp0" }, 0, {
  trace: true,
});

const prompt: Line = [{ text: `$ ferrule trace ${RULES} '${PACKET}'`, tone: "accent" }];
const lines: readonly Line[] = [prompt, [], ...traceLines(outcome.events, { all: false, width: 124 }), [], ...verdictLines(outcome)];

const COLOURS: Readonly<Record<Tone, string>> = {
  plain: "#d8dee9",
  good: "#a3be8c",
  bad: "#ff7b72",
  dim: "#8b949e",
  strong: "#ffffff",
  accent: "#79c0ff",
};
const CHAR = 7.2;
const LEADING = 17;
const escape = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
const width = Math.ceil(Math.max(...lines.map(line => line.reduce((n, { text }) => n + text.length, 0))) * CHAR + 40);
const rows = lines.map((line, row) => {
  const spans = line.map(
    ({ text, tone }) =>
      `<tspan fill="${COLOURS[tone]}"${tone === "strong" || tone === "bad" || tone === "good" ? ' font-weight="bold"' : ""}>${escape(text)}</tspan>`,
  );
  return `<text x="20" y="${30 + row * LEADING}" xml:space="preserve">${spans.join("")}</text>`;
});
const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${lines.length * LEADING + 40}" role="img" aria-label="A trace of a telnet SYN that the leaf node drops">
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
<g font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="12">
${rows.join("\n")}
</g>
</svg>
`;
if (!process.argv.includes("--check")) writeFileSync(FILE, svg);
else if (readFileSync(FILE, "utf8") === svg) console.log(`${FILE} is fresh`);
else {
  console.error(`${FILE} is stale: run npm run picture`);
  process.exitCode = 1;
}
