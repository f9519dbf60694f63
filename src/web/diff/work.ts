import type { Firewall } from "../../analysis/index.ts";
import {
  compareFamilies,
  compareFirewalls,
  isAside,
  isEqual,
  type DiffReport,
  type DiffRow,
  type Fate,
} from "../../analysis/diff/index.ts";
import { diffInWords, interfacesText, PATH_WORDS, servicesText, witnessText, wordsFor } from "../../report/index.ts";
import type { Documents } from "../state/documents.ts";
import { readFirewall, type ReadFirewall } from "../work/firewall.ts";
import type { ChangeSection, ChangeView, CompareWish, DiffView, SideView } from "./view.ts";

/** Classes of each path and sort that are described: at first, and when all are wanted. */
const SHOWN = 40;
const ALL = 2000;

/** What tells the texts of two firewalls apart; of the families of one, `after` counts for nothing. `now` in µs since the epoch. */
export function compareTexts(before: Documents, after: Documents, wish: CompareWish, now: number): DiffView {
  const one = readFirewall(before, now);
  const other = wish.compared === "families" ? one : readFirewall(after, now);
  const limit = wish.all ? ALL : SHOWN;
  const report =
    wish.compared === "families"
      ? compareFamilies(one, { limit, now })
      : compareFirewalls(of(one, wish), of(other, wish), { names: wish.names, strict: wish.strict, fold: !wish.all, limit, now });
  const told = diffInWords(report, wordsFor([one.v4, one.v6, other.v4, other.v6]));
  return diffView(told, wish, [skippedIn(one), skippedIn(other)]);
}

const skippedIn = ({ skipped }: ReadFirewall): number => skipped.rules4.length + skipped.rules6.length;

const of = ({ v4, v6, host, sets }: ReadFirewall, { families }: CompareWish): Firewall => ({
  v4: families.includes(4) ? v4 : undefined,
  v6: families.includes(6) ? v6 : undefined,
  host,
  sets,
});

function diffView(report: DiffReport, wish: CompareWish, skipped: DiffView["skipped"]): DiffView {
  const { rows, left, undone, assumptions, families } = report;
  const count = (change: DiffRow["change"]): number => rows.filter(row => row.change === change && !isAside(row)).length;
  return {
    wish,
    equal: isEqual(report),
    sections: sectionsOf(report),
    counts: { opens: count("opens"), closes: count("closes"), changes: count("changes") },
    asides: rows.filter(isAside).length,
    left,
    undone: undone.map(({ family, path, reason }) => `IPv${family}, ${PATH_WORDS[path]}: ${reason}`),
    assumptions,
    skipped,
    families,
  };
}

function sectionsOf({ rows, compared }: DiffReport): ChangeSection[] {
  const sections = new Map<string, ChangeView[]>();
  for (const row of rows) {
    const title = `${compared === "families" ? "" : `IPv${row.family}, `}${PATH_WORDS[row.path]}`;
    const section = sections.get(title);
    if (section) section.push(changeView(row));
    else sections.set(title, [changeView(row)]);
  }
  return [...sections].map(([title, changes]) => ({ title, changes }));
}

function changeView(row: DiffRow): ChangeView {
  const { change, about, services, rest, sort = "", from, to, in: input, out: output, certainty, before, after } = row;
  return {
    change,
    about,
    services: rest ? `everything else that was ${before.text}` : servicesText(services),
    sort,
    from,
    to,
    through: [input && `in ${interfacesText(input)}`, output && `out ${interfacesText(output)}`]
      .filter(text => text !== undefined)
      .join(", "),
    depends: certainty.sure ? [] : certainty.depends,
    before: sideView(before),
    after: sideView(after),
    aside: isAside(row),
  };
}

const sideView = ({ text, by, witness, confirmation }: Fate): SideView => ({
  text,
  by,
  witness: witness && witnessText(witness),
  doubt: confirmation && !confirmation.confirmed ? confirmation.reason : "",
});
