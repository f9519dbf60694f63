import { isNotationFault, parseNotation, printNotation } from "../../packet/index.ts";
import { among } from "../../predicate/index.ts";
import { NO } from "../../symbolic/index.ts";
import { network, serviceNames } from "../names/index.ts";
import type { StrayRow } from "../policy-report.ts";
import type { Witness } from "../witness.ts";
import type { Prover } from "./prover.ts";
import { rankCount, type Ranks } from "./ranks.ts";
import { witnessFor, type OpenRow } from "./rows.ts";
import type { SectionNames } from "./section-names.ts";
import { PORT, type SessionSets } from "./session-sets.ts";

/** Rows of one kind of hole that are told. */
const TOLD_MAX = 6;
/** Ranks of ports that make a service a hole. */
const MANY_PORTS = 3;

/** Sessions that nothing but their source port lets in, to ports that nobody meant to open. */
export function sourcePortHoles(rows: readonly OpenRow[], sets: SessionSets, names: SectionNames, prover: Prover): StrayRow[] {
  const set = sets.ending(({ end }) => end === "usable");
  const holes = rows.filter(
    ({ special, box }) => special && (sets.isAll(PORT, box[PORT] as Ranks) || rankCount(box[PORT] as Ranks) >= MANY_PORTS),
  );
  return holes.slice(0, TOLD_MAX).flatMap(({ row, box }) => {
    const witness = row.witness ?? witnessFor(sets, { kind: "usable" }, set, box);
    const proof = witness && prover.prove(witness);
    if (witness === undefined || proof?.confirmed !== true) return [];
    const { from, to, through } = names.of(box);
    const where = [`from ${from}`, ...(to === "self" || to === "anywhere" ? [] : [`to ${to}`]), ...(through === "" ? [] : [through])].join(
      " ",
    );
    return [
      {
        path: sets.path,
        kind: "source-port-hole" as const,
        about: `whole sessions by their source port: ${serviceNames(row.services).join(", ")}`,
        where,
        certainty: row.certainty,
        witness,
        decidedBy: proof.decidedBy ? [proof.decidedBy] : [],
      },
    ];
  });
}

/**
 * Packets that say they come from the network of one interface and come in on another. Only with a host; whether the kernel's own filter of ways
 * back lets them in is for the engine to show.
 */
export function spoofedStrays(rows: readonly OpenRow[], sets: SessionSets, prover: Prover): StrayRow[] {
  const { host, family, lowering } = sets.model;
  if (host === undefined || sets.path === "out" || sets.path === "local") return [];
  const { diagrams } = sets.boxes;
  const set = sets.ending(({ end }) => end === "usable");
  const wires = host.interfaces.filter(({ link }) => link !== "loopback");
  const strays: StrayRow[] = [];
  for (const near of wires)
    for (const { family: own, address, prefixLength } of near.addresses) {
      if (own !== family || prefixLength >= (family === 4 ? 31 : 127)) continue;
      const sources = lowering.set(among("saddr", network(address, prefixLength)));
      for (const far of wires) {
        if (far === near || strays.length >= TOLD_MAX) continue;
        for (const { row, box } of rows.slice(0, TOLD_MAX)) {
          const here = diagrams.and(set, sources);
          if (here === NO) break;
          const session = witnessFor(sets, { kind: "usable" }, here, box);
          const witness = session && onInterface(session, far.name);
          const proof = witness && prover.ask(witness);
          if (witness === undefined || proof?.confirmed !== true) continue;
          strays.push({
            path: sets.path,
            kind: "spoofed",
            about: `packets with a source in ${near.name}'s network that come in on ${far.name}`,
            where: `to ${serviceNames(row.services).join(", ")}`,
            certainty: { sure: true },
            witness,
            decidedBy: proof.decidedBy ? [proof.decidedBy] : [],
          });
          break;
        }
      }
    }
  return strays;
}

/** The opener of a session as a packet that comes in somewhere else. */
function onInterface({ packet, ...witness }: Witness, name: string): Witness | undefined {
  const spec = parseNotation(packet);
  if (isNotationFault(spec) || spec.out === name) return undefined;
  return { ...witness, about: "packet", claim: "accepted", packet: printNotation({ ...spec, in: name }) };
}
