import type { Predicate } from "../../predicate/index.ts";
import type { Finding } from "../finding.ts";
import { ruleLeaves } from "./asked.ts";
import { found } from "./found.ts";
import { placedRules, rulePointer, type Placed, type Subject } from "./subject.ts";

type NameTest = Extract<Predicate, { readonly is: "name" }>;

/** F32: interfaces that no packet can have. One finding for each name. */
export function impossibleInterfaces(subject: Subject): Finding[] {
  const rules = new Map<string, { readonly why: string; readonly test: NameTest; readonly inverted: boolean; readonly rules: Placed[] }>();
  for (const placed of placedRules(subject.ruleset)) {
    for (const { leaf, inverted } of ruleLeaves(placed.rule)) {
      if (leaf.is !== "name" || leaf.text === "" || !DEVICES.has(leaf.field)) continue;
      const why = impossible(leaf, subject);
      if (why === undefined) continue;
      const key = `${inverted ? "! " : ""}${shown(leaf)}`;
      const known = rules.get(key);
      if (known === undefined) rules.set(key, { why, test: leaf, inverted, rules: [placed] });
      else if (known.rules.at(-1)?.rule !== placed.rule) known.rules.push(placed);
    }
  }
  return [...rules.values()].map(({ why, inverted, rules: [first, ...others] }) => {
    const effect = inverted ? "the test holds for every packet" : "no packet matches";
    return found(
      "F32",
      rulePointer(subject.family, first as Placed),
      `${why}: ${effect}${others.length === 0 ? "" : `, here and in ${others.length} more rules`}`,
      {
        related: others.slice(0, MOST_RELATED).map(each => rulePointer(subject.family, each)),
      },
    );
  });
}

const MOST_RELATED = 20;
const DEVICES: ReadonlySet<string> = new Set(["iif", "oif", "physin", "physout"]);

const shown = ({ text, prefix }: NameTest): string => `${text}${prefix ? "+" : ""}`;

function impossible(test: NameTest, { host }: Subject): string | undefined {
  const { text, prefix } = test;
  if (text.includes(":")) return `${shown(test)} is an alias, a label of addresses, and not the name of an interface`;
  if (text.includes("@") && !prefix)
    return `${text} is how ip link writes ${text.slice(0, text.indexOf("@"))} and its parent, and not the name of an interface`;
  if (host === undefined) return undefined;
  const names = host.interfaces.map(({ name }) => name);
  if (names.some(name => (prefix ? name.startsWith(text) : name === text))) return undefined;
  const list = names.length > MOST_NAMES ? `${names.slice(0, MOST_NAMES).join(", ")} …` : names.join(", ");
  return prefix ? `${shown(test)} fits none of the host's interfaces (${list})` : `the host has no interface ${text} (it has ${list})`;
}

const MOST_NAMES = 8;
