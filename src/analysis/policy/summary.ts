import { clipped, listText, serviceNames } from "../names/index.ts";
import type { PolicyRow, PolicySection } from "../policy-report.ts";
import type { Path } from "../witness.ts";
import { mergedServices } from "./service-classes.ts";

/** Services or rows that one sentence names. */
const NAMED_MAX = 5;
const ROWS_MAX = 2;

const TARGET: Readonly<Record<Path, string>> = {
  in: "on this machine",
  out: "from this machine",
  forward: "through this machine",
  local: "from this machine to itself",
};

/** A few sentences on what sections allow, for someone who reads no further. */
export const summaryOf = (sections: readonly PolicySection[]): string[] => sections.flatMap(sectionSentences);

function sectionSentences(section: PolicySection): string[] {
  const { family, path, usable, halfOpen, strays } = section;
  const about = `IPv${family} ${PATH_NAMES[path]}`;
  const said = [usable.length > 0 ? openText(section) : halfOpen.length > 0 ? "no session works" : "no session can be opened"];
  const special = usable.filter(isSpecial);
  if (special.length > 0 && special.length < usable.length && path !== "out")
    said.push(`whoever chooses the right source port may also open ${rowsText(special, section, ROWS_MAX)} ${TARGET[path]}`);
  const aside = [
    ...(halfOpen.length > 0 ? [`sessions of ${rowsText(halfOpen, section, 1)} open and then die`] : []),
    ...(strays.length > 0 && (path !== "out" || !sendsEverything(section))
      ? [`${count(strays.length, "kind")} of packets ${strays.length === 1 ? "passes" : "pass"} outside any session`]
      : []),
  ];
  if (aside.length > 0) said.push(aside.join(", and "));
  return said.map(text => `${about}: ${text}.`);
}

const sendsEverything = ({ usable, path }: PolicySection): boolean =>
  usable.some(row => isOpen(row, path) && serviceNames(row.services).includes("everything"));

const PATH_NAMES: Readonly<Record<Path, string>> = { in: "in", out: "out", forward: "forwarded", local: "over loopback" };

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? "" : "s"}`;

function openText({ usable: all, path, family, complete }: PolicySection): string {
  const ordinary = all.filter(row => !isSpecial(row));
  const rows = ordinary.length > 0 ? ordinary : all;
  const sure = rows.filter(({ certainty }) => certainty.sure);
  const open = sure.filter(row => isOpen(row, path));
  const others = rows.length - open.length;
  const services = serviceNames(
    mergedServices(
      open.flatMap(row => row.services),
      family,
    ),
  );
  const who = path === "out" || path === "local" ? "this machine may open" : "anyone may open";
  const where = path === "out" ? " to anywhere" : path === "local" ? " to itself" : ` ${TARGET[path]}`;
  if (services.includes("everything")) return `${who} everything${where}`;
  const rest = rows
    .filter(row => !open.includes(row))
    .slice(0, ROWS_MAX)
    .map(row => limited(row, path));
  const more = !complete ? " and many more rows" : others > ROWS_MAX ? ` and ${count(others - ROWS_MAX, "more row")} below` : "";
  const parts = [
    ...(services.length > 0 ? [`${who} ${listText(services, NAMED_MAX)}${where}`] : []),
    ...(rest.length > 0 ? [`${services.length > 0 ? "besides " : ""}${rest.join("; ")}${more}`] : []),
  ];
  return parts.join("; ");
}

/** A few rows, and how many more there are. */
function rowsText(rows: readonly PolicyRow[], { path, complete }: PolicySection, most: number): string {
  const texts = rows.slice(0, most).map(row => limited(row, path));
  // Of a table that is cut nobody knows how many rows it would have.
  const more = complete ? count(rows.length - most, "more row") : "many more rows";
  return `${texts.join("; ")}${rows.length > most ? ` and ${more}` : ""}`;
}

/** Sessions that a special source port opens. */
const isSpecial = ({ services }: PolicyRow): boolean => services.every(({ name }) => name.includes(" from port "));

/** Anybody to anywhere, through any interface, with any packets. */
const isOpen = ({ from, to, in: input, out: output, with: only }: PolicyRow, path: Path): boolean =>
  input === undefined &&
  output === undefined &&
  only === undefined &&
  (to === "anywhere" || (to === "self" && path !== "forward")) &&
  (path === "out" || path === "local" || from === "anywhere");

function limited({ services, from, to, through, with: only = [], certainty }: PolicyRow, path: Path): string {
  const words = [listText(serviceNames(services), 3)];
  if (path !== "out" && from !== "anywhere") words.push(`from ${shortEnd(from)}`);
  if (to !== "anywhere" && !(path === "in" && to === "self")) words.push(`to ${shortEnd(to)}`);
  if (through !== "") words.push(through);
  if (only.length > 0) words.push(`with ${listText(only, 1)}`);
  if (!certainty.sure) words.push("on conditions");
  return words.join(" ");
}

/** Letters of addresses in a sentence. */
const END_MAX = 60;

/** A long list of addresses by its first one and how many more there are: `anywhere but 10.0.0.0/8 and 5 more`. */
function shortEnd(name: string): string {
  if (name.length <= END_MAX) return name;
  const cut = name.indexOf(" but ");
  const [before, list] = cut < 0 ? ["", name] : [name.slice(0, cut + " but ".length), name.slice(cut + " but ".length)];
  const [first = "", ...others] = list.split(", ");
  // A comment in quotes may have commas of its own.
  if (others.length === 0 || list.includes('"')) return clipped(name, END_MAX);
  const [, left = ""] = (others.at(-1) ?? "").split(" and ");
  const more = others.length + (Number.parseInt(left) || 0);
  return `${before}${first} and ${more} more`;
}
