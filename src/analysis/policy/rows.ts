import type { Field, Value } from "../../predicate/index.ts";
import { NO, type SessionEnd, type SessionRole } from "../../symbolic/index.ts";
import type { PolicyRow, ServiceClass } from "../policy-report.ts";
import type { Ranges, Witness } from "../witness.ts";
import type { Box } from "./boxes.ts";
import { draftsOf, type Draft } from "./drafts.ts";
import { effectsTogether, rowGroups } from "./places.ts";
import type { Prover } from "./prover.ts";
import { rankCount, valueCount, type Ranks } from "./ranks.ts";
import type { SectionNames } from "./section-names.ts";
import { mergedServices, serviceClasses } from "./service-classes.ts";
import { witnessBetween } from "./witness-between.ts";
import { CLIENT, KIND, PORT, SERVER, SOURCE_PORT, type SessionSets } from "./session-sets.ts";

/** Rows that still lack the ids of their classes, which are known when all rows are. */
export interface OpenRow {
  readonly row: Omit<PolicyRow, "clients" | "servers">;
  readonly box: Box;
  /** Only special source ports open these sessions. */
  readonly special: boolean;
}

/** What sessions a table is about. */
export interface Wanted {
  readonly kind: PolicyRow["kind"];
  /** For half-open sessions: the part that fails. */
  readonly role?: SessionRole;
}

/** Rows of one kind, the most exposed first, and whether these are all. */
export interface OpenRows {
  readonly rows: readonly OpenRow[];
  readonly complete: boolean;
}

/** The table of all sessions that end in some way, at most `limit` rows. */
export function rowsOf(sets: SessionSets, wanted: Wanted, names: SectionNames, prover: Prover, limit: number): OpenRows {
  const ends = ({ end, role }: SessionEnd): boolean => end === wanted.kind && (wanted.role === undefined || role === wanted.role);
  const { drafts, complete } = draftsOf(sets, ends, limit);
  const apart = drafts.filter(
    ({ box }) => sets.path === "local" || !isOneAddress(names.ranges(box[CLIENT] as Ranks), names.ranges(box[SERVER] as Ranks)),
  );
  const set = sets.ending(ends);
  const sorted = rowGroups(apart, sets.boxes)
    .map(group => ({ group, exposure: exposure(group, sets) }))
    .toSorted((a, b) => b.exposure - a.exposure);
  return { rows: sorted.flatMap(({ group }) => rowOf(group, sets, wanted, names, prover, set) ?? []), complete };
}

/** Is the only client the only server? No such packet crosses a wire. */
function isOneAddress([client, ...clients]: Ranges, [server, ...servers]: Ranges): boolean {
  return clients.length + servers.length === 0 && client?.[0] === client?.[1] && client?.[0] === server?.[0] && server?.[0] === server?.[1];
}

/** What is sure comes first; then how many can do how much: clients and servers, then services. */
function exposure([first, ...more]: readonly Draft[], sets: SessionSets): number {
  if (first === undefined) return 0;
  const addresses = (dimension: number): number => Math.log2(1 + valueCount(first.box[dimension] as Ranks, sets.space.domainOf("saddr")));
  const services = [first, ...more].reduce((sum, { box }) => sum + rankCount(box[PORT] as Ranks) * rankCount(box[KIND] as Ranks), 0);
  const sure = first.depends.length === 0 ? 2e9 : 0;
  return sure + (first.special ? 0 : 1e9) + addresses(CLIENT) * 1e6 + addresses(SERVER) * 1e4 + Math.log2(1 + services);
}

function rowOf(
  group: readonly Draft[],
  sets: SessionSets,
  wanted: Wanted,
  names: SectionNames,
  prover: Prover,
  set: number,
): OpenRow | undefined {
  const { box, depends, choices, fields, special } = group[0] as Draft;
  const effects = effectsTogether(group);
  const row = {
    path: sets.path,
    services: servicesOf(group, sets),
    ...names.of(box),
    kind: wanted.kind,
    certainty: depends.length === 0 ? ({ sure: true } as const) : ({ sure: false, depends } as const),
    ...(fields.length > 0 && { with: fields }),
    ...(effects.length > 0 && { becomes: effects }),
  };
  const witness = prover.ready ? witnessFor(sets, wanted, set, box) : undefined;
  const proof = witness && prover.prove(witness);
  // What only another choice of the kernel would stop, and this one does not, is told by the session that works.
  if (wanted.kind === "half-open" && choices && proof?.confirmed === false) return undefined;
  const shown = proof?.confirmed === true;
  return {
    row: {
      ...row,
      ...(wanted.role !== undefined && { fails: { role: wanted.role, by: proof?.decidedBy } }),
      witness: shown ? witness : undefined,
      decidedBy: shown && proof.decidedBy !== undefined ? [proof.decidedBy] : [],
    },
    box,
    special,
  };
}

/** Services of boxes that differ in nothing else, those of many ports last. */
function servicesOf(group: readonly Draft[], sets: SessionSets): ServiceClass[] {
  const scale = { family: sets.space.family, kinds: sets.kinds, ports: sets.space.domainOf("dport") };
  const services = group.flatMap(({ box, special }) =>
    serviceClasses({ kinds: box[KIND] as Ranks, ports: box[PORT] as Ranks, sourcePorts: box[SOURCE_PORT] as Ranks, special }, scale),
  );
  return mergedServices(services, sets.space.family).toSorted((a, b) => firstPort(a) - firstPort(b));
}

const firstPort = ({ ports, protocols }: ServiceClass): number =>
  (ports === undefined ? 70_000 : 0) + Number((ports ?? protocols)[0]?.[0] ?? 0);

/** A session out of a box, from an ordinary port and between two addresses where there are such. */
export function witnessFor(sets: SessionSets, { kind: claim, role }: Wanted, set: number, box: Box): Witness | undefined {
  const { diagrams } = sets.boxes;
  const here = diagrams.and(set, sets.boxes.diagramOf(box));
  const prefer = new Map<Field, readonly Value[]>([["sport", [50_000]]]);
  for (const [index, kind] of sets.kinds.entries()) {
    const own = sets.ofKind(here, index);
    if (own === NO) continue;
    const wish = { path: sets.path, about: "session", claim, kind, role } as const;
    const witness = witnessBetween(sets.space, own, { ...wish, prefer });
    if (witness) return witness;
  }
  return undefined;
}
