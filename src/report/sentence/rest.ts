import type { Clause } from "../../analysis/explain/index.ts";
import type { Family } from "../../predicate/index.ts";
import { wantedText } from "../wanted.ts";
import { joinedWhose } from "./field-phrase.ts";
import { nameOfProtocol } from "./noun.ts";
import type { Parts } from "./parts.ts";
import type { Phrase } from "./phrase.ts";
import { portsText } from "./ports.ts";
import { both, either } from "./words.ts";

/** What follows the noun: `to port 22 (ssh)`, `from 10.0.0.0/8`, `that comes in by eth0` … */
export function restOf(parts: Parts, family: Family): string[] {
  const protocol = nameOfProtocol(parts);
  const destination = peerText("to", parts.destination, parts.destinationPorts, protocol, family);
  const source = peerText("from", parts.source, parts.sourcePorts, protocol, family);
  const peers = parts.destinationPorts.length > 0 ? [destination, source] : [source, destination];
  const of = (slot: Phrase["slot"]): string[] => [...new Set(parts.phrases.filter(phrase => phrase.slot === slot).map(({ text }) => text))];
  const that = openings(of("that"));
  const having = of("with");
  return [
    ...(parts.notFragments ? ["(not later fragments)"] : []),
    ...peers,
    ...parts.loose,
    ...(that.length > 0 ? [`that ${both(that)}`] : []),
    ...(having.length > 0 ? [`with ${both(having)}`] : []),
    joinedWhose(of("whose")),
  ].filter(part => part !== "");
}

/** Two tests that together mean the first packet of a connection are said as one, and so is the opposite. */
const OPENINGS: readonly (readonly [tests: readonly string[], together: string])[] = [
  [["starts a connection (NEW)", "asks for a connection (SYN)"], "opens a connection (SYN, NEW)"],
  [
    ["starts a connection (NEW)", "does not ask for a connection (anything but SYN alone)"],
    "starts a connection without asking for one (NEW, but no SYN)",
  ],
];

function openings(texts: readonly string[]): readonly string[] {
  const found = OPENINGS.find(([tests]) => tests.every(test => texts.includes(test)));
  return found ? [...texts.filter(text => !found[0].includes(text)), found[1]] : texts;
}

/** `to port 22 (ssh) of 192.0.2.1`, `from 10.0.0.0/8 except 10.1.0.0/16`; empty where nothing is asked. */
function peerText(word: "to" | "from", addresses: readonly Clause[], ports: readonly Clause[], protocol: string, family: Family): string {
  const where = restricted(addresses, clause => addressText(clause, family), ports.length > 0 ? "any address" : "anywhere");
  const wanted = ports.map(({ of, negated }) => ({ text: of.is === "in" ? portsText(of.ranges, protocol) : "?", negated }));
  const yes = wanted.filter(({ negated }) => !negated).map(({ text }) => text);
  const no = wanted.filter(({ negated }) => negated).map(({ text }) => text.slice(text.indexOf(" ") + 1));
  const port =
    wanted.length === 0 ? "" : `${yes.length > 0 ? yes.join(" and also ") : "any port"}${no.length > 0 ? ` except ${either(no)}` : ""}`;
  if (port === "") return where === "" ? "" : `${word} ${where}`;
  return where === "" ? `${word} ${port}` : `${word} ${port} of ${where}`;
}

function restricted(clauses: readonly Clause[], text: (clause: Clause) => string, all: string): string {
  const yes = clauses.filter(({ negated }) => !negated).map(text);
  const no = clauses.filter(({ negated }) => negated).map(text);
  if (yes.length + no.length === 0) return "";
  return `${yes.length > 0 ? yes.join(" that is also ") : all}${no.length > 0 ? ` except ${either(no)}` : ""}`;
}

/** Addresses told one by one. */
const MOST_ADDRESSES = 12;

function addressText({ of }: Clause, family: Family): string {
  if (of.is === "member") return `addresses in the set ${of.test.set}`;
  if (of.is !== "in" && of.is !== "bits" && of.is !== "name") return "?";
  return wantedText(of, family, MOST_ADDRESSES);
}
