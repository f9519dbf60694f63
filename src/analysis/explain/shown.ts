import { createFirewall, runPacket, type RulePlace } from "../../engine/index.ts";
import type { Host } from "../../host/index.ts";
import { isNotationFault, parseNotation, TCP_FLAG, type PacketSpec } from "../../packet/index.ts";
import { CT_STATE, type Field, type Value } from "../../predicate/index.ts";
import type { Ruleset, Sets } from "../../ruleset/index.ts";
import { arriving, NO, possible, type Diagram } from "../../symbolic/index.ts";
import type { Hook } from "../../xtables/index.ts";
import { supposeConditions } from "../confirm/conditions.ts";
import { setOut, stageFor } from "../confirm/stage.ts";
import type { Matter } from "../lint/matter.ts";
import type { Condition, Path } from "../witness.ts";
import { witnessOf } from "../witness-of.ts";

/** A packet that the engine has shown to match a rule. */
export interface Shown {
  /** In the packet notation, with the state that it supposes. */
  readonly packet: string;
  readonly path: Path;
  /** What it supposes of conditions that nobody can decide. */
  readonly depends: readonly Condition[];
}

/** Ways that packets take through each hook, those first where most see them. */
const PATHS_AT: Readonly<Record<Hook, readonly Path[]>> = {
  PREROUTING: ["in", "forward"],
  INPUT: ["in", "local"],
  FORWARD: ["forward"],
  OUTPUT: ["out", "local"],
  POSTROUTING: ["forward", "out"],
};

const STATES = ["NEW", "ESTABLISHED", "RELATED", "INVALID", "UNTRACKED"] as const;

interface Stand {
  readonly ruleset: Ruleset;
  readonly host: Host | undefined;
  readonly sets: Sets | undefined;
}

/**
 * A packet of the set that matches a rule when the engine runs it, on one of the ways through the hooks; undefined where none of a few that were
 * tried did.
 */
export function shownPacket(matter: Matter, effective: Diagram, place: RulePlace, hooks: Iterable<Hook>, stand: Stand): Shown | undefined {
  const { diagrams } = matter.space;
  const { table } = place;
  const sets = matter.table(table);
  if (sets === undefined || effective === NO) return undefined;
  const { lowering } = sets.diagrams;
  const { family } = stand.ruleset;
  for (const hook of hooks) {
    const here = diagrams.and(effective, lowering.set(arriving(table, hook)));
    for (const path of PATHS_AT[hook]) {
      // Ordinary addresses and interfaces first, then whatever there is.
      for (const set of [diagrams.and(here, lowering.set(possible(path, family, stand.host))), here]) {
        const found = set === NO ? undefined : inSomeState(matter, set, path, place, stand);
        if (found) return found;
      }
    }
  }
  return undefined;
}

function inSomeState({ space }: Matter, set: Diagram, path: Path, place: RulePlace, stand: Stand): Shown | undefined {
  const raw = place.table === "raw";
  const top = space.fieldLevel("ctstate");
  for (const state of STATES) {
    const info = space.levels[top];
    const rank = info?.is === "field" ? info.domain.rankOf(CT_STATE[state]) : 0;
    const states = raw ? set : space.diagrams.restrict(set, top, rank);
    const prefer = new Map<Field, readonly Value[]>([
      ...ORDINARY,
      ["tcpflags", state === "NEW" ? [TCP_FLAG.SYN, TCP_FLAG.ACK] : [TCP_FLAG.ACK, TCP_FLAG.SYN]],
    ]);
    const witness = witnessOf(space, states, { path, about: "packet", claim: "accepted", state: raw ? undefined : state, prefer });
    if (witness && matches(witness.packet, witness.depends, path, place, stand))
      return { packet: witness.packet, path, depends: witness.depends };
    if (raw) return undefined;
  }
  return undefined;
}

/** A whole packet with a whole header. */
const ORDINARY: Iterable<readonly [Field, readonly Value[]]> = [
  ["fragoff", [0]],
  ["morefrags", [0]],
  ["l4length", [40]],
];

/** µs since the epoch; conditions of time are supposed. */
const NOON = 1_700_000_000_000_000;

/** Does the packet match the rule when it is run? */
function matches(text: string, depends: readonly Condition[], path: Path, place: RulePlace, { ruleset, host, sets }: Stand): boolean {
  const spec = parseNotation(text);
  if (isNotationFault(spec)) return false;
  const supposed = supposeConditions(ruleset, depends);
  const rules = supposed.family === 4 ? { v4: supposed } : { v6: supposed };
  const packet: PacketSpec = setOut(spec, path, host);
  const firewall = createFirewall({ ...rules, host: host ?? stageFor(packet, path, []), sets, start: NOON, random: () => 7 });
  const { events } = runPacket(firewall, packet, NOON, { trace: true, stack: false });
  return events.some(
    event =>
      event.event === "rule" &&
      event.result.matched &&
      event.place.table === place.table &&
      event.place.chain === place.chain &&
      event.place.number === place.number,
  );
}
