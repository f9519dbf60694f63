import { isNotationFault, parseNotation } from "../../packet/index.ts";
import type { Field } from "../../predicate/index.ts";
import { NO, type Diagram, type SessionKind, type SessionRole } from "../../symbolic/index.ts";
import type { Finding, Fix } from "../finding.ts";
import { PATHS, type Path, type RulePointer } from "../witness.ts";
import { found } from "./found.ts";
import type { Matter } from "./matter.ts";
import { projected, proof, sessionsEnding, type Proof } from "./outlook.ts";

/** Sessions of a path that begin and go no further, with the place that ends them. */
interface Broken {
  readonly path: Path;
  readonly kinds: string[];
  readonly role: SessionRole;
  readonly shown: Proof;
  readonly by: RulePointer;
}

/** F15: services whose openers get through, while no session of theirs ever comes about. One finding for each place that ends them. */
export function missingAnswers(matter: Matter): Finding[] {
  const { ruleset } = matter.subject;
  const broken = new Map<string, Broken>();
  for (const path of PATHS) {
    if (path === "local") continue;
    for (const kind of matter.sessions.kinds) {
      if (!ORDINARY.has(kind.name)) continue;
      const found = brokenOf(matter, path, kind);
      if (found === undefined) continue;
      const key = `${path} ${found.by.table} ${found.by.chain} ${found.by.number}`;
      const known = broken.get(key);
      if (known) known.kinds.push(kind.name);
      else broken.set(key, found);
    }
  }
  return [...broken.values()].map(({ path, kinds, role, shown, by }) => {
    const at =
      role === "answer"
        ? "their answers are refused here"
        : role === "rest-client"
          ? "the client's next packets are refused here"
          : "the server's next packets are refused here";
    const chain = ruleset.tables.get("filter")?.chains.get(by.chain);
    return found("F15", by, `sessions ${WHERE[path]} (${kinds.join(", ")}) are let begin, and ${at}`, {
      witness: shown.witness,
      fix: chain?.hook === undefined || by.table !== "filter" ? undefined : letAnswersIn(by),
    });
  });
}

/** Kinds of sessions that people have. */
const ORDINARY: ReadonlySet<string> = new Set(["tcp", "udp", "ping"]);
const WHERE: Readonly<Record<Path, string>> = {
  in: "to this machine",
  out: "from this machine",
  forward: "through this machine",
  local: "over loopback",
};

function letAnswersIn({ table, chain }: RulePointer): Fix {
  return {
    about: "accept what belongs to open sessions",
    edits: [{ do: "insert", table, chain, number: 1, rule: "-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT" }],
  };
}

/** Is the packet for all machines of a network, of whom nobody need answer? */
function toAll(packet: string): boolean {
  const spec = parseNotation(packet);
  return !isNotationFault(spec) && typeof spec.destination.address === "number" && (spec.destination.address & 0xff) === 0xff;
}

/** Half-open sessions of a kind, of services that have no others. */
function brokenOf(matter: Matter, path: Path, kind: SessionKind): Broken | undefined {
  const { diagrams } = matter.space;
  const fields: readonly Field[] = ["dport"];
  const stuck = sessionsEnding(matter, path, kind, ({ end }) => end === "half-open");
  if (stuck === NO) return undefined;
  const working = sessionsEnding(matter, path, kind, ({ end }) => end === "usable");
  const services: Diagram = kind.ports
    ? diagrams.minus(projected(matter, stuck, fields), projected(matter, working, fields))
    : working === NO
      ? stuck
      : NO;
  for (const role of ["answer", "rest-server", "rest-client"] as const) {
    const set = diagrams.and(
      services,
      sessionsEnding(matter, path, kind, end => end.end === "half-open" && end.role === role),
    );
    const shown = proof(matter, set, { path, about: "session", claim: "half-open", role, kind });
    if (shown?.decidedBy && !toAll(shown.witness.packet)) return { path, kinds: [kind.name], role, shown, by: shown.decidedBy };
  }
  return undefined;
}
