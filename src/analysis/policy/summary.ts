import { listText } from "../names/index.ts";
import type { PolicyRow, PolicySection } from "../policy-report.ts";
import type { Path } from "../witness.ts";

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
  const { family, path, usable, halfOpen, strays, complete } = section;
  const about = `IPv${family} ${PATH_NAMES[path]}`;
  const sentences = usable.length === 0 ? [`${about}: no session can be opened.`] : [`${about}: ${openText(usable, path, complete)}.`];
  const said: string[] = [];
  if (halfOpen.length > 0)
    said.push(
      `${complete ? "" : "at least "}${count(halfOpen.length, "kind")} of sessions ${halfOpen.length === 1 ? "opens" : "open"} and then ${halfOpen.length === 1 ? "dies" : "die"}`,
    );
  if (strays.length > 0 && (path !== "out" || !usable.some(row => isOpen(row, path))))
    said.push(`${count(strays.length, "kind")} of packets ${strays.length === 1 ? "passes" : "pass"} outside any session`);
  if (said.length > 0) sentences.push(`${about}: ${said.join(", and ")}.`);
  return sentences;
}

const PATH_NAMES: Readonly<Record<Path, string>> = { in: "in", out: "out", forward: "forwarded", local: "over loopback" };

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? "" : "s"}`;

function openText(all: readonly PolicyRow[], path: Path, complete: boolean): string {
  const ordinary = all.filter(row => !isSpecial(row));
  const rows = ordinary.length > 0 ? ordinary : all;
  const sure = rows.filter(({ certainty }) => certainty.sure);
  const open = sure.filter(row => isOpen(row, path));
  const others = rows.length - open.length;
  const services = [...new Set(open.flatMap(row => row.services.map(({ name }) => name)))];
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

/** Sessions that a special source port opens. */
const isSpecial = ({ services }: PolicyRow): boolean => services.every(({ name }) => name.includes(" from port "));

/** Anybody to anywhere, through any interface. */
const isOpen = ({ from, to, in: input, out: output }: PolicyRow, path: Path): boolean =>
  input === undefined &&
  output === undefined &&
  (path === "out" || path === "local" ? to === "anywhere" || to === "self" : from === "anywhere" && (path === "in" || to === "anywhere"));

function limited({ services, from, to, through, certainty }: PolicyRow, path: Path): string {
  const words = [listText([...new Set(services.map(({ name }) => name))], 3)];
  if (path !== "out" && from !== "anywhere") words.push(`from ${shortEnd(from)}`);
  if (path !== "in" && to !== "anywhere") words.push(`to ${shortEnd(to)}`);
  if (through !== "") words.push(through);
  if (!certainty.sure) words.push("on conditions");
  return words.join(" ");
}

/** Letters of an address list in a sentence. */
const END_MAX = 44;

/** A long list of addresses as how many there are: `anywhere but 6 networks`. */
function shortEnd(name: string): string {
  if (name.length <= END_MAX) return name;
  const cut = name.indexOf(" but ");
  const list = cut < 0 ? name : name.slice(cut + " but ".length);
  const tail = list.lastIndexOf(" and ");
  const more = tail < 0 || !list.endsWith(" more") ? 0 : Number(list.slice(tail + " and ".length, -" more".length)) - 1;
  const count = list.split(", ").length + (Number.isNaN(more) || more < 0 ? 0 : more + 1);
  return `${cut < 0 ? "" : name.slice(0, cut + " but ".length)}${count} networks`;
}
