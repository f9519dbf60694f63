import { all, CT_STATE, equal, named, type Family, type Scalar } from "../../predicate/index.ts";
import { NO, type Shape } from "../../symbolic/index.ts";
import type { Finding, FixEdit } from "../finding.ts";
import type { RulePointer } from "../witness.ts";
import { ruleLeaves } from "./asked.ts";
import { found } from "./found.ts";
import type { Matter } from "./matter.ts";
import { filtered, kindNamed, OPENER, proof, sessionsEnding } from "./outlook.ts";
import { placedRules, rulePointer } from "./subject.ts";

/** Loopback's own address, and one of the machine's outer ones. */
const OWN: Readonly<Record<Family, Scalar>> = { 4: 0x7f000001, 6: 1n };

const SOME_PORT = 40_001;

/** F14: programs of the machine cannot talk to each other, or loopback addresses are let in by address. */
export function loopbackRefused(matter: Matter): Finding[] {
  const { family } = matter.subject;
  const kind = kindNamed(matter, "tcp");
  if (kind === undefined) return byAddress(matter);
  const outer = outerAddress(matter);
  const refused = sessionsEnding(matter, "local", kind, ({ end }) => end === "refused" || end === "half-open");
  const usable = sessionsEnding(matter, "local", kind, ({ end }) => end === "usable");
  for (const [address, words] of [
    [OWN[family], "programs of this machine cannot talk to each other over loopback"],
    [outer, "programs of this machine cannot reach it by its own outer addresses, which goes over loopback too"],
  ] as const) {
    // A port that rules hardly speak of.
    const ends = matter.model.lowering.set(all(equal("saddr", address), equal("daddr", address), equal("dport", SOME_PORT)));
    if (matter.space.diagrams.and(usable, ends) !== NO) continue;
    const set = matter.space.diagrams.and(refused, ends);
    for (const claim of ["refused", "half-open"] as const) {
      const shown = proof(matter, set, {
        path: "local",
        about: "session",
        claim,
        kind,
      });
      if (shown?.decidedBy === undefined) continue;
      return [
        found("F14", shown.decidedBy, words, {
          // Without a host the outer address is a guess.
          severity: address === OWN[family] || matter.subject.host !== undefined ? "warning" : "info",
          witness: shown.witness,
          fix: { about: "accept what goes over lo", edits: letLoopback(matter, address, shown.decidedBy) },
        }),
        ...byAddress(matter),
      ];
    }
  }
  return byAddress(matter);
}

/** A rule for each chain that does not accept what goes over lo. */
function letLoopback(matter: Matter, address: Scalar, { chain }: RulePointer): FixEdit[] {
  const { diagrams } = matter.space;
  const refusing = (["INPUT", "OUTPUT"] as const).filter(hook => {
    const device = hook === "INPUT" ? "iif" : "oif";
    const asked = matter.model.lowering.set(
      all(named(device, "lo"), equal("saddr", address), equal("daddr", address), equal("dport", SOME_PORT)),
    );
    const shape: Shape = [...OPENER, ["ctstate", CT_STATE.NEW]];
    return (
      diagrams.and(
        filtered(matter, hook, shape, ending => ending === "accept"),
        asked,
      ) === NO
    );
  });
  // Where both accept some packets, the one that decided here must accept more.
  const hooks = refusing.length > 0 ? refusing : [chain === "OUTPUT" ? ("OUTPUT" as const) : ("INPUT" as const)];
  return hooks.map(hook => ({
    do: "insert",
    table: "filter",
    chain: hook,
    number: 1,
    rule: `-${hook === "INPUT" ? "i" : "o"} lo -j ACCEPT`,
  }));
}

/** An address of the machine that is not loopback's. */
function outerAddress({ subject: { family, host } }: Matter): Scalar {
  for (const { link, addresses } of host?.interfaces ?? [])
    for (const own of addresses) if (link !== "loopback" && own.family === family) return own.address;
  return family === 4 ? 0xc6336402 : (0x20010db8n << 96n) | 2n;
}

/** Rules that accept loopback addresses whatever the interface. */
function byAddress({ subject }: Matter): Finding[] {
  const findings: Finding[] = [];
  for (const placed of placedRules(subject.ruleset)) {
    const { rule, table, chain } = placed;
    if (rule.target?.action.do !== "accept" || table !== "filter" || chain.hook === "OUTPUT") continue;
    let loopback = false;
    let bound = false;
    for (const { leaf, inverted } of ruleLeaves(rule)) {
      if (leaf.is === "name" && leaf.field === "iif") bound = true;
      if (leaf.is === "in" && leaf.field === "saddr" && !inverted)
        loopback = leaf.ranges.every(([low, high]) => isLoopback(low) && isLoopback(high));
    }
    if (!loopback || bound) continue;
    const { table: name, number } = placed;
    findings.push(
      found(
        "F14",
        rulePointer(subject.family, placed),
        "it trusts loopback's addresses on every interface, and misses what the machine sends to its own outer addresses",
        {
          severity: "info",
          fix: {
            about: "accept by the interface",
            edits: [{ do: "replace", table: name, chain: chain.name, number, rule: "-i lo -j ACCEPT" }],
          },
        },
      ),
    );
  }
  return findings;
}

const isLoopback = (address: Scalar): boolean => (typeof address === "bigint" ? address === 1n : address >>> 24 === 127);
