import { clipped } from "../analysis/names/index.ts";
import type { PolicyReport, PolicySection } from "../analysis/policy-report.ts";
import { policyGrid, type GridCell, type PolicyGrid } from "./policy-grid.ts";
import { markup } from "./policy-markup.ts";
import { sectionTitle } from "./policy-words.ts";

/** Pixels. */
const CELL = 26;
const LETTER = 6.7;
const MARGIN = 16;
const TITLE = 34;
const LEGEND = 40;
/** Letters of the names beside and above the grid. */
const SERVICE_LETTERS = 40;
const CLIENT_LETTERS = 34;
/** Names above the grid lean to the right by 45°. */
const LEAN = Math.SQRT1_2;

const STYLE = `
.ferrule{font:12px ui-sans-serif,system-ui,"DejaVu Sans",sans-serif}
.ferrule text{fill:#1d2733}.ferrule .back{fill:#fff}.ferrule .grid{fill:#f1f3f5}.ferrule .dim{fill:#5b6775}
.ferrule .title{font-size:15px;font-weight:600}
.ferrule .open{fill:#1a7f4b}.ferrule .some{fill:#1a7f4b}.ferrule .half{fill:none;stroke:#b45309;stroke-width:2}.ferrule .ask{fill:#fff;font-weight:700}.ferrule .half-ask{fill:#b45309;font-weight:700}
@media (prefers-color-scheme:dark){.ferrule text{fill:#e6e9ed}.ferrule .back{fill:#14181d}.ferrule .grid{fill:#232a32}.ferrule .dim{fill:#9aa6b2}
.ferrule .open,.ferrule .some{fill:#3fb27f}.ferrule .half{stroke:#f0a35e}.ferrule .ask{fill:#0d1f16}.ferrule .half-ask{fill:#f0a35e}}
`.replaceAll("\n", "");

/** The policy as one SVG picture: for each path the services × the classes of clients. No script, nothing is loaded, all text is escaped. */
export function policySvg(report: PolicyReport): string {
  const pictures = report.sections.map(sectionPicture);
  const width = Math.max(400, ...pictures.map(picture => picture.width));
  let top = 0;
  const parts = pictures.map(({ body, height }) => {
    const part = `<g transform="translate(0 ${top})">${body}</g>`;
    top += height;
    return part;
  });
  return frame(width, top + LEGEND, `${parts.join("\n")}\n<g transform="translate(0 ${top})">${legend()}</g>`, "What the firewall allows");
}

/** One section alone, as the HTML page shows it. */
export function sectionSvg(section: PolicySection): string {
  const { width, height, body } = sectionPicture(section);
  return frame(width, height, body, sectionTitle(section));
}

function frame(width: number, height: number, body: string, title: string): string {
  const [w, h] = [Math.ceil(width), Math.ceil(height)];
  return `<svg xmlns="http://www.w3.org/2000/svg" class="ferrule" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}" role="img" aria-label="${markup(title)}">
<style>${STYLE}</style>
<rect class="back" width="${w}" height="${h}"/>
${body}
</svg>
`;
}

interface Picture {
  readonly width: number;
  readonly height: number;
  readonly body: string;
}

function sectionPicture(section: PolicySection): Picture {
  const grid = policyGrid(section);
  const title = `<text class="title" x="${MARGIN}" y="24">${markup(sectionTitle(section))}</text>`;
  if (grid.services.length === 0) {
    return {
      width: 360,
      height: TITLE + 36,
      body: `${title}<text class="dim" x="${MARGIN}" y="${TITLE + 18}">nothing: no session can be opened</text>`,
    };
  }
  const services = grid.services.map(name => clipped(name, SERVICE_LETTERS));
  const clients = grid.clients.map(name => clipped(name, CLIENT_LETTERS));
  const left = MARGIN + longest(services) * LETTER + 12;
  const head = longest(clients) * LETTER * LEAN + 16;
  const top = TITLE + head;
  const [wide, high] = [clients.length * CELL, services.length * CELL];
  const names = [
    ...services.map(
      (name, i) =>
        `<text x="${round(left - 8)}" y="${round(top + i * CELL + 17)}" text-anchor="end">${markup(name)}<title>${markup(grid.services[i] ?? "")}</title></text>`,
    ),
    ...clients.map((name, i) => leaning(left + i * CELL + CELL / 2, top - 6, name, grid.clients[i] ?? "")),
  ];
  const cells = grid.cells.flatMap((row, y) => row.map((cell, x) => cellPicture(left + x * CELL, top + y * CELL, cell, grid, x, y)));
  const rest = remainder(grid);
  const body = [
    title,
    ...names,
    ...cells,
    rest === "" ? "" : `<text class="dim" x="${round(left)}" y="${round(top + high + 18)}">${rest}</text>`,
  ];
  return {
    width: Math.max(360, left + wide + head + MARGIN),
    height: top + high + (rest === "" ? 16 : 34),
    body: body.join("\n"),
  };
}

const longest = (texts: readonly string[]): number => texts.reduce((most, text) => Math.max(most, Array.from(text).length), 0);
const round = (value: number): number => Math.round(value * 10) / 10;

const leaning = (x: number, y: number, shown: string, whole: string): string =>
  `<text transform="translate(${round(x)} ${round(y)}) rotate(-45)">${markup(shown)}<title>${markup(whole)}</title></text>`;

function remainder({ moreServices, moreClients }: PolicyGrid): string {
  const said = [];
  if (moreServices > 0) said.push(`${moreServices} more services`);
  if (moreClients > 0) said.push(`${moreClients} more classes of clients`);
  return said.length === 0 ? "" : `not shown: ${said.join(", ")}`;
}

function cellPicture(x: number, y: number, cell: GridCell, grid: PolicyGrid, column: number, row: number): string {
  const back = `<rect class="grid" x="${round(x + 1)}" y="${round(y + 1)}" width="${CELL - 2}" height="${CELL - 2}"/>`;
  if (cell.reach === "none") return back;
  const about = `${grid.services[row] ?? ""} from ${grid.clients[column] ?? ""}: ${clipped(cell.about, 300)}`;
  return `<g>${back}${mark(x, y, cell)}<title>${markup(about)}</title></g>`;
}

/** A full square for all servers, a small one for some, an outline for half-open, a question mark where it depends. */
function mark(x: number, y: number, { reach, depends }: Pick<GridCell, "reach" | "depends">): string {
  const inset = reach === "all" ? 3 : reach === "some" ? 7 : 5;
  const side = CELL - 2 * inset;
  const kind = reach === "all" ? "open" : reach === "some" ? "some" : "half";
  const square = `<rect class="${kind}" x="${round(x + inset)}" y="${round(y + inset)}" width="${side}" height="${side}" rx="2"/>`;
  const ask = `<text class="${reach === "half-open" ? "half-ask" : "ask"}" x="${round(x + CELL / 2)}" y="${round(y + 17)}" text-anchor="middle">?</text>`;
  return square + (depends ? ask : "");
}

/** What the marks mean. */
function legend(): string {
  const entries: readonly (readonly [Pick<GridCell, "reach" | "depends">, string])[] = [
    [{ reach: "all", depends: false }, "all servers"],
    [{ reach: "some", depends: false }, "some"],
    [{ reach: "half-open", depends: false }, "half open"],
    [{ reach: "all", depends: true }, "depends"],
  ];
  let x = MARGIN;
  return entries
    .map(([cell, text]) => {
      const part = `${mark(x, 4, cell)}<text x="${round(x + CELL + 3)}" y="21">${text}</text>`;
      x += CELL + 14 + text.length * LETTER;
      return part;
    })
    .join("");
}

/** The legend as a picture of its own. */
export const legendSvg = (): string => frame(400, LEGEND, legend(), "What the marks mean");
