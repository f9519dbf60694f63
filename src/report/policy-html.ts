import { addressRanges, effectsText } from "../analysis/names/index.ts";
import type { PolicyReport, PolicyRow, PolicySection, StrayRow } from "../analysis/policy-report.ts";
import type { Certainty, AddressClass } from "../analysis/policy-report.ts";
import type { RulePointer, Witness } from "../analysis/witness.ts";
import { PAGE_STYLE } from "./policy-page-style.ts";
import { markup } from "./policy-markup.ts";
import { legendSvg, sectionSvg } from "./policy-svg.ts";
import { dependsText, exactText, failureText, pointerText, sectionTitle, servicesText, STRAY_WORDS } from "./policy-words.ts";
import { witnessText } from "./witness-text.ts";

/** Nothing is loaded and nothing runs; styles are the page's own. */
const SECURITY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** Rules named in one cell. */
const RULES_SHOWN = 6;

/** A policy as one page that needs nothing else: no script, no network, everything escaped. `name` is what the rules are called. */
export function policyHtml(report: PolicyReport, name: string): string {
  const title = `What ${name} allows`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${SECURITY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${markup(title)}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<h1>${markup(title)}</h1>
${report.summary.map(sentence => `<p>${markup(sentence)}</p>`).join("\n")}
${contents(report.sections)}
${report.sections.map(sectionHtml).join("\n")}
${report.assumptions.length === 0 ? "" : `<h2>Assumed</h2>\n<ul>${report.assumptions.map(text => `<li>${markup(text)}</li>`).join("")}</ul>`}
</body>
</html>
`;
}

const contents = (sections: readonly PolicySection[]): string =>
  sections.length < 2
    ? ""
    : `<nav aria-label="Sections">${sections.map((section, i) => `<a href="#s${i}">${markup(sectionTitle(section))}</a>`).join("")}</nav>`;

function sectionHtml(section: PolicySection, index: number): string {
  const { usable, halfOpen, strays, refusals, classes, exact } = section;
  const parts = [`<h2 id="s${index}">${markup(sectionTitle(section))}</h2>`];
  if (usable.length === 0) parts.push(`<p class="bad">Nothing: no session can be opened.</p>`);
  else parts.push(rowTable("Sessions that work", usable));
  if (halfOpen.length > 0)
    parts.push(`<h3 class="bad">Half open</h3>`, rowTable("The first packet passes, and then something stops the session", halfOpen));
  if (strays.length > 0) parts.push(`<h3 class="bad">Strays</h3>`, strayTable(strays));
  else parts.push(`<p class="good">No strays: nothing passes outside a session.</p>`);
  if (refusals.length > 0) parts.push(`<p class="dim">Everything else is ${markup(refusals.join("; or "))}.</p>`);
  if (usable.length + halfOpen.length > 0)
    parts.push(
      `<details><summary>Services and clients as a picture</summary><div class="wide">${sectionSvg(section)}${legendSvg()}</div></details>`,
    );
  if (classes.length > 1) parts.push(classTable(classes));
  parts.push(`<p class="dim">Exact for ${exactText(exact)} of the kinds of sessions.</p>`);
  return parts.join("\n");
}

/** A cell: its heading, which narrow screens show beside it, and its markup. */
type Cell = readonly [name: string, html: string];

/** A table without the columns that are empty everywhere. */
function table(caption: string, rows: readonly (readonly Cell[])[]): string {
  const [first = []] = rows;
  const kept = first.map((_, column) => rows.some(row => row[column]?.[1] !== ""));
  const head = first.filter((_, column) => kept[column]).map(([name]) => `<th scope="col">${name}</th>`);
  const body = rows.map(row => {
    const cells = row.filter((_, column) => kept[column]).map(([name, html]) => `<td data-name="${name}">${html}</td>`);
    return `<tr>${cells.join("")}</tr>`;
  });
  return `<div class="wide"><table><caption>${caption}</caption><thead><tr>${head.join("")}</tr></thead>\n<tbody>${body.join("\n")}</tbody></table></div>`;
}

const rowTable = (caption: string, rows: readonly PolicyRow[]): string =>
  table(
    caption,
    rows.map(row => [
      ["Service", `<strong>${markup(servicesText(row.services))}</strong>`],
      ["From", markup(row.from)],
      ["To", markup(row.to)],
      ["Through", markup(row.through)],
      ["Only with", markup((row.with ?? []).join(", "))],
      ["NAT", markup(effectsText(row.becomes ?? []))],
      ["Fails", markup(failureText(row))],
      ["Depends on", depends(row.certainty)],
      ["Proof", proof(row.witness, row.decidedBy)],
    ]),
  );

const strayTable = (strays: readonly StrayRow[]): string =>
  table(
    "Packets that pass without belonging to any session",
    strays.map(({ kind, about, where, certainty, witness, decidedBy }) => [
      ["Kind", `<strong>${markup(STRAY_WORDS[kind])}</strong>`],
      ["What passes", markup(about)],
      ["Where", markup(where)],
      ["Depends on", depends(certainty)],
      ["Proof", proof(witness, decidedBy)],
    ]),
  );

const classTable = (classes: readonly AddressClass[]): string =>
  `<details><summary>Addresses that the rules tell apart (${classes.length})</summary>${table(
    "Classes of addresses",
    classes.map(({ id, name, ranges }) => [
      ["Class", markup(id)],
      ["Name", markup(name)],
      ["Addresses", `<code>${markup(addressRanges(ranges, 24))}</code>`],
    ]),
  )}</details>`;

const depends = (certainty: Certainty): string => markup(dependsText(certainty));

function proof(witness: Witness | undefined, rules: readonly RulePointer[]): string {
  if (witness === undefined && rules.length === 0) return "";
  const packet = witness ? `<p><code>${markup(witnessText(witness))}</code></p>` : "";
  const named = rules.slice(0, RULES_SHOWN).map(rule => `<p class="dim"><code>${markup(pointerText(rule))}</code></p>`);
  const rest = rules.length > RULES_SHOWN ? `<p class="dim">and ${rules.length - RULES_SHOWN} more rules</p>` : "";
  return `<details><summary>packet and rules</summary>${packet}${named.join("")}${rest}</details>`;
}
