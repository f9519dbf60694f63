import { assumeHost } from "../../host/index.ts";
import { setsAsked } from "../../predicate/index.ts";
import type { Ruleset } from "../../ruleset/index.ts";
import type { Documents } from "../state/documents.ts";
import { readFirewall } from "../work/firewall.ts";

/** Names that a question about these rules can hold. */
export interface QuestionWords {
  readonly interfaces: readonly string[];
  /** Interfaces of a machine that is known: only their networks can be named. */
  readonly networks: readonly string[];
  readonly sets: readonly string[];
  /** Addresses and networks that rules name, the most frequent first. */
  readonly addresses: readonly string[];
}

/** Addresses that are offered. */
const ADDRESSES_MAX = 200;

/** The names of a firewall's interfaces, sets and addresses. */
export function questionWords(texts: Documents, now: number): QuestionWords {
  const { v4, v6, host, sets } = readFirewall(texts, now);
  const machine = host ?? assumeHost([v4, v6], []);
  const named = new Set(Array.from(sets?.list() ?? [], ({ name }) => name));
  const addresses = new Map<string, number>();
  for (const ruleset of [v4, v6]) if (ruleset) collect(ruleset, named, addresses);
  return {
    interfaces: machine.interfaces.map(({ name }) => name),
    networks: host?.interfaces.filter(({ link }) => link !== "loopback").map(({ name }) => name) ?? [],
    sets: [...named],
    addresses: [...addresses]
      .toSorted((one, other) => other[1] - one[1])
      .slice(0, ADDRESSES_MAX)
      .map(([text]) => text),
  };
}

function collect({ tables }: Ruleset, sets: Set<string>, addresses: Map<string, number>): void {
  for (const { chains } of tables.values())
    for (const { rules } of chains.values())
      for (const { header, conditions } of rules) {
        for (const { text, predicate } of conditions) {
          for (const name of setsAsked(predicate)) sets.add(name);
          if ((header.source || header.destination) && /^(?:! )?-[sd] /.test(text)) {
            const address = text.slice(text.indexOf("-") + 3).replace(/\/(?:32|128)$/, "");
            addresses.set(address, (addresses.get(address) ?? 0) + 1);
          }
        }
      }
}
