import { expect, test } from "vitest";
import { readSave } from "../syntax/index.ts";
import { Results } from "./outcome.ts";
import { Sessions } from "./sessions.ts";
import { surveyed } from "./survey.ts";

/** Deeper than any stack goes. */
const DEPTH = 6000;

/** What becomes of forwarded TCP sessions by a chain of chains, each led to by a rule of the one before. */
function ends(first: readonly string[], leading: string): string {
  const names = Array.from({ length: DEPTH }, (_, depth) => `C${depth}`);
  const jumps = names.map((name, depth) => (depth === 0 ? `-A FORWARD ${leading} ${name}` : `-A C${depth - 1} ${leading} ${name}`));
  const last = `-A C${DEPTH - 1} -p tcp --dport 22 -j ACCEPT`;
  const chains = names.map(name => `:${name} -`);
  const text = ["*filter", ":FORWARD DROP", ...chains, ...first, ...jumps, last, "COMMIT", ""].join("\n");
  const { ruleset, faults } = readSave(text, "rules", { family: 4 });
  if (ruleset === undefined) throw new Error(faults[0]?.message);
  const space = surveyed({ family: 4, rulesets: [ruleset] });
  const sessions = new Sessions(ruleset, new Results(space));
  const diagram = sessions.on("forward").find(({ kind }) => kind.name === "tcp")?.diagram;
  if (diagram === undefined) throw new Error("no sessions of tcp");
  const found = space.diagrams.leavesOf(diagram).map(leaf => sessions.endOf(leaf).end);
  return [...new Set(found)].toSorted().join(" ");
}

const ESTABLISHED = "-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT";
// Of leaves from the thirty-second on diagrams do not tell which they reach.
const KINDS_OF_END = Array.from({ length: 40 }, (_, queue) => `-A FORWARD -s 10.0.0.${queue} -j NFQUEUE --queue-num ${queue}`);

test.each([
  ["that every packet takes", [ESTABLISHED], "-j", "refused usable"],
  ["that answers do not take", [], "-m conntrack --ctstate NEW -j", "half-open refused"],
  ["behind a rule that takes all answers", [ESTABLISHED], "-p tcp -j", "refused usable"],
  ["behind one that many ends come before", [...KINDS_OF_END, ESTABLISHED], "-p tcp -j", "half-open refused usable"],
])("chains nested thousands deep: %s", (_, first, leading, expected) => expect(ends(first, leading)).toBe(expected));
