/** The law that every witness, run in the engine, shows what it claims: of sessions usable, half-open and refused, on every path. */
import { confirm } from "../../src/analysis/confirm/index.ts";
import { familyModel, possibleOn, sessionsThat, type FamilyModel } from "../../src/analysis/model.ts";
import { PATHS, type Witness } from "../../src/analysis/witness.ts";
import { witnessOf } from "../../src/analysis/witness-of.ts";
import type { Ruleset } from "../../src/ruleset/index.ts";
import { readSave } from "../../src/syntax/index.ts";
import { seededRandom, type Random } from "../kernel/generate/random.ts";
import { generateRuleset, rulesetText } from "../kernel/generate/ruleset.ts";
import type { Amount } from "./chain-law.ts";
import { ELSEWHERE } from "./session-law.ts";
import { mapRules } from "./random-filter.ts";

/** What came of it. */
export interface WitnessesTried {
  readonly confirmed: number;
  readonly claims: ReadonlyMap<string, number>;
  readonly failures: readonly string[];
}

/** Witnesses of random rulesets of all tables, with their conditions. `plain` leaves out extensions that ask what the notation of a packet cannot say. */
export function witnessLaw({
  from,
  rulesets,
  plain = false,
}: Pick<Amount, "from" | "rulesets"> & { readonly plain?: boolean }): WitnessesTried {
  const claims = new Map<string, number>();
  const failures: string[] = [];
  let confirmed = 0;
  for (let seed = from; seed < from + rulesets; seed++) {
    const random = seededRandom(seed);
    const ruleset = conditionalRuleset(random, random.oneIn(3) ? 6 : 4, plain ? UNSAID : new Set());
    for (const { witness, reason } of witnessesOf(ruleset)) {
      claims.set(witness.claim, (claims.get(witness.claim) ?? 0) + 1);
      if (reason === "") confirmed++;
      else failures.push(`seed ${seed} ${witness.path} ${witness.claim} ${witness.role ?? ""}: ${witness.packet}: ${reason}`);
    }
  }
  return { confirmed, claims, failures };
}

/** A ruleset of the kernel comparison's generator, without targets that lead elsewhere. */
export function conditionalRuleset(random: Random, family: 4 | 6, without: ReadonlySet<string> = new Set()): Ruleset {
  const { ruleset, faults } = readSave(rulesetText(generateRuleset(random, family, "plain", without)), "random", { family });
  if (!ruleset || faults.length > 0) throw new Error(faults[0]?.message ?? "refused");
  return mapRules(ruleset, rules => rules.filter(({ target }) => target === undefined || !ELSEWHERE.has(target.action.do)));
}

/** A witness of each end that sessions have, on each path, of each kind; an empty reason when the engine confirms it. */
export function* witnessesOf(ruleset: Ruleset): Generator<{ readonly witness: Witness; readonly reason: string }> {
  const rules = ruleset.family === 4 ? { v4: ruleset } : { v6: ruleset };
  const model = familyModel(ruleset.family, [rules]);
  for (const witness of claimsOf(model)) {
    const { confirmed, reason } = confirm(witness, rules);
    yield { witness, reason: confirmed ? "" : reason || "it is not confirmed" };
  }
}

function* claimsOf(model: FamilyModel): Generator<Witness> {
  const [sessions] = model.sessions;
  if (!sessions) return;
  const { diagrams } = model.space;
  for (const path of PATHS) {
    const possible = possibleOn(model, path);
    for (const { kind, diagram } of sessions.on(path)) {
      for (const claim of ["usable", "refused"] as const) {
        const set = diagrams.and(
          possible,
          sessionsThat(model, sessions, diagram, ({ end }) => end === claim),
        );
        const witness = witnessOf(model.space, set, { path, about: "session", claim, kind });
        if (witness) yield witness;
      }
      for (const role of ["answer", "rest-client", "rest-server"] as const) {
        const set = diagrams.and(
          possible,
          sessionsThat(model, sessions, diagram, end => end.end === "half-open" && end.role === role),
        );
        const witness = witnessOf(model.space, set, { path, about: "session", claim: "half-open", kind, role });
        if (witness) yield witness;
      }
    }
  }
}

/** Extensions by which a session's packets differ in what nobody says of them: headers behind IP that a session's packets lack, marks and owners of answers, IPsec … */
export const UNSAID: ReadonlySet<string> = new Set([
  "ah",
  "esp",
  "ipcomp",
  "mh",
  "rt",
  "hbh",
  "dst",
  "frag",
  "ipv6header",
  "dccp",
  "sctp",
  "eui64",
  "realm",
  "connlabel",
  "devgroup",
  "cgroup",
  "policy",
  "socket",
  "owner",
  "cpu",
  "helper",
  "cluster",
  "physdev",
  "rpfilter",
  "string",
  "bpf",
  "u32",
  "ecn",
  "length",
  "tcpmss",
  "set",
  "mark",
  "connmark",
  "connbytes",
  "MARK",
  "CONNMARK",
  "CT",
  "NPT",
  "DNPT",
  "SNPT",
  "TTL",
  "HL",
  "TOS",
  "DSCP",
]);
