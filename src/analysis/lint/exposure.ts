import { CT_STATE, type Family } from "../../predicate/index.ts";
import { tracks, NO, type Diagram } from "../../symbolic/index.ts";
import type { Finding } from "../finding.ts";
import type { Path } from "../witness.ts";
import { headerWords, type Chain, type Rule } from "../../ruleset/index.ts";
import { fieldsAsked, takesEvery } from "./asked.ts";
import { found } from "./found.ts";
import { goingOn } from "./going-on.ts";
import type { Matter } from "./matter.ts";
import { acceptedPackets, countOf, DATAGRAM, MID_STREAM, OPENER, packetsThat, proof, where, WHOLE, type Proof } from "./outlook.ts";
import { chainPointer, rulePointer } from "./subject.ts";

/** Paths of packets from outside, and the chains of the filter table that they meet. */
const WAYS_IN: readonly (readonly [path: Path, hook: "INPUT" | "FORWARD"])[] = [
  ["in", "INPUT"],
  ["forward", "FORWARD"],
];

/** Rules that let so many destination ports through are not about one service. */
const MANY_PORTS = 1000n;

/** F07: rules that open sessions to whoever picks the right source port. */
export function sourcePortHoles(matter: Matter): Finding[] {
  const sets = matter.table("filter");
  if (sets === undefined) return [];
  const { family } = matter.subject;
  const { diagrams } = matter.space;
  const findings: Finding[] = [];
  for (const chain of sets.diagrams.table.chains.values()) {
    for (const [index, rule] of chain.rules.entries()) {
      const fields = fieldsAsked(rule);
      if (rule.target?.action.do !== "accept" || !fields.has("sport")) continue;
      const effect = whole(matter, sets.rule(chain, index).effective);
      const shown = firstProof(WAYS_IN, ([path]) => {
        for (const shape of [OPENER, DATAGRAM]) {
          const opening = diagrams.and(
            where(matter, effect, [...shape, ["ctstate", CT_STATE.NEW]]),
            acceptedPackets(matter, path, CT_STATE.NEW, shape),
          );
          if (countOf(matter, opening, "dport") < MANY_PORTS) continue;
          const shownBy = proof(matter, opening, {
            path,
            about: "packet",
            claim: "accepted",
            shape,
            prefer: new Map([["dport", [22, 111, 40001]]]),
          });
          if (shownBy) return shownBy;
        }
        return undefined;
      });
      if (shown === undefined) continue;
      const from = fields.has("saddr") ? " from the sources that it names" : "";
      findings.push(
        found(
          "F07",
          rulePointer(family, { table: "filter", chain, number: index + 1, rule }),
          `packets that open sessions get in${from} by their source port alone, which the sender chooses`,
          {
            severity: fields.has("saddr") ? "warning" : "error",
            witness: shown.witness,
            fix: {
              about: "let answers in by their state",
              edits: [{ do: "replace", table: "filter", chain: chain.name, number: index + 1, rule: forAnswers(rule) }],
            },
          },
        ),
      );
    }
  }
  return findings;
}

/** The rule for packets of open sessions only. */
function forAnswers({ header, matches, target }: Rule): string {
  const words = [...headerWords(header), ...matches.map(({ save }) => save), "-m conntrack --ctstate ESTABLISHED"];
  return [...words, ...(target ? [target.save] : [])].join(" ");
}

/** F16: packets that tracking calls INVALID and some rule accepts. One finding for each path. */
export function invalidAccepted(matter: Matter): Finding[] {
  const { ruleset } = matter.subject;
  if (!tracks(ruleset)) return [];
  const translates = [...(ruleset.tables.get("nat")?.chains.values() ?? [])].some(({ rules }) =>
    rules.some(({ target }) => target?.action.do === "nat"),
  );
  return strays(matter, CT_STATE.INVALID, "INVALID", (path, shown) =>
    found(
      "F16",
      shown.decidedBy ?? nowhere(matter, path),
      translates && path === "forward"
        ? "it accepts what belongs to no connection, which NAT leaves untranslated"
        : "it accepts packets that tracking calls INVALID, and no rule before it drops them",
      {
        severity: translates && path === "forward" ? "warning" : "info",
        witness: shown.witness,
        fix: firstInHook(path, "-m conntrack --ctstate INVALID -j DROP", "drop INVALID packets first"),
      },
    ),
  );
}

/** F17: segments without SYN that are accepted as NEW. One finding for each path. */
export function midStreamAccepted(matter: Matter): Finding[] {
  const { ruleset, host } = matter.subject;
  if (!tracks(ruleset) || host?.sysctls.get("net.netfilter.nf_conntrack_tcp_loose") === 0) return [];
  return strays(matter, CT_STATE.NEW, "NEW", (path, shown) =>
    found(
      "F17",
      shown.decidedBy ?? nowhere(matter, path),
      "it lets in TCP segments that belong to no session, as NEW: tracking takes up connections in the middle",
      {
        witness: shown.witness,
        fix: firstInHook(
          path,
          "-p tcp -m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN -m conntrack --ctstate NEW -j DROP",
          "drop NEW segments without SYN first",
        ),
      },
    ),
  );
}

/** Accepted segments without SYN in a state, where not every session is let in anyway; a finding for each path that has some. */
function strays(matter: Matter, state: number, word: "NEW" | "INVALID", finding: (path: Path, shown: Proof) => Finding): Finding[] {
  return WAYS_IN.flatMap(([path]) => {
    if (isOpen(matter, path)) return [];
    const accepted = acceptedPackets(matter, path, state, MID_STREAM);
    const shown = proof(matter, accepted, { path, about: "packet", claim: "accepted", shape: MID_STREAM, state: word });
    return shown === undefined || shown.decidedBy?.number === undefined ? [] : [finding(path, shown)];
  });
}

/** Does everybody get in, whatever the service? */
function isOpen(matter: Matter, path: Path): boolean {
  return packetsThat(matter, path, CT_STATE.NEW, OPENER, ending => ending === "drop" || ending === "reject") === NO;
}

const nowhere = ({ subject: { family } }: Matter, path: Path) => ({
  family,
  table: "filter",
  chain: path === "in" ? "INPUT" : "FORWARD",
  number: undefined,
  file: "",
  line: 0,
  text: "",
});

const firstInHook = (path: Path, rule: string, about: string) => ({
  about,
  edits: [{ do: "insert", table: "filter", chain: path === "in" ? "INPUT" : "FORWARD", number: 1, rule } as const],
});

/** F23: sessions from outside that no rule speaks of, and the policy lets in. */
export function openPolicies(matter: Matter): Finding[] {
  const sets = matter.table("filter");
  if (sets === undefined) return [];
  const { family } = matter.subject;
  const { diagrams } = matter.space;
  return WAYS_IN.flatMap(([path, hook]) => {
    const chain = sets.diagrams.table.chains.get(hook);
    if (chain === undefined || chain.rules.length === 0) return [];
    if (chain.policy === "DROP") return unasked(family, chain);
    const left = whole(matter, goingOn(sets, sets.diagrams.range(chain, 0, chain.rules.length), sets.entering(hook)));
    const shown = firstProof([OPENER, DATAGRAM], shape => {
      const opening = diagrams.and(
        where(matter, left, [...shape, ["ctstate", CT_STATE.NEW]]),
        acceptedPackets(matter, path, CT_STATE.NEW, shape),
      );
      return proof(matter, opening, { path, about: "packet", claim: "accepted", shape, prefer: new Map([["dport", [40001, 3306]]]) });
    });
    if (shown === undefined || shown.decidedBy?.number !== undefined) return [];
    const refuses = chain.rules.some(({ target }) => target?.action.do !== undefined);
    return [
      found(
        "F23",
        chainPointer(family, "filter", chain),
        `sessions from outside that no rule of ${hook} decides are accepted by its policy`,
        {
          severity: refuses ? "warning" : "info",
          witness: shown.witness,
        },
      ),
    ];
  });
}

/** A policy that refuses, behind a rule that accepts everything. */
function unasked(family: Family, chain: Chain): Finding[] {
  const index = chain.rules.findIndex(rule => takesEvery(rule) && rule.target?.action.do === "accept");
  const rule = chain.rules[index];
  if (rule === undefined) return [];
  const at = rulePointer(family, { table: "filter", chain, number: index + 1, rule });
  return [found("F23", at, `it accepts every packet that comes here, so that the policy DROP of ${chain.name} is never asked`)];
}

/** A set of packets where those are whole, and of the first direction of their connection. */
function whole(matter: Matter, set: Diagram): Diagram {
  return where(matter, set, WHOLE);
}

function firstProof<Item>(items: readonly Item[], attempt: (item: Item) => Proof | undefined): Proof | undefined {
  for (const item of items) {
    const shown = attempt(item);
    if (shown) return shown;
  }
  return undefined;
}
