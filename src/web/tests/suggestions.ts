import { quotedName } from "../../analysis/question/index.ts";
import { isNameLetter } from "./assertion-tokens.ts";

/** One thing that could stand at the cursor, and what it does. */
export interface Suggestion {
  readonly label: string;
  readonly detail: string;
  /** What is written where it is not the label. */
  readonly text?: string;
}

/** Suggestions for the word that begins at `from`. */
export interface Suggestions {
  /** In the line, from 0. */
  readonly from: number;
  readonly options: readonly Suggestion[];
}

/** Names that questions may use. */
export interface KnownNames {
  readonly interfaces: readonly string[];
  readonly sets: readonly string[];
}

const CLAIMS: readonly Suggestion[] = [
  { label: "allow", text: "allow: from ", detail: "every such session works" },
  { label: "deny", text: "deny: from ", detail: "none of them does" },
  { label: "reject", text: "reject: from ", detail: "each is refused with an answer" },
  { label: "half-open", text: "half-open: from ", detail: "each is opened and never works" },
  { label: "at most", text: "at most: [from ", detail: "nothing else is allowed" },
  { label: "no strays", detail: "nothing passes outside sessions" },
  { label: "invariant", text: "invariant: ", detail: "CONDITION implies accept, drop, reject or deny" },
  { label: "no finding", text: "no finding: [", detail: "Findings has none of these" },
  { label: "equal to", text: "equal to: as opened", detail: "the same is allowed as in another text" },
  { label: "name", text: "name: ", detail: "what reports call it" },
];

const BESIDE: readonly Suggestion[] = [
  ...CLAIMS.filter(({ label }) => label !== "no strays" && label !== "name"),
  { label: "no strays", text: "no strays: true", detail: "nothing passes outside sessions" },
  { label: "path", text: "path: ", detail: "only packets to, from or through this machine" },
  { label: "family", text: "family: ", detail: "IPv4 or IPv6 alone" },
];

const TOP: readonly Suggestion[] = [
  { label: "assert", text: "assert:\n  - ", detail: "the list of assertions" },
  { label: "vars", text: "vars:\n  ", detail: "names for pieces of questions" },
];

const PATHS: readonly Suggestion[] = [
  { label: "in", detail: "to this machine" },
  { label: "out", detail: "from this machine" },
  { label: "forward", detail: "through this machine" },
  { label: "local", detail: "from it to itself" },
];

const FAMILIES: readonly Suggestion[] = [
  { label: "4", detail: "IPv4" },
  { label: "6", detail: "IPv6" },
];

const ENDINGS: readonly Suggestion[] = [
  { label: "accept", detail: "passes" },
  { label: "drop", detail: "is dropped" },
  { label: "reject", detail: "is refused with an answer" },
  { label: "deny", detail: "is dropped or rejected" },
];

const CONDITIONS: readonly Suggestion[] = ["in", "out", "src", "dst", "sport", "dport", "proto", "state", "flags"].map(label => ({
  label,
  text: `${label} = `,
  detail: "of a packet",
}));

const STATES: readonly Suggestion[] = ["NEW", "ESTABLISHED", "RELATED", "INVALID", "UNTRACKED"].map(label => ({
  label,
  detail: "connection state",
}));

const ADDRESSES: readonly Suggestion[] = [
  { label: "any", detail: "every address" },
  { label: "self", detail: "this machine’s own addresses" },
];

const SERVICES: readonly Suggestion[] = [
  ...["tcp", "udp", "icmp"].map(label => ({ label, detail: "protocol" })),
  { label: "ping", detail: "echo requests" },
  { label: "to", detail: "the server" },
  { label: "port", detail: "the client’s port" },
  { label: "in", detail: "interface that it comes in on" },
  { label: "out", detail: "interface that it leaves by" },
];

/** What could stand at the end of `before`, the line's text up to the cursor; `text` is the whole file, for its variables. */
export function suggestionsAt(before: string, text: string, names: KnownNames): Suggestions | undefined {
  const from = wordStart(before);
  const word = before.slice(from);
  const lead = before.slice(0, from);
  if (word.startsWith("$")) return { from, options: variables(text) };
  if (word.startsWith("@"))
    return { from, options: names.sets.map(name => ({ label: `@${name}`, text: `@${quotedName(name)}`, detail: "ipset" })) };
  if (lead === "") return { from, options: TOP };
  if (isIndent(lead)) return keysAt(lead, from);
  const key = keyOf(lead);
  if (key === "path") return { from, options: PATHS };
  if (key === "family") return { from, options: FAMILIES };
  const previous = lastWord(lead);
  if (key === "invariant") {
    if (previous === "implies") return { from, options: ENDINGS };
    if (previous === "=" || previous === "!=")
      return { from, options: valuesOf(lastWord(lead.slice(0, lead.lastIndexOf(previous))), names) };
    return { from, options: [...CONDITIONS, { label: "implies", detail: "how such packets end" }] };
  }
  if (!lead.includes("from"))
    return key !== undefined && QUESTIONS.has(key) ? { from, options: [{ label: "from", detail: "the client" }] } : undefined;
  if (previous === "from" || previous === "to" || previous === "!") return { from, options: [...ADDRESSES, ...variables(text)] };
  if (previous === "in" || previous === "out") return { from, options: interfaces(names) };
  if (previous === "state") return { from, options: STATES };
  return { from, options: [...SERVICES, ...variables(text)] };
}

const QUESTIONS: ReadonlySet<string> = new Set(["allow", "deny", "reject", "half-open", "at most"]);

function valuesOf(field: string, names: KnownNames): readonly Suggestion[] {
  if (field === "state") return STATES;
  return field === "in" || field === "out" ? interfaces(names) : ADDRESSES;
}

const interfaces = (names: KnownNames): readonly Suggestion[] =>
  names.interfaces.map(name => ({ label: name, text: quotedName(name), detail: "interface" }));

/** Behind a dash an assertion begins; without one it goes on. */
function keysAt(lead: string, from: number): Suggestions {
  return { from, options: lead.includes("-") ? CLAIMS : BESIDE };
}

/** Blanks and dashes alone. */
const isIndent = (lead: string): boolean => [...lead].every(letter => letter === " " || letter === "-");

/** The key that the line has a value for. */
function keyOf(lead: string): string | undefined {
  const colon = lead.indexOf(": ");
  if (colon < 0) return undefined;
  let start = 0;
  while (lead[start] === " " || lead[start] === "-") start++;
  return lead.slice(start, colon);
}

function wordStart(before: string): number {
  let at = before.length;
  while (at > 0 && isNameLetter(before[at - 1] as string)) at--;
  return at;
}

function lastWord(lead: string): string {
  const words = lead.split(" ").filter(word => word !== "");
  return words.at(-1) ?? "";
}

/** Most lines of a file that are looked at for variables. */
const LINES_MAX = 2000;

/** The variables that the file names before its assertions. */
function variables(text: string): readonly Suggestion[] {
  const found: Suggestion[] = [];
  let inside = false;
  for (const line of text.split("\n", LINES_MAX)) {
    if (line.trim() === "" || line.trimStart().startsWith("#")) continue;
    if (!line.startsWith(" ")) inside = line.startsWith("vars:");
    else if (inside) {
      const colon = line.indexOf(":");
      if (colon > 0)
        found.push({
          label: `$${line.slice(0, colon).trim()}`,
          detail: line
            .slice(colon + 1)
            .trim()
            .slice(0, 60),
        });
    }
  }
  return found;
}
