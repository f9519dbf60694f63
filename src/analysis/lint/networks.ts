import { maskLength } from "../../packet/index.ts";
import { among, named, type Predicate, type Range, type Scalar } from "../../predicate/index.ts";
import { connectedNetworks, networkOf } from "../../host/index.ts";
import type { Ruleset } from "../../ruleset/index.ts";
import { placedRules, type Subject } from "./subject.ts";

/** An inner network, and the interfaces that it may be behind. */
export interface Network {
  readonly range: Range;
  readonly devices: readonly string[];
  /** `192.168.1.0/24` */
  readonly text: string;
}

/** Networks of the machine, and without one those whose sources rules translate, that hold an address. */
export function networksWith(subject: Subject, address: Scalar): readonly Network[] {
  return networksOf(subject).filter(({ range: [low, high] }) => low <= address && address <= high);
}

/** The same, all of them. */
export function networksOf(subject: Pick<Subject, "family" | "host" | "ruleset">): readonly Network[] {
  return subject.host === undefined
    ? translatedNetworks(subject)
    : connectedNetworks(subject.host, subject.family).map(({ device, ...network }) => ({ ...network, devices: [device] }));
}

/** Their constants, for a survey. */
export const networkQuestions = (subject: Pick<Subject, "family" | "host" | "ruleset">): Predicate[] =>
  networksOf(subject).flatMap(({ range, devices }) => [among("saddr", range), ...devices.map(name => named("iif", name))]);

/** An interface that no rule may have named. */
const SOME_INTERFACE = "lan0";

/** The interfaces other than loopback that rules name. */
export function interfaceNames(ruleset: Ruleset): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { rule } of placedRules(ruleset))
    for (const test of [rule.header.inInterface, rule.header.outInterface])
      if (test !== undefined && !test.wildcard && test.name !== "" && test.name !== "lo") names.add(test.name);
  return names;
}

function translatedNetworks({ family, ruleset }: Pick<Subject, "family" | "ruleset">): Network[] {
  const networks = new Map<string, Network>();
  const names = [...interfaceNames(ruleset), SOME_INTERFACE];
  for (const { table, rule } of placedRules(ruleset)) {
    const action = rule.target?.action;
    const { source } = rule.header;
    if (
      table !== "nat" ||
      action?.do !== "nat" ||
      action.manip !== "source" ||
      source === undefined ||
      source.invert ||
      source.name !== undefined
    )
      continue;
    const length = maskLength(source.mask);
    if (length === undefined || length === 0 || length === (family === 4 ? 32 : 128)) continue;
    const { outInterface: outside } = rule.header;
    const devices = names.filter(
      name => outside === undefined || outside.invert || (outside.wildcard ? !name.startsWith(outside.name) : name !== outside.name),
    );
    const network = { ...networkOf(source.address, length), devices };
    networks.set(network.text, network);
  }
  return [...networks.values()];
}
