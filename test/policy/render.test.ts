import { expect, test } from "vitest";
import { lineText } from "../../src/report/span.ts";
import { policyCsv } from "../../src/report/policy-csv.ts";
import { policyGrid } from "../../src/report/policy-grid.ts";
import { policyHtml } from "../../src/report/policy-html.ts";
import { policyJson } from "../../src/report/policy-json.ts";
import { policyLines } from "../../src/report/policy-lines.ts";
import { policySvg } from "../../src/report/policy-svg.ts";
import type { PolicyReport } from "../../src/analysis/policy-report.ts";
import { HOSTILE_SAMPLE, largeSample, SAMPLE } from "./sample.ts";

const text = (report: PolicyReport, width: number, all = false): string[] =>
  policyLines(report, { width, all }).map(line => lineText(line).trimEnd());

test("the first screen says what the machine offers", () => {
  expect(text(SAMPLE, 120).slice(0, 12)).toEqual([
    "What this firewall allows",
    "  Anyone may open http, https to this machine; ssh only the set admins.",
    "  Nothing passes through this machine.",
    "",
    "IPv4, to this machine",
    "  SERVICE                     FROM                         TO            THROUGH          DEPENDS ON",
    "  ssh (tcp 22)                the set admins               self",
    "  http, https (tcp 80, 443)   anywhere                     self",
    "  ping                        anywhere                     self                           limit: avg 5/min burst 5",
    "  dns (udp 53), dns (tcp 53)  10.0.0.0/8 (private)         self          in lan0 or tun+",
    "  tcp 8000-8100               anywhere but the set admins  198.51.100.2",
    "  Half open: the first packet passes, and then something stops the session",
  ]);
});

test.each([40, 60, 80, 120, 200])("no line is wider than %i columns", width => {
  for (const line of text(largeSample(60, 30), width)) expect(line.length).toBeLessThanOrEqual(Math.max(width, 80));
});

test("what is not shown is counted", () => {
  expect(text(largeSample(60, 30), 120)).toContain("  … and 20 more rows (--all shows them)");
  expect(text(largeSample(60, 30), 120, true).join("\n")).not.toContain("more row");
});

test("a share that is less than all never reads as all", () =>
  expect(text(SAMPLE, 120)).toContain("  Exact for 99.9 % of the kinds of sessions."));

const documents = [
  ["text", text(HOSTILE_SAMPLE, 120, true).join("\n")],
  ["CSV", policyCsv(HOSTILE_SAMPLE).replaceAll("\r\n", "\n")],
  ["SVG", policySvg(HOSTILE_SAMPLE)],
  ["HTML", policyHtml(HOSTILE_SAMPLE, "<b>\u001b")],
] as const;

test.each(documents)("%s shows nothing that a terminal obeys", (_, shown) => expect(shown).not.toMatch(/[^\P{Cc}\n]|\p{Bidi_Control}/u));

test.each(documents.filter(([name]) => name === "SVG" || name === "HTML"))("%s holds no tag of the rules", (_, shown) => {
  expect(shown).not.toContain("<script");
  expect(shown).not.toContain("<b>");
  expect(shown).toContain("&lt;script&gt;");
});

test("no cell of CSV begins like a formula", () => {
  const cells = policyCsv(HOSTILE_SAMPLE).matchAll(/(?:^|,)("(?:[^"]|"")*"|[^,\r\n]*)/gm);
  const starts = [...cells].map(([, cell = ""]) => (cell.startsWith('"') ? cell.slice(1) : cell).charAt(0));
  expect(starts.length).toBeGreaterThan(50);
  for (const start of starts) expect("=+-@\t").not.toContain(start === "" ? " " : start);
});

test("each line of CSV has as many cells as the first", () => {
  const lines = policyCsv(SAMPLE).trimEnd().split("\r\n");
  const count = (line: string): number => line.replaceAll(/"(?:[^"]|"")*"/g, "").split(",").length;
  expect(lines).toHaveLength(8);
  for (const line of lines) expect(count(line)).toBe(17);
});

/** Tags in order, each closed. */
function balanced(markup: string): boolean {
  const open: string[] = [];
  for (const [, slash, name, rest = ""] of markup.matchAll(/<(\/?)([a-z][a-z0-9]*)((?:"[^"]*"|[^">])*)>/gi)) {
    if (name === undefined || rest.endsWith("/") || ["meta", "br"].includes(name)) continue;
    if (slash === "") open.push(name);
    else if (open.pop() !== name) return false;
  }
  return open.length === 0;
}

test.each([SAMPLE, HOSTILE_SAMPLE, largeSample(300, 80)])("pages and pictures are well-formed", report => {
  expect(balanced(policyHtml(report, "rules.v4"))).toBe(true);
  expect(balanced(policySvg(report))).toBe(true);
});

test("the page runs and loads nothing", () => {
  const page = policyHtml(SAMPLE, "rules.v4");
  expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"`);
  expect(page.replaceAll('xmlns="http://www.w3.org/2000/svg"', "")).not.toMatch(/https?:|src=|url\(|@import|<script|\son\w+=/);
});

test("the grid has a row for each service and a column for each class of clients that rows tell apart", () => {
  const [section] = SAMPLE.sections;
  const grid = policyGrid(section as NonNullable<typeof section>);
  expect(grid.clients).toEqual(["10.0.0.0/8 (private)", "the set admins", "everything else"]);
  const marks = grid.cells.map(row => row.map(({ reach, depends }) => `${reach}${depends ? "?" : ""}`).join(" "));
  expect(Object.fromEntries(grid.services.map((service, i) => [service, marks[i]]))).toEqual({
    "ssh (tcp 22)": "none all none",
    "http, https (tcp 80, 443)": "all all all",
    ping: "all? all? all?",
    "dns (udp 53), dns (tcp 53)": "all none none",
    "tcp 8000-8100": "some none some",
    "smtp (tcp 25)": "half-open half-open half-open",
  });
});

test("a grid of hundreds is cut, and says so", () => {
  const svg = policySvg(largeSample(300, 80));
  expect(svg).toContain("not shown: 181 more services");
  expect(svg.length).toBeLessThan(1_500_000);
});

test("JSON is plain data with a version", () => {
  const json = policyJson(SAMPLE);
  expect(JSON.parse(JSON.stringify(json))).toEqual(json);
  expect(json).toMatchObject({
    ferrule: "policy",
    version: 1,
    sections: [{ family: 4, path: "in", classes: [{ id: "a", addresses: ["10.0.0.0/8"] }, {}, {}] }, {}],
  });
});
