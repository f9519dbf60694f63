import type { Field } from "../../predicate/index.ts";
import type { Finding } from "../finding.ts";
import { found } from "./found.ts";
import { rulePointer, type Subject } from "./subject.ts";
import { after, waysInto } from "./ways.ts";

/** Any of these keeps a translation to the packets it is for. */
const NARROWING: readonly Field[] = [
  "oif",
  "daddr",
  "mark",
  "ctmark",
  "ctstatus",
  "ctorigdst",
  "daddrtype",
  "daddrtypeOut",
  "outdevgroup",
  "physout",
  "realm",
  "ctdir",
];

/** F11: source NAT that asks neither for the interface that packets leave by nor where they go. */
export function wideSourceNat({ family, ruleset }: Subject): Finding[] {
  const table = ruleset.tables.get("nat");
  if (table === undefined) return [];
  const findings: Finding[] = [];
  const ways = waysInto(table);
  for (const chain of table.chains.values()) {
    const way = ways.get(chain.name);
    if (way === undefined) continue;
    for (const [index, rule] of chain.rules.entries()) {
      const action = rule.target?.action;
      if (action?.do !== "nat" || action.manip !== "source" || action.address.from === "packet" || action.address.from === "netmap")
        continue;
      const { fields } = after(way, rule);
      if (NARROWING.some(field => fields.has(field))) continue;
      const bySource = fields.has("saddr");
      const at = rulePointer(family, { table: "nat", chain, number: index + 1, rule });
      const message = bySource
        ? "it translates packets from these sources wherever they go, to other inner networks too"
        : "it translates whatever leaves by any interface, between inner networks too and over loopback";
      findings.push(found("F11", at, message, { severity: bySource ? "info" : "warning" }));
    }
  }
  return findings;
}
